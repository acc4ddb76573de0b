"""pam_totpd in sshd, sudo and su, as its page says to set it up, and beside
pam_google_authenticator."""

import os
import pathlib
import re
import shutil
import socket
import subprocess
import tempfile
import time
import unittest

import authenticator
from daemon import ROOT
from host import MODULE, PASSWORD, HostDaemon, log_in, race, run, the_host

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
RECIPE = MODULE.parent / "moving-in/google-authenticator"
# Installed, or unpacked by .ci/install, which starts no server.
UNPACKED = ROOT / ".build/deps"
SSHD = next(path for path in (pathlib.Path("/usr/sbin/sshd"), UNPACKED / "usr/sbin/sshd")
            if path.exists())
# Answers sshd's prompts, each by its words.
ANSWERS = """#!/bin/sh
case $1 in
*assword*) cat "$ANSWERS/password" ;;
*code*) cat "$ANSWERS/code" ;;
esac
"""


def of_page(language):
    """The one block of the page in this language."""
    block, = re.findall(rf"```{language}\n(.*?)```", (MODULE / "README.md").read_text(), re.S)
    return block


def behind_common_auth(service):
    """Puts the page's line where the page says."""
    path = pathlib.Path("/etc/pam.d", service)
    text = path.read_text()
    include = "@include common-auth\n"
    if of_page("pam") not in text:
        assert text.count(include) == 1, text
        path.write_text(text.replace(include, include + of_page("pam")))


