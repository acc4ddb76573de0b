"""The pages to paste, as a new site has them: copied beside their client and somebody's accounts, and
visited over HTTP. They keep the rules of Examples/README.md, and let nobody in without a yes."""

import http.cookiejar
import json
import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
import unittest
import urllib.error
import urllib.parse
import urllib.request

import authenticator
from broken_server import BROKEN, Server
from daemon import ROOT, Daemon

PASSWORD = "correct horse"
# What is longer is no page to paste.
LINES_MAX = 85
# A few of each kind: garbage, a lie, another request's answer, a broken end, and what takes its time.
BROKEN_NAMES = (
    "garbage", '"ok":"true"', "a no with all that a yes has", "nobody's id", "no id",
    "half a line, then closes", "closes after reading", "resets", "a byte now and then",
    "a yes before the question",
)


class Language:
    def __init__(self, page, client, accounts, code, command):
        self.page, self.client, self.accounts = page, client, accounts
        self.code, self.command = code, command


LANGUAGES = {
    "python": Language(
        "login.py", "totpd.py", "accounts.py",
        "def user_with_password(email, password):\n"
        f"    return 'user-1' if (email, password) == ('ada@example.org', {PASSWORD!r}) else None\n",
        lambda port: ["/usr/bin/python3", "-m", "flask", "--app", "login", "run", "--port", port,
                      "--no-reload", "--no-debugger"]),
    "php": Language(
        "login.php", "totpd.php", "accounts.php",
        "<?php function userWithPassword(string $email, string $password): ?string {\n"
        f"    return [$email, $password] === ['ada@example.org', {PASSWORD!r}] ? 'user-1' : null;\n"
        "}\n",
        lambda port: ["php", "-S", f"127.0.0.1:{port}", "login.php"]),
}


class PastedSite:
    """The page in a folder of its own, served on loopback beside a socket."""

    def __init__(self, language, totpd_socket):
        self.language, self.socket = language, totpd_socket

    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix="totpd-web-")
        shutil.copy(ROOT / "Examples/paste" / self.language.page, self.folder)
        shutil.copy(ROOT / "Examples/clients" / self.language.client, self.folder)
        with open(os.path.join(self.folder, self.language.accounts), "w") as file:
            file.write(self.language.code)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.log = open(os.path.join(self.folder, "log"), "w")
        self.process = subprocess.Popen(
            self.language.command(str(self.port)), cwd=self.folder, stdout=self.log,
            stderr=self.log, env=dict(
                os.environ, SECRET_KEY="for this test", FLASK_DEBUG="1", TOTPD_SOCKET=self.socket))
        for _ in range(600):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return self
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        raise RuntimeError("the page is not served:\n" + self.said())

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.log.close()
        shutil.rmtree(self.folder)

    def said(self):
        with open(self.log.name) as file:
            return file.read()


class Visitor:
    """A browser's cookies and the form of the page that it is at."""

    def __init__(self, site):
        self.url = f"http://127.0.0.1:{site.port}"
        self.jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))

    def open(self, path, form=None):
        data = urllib.parse.urlencode(form).encode() if form is not None else None
        try:
            with self.opener.open(self.url + path, data, timeout=60) as answer:
                self.status, self.text = answer.status, answer.read().decode()
                self.path = urllib.parse.urlsplit(answer.url).path
                self.headers = answer.headers
        except urllib.error.HTTPError as error:
            with error:
                self.status, self.text, self.path = error.code, error.read().decode(), path
        return self

    def send(self, **fields):
        """The form of this page."""
        to = re.search(r'action="([^"]+)"', self.text).group(1)
        csrf = re.search(r'name="csrf" value="([^"]+)"', self.text).group(1)
        return self.open(to, {"csrf": csrf, **fields})

    def log_in(self, password=PASSWORD):
        return self.open("/login").send(email="ada@example.org", password=password)

    @property
    def is_in(self):
        return self.open("/").path == "/"

    @property
    def problem(self):
        return re.search(r'role="alert">([^<]*)<', self.text).group(1)


