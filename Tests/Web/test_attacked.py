"""Where "If this was not you" leads, in a real browser: whether somebody attacked is in, half in, or
out, the page has the next step."""

import re

from proof import for_proof
from visits import Visit


class AttackedTests(Visit):
    def to_page(self):
        self.browser.open(self.site.url + "/not-me")
        self.assertEqual(self.browser.heading, "If this was not you")

    def test_from_the_e_mail(self):
        """Somebody in the account has changed it: the owner is told, and the link leads there."""
        secret, _ = self.enroll()
        thief = self.another_browser()
        self.log_in(browser=thief)
        self.enter(self.next_code(secret), thief)
        thief.press("Get new backup codes")
        self.enter(self.next_code(secret), thief, button="Get new backup codes")
        thief.press("I have kept them")
        self.assertNotIn("You have new backup codes", thief.text)

        subject, body = self.site.mails("ada")[0]
        self.assertEqual(subject, "You have new backup codes")
        self.assertIn("If this was you, there is nothing to do.", body)
        self.log_in()
        self.enter(self.next_code(secret))
        note = self.browser.element("[aria-label='Since your last login']")
        self.assertIn("You have new backup codes.", note.text)
        self.assertIn("in Chrome on Linux", note.text)
        # What the owner may have done is not shown as an alarm.
        self.assertEqual(self.browser.elements(".notice"), [])
        self.browser.open(re.search(r"http://\S+", body).group())
        for step in ("Log everybody else out.", "Change your password.",
                     "Set up your authenticator app anew.", "Secure your e-mail."):
            self.assertIn(step, self.browser.text)

        self.assertTrue(self.is_in(thief))
        self.browser.press("Log out everywhere else")
        self.assertIn("You are logged out everywhere else", self.browser.text)
        self.assertFalse(self.is_in(thief))
        self.assertTrue(self.is_in())
        self.to_page()
        self.browser.press("Set up a new phone")
        self.enter(self.next_code(secret), button="Continue")
        new = self.secret_in(self.browser.scan())
        self.enter(self.code(new), button="Confirm")
        self.log_in(browser=thief)
        self.enter(self.next_code(secret), thief)
        self.assertIn("That code is not right.", thief.problem)

    @for_proof
    def test_remembered_browsers_are_asked_again(self):
        secret, _ = self.enroll()
        thief = self.another_browser()
        for browser in (thief, self.browser):
            self.log_in(browser=browser)
            browser.element("[name=remember]").click()
            self.enter(self.next_code(secret), browser)
        self.to_page()
        self.browser.press("Log out everywhere else")
        for browser in (thief, self.browser):
            self.log_in(browser=browser)
            self.assertEqual(browser.path, "/login/code")

    @for_proof
    def test_without_totpd_it_does_not_say_done(self):
        self.enrolled_and_in()
        self.to_page()
        self.site.daemon.stop()
        self.browser.press("Log out everywhere else")
        self.assertIn("That does not work right now.", self.browser.problem)
        self.assertNotIn("You are logged out", self.browser.text)
        self.site.daemon.start()

    @for_proof
    def test_out(self):
        self.to_page()
        self.assertIn("+1 202 555 0100", self.browser.text)
        self.browser.press("get a login link")
        self.assertEqual(self.browser.heading, "Get a login link")
        self.to_page()
        self.browser.press("log in")
        self.assertEqual(self.browser.path, "/login")

    @for_proof
    def test_somebody_elses_phone_is_set_up(self):
        """The first factor works, no code does: support is told what has happened."""
        self.enroll()
        self.log_in()
        self.browser.press("Somebody else may have been in my account")
        self.assertIn("only support can help", self.browser.text)
        self.browser.press("Contact support")
        number = re.search(r"has the number (\d+)", self.browser.text).group(1)
        self.assertFalse(self.is_in())
        self.assertTrue(self.site.ask("status", "ada")["enrolled"])
        self.assertIn("somebody else in the account\n", self.site.support("list").stdout)
        self.assertIn("somebody else in the account", self.site.support("show", number).stdout)

    @for_proof
    def test_without_a_second_factor(self):
        self.log_in()
        self.to_page()
        self.assertNotIn("Set up your authenticator app anew.", self.browser.text)
        self.browser.press("Enable two-factor authentication")
        self.assertEqual(self.browser.heading, "Enable two-factor authentication")
