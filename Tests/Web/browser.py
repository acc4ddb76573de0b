"""Headless Chromium, as a person uses it: pages are opened, fields are typed into, buttons pressed,
and what counts is what can be read. So do not look into a page's source to get further."""

import queue
import shutil
import subprocess
import tempfile
import urllib.parse

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

WIDE = (1000, 900)
NARROW = (320, 640)
# The screen of a small phone of today, and of a laptop.
PHONE = (390, 640)
LAPTOP = (1280, 800)


class Browser:
    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="totpd-web-")
        options = webdriver.ChromeOptions()
        options.binary_location = shutil.which("chromium")
        for argument in (
            "headless=new", "no-sandbox", "disable-dev-shm-usage", "disable-gpu",
            "no-first-run", "disable-background-networking", "force-device-scale-factor=1",
        ):
            options.add_argument("--" + argument)
        options.add_experimental_option("prefs", {
            "download.default_directory": self.folder,
            "credentials_enable_service": False,
        })
        self.driver = webdriver.Chrome(
            options=options, service=Service(shutil.which("chromedriver")))
        self.driver.set_page_load_timeout(60)

    def quit(self):
        self.driver.quit()
        shutil.rmtree(self.folder)

    def reset(self):
        """Nobody's browser again."""
        self.driver.get("about:blank")
        self.command("Network.clearBrowserCookies")
        self.command("Emulation.setScriptExecutionDisabled", value=False)
        self.command("Emulation.setEmulatedMedia", features=[])
        self.command("Emulation.setTimezoneOverride", timezoneId="UTC")
        self.resize(WIDE)

    def command(self, name, **arguments):
        return self.driver.execute_cdp_cmd(name, arguments)

    def resize(self, size):
        """The page itself; a window has a least width."""
        self.command(
            "Emulation.setDeviceMetricsOverride", width=size[0], height=size[1],
            deviceScaleFactor=1, mobile=False)

    # Going about

    def open(self, url):
        self.driver.get(url)

    def element(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def elements(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def type(self, field, text):
        element = self.element("#" + field)
        element.clear()
        element.send_keys(text)

    def press(self, words):
        """The one button or link with these words, and the page that it leads to."""
        found = [
            element for element in self.elements("button, a")
            if element.is_displayed() and element.text.strip() == words
        ]
        if len(found) != 1:
            raise AssertionError(f"{len(found)} times '{words}' on the page:\n{self.text}")
        self.and_wait(found[0].click)

    def and_wait(self, act):
        """Does what leads to another page, and waits until that is there."""
        before = self.element("html").id
        act()
        WebDriverWait(self.driver, 60, poll_frequency=0.02).until(
            lambda driver: driver.find_element(By.CSS_SELECTOR, "html").id != before
            and driver.execute_script("return document.readyState") == "complete")

    def keys(self, *keys):
        self.driver.switch_to.active_element.send_keys(*keys)

    # What can be read

    @property
    def path(self):
        return urllib.parse.urlsplit(self.driver.current_url).path

    @property
    def text(self):
        return self.element("main").text

    @property
    def heading(self):
        return self.element("h1").text

    @property
    def problem(self):
        """What the page complains of, or None."""
        found = self.elements("[role=alert]")
        return found[0].text.replace("\n", " ") if found else None

    def scan(self):
        """The text of the QR code in a picture of the page, as a phone's camera sees it."""
        self.run("document.querySelector('.qr').scrollIntoView({block: 'center'})")
        with tempfile.NamedTemporaryFile(suffix=".png") as picture:
            picture.write(self.driver.get_screenshot_as_png())
            picture.flush()
            seen = subprocess.run(
                ["zbarimg", "--quiet", "--raw", picture.name], capture_output=True, text=True)
        return seen.stdout.strip()

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)


class Browsers:
    """Browsers that wait for the next test: starting one takes longer than most tests."""

    def __init__(self):
        self.idle = queue.SimpleQueue()

    def take(self):
        try:
            return self.idle.get_nowait()
        except queue.Empty:
            return Browser()

    def give_back(self, browser):
        try:
            browser.reset()
        except Exception:
            # It crashed; the test has said so.
            browser.quit()
        else:
            self.idle.put(browser)

    def quit(self):
        while not self.idle.empty():
            self.idle.get_nowait().quit()
