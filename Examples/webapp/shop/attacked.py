"""Where "If this was not you" leads: the steps for somebody whose account is attacked, whether they
are logged in, half in, or out. Only support can undo a second factor."""

import time

import flask

from . import database, devices, limits, notices, security, sessions, web, words

pages = flask.Blueprint("attacked", __name__)


@pages.get("/not-me")
def steps():
    return page()


def page(reply=None, **values):
    person = sessions.person("full")
    status = security.ask("status", person) if person is not None else {"ok": False}
    return web.page(
        "attacked.html", reply, is_in=person is not None, status=status,
        may_ask=sessions.person("half", "full") is not None,
        done=words.DONE.get(flask.request.args.get("done")), **values)


@pages.post("/not-me/log-out-others")
@security.own
def log_out_others(person):
    """Whoever else is in is out, and no browser gets in without a code."""
    sessions.end_others(database.current(), person, but=flask.g.session["hash"])
    reply = security.ask("forget", person)
    if not reply["ok"] and reply.get("error") != "not_trusted":
        return page(reply)
    devices.keep(person, "", 0)
    return flask.redirect(flask.url_for("attacked.steps", done="others"))


@pages.post("/not-me/support")
def ask_support():
    person = sessions.person("half", "full")
    if person is None:
        return flask.redirect(flask.url_for("attacked.steps"))
    number, refusal = request_help(person, "attacked")
    return page(refusal, number=number)


def request_help(person, why):
    """The number of a new request to support, or a refusal."""
    refusal = limits.refuse_mail(person)
    if refusal is not None:
        return None, refusal
    connection = database.current()
    number = connection.execute(
        "INSERT INTO help_request (person, why, made_at) VALUES (?, ?, ?)",
        (person, why, int(time.time()))).lastrowid
    notices.did(connection, person, "help")
    return number, None
