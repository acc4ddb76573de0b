"""Servers that are not totpd: each breaks in its own way. A client takes all of them for a no, in
bounded time and memory."""

import json
import os
import socket
import tempfile
import threading

YES = b'{"id":%s,"ok":true,"method":"totp","backup_codes_left":9}'


def reply(form):
    """Answers each line with a form, in which %s is the id of the request."""
    def behave(connection, stopping, lines):
        for line in connection.makefile("rb"):
            lines.append(line)
            number = json.dumps(json.loads(line)["id"]).encode()
            connection.sendall(form.replace(b"%s", number))
            if not form.endswith(b"\n"):
                return
    return behave


def then_silence(form):
    """The same, but the connection stays open, and nothing more comes."""
    inner = reply(form)

    def behave(connection, stopping, lines):
        inner(connection, stopping, lines)
        stopping.wait()
    return behave


def close_at_once(connection, stopping, lines):
    pass


def close_after_reading(connection, stopping, lines):
    lines.append(connection.makefile("rb").readline())


def reset(connection, stopping, lines):
    """Closes with the request unread, which is a reset for the client."""
    connection.recv(1)


def silence(connection, stopping, lines):
    stopping.wait()


def drip(connection, stopping, lines):
    """Something every now and then, so that no wait for a single byte is ever too long."""
    connection.makefile("rb").readline()
    for sign in b'{"ok":true' + b" " * 600:
        connection.sendall(bytes([sign]))
        if stopping.wait(0.1):
            return


def flood(connection, stopping, lines):
    """A line without an end."""
    connection.makefile("rb").readline()
    while not stopping.is_set():
        connection.sendall(b"x" * 65_536)


def answer_unasked(connection, stopping, lines):
    """A yes that lies there before anybody has asked."""
    connection.sendall(YES.replace(b"%s", b'"0123456789abcdef"') + b"\n")
    stopping.wait()


BROKEN = {
    "half a line, then closes": reply(YES[:30]),
    "a whole object, but no end of the line": reply(YES),
    "half a line, then silence": then_silence(YES[:30]),
    "a whole object, no end of the line, then silence": then_silence(YES),
    "garbage": reply(b"\x00\xff\xfe garbage\n"),
    "HTTP": reply(b"HTTP/1.1 200 OK\r\n\r\ntrue\n"),
    "an empty line": reply(b"\n"),
    "true": reply(b"true\n"),
    "a list": reply(b'[{"id":%s,"ok":true}]\n'),
    "a text": reply(b'"ok"\n'),
    "null": reply(b"null\n"),
    "an empty object": reply(b"{}\n"),
    '"ok":"true"': reply(b'{"id":%s,"ok":"true"}\n'),
    '"ok":1': reply(b'{"id":%s,"ok":1}\n'),
    '"ok":"yes"': reply(b'{"id":%s,"ok":"yes"}\n'),
    '"ok":[true]': reply(b'{"id":%s,"ok":[true]}\n'),
    '"ok":{}': reply(b'{"id":%s,"ok":{}}\n'),
    '"ok":null': reply(b'{"id":%s,"ok":null}\n'),
    '"OK":true': reply(b'{"id":%s,"OK":true}\n'),
    '"ok":true inside something else': reply(b'{"id":%s,"reply":{"ok":true}}\n'),
    '"ok":true in a text': reply(b'{"id":%s,"ok":false,"detail":"\\"ok\\":true"}\n'),
    "yes and no": reply(b'{"id":%s,"ok":true,"ok":false}\n'),
    "a no with all that a yes has":
        reply(b'{"id":%s,"ok":false,"method":"totp","backup_codes_left":9}\n'),
    "a broken end": reply(b'{"id":%s,"ok":true,}\n'),
    "something behind the object": reply(b'{"id":%s,"ok":true} {"ok":false}\n'),
    "a NUL in the truth": reply(b'{"id":%s,"ok":tr\x00ue}\n'),
    "two lines for one": reply(YES + b"\n" + YES + b"\n"),
    "nobody's id": reply(b'{"id":"0123456789abcdef","ok":true}\n'),
    "no id": reply(b'{"ok":true,"method":"totp","backup_codes_left":9}\n'),
    "an id that is a number": reply(b'{"id":0,"ok":true}\n'),
    "closes at once": close_at_once,
    "closes after reading": close_after_reading,
    "resets": reset,
    "silence": silence,
    "a byte now and then": drip,
    "a line without an end": flood,
    "a yes before the question": answer_unasked,
}


class Server:
    """Listens in a directory of its own; counts who came, and keeps what was asked."""

    def __init__(self, *behaviours, queue=64, held=False):
        """Each connection gets the next behaviour; the last one serves all further ones. A server
        that is held accepts nobody until it may go."""
        self.behaviours = behaviours
        self.connections = 0
        self.lines = []
        self.stopping = threading.Event()
        self.folder = tempfile.TemporaryDirectory(prefix="totpd-web-")
        self.path = os.path.join(self.folder.name, "app.sock")
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(self.path)
        self.listener.listen(queue)
        self.may_accept = threading.Event()
        if not held:
            self.go()

    def __enter__(self):
        threading.Thread(target=self.accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.stopping.set()
        self.go()
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.folder.cleanup()

    def go(self):
        self.may_accept.set()

    def accept(self):
        self.may_accept.wait()
        while not self.stopping.is_set():
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            behave = self.behaviours[min(self.connections, len(self.behaviours) - 1)]
            self.connections += 1
            threading.Thread(target=self.serve, args=(behave, connection), daemon=True).start()

    def serve(self, behave, connection):
        with connection:
            try:
                behave(connection, self.stopping, self.lines)
            except OSError:
                # The client has had enough.
                pass
