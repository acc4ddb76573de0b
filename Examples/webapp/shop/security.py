"""Settings, Security: everything a person does with the second factor. A change needs a code,
and totpd checks it, not this site. Do not keep a secret or a code, and put none into a URL."""

import functools
import time

import flask

from . import codes, database, limits, notices, people, sessions, web, words

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


def refuse_password(person, typed):
    """Why the password of somebody who is logged in will not do, or None. It is limited as at the
    login: a session may be stolen."""
    email = flask.g.session["email"]
    refusal = limits.refuse_password(email)
    if refusal is not None:
        return refusal
    if not people.is_password(typed, people.get(database.current(), person)["password"]):
        return {"ok": False, "error": "password"}
    limits.password_was_right(email)
    return None


def changed(person, kind):
    """A factor has changed, or the password: the person is told, and other browsers log in again."""
    connection = database.current()
    notices.did(connection, person, kind)
    sessions.end_others(connection, person, but=flask.g.session["hash"])


def overview_with(**values):
    return flask.redirect(flask.url_for("security.overview", **values))


@pages.get("")
@own
def overview(person):
    status = ask("status", person)
    calm, alarming = notices.unseen(database.current(), person, flask.g.session["hash"])
    return web.page(
        "security.html", None if status["ok"] else status, status=status,
        history=ask("history", person).get("history", []), calm=calm, alarming=alarming,
        wrong_codes=sessions.wrong_codes(),
        done=words.DONE.get(flask.request.args.get("done")))


@pages.get("/enable")
@own
def enable(person):
    return web.page("enable.html", again="again" in flask.request.args)


@pages.post("/enable")
@own
def enroll(person):
    # Whoever found an open browser must not lock its owner out with another phone.
    refusal = refuse_password(person, flask.request.form.get("password", ""))
    if refusal is not None:
        return web.page("enable.html", refusal)
    return set_up(ask("enroll", person, **appearance()), "enable.html", is_new_phone=False)


@pages.get("/new-phone")
@own
def new_phone(person):
    return web.page(
        "new-phone.html", again="again" in flask.request.args,
        pending=ask("status", person).get("pending"))


@pages.post("/new-phone")
@own
def enroll_again(person):
    reply = codes.ask("enroll", person, **appearance())
    return set_up(reply, "new-phone.html", is_new_phone=True)


@pages.get("/another")
@own
def another(person):
    return web.page("another.html")


@pages.post("/another")
@own
def enroll_another(person):
    """An authenticator beside those that are there. Which one it is, its owner says."""
    name = flask.request.form.get("name", "").strip()
    reply = codes.ask(
        "enroll", person, add=True, **({"name": name} if name else {}), **appearance())
    return set_up(reply, "another.html", is_new_phone=True)


@pages.get("/remove")
@own
def remove(person):
    return remove_page(person, flask.request.args.get("authenticator"))


@pages.post("/remove")
@own
def remove_authenticator(person):
    chosen = flask.request.form.get("authenticator", "")
    if not chosen.isascii() or not chosen.isdigit() or len(chosen) > 3:
        return overview_with()
    reply = codes.ask("remove", person, authenticator=int(chosen))
    if not reply["ok"]:
        return remove_page(person, chosen, reply)
    changed(person, "authenticator removed")
    return overview_with(done="removed")


def remove_page(person, chosen, reply=None):
    """Asks for a code, once the authenticator is named."""
    found = [each for each in ask("status", person).get("authenticators", [])
             if str(each["id"]) == chosen]
    if not found:
        # Another window may have been faster.
        return overview_with()
    return web.page("remove.html", reply, authenticator=found[0])


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
        # After a reload of the page with the QR code, the way back to the begun set-up.
        pending = ask("status", flask.g.session["person"]).get("pending")
        return web.page(form, reply, pending=pending)
    # Shown now or never: neither totpd nor this site can show it again.
    return web.page("set-up.html", setup=reply, is_new_phone=is_new_phone)


@pages.get("/set-up")
@own
def resume(person):
    """A set-up that was begun, found again after a reload: the code can still be typed, or a new QR
    code be had."""
    status = ask("status", person)
    if not status["ok"]:
        return web.page("error.html", status, status=503)
    if not status["pending"]:
        return overview_with()
    return web.page("set-up.html", setup=None, is_new_phone=status["enrolled"])


@pages.post("/confirm")
@own
def confirm(person):
    is_new_phone = "is_new_phone" in flask.request.form
    reply = codes.ask("confirm", person)
    if reply["ok"] and "authenticator" in reply:
        # It came beside the others, and the backup codes are what they were.
        changed(person, "another authenticator")
        return overview_with(done="added")
    if reply["ok"]:
        changed(person, "new phone" if is_new_phone else "enabled")
        return backup_codes_page(reply, is_first=True)
    if reply.get("error") == "no_enrollment" and ask("status", person).get("enrolled") is True:
        # The page with the backup codes was reloaded.
        return overview_with(done="confirmed")
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
    reply = codes.ask("backup_codes", person)
    if not reply["ok"]:
        return web.page("backup-ask.html", reply)
    changed(person, "backup codes")
    return backup_codes_page(reply, is_first=False)


def backup_codes_page(reply, is_first):
    shop = flask.current_app.shop
    now = int(time.time())
    return web.page(
        "backup-codes.html", codes=reply["backup_codes"], is_first=is_first, made_at=now,
        file=words.backup_codes_file(
            shop.name, shop.url, flask.g.session["email"], now, reply["backup_codes"]))


@pages.get("/disable")
@own
def disable(person):
    return web.page("disable.html")


@pages.post("/disable")
@own
def switch_off(person):
    reply = codes.ask("disable", person)
    if not reply["ok"]:
        return web.page("disable.html", reply)
    changed(person, "disabled")
    return overview_with(done="disabled")
