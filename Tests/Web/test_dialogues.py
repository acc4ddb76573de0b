"""The examples of protocol.md, and some of our dialogues, said by each client to the real totpd."""

import unittest

from clients import CLIENTS, Talk
from daemon import ROOT, Daemon
from dialogue import Dialogue, blocks
from proof import for_proof

FILES = [ROOT / "protocol.md"] + [ROOT / f"Tests/Dialogues/{name}.dialogue" for name in (
    "attempts", "backup-code-spellings", "clock-set-back", "expiry",
)]
# Below this, the dialogues have changed so that clients no longer say them.
PLAYED_MIN = 16


def dialogues():
    return [Dialogue(text) for path in FILES for text in blocks(path)]


class DialogueTests(unittest.TestCase):
    client = None

    def play(self, dialogue):
        with Daemon() as daemon, Talk(self.client, daemon.socket) as talk:
            dialogue.play(daemon, talk.ask)


class SelectionTests(unittest.TestCase):
    def test_enough_is_played(self):
        played = [dialogue for dialogue in dialogues() if dialogue.is_for_clients]
        self.assertGreaterEqual(len(played), PLAYED_MIN)


def dialogue_test(dialogue):
    return lambda self: self.play(dialogue)


def load_tests(loader, _tests, _pattern):
    """Each dialogue is said by one client, and in the long proof by all of them."""
    suite = unittest.TestSuite([SelectionTests("test_enough_is_played")])
    played = [dialogue for dialogue in dialogues() if dialogue.is_for_clients]
    for turn, client in enumerate(CLIENTS):
        tests = {}
        for number, dialogue in enumerate(played):
            test = dialogue_test(dialogue)
            is_mine = number % len(CLIENTS) == turn
            tests[f"test_{dialogue.title}"] = test if is_mine else for_proof(test)
        kind = type(client.language, (DialogueTests,), {"client": client, **tests})
        suite.addTests(loader.loadTestsFromTestCase(kind))
    return suite
