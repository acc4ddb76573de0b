"""Each client says yes to the right code, once, and no to everything else: to wrong codes, to
servers that are broken in every way we could think of, and to nobody."""

import json
import os
import socket
import tempfile
import threading
import time
import unittest

import authenticator
from broken_server import BROKEN, YES, Server, close_after_reading, reply, silence
from clients import CLIENTS, Talk
from daemon import Daemon

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
IMPORT = {"op": "import", "user": "ada", "secret": SECRET}
# For servers that stay silent. Two tries, and a loaded machine.
PATIENCE = 0.7
PATIENCE_MAX = 2 * PATIENCE + 20
yes = reply(YES + b"\n")
no = reply(b'{"id":%s,"ok":false,"error":"wrong_code"}\n')


class ClientTests(unittest.TestCase):
    client = None

    def says(self, word, socket_path, user="ada", code="123456", timeout=10):
        ended = self.client.verify(socket_path, user, code, timeout)
        self.assertEqual(
            (ended.stdout, ended.returncode, ended.stderr),
            (word + "\n", 0 if word == "yes" else 1, ""))

    def breaks(self, behaviour):
        """A no, in bounded time, and asked twice at most."""
        begun = time.monotonic()
        with Server(behaviour) as server:
            self.says("no", server.path, timeout=PATIENCE)
            self.assertIn(server.connections, (1, 2))
        self.assertLess(time.monotonic() - begun, PATIENCE_MAX)

    def is_no_truth(self, behaviour):
        """What is neither yes nor no does not get through to whoever uses the client."""
        with Server(behaviour) as server, Talk(self.client, server.path) as talk:
            reply = talk.ask({"op": "status", "user": "ada"})
            self.assertEqual(reply, {"ok": False, "error": "unavailable"})

    def test_right_code_once(self):
        with Daemon() as daemon:
            self.assertTrue(daemon.ask(IMPORT)["ok"])
            wrong, = authenticator.wrong_codes(SECRET, daemon.now)
            right = authenticator.code(SECRET, daemon.now)
            self.says("no", daemon.socket, code=wrong)
            self.says("yes", daemon.socket, code=f"{right[:3]} {right[3:]}")
            self.says("no", daemon.socket, code=right)
            self.says("no", daemon.socket, user="bob", code=right)
            self.says("no", daemon.socket, code="not a code")
            daemon.stop()
            self.says("no", daemon.socket, code=right)

    def test_yes_is_possible(self):
        with Server(yes) as server:
            self.says("yes", server.path)
            self.assertEqual(server.connections, 1)

    def test_nobody_there(self):
        with tempfile.TemporaryDirectory() as folder:
            file = os.path.join(folder, "file")
            with open(file, "w"):
                pass
            for path in (file, os.path.join(folder, "none"), "/" + "x" * 200):
                self.says("no", path)

    def test_never_accepted(self):
        with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as listener:
            path = os.path.join(folder, "app.sock")
            listener.bind(path)
            listener.listen(0)
            with socket.socket(socket.AF_UNIX) as first:
                first.connect(path)
                self.says("no", path, timeout=PATIENCE)

    def test_full_queue_is_waited_for(self):
        # The server accepts nobody until the client has met a full queue for a while.
        with Server(yes, queue=0, held=True) as server, socket.socket(socket.AF_UNIX) as first:
            first.connect(server.path)
            threading.Timer(0.5, server.go).start()
            self.says("yes", server.path)

    def test_lost_reply_is_asked_for_once_more(self):
        with Server(close_after_reading, yes) as server:
            self.says("yes", server.path)
            first, second = map(json.loads, server.lines)
            self.assertEqual(first["attempt"], second["attempt"])
            self.assertGreaterEqual(len(first["attempt"]), 16)

    def test_attempts_differ(self):
        with Server(yes) as server:
            self.says("yes", server.path)
            self.says("yes", server.path)
            first, second = map(json.loads, server.lines)
            self.assertNotEqual(first["attempt"], second["attempt"])
            self.assertNotEqual(first["id"], second["id"])

    def test_reply_lost_after_the_code_was_used(self):
        with Daemon() as daemon, LossyProxy(daemon.socket) as proxy:
            self.assertTrue(daemon.ask(IMPORT)["ok"])
            self.says("yes", proxy.path, code=authenticator.code(SECRET, daemon.now))
            self.assertEqual(proxy.connections, 2)
            wrong, = authenticator.wrong_codes(SECRET, daemon.now)
            proxy.loses_next = True
            self.says("no", proxy.path, code=wrong)
            shown = daemon.ask({"op": "show", "user": "ada"})
            self.assertEqual(shown["totp"]["failures"], 1)

    def test_what_may_not_be_done_twice_is_asked_once(self):
        request = {"op": "disable", "user": "ada", "code": "123456"}
        with Server(close_after_reading, yes) as server, Talk(self.client, server.path) as talk:
            self.assertEqual(talk.ask(request), {"ok": False, "error": "unavailable"})
            self.assertEqual(server.connections, 1)

    def test_no_answer_is_taken_for_another(self):
        status = {"op": "status", "user": "ada"}
        with Server(silence, silence, no) as server, \
                Talk(self.client, server.path, PATIENCE) as talk:
            late = talk.ask({**status, "op": "disable", "code": "123456"})
            self.assertEqual(late, {"ok": False, "error": "unavailable"})
            self.assertFalse(talk.ask(status)["ok"])
            self.assertFalse(talk.ask(status)["ok"])
            self.assertGreaterEqual(server.connections, 3)

    def test_kept_connection_that_died(self):
        with Daemon() as daemon, Talk(self.client, daemon.socket) as talk:
            status = {"op": "status", "user": "ada"}
            for _ in range(2):
                self.assertTrue(talk.ask(status)["ok"])
                daemon.restart()
            self.assertTrue(talk.ask(status)["ok"])
            daemon.restart()
            self.assertTrue(talk.ask({"op": "enroll", "user": "ada"})["ok"])

    def test_what_people_type_stays_in_its_field(self):
        typed = ('1","user":"eve', "1\n{}", "\\", "ü", "1\u2028", "$(id)", "%s%n", "{", "'")
        with Server(yes) as server:
            for text in typed:
                self.client.verify(server.path, text, text)
            for line in server.lines:
                request = json.loads(line)
                self.assertEqual({"id", "op", "user", "code", "attempt"}, set(request))
                self.assertEqual(request["user"], request["code"])
                self.assertIn(request["code"], typed)


