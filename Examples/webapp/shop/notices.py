"""What the shop tells people about their account, by e-mail and at their next login. It must never
carry a code or a secret."""

import time

NOTICES = {
    "enabled": (
        "Two-factor authentication is on",
        "From now on, logging in asks for a code from your authenticator app."),
    "new phone": (
        "Your authenticator app was set up anew",
        "Codes from the old one, and the old backup codes, no longer work."),
    "backup codes": ("You have new backup codes", "The old ones no longer work."),
    "disabled": (
        "Two-factor authentication is off", "Logging in no longer asks for a code."),
    "password": ("Your password was changed", "Other browsers were logged out."),
    "guesses": (
        "Somebody tried to log in as you",
        "They had your password or a login link, but not your code, and did not get in. If it was"
        " not you, change your password and look who reads your e-mail."),
    "stolen device": (
        "A browser that we remembered may have been copied",
        "Two browsers used what only one of them could know. We no longer remember either. If one"
        " was not yours, change your password, and look for malware."),
    "help": (
        "You asked for help with logging in",
        "Support will call you on the number we know. Whoever asks you for a code is not us."),
    "reset": (
        "Support switched your two-factor authentication off",
        "You said that you lost your phone and your backup codes, and we checked that it was you."
        " Set it up again on your security page."),
}
UNLESS = "If this was not you, contact support at once."


def send(connection, person, kind):
    """A notice: by e-mail, and on the page after the next login."""
    subject, text = NOTICES[kind]
    write(connection, person, subject, f"{text}\n\n{UNLESS}", is_notice=True)


def send_link(connection, person, url):
    write(
        connection, person, "Your login link",
        f"{url}\n\nIt works once, for 15 minutes. If you did not ask for it, do nothing.",
        is_notice=False)


def write(connection, person, subject, body, is_notice):
    # A real shop hands this to its mail server.
    connection.execute(
        "INSERT INTO mail (person, subject, body, sent_at, is_notice) VALUES (?, ?, ?, ?, ?)",
        (person, subject, body, int(time.time()), is_notice))


def unseen(connection, person):
    """The notices since the last time; from now on they are seen."""
    rows = connection.execute(
        "UPDATE mail SET is_seen = 1 WHERE person = ? AND is_notice AND NOT is_seen"
        " RETURNING subject, sent_at, id", (person,)).fetchall()
    return sorted(rows, key=lambda row: row["id"])
