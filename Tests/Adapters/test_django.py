"""Examples/django in a site with django-otp and django-allauth: their pages, decorators and
middleware as they are, two processes at once, and what lies in the database."""

import base64
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import unittest

import authenticator
from daemon import ROOT, Daemon

FOLDER = tempfile.TemporaryDirectory(prefix="totpd-django-")
PATHS = [ROOT / "Examples/django", ROOT / "Examples/clients", ROOT / "Tests/Adapters/site"]
os.environ["SITE_DATABASE"] = os.path.join(FOLDER.name, "site.sqlite")
os.environ["DJANGO_SETTINGS_MODULE"] = "site_settings"
sys.path[:0] = map(str, PATHS)

import django

django.setup()

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import User
from django.core import checks
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.test import Client, override_settings
from django.test.utils import setup_test_environment
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from totpd_django.otp.models import TotpdDevice

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
PASSWORD = "correct horse"
THREADS = 25

setup_test_environment()
call_command("migrate", verbosity=0)


class DjangoTestCase(unittest.TestCase):
    numbers = iter(range(1, 1_000_000))

    def setUp(self):
        self.daemon = self.enterContext(Daemon())
        totpd = {"PATH": self.daemon.socket, "TIMEOUT": 30, "ISSUER": "Site"}
        self.enterContext(override_settings(TOTPD=totpd))
        name = f"ada{next(self.numbers)}"
        self.user = User.objects.create_user(
            name, f"{name}@example.org", PASSWORD, is_staff=True, is_superuser=True)
        self.client = Client(REMOTE_ADDR="192.0.2.7")

    def enrol(self):
        self.assertTrue(self.daemon.ask(
            {"op": "import", "user": str(self.user.pk), "secret": SECRET})["ok"])

    def code(self, secret=SECRET):
        return authenticator.code(secret, self.daemon.now)

    def wrong(self):
        return authenticator.wrong_codes(SECRET, self.daemon.now)[0]

    def failures(self):
        return self.daemon.ask({"op": "show", "user": str(self.user.pk)})["totp"]["failures"]

    def race(self, way, code=None, **environment):
        """How many of two processes with 25 threads each got a yes, and how many an error. Without
        a code it is the one of now, by the real clock: packages alone have no other."""
        environment = {**os.environ, "PYTHONPATH": ":".join(map(str, PATHS)),
                       "SITE_TOTPD": self.daemon.socket, **environment}
        processes = [subprocess.Popen(
            [sys.executable, ROOT / "Tests/Adapters/site/race.py", way, self.user.username,
             str(THREADS)], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True) for _ in range(2)]
        for process in processes:
            self.assertEqual(process.stdout.readline(), "ready\n")
        if code is None:
            # allauth takes the code of this step alone, so there must be time left in it.
            left = 30 - time.time() % 30
            time.sleep(left + 1 if left < 15 else 0)
            code = authenticator.code(SECRET, time.time())
        for process in processes:
            process.stdin.write(code + "\n")
            process.stdin.flush()
        said = [process.communicate(timeout=300)[0].split() for process in processes]
        return tuple(sum(int(words[at]) for words in said) for at in (0, 1))


