"""What people read when totpd says no. Pure: a reply comes in, words go out. They say no more about
a code than the reply does, and a no never sounds like a yes."""

import datetime
from dataclasses import dataclass

import markupsafe


@dataclass(frozen=True)
class Problem:
    status: int
    title: str
    advice: str
    # Seconds until another try makes sense.
    wait: int = 0


def problem(reply):
    """The words for a refusal: every error of protocol.md, and whatever else is no yes. `kind` is
    `app` or `backup` when a code was typed; pages without a code do not speak of codes."""
    error = reply.get("error") if isinstance(reply.get("error"), str) else "unavailable"
    kind = reply.get("kind") if reply.get("kind") in KINDS else None
    if error == "bad_request" and reply.get("field") == "code":
        error = "no code"
    if error in WAITS:
        wait = reply.get("retry_after", 0)
        return waiting(error, kind, wait, reply.get("tries_left"), reply.get("spent"))
    names = ((error, kind), error, ("unavailable", kind), "unavailable")
    return next(PROBLEMS[name] for name in names if name in PROBLEMS)


KINDS = ("app", "backup")
WAITS = ("wrong_code", "throttled", "tries", "replayed", "clock_behind")


def waiting(error, kind, wait, tries_left, spent):
    """The refusals whose words have a number in them."""
    backup = "backup " if kind == "backup" else ""
    if error == "wrong_code" and wait:
        return Problem(
            429, f"That {backup}code is not right.",
            f"There were too many wrong codes. Try again in {length(wait)}.", wait)
    if error == "wrong_code":
        return Problem(
            422, f"That {backup}code is not right.",
            (CHECK_LIST if backup else CHECK_APP) + tries(tries_left))
    if error == "throttled" and spent == "browser":
        return Problem(
            429, "Too many wrong codes from this browser.", f"Try again in {length(wait)}.", wait)
    if error == "throttled" and spent == "source":
        # Not this account's mistakes: perhaps a whole office has one address.
        return Problem(
            429, "Too many wrong codes came from your network.",
            f"Try again in {length(wait)}, or from another network.", wait)
    if error == "throttled":
        other = " A code from your authenticator app may still work." if backup else ""
        return Problem(
            429, f"Too many wrong {backup}codes.",
            f"Try again in {length(wait)}. Until then we check no {backup}code, not even a right"
            f" one.{other}", wait)
    if error == "tries":
        return Problem(429, "Too many tries.", f"Try again in {length(wait)}.", wait)
    if error == "clock_behind":
        return Problem(
            503, "We cannot check codes from your app right now.",
            f"This is our fault, not yours. Use a backup code, or try again in {length(wait)}.",
            wait)
    return Problem(
        422, "That code was used already.",
        "Each code works once. Wait for the next code: your app shows it "
        + (f"in {length(wait)}." if wait else "now."), wait)


CHECK_APP = (
    "Type the code that your app shows now. If no code works, check that your phone sets its clock"
    " automatically.")
CHECK_LIST = (
    "Compare each letter and digit with your list. Each backup code works once: use one that you"
    " have not used yet. Only your newest list works.")


def tries(left):
    if not left:
        return ""
    return f" You have {left} {'try' if left == 1 else 'tries'} left. After that you have to wait."


