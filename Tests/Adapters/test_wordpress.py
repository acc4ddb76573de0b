"""Examples/wordpress in Debian's WordPress. Each way in is tried without the plugin first: there it
is open."""

import atexit
import concurrent.futures
import html
import re
import threading
import unittest

import authenticator
from daemon import Daemon
from wordpress_site import PASSWORD, Browser, Site

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
LOGINS = 24
CALL = """<?xml version="1.0"?><methodCall><methodName>wp.getUsersBlogs</methodName><params>
<param><value><string>ada</string></value></param>
<param><value><string>{}</string></value></param></params></methodCall>"""


class WordPressTests(unittest.TestCase):
    """One site and one daemon, at one clock that only goes forward: one test after the other."""

    site = None

    @classmethod
    def begin(cls):
        """Once for all tests; the runner knows no setUpClass."""
        if cls.site is None:
            cls.daemon = Daemon().__enter__()
            atexit.register(cls.daemon.__exit__)
            cls.site = Site(cls.daemon.socket)
            atexit.register(cls.site.close)

    def setUp(self):
        self.begin()
        self.daemon.advance(60)
        self.daemon.ask({"op": "import", "user": "1", "secret": SECRET})
        self.browser = Browser(self.site.guarded)

    def code(self, secret=SECRET):
        return authenticator.code(secret, self.daemon.now)

    def wrong(self):
        return authenticator.wrong_codes(SECRET, self.daemon.now)[0]

    def password(self, browser, **more):
        browser.post("wp-login.php", log="ada", pwd=PASSWORD, **more)

    def send(self, code, browser=None, **more):
        browser = browser or self.browser
        csrf = re.search(r'name="totpd_csrf" value="(\w+)"', browser.text)
        browser.post("wp-login.php?action=totpd", totpd_code=code,
                     totpd_csrf=csrf.group(1) if csrf else "", **more)
        return self.is_in(browser)

    def is_in(self, browser=None):
        return (browser or self.browser).get("?who=1") == "ada"

    def log_in(self, **more):
        self.password(self.browser)
        self.assertTrue(self.send(self.code(), **more), self.browser.text[-3000:])

    def reset(self):
        self.daemon.ask({"op": "reset", "user": "1", "reason": "tests"})

    def test_login_once(self):
        plain = Browser(self.site.plain)
        self.password(plain)
        self.assertTrue(self.is_in(plain))

        self.password(self.browser)
        self.assertIn("action=totpd", self.browser.url)
        page = self.browser.text
        self.assertFalse(self.is_in())
        self.browser.text = page
        self.assertFalse(self.send(self.wrong()))
        self.browser.get("wp-login.php?action=totpd")
        self.assertTrue(self.send(self.code()))
        self.assertIn("Dashboard", self.browser.get("wp-admin/"))
        second = Browser(self.site.guarded)
        self.password(second)
        self.assertFalse(self.send(self.code(), second))

    def test_code_page_needs_the_password_and_its_own_form(self):
        self.browser.get("wp-login.php?action=totpd")
        self.assertNotIn("totpd_code", self.browser.text)
        self.password(self.browser)
        self.browser.text = ""
        self.assertFalse(self.send(self.code()))
        self.assertEqual(self.daemon.ask({"op": "show", "user": "1"}).get("last_used_at"), None)
        for bad in ("x" * 64, ""):
            stranger = Browser(self.site.guarded)
            stranger.send("?who=1")
            stranger.opener.addheaders = [("Cookie", f"wordpress_totpd_step={bad}")]
            stranger.get("wp-login.php?action=totpd")
            self.assertNotIn("totpd_code", stranger.text)

    def test_totpd_is_away(self):
        right = self.code()
        self.daemon.stop()
        self.addCleanup(self.daemon.start)
        self.password(self.browser)
        self.assertFalse(self.is_in())
        self.browser.get("wp-login.php?action=totpd")
        self.assertFalse(self.send(right))

    def test_xmlrpc(self):
        for server, is_open in ((self.site.plain, True), (self.site.guarded, False)):
            browser = Browser(server)
            browser.send("xmlrpc.php", CALL.format(html.escape(PASSWORD)).encode(), "text/xml")
            self.assertEqual("isAdmin" in browser.text, is_open, browser.text)
            self.assertEqual("faultCode" in browser.text, not is_open)

    def test_rest_with_basic(self):
        for server, is_open in ((self.site.plain, True), (self.site.guarded, False)):
            browser = Browser(server, "ada", PASSWORD)
            browser.get("?rest_route=/wp/v2/users/me")
            self.assertEqual(browser.status == 200, is_open, browser.text)

    def test_passwords_of_applications(self):
        made = Browser(self.site.plain).get("?application=ada&no-basic=1")
        for server, is_open in ((self.site.plain, True), (self.site.guarded, False)):
            browser = Browser(server, "ada", made)
            browser.get("?rest_route=/wp/v2/users/me&no-basic=1")
            self.assertEqual(browser.status == 200, is_open, browser.text)
            browser.send("xmlrpc.php", CALL.format(made).encode(), "text/xml")
            self.assertEqual("isAdmin" in browser.text, is_open, browser.text)
        # Who has no second factor may have one.
        self.reset()
        browser = Browser(self.site.guarded, "ada", made)
        browser.get("?rest_route=/wp/v2/users/me&no-basic=1")
        self.assertEqual(browser.status, 200, browser.text)

    def test_single_sign_on(self):
        """A plugin that sets WordPress's cookie by itself."""
        for server, is_open in ((self.site.plain, True), (self.site.guarded, False)):
            browser = Browser(server)
            self.assertEqual(browser.get("?sso=ada"), "in")
            self.assertEqual(self.is_in(browser), is_open)
            self.assertEqual("Dashboard" in browser.get("wp-admin/"), is_open)

    def test_login_form_of_another_plugin(self):
        for server, said in ((self.site.plain, "in"), (self.site.guarded, "totpd_code")):
            browser = Browser(server)
            # WordPress adds slashes to what is sent, and this password has quotes.
            self.assertEqual(browser.post("?signon=1", name="ada", word=PASSWORD), said)
            self.assertEqual(self.is_in(browser), said == "in")

    def test_session_from_before_the_plugin(self):
        plain = Browser(self.site.plain)
        self.password(plain)
        plain.server = self.site.guarded
        self.assertFalse(self.is_in(plain))

    def test_remembered_browser(self):
        self.log_in(totpd_remember="1")
        device, = [c for c in self.browser.jar if c.name.startswith("wordpress_totpd_device")]
        self.assertTrue(device.has_nonstandard_attr("HttpOnly"))

        def forget_session():
            for cookie in list(self.browser.jar):
                if not cookie.name.startswith("wordpress_totpd_device"):
                    self.browser.jar.clear(cookie.domain, cookie.path, cookie.name)

        forget_session()
        self.assertFalse(self.is_in())
        self.password(self.browser)
        self.assertTrue(self.is_in())
        self.daemon.ask({"op": "forget", "user": "1"}, as_admin=False)
        forget_session()
        self.password(self.browser)
        self.assertFalse(self.is_in())

    def page(self, did, **fields):
        """One of the forms of the person's own page."""
        text = self.browser.get("wp-admin/users.php?page=totpd-second-factor")
        nonce = re.search(r'name="_wpnonce" value="(\w+)"', text).group(1)
        return self.browser.post("wp-admin/users.php?page=totpd-second-factor", totpd_do=did,
                                 _wpnonce=nonce, **fields)

    def test_page_of_ones_own(self):
        self.reset()
        self.password(self.browser)
        self.assertTrue(self.is_in())
        self.assertIn("totpd-second-factor", self.browser.get("wp-admin/profile.php"))
        self.assertIn("not right", self.page("enroll", totpd_password="wrong"))
        text = self.page("enroll", totpd_password=PASSWORD)
        secret = re.search(r"Key: <code>(\w+)</code>", text).group(1)
        self.assertIn('src="data:image/png;base64,', text)
        self.assertIn("no-store", self.browser.headers["Cache-Control"])
        self.assertNotIn(secret, self.page("confirm", totpd_code="000000"))
        other = Browser(self.site.guarded)
        self.password(other)
        self.assertTrue(self.is_in(other))
        text = self.page("confirm", totpd_code=self.code(secret))
        codes = re.findall(r"<code>(\w{4}-\w{4}-\w{5})</code>", text)
        self.assertEqual(len(codes), 10, text[-3000:])
        # Other sessions end; this one goes on.
        self.assertTrue(self.is_in())
        self.assertFalse(self.is_in(other))
        self.password(other)
        self.assertTrue(self.send(codes[0].upper(), other))
        self.assertIn("old app", self.page("enroll"))
        text = self.page("backup_codes", totpd_code=codes[1])
        self.assertEqual(len(re.findall(r"<code>\w{4}-\w{4}-\w{5}</code>", text)), 10)
        self.assertIn("not right", self.page("disable", totpd_code=codes[2]))
        self.daemon.advance(30)
        self.assertIn("Set up an app", self.page("disable", totpd_code=self.code(secret)))
        self.assertFalse(self.daemon.ask({"op": "show", "user": "1"})["enrolled"])
        for file in self.site.database.data.rglob("*"):
            if file.is_file():
                kept = file.read_bytes()
                for text in (secret, *codes):
                    self.assertNotIn(text.encode(), kept, file.name)

    def test_page_wants_its_nonce(self):
        self.log_in()
        self.browser.post("wp-admin/users.php?page=totpd-second-factor", totpd_do="forget")
        self.assertEqual(self.browser.status, 403)

    def test_one_code_many_logins(self):
        browsers = [Browser(self.site.guarded) for _ in range(LOGINS)]
        code = self.code()
        barrier = threading.Barrier(LOGINS)

        def log_in(browser):
            self.password(browser)
            barrier.wait()
            return self.send(code, browser)

        with concurrent.futures.ThreadPoolExecutor(LOGINS) as pool:
            self.assertEqual(list(pool.map(log_in, browsers)).count(True), 1)
