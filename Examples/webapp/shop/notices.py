"""What the shop tells people about their account, by e-mail and at their next login. Never put a
code or a secret into a notice."""

import time

import flask

from . import browser, words

# What the owner may well have done: said in passing.
CALM = {
    "enabled": (
        "Two-factor authentication is on",
        "From now on, logging in asks for a code from your authenticator app."),
    "new phone": (
        "Your authenticator app was set up anew",
        "Codes from the old phone no longer work. Neither do the old backup codes."),
    "another authenticator": (
        "You have one more authenticator", "A code from any of your authenticators works."),
    "authenticator removed": (
        "An authenticator was removed", "Its codes no longer work. Those from the others do."),
    "backup codes": ("You have new backup codes", "The old ones no longer work."),
    "disabled": (
        "Two-factor authentication is off", "Logging in no longer asks for a code."),
    "password": ("Your password was changed", "Other browsers were logged out."),
    "help": (
        "You asked for help with logging in",
        "Support will call you on the number we know. We never ask for a code. Whoever does is not"
        " us."),
    "guesses": (
        "Wrong codes were typed for your account",
        "Five codes in a row were wrong. If they were not yours, somebody has your password or"
        " reads your e-mail. They did not get in."),
}
# What the owner has not done.
ALARMING = {
    "stolen device": (
        "A browser that we remembered may have been copied",
        "Two browsers used a cookie that only one of them should have. We no longer remember"
        " either of them. If one was not yours, look for malware on the other."),
    "reset": (
        "Support switched your two-factor authentication off",
        "You asked for it, and we checked that it was you. Set it up again on your security page."),
}
NOTICES = {**CALM, **ALARMING}
UNLESS = "If this was you, there is nothing to do. If this was not you, secure your account now:"
# For what support has done: then it is support that must hear of it.
UNLESS_ASKED = "If this was not you, contact support at once."


def link():
    """The page for people who did not do it."""
    return flask.current_app.shop.url + flask.url_for("attacked.steps")


def did(connection, person, kind):
    """A notice of what this session has done."""
    session = flask.g.session["hash"] if flask.g.session is not None else None
    send(connection, person, kind, link(), browser.label(), session)


def send(connection, person, kind, url=None, place=None, session=None):
    """A notice: by e-mail, and on the page after the next login."""
    subject, text = NOTICES[kind]
    now = int(time.time())
    done = f"{words.moment(now)}" + (f", in {place}" if place else "")
    unless = f"{UNLESS}\n{url}" if url else UNLESS_ASKED
    write(connection, person, subject, f"{text}\n\n{done}.\n\n{unless}", now,
          kind, place, session)


def send_link(connection, person, url):
    write(
        connection, person, "Your login link",
        f"{url}\n\nIt works once, for 15 minutes. If you did not ask for it, do nothing.",
        int(time.time()))


def write(connection, person, subject, body, now, kind=None, place=None, session=None):
    # A real shop hands this to its mail server.
    connection.execute(
        "INSERT INTO mail (person, subject, body, sent_at, kind, place, session)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (person, subject, body, now, kind, place, session))


def move(connection, old, new):
    """The login that `old` began goes on as `new`."""
    connection.execute("UPDATE mail SET session = ? WHERE session = ?", (new, old))


def is_waiting(connection, person, kind):
    """Whether the person has been told already, and has not seen it yet."""
    return connection.execute(
        "SELECT 1 FROM mail WHERE person = ? AND kind = ? AND NOT is_seen", (person, kind)
    ).fetchone() is not None


def unseen(connection, person, session):
    """The notices since the last time, but for what this session did: the calm ones and the others.
    From now on they are seen."""
    rows = connection.execute(
        "UPDATE mail SET is_seen = 1 WHERE person = ? AND kind IS NOT NULL AND NOT is_seen"
        " AND session IS NOT ? RETURNING kind, subject, sent_at, place, id",
        (person, session)).fetchall()
    rows = sorted(rows, key=lambda row: row["id"])
    return ([row for row in rows if row["kind"] in CALM],
            [row for row in rows if row["kind"] not in CALM])
