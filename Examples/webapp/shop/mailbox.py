"""What the shop would have e-mailed, for trying it out without a mail server. Do not
register it where anybody else can reach it: it shows login links."""

import flask

from . import database

pages = flask.Blueprint("mailbox", __name__)


@pages.get("/mail")
def mail():
    mails = database.current().execute(
        "SELECT mail.*, person.email FROM mail JOIN person ON person.id = mail.person"
        " ORDER BY mail.id DESC LIMIT 50").fetchall()
    return flask.render_template("mail.html", mails=mails)
