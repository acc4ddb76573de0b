"""Settings, Security: everything a person does with the second factor. What changes it needs a
code, and totpd checks that, not this site. It must never keep a secret or a code, nor put one into
a URL."""

import functools
import secrets

import flask

from . import database, notices, people, sessions, web, words

pages = flask.Blueprint("security", __name__, url_prefix="/settings/security")


def own(page):
    """For the person who is fully logged in, whose id the page gets."""
    @functools.wraps(page)
    def wrapped():
        person = sessions.person("full")
        if person is None:
            return flask.redirect(flask.url_for("signin.password"))
        return page(person)
    return wrapped


def ask(op, person, **fields):
    return flask.current_app.totpd.ask({"op": op, "user": person, **fields})


def ask_with_code(op, person, **fields):
    """What the person typed goes to totpd as it is, with the address that it came from. If the reply
    is lost it is asked again: what the lost one brought is void, and comes afresh."""
    return ask(
        op, person, code=flask.request.form.get("code", ""), source=flask.request.remote_addr,
        attempt=secrets.token_hex(16), **fields)


def changed(person, kind):
    """A factor has changed, or the password: the person is told, and other browsers log in again."""
    connection = database.current()
    notices.send(connection, person, kind)
    sessions.end_others(connection, person, but=flask.g.session["hash"])


def overview_with(**values):
    return flask.redirect(flask.url_for("security.overview", **values))


@pages.get("")
@own
def overview(person):
    status = ask("status", person)
    return web.page(
        "security.html", None if status["ok"] else status, status=status,
        history=ask("history", person).get("history", []),
        notices=notices.unseen(database.current(), person),
        done=words.DONE.get(flask.request.args.get("done")))


@pages.get("/enable")
@own
def enable(person):
    return web.page("enable.html")


@pages.post("/enable")
@own
def enroll(person):
    # Whoever found an open browser must not lock its owner out with a phone of his own.
    kept = people.get(database.current(), person)["password"]
    if not people.is_password(flask.request.form.get("password", ""), kept):
        return web.page("enable.html", {"ok": False, "error": "password"})
    return set_up(ask("enroll", person, **appearance()), "enable.html", is_new_phone=False)


@pages.get("/new-phone")
@own
def new_phone(person):
    return web.page("new-phone.html")


@pages.post("/new-phone")
@own
def enroll_again(person):
    reply = ask_with_code("enroll", person, **appearance())
    return set_up(reply, "new-phone.html", is_new_phone=True)


def appearance():
    """How the account looks in the authenticator app. A colon ends the issuer there."""
    return {
        "issuer": flask.current_app.shop.name.replace(":", " "),
        "label": flask.g.session["email"].replace(":", " "),
        # A picture in a `data:` URI goes into an attribute: no markup is taken over unescaped.
        "qr": "png",
    }


def set_up(reply, form, is_new_phone):
    if not reply["ok"]:
        return web.page(form, reply)
    # Shown now or never: neither totpd nor this site can show it again.
    return web.page("set-up.html", setup=reply, is_new_phone=is_new_phone)


@pages.post("/confirm")
@own
def confirm(person):
    is_new_phone = "is_new_phone" in flask.request.form
    reply = ask_with_code("confirm", person)
    if reply["ok"]:
        changed(person, "new phone" if is_new_phone else "enabled")
        return web.page("backup-codes.html", codes=reply["backup_codes"], is_first=True)
    if reply.get("error") in ("no_enrollment", "enrollment_expired"):
        form = "new-phone.html" if is_new_phone else "enable.html"
        return web.page(form, reply)
    # The secret that was scanned is still good; only the code was not.
    return web.page("set-up.html", reply, setup=None, is_new_phone=is_new_phone)


@pages.post("/cancel")
@own
def cancel(person):
    reply = ask("cancel", person)
    return overview_with(done="cancelled") if reply["ok"] else overview_with()


@pages.post("/forget")
@own
def forget(person):
    """A remembered browser, or all of them."""
    chosen = flask.request.form.get("device")
    reply = ask("forget", person, **({"device_id": chosen} if chosen else {}))
    # Another window may have been faster.
    if reply["ok"] or reply.get("error") == "not_trusted":
        return overview_with(done="forgotten")
    return web.page("error.html", reply, status=503)


@pages.get("/backup-codes")
@own
def backup_codes(person):
    return web.page("backup-ask.html")


@pages.post("/backup-codes")
@own
def renew_backup_codes(person):
    reply = ask_with_code("backup_codes", person)
    if not reply["ok"]:
        return web.page("backup-ask.html", reply)
    changed(person, "backup codes")
    return web.page("backup-codes.html", codes=reply["backup_codes"], is_first=False)


@pages.get("/disable")
@own
def disable(person):
    return web.page("disable.html")


@pages.post("/disable")
@own
def switch_off(person):
    reply = ask_with_code("disable", person)
    if not reply["ok"]:
        return web.page("disable.html", reply)
    changed(person, "disabled")
    return overview_with(done="disabled")
