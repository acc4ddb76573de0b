#!/usr/bin/env python3
"""totpd's client for asyncio, Python 3.8 and later: copy this one file. Every failure is a no.

    totpd = AsyncTotpd("/run/totpd/totpd.sock")
    reply = await totpd.verify(user_id, code)
    if reply["ok"]: ...                # True or False, never anything else

Tasks may share one. Only "ok":true is a yes. The id says which request a reply is for. A request
that would do something twice is sent once. Who cancels `verify` does not know whether the code was
used.
"""

from __future__ import annotations

import asyncio
import errno
import json
import os
import secrets
import socket
import sys
from typing import Any, Dict, List, Mapping, Optional, Sequence

REPLY_BYTES_MAX = 1 << 20
IDLE_MAX = 8
# While totpd's queue is full, the kernel refuses at once whoever does not wait (EAGAIN).
QUEUE_PAUSE = 0.01

Reply = Dict[str, Any]


class AsyncTotpd:
    def __init__(self, path: str = "/run/totpd/totpd.sock", timeout: float = 5.0) -> None:
        self.path = path
        self.timeout = timeout
        self._idle: List[socket.socket] = []

    async def verify(self, user: str, code: str, **more: Any) -> Reply:
        """Is this the user's code, for the first time? After a lost reply it asks once more."""
        # The attempt goes to totpd alone: whoever has it and the code gets the same answer.
        return await self.ask(
            {"op": "verify", "user": user, "code": code, "attempt": secrets.token_hex(16), **more}
        )

    async def ask(self, request: Mapping[str, Any]) -> Reply:
        """The reply, in which `ok` is True or False. What failed is False and `unavailable`."""
        number = secrets.token_hex(8)
        line = json.dumps({**request, "id": number}).encode() + b"\n"
        # A request that may be repeated uses a kept connection, and then once a new one.
        # Any other request uses a new one, since a kept one may have died unnoticed.
        is_repeatable = "attempt" in request or request.get("op") in ("hello", "status")
        for kept in (True, False) if is_repeatable else (False,):
            reply = await self._exchange(line, number, kept)
            if reply is not None:
                return reply
        return {"ok": False, "error": "unavailable"}

    async def _exchange(self, line: bytes, number: str, kept: bool) -> Optional[Reply]:
        """One try: the reply, or None. After a failure, or when its task was cancelled, the
        connection is never used again."""
        connection = self._idle.pop() if kept and self._idle else None
        is_new = connection is None
        if connection is None:
            connection = socket.socket(socket.AF_UNIX)
            connection.setblocking(False)
        try:
            answer = await asyncio.wait_for(self._talk(connection, line, is_new), self.timeout)
            reply: Reply = json.loads(answer)
            if not isinstance(reply, dict) or reply.get("id") != number:
                raise ValueError("not the answer to this request")
            if reply.get("ok") is not True and reply.get("ok") is not False:
                raise ValueError("neither yes nor no")
        except (OSError, ValueError, RecursionError, asyncio.TimeoutError):
            connection.close()
            return None
        except BaseException:
            connection.close()
            raise
        if len(self._idle) < IDLE_MAX:
            self._idle.append(connection)
        else:
            connection.close()
        return reply

    async def _talk(self, connection: socket.socket, line: bytes, is_new: bool) -> bytes:
        """One whole line, for a line."""
        loop = asyncio.get_running_loop()
        if is_new:
            await self._connect(connection)
        await loop.sock_sendall(connection, line)
        answer = b""
        while not answer.endswith(b"\n"):
            part = await loop.sock_recv(connection, 65536)
            answer += part
            if not part or len(answer) > REPLY_BYTES_MAX or b"\n" in answer[:-1]:
                raise OSError("not one whole line")
        return answer

    async def _connect(self, connection: socket.socket) -> None:
        """By hand: asyncio takes EAGAIN for a connection that is under way."""
        while True:
            status = connection.connect_ex(self.path)
            if status == 0:
                return
            if status != errno.EAGAIN:
                raise OSError(status, "cannot connect")
            await asyncio.sleep(QUEUE_PAUSE)


async def main(arguments: Sequence[str]) -> int:
    """totpd_asyncio.py SOCKET USER CODE prints yes or no; SOCKET alone reads requests."""
    if len(arguments) not in (1, 3):
        sys.exit("usage: totpd_asyncio.py SOCKET [USER CODE]")
    totpd = AsyncTotpd(arguments[0], float(os.environ.get("TOTPD_TIMEOUT", "5")))
    if len(arguments) == 3:
        is_yes = (await totpd.verify(*arguments[1:]))["ok"]
        print("yes" if is_yes else "no")
        return 0 if is_yes else 1
    for line in sys.stdin:
        print(json.dumps(await totpd.ask(json.loads(line))), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1:])))
