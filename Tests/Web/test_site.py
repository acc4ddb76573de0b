"""The shop without a browser: what its forms, cookies and sessions refuse, and what it makes of a
totpd that is broken."""

import re
import sqlite3
import time
import unittest
import urllib.parse
import urllib.request

import authenticator
from broken_server import BROKEN, Server
from daemon import Daemon
from site_under_test import CHEAP, PASSWORD, Site, make_app
from shop import database, people, signin

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


class Visitor:
    """A browser's cookies, and no more."""

    def __init__(self, app):
        self.client = app.test_client()

    def get(self, path, **more):
        return self.client.get(path, **more)

    def token(self, path):
        return re.search(r'name="csrf" value="([^"]+)"', self.get(path).text).group(1)

    def post(self, path, form_at=None, headers=None, **fields):
        fields.setdefault("csrf", self.token(form_at or path))
        return self.client.post(path, data=fields, headers=headers)

    def log_in(self, name="ada", password=PASSWORD):
        return self.post("/login", email=f"{name}@example.org", password=password)

    @property
    def cookie(self):
        # Werkzeug 2 and 3 keep them in different places.
        if hasattr(self.client, "get_cookie"):
            found = self.client.get_cookie("session")
            return found.value if found else None
        return next((c.value for c in self.client.cookie_jar if c.name == "session"), None)

    def set_cookie(self, value):
        if hasattr(self.client, "get_cookie"):
            self.client.set_cookie("session", value)
        else:
            self.client.set_cookie("localhost", "session", value)

    @property
    def is_in(self):
        return self.get("/settings/security").status_code == 200


