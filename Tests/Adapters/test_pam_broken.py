"""pam_totpd beside servers that are broken, lines made by chance, signals, and the sanitizers."""

import json
import os
import random
import subprocess
import threading
import unittest

import authenticator
from broken_server import BROKEN, YES, Server, close_after_reading, reply
from host import (MODULE, SANITIZED, SUPPORT, UNAVAILABLE, WRONG, HostDaemon, log_in, run,
                  service, stack, the_host)
from proof import IS_PROOF, for_proof

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
REPLIES = 200_000 if IS_PROOF else 20_000


class BrokenServerTests(unittest.TestCase):
    def asked(self, server, *options):
        return log_in(service(server.path, "timeout=1", *options), "ada", "123456")

    def test_yes_is_possible(self):
        the_host()
        with Server(reply(YES + b"\n")) as server:
            self.assertTrue(self.asked(server)[0])
            self.assertEqual(server.connections, 1)

    def test_nobody_there(self):
        for path in ("/etc/passwd", "/run/totpd/none.sock", "/" + "x" * 200):
            is_in, said = log_in(service(path, "nullok"), "ada", "123456")
            self.assertFalse(is_in)
            self.assertIn(UNAVAILABLE, said)

    def test_lost_reply_is_asked_for_once_more(self):
        the_host()
        with Server(close_after_reading, reply(YES + b"\n")) as server:
            self.assertTrue(self.asked(server)[0])
            first, second = map(json.loads, server.lines)
            self.assertEqual(first, second)
            self.assertGreaterEqual(len(first["attempt"]), 16)

    def test_full_queue_is_waited_for(self):
        the_host()
        with Server(reply(YES + b"\n"), queue=0, held=True) as server:
            filling = subprocess.Popen(
                ["socat", "-u", "PIPE", f"UNIX-CONNECT:{server.path}"])
            threading.Timer(0.5, server.go).start()
            is_in = log_in(service(server.path, "timeout=20"), "ada", "123456")[0]
            filling.terminate()
            filling.wait()
            self.assertTrue(is_in)

    def test_signals(self):
        """A thousand a second, while the answer takes its time."""
        def slow(connection, stopping, lines):
            line = json.loads(connection.makefile("rb").readline())
            stopping.wait(0.3)
            answer = json.dumps({"id": line["id"], "ok": True})
            for sign in answer.encode() + b"\n":
                connection.sendall(bytes([sign]))
                stopping.wait(0.01)
        the_host()
        with Server(slow) as server:
            done = subprocess.run(
                [the_host().login, service(server.path), "ada", "192.0.2.7", "signals"],
                input=bytes(byte ^ 0x55 for byte in b" " * 20 + b"12-34-56"), capture_output=True,
                timeout=60)
            self.assertEqual(done.returncode, 0, done)

    def test_refusal_of_another_kind(self):
        the_host()
        for error in ("busy", "unavailable", "not_permitted", "bad_request", "new_in_version_9"):
            with Server(reply(b'{"id":%s,"ok":false,"error":"' + error.encode() + b'"}\n')) as one:
                is_in, said = self.asked(one)
                self.assertFalse(is_in)
                self.assertIn(UNAVAILABLE, said)

    def test_status_that_is_no_answer(self):
        """With nullok, only a clear "enrolled":false needs no code."""
        forms = (b'{"id":%s,"ok":true}', b'{"id":%s,"ok":true,"enrolled":null}',
                 b'{"id":%s,"ok":true,"enrolled":"false"}', b'{"id":%s,"ok":true,"enrolled":0}',
                 b'{"id":%s,"ok":false,"enrolled":false}', b'{"id":"x","ok":true,"enrolled":false}',
                 b'{"id":%s,"ok":true,"enrolled":false,"enrolled":true}')
        no = reply(b'{"id":%s,"ok":false,"error":"wrong_code"}\n')
        clear = reply(b'{"id":%s,"ok":true,"enrolled":false}\n')
        for form in (*forms, None):
            with Server(reply(form + b"\n") if form else clear, no) as server:
                its_service = stack(
                    "required pam_permit.so",
                    f"required pam_totpd.so socket={server.path} timeout=1 nullok")
                self.assertEqual(log_in(its_service, "ada", "123456")[0], form is None, form)


def broken_test(behaviour):
    def test(self):
        the_host()
        with Server(behaviour) as server:
            is_in, said = self.asked(server)
            self.assertFalse(is_in, said)
            self.assertTrue(UNAVAILABLE in said or WRONG in said, said)
            self.assertIn(server.connections, (1, 2))
    return test


for name, behaviour in BROKEN.items():
    setattr(BrokenServerTests, f"test_broken: {name}", broken_test(behaviour))


