"""The shop beside a real totpd, for one test: served by threads of this process, on loopback. It
ends with the test."""

import contextlib
import subprocess
import sys
import threading

from werkzeug.serving import WSGIRequestHandler, make_server

from daemon import ROOT, Daemon

WEBAPP = ROOT / "Examples/webapp"
sys.path.insert(0, str(WEBAPP))

import shop  # noqa: E402
from shop import database, people  # noqa: E402

PASSWORD = "correct horse"
# Not what a site may use: tests log in often.
CHEAP = (2**4, 8, 1)


class Quiet(WSGIRequestHandler):
    def log_request(self, code="-", size="-"):
        pass


# Werkzeug has its routes compiled by ast.parse, which Python 3.11 gets wrong when several threads
# do it at once (CPython issue 106905).
making = threading.Lock()


def make_app(**settings):
    with making:
        return shop.create_app(shop.Settings(**settings))


class Site:
    """`daemon`, `app`, `url`, and the ids of ada and bob in `people`."""

    def __init__(self):
        self.daemon = Daemon()
        self.stack = contextlib.ExitStack()

    def __enter__(self):
        self.stack.enter_context(self.daemon)
        self.path = self.daemon.path("shop.db")
        self.app = make_app(
            database=self.path, url="", totpd=self.daemon.socket, secure_cookies=False,
            shows_mail=True, totpd_seconds=20)
        self.people = {}
        with self.open_database() as connection:
            for name in ("ada", "bob"):
                self.people[name] = people.add(
                    connection, f"{name}@example.org", name.capitalize(), PASSWORD, CHEAP)
        server = make_server("127.0.0.1", 0, self.app, threaded=True, request_handler=Quiet)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        self.stack.callback(thread.join)
        self.stack.callback(server.server_close)
        self.stack.callback(server.shutdown)
        self.url = self.app.shop.url = f"http://127.0.0.1:{server.server_port}"
        return self

    def __exit__(self, *ending):
        self.stack.__exit__(*ending)

    def open_database(self):
        return contextlib.closing(database.connect(self.path))

    def ask(self, op, name, **fields):
        """totpd's answer about ada or bob, on the admin socket."""
        return self.daemon.ask({"op": op, "user": self.people[name], **fields})

    def mails(self, name):
        """Subjects and texts, the newest first."""
        with self.open_database() as connection:
            return [(row["subject"], row["body"]) for row in connection.execute(
                "SELECT subject, body FROM mail WHERE person = ? ORDER BY id DESC",
                (self.people[name],))]

    def support(self, *arguments):
        """support.py, as support runs it."""
        return subprocess.run(
            ["/usr/bin/python3", str(WEBAPP / "support.py"), "--database", self.path,
             "--admin-socket", self.daemon.admin_socket, *arguments],
            capture_output=True, text=True, timeout=60)
