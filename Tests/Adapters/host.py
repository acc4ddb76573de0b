"""A host whose PAM asks totpd: the module as its own Makefile builds and installs it, services and
users. Everything is in the namespace of pam/namespace, and gone with it."""

import itertools
import os
import pathlib
import subprocess
import tempfile
import threading

from daemon import PROGRAM, ROOT, Daemon

MODULE = ROOT / "Examples/pam"
SUPPORT = ROOT / "Tests/Adapters/pam"
PASSWORD = "correct horse"
WRONG = "That code is not right."
UNAVAILABLE = "Authentication service cannot retrieve authentication info"
NUMBERS = itertools.count()
SANITIZED = ("-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all")


def run(*command, check=True, **options):
    """Runs a program to its end; its output as text."""
    done = subprocess.run(
        [str(word) for word in command], capture_output=True, text=True, timeout=120, **options)
    if check and done.returncode != 0:
        raise AssertionError(f"{command[0]}: {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done


class Host:
    """Made once for all tests of a run."""

    def __init__(self):
        if "CHANGES" not in os.environ:
            raise RuntimeError("run it through Tests/Adapters/run: it changes /etc and /usr")
        self.folder = pathlib.Path(tempfile.mkdtemp(dir=os.environ["CHANGES"]))
        self.folder.chmod(0o755)
        run("make", "-C", MODULE, f"OUT={self.folder}/pam_totpd.so", "install")
        self.one_at_a_time = threading.Lock()
        self.login = self.build("login", SUPPORT / "login.c", "-lpam")
        for name in ("ada", "bob"):
            self.add_user(name)
        configuration = pathlib.Path("/etc/totpd/totpd.toml")
        configuration.parent.mkdir(exist_ok=True)
        configuration.write_text('[app.host]\nusers = ["root"]\n')
        os.makedirs("/run/totpd")

    def build(self, name, *arguments):
        """A program of the tests; the warnings are those of the module's Makefile."""
        program = self.folder / name
        run("cc", "-O1", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Werror", f"-I{MODULE}",
            "-o", program, *arguments)
        return program

    def add_user(self, name):
        run("useradd", "--create-home", "--home-dir", self.folder / name, "--shell", "/bin/sh",
            "--uid", {"ada": "20001", "bob": "20002"}[name], name)
        run("chpasswd", input=f"{name}:{PASSWORD}\n")

    def service(self, name, *lines):
        """A service of PAM with these lines for auth."""
        path = pathlib.Path("/etc/pam.d", name)
        path.write_text("".join(f"auth {line}\n" for line in lines)
                        + "account required pam_permit.so\n")
        return name


ONE = []
LOCK = threading.Lock()


def the_host():
    """Made by the first test that asks for it."""
    with LOCK:
        if not ONE:
            ONE.append(Host())
        return ONE[0]


def stack(*lines):
    """A service of one test's own."""
    return the_host().service(f"totpd-test-{next(NUMBERS)}", *lines)


def service(socket, *options, module="pam_totpd.so"):
    """The same, in which the module stands alone."""
    return stack(" ".join(("required", str(module), f"socket={socket}", *options)))


class HostDaemon(Daemon):
    """totpd as the app `host` asks it. ada has a factor."""

    def __init__(self, secret):
        super().__init__()
        self.secret = secret

    def start(self):
        super().start()
        imported = self.ask({"op": "import", "app": "host", "user": "ada", "secret": self.secret})
        if not imported["ok"] and imported["error"] != "already_enrolled":
            raise RuntimeError(imported)

    def control(self, *words):
        """totpctl on the admin socket."""
        totpctl = pathlib.Path(PROGRAM).with_name("totpctl")
        return run(totpctl, *words, "--socket", self.admin_socket)


def log_in(service, user, code, *, address="192.0.2.7"):
    """pamtester's whole output, and whether it let in."""
    done = run("pamtester", "-I", f"rhost={address}", service, user, "authenticate", check=False,
               input=code + "\n")
    said = done.stdout + done.stderr
    if done.returncode not in (0, 1):
        raise AssertionError(f"pamtester ended with {done.returncode}: {said}")
    return done.returncode == 0, said


def race(count, service, user, code):
    """So many logins at the same time with the same code; how many are let in."""
    command = ["pamtester", service, user, "authenticate"]
    waiting = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                                stderr=subprocess.DEVNULL) for _ in range(count)]
    # All wait for their code by now, or soon will; then all have it within a millisecond or two.
    for process in waiting:
        process.stdin.write(code.encode() + b"\n")
    for process in waiting:
        process.stdin.close()
    return sum(process.wait(timeout=120) == 0 for process in waiting)
