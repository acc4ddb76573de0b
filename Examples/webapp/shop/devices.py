"""Browsers that are remembered and need no code for a while. totpd says which; the browser carries
the token in a cookie. Set it only after a right code. It does not replace the password."""

import hashlib

import flask

from . import database, notices


def cookie_name(person, what="device"):
    # One for each person, since families share browsers.
    prefix = "__Host-" if flask.current_app.shop.secure_cookies else ""
    return f"{prefix}{what}-{hashlib.sha256(person.encode()).hexdigest()[:16]}"


def trusted(person):
    """The id of this browser if it is remembered for this person, or None. The token changes with
    each use."""
    token = flask.request.cookies.get(cookie_name(person))
    if not token:
        return None
    reply = flask.current_app.totpd.ask({"op": "trusted", "user": person, "device": token})
    if reply["ok"]:
        # Without a new token, another tab has just got it.
        if "device" in reply:
            keep(person, reply["device"], reply["expires_in"])
        return reply["device_id"]
    # No answer says nothing of the token.
    if reply.get("error") == "not_trusted":
        keep(person, "", 0)
        warn_of_theft(person)
    return None


def warn_of_theft(person):
    connection = database.current()
    if notices.is_waiting(connection, person, "stolen device"):
        return
    reply = flask.current_app.totpd.ask({"op": "history", "user": person})
    if reply["ok"] and reply["history"] and reply["history"][0]["what"] == "stolen_device":
        notices.send(connection, person, "stolen device", notices.link())


def keep(person, token, seconds):
    """With the next answer."""
    flask.g.device = (cookie_name(person), token, seconds)


def send_cookie(response):
    if "device" in flask.g:
        set_cookie(response, *flask.g.device)
    return response


def set_cookie(response, name, token, seconds):
    response.set_cookie(
        name, token, max_age=seconds, httponly=True, samesite="Lax", path="/",
        secure=flask.current_app.shop.secure_cookies)
