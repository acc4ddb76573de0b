"""Logging in: the first factor, then the code. Every way in goes
through `after_first_factor`. Only a clear answer of totpd means "needs no code"."""

import hashlib
import secrets
import time

import flask

from . import (
    attacked, browser, codes, database, devices, known, limits, notices, people, sessions, web,
    words)

pages = flask.Blueprint("signin", __name__)

LINK_SECONDS = 15 * 60


def totpd():
    return flask.current_app.totpd


def after_first_factor(person, is_by_link=False):
    """The one way from the first factor on, whatever the first factor was."""
    # A new session, which opens the code page alone: an old cookie is worth nothing from here on.
    sessions.begin("half", person, is_by_link)
    return code_or_account(person)


def code_or_account(person):
    # Only a clear "has none" lets somebody in without a code. No answer is a reason to ask.
    status = totpd().ask({"op": "status", "user": person})
    if status["ok"] and status.get("enrolled") is False:
        return enter(person)
    device = devices.trusted(person)
    if device is not None:
        return enter(person, device)
    return flask.redirect(flask.url_for("signin.code"))


def enter(person, device=None, wrong_codes=None):
    half = flask.g.session["hash"]
    sessions.begin("full", person, flask.g.session["is_by_link"], device, wrong_codes)
    # Somebody's own wrong codes, a minute ago, are no news to them.
    notices.move(database.current(), half, flask.g.session["hash"])
    return flask.redirect(flask.url_for("security.overview"))


@pages.get("/login")
def password():
    done = words.DONE.get(flask.request.args.get("done"))
    return web.page("login.html", email="", done=done)


@pages.post("/login")
def check_password():
    email = flask.request.form.get("email", "").strip()
    refusal = limits.refuse_password(email)
    if refusal is not None:
        return web.page("login.html", refusal, email=email)
    person = people.with_password(
        database.current(), email, flask.request.form.get("password", ""))
    if person is None:
        return web.page("login.html", {"ok": False, "error": "sign in"}, email=email)
    limits.password_was_right(email)
    return after_first_factor(person["id"])


@pages.get("/login/link")
def ask_for_link():
    return web.page("link-ask.html")


@pages.post("/login/link")
def send_link():
    email = flask.request.form.get("email", "").strip()
    refusal = limits.refuse_mail(email)
    if refusal is not None:
        return web.page("link-ask.html", refusal)
    connection = database.current()
    person = people.with_email(connection, email)
    if person is not None:
        token = secrets.token_urlsafe(32)
        connection.execute(
            "INSERT INTO link (hash, person, expires_at) VALUES (?, ?, ?)",
            (hash_of(token), person["id"], int(time.time()) + LINK_SECONDS))
        url = flask.current_app.shop.url + flask.url_for("signin.link", token=token)
        notices.send_link(connection, person["id"], url)
    # The same words whether the address is known or not.
    return flask.redirect(flask.url_for("signin.password", done="link"))


@pages.get("/login/link/<token>")
def link(token):
    # Looking at it does not use it up: mail programs look at links before people do.
    return web.page("link-use.html", token=token)


@pages.post("/login/link/<token>")
def use_link(token):
    connection = database.current()
    # One statement: of two who send it at the same time, one finds it.
    used = connection.execute(
        "DELETE FROM link WHERE hash = ? RETURNING person, expires_at", (hash_of(token),)
    ).fetchone()
    if used is None or used["expires_at"] <= time.time():
        return flask.render_template("link-gone.html"), 410
    # A link is a first factor and no more: who intercepted it stands before the code page.
    return after_first_factor(used["person"], is_by_link=True)


@pages.get("/login/code")
def code():
    person = sessions.person("half")
    if person is None:
        return flask.redirect(flask.url_for("signin.password"))
    return web.page("code.html", is_backup="backup" in flask.request.args)


@pages.post("/login/code")
def check_code():
    person = sessions.person("half")
    if person is None:
        return flask.redirect(flask.url_for("signin.password"))
    wish = {"remember": True, "label": browser.label()} if "remember" in flask.request.form else {}
    reply = codes.ask("verify", person, **wish, **known.fields(person))
    if reply["ok"]:
        if "device" in reply:
            devices.keep(person, reply["device"], reply["device_expires_in"])
        known.keep(person, reply)
        return enter(person, reply.get("device_id"), reply.get("wrong_codes"))
    if reply.get("error") == "not_enrolled":
        # Switched off while this page was open, by support or in another browser.
        return code_or_account(person)
    if reply.get("error") == "wrong_code" and "retry_after" in reply:
        notices.did(database.current(), person, "guesses")
    return web.page(
        "code.html", reply, is_backup="is_backup" in flask.request.form, remember=bool(wish))


@pages.route("/login/help", methods=["GET", "POST"])
def help_me():
    """Lost everything. The shop only notes that somebody asks: what support does about it happens
    elsewhere (support.py), where this site cannot reach."""
    person = sessions.person("half", "full")
    number, refusal = None, None
    if person is not None and flask.request.method == "POST":
        number, refusal = attacked.request_help(person, "lost")
    return web.page("help.html", refusal, number=number, may_ask=person is not None)


@pages.post("/logout")
def log_out():
    sessions.end()
    return flask.redirect(flask.url_for("signin.password", done="out"))


def hash_of(token):
    return hashlib.sha256(token.encode()).hexdigest()