class OtpTests(DjangoTestCase):
    ADMIN = "/admin/login/"

    def log_in(self, code="", device=None):
        """django-otp's own form in its own admin; whether the admin opens."""
        if device is None:
            device = TotpdDevice.objects.get_or_create(user=self.user)[0].persistent_id
        self.client.post(self.ADMIN, {
            "username": self.user.username, "password": PASSWORD, "otp_device": device,
            "otp_token": code, "next": "/admin/"})
        return self.client.get("/admin/").status_code == 200

    def test_admin_once(self):
        self.enrol()
        self.assertFalse(self.log_in())
        self.assertFalse(self.log_in(self.wrong()))
        self.assertTrue(self.log_in(f" {self.code()[:3]} {self.code()[3:]}"))
        self.assertEqual(self.client.get("/verified/").content.decode(), self.user.username)
        self.client.logout()
        self.assertFalse(self.log_in(self.code()))
        event = self.daemon.ask({"op": "events", "user": str(self.user.pk), "operation": "verify",
                                 "result": "wrong_code"})["events"][0]
        self.assertEqual(event["source"], "192.0.2.7")

    def test_password_alone_opens_nothing(self):
        self.enrol()
        self.client.force_login(self.user, "django.contrib.auth.backends.ModelBackend")
        self.assertEqual(self.client.get("/verified/").status_code, 302)
        self.assertEqual(self.client.get("/admin/").status_code, 302)

    def test_device_of_somebody_else(self):
        self.enrol()
        other = User.objects.create_user(f"other{self.user.pk}")
        device = TotpdDevice.objects.get_or_create(user=other)[0]
        self.assertFalse(self.log_in(self.code(), device.persistent_id))

    def test_totpd_is_away(self):
        self.enrol()
        right = self.code()
        self.daemon.stop()
        self.assertFalse(self.log_in(right))
        # Nobody is without a device because no answer came.
        self.assertTrue(TotpdDevice.objects.devices_for_user(self.user).exists())

    def test_row_that_is_gone(self):
        """Whoever can write to the database takes no factor off, and gives nobody one."""
        self.assertFalse(TotpdDevice.objects.devices_for_user(self.user).exists())
        TotpdDevice.objects.create(user=self.user)
        self.assertFalse(TotpdDevice.objects.devices_for_user(self.user).exists())
        self.assertFalse(self.log_in(self.code()))
        self.enrol()
        TotpdDevice.objects.all().delete()
        self.assertTrue(TotpdDevice.objects.devices_for_user(self.user, True).exists())
        self.assertFalse(TotpdDevice.objects.devices_for_user(self.user, False).exists())

    def test_setting_up(self):
        self.client.force_login(self.user, "django.contrib.auth.backends.ModelBackend")
        page = self.client.post("/set-up/", {"password": "wrong"})
        self.assertNotIn(b"<svg", page.content)
        page = self.client.post("/set-up/", {"password": PASSWORD})
        secret, = re.findall(r"Key: <code>(\w+)</code>", page.content.decode())
        self.assertIn("no-store", page["Cache-Control"])
        self.assertIn(b"not right", self.client.post(
            "/set-up/", {"confirm": "1", "code": self.wrong()}).content)
        page = self.client.post("/set-up/", {"confirm": "1", "code": self.code(secret)})
        codes = re.findall(r"<li><code>([^<]+)</code>", page.content.decode())
        self.assertEqual(len(codes), 10)
        self.assertTrue(self.log_in(codes[0]))
        # A new phone: only with a code of the old one.
        page = self.client.post("/set-up/", {"password": PASSWORD})
        self.assertIn(b"old app", page.content)
        page = self.client.post("/set-up/", {"password": PASSWORD, "code": codes[1]})
        self.assertIn(b"<svg", page.content)
        page = self.client.post("/backup-codes/", {"code": codes[2]})
        self.assertEqual(len(re.findall(r"<li><code>", page.content.decode())), 10)
        self.client.logout()
        self.assertFalse(self.log_in(codes[3]))
        self.assert_kept_nowhere(secret, codes)

    def assert_kept_nowhere(self, secret, codes):
        kept = pathlib.Path(os.environ["SITE_DATABASE"]).read_bytes().lower()
        raw = base64.b32decode(secret)
        for text in (secret, raw.hex(), base64.b64encode(raw).decode().rstrip("="), *codes):
            self.assertNotIn(text.lower().encode(), kept)
        self.assertNotIn(raw.lower(), kept)
        self.assertIn(self.user.username.encode(), kept)

    def test_race_of_two_processes(self):
        self.enrol()
        TotpdDevice.objects.get_or_create(user=self.user)
        self.assertEqual(self.race("match_token", self.code()), (1, 0))
        self.daemon.advance(30)
        self.assertEqual(self.race("match_token", self.wrong()), (0, 0))
        self.assertEqual(self.failures(), 5)

    def test_race_of_django_otp_alone(self):
        """What its documented call does, on SQLite: one yes as well."""
        TOTPDevice.objects.create(user=self.user, key=base64.b32decode(SECRET).hex())
        yes, errors = self.race("match_token")
        print(f"django-otp's match_token on SQLite: {yes} yes, {errors} errors of {2 * THREADS}")
        self.assertLessEqual(yes, 1)


class MovingInTests(DjangoTestCase):
    def device(self, **more):
        return TOTPDevice.objects.create(
            user=self.user, key=base64.b32decode(SECRET).hex(), **more)

    def move(self, *options):
        call_command("totpd_import", *options, admin_socket=self.daemon.admin_socket,
                     stdout=open(os.devnull, "w"), stderr=open(os.devnull, "w"))

    def setUp(self):
        super().setUp()
        TOTPDevice.objects.all().delete()

    def test_used_code_stays_used(self):
        now = int(time.time())
        device = self.device()
        used = authenticator.code(SECRET, now)
        self.assertTrue(device.verify_token(used))
        StaticDevice.objects.create(user=self.user)
        self.daemon.set_clock(now)
        self.move("--dry-run", "--remove")
        self.assertTrue(TOTPDevice.objects.exists())
        self.assertFalse(TotpdDevice.objects.devices_for_user(self.user).exists())
        self.move()
        self.move("--remove")
        self.assertFalse(TOTPDevice.objects.exists())
        self.assertFalse(StaticDevice.objects.filter(user=self.user).exists())
        device = TotpdDevice.objects.devices_for_user(self.user).get()
        self.assertFalse(device.verify_token(used))
        self.assertTrue(device.verify_token(authenticator.code(SECRET, now, 1)))

    def test_what_has_no_place(self):
        self.device(t0=7)
        TOTPDevice.objects.create(user=self.user, key="00" * 10)
        with self.assertRaises(CommandError):
            self.move("--remove")
        self.assertEqual(TOTPDevice.objects.count(), 2)
        self.assertFalse(TotpdDevice.objects.devices_for_user(self.user).exists())