class LoginTests(unittest.TestCase):
    """One daemon at the address that the module asks by default, so one test after the other."""

    def setUp(self):
        self.host = the_host()
        self.host.one_at_a_time.acquire()
        self.addCleanup(self.host.one_at_a_time.release)
        self.daemon = self.enterContext(HostDaemon(SECRET))
        link = pathlib.Path("/run/totpd/host.sock")
        link.symlink_to(self.daemon.socket)
        self.addCleanup(link.unlink)

    def code(self):
        return authenticator.code(SECRET, self.daemon.now)

    @staticmethod
    def complete_sshd():
        """What an installation would have made."""
        os.makedirs("/run/sshd", mode=0o755, exist_ok=True)
        if run("getent", "passwd", "sshd", check=False).returncode != 0:
            run("useradd", "--system", "--home-dir", "/run/sshd", "--shell", "/usr/sbin/nologin",
                "sshd")
        if not os.path.exists("/etc/pam.d/sshd"):
            shutil.copy(UNPACKED / "etc/pam.d/sshd", "/etc/pam.d/sshd")

    def start_sshd(self, configuration=None):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        folder = pathlib.Path(tempfile.mkdtemp(dir=self.host.folder))
        run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / "key")
        self.complete_sshd()
        behind_common_auth("sshd")
        (folder / "config").write_text(
            (configuration or of_page("sshd")) + f"Port {self.port}\nListenAddress 127.0.0.1\nHostKey {folder}/key\n"
            "MaxStartups 100\nPidFile none\n")
        server = subprocess.Popen(
            [SSHD, "-D", "-e", "-f", folder / "config"], stderr=subprocess.PIPE,
            text=True)
        self.addCleanup(server.communicate)
        self.addCleanup(server.terminate)
        while "listening" not in (line := server.stderr.readline()):
            self.assertTrue(line, "sshd did not start")

    def begin_ssh(self, code, user="ada", password=PASSWORD, key="none"):
        folder = pathlib.Path(tempfile.mkdtemp(dir=self.host.folder))
        (folder / "password").write_text(password + "\n")
        (folder / "code").write_text(code + "\n")
        (folder / "ask").write_text(ANSWERS)
        (folder / "ask").chmod(0o755)
        return subprocess.Popen(
            ["ssh", "-F", "none", "-p", str(self.port), "-o", "StrictHostKeyChecking=no", "-o",
             "UserKnownHostsFile=/dev/null", "-o", "NumberOfPasswordPrompts=1", "-o",
             "LogLevel=ERROR", "-o", "IdentitiesOnly=yes", "-i", key, f"{user}@127.0.0.1", "id",
             "-un"],
            env={**os.environ, "SSH_ASKPASS": str(folder / "ask"), "ANSWERS": str(folder),
                 "SSH_ASKPASS_REQUIRE": "force"},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)

    def ssh(self, *arguments, **more):
        process = self.begin_ssh(*arguments, **more)
        out, _ = process.communicate(timeout=120)
        return process.returncode == 0 and out == f"{more.get('user', 'ada')}\n"

    def test_sshd(self):
        self.start_sshd()
        self.assertFalse(self.ssh(self.code(), password="wrong"))
        self.assertTrue(self.ssh(self.code()))
        self.assertFalse(self.ssh(self.code()))
        wrong, = authenticator.wrong_codes(SECRET, self.daemon.now)
        self.assertFalse(self.ssh(wrong))
        event = self.daemon.ask({"op": "events", "app": "host", "user": "ada",
                                 "operation": "verify", "result": "wrong_code"})["events"][-1]
        self.assertEqual(event["source"], "127.0.0.1")
        # bob is not enrolled, and the page says nullok.
        self.assertTrue(self.ssh("", user="bob"))

        self.daemon.advance(30)
        logins = [self.begin_ssh(self.code()) for _ in range(8)]
        self.assertEqual([login.communicate(timeout=120)[0] for login in logins].count("ada\n"), 1)

        self.daemon.advance(30)
        right = self.code()
        self.daemon.stop()
        for user in ("ada", "bob"):
            self.assertFalse(self.ssh(right, user=user))

    def test_sshd_with_a_key(self):
        """A key and a code, without a password; and a key alone, where sshd asks nothing more."""
        key = pathlib.Path(tempfile.mkdtemp(dir=self.host.folder)) / "key"
        run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key)
        for user in ("ada", "bob"):
            folder = self.host.folder / user / ".ssh"
            folder.mkdir(exist_ok=True)
            shutil.copy(key.with_name("key.pub"), folder / "authorized_keys")
            run("chown", "-R", user, folder)
        methods = "AuthenticationMethods keyboard-interactive:pam"
        self.assertIn(methods, of_page("sshd"))

        self.start_sshd(of_page("sshd").replace(methods, "AuthenticationMethods publickey"))
        self.assertTrue(self.ssh("", password="", key=key))

        self.start_sshd(of_page("sshd").replace(
            methods, "AuthenticationMethods publickey,keyboard-interactive:pam"))
        path = pathlib.Path("/etc/pam.d/sshd")
        text = path.read_text()
        self.addCleanup(path.write_text, text)
        path.write_text(text.replace("@include common-auth\n", "").replace(
            of_page("pam"), of_page("pam") + "auth required pam_permit.so\n"))
        self.assertFalse(self.ssh("", password="", key=key))
        self.assertFalse(self.ssh(self.code(), password="", key="/dev/null"))
        self.assertTrue(self.ssh(self.code(), password="", key=key))
        self.assertFalse(self.ssh(self.code(), password="", key=key))
        self.assertTrue(self.ssh("", user="bob", password="", key=key))

    def allow(self, rules):
        path = pathlib.Path("/etc/sudoers.d/adapters")
        path.write_text(rules)
        self.addCleanup(path.unlink)

    def test_sudo_and_su(self):
        for service in ("sudo", "su"):
            behind_common_auth(service)
        self.allow("ada ALL=(ALL) ALL\nDefaults timestamp_timeout=0, passwd_tries=1\n")

        def as_ada(code, *command):
            return run("runuser", "-u", "ada", "--", *command, check=False,
                       input=f"{PASSWORD}\n{code}\n")

        sudo, su = ("sudo", "-S", "id", "-u"), ("su", "ada", "-c", "id -un")
        self.assertEqual(as_ada(self.code(), *sudo).stdout, "0\n")
        self.assertEqual(as_ada(self.code(), *sudo).stdout, "")
        # What was used for the one is used for the other.
        self.assertEqual(as_ada(self.code(), *su).stdout, "")
        self.daemon.advance(30)
        self.assertEqual(as_ada(self.code(), *su).stdout, "ada\n")
        self.daemon.advance(30)
        right = self.code()
        self.daemon.stop()
        self.assertEqual(as_ada(right, *sudo).stdout + as_ada(right, *su).stdout, "")

    def test_enrolling(self):
        """By root for bob, and by ada for herself; a new phone needs a code of the old one."""
        # Without a password, so that all that is read is for totpd-enroll.
        self.allow(of_page("sudoers").replace("%users", "ada").replace(")", ") NOPASSWD:"))
        process = subprocess.Popen(
            ["totpd-enroll", "bob"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=1,
            stderr=subprocess.DEVNULL, text=True)
        self.enterContext(process)
        for line in process.stdout:
            if "type the key" in line:
                break
        secret = line.split()[-1]
        out, _ = process.communicate(f"12345\n{authenticator.code(secret, self.daemon.now)}\n",
                                     timeout=60)
        backup_codes = re.findall(r"^    (\S+)$", out, re.M)
        self.assertEqual((process.returncode, len(backup_codes)), (0, 10), out)
        name = self.host.service("totpd-enrolled", "required pam_totpd.so")
        self.assertTrue(log_in(name, "bob", backup_codes[0])[0])

        def as_ada(*words):
            return run("runuser", "-u", "ada", "--", "sudo", "-n", "totpd-enroll", *words,
                       check=False, input=f"{self.code()}\n")

        self.assertEqual((as_ada("bob").stdout, as_ada("bob").returncode), ("", 1))
        begun = as_ada()
        self.assertIn("type the key", begun.stdout)
        self.assertIn("nothing has changed", begun.stderr)
        self.assertTrue(self.daemon.ask({"op": "show", "app": "host", "user": "ada"})["enrolled"])


class GoogleAuthenticatorTests(unittest.TestCase):
    """The real clock: pam_google_authenticator has no other."""

    def file(self, *options):
        path = pathlib.Path(tempfile.mkdtemp(dir=the_host().folder)) / "ada"
        run("google-authenticator", "-t", "-f", "-u", "-w", "3", "-q", *options, "-s", path)
        name = the_host().service(
            f"google-{path.parent.name}",
            f"required pam_google_authenticator.so secret={path} user=root")
        return path, name, path.read_text().splitlines()[0]

    def test_race_beside_google_authenticator(self):
        """The control: a module that keeps no used codes lets everybody in."""
        let_in = {}
        for option in ("-D", "-d"):
            _, name, secret = self.file(option)
            let_in[option] = race(24, name, "root", authenticator.code(secret, time.time()))
        self.assertGreater(let_in["-D"], 20)
        self.assertGreaterEqual(let_in["-d"], 0)
        print(f"pam_google_authenticator with DISALLOW_REUSE let in {let_in['-d']} of 24")

    def test_moving_in(self):
        path, name, secret = self.file("-d")
        used = authenticator.code(secret, time.time())
        self.assertTrue(log_in(name, "root", used)[0])
        daemon = self.enterContext(HostDaemon(SECRET))
        daemon.set_clock(int(time.time()))
        accounts = path.with_name("accounts.csv")
        accounts.write_text(run(RECIPE, path).stdout)
        for option in (("--dry-run",), ()):
            daemon.control("import", accounts, "--app", "host", *option)
        name = the_host().service("totpd-moved", f"required pam_totpd.so socket={daemon.socket}")
        is_in, said = log_in(name, "root", used)
        self.assertFalse(is_in)
        self.assertIn("used already", said)
        self.assertTrue(log_in(name, "root", authenticator.code(secret, daemon.now, 1))[0])
