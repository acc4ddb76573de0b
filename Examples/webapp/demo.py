#!/usr/bin/env python3
"""`make demo`: totpd and the shop on loopback, until Ctrl-C. It makes a folder of its own,
and removes it at the end. Do not run a site with it: it shows everybody's mail."""

import argparse
import contextlib
import errno
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import threading

from werkzeug.serving import WSGIRequestHandler, make_server

import shop
from shop import database, people

PEOPLE = (("ada@example.org", "Ada"), ("bob@example.org", "Bob"))
PASSWORD = "correct horse"


class QuietHandler(WSGIRequestHandler):
    """Login links are in paths, so paths are not logged."""

    def log_request(self, code="-", size="-"):
        pass


@contextlib.contextmanager
def running_totpd(program, folder):
    """totpd, in a session of its own, so that Ctrl-C is ours to pass on."""
    keys = os.path.join(folder, "keys")
    with open(os.open(keys, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(f"totpd-master-key-1 {secrets.token_hex(4)} {secrets.token_hex(32)}\n")
    sockets = [os.path.join(folder, name) for name in ("app.sock", "admin.sock")]
    process = subprocess.Popen(
        [program, "--state", os.path.join(folder, "state"), "--keys", keys,
         "--socket", sockets[0], "--admin-socket", sockets[1]],
        stderr=subprocess.PIPE, text=True, start_new_session=True)
    try:
        said = []
        for line in process.stderr:
            said.append(line)
            if line.rstrip().endswith("ready"):
                break
        else:
            sys.exit("demo: totpd did not start:\n" + "".join(said))
        # What it says later goes to the terminal, and never fills a pipe.
        threading.Thread(
            target=lambda: [sys.stderr.write(line) for line in process.stderr], daemon=True
        ).start()
        yield process, *sockets
    finally:
        process.terminate()
        process.wait()


def taken_port(number):
    """The port, before anything is started for it; it must not be another program's."""
    listener = socket.socket()
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", number))
        listener.listen(128)
    except OverflowError:
        sys.exit(f"demo: {number} is no port, 0 to 65535 are; make demo PORT=8500")
    except OSError as error:
        hint = "; another program has it: make demo PORT=8500 takes another port" \
            if error.errno == errno.EADDRINUSE else ""
        sys.exit(f"demo: port {number} cannot be had ({error.strerror}){hint}")
    return listener


def serve(options, folder, over):
    listener = taken_port(options.port)
    with running_totpd(options.totpd, folder) as (process, app_socket, admin_socket):
        path = os.path.join(folder, "shop.db")
        app = shop.create_app(shop.Settings(
            database=path, url="", totpd=app_socket, secure_cookies=False, shows_mail=True))
        with contextlib.closing(database.connect(path)) as connection:
            for email, name in PEOPLE:
                people.add(connection, email, name, PASSWORD)
        server = make_server(
            "127.0.0.1", options.port, app, threaded=True, request_handler=QuietHandler,
            fd=listener.fileno())
        app.shop.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        support = os.path.relpath(os.path.join(os.path.dirname(__file__), "support.py"))
        print(f"""
  Open      {app.shop.url}/login
  Log in    {PEOPLE[0][0]} or {PEOPLE[1][0]}, password: {PASSWORD}
  Mail      {app.shop.url}/mail
  Support   {support} --database {path} --admin-socket {admin_socket} list
  No phone? oathtool --totp --base32 KEY prints the codes.

Ctrl-C stops the shop and totpd, and removes what they kept.""", flush=True)
        # Until Ctrl-C, SIGTERM, or the end of totpd.
        threading.Thread(target=lambda: (process.wait(), over.set()), daemon=True).start()
        over.wait()
        server.shutdown()
        if process.poll() is not None:
            sys.exit("demo: totpd ended")
    print("\nBoth are stopped.", flush=True)


def main():
    parser = argparse.ArgumentParser(prog="demo.py")
    parser.add_argument("--totpd", default=".build/release/totpd", metavar="PROGRAM")
    parser.add_argument("--port", type=int, default=8400)
    options = parser.parse_args()
    over = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: over.set())
    with tempfile.TemporaryDirectory(prefix="totpd-demo-") as folder:
        serve(options, folder, over)


if __name__ == "__main__":
    main()