class AllauthTests(DjangoTestCase):
    def begin(self):
        self.client.post("/accounts/login/", {"login": self.user.username, "password": PASSWORD})

    def is_in(self):
        return self.client.get("/home/").content.decode() == self.user.username

    def send(self, code):
        self.page = self.client.post("/accounts/2fa/authenticate/", {"code": code})
        return self.is_in()

    def test_login_once(self):
        self.enrol()
        self.begin()
        self.assertFalse(self.is_in())
        self.assertFalse(self.send(self.wrong()))
        self.assertIn(b"That code is not right", self.page.content)
        self.assertTrue(self.send(f" {self.code()}"))
        self.client.logout()
        self.begin()
        self.assertFalse(self.send(self.code()))
        self.assertIn(b"used already", self.page.content)

    def test_who_is_not_enrolled(self):
        self.begin()
        self.assertTrue(self.is_in())

    def test_totpd_is_away(self):
        self.enrol()
        right = self.code()
        self.daemon.stop()
        for user in (self.user, User.objects.create_user(f"bob{self.user.pk}", None, PASSWORD)):
            self.user = user
            self.begin()
            self.assertFalse(self.is_in())
            self.assertFalse(self.send(right))

    def test_setting_up_and_switching_off(self):
        self.begin()
        page = self.client.get("/accounts/2fa/totp/activate/", follow=True)
        if b"password" in page.content:
            page = self.client.post(page.request["PATH_INFO"] + "?next=/accounts/2fa/totp/activate/",
                                    {"password": PASSWORD}, follow=True)
        secret, = re.findall(r"Key: <code>(\w+)</code>", page.content.decode())
        self.assertIn(b"data:image/svg+xml", page.content)
        page = self.client.post("/accounts/2fa/totp/activate/", {"code": self.wrong()})
        self.assertNotIn(secret.encode(), page.content)
        self.assertIn(b"not right", page.content)
        self.client.post("/accounts/2fa/totp/activate/", {"code": self.code(secret)})
        shown = self.daemon.ask({"op": "show", "user": str(self.user.pk)})
        self.assertTrue(shown["enrolled"])
        row = Authenticator.objects.get(user=self.user)
        self.assertEqual(row.data, {"secret": "totpd has it"})
        OtpTests.assert_kept_nowhere(self, secret, ())

        # allauth's own check of that row lets nobody in.
        with self.assertRaises(PermissionDenied):
            row.wrap().validate_code("755224")

        # Nor does it keep a secret that something else of allauth brings.
        with self.assertRaises(PermissionDenied):
            row.wrap().activate(self.user, SECRET)

        self.daemon.advance(30)
        for code, is_on in ((self.wrong(), True), ("", True), (self.code(secret), False)):
            self.client.post("/accounts/2fa/totp/deactivate/", {"code": code})
            shown = self.daemon.ask({"op": "show", "user": str(self.user.pk)})
            self.assertEqual(shown["enrolled"], is_on)
            self.assertEqual(Authenticator.objects.filter(user=self.user).exists(), is_on)

    def test_race_of_two_processes(self):
        self.enrol()
        self.assertEqual(self.race("allauth and totpd", self.code()), (1, 0))
        self.daemon.advance(30)
        self.assertEqual(self.race("allauth and totpd", self.wrong()), (0, 0))
        self.assertEqual(self.failures(), 5)

    def test_race_of_allauth_alone(self):
        """What its own form does with Django's default cache, which is one for each process. It is
        the control, too: the race can let in more than one."""
        Authenticator.objects.create(user=self.user, type="totp", data={"secret": SECRET})
        yes, errors = self.race(
            "allauth", SITE_ADAPTER="allauth.mfa.adapter.DefaultMFAAdapter")
        print(f"allauth's form, Django's default cache: {yes} yes, {errors} errors of "
              f"{2 * THREADS}")
        self.assertEqual(yes, 2)


class SettingsTests(unittest.TestCase):
    def ids(self):
        return {problem.id for problem in checks.run_checks()}

    def test_what_would_weaken(self):
        self.assertEqual(self.ids() & {"totpd.E001", "totpd.E002", "totpd.E003", "totpd.E004"},
                         set())
        with override_settings(MFA_SUPPORTED_TYPES=["totp", "recovery_codes"]):
            self.assertIn("totpd.E001", self.ids())
        with override_settings(MFA_FORMS={"authenticate": settings.MFA_FORMS["authenticate"]}):
            self.assertIn("totpd.E002", self.ids())
        with override_settings():
            del settings.MFA_ADAPTER
            self.assertIn("totpd.E003", self.ids())
