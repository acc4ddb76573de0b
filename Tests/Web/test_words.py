"""What people read for each no."""

import re
import unittest

import site_under_test  # noqa: F401  It puts the shop on the path.
from daemon import ROOT
from shop import words

# The errors that a person can do something about. All others are ours, and one sentence.
THEIRS = {
    "wrong_code", "replayed", "throttled", "locked", "not_enrolled", "code_required",
    "no_enrollment", "enrollment_expired", "busy",
}


class WordsTests(unittest.TestCase):
    def test_every_error_has_words(self):
        text = (ROOT / "protocol.md").read_text()
        names = set(re.findall(r"^\| `([a-z_]+)` \|", text, re.M))
        self.assertLess(THEIRS, names)
        unavailable = words.problem({"ok": False, "error": "unavailable"})
        sentences = set()
        for name in THEIRS:
            problem = words.problem({"ok": False, "error": name, "retry_after": 30})
            self.assertNotEqual(problem, unavailable, f"{name} has no words")
            sentences.add((problem.title, problem.advice))
        self.assertEqual(len(sentences), len(THEIRS))

    def test_what_nobody_has_heard_of_is_unavailable(self):
        unavailable = words.problem({"ok": False, "error": "unavailable"})
        for reply in ({"ok": False}, {"ok": False, "error": "brand_new"}, {},
                      {"ok": False, "error": ["wrong_code"]}):
            self.assertEqual(words.problem(reply), unavailable)

    def test_statuses(self):
        for error, wait, status in (
            ("wrong_code", 0, 422), ("wrong_code", 30, 429), ("throttled", 30, 429),
            ("replayed", 12, 422), ("locked", 0, 403), ("unavailable", 0, 503), ("busy", 0, 503),
        ):
            problem = words.problem({"ok": False, "error": error, "retry_after": wait})
            self.assertEqual(problem.status, status, error)

    def test_no_code(self):
        reply = {"ok": False, "error": "bad_request", "field": "code"}
        self.assertEqual(words.problem(reply).title, "That is no code.")

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
