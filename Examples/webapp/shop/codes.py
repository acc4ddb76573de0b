"""A code that a person typed: it goes to totpd as it is, and a refusal comes back with what the words
need: which kind of code it was, and how many tries are left. Nothing here accepts or refuses."""

import secrets

import flask


def ask(op, person, **fields):
    """With the address that the code came from. If the reply is lost it is asked again: what the
    lost one brought is void, and comes afresh."""
    reply = flask.current_app.totpd.ask({
        "op": op, "user": person, "code": flask.request.form.get("code", ""),
        "source": flask.request.remote_addr, "attempt": secrets.token_hex(16), **fields})
    return reply if reply["ok"] else explained(reply, person)


def explained(reply, person):
    form = flask.request.form
    kind = kind_of(form.get("code", ""), "is_backup" in form)
    if reply.get("error") != "wrong_code" or "retry_after" in reply:
        return {**reply, "kind": kind}
    status = flask.current_app.totpd.ask({"op": "status", "user": person})
    left = status.get("backup_tries_left" if kind == "backup" else "tries_left")
    return {**reply, "kind": kind, "tries_left": left}


def kind_of(typed, is_backup_page):
    """`app` or `backup`, also for what is neither: for the words alone."""
    plain = typed.replace(" ", "").replace("-", "")
    if len(plain) >= 10:
        return "backup"
    return "backup" if is_backup_page and not plain.isdigit() else "app"
