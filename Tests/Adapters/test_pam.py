"""pam_totpd, asked by pamtester: yes to the right code, once, and no to everything else."""

import os
import subprocess
import unittest

import authenticator
from host import UNAVAILABLE, WRONG, HostDaemon, log_in, race, service, stack, the_host
from proof import IS_PROOF

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
LOGINS = 100 if IS_PROOF else 24


class CodeTests(unittest.TestCase):
    def setUp(self):
        the_host()
        self.daemon = self.enterContext(HostDaemon(SECRET))
        # A busy machine is no daemon that is away.
        self.service = service(self.daemon.socket, "timeout=60")

    def refused(self, code, words=WRONG, user="ada", error="Authentication failure", **more):
        is_in, said = log_in(more.pop("service", self.service), user, code, **more)
        self.assertFalse(is_in, said)
        self.assertIn(words, said)
        self.assertIn(error, said)

    def let_in(self, code, **more):
        is_in, said = log_in(more.pop("service", self.service), "ada", code, **more)
        self.assertTrue(is_in, said)

    def now(self):
        return authenticator.code(SECRET, self.daemon.now)

    def test_right_code_once(self):
        wrong, = authenticator.wrong_codes(SECRET, self.daemon.now)
        self.refused(wrong)
        self.let_in(f"{self.now()[:3]} {self.now()[3:]}")
        self.refused(self.now(), "used already")
        self.refused(self.now(), user="bob")

    def test_backup_code_once(self):
        self.daemon.advance(30)
        made = self.daemon.ask(
            {"op": "backup_codes", "user": "ada", "code": self.now()}, as_admin=False)
        self.let_in(made["backup_codes"][0].upper())
        self.refused(made["backup_codes"][0])

    def test_what_is_no_code(self):
        for typed in ("", "12345", "hunter2", "1" * 65, "1" * 500, "12345ü", "\udcff23456",
                      '1","user":"eve', "%s%n%s%n", "\\", "123456\t"):
            self.refused(os.fsencode(typed).decode("latin-1") if typed[:1] == "\udcff" else typed)
        shown = self.daemon.ask({"op": "show", "app": "host", "user": "ada"})
        self.assertEqual(shown["totp"]["failures"], 0)

    def test_users_that_are_none(self):
        for user in ("nobody", "a" * 300, '","op":"hello', "ü", "-", " "):
            is_in, said = log_in(self.service, user, self.now())
            self.assertFalse(is_in, said)

    def test_five_wrong_codes(self):
        for wrong in authenticator.wrong_codes(SECRET, self.daemon.now, 5):
            self.refused(wrong)
        self.refused(self.now(), "Try again in 30 seconds")
        self.daemon.advance(30)
        self.let_in(self.now())

    def test_failures_are_charged_to_the_address(self):
        wrong = authenticator.wrong_codes(SECRET, self.daemon.now, 4)
        for code, address in zip(wrong, ("2001:db8::1%lo", "198.51.100.9", "laptop", "1.2.3")):
            self.refused(code, address=address)
        events = self.daemon.ask(
            {"op": "events", "app": "host", "user": "ada", "operation": "verify"})["events"]
        # A name is chosen by whoever owns the address, so it is no source.
        self.assertEqual([event.get("source") for event in events],
                         ["2001:db8::1%lo", "198.51.100.9", None, None])

    def test_nullok(self):
        stacks = {
            # What stands before has let in; the module has nothing to add.
            "required": ("required pam_permit.so", "required pam_totpd.so {}"),
            # Alone it is no login, not even as `sufficient`.
            "alone": ("required pam_totpd.so {}",),
            "sufficient": ("sufficient pam_totpd.so {}", "required pam_deny.so"),
        }
        for options in ("", " nullok"):
            for name, lines in stacks.items():
                socket = f"socket={self.daemon.socket}{options}"
                its_service = stack(*(line.format(socket) for line in lines))
                with self.subTest(name, options=options):
                    is_in, said = log_in(its_service, "bob", "123456")
                    self.assertEqual(is_in, name == "required" and options != "", said)
                    self.assertFalse(log_in(its_service, "ada", "")[0])
        self.daemon.stop()
        self.refused("123456", "cannot be checked", user="bob", error=UNAVAILABLE,
                     service=service(self.daemon.socket, "nullok"))

    def test_arguments(self):
        self.let_in(self.now(), service=service(self.daemon.socket, "app=host", "timeout=60"))
        for argument in ("nulok", "timeout=0", "timeout=61", "timeout=5s", "app=", "socket=x",
                         "nullok=1", "timeout="):
            self.refused(self.now(), words="", service=service(self.daemon.socket, argument),
                         error="Error in service module")
        self.refused(self.now(), "cannot be checked", error=UNAVAILABLE,
                     service=service(self.daemon.socket, "app=shop"))

    def test_one_code_many_logins(self):
        self.assertEqual(race(LOGINS, self.service, "ada", self.now()), 1)

    def test_wrong_codes_of_many_logins(self):
        wrong = authenticator.wrong_codes(SECRET, self.daemon.now)[0]
        self.assertEqual(race(LOGINS, self.service, "ada", wrong), 0)
        shown = self.daemon.ask({"op": "show", "app": "host", "user": "ada"})
        self.assertEqual(shown["totp"]["failures"], 5)

    def look_closely(self, typed, *way):
        return subprocess.run(
            [the_host().login, self.service, "ada", "192.0.2.7", *way], capture_output=True,
            input=bytes(byte ^ 0x55 for byte in typed.encode()), timeout=60)

    def test_no_code_stays_in_memory(self):
        typed = " " * 32 + "-".join(self.now())
        self.assertEqual(self.look_closely(typed, "keeps").returncode, 3)
        self.daemon.advance(30)
        typed = " " * 32 + "-".join(self.now())
        self.assertEqual(self.look_closely(typed).returncode, 0)
        for refused in (typed, "hunter2 and many words more", "x" * 400):
            self.assertEqual(self.look_closely(refused).returncode, 1, refused)
        self.daemon.stop()
        self.assertEqual(self.look_closely(typed).returncode, 1)
