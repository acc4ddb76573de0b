"""A new password: changed by who knows the old one, or chosen by who came by a login link. It must
never be had without a fresh code by whoever has a second factor: a session may be stolen."""

import flask

from . import database, limits, people, security, web

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
    if not flask.g.session["is_by_link"]:
        refusal = limits.refuse_password(flask.g.session["email"])
        if refusal is not None:
            return page(person, refusal)
        kept = people.get(database.current(), person)["password"]
        if not people.is_password(form.get("password", ""), kept):
            return page(person, {"ok": False, "error": "password"})
        limits.password_was_right(flask.g.session["email"])
    if len(form.get("new", "")) < LENGTH_MIN:
        return page(person, {"ok": False, "error": "new password"})
    # Last, since a code works once.
    if needs_code(person):
        reply = security.ask_with_code("verify", person)
        if not reply["ok"]:
            return page(person, reply)
    people.set_password(database.current(), person, form["new"])
    security.changed(person, "password")
    return security.overview_with(done="password")


def page(person, reply=None):
    return web.page("password.html", reply, needs_code=needs_code(person))


def needs_code(person):
    status = security.ask("status", person)
    return not (status["ok"] and status.get("enrolled") is False)
