"""Four ways in which a site can check a login's code, durably, each as a site would write it.

Each accepts a code once however many send it at once, and compares ten wrong codes of a user, or
as many as its library does, before it refuses.
"""

import os
import socket
import sys
import threading
import time
from base64 import b32decode

import django
import django_otp
import psycopg
import pyotp
import redis
from django.conf import settings
from django.core.management import call_command
from django.db import connections

ROOT = os.path.realpath(os.path.join(os.path.dirname(__file__), "../.."))
sys.path.insert(0, f"{ROOT}/Examples/clients")

import totpd  # noqa: E402

WRONG_MAX = 10
WRONG_SECONDS = 300


def matching_step(secret, code):
    """The step within one of the clock's that the code belongs to, or None."""
    totp = pyotp.TOTP(secret)
    step = int(time.time()) // 30
    for candidate in (step + 1, step, step - 1):
        if pyotp.utils.strings_equal(totp.at(candidate * 30), code):
            return candidate
    return None


class TotpdLogins:
    """totpd, through its own client. It has the secrets, the order of steps and the limits."""

    name = "totpd, its Python client"

    def __init__(self, directory):
        self.socket = f"{directory}/app.sock"
        self.admin = f"{directory}/admin.sock"

    def enrol(self, secrets):
        with socket.socket(socket.AF_UNIX) as admin:
            admin.connect(self.admin)
            replies = admin.makefile("r")
            for first in range(0, len(secrets), 100):
                numbers = range(first, min(first + 100, len(secrets)))
                admin.sendall("".join(
                    f'{{"op":"import","user":"u{n}","secret":"{secrets[n]}"}}\n' for n in numbers
                ).encode())
                for _ in numbers:
                    reply = replies.readline()
                    if not reply.startswith('{"ok":true'):
                        raise SystemExit(f"import: {reply}")

    def prepare(self):
        self.client = totpd.Totpd(self.socket)

    def login(self, user, code):
        return self.client.verify(f"u{user}", code)["ok"]


class RedisLogins:
    """PyOTP and Redis: a counter of tries that runs out, and a key for each used step."""

    name = "PyOTP and Redis"

    def __init__(self, directory):
        self.socket = f"{directory}/redis.sock"

    def prepare(self):
        self.client = redis.Redis(unix_socket_path=self.socket, decode_responses=True)

    def enrol(self, secrets):
        self.prepare()
        for first in range(0, len(secrets), 1000):
            part = enumerate(secrets[first:first + 1000], first)
            self.client.mset({f"secret:{user}": secret for user, secret in part})
        self.client.close()

    def login(self, user, code):
        # Charged before anything is compared.
        steps = self.client.pipeline(transaction=True)
        steps.incr(f"tries:{user}")
        steps.expire(f"tries:{user}", WRONG_SECONDS, nx=True)
        steps.get(f"secret:{user}")
        tries, _, secret = steps.execute()
        if tries > WRONG_MAX or secret is None:
            return False
        step = matching_step(secret, code)
        if step is None:
            return False
        # Of all who bring the code at once, one sets the key.
        return self.client.set(f"used:{user}:{step}", 1, nx=True, ex=120) is True


class PostgresLogins:
    """PyOTP and PostgreSQL: the user's row is locked until all is decided."""

    name = "PyOTP and PostgreSQL"

    def __init__(self, directory):
        self.conninfo = f"host={directory}/postgres user=totpd dbname=postgres"

    def prepare(self):
        self.local = threading.local()

    def connection(self):
        if not hasattr(self.local, "connection"):
            self.local.connection = psycopg.connect(self.conninfo)
        return self.local.connection

    def enrol(self, secrets):
        with psycopg.connect(self.conninfo) as connection:
            connection.execute(
                "CREATE TABLE totp (id int PRIMARY KEY, secret text NOT NULL, step bigint NOT NULL"
                " DEFAULT 0, tries int NOT NULL DEFAULT 0,"
                " since timestamptz NOT NULL DEFAULT now()) WITH (fillfactor = 70)")
            with connection.cursor().copy("COPY totp (id, secret) FROM STDIN") as copy:
                for row in enumerate(secrets):
                    copy.write_row(row)

    def login(self, user, code):
        connection = self.connection()
        with connection.transaction():
            secret, used, tries, is_over = connection.execute(
                "SELECT secret, step, tries, since < now() - %s * interval '1 second'"
                " FROM totp WHERE id = %s FOR UPDATE", (WRONG_SECONDS, user)).fetchone()
            if is_over:
                tries = 0
            if tries >= WRONG_MAX:
                return False
            step = matching_step(secret, code)
            if step is None or step <= used:
                connection.execute(
                    "UPDATE totp SET tries = %s, since = CASE WHEN %s = 1 THEN now() ELSE since"
                    " END WHERE id = %s", (tries + 1, tries + 1, user))
                return False
            connection.execute(
                "UPDATE totp SET step = %s, tries = 0 WHERE id = %s", (step, user))
            return True


class DjangoLogins:
    """django-otp by its documented call, which locks the device's row, on PostgreSQL."""

    name = "django-otp, `verify_token`"

    def __init__(self, directory):
        self.host = f"{directory}/postgres"

    def prepare(self):
        if not settings.configured:
            settings.configure(
                DATABASES={"default": {
                    "ENGINE": "django.db.backends.postgresql", "HOST": self.host,
                    "USER": "totpd", "NAME": "postgres", "CONN_MAX_AGE": None}},
                INSTALLED_APPS=[
                    "django.contrib.auth", "django.contrib.contenttypes", "django_otp",
                    "django_otp.plugins.otp_totp"],
                DEFAULT_AUTO_FIELD="django.db.models.AutoField", USE_TZ=True, SECRET_KEY="bench")
            django.setup()

    def enrol(self, secrets):
        self.prepare()
        from django.contrib.auth.models import User
        from django_otp.plugins.otp_totp.models import TOTPDevice

        call_command("migrate", verbosity=0)
        for first in range(0, len(secrets), 2000):
            part = list(enumerate(secrets[first:first + 2000], first + 1))
            User.objects.bulk_create(User(id=n, username=f"u{n}") for n, _ in part)
            TOTPDevice.objects.bulk_create(
                TOTPDevice(id=n, user_id=n, name="app", key=b32decode(secret).hex())
                for n, secret in part)
        # Processes that are forked must not share a connection.
        connections.close_all()

    def login(self, user, code):
        from django.contrib.auth.models import User  # Not before `django.setup`.

        # The site knows from its session who wants to log in.
        person = User(id=user + 1)
        device = f"otp_totp.totpdevice/{user + 1}"
        return django_otp.verify_token(person, device, code) is not None
