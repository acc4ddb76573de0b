"""What people read when totpd says no. Pure: a reply comes in, words go out. It must never say
more about a code than the reply does, and never let a no sound like a yes."""

import datetime
from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    status: int
    title: str
    advice: str
    # Seconds until another try makes sense.
    wait: int = 0


def problem(reply):
    """The words for a refusal: every error of protocol.md, and whatever else is no yes."""
    error = reply.get("error")
    wait = reply.get("retry_after", 0)
    if error == "wrong_code" and wait:
        return Problem(
            429, "That code is not right.",
            f"Those were too many wrong codes. Try again in {length(wait)}.", wait)
    if error == "throttled":
        return Problem(
            429, "Too many wrong codes.",
            f"Try again in {length(wait)}. Even the right code is not looked at before.", wait)
    if error == "tries":
        return Problem(
            429, "Too many tries.", f"Try again in {length(wait)}.", wait)
    if error == "replayed":
        return Problem(
            422, "That code was used already.",
            "Each code works once. Wait for the next code: your app shows it "
            + (f"in {length(wait)}." if wait else "now."), wait)
    if isinstance(error, str) and error in PROBLEMS:
        return PROBLEMS[error]
    if error == "bad_request" and reply.get("field") == "code":
        return PROBLEMS["no code"]
    return PROBLEMS["unavailable"]


PROBLEMS = {
    "wrong_code": Problem(
        422, "That code is not right.",
        "Type the code that your app shows now. If it keeps failing, check that the phone sets its"
        " clock by itself."),
    "no code": Problem(
        422, "That is no code.",
        "Type the digits that your app shows, or one of your backup codes."),
    "locked": Problem(
        403, "Codes from your app are locked.",
        "There were 100 wrong ones in a row. Use a backup code, or contact support."),
    "not_enrolled": Problem(
        409, "Two-factor authentication is off.", "There is nothing to change."),
    "code_required": Problem(
        409, "Two-factor authentication is on already.",
        "To set up a new phone, you need a code from the old one, or a backup code."),
    "no_enrollment": Problem(
        409, "There is nothing to confirm.", "Start again, and scan the new QR code."),
    "enrollment_expired": Problem(
        409, "That took more than ten minutes.", "Start again, and scan the new QR code."),
    "password": Problem(422, "That password is not right.", "Try again."),
    "new password": Problem(
        422, "That password is too short.", "Take twelve signs or more: three words will do."),
    "sign in": Problem(
        422, "That e-mail address or password is not right.",
        "Try again, or let us e-mail you a login link."),
    "busy": Problem(
        503, "We cannot check codes right now.", "Too much is going on. Try again in a moment.", 5),
    "unavailable": Problem(
        503, "We cannot check codes right now.",
        "This is our fault, not yours, and nothing was changed. Try again in a minute.", 60),
}

DONE = {
    "password": "You have a new password.",
    "disabled": "Two-factor authentication is off.",
    "cancelled": "The new phone was not set up. Nothing has changed.",
    "forgotten": "Forgotten. That browser will be asked for a code again.",
    "link": "If that address has an account here, a login link is on its way. It works once, for"
            " 15 minutes.",
    "out": "You are logged out.",
}


EVENTS = {
    "enrolled": "Two-factor authentication was set up",
    "imported": "Two-factor authentication was moved here from elsewhere",
    "backup_codes_renewed": "New backup codes were made",
    "backup_code_used": "A backup code was used",
    "device_remembered": "A browser was remembered",
    "device_ended": "A browser was forgotten",
    "stolen_device": "Two browsers used what only one could know: it was forgotten",
    "locked": "Codes were locked after 100 wrong ones in a row",
    "unlocked": "Support unlocked the codes",
    "disabled": "Two-factor authentication was switched off",
    "reset": "Support switched two-factor authentication off",
}


def event(what):
    """What happened, for the person it happened to."""
    return EVENTS.get(what, "Something was changed")


def length(seconds):
    """30 seconds, 2 minutes, 1 hour: rounded up, so that nobody tries too early."""
    for unit, size in (("hour", 3600), ("minute", 60)):
        if seconds >= size:
            count = -(-seconds // size)
            return f"{count} {unit}" + ("s" if count > 1 else "")
    return f"{seconds} second" + ("" if seconds == 1 else "s")


def moment(seconds):
    when = datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)
    return f"{day(seconds)}, {when:%H:%M} UTC"


def day(seconds):
    when = datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)
    return f"{when.day} {when:%B %Y}"


def groups(secret):
    """A secret as people type it: in fours."""
    return " ".join(secret[i:i + 4] for i in range(0, len(secret), 4))
