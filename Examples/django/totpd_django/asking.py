"""One totpd client for each process, and what goes along with each request.

The settings, all optional:

    TOTPD = {"PATH": "/run/totpd/totpd.sock", "TIMEOUT": 5.0, "APP": None, "ISSUER": None}
"""

import functools
import os
import secrets

from django.conf import settings
from totpd import Totpd

from .source import current_source


def setting(name, default=None):
    return getattr(settings, "TOTPD", {}).get(name, default)


@functools.lru_cache(maxsize=8)
def client_of(_process, path, timeout):
    return Totpd(path, timeout)


def ask(op, user, **fields):
    """The reply, in which `ok` is True or False. The user is the primary key: names change hands."""
    app = setting("APP")
    if app:
        fields["app"] = app
    # Made after the server has forked: two processes must not share a connection.
    client = client_of(
        os.getpid(), setting("PATH", "/run/totpd/totpd.sock"), setting("TIMEOUT", 5.0))
    return client.ask({"op": op, "user": str(user.pk), **fields})


def with_code(code):
    """A code as it was typed, and what goes along: where it came from, and an attempt."""
    source = current_source()
    fields = {"code": code, "attempt": secrets.token_hex(16)}
    return {**fields, "source": source} if source else fields


def ask_with_code(op, user, code):
    return ask(op, user, **with_code(code))


def needs_code(user):
    """False only if totpd clearly says that the user is not enrolled. No answer is a True."""
    status = ask("status", user)
    return not (status["ok"] and status.get("enrolled") is False)


def enroll(user, label, issuer, **fields):
    """Begins a set-up: the reply has the secret, the URI and the QR code, or says why not."""
    shown = {"label": clean(label, 256), "issuer": clean(setting("ISSUER") or issuer, 64)}
    return ask("enroll", user, **{name: text for name, text in shown.items() if text},
               qr="svg", **fields)


def clean(text, bytes_max):
    """What an authenticator app can show: no colon, no control characters, not too long."""
    text = "".join(sign if sign.isprintable() and sign != ":" else " " for sign in text)
    return text.encode()[:bytes_max].decode(errors="ignore").strip()
