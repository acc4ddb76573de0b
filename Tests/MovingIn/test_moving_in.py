"""The recipes of Examples/moving-in against the systems they come from: somebody logs in there, the
accounts move, and the code used there stays used while the next one works. It needs the real
programs, a temporary directory, and totpd's own binaries.

TOTPD_BIN names the directory of the binaries (default: .build/debug). Without PRIVACYIDEA, a Python
that has privacyIDEA, its test is skipped.
"""

import base64
import json
import os
import pathlib
import socket
import subprocess
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
RECIPES = ROOT / "Examples/moving-in"
BIN = pathlib.Path(os.environ.get("TOTPD_BIN", ROOT / ".build/debug"))
PRIVACYIDEA = os.environ.get("PRIVACYIDEA")
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
SECRET_HEX = base64.b32decode(SECRET).hex()


def run(*command, check=True, **options):
    """Runs a program to its end; its output as text."""
    done = subprocess.run(
        [str(word) for word in command], capture_output=True, text=True, timeout=120, **options
    )
    if check and done.returncode != 0:
        raise AssertionError(f"{command[0]}: {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done


def code(secret, later=0):
    """What the person's phone shows, or will show `later` steps from now."""
    moment = f"@{int(time.time()) + 30 * later}"
    return run("oathtool", "--totp", "-b", "-N", moment, secret).stdout.strip()


def settle():
    """Waits for the next step when this one ends soon: old and new system must see the same one."""
    left = 30 - time.time() % 30
    if left < 15:
        time.sleep(left)


class MovingIn(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = pathlib.Path(directory.name)
        self.keys = self.path("keys")
        self.keys.touch(mode=0o600)
        self.keys.write_text(run(BIN / "totpctl", "keygen").stdout)
        self.daemon = subprocess.Popen(
            [BIN / "totpd", "--state", self.path("state"), "--keys", self.keys,
             "--socket", self.path("app.sock"), "--admin-socket", self.path("admin.sock")],
            stderr=subprocess.PIPE, text=True)
        self.addCleanup(self.stop)
        for line in self.daemon.stderr:
            if "ready" in line:
                return
        self.fail("totpd did not start")

    def stop(self):
        self.daemon.terminate()
        self.daemon.communicate(timeout=30)

    def path(self, name):
        return self.directory / name

    def ask(self, **request):
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(10)
            connection.connect(str(self.path("app.sock")))
            connection.sendall(json.dumps(request).encode() + b"\n")
            return json.loads(connection.makefile().readline())

    def move(self, accounts):
        """Imports a list, after a dry run that must think well of it."""
        file = self.path("accounts.csv")
        file.write_text(accounts)
        for option in (["--dry-run"], []):
            run(BIN / "totpctl", "import", file, "--socket", self.path("admin.sock"), *option)

    def expect_moved(self, user, secret, used):
        """The code that was used in the old place is used, and the next one is good, once."""
        reply = self.ask(op="verify", user=user, code=used)
        self.assertEqual((reply["ok"], reply.get("error")), (False, "replayed"))
        following = code(secret, later=1)
        self.assertTrue(self.ask(op="verify", user=user, code=following)["ok"])
        self.assertEqual(self.ask(op="verify", user=user, code=following)["error"], "replayed")

    @unittest.skipUnless(os.geteuid() == 0, "PAM needs root")
    def test_google_authenticator_libpam(self):
        file = self.path("ada")
        run("google-authenticator", "-t", "-d", "-f", "-u", "-w", "3", "-q", "-s", file)
        secret = file.read_text().splitlines()[0]
        service = pathlib.Path("/etc/pam.d/totpd-moving-in")
        service.write_text(
            f"auth required pam_google_authenticator.so secret={file} user=root\n"
            "account required pam_permit.so\n")
        self.addCleanup(service.unlink)
        settle()
        used = code(secret)
        run("pamtester", service.name, "root", "authenticate", input=used + "\n")
        self.assertRegex(file.read_text(), '" DISALLOW_REUSE [0-9]+')

        listed = run(RECIPES / "google-authenticator", file)
        self.move(listed.stdout)
        self.expect_moved("root", secret, used)

    def test_google_authenticator_files_that_have_no_place(self):
        counter = self.path("counter")
        counter.write_text(f"{SECRET}\n\" HOTP_COUNTER 1\n")
        short = self.path("short")
        short.write_text("GEZDGNBVGY3TQOJQ\n\" TOTP_AUTH\n")
        link = self.path("link")
        link.symlink_to(counter)
        listed = run(RECIPES / "google-authenticator", counter, short, link)
        self.assertEqual(listed.stdout, "user,secret,period,last_step\n")
        for words in ("counter-based", "less than 16 bytes", "no regular file"):
            self.assertIn(words, listed.stderr)

    def test_django_otp(self):
        run("/usr/bin/django-admin", "startproject", "site_", self.directory)
        settings = self.path("site_/settings.py")
        settings.write_text(
            settings.read_text()
            + "\nINSTALLED_APPS += ['django_otp', 'django_otp.plugins.otp_totp']\n")

        def manage(*words, **options):
            return run("/usr/bin/python3", "manage.py", *words, cwd=self.directory, **options)

        manage("migrate", "-v", "0")
        settle()
        used = code(SECRET)
        made = f"""
from django.contrib.auth.models import User
from django_otp.plugins.otp_totp.models import TOTPDevice
ada = User.objects.create(username='ada', pk=42)
TOTPDevice.objects.create(user=ada, key='{"00" * 20}')
device = TOTPDevice.objects.create(user=ada, key='{SECRET_HEX}')
bob = User.objects.create(username='bob', pk=43)
TOTPDevice.objects.create(user=bob, key='{SECRET_HEX}', t0=7)
TOTPDevice.objects.create(user=bob, key='{SECRET_HEX}', confirmed=False)
print('verified' if device.verify_token('{used}') else 'refused')
"""
        self.assertIn("verified", manage("shell", input=made).stdout)

        listed = manage("shell", input=(RECIPES / "django-otp.py").read_text())
        self.assertIn("the user has a newer one", listed.stderr)
        self.assertIn("another moment than 1970", listed.stderr)
        self.move(listed.stdout)
        self.expect_moved("42", SECRET, used)
        self.assertFalse(self.ask(op="status", user="43")["enrolled"])

    @unittest.skipUnless(PRIVACYIDEA, "PRIVACYIDEA names no Python; TOTPD_PROOF=1 does")
    def test_privacyidea(self):
        tools = pathlib.Path(PRIVACYIDEA).parent
        config = self.path("pi.cfg")
        config.write_text(
            f"SQLALCHEMY_DATABASE_URI = 'sqlite:///{self.path('pi.sqlite')}'\n"
            "SUPERUSER_REALM = []\nSECRET_KEY = 'x'\nPI_PEPPER = 'x'\nPI_AUDIT_NO_SIGN = True\n"
            f"PI_ENCFILE = '{self.path('enckey')}'\nPI_LOGLEVEL = 40\n"
            # Else it lies where the test was started.
            f"PI_LOGFILE = '{self.path('log')}'\n")
        environment = os.environ | {"PRIVACYIDEA_CONFIGFILE": str(config)}
        for step in ("create_enckey", "create_tables"):
            run(tools / "pi-manage", "setup", step, env=environment)
        self.path("passwd").write_text("ada:x:1001:1001:Ada,,,,:/:/bin/sh\n")
        settle()
        used = code(SECRET)
        made = self.path("made.py")
        made.write_text(f"""
from privacyidea.app import create_app
with create_app(config_name='production', config_file='{config}', silent=True).app_context():
    from privacyidea.lib.realm import set_realm
    from privacyidea.lib.resolver import save_resolver
    from privacyidea.lib.token import init_token
    from privacyidea.lib.user import User
    save_resolver({{'resolver': 'r', 'type': 'passwdresolver', 'fileName': '{self.path("passwd")}'}})
    set_realm('realm', [{{'name': 'r'}}])
    token = init_token({{'type': 'totp', 'otpkey': '{SECRET_HEX}'}}, user=User('ada', realm='realm'))
    init_token({{'type': 'totp', 'otpkey': '{SECRET_HEX}'}})
    print('verified' if token.check_otp('{used}') >= 0 else 'refused')
""")
        self.assertIn("verified", run(PRIVACYIDEA, made, env=environment).stdout)

        exported = run(
            tools / "pi-tokenjanitor", "find", "export", "--format", "yaml", env=environment)
        listed = run(PRIVACYIDEA, RECIPES / "privacyidea.py", input=exported.stdout)
        self.assertIn("nobody owns it", listed.stderr)
        self.move(listed.stdout)
        self.expect_moved("ada", SECRET, used)


if __name__ == "__main__":
    unittest.main()