class LossyProxy:
    """Stands between a client and totpd, and loses the reply of its first connection, after totpd
    has decided and said so."""

    def __init__(self, target):
        self.target = target
        self.loses_next = True
        self.server = Server(self.carry)

    def __enter__(self):
        self.server.__enter__()
        self.path = self.server.path
        return self

    def __exit__(self, *ending):
        self.server.__exit__(*ending)

    @property
    def connections(self):
        return self.server.connections

    def carry(self, connection, stopping, lines):
        line = connection.makefile("rb").readline()
        with socket.socket(socket.AF_UNIX) as totpd:
            totpd.connect(self.target)
            totpd.sendall(line)
            answer = totpd.makefile("rb").readline()
        loses, self.loses_next = self.loses_next, False
        if not loses:
            connection.sendall(answer)


def broken_test(behaviour):
    return lambda self: self.breaks(behaviour)


def truth_test(behaviour):
    return lambda self: self.is_no_truth(behaviour)


for name, behaviour in BROKEN.items():
    setattr(ClientTests, f"test_broken: {name}", broken_test(behaviour))
    if name.startswith('"ok":') and "inside" not in name and "text" not in name:
        setattr(ClientTests, f"test_no_truth: {name}", truth_test(behaviour))


def load_tests(loader, _tests, _pattern):
    """Everything above, for each client."""
    suite = unittest.TestSuite()
    for client in CLIENTS:
        kind = type(f"{client.language}", (ClientTests,), {"client": client})
        suite.addTests(loader.loadTestsFromTestCase(kind))
    return suite
