"""The clients under Examples/clients, each as the program that it also is."""

import json
import os
import subprocess
from dataclasses import dataclass

from daemon import ROOT

FOLDER = ROOT / "Examples/clients"
# Built by Tests/Web/run.
GO_PROGRAM = str(ROOT / ".build/clients/totpd-go")


@dataclass(frozen=True)
class Client:
    language: str
    command: tuple

    def verify(self, socket, user, code, timeout=10):
        """What it prints, its exit status, and what it complains of."""
        return subprocess.run(
            [*self.command, socket, user, code], env=environment(timeout), timeout=60,
            stdin=subprocess.DEVNULL, capture_output=True, text=True)


class Talk:
    """A client that runs on: a request in, a reply out, over the connections that it keeps."""

    def __init__(self, client, socket, timeout=10):
        self.process = subprocess.Popen(
            [*client.command, socket], env=environment(timeout), text=True, bufsize=1,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait(timeout=30)

    def ask(self, request):
        line = request if isinstance(request, str) else json.dumps(request)
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        reply = json.loads(self.process.stdout.readline())
        reply.pop("id", None)
        return reply


def environment(timeout):
    return dict(os.environ, TOTPD_TIMEOUT=str(timeout))


CLIENTS = (
    Client("python", ("/usr/bin/python3", str(FOLDER / "totpd.py"))),
    Client("asyncio", ("/usr/bin/python3", str(FOLDER / "totpd_asyncio.py"))),
    Client("node", ("node", str(FOLDER / "totpd.js"))),
    Client("php", ("php", str(FOLDER / "totpd.php"))),
    Client("ruby", ("ruby", str(FOLDER / "totpd.rb"))),
    Client("go", (GO_PROGRAM,)),
    Client("perl", ("perl", str(FOLDER / "Totpd.pm"))),
    Client("shell", ("sh", str(FOLDER / "totpd.sh"))),
)
