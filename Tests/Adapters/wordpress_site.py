"""Debian's WordPress on MariaDB and PHP's own server, in one directory, with the plugin of
Examples/wordpress and without it."""

import base64
import http.cookiejar
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

from daemon import ROOT

TREE = next(path for path in (
    ROOT / ".build/deps/usr/share/wordpress", pathlib.Path("/usr/share/wordpress"))
    if path.exists())
EXAMPLE = ROOT / "Examples/wordpress"
SUPPORT = ROOT / "Tests/Adapters/wordpress"
PASSWORD = "correct horse 'battery'"
SECONDS_MAX = 60
WORKERS = "12"


class Database:
    def __init__(self, folder):
        self.socket = str(folder / "mariadb.sock")
        data = folder / "mariadb"
        with open(folder / "mariadb.log", "w") as log:
            subprocess.run(
                ["mariadb-install-db", "--no-defaults", f"--datadir={data}", "--user=root",
                 "--auth-root-authentication-method=normal"], check=True, stdout=log, stderr=log)
            self.process = subprocess.Popen(
                ["/usr/sbin/mariadbd", "--no-defaults", f"--datadir={data}", "--user=root",
                 f"--socket={self.socket}", "--skip-networking", "--skip-log-bin"],
                stdout=log, stderr=log)
        self.data = data

    def make(self):
        """The database, by PHP, which is there anyway."""
        php = ("$d = mysqli_init(); mysqli_real_connect($d, null, 'root', '', null, 0, $argv[1]);"
               "mysqli_query($d, 'create database wordpress');")
        deadline = time.monotonic() + SECONDS_MAX
        while not os.path.exists(self.socket):
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("MariaDB did not start")
            time.sleep(0.1)
        subprocess.run(["php", "-r", php, self.socket], check=True)

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=60)


class Server:
    """One tree under one address. PHP's workers are children, and end with their group."""

    def __init__(self, folder, name, database, totpd, *plugins):
        self.tree = folder / name
        shutil.copytree(TREE, self.tree, symlinks=True, ignore=shutil.ignore_patterns(
            "wp-config.php", "plugins", "themes"))
        (self.tree / "wp-content/plugins").mkdir(parents=True, exist_ok=True)
        (self.tree / "wp-content/themes").mkdir(exist_ok=True)
        shutil.copy(SUPPORT / "wp-config.php", self.tree)
        for plugin in plugins:
            os.makedirs(self.tree / "wp-content/mu-plugins", exist_ok=True)
            shutil.copy(plugin, self.tree / "wp-content/mu-plugins")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.address = f"127.0.0.1:{free.getsockname()[1]}"
        environment = {**os.environ, "SITE_DATABASE": database.socket, "SITE_TOTPD": totpd,
                       "PHP_CLI_SERVER_WORKERS": WORKERS}
        self.process = subprocess.Popen(
            ["php", "-d", "sendmail_path=/bin/true", "-d", "display_errors=0", "-d",
             f"error_log={self.tree}/php.log", "-d", "log_errors=1", "-S", self.address, "-t",
             self.tree], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True)

    def wait(self):
        deadline = time.monotonic() + SECONDS_MAX
        host, port = self.address.split(":")
        while True:
            try:
                socket.create_connection((host, int(port))).close()
                return
            except ConnectionRefusedError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)

    def stop(self):
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait(timeout=60)


class Site:
    def __init__(self, totpd):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="totpd-wordpress-"))
        self.database = Database(self.folder)
        self.database.make()
        ways = SUPPORT / "ways-in.php"
        plugin = (EXAMPLE / "totpd-second-factor.php", ROOT / "Examples/clients/totpd.php")
        self.plain = Server(self.folder, "plain", self.database, totpd, ways)
        self.guarded = Server(self.folder, "guarded", self.database, totpd, ways, *plugin)
        for server in (self.plain, self.guarded):
            server.wait()
        Browser(self.plain).post("wp-admin/install.php?step=2", weblog_title="Site",
                                 user_name="ada", admin_password=PASSWORD,
                                 admin_password2=PASSWORD, pw_weak="1",
                                 admin_email="ada@example.org", language="")

    def close(self):
        for server in (self.plain, self.guarded, self.database):
            server.stop()
        shutil.rmtree(self.folder)


class Browser:
    def __init__(self, server, user=None, password=None):
        self.server = server
        self.jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(self.jar))
        self.basic = None
        if user:
            pair = base64.b64encode(f"{user}:{password}".encode()).decode()
            self.basic = f"Basic {pair}"

    def send(self, path, body=None, kind="application/x-www-form-urlencoded"):
        request = urllib.request.Request(f"http://{self.server.address}/{path}", body)
        request.add_header("Content-Type", kind)
        if self.basic:
            request.add_header("Authorization", self.basic)
        try:
            with self.opener.open(request, timeout=SECONDS_MAX) as reply:
                self.url, self.status = reply.url, reply.status
                self.headers, self.text = reply.headers, reply.read().decode()
        except urllib.error.HTTPError as error:
            self.url, self.status = error.url, error.code
            self.headers, self.text = error.headers, error.read().decode()
        return self.text

    def get(self, path):
        return self.send(path)

    def post(self, path, **fields):
        return self.send(path, urllib.parse.urlencode(fields).encode())
