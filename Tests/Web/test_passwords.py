"""A new password, in a real browser: with a fresh code, whatever the way in was."""

import re

from proof import for_proof
from visits import PASSWORD, Visit


class PasswordTests(Visit):
    def test_new_password(self):
        secret, _ = self.enrolled_and_in()
        new = "three new words"
        self.browser.press("Change your password")
        self.change_password("wrong horse", new, "123456")
        self.assertIn("That password is not right.", self.browser.problem)
        self.change_password(PASSWORD, new, self.wrong_code(secret))
        self.assertIn("That code is not right.", self.browser.problem)
        self.change_password(PASSWORD, new, self.code(secret))
        self.assertIn("That code was used already.", self.browser.problem)
        self.change_password(PASSWORD, new, self.next_code(secret))
        self.assertIn("You have a new password.", self.browser.text)
        # Who has just done it is not told.
        self.assertNotIn("Your password was changed", self.browser.text)
        self.assertEqual(self.site.mails("ada")[0][0], "Your password was changed")
        self.log_in()
        self.assertIn("or password is not right", self.browser.problem)
        self.log_in(password=new)
        self.assertEqual(self.browser.path, "/login/code")

    def change_password(self, old, new, code):
        self.browser.type("password", old)
        self.browser.type("new", new)
        if code:
            self.browser.type("code", code)
        self.browser.press("Change password")

    @for_proof
    def test_forgotten_password(self):
        """A link from the mailbox and a code; the link alone is not enough."""
        secret, _ = self.enroll()
        self.browser.open(self.site.url + "/login/link")
        self.browser.type("email", "ada@example.org")
        self.browser.press("E-mail me a link")
        self.browser.open(re.search(r"http://\S+", self.site.mails("ada")[0][1]).group())
        self.browser.press("Log in")
        self.browser.open(self.site.url + "/settings/password")
        self.assertEqual(self.browser.path, "/login")
        self.browser.open(self.site.url + "/login/code")
        self.enter(self.next_code(secret))
        self.browser.press("Change your password")
        self.assertEqual(self.browser.elements("#password"), [])
        self.browser.type("new", "three new words")
        self.browser.type("code", self.next_code(secret))
        self.browser.press("Change password")
        self.assertIn("You have a new password.", self.browser.text)

    @for_proof
    def test_new_password_without_a_second_factor(self):
        self.log_in()
        self.browser.press("Change your password")
        self.assertEqual(self.browser.elements("#code"), [])
        self.assertNotIn("code", self.browser.text)
        self.browser.run("document.getElementById('new').minLength = 0")
        self.change_password(PASSWORD, "too short", None)
        self.assertEqual(
            self.browser.problem, "That password is too short. Use at least 12 characters. Three"
            " random words are a good password.")
        self.assertNotIn("code", self.browser.text)
        self.site.daemon.stop()
        self.change_password(PASSWORD, "three new words", None)
        self.assertIn("That does not work right now.", self.browser.problem)
        self.assertNotIn("code", self.browser.text)
        self.site.daemon.start()
        self.change_password(PASSWORD, "three new words", None)
        self.assertIn("You have a new password.", self.browser.text)
