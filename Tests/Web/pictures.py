"""Pictures of the main pages, for README.md and whoever changes their looks: pictures.py FOLDER.
Pictures differ from machine to machine, so no test compares them."""

import os
import subprocess
import sys

from browser import NARROW
from visits import PASSWORD, BROWSERS, Visit

WIDTH = 720


class Pictures(Visit):
    folder = None

    def take(self, name, height, width=WIDTH):
        path = os.path.join(self.folder, name + ".png")
        self.browser.resize((width, height))
        self.browser.command("Emulation.setScrollbarsHidden", hidden=True)
        self.browser.run("window.scrollTo(0, 0)")
        self.browser.driver.save_screenshot(path)
        subprocess.run(
            ["pngquant", "--force", "--output", path, "--speed", "1", "64", path], check=True)
        subprocess.run(["optipng", "-quiet", "-o5", "-strip", "all", path], check=True)

    def dark(self, value):
        self.browser.command("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": "dark" if value else "light"}])

    def runTest(self):
        browser = self.browser
        self.site.daemon.advance(328 * 86_400 + 9 * 3600 + 41 * 60)
        self.log_in()
        self.take("off", 480)
        browser.press("Enable two-factor authentication")
        self.take("enable", 480)
        browser.type("password", PASSWORD)
        browser.press("Continue")
        self.take("set-up", 820)
        self.take("set-up-narrow", 860, NARROW[0])
        secret = self.secret_in(browser.scan())
        self.enter(self.wrong_code(secret), button="Confirm")
        self.take("set-up-wrong", 600)
        self.enter(self.code(secret), button="Confirm")
        codes = [item.text for item in browser.elements("#codes li")]
        self.take("backup-codes", 660)
        browser.press("I have kept them")
        self.take("told", 800)
        browser.press("Set up a new phone")
        self.take("new-phone", 480)
        self.log_in()
        self.take("code", 560)
        self.enter(self.code(secret))
        self.take("replayed", 640)
        self.take("replayed-narrow", NARROW[1], NARROW[0])
        browser.element("[name=remember]").click()
        self.enter(codes[0])
        for code in codes[1:7]:
            self.site.ask("verify", "ada", code=code)
        self.site.daemon.advance(3600)
        self.security_page()
        self.take("security", 820)
        self.dark(True)
        self.take("security-dark", 1180)
        self.log_in("bob")
        self.take("off-dark", 480)
        browser.open(self.site.url + "/login/help")
        self.take("help-dark", 660)
        browser.open(self.site.url + "/login")
        self.take("login-dark", 480)
        browser.open(self.site.url + "/mail")
        self.take("mail-dark", 660)


if __name__ == "__main__":
    Pictures.folder = sys.argv[1]
    os.makedirs(Pictures.folder, exist_ok=True)
    Pictures().debug()
    BROWSERS.quit()
