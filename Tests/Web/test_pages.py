"""Every page, for everybody: by keyboard alone, on a narrow screen, without JavaScript, in light
and dark, and for those who have it read to them."""

from selenium.webdriver.common.keys import Keys

from browser import NARROW
from checkers import Axe, SentPages, markup_faults
from proof import for_proof
from visits import PASSWORD, Visit

# What WCAG 2.2 asks for text (AA).
CONTRAST_MIN = 4.5

# Text whose contrast with what lies behind it is too small, with its figure.
FAINT = """
const luminance = (rgb) => rgb.map((c) => c / 255)
  .map((c) => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
  .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
const parse = (text) => text.match(/[0-9.]+/g).map(Number);
const behind = (element) => {
  for (let e = element; e; e = e.parentElement) {
    const [r, g, b, a = 1] = parse(getComputedStyle(e).backgroundColor);
    if (a > 0) return [r, g, b];
  }
  return [255, 255, 255];
};
return [...document.querySelectorAll('body *')].filter((e) => e.checkVisibility()
    && !e.classList.contains('skip')
    && [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim())).map((e) => {
  const [a, b] = [luminance(parse(getComputedStyle(e).color).slice(0, 3)), luminance(behind(e))];
  const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  return [ratio, e.textContent.trim().slice(0, 40)];
}).filter(([ratio]) => ratio < arguments[0]);
"""

# What somebody who does not see the page would miss.
UNNAMED = """
const wrong = [];
if (document.documentElement.lang !== 'en') wrong.push('no language');
if (document.querySelectorAll('h1').length !== 1) wrong.push('not one h1');
if (!document.querySelector('main')) wrong.push('no main');
if (document.title.length < 10) wrong.push('no title');
for (const input of document.querySelectorAll('input:not([type=hidden])'))
  if (!input.labels || input.labels.length === 0) wrong.push('no label: ' + input.name);
for (const image of document.querySelectorAll('img')) if (!image.alt) wrong.push('no alt');
for (const e of document.querySelectorAll('a, button'))
  if (e.checkVisibility() && !e.textContent.trim()) wrong.push('a button without words');
for (const e of document.querySelectorAll('[aria-describedby]'))
  for (const id of e.getAttribute('aria-describedby').split(' '))
    if (!document.getElementById(id)) wrong.push('describedby nothing: ' + id);
const ids = [...document.querySelectorAll('[id]')].map((e) => e.id);
if (new Set(ids).size !== ids.length) wrong.push('an id twice');
return wrong;
"""


