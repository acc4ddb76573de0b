"""A test in which people visit the shop, and the ways they go most."""

import atexit
import unittest
import urllib.parse

from selenium.webdriver.support.ui import WebDriverWait

import authenticator
from browser import Browsers
from site_under_test import PASSWORD, Site

BROWSERS = Browsers()
atexit.register(BROWSERS.quit)


class Visit(unittest.TestCase):
    def setUp(self):
        self.site = self.enterContext(Site())
        self.browser = self.another_browser()

    def another_browser(self):
        browser = BROWSERS.take()
        self.addCleanup(BROWSERS.give_back, browser)
        browser.reset()
        return browser

    def code(self, secret, offset=0):
        return authenticator.code(secret, self.site.daemon.now, offset)

    def next_code(self, secret):
        """The phone's next code, half a minute later."""
        self.site.daemon.advance(30)
        return self.code(secret)

    def wrong_code(self, secret):
        return authenticator.wrong_codes(secret, self.site.daemon.now)[0]

    def log_in(self, name="ada", browser=None, password=PASSWORD):
        """The first factor."""
        browser = browser or self.browser
        browser.open(self.site.url + "/login")
        browser.type("email", f"{name}@example.org")
        browser.type("password", password)
        browser.press("Log in")

    def enter(self, code, browser=None, button="Log in"):
        browser = browser or self.browser
        browser.type("code", code)
        browser.press(button)

    def guess_until_locked(self, secret, name="ada"):
        """A hundred wrong codes, each sent as soon as one is compared again."""
        guess = {"op": "verify", "user": self.site.people[name]}
        for _ in range(100):
            reply = self.site.daemon.ask({**guess, "code": self.wrong_code(secret)}, as_admin=False)
            self.site.daemon.advance(reply.get("retry_after", 0))

    def enroll(self, name="ada"):
        """The person's secret and backup codes; set up without the pages."""
        secret = self.site.ask("enroll", name)["secret"]
        codes = self.site.ask("confirm", name, code=self.code(secret))["backup_codes"]
        return secret, codes

    def enrolled_and_in(self, name="ada", browser=None):
        secret, codes = self.enroll(name)
        self.log_in(name, browser)
        self.enter(self.next_code(secret), browser)
        self.assertEqual((browser or self.browser).heading, "Security")
        return secret, codes

    def copied(self, button):
        """What a button that copies has put on the clipboard."""
        self.browser.command(
            "Browser.grantPermissions", origin=self.site.url,
            permissions=["clipboardReadWrite", "clipboardSanitizedWrite"])
        self.browser.element(button).click()
        WebDriverWait(self.browser.driver, 30).until(
            lambda _: self.browser.element(button).text == "Copied")
        return self.browser.run("return navigator.clipboard.readText()")

    def security_page(self):
        self.browser.open(self.site.url + "/settings/security")

    def is_in(self, browser=None):
        """Whether the account is open to this browser."""
        browser = browser or self.browser
        browser.open(self.site.url + "/settings/security")
        return browser.path == "/settings/security" and browser.heading == "Security"

    @staticmethod
    def secret_in(uri):
        return urllib.parse.parse_qs(urllib.parse.urlsplit(uri).query)["secret"][0]
