"""What holds for every request: a POST needs a form of this session, and nothing is cached, framed
or loaded from elsewhere."""

import hmac

import flask

from . import sessions, words

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:;"
    " form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


def refuse_forged():
    if flask.request.method in ("GET", "HEAD", "OPTIONS"):
        return
    # Browsers say where a request comes from; the token is for those that do not.
    if flask.request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        flask.abort(403)
    session = flask.g.session
    token = flask.request.form.get("csrf", "")
    if session is None or not hmac.compare_digest(token.encode(), session["csrf"].encode()):
        flask.abort(400)


def add_headers(response):
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    # A login link must not travel on in the Referer.
    response.headers["Referrer-Policy"] = "no-referrer"
    if flask.request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
    if flask.current_app.shop.secure_cookies:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    return response


def error_page(error):
    return flask.render_template("error.html", status=error.code), error.code


def page(template, reply=None, **values):
    """A page with a form; after a refusal with the words for it, and the status for programs."""
    problem = words.problem(reply) if reply is not None else None
    body = flask.render_template(
        template, csrf=sessions.form_token(), problem=problem, **values
    )
    response = flask.make_response(body, problem.status if problem else 200)
    if problem and problem.wait:
        response.headers["Retry-After"] = str(problem.wait)
    return response
