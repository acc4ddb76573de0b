"""A small shop whose accounts have a second factor: what your site needs around totpd, and no more.

It keeps its own people, sessions and notices in SQLite. Everything behind the second factor is
totpd's. Do not store here who has a second factor or that a code was right, and do not let the
site reach totpd's admin socket.
"""

from dataclasses import dataclass

import flask

from . import (
    attacked, database, devices, known, mailbox, password, security, sessions, signin, web, words)
from .totpd import Totpd


@dataclass
class Settings:
    database: str
    # Where people find this site. Never from the Host header, which the client chooses: a login
    # link would lead to the attacker's site.
    url: str
    totpd: str = "/run/totpd/totpd.sock"
    name: str = "Example Shop"
    # For people who get in neither with a code nor with a login link.
    support: str = "+1 202 555 0100"
    # Off only on loopback, where there is no TLS.
    secure_cookies: bool = True
    # Shows what would have been e-mailed, to anybody: for trying it out alone.
    shows_mail: bool = False
    # For how long totpd remembers a browser: `days` in its totpd.toml. 0 if it does not.
    remember_days: int = 30
    totpd_seconds: float = 5.0


def create_app(settings):
    app = flask.Flask(__name__)
    app.shop = settings
    app.totpd = Totpd(settings.totpd, settings.totpd_seconds)
    app.config["MAX_CONTENT_LENGTH"] = 16_384
    database.create(settings.database)

    app.before_request(sessions.find)
    app.before_request(web.refuse_forged)
    app.after_request(sessions.send_cookie)
    app.after_request(devices.send_cookie)
    app.after_request(known.send_cookie)
    app.after_request(web.add_headers)
    app.teardown_appcontext(database.close)

    app.register_blueprint(signin.pages)
    app.register_blueprint(security.pages)
    app.register_blueprint(password.pages)
    app.register_blueprint(attacked.pages)
    if settings.shows_mail:
        app.register_blueprint(mailbox.pages)
    for status in (400, 403, 404, 405, 413, 500):
        app.register_error_handler(status, web.error_page)
    app.add_template_filter(words.moment_here)
    app.add_template_filter(words.day_here)
    app.add_template_filter(words.groups)
    app.add_template_filter(words.event)

    @app.context_processor
    def everywhere():
        # The name `session` is Flask's own, which is not used here.
        return {"shop": settings, "visit": flask.g.get("session")}

    @app.get("/")
    def home():
        return flask.render_template("home.html")

    return app