# By error, or by error and kind of code.
PROBLEMS = {
    ("no code", "app"): Problem(
        422, "This does not look like a code.",
        "Type the 6 digits that your authenticator app shows, or one of your backup codes."),
    ("no code", "backup"): Problem(
        422, "This does not look like a backup code.",
        "A backup code has 13 letters and digits, like k3vp-9m2x-7tqda. Capitals, spaces and"
        " hyphens do not matter."),
    ("locked", "app"): Problem(
        403, "Codes from your app are locked.",
        "There were 100 wrong ones in a row. Use a backup code, or contact support."),
    ("locked", "backup"): Problem(
        403, "Backup codes are locked.",
        "There were 100 wrong ones in a row. Use a code from your authenticator app, or contact"
        " support."),
    "not_enrolled": Problem(
        409, "Two-factor authentication is off.", "There is nothing to change."),
    "code_required": Problem(
        409, "Two-factor authentication is on already.",
        "To set up a new phone, you need a code from the old one, or a backup code."),
    "too_many_authenticators": Problem(
        409, "You have eight authenticators.", "Remove one that you no longer use."),
    "no_authenticator": Problem(
        409, "That authenticator is gone already.", "There is nothing to remove."),
    "last_authenticator": Problem(
        409, "It is your only authenticator.",
        "Disable two-factor authentication, or add another one first."),
    "no_enrollment": Problem(
        409, "There is nothing to confirm.", "Start again, and scan the new QR code."),
    "enrollment_expired": Problem(
        409, "That took more than ten minutes.", "Start again, and scan the new QR code."),
    "password": Problem(422, "That password is not right.", "Try again."),
    "new password": Problem(
        422, "That password is too short.",
        "Use at least 12 characters. Three random words are a good password."),
    "sign in": Problem(
        422, "That e-mail address or password is not right.",
        "Try again, or let us e-mail you a login link."),
    "busy": Problem(
        503, "That does not work right now.", "Too many people are here. Try again in a moment.", 5),
    "unavailable": Problem(
        503, "That does not work right now.",
        "This is our fault, not yours, and nothing was changed. Try again in a minute.", 60),
}
for _kind in KINDS:
    for _error in ("busy", "unavailable"):
        _plain = PROBLEMS[_error]
        PROBLEMS[_error, _kind] = Problem(
            _plain.status, "We cannot check codes right now.", _plain.advice, _plain.wait)

DONE = {
    "password": "You have a new password.",
    "disabled": "Two-factor authentication is off.",
    "cancelled": "The new phone was not set up. Nothing has changed.",
    "added": "It is set up. Codes from your other authenticators work as before.",
    "removed": "Removed. Its codes no longer work.",
    "confirmed": "Your phone is set up already. If you did not keep the backup codes, get new ones.",
    "forgotten": "Forgotten. That browser will be asked for a code again.",
    "others": "You are logged out everywhere else, and no browser is remembered any more.",
    "link": "If that address has an account here, a login link is on its way. It works once, for"
            " 15 minutes.",
    "out": "You are logged out.",
}


EVENTS = {
    "enrolled": "Two-factor authentication was set up",
    "imported": "Two-factor authentication was moved here from elsewhere",
    "authenticator_added": "An authenticator was added",
    "authenticator_removed": "An authenticator was removed",
    "renamed": "Support changed the account's name",
    "backup_codes_renewed": "New backup codes were made",
    "backup_code_used": "A backup code was used",
    "device_remembered": "A browser was remembered",
    "device_ended": "A browser was forgotten",
    "stolen_device": "A remembered browser was copied, so we forgot it",
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


def utc(seconds):
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)


def moment(seconds):
    return f"{day(seconds)}, {utc(seconds):%H:%M} UTC"


def day(seconds):
    return f"{utc(seconds).day} {utc(seconds):%B %Y}"


def moment_here(seconds):
    """In UTC; courtesy.js makes it the time where the reader is."""
    return time_element(seconds, "moment", moment(seconds))


def day_here(seconds):
    return time_element(seconds, "day", day(seconds))


def time_element(seconds, kind, text):
    return markupsafe.Markup(
        f'<time datetime="{utc(seconds):%Y-%m-%dT%H:%M:%SZ}" data-local="{kind}">{text}</time>')


def groups(secret):
    """A secret as people type it: in fours."""
    return " ".join(secret[i:i + 4] for i in range(0, len(secret), 4))


def backup_codes_file(site, url, account, made_at, codes):
    """What is downloaded and copied: years later it still says what it is for."""
    return "\n".join((
        f"{site} backup codes", "", f"Site:    {url}", f"Account: {account}",
        f"Made:    {moment(made_at)}", "",
        "Each code works once, in place of a code from your authenticator app.",
        "New backup codes replace these.", "", *codes, ""))
