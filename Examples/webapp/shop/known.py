"""Browsers that totpd knows: each has wrong codes of its own, so that nobody who guesses elsewhere
keeps the owner out. The cookie lets nobody in, and stands for no code."""

import flask

from . import devices


def cookie_name(person):
    return devices.cookie_name(person, "known")


def fields(person):
    """What a `verify` says of this browser, and wants for it."""
    token = flask.request.cookies.get(cookie_name(person))
    return {"known": True, "browser": token} if token else {"known": True}


def keep(person, reply):
    """With the next answer. Each yes brings another token, but for one that is given again."""
    if "browser" in reply:
        flask.g.known = (cookie_name(person), reply["browser"], reply["browser_expires_in"])


def send_cookie(response):
    if "known" in flask.g:
        devices.set_cookie(response, *flask.g.known)
    return response
