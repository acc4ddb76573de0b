"""What people read for each no."""

import re
import unittest

import site_under_test  # noqa: F401  It puts the shop on the path.
from daemon import ROOT
from shop import codes, words

# The errors that a person can do something about. All others are ours, and one sentence.
THEIRS = {
    "wrong_code", "replayed", "throttled", "locked", "not_enrolled", "code_required",
    "no_enrollment", "enrollment_expired", "busy", "clock_behind",
}


class WordsTests(unittest.TestCase):
    def test_every_error_has_words(self):
        text = (ROOT / "protocol.md").read_text()
        names = set(re.findall(r"^\| `([a-z_]+)` \|", text, re.M))
        self.assertLess(THEIRS, names)
        for kind in ("app", "backup"):
            unavailable = words.problem({"ok": False, "error": "unavailable", "kind": kind})
            sentences = set()
            for name in THEIRS:
                problem = words.problem(
                    {"ok": False, "error": name, "retry_after": 30, "kind": kind})
                self.assertNotEqual(problem, unavailable, f"{name} has no words")
                sentences.add((problem.title, problem.advice))
            self.assertEqual(len(sentences), len(THEIRS))

    def test_what_nobody_has_heard_of_is_unavailable(self):
        unavailable = words.problem({"ok": False, "error": "unavailable"})
        for reply in ({"ok": False}, {"ok": False, "error": "brand_new"}, {},
                      {"ok": False, "error": ["wrong_code"]},
                      {"ok": False, "error": "brand_new", "kind": ["app"]}):
            self.assertEqual(words.problem(reply), unavailable)

    def test_pages_without_a_code_do_not_speak_of_codes(self):
        """A page that asks for a password says what is wrong with that."""
        for error in ("unavailable", "busy", "brand_new", "password", "sign in", "new password",
                      "tries"):
            problem = words.problem({"ok": False, "error": error, "retry_after": 30})
            self.assertNotIn("code", f"{problem.title} {problem.advice}".lower(), error)
        for kind in ("app", "backup"):
            problem = words.problem({"ok": False, "error": "unavailable", "kind": kind})
            self.assertEqual(problem.title, "We cannot check codes right now.")

    def test_advice_is_for_the_kind_of_code(self):
        for error in ("wrong_code", "bad_request", "locked", "throttled"):
            reply = {"ok": False, "error": error, "field": "code"}
            if error == "throttled":
                reply["retry_after"] = 30
            app, backup = (words.problem({**reply, "kind": kind}) for kind in ("app", "backup"))
            self.assertNotIn("backup", app.title, error)
            self.assertIn("backup code", backup.title.lower(), error)
            self.assertNotIn("clock", backup.advice, error)
            self.assertNotEqual(app.advice, backup.advice, error)

    def test_tries_left(self):
        for left, text in ((4, " You have 4 tries left."), (1, " You have 1 try left.")):
            for kind in ("app", "backup"):
                problem = words.problem(
                    {"ok": False, "error": "wrong_code", "kind": kind, "tries_left": left})
                self.assertIn(text, problem.advice)
        self.assertNotIn("left", words.problem({"ok": False, "error": "wrong_code"}).advice)

    def test_whose_tries_are_spent(self):
        """Whose network has spent them is not told that the account has, nor of another code."""
        reply = {"ok": False, "error": "throttled", "retry_after": 30}
        for kind in ("app", "backup"):
            account = words.problem({**reply, "kind": kind, "spent": "account"})
            source = words.problem({**reply, "kind": kind, "spent": "source"})
            self.assertEqual(source.title, "Too many wrong codes came from your network.")
            self.assertNotIn("may still work", source.advice)
            self.assertNotIn("network", account.title)
            self.assertEqual((source.status, source.wait), (429, 30))

    def test_kind_of_code(self):
        """For the words alone: what counts is totpd's to say."""
        for typed, page, kind in (
            ("123456", False, "app"), ("123 456", True, "app"), ("12345", True, "app"),
            ("k3vp-9m2x-7tqda", False, "backup"), ("K3VP 9M2X 7TQDA", False, "backup"),
            ("k3vp-9m2x-7tqd", False, "backup"), ("one two", False, "app"),
            ("k3vp", True, "backup"), ("", True, "backup"), ("", False, "app"),
        ):
            self.assertEqual(codes.kind_of(typed, page), kind, typed)

    def test_backup_codes_file(self):
        text = words.backup_codes_file(
            "Example Shop", "https://shop.example", "ada@example.org", 1_767_225_600, ["a", "b"])
        for part in ("Example Shop", "https://shop.example", "ada@example.org",
                     "1 January 2026, 00:00 UTC"):
            self.assertIn(part, text)
        self.assertTrue(text.endswith("\n\na\nb\n"))

    def test_statuses(self):
        for error, wait, status in (
            ("wrong_code", 0, 422), ("wrong_code", 30, 429), ("throttled", 30, 429),
            ("replayed", 12, 422), ("locked", 0, 403), ("unavailable", 0, 503), ("busy", 0, 503),
            ("clock_behind", 90, 503),
        ):
            problem = words.problem(
                {"ok": False, "error": error, "retry_after": wait, "kind": "app"})
            self.assertEqual(problem.status, status, error)

    def test_no_code(self):
        reply = {"ok": False, "error": "bad_request", "field": "code", "kind": "app"}
        self.assertEqual(words.problem(reply).title, "This does not look like a code.")

    def test_length(self):
        for seconds, text in (
            (0, "0 seconds"), (1, "1 second"), (30, "30 seconds"), (59, "59 seconds"),
            (60, "1 minute"), (61, "2 minutes"), (120, "2 minutes"), (3599, "60 minutes"),
            (3600, "1 hour"), (3601, "2 hours"),
        ):
            self.assertEqual(words.length(seconds), text)

    def test_groups_and_moments(self):
        self.assertEqual(words.groups("ABCDEFGHIJ"), "ABCD EFGH IJ")
        self.assertEqual(words.moment(1_767_225_600), "1 January 2026, 00:00 UTC")
        self.assertEqual(
            str(words.moment_here(1_767_225_600)), '<time datetime="2026-01-01T00:00:00Z"'
            ' data-local="moment">1 January 2026, 00:00 UTC</time>')
