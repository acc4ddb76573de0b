"""How often passwords may be tried and links be sent, counted by totpd. Do not count codes here:
totpd does that by itself."""

import hashlib

import flask

# Ten wrong passwords at once for an account, and one more each minute; a hundred for an address,
# which may be an office.
ACCOUNT = {"max": 10, "per": 600}
ADDRESS = {"max": 100, "per": 600}
# Nobody's mailbox is flooded: login links, requests for help.
MAILS = {"max": 3, "per": 3_600}


def ask(key, **fields):
    return flask.current_app.totpd.ask({"op": "limit", "key": key, **fields})


def refuse_password(email):
    """Why this password is not looked at, or None. Also when nobody can tell: who may guess without
    a limit guesses right."""
    by_account = ask("password:" + digest(email), **ACCOUNT)
    if not by_account["ok"]:
        return named(by_account)
    by_address = ask("password", address=flask.request.remote_addr, **ADDRESS)
    return None if by_address["ok"] else named(by_address)


def password_was_right(email):
    """Whoever knows it is not counted."""
    ask("password:" + digest(email), reset=True, **ACCOUNT)


def refuse_mail(to):
    reply = ask("mail:" + digest(to), **MAILS)
    return None if reply["ok"] else named(reply)


def named(reply):
    """Told apart from too many codes: people read something else about passwords and mails."""
    return {**reply, "error": "tries"} if reply.get("error") == "throttled" else reply


def digest(typed):
    # Counted by what was typed, whether or not anybody has that address, and of bounded length.
    return hashlib.sha256(typed.lower().encode()).hexdigest()
