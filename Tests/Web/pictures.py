"""Pictures of the main pages, for README.md and whoever changes their looks: pictures.py FOLDER.
It must never be part of a test: pictures differ from machine to machine."""

import os
import sys

from browser import NARROW
from visits import PASSWORD, BROWSERS, Visit


class Pictures(Visit):
    folder = None

    def take(self, name, size=(760, 620)):
        self.browser.resize(size)
        self.browser.run("document.activeElement.blur(); window.scrollTo(0, 0)")
        self.browser.driver.save_screenshot(os.path.join(self.folder, name + ".png"))

    def runTest(self):
        browser = self.browser
        self.site.daemon.advance(60 * 60 * 9)
        self.log_in()
        self.take("off")
        browser.press("Enable two-factor authentication")
        self.take("enable")
        browser.type("password", PASSWORD)
        browser.press("Continue")
        self.take("set-up", (760, 760))
        self.take("set-up-narrow", (NARROW[0], 900))
        secret = self.secret_in(browser.scan())
        self.enter(self.wrong_code(secret), button="Confirm")
        self.take("set-up-wrong")
        self.enter(self.code(secret), button="Confirm")
        self.take("backup-codes", (760, 600))
        browser.press("I have kept them")
        self.take("on")
        browser.press("Set up a new phone")
        self.take("new-phone")
        self.log_in()
        self.take("code", (760, 480))
        self.enter(self.code(secret))
        self.take("replayed", (760, 520))
        self.take("replayed-narrow", NARROW)
        for _ in range(5):
            self.enter(self.wrong_code(secret))
        self.take("waits")
        browser.command("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": "dark"}])
        self.take("waits-dark")
        browser.open(self.site.url + "/login/help")
        self.take("help", (760, 760))
        browser.open(self.site.url + "/login")
        self.take("login", (760, 520))
        browser.open(self.site.url + "/mail")
        self.take("mail", (760, 760))
        self.site.daemon.advance(30)
        self.log_in()
        self.enter(self.next_code(secret))
        self.take("on-dark")


if __name__ == "__main__":
    Pictures.folder = sys.argv[1]
    os.makedirs(Pictures.folder, exist_ok=True)
    Pictures().debug()
    BROWSERS.quit()