class ReplyTests(unittest.TestCase):
    """Lines made by chance, under the address sanitizer. What is taken for an answer, Python's own
    reader takes for the same one."""

    ID = "0123456789abcdef"
    SEEDS = (
        b'{"id":"%s","ok":true,"method":"totp","backup_codes_left":9}\n',
        b'{"id":"%s","ok":false,"error":"wrong_code","retry_after":30}\n',
        b'{"ok":true,"id":"%s","enrolled":false,"devices":[{"id":"x","label":"\\u00e9"}]}\n',
        b'{"id":"%s","ok":tr\\u0000ue}\n', b'[[[[{"id":"%s","ok":true}]]]]\n',
        b'{"id":"%s","ok":true,"ok":true}\n', b'{"id":"%s","retry_after":1e999,"ok":true}\n',
        b'{"id":"%s","retry_after":99999999999999999999,"ok":true}\n', b"\n", b"",
    )

    def changed(self, chance, line):
        line = bytearray(line)
        for _ in range(chance.choice((0, 0, 1, 1, 2, 5))):
            at = chance.randrange(len(line) + 1)
            kind = chance.randrange(4)
            if kind == 0:
                line[at:at + 1] = bytes([chance.randrange(256)])
            elif kind == 1:
                line[at:at] = chance.choice((b'"', b"{", b"}", b"[", b"\n", b"\0", b"\\u", b" "))
            elif kind == 2:
                del line[at:at + chance.randrange(8)]
            else:
                line[at:at] = line[at:at + 40] * chance.choice((1, 1, 50))
        return bytes(line)

    def meant(self, line):
        def once(pairs):
            if len({name for name, _ in pairs}) < len(pairs):
                raise ValueError("a field twice")
            return dict(pairs)
        answer = json.loads(line, object_pairs_hook=once)
        if answer["id"] != self.ID or not line.endswith(b"\n") or b"\n" in line[:-1]:
            raise ValueError("no answer")
        return {True: "yes", False: "no"}[answer["ok"]]

    def test_lines_made_by_chance(self):
        seed = int(os.environ.get("TOTPD_TEST_SEED", random.randrange(1 << 32)))
        chance = random.Random(seed)
        lines = [self.changed(chance, chance.choice(self.SEEDS).replace(b"%s", self.ID.encode()))
                 for _ in range(REPLIES)]
        program = the_host().build(
            "read_replies", *SANITIZED, SUPPORT / "read_replies.c", MODULE / "question.c",
            "-ljansson")
        done = subprocess.run(
            [program, self.ID], input=b"".join(b"%d %s" % (len(line), line) for line in lines),
            capture_output=True, timeout=300)
        self.assertEqual(done.returncode, 0, (seed, done.stderr[-2000:]))
        words = done.stdout.decode().split()
        self.assertEqual(len(words), REPLIES)
        for line, word in zip(lines, words):
            if word != "none":
                self.assertEqual(word, self.meant(line), (seed, line))
        for word in ("yes", "no", "none"):
            self.assertGreater(words.count(word), REPLIES // 50)


class SanitizerTests(unittest.TestCase):
    def test_module_under_the_sanitizers(self):
        module = the_host().folder / "pam_totpd_sanitized.so"
        run("make", "-C", MODULE, f"OUT={module}", f"CFLAGS=-O1 {' '.join(SANITIZED)}",
            "LDFLAGS=-Wl,-z,undefs")
        library = run("cc", "-print-file-name=libasan.so").stdout.strip()
        environment = {**os.environ, "LD_PRELOAD": library, "ASAN_OPTIONS": "detect_leaks=0"}
        with HostDaemon(SECRET) as daemon:
            name = service(daemon.socket, "nullok", module=module)
            right = authenticator.code(SECRET, daemon.now)
            for user, code, word in (("ada", right, "successfully"), ("ada", right, "used already"),
                                     ("ada", "x" * 500, WRONG), ("bob", "", "denied")):
                done = run("pamtester", name, user, "authenticate", input=code + "\n",
                           env=environment, check=False)
                self.assertIn(word, done.stdout + done.stderr)
                self.assertNotIn("Sanitizer", done.stdout + done.stderr)
                self.assertNotIn("runtime error", done.stdout + done.stderr)

    @for_proof
    def test_module_under_valgrind(self):
        with HostDaemon(SECRET) as daemon:
            name = service(daemon.socket)
            right = authenticator.code(SECRET, daemon.now)
            for code in (right, right, "x" * 500):
                done = run("valgrind", "--error-exitcode=99", "--leak-check=full",
                           "--errors-for-leak-kinds=definite", "-q", "pamtester", name, "ada",
                           "authenticate", input=code + "\n", check=False)
                self.assertIn(done.returncode, (0, 1), done.stderr)
