#!/usr/bin/env python3
"""totpd's client for Python 3.8 and later: copy this one file. Every failure is a no.

    totpd = Totpd("/run/totpd/totpd.sock")
    reply = totpd.verify(user_id, code)
    if reply["ok"]: ...                # True or False, never anything else

Threads may share one. Only "ok":true is a yes. The id says which request a reply is for. A
request that would do something twice is sent once.
"""

from __future__ import annotations

import errno
import json
import os
import secrets
import socket
import sys
import time
from collections import deque
from typing import Any, Deque, Dict, Mapping, Optional, Sequence

REPLY_BYTES_MAX = 1 << 20
IDLE_MAX = 8
# While totpd's queue is full, the kernel refuses at once whoever does not wait (EAGAIN).
QUEUE_PAUSE = 0.01

Reply = Dict[str, Any]


class Totpd:
    def __init__(self, path: str = "/run/totpd/totpd.sock", timeout: float = 5.0) -> None:
        self.path = path
        self.timeout = timeout
        self._idle: Deque[socket.socket] = deque(maxlen=IDLE_MAX)

    def verify(self, user: str, code: str, **more: Any) -> Reply:
        """Is this the user's code, for the first time? After a lost reply it asks once more."""
        # The attempt goes to totpd alone: whoever has it and the code gets the same answer.
        return self.ask(
            {"op": "verify", "user": user, "code": code, "attempt": secrets.token_hex(16), **more}
        )

    def ask(self, request: Mapping[str, Any]) -> Reply:
        """The reply, in which `ok` is True or False. What failed is False and `unavailable`."""
        number = secrets.token_hex(8)
        line = json.dumps({**request, "id": number}).encode() + b"\n"
        # A request that may be repeated uses a kept connection, and then once a new one.
        # Any other request uses a new one, since a kept one may have died unnoticed.
        is_repeatable = "attempt" in request or request.get("op") in ("hello", "status")
        for kept in (True, False) if is_repeatable else (False,):
            reply = self._exchange(line, number, kept)
            if reply is not None:
                return reply
        return {"ok": False, "error": "unavailable"}

    def _exchange(self, line: bytes, number: str, kept: bool) -> Optional[Reply]:
        """One try: the reply, or None. After a failure the connection is never used again."""
        deadline = time.monotonic() + self.timeout
        connection = None
        try:
            connection = self._kept() if kept else None
            if connection is None:
                connection = socket.socket(socket.AF_UNIX)
                self._connect(connection, deadline)
            connection.settimeout(self._left(deadline))
            connection.sendall(line)
            reply = json.loads(self._read_line(connection, deadline))
            if not isinstance(reply, dict) or reply.get("id") != number:
                raise ValueError("not the answer to this request")
            if reply.get("ok") is not True and reply.get("ok") is not False:
                raise ValueError("neither yes nor no")
        except (OSError, ValueError, RecursionError):
            if connection is not None:
                connection.close()
            return None
        self._idle.append(connection)
        return reply

    def _kept(self) -> Optional[socket.socket]:
        try:
            return self._idle.pop()
        except IndexError:
            return None

    def _connect(self, connection: socket.socket, deadline: float) -> None:
        connection.settimeout(self._left(deadline))
        while True:
            status = connection.connect_ex(self.path)
            if status == 0:
                return
            if status != errno.EAGAIN:
                raise OSError(status, "cannot connect")
            time.sleep(min(QUEUE_PAUSE, self._left(deadline)))

    @staticmethod
    def _left(deadline: float) -> float:
        left = deadline - time.monotonic()
        if left <= 0:
            raise OSError("no answer in time")
        return left

    @classmethod
    def _read_line(cls, connection: socket.socket, deadline: float) -> bytes:
        line = b""
        while not line.endswith(b"\n"):
            connection.settimeout(cls._left(deadline))
            part = connection.recv(65536)
            line += part
            if not part or len(line) > REPLY_BYTES_MAX or b"\n" in line[:-1]:
                raise OSError("not one whole line")
        return line


def main(arguments: Sequence[str]) -> int:
    """totpd.py SOCKET USER CODE prints yes or no; totpd.py SOCKET reads requests, a line each."""
    if len(arguments) not in (1, 3):
        sys.exit("usage: totpd.py SOCKET [USER CODE]")
    totpd = Totpd(arguments[0], float(os.environ.get("TOTPD_TIMEOUT", "5")))
    if len(arguments) == 3:
        is_yes = totpd.verify(*arguments[1:])["ok"]
        print("yes" if is_yes else "no")
        return 0 if is_yes else 1
    for line in sys.stdin:
        print(json.dumps(totpd.ask(json.loads(line))), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
