"""A new password, for somebody who knows the old one or came by a login link. With a second factor
it needs a fresh code too, since a session may be stolen."""

import flask

from . import codes, database, people, security, web

pages = flask.Blueprint("password", __name__)

LENGTH_MIN = 12


@pages.get("/settings/password")
@security.own
def change(person):
    return page(person)


@pages.post("/settings/password")
@security.own
def set_new(person):
    form = flask.request.form
    status = security.ask("status", person)
    if not status["ok"]:
        # Nobody can say whether a code is needed.
        return page(person, status)
    if not flask.g.session["is_by_link"]:
        refusal = security.refuse_password(person, form.get("password", ""))
        if refusal is not None:
            return page(person, refusal)
    if len(form.get("new", "")) < LENGTH_MIN:
        return page(person, {"ok": False, "error": "new password"})
    # Last, since a code works once.
    if status.get("enrolled") is not False:
        reply = codes.ask("verify", person)
        if not reply["ok"]:
            return page(person, reply)
    people.set_password(database.current(), person, form["new"])
    security.changed(person, "password")
    return security.overview_with(done="password")


def page(person, reply=None):
    status = security.ask("status", person)
    if reply is None and not status["ok"]:
        reply = status
    return web.page(
        "password.html", reply, length_min=LENGTH_MIN,
        needs_code=status["ok"] and status.get("enrolled") is not False)
