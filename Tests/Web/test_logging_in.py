"""Logging in, in a real browser: with every kind of code, every no and its words, intercepted
links, two browsers at once, and without totpd."""

import concurrent.futures
import re

from selenium.webdriver.common.action_chains import ActionChains

import authenticator
from visits import PASSWORD, Visit


class LoggingInTests(Visit):
    def test_without_a_second_factor(self):
        self.log_in(password="wrong horse")
        self.assertIn("That e-mail address or password is not right.", self.browser.problem)
        known = self.browser.problem
        self.log_in("nobody")
        self.assertEqual(self.browser.problem, known)
        self.assertFalse(self.is_in())
        self.log_in()
        self.assertTrue(self.is_in())

    def test_asked_every_time(self):
        secret, _ = self.enroll()
        for _ in range(3):
            self.log_in()
            self.assertEqual(self.browser.path, "/login/code")
            code = self.next_code(secret)
            self.enter(f"{code[:3]} {code[3:]}")
            self.assertTrue(self.is_in())
            self.security_page()
            self.browser.press("Log out")
            self.assertIn("You are logged out.", self.browser.text)
            self.browser.driver.back()
            self.assertNotIn("Log out", self.browser.driver.page_source)

    def test_backup_code_in_the_same_field(self):
        _, codes = self.enroll()
        self.log_in()
        self.enter(codes[0].upper().replace("-", " "))
        self.assertTrue(self.is_in())
        self.log_in()
        self.browser.press("Use a backup code")
        self.enter(codes[0])
        self.assertIn("That code is not right.", self.browser.problem)
        # The page still is the one for backup codes.
        self.assertEqual(self.browser.element("label[for=code]").text, "Backup code")
        self.enter(codes[1])
        self.assertTrue(self.is_in())
        self.assertIn("8 of 10 left", self.browser.text)

    def test_what_is_no_code(self):
        secret, _ = self.enroll()
        self.log_in()
        for typed in ("12345", "123456789", "one two", "１２３４５６", "' OR 1=1", "<b>1</b>"):
            self.enter(typed)
            self.assertEqual(
                self.browser.problem, "That is no code. Type the digits that your app shows, or one"
                " of your backup codes.")
        self.enter(self.next_code(secret))
        self.assertTrue(self.is_in())

    def test_too_many_wrong_codes(self):
        secret, codes = self.enroll()
        self.log_in()
        for _ in range(4):
            self.enter(self.wrong_code(secret))
            self.assertEqual(
                self.browser.problem, "That code is not right. Type the code that your app shows"
                " now. If it keeps failing, check that the phone sets its clock by itself.")
        told = len(self.site.mails("ada"))
        self.enter(self.wrong_code(secret))
        self.assertEqual(
            self.browser.problem, "That code is not right. Those were too many wrong codes. Try"
            " again in 30 seconds.")
        self.assertEqual(self.site.mails("ada")[0][0], "Somebody tried to log in as you")
        self.assertEqual(len(self.site.mails("ada")), told + 1)
        self.site.daemon.advance(29)
        self.enter(self.code(secret))
        self.assertEqual(
            self.browser.problem, "Too many wrong codes. Try again in 1 second. Even the right code"
            " is not looked at before.")
        self.site.daemon.advance(1)
        self.enter(self.wrong_code(secret))
        self.assertIn("Try again in 1 minute.", self.browser.problem)

        # Codes of the app wait; backup codes have a budget of their own.
        self.enter(codes[0])
        self.assertIn("Somebody tried to log in as you.", self.browser.text)
        self.assertTrue(self.is_in())
        self.assertNotIn("Somebody tried to log in as you.", self.browser.text)

    def test_locked(self):
        secret, codes = self.enroll()
        guess = {"op": "verify", "user": self.site.people["ada"]}
        for _ in range(100):
            reply = self.site.daemon.ask({**guess, "code": self.wrong_code(secret)}, as_admin=False)
            self.site.daemon.advance(reply.get("retry_after", 0))
        self.log_in()
        self.enter(self.next_code(secret))
        self.assertEqual(
            self.browser.problem, "Codes from your app are locked. There were 100 wrong ones in a"
            " row. Use a backup code, or contact support.")
        self.assertFalse(self.is_in())
        self.log_in()
        self.enter(codes[0])
        self.assertIn("locked after 100 wrong ones", self.browser.text)
        self.browser.press("Set your phone up again")
        self.enter(codes[1], button="Continue")
        secret = self.secret_in(self.browser.scan())
        self.enter(self.code(secret), button="Confirm")
        self.assertEqual(self.browser.heading, "Your backup codes")
        self.log_in()
        self.enter(self.next_code(secret))
        self.assertTrue(self.is_in())

    def test_intercepted_link(self):
        secret, _ = self.enroll()
        self.browser.open(self.site.url + "/login")
        self.browser.press("E-mail me a login link instead")
        self.browser.type("email", "ada@example.org")
        self.browser.press("E-mail me a link")
        self.assertIn("If that address has an account here", self.browser.text)
        self.browser.open(self.site.url + "/mail")
        link = re.search(r"http://\S+/login/link/\S+", self.browser.text).group()

        thief = self.another_browser()
        thief.open(link)
        thief.press("Log in")
        self.assertEqual(thief.heading, "Enter your code")
        for path in ("/settings/security", "/settings/security/enable",
                     "/settings/security/disable", "/settings/security/new-phone"):
            thief.open(self.site.url + path)
            self.assertEqual(thief.path, "/login")
        thief.open(self.site.url + "/login/code")
        self.enter(self.wrong_code(secret), thief)
        self.assertIn("That code is not right.", thief.problem)
        self.assertFalse(self.is_in(thief))

        # It was the link's one use.
        self.browser.open(link)
        self.browser.press("Log in")
        self.assertEqual(self.browser.heading, "This link no longer works")
        self.assertFalse(self.is_in())

    def test_link_for_nobody(self):
        self.browser.open(self.site.url + "/login/link")
        self.browser.type("email", "nobody@example.org")
        self.browser.press("E-mail me a link")
        self.assertIn("If that address has an account here", self.browser.text)
        self.browser.open(self.site.url + "/mail")
        self.assertIn("Nothing yet.", self.browser.text)

    def test_two_browsers_with_the_same_code(self):
        secret, codes = self.enroll()
        browsers = [self.browser, self.another_browser()]
        for code in (self.next_code(secret), codes[0]):
            for browser in browsers:
                self.log_in(browser=browser)
                browser.type("code", code)
            with concurrent.futures.ThreadPoolExecutor(2) as pool:
                list(pool.map(lambda browser: browser.press("Log in"), browsers))
            problems = [browser.problem for browser in browsers if browser.heading != "Security"]
            self.assertEqual(len(problems), 1, "one of the two is in")
            used = "That code was used already." if code.isdigit() else "That code is not right."
            self.assertIn(used, problems[0])
            self.assertEqual([self.is_in(browser) for browser in browsers].count(True), 1)

    def test_pressed_twice(self):
        secret, _ = self.enroll()
        self.log_in()
        self.browser.type("code", self.next_code(secret))
        button = self.browser.element("main form button")
        self.browser.and_wait(
            lambda: ActionChains(self.browser.driver).double_click(button).perform())
        self.assertTrue(self.is_in())

    def test_stolen_code_after_its_owner(self):
        """Read over the shoulder, typed half a minute later."""
        secret, _ = self.enroll()
        self.log_in()
        code = self.next_code(secret)
        self.enter(code)
        thief = self.another_browser()
        self.log_in(browser=thief)
        self.site.daemon.advance(29)
        self.enter(code, thief)
        self.assertIn("That code was used already.", thief.problem)
        self.assertFalse(self.is_in(thief))

    def test_without_totpd(self):
        secret, _ = self.enroll()
        self.log_in("bob")
        self.assertTrue(self.is_in())
        self.site.daemon.stop()
        self.security_page()
        self.assertIn("We cannot check codes right now.", self.browser.problem)
        self.assertIn("We cannot tell right now whether it is on.", self.browser.text)
        # Nobody gets in, not even who has no second factor: nobody can say that.
        for name in ("ada", "bob"):
            self.browser.reset()
            self.log_in(name)
            self.assertIn("This is our fault, not yours", self.browser.problem)
            self.assertFalse(self.is_in())
        self.site.daemon.start()
        # Nor when it goes away between the two factors.
        self.log_in("ada")
        self.site.daemon.stop()
        self.enter(authenticator.code(secret, self.site.daemon.now, 1))
        self.assertIn("This is our fault, not yours", self.browser.problem)
        self.assertFalse(self.is_in())
        self.site.daemon.start()
        self.log_in("bob")
        self.assertTrue(self.is_in())
        self.log_in("ada")
        self.enter(self.next_code(secret))
        self.assertTrue(self.is_in())

    def test_reset_while_at_the_code_page(self):
        self.enroll()
        self.log_in()
        self.site.ask("reset", "ada", reason="lost phone")
        self.enter("123456")
        self.assertTrue(self.is_in())

    def test_old_page(self):
        """Left open while another window logged out and in again."""
        self.log_in()
        self.browser.press("Enable two-factor authentication")
        page = self.browser.driver.current_window_handle
        self.browser.driver.switch_to.new_window("tab")
        self.log_in()
        self.browser.driver.close()
        self.browser.driver.switch_to.window(page)
        self.browser.type("password", PASSWORD)
        self.browser.press("Continue")
        self.assertEqual(self.browser.heading, "That page was too old")
        self.assertFalse(self.site.ask("status", "ada")["pending"])

    def test_lost_everything(self):
        secret, _ = self.enroll()
        self.log_in()
        self.browser.press("I have lost my phone and my backup codes")
        for check in ("call you back", "identity document", "wait for a day"):
            self.assertIn(check, self.browser.text)
        self.browser.press("Contact support")
        number = re.search(r"has the number (\d+)", self.browser.text).group(1)
        self.assertEqual(self.site.mails("ada")[0][0], "You asked for help with logging in")
        # Asking has changed nothing.
        self.assertFalse(self.is_in())
        self.assertTrue(self.site.ask("status", "ada")["enrolled"])

        self.assertIn("ada@example.org", self.site.support("list").stdout)
        shown = self.site.support("show", number)
        self.assertIn("two-factor authentication is on", shown.stdout)
        self.assertIn("identity document", shown.stdout)
        checks = ["--checked", "called-back", "--checked", "document"]
        refused = self.site.support("reset", number, *checks)
        self.assertEqual(
            (refused.returncode, refused.stderr), (1, "support: not checked: waited\n"))
        self.assertTrue(self.site.ask("status", "ada")["enrolled"])
        done = self.site.support("reset", number, *checks, "--checked", "waited")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        again = self.site.support("reset", number, *checks, "--checked", "waited")
        self.assertEqual(again.returncode, 1)

        subject, body = self.site.mails("ada")[0]
        self.assertEqual(subject, "Support switched your two-factor authentication off")
        self.assertIn("If this was not you, contact support at once.", body)
        self.log_in()
        self.assertIn("Support switched your two-factor authentication off.", self.browser.text)
        self.assertTrue(self.is_in())
