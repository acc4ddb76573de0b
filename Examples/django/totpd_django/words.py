"""What people read when totpd says no."""

WORDS = {
    "wrong_code": "That code is not right. Type the code that your app shows now.",
    "replayed": "That code was used already. Wait for the next code.",
    "throttled": "Too many wrong codes. Try again in {retry_after} seconds.",
    "locked": "Codes from your app are locked. Use a backup code, or contact support.",
    "clock_behind": "We cannot check codes from your app right now. Use a backup code.",
    "bad_request": "This does not look like a code. Type the 6 digits that your app shows.",
    # Who is not enrolled reads what a wrong code brings.
    "not_enrolled": "That code is not right. Type the code that your app shows now.",
    "no_enrollment": "Begin the set-up again: too much time has passed, or too many codes.",
    "enrollment_expired": "Begin the set-up again: too much time has passed.",
    "code_required": "Type a code of your old app, or a backup code.",
}
AWAY = "We cannot check codes right now. This is our fault, not yours."


def words(reply):
    if reply.get("error") == "wrong_code" and "retry_after" in reply:
        return WORDS["throttled"].format_map(reply)
    return WORDS.get(reply.get("error"), AWAY).format_map({"retry_after": "some", **reply})
