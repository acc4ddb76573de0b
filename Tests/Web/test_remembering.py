"""Remembered browsers and recent activity, in a real browser."""

from proof import for_proof
from visits import Visit


class RememberingTests(Visit):
    def remembered(self, browser=None):
        """Ada, in a browser that is remembered from now on."""
        secret, codes = self.enroll()
        self.remember(self.next_code(secret), browser)
        return secret, codes

    def remember(self, code, browser=None, name="ada"):
        browser = browser or self.browser
        self.log_in(name, browser)
        browser.element("[name=remember]").click()
        self.enter(code, browser)
        self.assertEqual(browser.heading, "Security")

    def is_asked(self, name="ada", browser=None):
        """Whether a login stops at the code."""
        browser = browser or self.browser
        self.log_in(name, browser)
        return browser.path == "/login/code"

    def device_cookie(self, browser=None):
        return [cookie for cookie in (browser or self.browser).driver.get_cookies()
                if cookie["name"].startswith("device-")]

    def test_for_thirty_days(self):
        secret, _ = self.remembered()
        self.assertIn("Chrome on Linux (this browser)", self.browser.text)
        tokens = set()
        for _ in range(3):
            self.site.daemon.advance(86_400)
            self.assertFalse(self.is_asked())
            cookie, = self.device_cookie()
            self.assertTrue(cookie["httpOnly"])
            self.assertEqual(cookie["sameSite"], "Lax")
            tokens.add(cookie["value"])
        self.assertEqual(len(tokens), 3, "the token changes with each use")
        self.assertEqual(self.browser.text.count("(this browser)"), 1)
        self.assertTrue(self.is_asked(browser=self.another_browser()))
        # The password is asked for all the same.
        self.log_in(password="wrong horse")
        self.assertEqual(self.browser.path, "/login")
        self.site.daemon.advance(27 * 86_400)
        self.assertTrue(self.is_asked())
        self.enter(self.next_code(secret))
        self.assertTrue(self.is_in())

    @for_proof
    def test_only_when_asked_for_and_right(self):
        secret, _ = self.enroll()
        self.log_in()
        self.enter(self.next_code(secret))
        self.assertEqual(self.device_cookie(), [])
        self.log_in()
        self.browser.element("[name=remember]").click()
        self.enter(self.wrong_code(secret))
        self.assertEqual(self.device_cookie(), [])
        # The wish is kept while the person tries again.
        self.assertTrue(self.browser.element("[name=remember]").is_selected())
        self.assertTrue(self.is_asked())

    @for_proof
    def test_for_one_person_alone(self):
        self.remembered()
        bobs, _ = self.enroll("bob")
        self.assertTrue(self.is_asked("bob"))
        self.browser.element("[name=remember]").click()
        self.enter(self.next_code(bobs))
        self.assertEqual(len(self.device_cookie()), 2)
        self.assertFalse(self.is_asked("bob"))
        self.assertFalse(self.is_asked("ada"))

    @for_proof
    def test_forgotten(self):
        secret, _ = self.remembered()
        laptop = self.another_browser()
        self.remember(self.next_code(secret), laptop)
        self.security_page()
        self.assertEqual(len(self.browser.elements("[aria-labelledby=browsers] li")), 2)
        self.assertEqual(self.browser.text.count("(this browser)"), 1)
        first = self.browser.elements("[aria-labelledby=browsers] li button")[0]
        self.browser.and_wait(first.click)
        self.assertIn("will be asked for a code again", self.browser.text)
        asked = [self.is_asked(browser=browser) for browser in (self.browser, laptop)]
        self.assertEqual(sorted(asked), [False, True])
        if asked[0]:
            self.enter(self.next_code(secret))
        self.security_page()
        self.browser.press("Forget")
        self.assertEqual(self.browser.elements("[aria-labelledby=browsers]"), [])
        for browser in (self.browser, laptop):
            self.assertTrue(self.is_asked(browser=browser))

    @for_proof
    def test_all_forgotten(self):
        secret, _ = self.remembered()
        self.remember(self.next_code(secret), self.another_browser())
        self.security_page()
        self.browser.press("Forget all")
        self.assertFalse(self.site.ask("status", "ada").get("devices"))
        self.assertTrue(self.is_asked())

    @for_proof
    def test_over_with_the_factor(self):
        secret, _ = self.remembered()
        self.browser.press("Set up a new phone")
        self.enter(self.next_code(secret), button="Continue")
        secret = self.secret_in(self.browser.scan())
        self.enter(self.code(secret), button="Confirm")
        self.assertEqual(self.browser.heading, "Your backup codes")
        self.assertTrue(self.is_asked())

    @for_proof
    def test_over_when_it_was_switched_off(self):
        secret, _ = self.remembered()
        self.browser.press("Disable")
        self.enter(self.next_code(secret), button="Disable")
        self.site.daemon.advance(600)
        self.enroll()
        self.assertTrue(self.is_asked())

    def test_stolen_cookie(self):
        secret, _ = self.remembered()
        stolen, = self.device_cookie()
        for _ in range(2):
            self.assertFalse(self.is_asked())
            self.site.daemon.advance(3600)
        # The owner has used it since: the thief's copy ends it for both, and the owner is told.
        thief = self.another_browser()
        thief.open(self.site.url + "/login")
        thief.driver.add_cookie(stolen)
        self.assertTrue(self.is_asked(browser=thief))
        self.assertEqual(
            self.site.mails("ada")[0][0], "A browser that we remembered may have been copied")
        self.assertTrue(self.is_asked())
        self.enter(self.next_code(secret))
        self.assertIn("A browser that we remembered may have been copied.", self.browser.text)
        self.assertIn("A remembered browser was copied, so we forgot it.", self.browser.text)
        # Two browsers met it, and one thing has happened.
        self.assertEqual(self.browser.text.count("may have been copied"), 1)
        self.assertEqual(len(self.browser.elements(".notice a[href='/not-me']")), 1)

    @for_proof
    def test_without_totpd(self):
        """A remembered browser is no reason to let somebody in unasked."""
        self.remembered()
        self.browser.press("Log out")
        self.site.daemon.stop()
        self.log_in()
        self.assertIn("This is our fault, not yours", self.browser.problem)
        self.assertFalse(self.is_in())
        self.site.daemon.start()
        self.assertFalse(self.is_asked())

    @for_proof
    def test_activity(self):
        secret, codes = self.enrolled_and_in()
        self.log_in()
        self.enter(codes[0])
        events = [item.text for item in self.browser.elements(".activity li")]
        self.assertEqual(len(events), 2)
        self.assertIn("1 January 2026 at 00:00 UTC", events[1])
        self.assertIn("Two-factor authentication was set up.", events[1])
        self.assertIn("A backup code was used.", events[0])
        self.browser.press("Get new backup codes")
        self.enter(self.next_code(secret), button="Get new backup codes")
        self.browser.press("I have kept them")
        self.assertIn("New backup codes were made.", self.browser.text)
        self.browser.press("secure your account")
        self.assertEqual(self.browser.heading, "If this was not you")

    def test_local_times(self):
        """Times are those where the reader is, and UTC says so where there are no scripts."""
        self.enroll()
        self.browser.command("Emulation.setTimezoneOverride", timezoneId="Asia/Tokyo")
        self.log_in()
        self.site.daemon.advance(30)
        secret, _ = self.enroll("bob")
        self.log_in("bob")
        self.enter(self.next_code(secret))
        self.assertIn("On since 1 January 2026 at 09:00 GMT+9.", self.browser.text)
        self.browser.command("Emulation.setScriptExecutionDisabled", value=True)
        self.security_page()
        self.assertIn("On since 1 January 2026, 00:00 UTC.", self.browser.text)
