"""Login and set-up with a second factor. Paste this page, put ../clients/totpd.py beside it, and
your own accounts.py: its user_with_password(email, password) returns the user's id, or None."""
import os, secrets, time
from flask import Flask, abort, redirect, render_template_string, request, session
from accounts import user_with_password
from totpd import Totpd

app = Flask(__name__)
app.secret_key = os.environ["SECRET_KEY"]
app.config.update(SESSION_COOKIE_SAMESITE="Lax", SESSION_COOKIE_SECURE=not app.debug)
totpd = Totpd(os.environ.get("TOTPD_SOCKET", "/run/totpd/totpd.sock"), timeout=5)
WORDS = {"password": "That password is not right.", "wrong_code": "That code is not right.",
         "replayed": "Wait for the next code.", "locked": "Use a backup code, or call support.",
         "throttled": "Too many wrong codes. Wait for {retry_after} seconds.",
         "bad_request": "Type the 6 digits that your app shows, or a backup code."}
PAGE = """<!doctype html><html lang="en"><title>Account</title><p role="alert">{{ problem }}</p>
{% if qr %}<img src="{{ qr }}" alt="QR code"><p>Key: {{ secret }}</p>{% endif %}
<form method="post" action="{{ to }}"><input type="hidden" name="csrf" value="{{ csrf }}">
{% for name in fields %}<label>{{ name }} <input name="{{ name }}"{% if name == "password" %}
type="password"{% endif %}></label>{% endfor %}<button>Continue</button></form>"""

def page(to, *fields, error=None, **more):
    problem = WORDS.get(error, "This does not work now. It is our fault.") if error else ""
    csrf = session.setdefault("csrf", secrets.token_hex(16))
    return render_template_string(PAGE, to=to, fields=fields, csrf=csrf,
                                  problem=problem.format_map(more), **more), {
        "Cache-Control": "no-store"}  # the key and the backup codes are shown once

def ask_with_code(op):  # as it was typed; the client adds an id, and asks again for a lost reply
    return totpd.ask({"op": op, "user": session["user"], "code": request.form.get("code", ""),
                      "source": request.remote_addr, "attempt": secrets.token_hex(16)})

def step_up(path, seconds, **who):  # a new session: no cookie from before is worth anything
    session.clear()
    session.update(opens=path, until=time.time() + seconds, **who)
    return redirect(path)

@app.before_request
def guard():
    sent, kept = request.form.get("csrf", ""), session.get("csrf", secrets.token_hex(16))
    if request.method == "POST" and not secrets.compare_digest(sent.encode(), kept.encode()):
        abort(400)
    path = "/" if request.path == "/confirm" else request.path
    if path != "/login" and (session.get("opens") != path or session["until"] < time.time()):
        return redirect("/login")

@app.route("/login", methods=["GET", "POST"])
def login():
    email, password = request.form.get("email", ""), request.form.get("password", "")
    user = user_with_password(email, password) if request.method == "POST" else None
    if user is None:
        return page("/login", "email", "password", error="password" if email else None)
    status = totpd.ask({"op": "status", "user": user})
    if status["ok"] and status.get("enrolled") is False:  # any other answer, and none: ask
        return step_up("/", 43_200, user=user, email=email)
    return step_up("/code", 600, user=user, email=email)

@app.route("/code", methods=["GET", "POST"])
def code():
    reply = ask_with_code("verify") if request.method == "POST" else {}
    if reply.get("ok"):
        return step_up("/", 43_200, user=session["user"], email=session["email"])
    return page("/code", "code", **reply)

@app.route("/", methods=["GET", "POST"])
def set_up():
    email, password = session["email"], request.form.get("password", "")
    if request.method == "GET" or user_with_password(email, password) != session["user"]:
        return page("/", "password", error="password" if password else None)
    reply = totpd.ask({"op": "enroll", "user": session["user"], "issuer": "Example",
                       "label": email, "qr": "png"})
    return page("/confirm", "code", **reply) if reply["ok"] else page("/", "password", **reply)

@app.post("/confirm")
def confirm():
    reply = ask_with_code("confirm")
    if not reply["ok"]:
        return page("/confirm", "code", **reply)
    return {"backup codes, shown once": reply["backup_codes"]}, {"Cache-Control": "no-store"}