class PasteTests(unittest.TestCase):
    def visit(self, language, totpd_socket):
        site = self.enterContext(PastedSite(LANGUAGES[language], totpd_socket))
        return site, Visitor(site)

    def life(self, language):
        """Set-up, logins, and every no on the way."""
        daemon = self.enterContext(Daemon())
        site, ada = self.visit(language, daemon.socket)
        self.assertEqual(ada.open("/").path, "/login")
        self.assertEqual(ada.log_in("wrong horse").problem, "That password is not right.")
        self.assertEqual(ada.log_in().path, "/")

        self.assertEqual(ada.send(password="wrong horse").problem, "That password is not right.")
        ada.send(password=PASSWORD)
        self.assertIn('<img src="data:image/png;base64,', ada.text)
        self.assertIn("no-store", ada.headers["Cache-Control"])
        secret = re.search(r"Key: ([A-Z2-7]+)", ada.text).group(1)
        wrong = authenticator.wrong_codes(secret, daemon.now)[0]
        self.assertEqual(ada.send(code=wrong).problem, "That code is not right.")
        first = authenticator.code(secret, daemon.now)
        ada.send(code=first)
        codes = re.findall(r"[a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{5}", ada.text)
        self.assertEqual(len(set(codes)), 10)

        visitor = Visitor(site)
        self.assertEqual(visitor.log_in().path, "/code")
        half = {cookie.value for cookie in visitor.jar}
        self.assertFalse(visitor.is_in)
        self.assertEqual(visitor.log_in().send(code=first).problem, "Wait for the next code.")
        self.assertIn("Type the 6 digits", visitor.send(code="12345").problem)
        daemon.advance(30)
        second = authenticator.code(secret, daemon.now)
        self.assertEqual(visitor.send(code=f"{second[:3]} {second[3:]}").path, "/")
        self.assertTrue(visitor.is_in)
        self.assertFalse(half & {cookie.value for cookie in visitor.jar}, "a new session")
        thief = Visitor(site)
        self.assertEqual(thief.log_in().send(code=second).problem, "Wait for the next code.")
        self.assertEqual(thief.send(code=codes[0]).path, "/")

        guesser = Visitor(site).log_in()
        for _ in range(5):
            guesser.send(code=authenticator.wrong_codes(secret, daemon.now)[0])
        daemon.advance(1)
        self.assertEqual(
            guesser.send(code=wrong).problem, "Too many wrong codes. Wait for 29 seconds.")
        self.assertEqual(guesser.open("/code", {"csrf": "x", "code": codes[1]}).status, 400)
        self.assertFalse(guesser.is_in)
        # Whoever is in enables nothing over the factor that there is.
        self.assertEqual(visitor.open("/").send(password=PASSWORD).problem,
                         "This does not work now. It is our fault.")
        self.assertNotIn("Traceback", site.said())
        self.assertNotIn("Warning", site.said())

    def fails_closed(self, language):
        """Whatever stands in totpd's place, and when nobody does: nobody gets in, in bounded time."""
        for name in BROKEN_NAMES:
            with Server(BROKEN[name]) as server, self.subTest(name):
                with PastedSite(LANGUAGES[language], server.path) as site:
                    begun = time.monotonic()
                    ada = Visitor(site).log_in()
                    self.assertEqual(ada.path, "/code")
                    ada.send(code="123456")
                    self.assertFalse(ada.is_in)
                    self.assertLess(time.monotonic() - begun, 45)
                    self.assertNotIn("Traceback", site.said())
        site, ada = self.visit(language, "/nonexistent/totpd.sock")
        self.assertEqual(
            ada.log_in().send(code="123456").problem, "This does not work now. It is our fault.")
        self.assertFalse(ada.is_in)

    def rules(self, language):
        """Each request has an id of its own; each code a source and an attempt, which a lost reply
        does not change."""
        with Server(BROKEN["closes after reading"]) as server:
            _, ada = self.visit(language, server.path)
            ada.log_in().send(code=" 123 456 ")
            asked = [json.loads(line) for line in server.lines if line]
        self.assertGreaterEqual(len({request["id"] for request in asked}), 2)
        verified = [request for request in asked if request["op"] == "verify"]
        self.assertEqual(len(verified), 2)
        self.assertEqual({(request["source"], request["code"]) for request in verified},
                         {("127.0.0.1", " 123 456 ")})
        self.assertEqual(len({request["attempt"] for request in verified}), 1)

    def short(self, language):
        text = (ROOT / "Examples/paste" / LANGUAGES[language].page).read_text().splitlines()
        self.assertLessEqual(len(text), LINES_MAX)
        self.assertLessEqual(max(map(len, text)), 100)


for _name in LANGUAGES:
    for _test in ("life", "fails_closed", "rules", "short"):
        setattr(PasteTests, f"test_{_test}: {_name}",
                lambda self, test=_test, name=_name: getattr(self, test)(name))
