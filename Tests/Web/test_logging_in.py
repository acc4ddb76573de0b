"""Logging in, in a real browser: with every kind of code, every no and its words, intercepted
links, two browsers at once, and without totpd."""

import concurrent.futures
import re

from selenium.webdriver.common.action_chains import ActionChains

import authenticator
from proof import for_proof
from visits import PASSWORD, Visit


class LoggingInTests(Visit):
    @for_proof
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
        self.assertEqual(
            self.browser.problem, "That backup code is not right. Compare each letter and digit with"
            " your list. Each backup code works once: use one that you have not used yet. Only your"
            " newest list works.")
        # `status` counts the tries of strangers; this browser is known since its first login.
        self.enter("k3vp-9m2x")
        self.assertIn("A backup code has 13 letters and digits", self.browser.problem)
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
                self.browser.problem, "This does not look like a code. Type the 6 digits that your"
                " authenticator app shows, or one of your backup codes.")
        self.enter(self.next_code(secret))
        self.assertTrue(self.is_in())

    def test_too_many_wrong_codes(self):
        secret, codes = self.enroll()
        self.log_in()
        for left in ("4 tries", "3 tries", "2 tries", "1 try"):
            self.enter(self.wrong_code(secret))
            self.assertEqual(
                self.browser.problem, "That code is not right. Type the code that your app shows"
                " now. If no code works, check that your phone sets its clock automatically."
                f" You have {left} left. After that you have to wait.")
        told = len(self.site.mails("ada"))
        self.enter(self.wrong_code(secret))
        self.assertEqual(
            self.browser.problem, "That code is not right. There were too many wrong codes. Try"
            " again in 30 seconds.")
        subject, body = self.site.mails("ada")[0]
        self.assertEqual(subject, "Wrong codes were typed for your account")
        self.assertIn("in Chrome on Linux", body)
        self.assertIn("If this was you, there is nothing to do.", body)
        self.assertIn(self.site.url + "/not-me", body)
        self.assertEqual(len(self.site.mails("ada")), told + 1)
        self.site.daemon.advance(29)
        self.enter(self.code(secret))
        self.assertEqual(
            self.browser.problem, "Too many wrong codes. Try again in 1 second. Until then we check"
            " no code, not even a right one.")
        self.site.daemon.advance(1)
        self.enter(self.wrong_code(secret))
        self.assertIn("Try again in 1 minute.", self.browser.problem)

        # Codes of the app wait; backup codes have a budget of their own.
        self.enter(codes[0])
        self.assertTrue(self.is_in())
        # Ada's own mistakes, a minute ago, are no news to her.
        self.assertNotIn("Wrong codes", self.browser.text)

    def test_number_of_wrong_codes(self):
        """A guesser who is never felt is told of all the same, once."""
        secret, _ = self.enrolled_and_in()
        self.assertNotIn("tried since your last login", self.browser.text)
        for count, words in ((1, "1 wrong code was tried"), (4, "4 wrong codes were tried")):
            thief = self.another_browser()
            self.log_in(browser=thief)
            for _ in range(count):
                self.enter(self.wrong_code(secret), thief)
            self.log_in()
            self.enter(self.next_code(secret))
            self.assertIn(f"{words} since your last login.", self.browser.text)
            self.security_page()
            self.assertNotIn("tried since your last login", self.browser.text)

    def test_known_browser_beside_a_guesser(self):
        """Who guesses elsewhere neither holds up the owner nor locks the owner out."""
        secret, _ = self.enrolled_and_in()
        self.guess_until_locked(secret)
        self.log_in()
        self.enter(self.next_code(secret))
        self.assertTrue(self.is_in())
        elsewhere = self.another_browser()
        self.log_in(browser=elsewhere)
        self.enter(self.next_code(secret), elsewhere)
        self.assertIn("Codes from your app are locked.", elsewhere.problem)

    @for_proof
    def test_somebody_elses_wrong_codes(self):
        secret, _ = self.enroll()
        thief = self.another_browser()
        self.log_in(browser=thief)
        for _ in range(5):
            self.enter(self.wrong_code(secret), thief)
        self.site.daemon.advance(30)
        self.log_in()
        self.enter(self.code(secret))
        self.assertIn("Wrong codes were typed for your account.", self.browser.text)
        self.assertTrue(self.is_in())
        self.assertNotIn("Wrong codes", self.browser.text)

    @for_proof
    def test_locked(self):
        secret, codes = self.enroll()
        self.guess_until_locked(secret)
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

    @for_proof
    def test_link_for_nobody(self):
        self.browser.open(self.site.url + "/login/link")
        self.browser.type("email", "nobody@example.org")
        self.browser.press("E-mail me a link")
        self.assertIn("If that address has an account here", self.browser.text)
        self.browser.open(self.site.url + "/mail")
        self.assertIn("Nothing yet.", self.browser.text)

    @for_proof
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
            used = "code was used already." if code.isdigit() else "code is not right."
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

    @for_proof
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
        self.assertIn("That does not work right now.", self.browser.problem)
        self.assertIn("We cannot tell right now whether it is on.", self.browser.text)
        # Nobody gets in, not even who has no second factor: nobody can say that.
        for name in ("ada", "bob"):
            self.browser.reset()
            self.log_in(name)
            self.assertIn("This is our fault, not yours", self.browser.problem)
            self.assertNotIn("code", self.browser.problem)
            self.assertFalse(self.is_in())
        self.site.daemon.start()
        # Nor when it goes away between the two factors.
        self.log_in("ada")
        self.site.daemon.stop()
        self.enter(authenticator.code(secret, self.site.daemon.now, 1))
        self.assertIn("We cannot check codes right now. This is our fault", self.browser.problem)
        self.assertFalse(self.is_in())
        self.site.daemon.start()
        self.log_in("bob")
        self.assertTrue(self.is_in())
        self.log_in("ada")
        self.enter(self.next_code(secret))
        self.assertTrue(self.is_in())

    @for_proof
    def test_reset_while_at_the_code_page(self):
        self.enroll()
        self.log_in()
        self.site.ask("reset", "ada", reason="lost phone")
        self.enter("123456")
        self.assertTrue(self.is_in())

    @for_proof
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

        self.assertIn("ada@example.org  lost phone\n", self.site.support("list").stdout)
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
