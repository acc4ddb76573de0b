"""The real totpd under a clock that stands where a test puts it, with everything in one directory.
The process and its files go with the test."""

import glob
import json
import os
import pathlib
import secrets
import shutil
import socket
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("TOTPD_PROGRAM", str(ROOT / ".build/release/totpd"))
# 2026-01-01T00:00:00Z, where a step begins.
BEGINNING = 1_767_225_600


class Daemon:
    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="totpd-web-")
        self.socket = self.path("app.sock")
        self.admin_socket = self.path("admin.sock")
        self.now = BEGINNING
        self.process = None
        self.pids = []
        with open(self.path("keys"), "w") as file:
            os.chmod(file.fileno(), 0o600)
            file.write(f"totpd-master-key-1 {secrets.token_hex(4)} {secrets.token_hex(32)}\n")
        self.set_clock(self.now)

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            shutil.rmtree(self.folder)
            raise
        return self

    def __exit__(self, *_):
        self.stop()
        for pid in self.pids:
            # libfaketime's memory is named after the process, and stays behind.
            for name in (f"faketime_shm_{pid}", f"sem.faketime_sem_{pid}"):
                pathlib.Path("/dev/shm", name).unlink(missing_ok=True)
        shutil.rmtree(self.folder)

    def path(self, name):
        return os.path.join(self.folder, name)

    def set_clock(self, now):
        """In one step: totpd reads the file whenever it looks at its clock."""
        self.now = now
        with open(self.path("clock.next"), "w") as file:
            file.write(time.strftime("%Y-%m-%d %H:%M:%S\n", time.gmtime(now)))
        os.rename(self.path("clock.next"), self.path("clock"))

    def advance(self, seconds):
        self.set_clock(self.now + seconds)

    def start(self):
        library = glob.glob("/usr/lib/*-linux-gnu/faketime/libfaketimeMT.so.1")
        if not library:
            raise RuntimeError("libfaketimeMT.so.1 is missing: install the package faketime")
        environment = dict(
            os.environ, LD_PRELOAD=library[0], FAKETIME_TIMESTAMP_FILE=self.path("clock"),
            FAKETIME_NO_CACHE="1", FAKETIME_DONT_FAKE_MONOTONIC="1", TZ="UTC",
            SWIFT_BACKTRACE="enable=no")
        # The library changes the environment of the first process it is in, and so moves it away
        # from where Swift looks for the arguments: env(1) goes first.
        self.process = subprocess.Popen(
            ["/usr/bin/env", PROGRAM, "--state", self.path("state"), "--keys", self.path("keys"),
             "--socket", self.socket, "--admin-socket", self.admin_socket],
            env=environment, stderr=subprocess.PIPE, text=True)
        self.pids.append(self.process.pid)
        said = []
        for line in self.process.stderr:
            said.append(line)
            if line.rstrip().endswith("ready"):
                return
        raise RuntimeError("totpd did not start:\n" + "".join(said))

    def stop(self):
        if self.process is not None:
            self.process.terminate()
            _, complaints = self.process.communicate(timeout=30)
            code, self.process = self.process.returncode, None
            if code != 0:
                raise RuntimeError(f"totpd ended with {code}:\n{complaints}")

    def restart(self):
        self.stop()
        self.start()

    def ask(self, request, as_admin=True):
        """One request on a connection of its own; for tests, which want to see what fails."""
        line = request if isinstance(request, str) else json.dumps(request)
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(30)
            connection.connect(self.admin_socket if as_admin else self.socket)
            connection.sendall(line.encode() + b"\n")
            return json.loads(connection.makefile("rb").readline())