class PageTests(Visit):
    def every_page(self, look):
        """Goes to each page, with each of its faces, and looks at it."""
        site, browser = self.site, self.browser

        def at(path):
            browser.open(site.url + path)
            look(path)

        for path in ("/", "/login", "/login?done=out", "/login/link", "/login/help", "/not-me",
                     "/nowhere", "/login/link/nothing"):
            at(path)
        browser.press("Log in")
        look("link gone")
        self.log_in(password="wrong")
        look("wrong password")
        self.log_in()
        for path in ("/", "/settings/security", "/settings/password", "/not-me",
                     "/settings/security/enable?again=1", "/settings/security/enable"):
            at(path)
        browser.type("password", PASSWORD)
        browser.press("Continue")
        browser.element("summary").click()
        look("set up")
        at("/settings/security/set-up")
        at("/settings/security")
        browser.open(site.url + "/settings/security/enable")
        browser.type("password", PASSWORD)
        browser.press("Continue")
        secret = self.secret_in(browser.scan())
        self.enter(self.wrong_code(secret), button="Confirm")
        look("set up, wrong code")
        self.enter(self.code(secret), button="Confirm")
        look("backup codes")
        for path in ("", "/new-phone", "/new-phone?again=1", "/backup-codes", "/disable"):
            at("/settings/security" + path)
        for path in ("/settings/password", "/not-me"):
            at(path)
        browser.press("Log out everywhere else")
        look("logged out elsewhere")
        self.log_in()
        for path in ("/login/code", "/login/code?backup=1", "/login/help", "/not-me"):
            at(path)
        browser.press("Contact support")
        look("asked support")
        at("/login/code")
        self.enter(self.wrong_code(secret))
        look("wrong code")
        at("/mail")

    def test_named_for_those_who_listen(self):
        titles = {}

        def look(page):
            self.assertEqual(self.browser.run(UNNAMED), [], page)
            titles[page] = self.browser.driver.title
        self.every_page(look)
        self.assertTrue(titles["wrong code"].startswith("Problem: Enter your code"))

    def test_narrow(self):
        self.browser.resize(NARROW)

        def look(page):
            wide = self.browser.run(
                "return [document.documentElement.scrollWidth, innerWidth]")
            self.assertLessEqual(wide[0], wide[1], page)
            small = [element.text for element in self.browser.elements("button, .button")
                     if element.is_displayed() and element.size["height"] < 24]
            self.assertEqual(small, [], page)
        self.every_page(look)

    @for_proof
    def test_axe(self):
        axe = Axe()
        self.browser.open("data:text/html,<img src=nothing>")
        self.assertIn("image-alt", " ".join(axe.faults(self.browser)))
        self.every_page(lambda page: self.assertEqual(axe.faults(self.browser), [], page))

    @for_proof
    def test_markup(self):
        broken = b"<!doctype html><html lang=en><title>A page</title><p id=a><b id=a></b>"
        self.assertIn("Duplicate ID", " ".join(markup_faults([broken])))
        sent = SentPages(self.site)
        self.every_page(lambda page: None)
        self.assertGreater(len(sent.pages), 30)
        self.assertEqual(sent.faults(), [])

    @for_proof
    def test_contrast(self):
        def look(page):
            for scheme in ("light", "dark"):
                self.browser.command("Emulation.setEmulatedMedia", features=[
                    {"name": "prefers-color-scheme", "value": scheme}])
                self.assertEqual(self.browser.run(FAINT, CONTRAST_MIN), [], f"{page}, {scheme}")
        self.every_page(look)

    @for_proof
    def test_code_is_scanned_in_the_dark(self):
        self.browser.command("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": "dark"}])
        self.browser.resize(NARROW)
        self.log_in()
        self.browser.press("Enable two-factor authentication")
        self.browser.type("password", PASSWORD)
        self.browser.press("Continue")
        self.assertTrue(self.browser.scan().startswith("otpauth://totp/"))

    def focused(self):
        """What the keyboard is at, which must be visible."""
        element = self.browser.driver.switch_to.active_element
        outline = element.value_of_css_property("outline-style")
        return element.text.strip() or element.get_attribute("name"), outline != "none"

    def tab_to(self, name):
        for _ in range(30):
            if self.focused()[0] == name:
                self.assertTrue(self.focused()[1], f"{name}: nobody sees where the keyboard is")
                return
            self.browser.keys(Keys.TAB)
        self.fail(f"the keyboard does not get to '{name}'")

    def test_keyboard_alone(self):
        browser = self.browser
        browser.open(self.site.url + "/login")
        # The first field waits for what is typed; Enter sends the form.
        self.assertEqual(self.focused()[0], "email")
        browser.keys("ada@example.org", Keys.TAB)
        browser.keys(PASSWORD)
        browser.and_wait(lambda: browser.keys(Keys.ENTER))
        self.tab_to("Skip to content")
        self.tab_to("Enable two-factor authentication")
        browser.and_wait(lambda: browser.keys(Keys.ENTER))
        browser.keys(PASSWORD)
        browser.and_wait(lambda: browser.keys(Keys.ENTER))
        secret = self.secret_in(browser.scan())
        self.assertEqual(self.focused()[0], "code")
        browser.keys(self.wrong_code(secret))
        browser.and_wait(lambda: browser.keys(Keys.ENTER))
        self.assertIn("That code is not right.", browser.problem)
        self.assertEqual(self.focused()[0], "code")
        browser.keys(self.code(secret))
        browser.and_wait(lambda: browser.keys(Keys.ENTER))
        for name in ("Copy", "Download", "Print", "I have kept them"):
            self.tab_to(name)
        browser.and_wait(lambda: browser.keys(Keys.ENTER))
        for name in ("Log out", "Set up a new phone", "Get new backup codes", "Disable"):
            self.tab_to(name)
        browser.and_wait(lambda: browser.keys(Keys.ENTER))
        self.site.daemon.advance(30)
        browser.keys(self.code(secret))
        browser.and_wait(lambda: browser.keys(Keys.ENTER))
        self.assertIn("Two-factor authentication is off.", browser.text)
        self.tab_to("Log out")
        browser.and_wait(lambda: browser.keys(Keys.SPACE))
        self.assertEqual(browser.path, "/login")

    def test_without_javascript(self):
        browser = self.browser
        browser.command("Emulation.setScriptExecutionDisabled", value=True)
        self.log_in()
        browser.press("Enable two-factor authentication")
        browser.type("password", PASSWORD)
        browser.press("Continue")
        secret = self.secret_in(browser.scan())
        self.enter(self.code(secret), button="Confirm")
        self.assertEqual(len(browser.elements("#codes li")), 10)
        # What would not work is not there.
        self.assertFalse(browser.element("[data-copy=codes]").is_displayed())
        self.assertFalse(browser.element("[data-print]").is_displayed())
        self.assertTrue(browser.element("a[download]").is_displayed())
        browser.press("I have kept them")
        browser.press("Log out")
        self.log_in()
        self.enter(self.next_code(secret))
        self.assertEqual(browser.heading, "Security")
        browser.press("Disable")
        self.enter(self.next_code(secret), button="Disable")
        self.assertIn("Two-factor authentication is off.", browser.text)