class SiteTests(unittest.TestCase):
    def setUp(self):
        self.site = self.enterContext(Site())
        self.visitor = self.another()

    def another(self):
        return Visitor(self.site.app)

    def enroll(self, name="ada"):
        secret = self.site.ask("enroll", name)["secret"]
        code = authenticator.code(secret, self.site.daemon.now)
        self.assertTrue(self.site.ask("confirm", name, code=code)["ok"])
        return secret

    def next_code(self, secret):
        self.site.daemon.advance(30)
        return authenticator.code(secret, self.site.daemon.now)

    # Forms

    def test_a_form_that_is_not_ours(self):
        self.visitor.log_in()
        self.assertTrue(self.visitor.is_in)
        stranger = self.another()
        for token in ("", "x", stranger.token("/login")):
            reply = self.visitor.post("/settings/security/enable", csrf=token, password=PASSWORD)
            self.assertEqual(reply.status_code, 400)
        reply = self.visitor.post(
            "/settings/security/enable", password=PASSWORD,
            headers={"Sec-Fetch-Site": "cross-site"})
        self.assertEqual(reply.status_code, 403)
        self.assertFalse(self.site.ask("status", "ada")["pending"])

    def test_every_form_is_guarded(self):
        """No path takes a POST without its session's token."""
        paths = [rule.rule.replace("<token>", "x") for rule in self.site.app.url_map.iter_rules()
                 if "POST" in rule.methods]
        self.assertGreaterEqual(len(paths), 10)
        for visitor in (self.another(), self.visitor):
            for path in paths:
                self.assertEqual(visitor.client.post(path).status_code, 400, path)
            self.visitor.log_in()

    def test_no_page_of_the_account_without_the_code(self):
        """Not for strangers, and not after the first factor alone."""
        self.enroll()
        rules = [rule for rule in self.site.app.url_map.iter_rules()
                 if rule.rule.startswith("/settings") or rule.rule == "/not-me/log-out-others"]
        self.assertGreaterEqual(len(rules), 10)
        half = self.another()
        self.assertEqual(half.log_in().location, "/login/code")
        for visitor in (self.visitor, half):
            for rule in rules:
                if "GET" in rule.methods:
                    reply = visitor.get(rule.rule)
                else:
                    reply = visitor.post(rule.rule, form_at="/login", code="123456")
                self.assertEqual((reply.status_code, reply.location), (302, "/login"), rule)

    # Limits

    def test_too_many_wrong_passwords(self):
        for name in ("ada", "nobody"):
            for _ in range(10):
                reply = self.visitor.log_in(name, password="wrong horse")
                self.assertEqual(reply.status_code, 422)
            reply = self.visitor.log_in(name)
            self.assertEqual((reply.status_code, reply.headers["Retry-After"]), (429, "60"))
            self.assertIn("Too many tries.", reply.text)
            self.assertFalse(self.visitor.is_in)
        self.assertEqual(self.another().log_in("bob").status_code, 302)
        # Whoever knows it is not counted.
        self.site.daemon.advance(60)
        for _ in range(12):
            self.assertEqual(self.visitor.log_in().status_code, 302)
        self.assertTrue(self.visitor.is_in)

    def test_too_many_wrong_passwords_inside(self):
        """Whoever has found an open browser does not guess the password there without a limit."""
        self.visitor.log_in()
        for path, more in (("/settings/security/enable", {}),
                           ("/settings/password", {"new": "three new words"})):
            for _ in range(10):
                reply = self.visitor.post(path, password="wrong horse", **more)
                self.assertEqual(reply.status_code, 422)
            reply = self.visitor.post(path, password=PASSWORD, **more)
            self.assertEqual((reply.status_code, reply.headers["Retry-After"]), (429, "60"))
            self.site.daemon.advance(600)
        self.assertFalse(self.site.ask("status", "ada")["pending"])

    def test_too_many_links(self):
        for name in ("ada", "nobody"):
            for status in (302, 302, 302, 429):
                reply = self.visitor.post("/login/link", email=f"{name}@example.org")
                self.assertEqual(reply.status_code, status)
        self.assertIn("Try again in 20 minutes.", reply.text)
        self.assertEqual(len(self.site.mails("ada")), 3)

    def test_where_codes_come_from(self):
        """Wrong codes are charged to the address as well, over all accounts: fifty, and then the
        right code of another account waits, too."""
        wrong = authenticator.wrong_codes(SECRET, self.site.daemon.now)[0]
        for number in range(50):
            guess = {"op": "verify", "user": f"eve{number}", "source": "127.0.0.1"}
            self.site.daemon.ask({"op": "import", "user": guess["user"], "secret": SECRET})
            self.site.daemon.ask({**guess, "code": wrong}, as_admin=False)
        secret = self.enroll()
        self.visitor.log_in()
        code = authenticator.code(secret, self.site.daemon.now, 1)
        reply = self.visitor.post("/login/code", code=code)
        self.assertEqual(reply.status_code, 429)
        self.site.daemon.advance(int(reply.headers["Retry-After"]))
        self.assertEqual(self.visitor.post("/login/code", code=code).status_code, 302)
        self.assertTrue(self.visitor.is_in)

    # Sessions

    def test_cookie_changes_with_each_step(self):
        """Session fixation: what was planted or seen before a step is worth nothing after it."""
        secret = self.enroll()
        self.visitor.get("/login")
        planted = self.visitor.cookie
        self.visitor.log_in()
        half = self.visitor.cookie
        self.visitor.post("/login/code", code=self.next_code(secret))
        self.assertTrue(self.visitor.is_in)
        self.assertEqual(len({planted, half, self.visitor.cookie}), 3)
        for old in (planted, half):
            thief = self.another()
            thief.set_cookie(old)
            self.assertFalse(thief.is_in)
            thief = self.another()
            thief.set_cookie(old)
            self.assertEqual(thief.get("/login/code").location, "/login")

    def test_logging_out_ends_the_session(self):
        self.visitor.log_in()
        cookie = self.visitor.cookie
        self.visitor.post("/logout", form_at="/settings/security")
        self.assertFalse(self.visitor.is_in)
        self.visitor.set_cookie(cookie)
        self.assertFalse(self.visitor.is_in)

    def test_sessions_expire(self):
        secret = self.enroll()
        for steps, path in ((1, "/login/code"), (2, "/settings/security")):
            visitor = self.another()
            visitor.log_in()
            if steps == 2:
                visitor.post("/login/code", code=self.next_code(secret))
            self.assertEqual(visitor.get(path).status_code, 200)
            with self.site.open_database() as connection:
                connection.execute("UPDATE session SET expires_at = expires_at - 12 * 3600")
            self.assertEqual(visitor.get(path).location, "/login")

    def test_file_is_worth_nothing_to_a_thief(self):
        """Neither sessions nor links can be used by who reads the shop's file, and nothing in it
        says who has a second factor."""
        secret = self.enroll()
        self.visitor.log_in()
        self.visitor.post("/login/code", code=self.next_code(secret))
        self.visitor.post("/login/link", email="ada@example.org")
        token = re.search(r"/login/link/(\S+)", self.site.mails("ada")[0][1]).group(1)
        with self.site.open_database() as connection:
            connection.execute("DELETE FROM mail")
            text = "\n".join(connection.iterdump())
        for kept_secret in (self.visitor.cookie, token, secret, PASSWORD):
            self.assertNotIn(kept_secret, text)
        self.assertNotRegex(text.lower(), "totp_|enrolled|two_factor|backup_code")

    def test_links_expire(self):
        self.visitor.post("/login/link", email="ada@example.org")
        path = re.search(r"(/login/link/\S+)", self.site.mails("ada")[0][1]).group(1)
        with self.site.open_database() as connection:
            connection.execute("UPDATE link SET expires_at = expires_at - 15 * 60")
        self.assertEqual(self.visitor.post(path).status_code, 410)
        self.assertFalse(self.visitor.is_in)

    def test_links_lead_here(self):
        """Whatever the Host header says."""
        token = self.visitor.token("/login/link")
        form = urllib.parse.urlencode({"csrf": token, "email": "ada@example.org"}).encode()
        urllib.request.urlopen(urllib.request.Request(
            self.site.url + "/login/link", data=form, headers={
                "Host": "evil.example", "Cookie": f"session={self.visitor.cookie}"})).close()
        self.assertIn(self.site.url + "/login/link/", self.site.mails("ada")[0][1])
        self.assertNotIn("evil.example", self.site.mails("ada")[0][1])

    # Headers

    def test_headers(self):
        for path in ("/", "/login", "/settings/security", "/nowhere"):
            headers = self.visitor.get(path).headers
            self.assertEqual(headers["Cache-Control"], "no-store")
            self.assertIn("default-src 'none'", headers["Content-Security-Policy"])
            self.assertIn("frame-ancestors 'none'", headers["Content-Security-Policy"])
            self.assertEqual(headers["Referrer-Policy"], "no-referrer")
        self.enroll()
        self.visitor.log_in()
        for _ in range(5):
            reply = self.visitor.post("/login/code", code="000000")
        self.assertEqual((reply.status_code, reply.headers["Retry-After"]), (429, "30"))

    def test_cookies_on_a_real_site(self):
        app = make_app(
            database=self.site.path, url="https://shop.example", totpd=self.site.daemon.socket)
        cookie = app.test_client().get("/login").headers["Set-Cookie"]
        for part in ("__Host-session=", "Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
            self.assertIn(part, cookie)
        self.assertEqual(app.test_client().get("/mail").status_code, 404)

    def test_address_that_is_taken(self):
        with self.site.open_database() as connection:
            with self.assertRaises(sqlite3.IntegrityError):
                people.add(connection, "ADA@example.org", "Eve", PASSWORD, CHEAP)


class BrokenDaemonTests(unittest.TestCase):
    """Whatever stands at totpd's place: nobody gets in, with a second factor or without."""

    def fails_closed(self, behaviour):
        with Daemon() as daemon, Server(behaviour) as server:
            app = make_app(
                database=daemon.path("shop.db"), url="", totpd=server.path,
                secure_cookies=False, totpd_seconds=0.5)
            with database.connect(app.shop.database) as connection:
                people.add(connection, "ada@example.org", "Ada", PASSWORD, CHEAP)
            connection.close()
            visitor = Visitor(app)
            self.assertEqual(visitor.log_in().status_code, 503)
            self.assertFalse(visitor.is_in)
            self.assertEqual(visitor.get("/login/code").location, "/login")
            # With a login link one gets past the password.
            with database.connect(app.shop.database) as connection:
                person = people.with_email(connection, "ada@example.org")["id"]
                connection.execute(
                    "INSERT INTO link VALUES (?, ?, ?)",
                    (signin.hash_of("token"), person, int(time.time()) + 60))
            connection.close()
            self.assertEqual(visitor.post("/login/link/token").location, "/login/code")
            reply = visitor.post("/login/code", code="123456")
            self.assertIn(reply.status_code, (302, 503))
            self.assertFalse(visitor.is_in)


def broken_test(behaviour):
    return lambda self: self.fails_closed(behaviour)


for name, behaviour in BROKEN.items():
    setattr(BrokenDaemonTests, f"test_broken: {name}", broken_test(behaviour))
