"""Settings, Security, in a real browser: on, a new phone, new backup codes, off."""

import os
import time
import urllib.parse

from selenium.webdriver.support.ui import WebDriverWait

from browser import LAPTOP, NARROW, PHONE
from proof import for_proof
from visits import PASSWORD, Visit


class SettingUpTests(Visit):
    def to_qr_code(self):
        self.log_in()
        self.browser.press("Enable two-factor authentication")
        self.browser.type("password", PASSWORD)
        self.browser.press("Continue")

    def test_enable(self):
        self.log_in()
        self.assertIn("Off", self.browser.element("#two-factor").text)
        self.browser.press("Enable two-factor authentication")
        for app in ("Google Authenticator", "Microsoft Authenticator", "Aegis", "Bitwarden"):
            self.assertIn(app, self.browser.text)
        self.browser.type("password", "wrong horse")
        self.browser.press("Continue")
        self.assertEqual(self.browser.problem, "That password is not right. Try again.")
        self.browser.type("password", PASSWORD)
        self.browser.press("Continue")

        # The phone sees what could be typed as well.
        uri = urllib.parse.urlsplit(self.browser.scan())
        fields = urllib.parse.parse_qs(uri.query)
        self.assertEqual((uri.scheme, uri.netloc), ("otpauth", "totp"))
        self.assertEqual(
            urllib.parse.unquote(uri.path), "/Example Shop:ada@example.org")
        self.assertEqual(fields["issuer"], ["Example Shop"])
        secret = fields["secret"][0]
        self.browser.element("summary").click()
        typed = self.browser.element("#secret").text
        self.assertEqual(typed.replace(" ", ""), secret)
        self.assertEqual({len(part) for part in typed.split()}, {4})

        # A wrong code takes nothing away.
        self.enter(self.wrong_code(secret), button="Confirm")
        self.assertIn("That code is not right.", self.browser.problem)
        self.assertIn("You have 4 tries left.", self.browser.problem)
        self.assertIn("What you scanned is still good.", self.browser.text)
        self.assertFalse(self.site.ask("status", "ada")["enrolled"])
        self.enter("123", button="Confirm")
        self.assertIn("This does not look like a code.", self.browser.problem)
        self.enter(self.code(secret), button="Confirm")
        self.assertEqual(self.browser.heading, "Your backup codes")
        codes = [item.text for item in self.browser.elements("#codes li")]
        self.assertEqual(len(set(codes)), 10)
        for advice in ("password manager", "write them down", "cannot show them again"):
            self.assertIn(advice, self.browser.text)
        self.browser.press("I have kept them")
        self.assertIn("On", self.browser.element("#two-factor").text)
        self.assertIn("10 of 10 left", self.browser.text)
        # Who has just done it is not told of it, nor warned.
        self.assertNotIn("Two-factor authentication is on.", self.browser.text)
        self.assertEqual(self.site.mails("ada")[0][0], "Two-factor authentication is on")

        # From now on a login asks for a code: not the one that confirmed.
        self.browser.press("Log out")
        self.assertFalse(self.is_in())
        self.log_in()
        self.assertEqual(self.browser.heading, "Enter your code")
        self.assertFalse(self.is_in())
        self.log_in()
        self.enter(self.code(secret))
        self.assertEqual(
            self.browser.problem, "That code was used already. Each code works once. Wait for the"
            " next code: your app shows it in 30 seconds.")
        self.enter(self.next_code(secret))
        self.assertTrue(self.is_in())
        self.browser.press("Log out")
        self.log_in()
        self.enter(codes[3])
        self.assertTrue(self.is_in())

    def test_keeping_backup_codes(self):
        self.to_qr_code()
        secret = self.secret_in(self.browser.scan())
        self.enter(self.code(secret), button="Confirm")
        codes = [item.text for item in self.browser.elements("#codes li")]

        path = os.path.join(self.browser.folder, "example-shop-backup-codes.txt")
        self.browser.element("a[download]").click()
        WebDriverWait(self.browser.driver, 30).until(lambda _: os.path.exists(path))
        with open(path) as file:
            kept = file.read()
        # Which site, which account, when: on paper years later, too.
        head = ("Example Shop", self.site.url, "ada@example.org", f"{time.gmtime().tm_year}")
        for part in (*head, "UTC\n", "\n\n" + "\n".join(codes) + "\n"):
            self.assertIn(part, kept)

        self.assertEqual(self.copied("[data-copy]").replace("\r", ""), kept)

        self.browser.run("window.print = () => { document.title = 'printed'; }")
        self.browser.element("[data-print]").click()
        self.assertEqual(self.browser.driver.title, "printed")
        self.browser.command("Emulation.setEmulatedMedia", media="print")
        self.assertTrue(self.browser.element("#codes").is_displayed())
        self.assertFalse(self.browser.element("header").is_displayed())
        for part in (*head, "Each code works once", *codes):
            self.assertIn(part, self.browser.text)
        self.browser.command("Emulation.setEmulatedMedia", media="")

        # They are shown once: not on any page that can be opened again.
        self.security_page()
        self.browser.driver.back()
        self.assertNotIn(codes[0], self.browser.driver.page_source)

    def test_found_again_after_a_reload(self):
        """A begun set-up is not lost: its code can be typed, or a new QR code be had."""
        self.to_qr_code()
        first = self.secret_in(self.browser.scan())
        self.browser.and_wait(self.browser.driver.refresh)
        self.assertIn("You have begun to set up your phone.", self.browser.text)
        self.assertNotIn(first, self.browser.driver.page_source)
        self.security_page()
        self.assertIn("You have begun to set up your phone.", self.browser.text)
        self.browser.press("Go on with it")
        self.browser.press("Show me a new QR code")
        self.browser.type("password", PASSWORD)
        self.browser.press("Continue")
        second = self.secret_in(self.browser.scan())
        self.assertNotEqual(second, first)
        self.enter(self.code(first), button="Confirm")
        self.assertIn("That code is not right.", self.browser.problem)
        self.browser.and_wait(self.browser.driver.refresh)
        self.enter(self.code(second), button="Confirm")
        self.assertEqual(self.browser.heading, "Your backup codes")
        # A reload here asks for nothing again, and complains of nothing.
        self.browser.and_wait(self.browser.driver.refresh)
        self.assertEqual((self.browser.heading, self.browser.problem), ("Security", None))
        # There is nothing to go on with any more.
        self.browser.open(self.site.url + "/settings/security/set-up")
        self.assertEqual(self.browser.heading, "Security")
        self.assertNotIn("You have begun", self.browser.text)

    @for_proof
    def test_new_phone_found_again_after_a_reload(self):
        secret, codes = self.enrolled_and_in()
        self.browser.press("Set up a new phone")
        self.enter(self.next_code(secret), button="Continue")
        first = self.secret_in(self.browser.scan())
        self.browser.and_wait(self.browser.driver.refresh)
        self.assertIn("You have begun to set up your new phone.", self.browser.text)
        self.browser.press("Show me a new QR code")
        self.assertIn("The QR code that you had stops working.", self.browser.text)
        self.enter(codes[0], button="Continue")
        second = self.secret_in(self.browser.scan())
        self.assertNotEqual(second, first)
        self.security_page()
        self.browser.press("Go on with it")
        self.enter(self.code(second), button="Confirm")
        self.assertEqual(self.browser.heading, "Your backup codes")

    @for_proof
    def test_form_sent_again_without_javascript(self):
        """Where a reload sends the form again, it ends at the begun set-up all the same."""
        secret, _ = self.enrolled_and_in()
        self.browser.command("Emulation.setScriptExecutionDisabled", value=True)
        self.browser.press("Set up a new phone")
        code = self.next_code(secret)
        self.enter(code, button="Continue")
        new = self.secret_in(self.browser.scan())
        self.browser.driver.back()
        self.enter(code, button="Continue")
        self.assertIn("That code was used already.", self.browser.problem)
        self.browser.press("Go on with it")
        self.enter(self.code(new), button="Confirm")
        self.assertEqual(self.browser.heading, "Your backup codes")
        self.browser.driver.back()
        self.enter(self.code(new), button="Confirm")
        self.assertIn("Your phone is set up already.", self.browser.text)

    def test_qr_code_is_in_sight(self):
        """On a phone and on a laptop, nobody scrolls to scan it; on a laptop, nor to type the code."""
        for size in (PHONE, LAPTOP, NARROW):
            for is_disabled in (False, True):
                self.browser.reset()
                self.browser.resize(size)
                self.browser.command("Emulation.setScriptExecutionDisabled", value=is_disabled)
                self.to_qr_code()
                self.browser.command("Emulation.setScriptExecutionDisabled", value=False)
                seen = self.browser.elements(".qr" if size != LAPTOP else ".qr, #code")
                for element in seen:
                    box = self.browser.run(
                        "const b = arguments[0].getBoundingClientRect();"
                        "return [b.top, b.left, innerHeight - b.bottom, innerWidth - b.right]",
                        element)
                    self.assertGreaterEqual(min(box), 0, f"{size} {element.tag_name}: {box}")
                self.browser.press("Cancel")

    def test_key_is_copied(self):
        self.to_qr_code()
        secret = self.secret_in(self.browser.scan())
        self.browser.element("summary").click()
        self.assertEqual(self.copied("[data-copy=secret]"), secret)

    @for_proof
    def test_cancelled_and_expired(self):
        self.to_qr_code()
        secret = self.secret_in(self.browser.scan())
        self.browser.press("Cancel")
        self.assertIn("Nothing has changed.", self.browser.text)
        self.assertFalse(self.site.ask("status", "ada")["pending"])

        self.to_qr_code()
        secret = self.secret_in(self.browser.scan())
        self.site.daemon.advance(600)
        self.enter(self.code(secret), button="Confirm")
        self.assertEqual(
            self.browser.problem,
            "That took more than ten minutes. Start again, and scan the new QR code.")
        self.site.ask("cancel", "ada")
        self.to_qr_code()
        self.site.ask("cancel", "ada")
        self.enter("123456", button="Confirm")
        self.assertIn("There is nothing to confirm.", self.browser.problem)

    @for_proof
    def test_enabled_in_another_window(self):
        self.log_in()
        self.browser.press("Enable two-factor authentication")
        self.enroll()
        self.browser.type("password", PASSWORD)
        self.browser.press("Continue")
        self.assertIn("Two-factor authentication is on already.", self.browser.problem)

    def test_new_phone_with_a_code_of_the_old(self):
        old, _ = self.enrolled_and_in()
        elsewhere = self.another_browser()
        self.log_in(browser=elsewhere)
        self.enter(self.next_code(old), elsewhere)
        self.assertTrue(self.is_in(elsewhere))

        self.browser.press("Set up a new phone")
        self.enter(self.wrong_code(old), button="Continue")
        self.assertIn("That code is not right.", self.browser.problem)
        self.enter(self.next_code(old), button="Continue")
        self.assertEqual(self.browser.heading, "Set up your new phone")
        new = self.secret_in(self.browser.scan())
        self.assertNotEqual(new, old)

        # The old one works until the new one is confirmed.
        third = self.another_browser()
        self.log_in(browser=third)
        self.enter(self.next_code(old), third)
        self.assertTrue(self.is_in(third))
        self.enter(self.code(new), button="Confirm")
        self.assertEqual(self.browser.heading, "Your backup codes")
        self.assertEqual(self.site.mails("ada")[0][0], "Your authenticator app was set up anew")
        self.assertTrue(self.is_in())
        self.assertFalse(self.is_in(elsewhere) or self.is_in(third))
        self.log_in(browser=elsewhere)
        self.enter(self.next_code(old), elsewhere)
        self.assertIn("That code is not right.", elsewhere.problem)
        self.enter(self.code(new), elsewhere)
        self.assertTrue(self.is_in(elsewhere))

    def test_tablet_beside_the_phone(self):
        phone, codes = self.enrolled_and_in()
        self.browser.press("Add an authenticator")
        self.browser.type("name", "Tablet")
        self.enter(self.wrong_code(phone), button="Continue")
        self.assertIn("That code is not right.", self.browser.problem)
        self.browser.type("name", "Tablet")
        self.enter(codes[0], button="Continue")
        tablet = self.secret_in(self.browser.scan())
        self.enter(self.code(tablet), button="Confirm")
        self.assertEqual(self.browser.heading, "Security")
        self.assertIn("Codes from your other authenticators work as before.", self.browser.text)
        self.assertEqual(self.site.mails("ada")[0][0], "You have one more authenticator")
        for secret in (phone, tablet):
            self.assertTrue(self.site.ask("verify", "ada", code=self.next_code(secret))["ok"])
        self.security_page()
        self.assertIn("Tablet", self.browser.text)
        self.browser.open(self.site.url + "/settings/security/remove?authenticator=2")
        self.assertEqual(self.browser.heading, "Remove Tablet")
        self.enter(codes[1], button="Remove")
        self.assertIn("Its codes no longer work.", self.browser.text)
        self.assertNotIn("Your authenticators", self.browser.text)

    @for_proof
    def test_new_phone_with_a_backup_code(self):
        _, codes = self.enrolled_and_in()
        self.browser.press("Set up a new phone")
        self.enter(codes[0], button="Continue")
        new = self.secret_in(self.browser.scan())
        self.enter(self.next_code(new), button="Confirm")
        shown = [item.text for item in self.browser.elements("#codes li")]
        self.assertFalse(set(shown) & set(codes))
        self.assertFalse(self.site.ask("verify", "ada", code=codes[1])["ok"])
        self.assertTrue(self.site.ask("verify", "ada", code=shown[0])["ok"])

    def test_new_backup_codes(self):
        secret, old = self.enrolled_and_in()
        self.browser.press("Get new backup codes")
        self.enter(self.code(secret), button="Get new backup codes")
        self.assertIn("That code was used already.", self.browser.problem)
        self.enter(self.next_code(secret), button="Get new backup codes")
        self.assertIn("The old ones no longer work.", self.browser.text)
        new = [item.text for item in self.browser.elements("#codes li")]
        self.assertEqual(len(set(new) - set(old)), 10)
        self.assertFalse(self.site.ask("verify", "ada", code=old[0])["ok"])
        self.assertTrue(self.site.ask("verify", "ada", code=new[0])["ok"])

    @for_proof
    def test_backup_codes_run_out(self):
        _, codes = self.enrolled_and_in()
        words = {4: None, 3: "Only 3 backup codes left.", 1: "Only 1 backup code left.",
                 0: "You have no backup codes left."}
        for left in range(9, -1, -1):
            self.assertTrue(self.site.ask("verify", "ada", code=codes[left])["ok"])
            if left in words:
                self.security_page()
                self.assertIn(f"{left} of 10 left", self.browser.text)
                warnings = [note.text for note in self.browser.elements(".warning")]
                advice = " Get new ones before you lose your phone."
                self.assertEqual(warnings, [words[left] + advice] if words[left] else [])

    @for_proof
    def test_disabled_in_another_window(self):
        secret, _ = self.enrolled_and_in()
        for path, button in (("disable", "Disable"), ("new-phone", "Continue"),
                             ("backup-codes", "Get new backup codes")):
            self.browser.open(f"{self.site.url}/settings/security/{path}")
            self.site.ask("reset", "ada", reason="lost phone")
            self.enter(self.next_code(secret), button=button)
            self.assertIn("Two-factor authentication is off.", self.browser.problem)
            self.assertIn("There is nothing to change.", self.browser.problem)

    def test_disable(self):
        secret, codes = self.enrolled_and_in()
        self.browser.press("Disable")
        self.enter(self.wrong_code(secret), button="Disable")
        self.assertIn("That code is not right.", self.browser.problem)
        self.assertTrue(self.site.ask("status", "ada")["enrolled"])
        self.enter(self.next_code(secret), button="Disable")
        self.assertIn("Two-factor authentication is off.", self.browser.text)
        self.assertIn("Off", self.browser.element("#two-factor").text)
        self.assertEqual(self.site.mails("ada")[0][0], "Two-factor authentication is off")
        self.browser.press("Log out")
        self.log_in()
        self.assertTrue(self.is_in())
        self.assertFalse(self.site.ask("verify", "ada", code=codes[0])["ok"])
