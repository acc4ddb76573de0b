"""Sessions, kept by the server. A login has two steps, and so have its sessions: `half` after the
first factor opens the page that asks for the code and nothing else; `full` opens the account.

Each step up is a new session with a new cookie, so that a cookie somebody planted or saw before
the login is worth nothing after it. The level of an existing session never changes.
"""

import hashlib
import secrets
import time

import flask

from . import database

# Long enough to look for the phone; a working day.
SECONDS = {"visitor": 3_600, "half": 600, "full": 12 * 3_600}
CLEARED = ""


def cookie_name():
    # The prefix keeps subdomains and plain HTTP from setting it; browsers want TLS for that.
    return "__Host-session" if flask.current_app.shop.secure_cookies else "session"


def find():
    """Before each request: whose it is."""
    flask.g.session = None
    flask.g.session_cookie = None
    value = flask.request.cookies.get(cookie_name())
    if value:
        flask.g.session = row(hash_of(value))


def row(hashed):
    return database.current().execute(
        "SELECT session.*, person.name, person.email FROM session"
        " LEFT JOIN person ON person.id = session.person WHERE hash = ? AND expires_at > ?",
        (hashed, int(time.time())),
    ).fetchone()


def begin(level, person=None, is_by_link=False, device=None, wrong_codes=None):
    """A new session for this browser; the one it had is gone."""
    end()
    value = secrets.token_urlsafe(32)
    now = int(time.time())
    connection = database.current()
    connection.execute("DELETE FROM session WHERE expires_at <= ?", (now,))
    connection.execute(
        "INSERT INTO session (hash, person, level, csrf, is_by_link, device, wrong_codes,"
        " expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (hash_of(value), person, level, secrets.token_urlsafe(32), is_by_link, device,
         wrong_codes, now + SECONDS[level]),
    )
    flask.g.session_cookie = value
    flask.g.session = row(hash_of(value))


def wrong_codes():
    """How many codes were wrong before this login, or None. It is said once."""
    count = flask.g.session["wrong_codes"]
    if count is not None:
        database.current().execute(
            "UPDATE session SET wrong_codes = NULL WHERE hash = ?", (flask.g.session["hash"],))
    return count


def end():
    if flask.g.session is not None:
        database.current().execute(
            "DELETE FROM session WHERE hash = ?", (flask.g.session["hash"],)
        )
        flask.g.session = None
        flask.g.session_cookie = CLEARED


def end_others(connection, person, but=None):
    """When a factor changes, whoever else is logged in logs in again."""
    connection.execute(
        "DELETE FROM session WHERE person = ? AND hash IS NOT ?", (person, but)
    )


def person(*levels):
    """The id of the person whose session this is, if it has one of these levels, or None."""
    session = flask.g.session
    return session["person"] if session is not None and session["level"] in levels else None


def form_token():
    """What a form of this session carries to show that it is ours."""
    if flask.g.session is None:
        begin("visitor")
    return flask.g.session["csrf"]


def send_cookie(response):
    value = flask.g.get("session_cookie")
    if value == CLEARED:
        response.delete_cookie(cookie_name(), path="/")
    elif value is not None:
        response.set_cookie(
            cookie_name(), value, httponly=True, samesite="Lax", path="/",
            secure=flask.current_app.shop.secure_cookies,
        )
    return response


def hash_of(value):
    return hashlib.sha256(value.encode()).hexdigest()
