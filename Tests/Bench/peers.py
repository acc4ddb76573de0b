"""Starts the servers of `logins.py`, logs users in with right codes, and prints rates and times.

Every login is another user's, and every reply is checked: what is printed counts yeses only. One
caller is a process with one thread; fifty are two processes of 25 threads, as a web server's are.
The callers share the processors with the servers. Usage: Tests/Bench/peers [ROUNDS]
"""

import datetime
import hmac
import multiprocessing
import os
import shutil
import statistics
import struct
import subprocess
import sys
import tempfile
import threading
import time
from base64 import b32encode

from logins import ROOT, DjangoLogins, PostgresLogins, RedisLogins, TotpdLogins

RELEASE = f"{ROOT}/.build/release"
# At most so long, and shorter if all accounts have logged in: a code is good for 30 s at least.
SECONDS = 4
SHAPES = {1: (1, 1), 50: (2, 25)}
NOBODY = 65534


class Servers:
    """totpd, Redis and PostgreSQL on directories of their own, all of them durable."""

    def __init__(self, directory):
        self.directory = directory
        self.processes = []

    def start(self):
        self.start_totpd()
        self.run([
            "redis-server", "--port", "0", "--unixsocket", f"{self.directory}/redis.sock",
            "--dir", self.directory, "--save", "", "--appendonly", "yes", "--appendfsync", "always",
            "--logfile", f"{self.directory}/redis.log"], f"{self.directory}/redis.sock")
        self.start_postgres()

    def run(self, command, appears):
        self.processes.append(subprocess.Popen(command, stdout=subprocess.DEVNULL))
        end = time.monotonic() + 30
        while not os.path.exists(appears):
            if time.monotonic() > end or self.processes[-1].poll() is not None:
                raise SystemExit(f"{command[0]} does not start")
            time.sleep(0.05)

    def start_totpd(self):
        keys = f"{self.directory}/keys"
        with open(keys, "wb", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
            subprocess.run([f"{RELEASE}/totpctl", "keygen"], stdout=file, check=True)
        with open(f"{self.directory}/totpd.log", "wb") as log:
            self.processes.append(subprocess.Popen([
                f"{RELEASE}/totpd", "--state", f"{self.directory}/state", "--keys", keys,
                "--socket", f"{self.directory}/app.sock",
                "--admin-socket", f"{self.directory}/admin.sock"], stderr=log))
        subprocess.run(
            ["sh", "-c", 'for _ in $(seq 100); do grep -q ready "$0" && exit; sleep 0.1; done; '
             'cat "$0"; exit 1', f"{self.directory}/totpd.log"], check=True)

    def start_postgres(self):
        """As Debian has it: fsync, synchronous_commit and full_page_writes are on."""
        place = f"{self.directory}/postgres"
        os.mkdir(place, 0o700)
        programs = sorted(
            f"{base}/usr/lib/postgresql" for base in ("", f"{ROOT}/.build/deps")
            if os.path.isdir(f"{base}/usr/lib/postgresql"))
        if not programs:
            raise SystemExit("PostgreSQL is missing: make bench-deps")
        newest = max(os.listdir(programs[0]), key=float)
        programs = f"{programs[0]}/{newest}/bin"
        as_user = []
        if os.geteuid() == 0:
            # It refuses to run as root.
            os.chmod(self.directory, 0o711)
            os.chown(place, NOBODY, NOBODY)
            as_user = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
        subprocess.run(
            as_user + [f"{programs}/initdb", "--pgdata", f"{place}/data", "--username", "totpd",
                       "--auth", "trust", "--no-locale", "--encoding", "UTF8"],
            stdout=subprocess.DEVNULL, check=True)
        self.run(
            as_user + [f"{programs}/postgres", "-D", f"{place}/data", "-c", "listen_addresses=",
                       "-c", f"unix_socket_directories={place}", "-c", "log_min_messages=panic"],
            f"{place}/.s.PGSQL.5432")

    def stop(self):
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.wait(30)


def code(secret, step):
    """RFC 4226, since making it is not what is measured."""
    digest = hmac.digest(secret, struct.pack(">Q", step), "sha1")
    offset = digest[-1] & 15
    return f"{(struct.unpack_from('>I', digest, offset)[0] & 0x7fffffff) % 10**6:06}"


def work(peer, shares, begin, results):
    """One process: a thread for each share, a list of (user, code), until the time is up."""
    peer.prepare()
    times, ends, faults = [], [], []

    def caller(share):
        own = []
        # The first makes the connection.
        is_right = peer.login(*share[0])
        begin.wait()
        end = time.monotonic() + SECONDS
        for user, text in share[1:]:
            began = time.perf_counter()
            is_right = peer.login(user, text) and is_right
            own.append(time.perf_counter() - began)
            if time.monotonic() > end:
                break
        if not is_right:
            faults.append("a right code was refused")
        times.extend(own)
        ends.append(time.monotonic())

    threads = [threading.Thread(target=caller, args=(share,)) for share in shares]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if len(ends) < len(threads):
        faults.append("a caller has failed")
    results.put((times, max(ends, default=0), faults))


def measure(peer, shape, users):
    """Logins a second, p50 and p99 in ms."""
    processes, threads = SHAPES[shape]
    step = int(time.time()) // 30
    logins = [(user, code(secret, step)) for user, secret in users]
    shares = [logins[number::shape] for number in range(shape)]
    fork = multiprocessing.get_context("fork")
    begin, results = fork.Barrier(shape + 1), fork.Queue()
    workers = [
        fork.Process(target=work, args=(
            peer, shares[number * threads:(number + 1) * threads], begin, results))
        for number in range(processes)]
    for worker in workers:
        worker.start()
    begin.wait(60)
    began = time.monotonic()
    found = [results.get(timeout=SECONDS + 60) for _ in workers]
    for worker in workers:
        worker.join()
    for fault in (fault for _, _, faults in found for fault in faults):
        raise SystemExit(f"{peer.name}: {fault}")
    times = sorted(time for times, _, _ in found for time in times)
    rate = len(times) / (max(end for _, end, _ in found) - began)
    return rate, times[len(times) // 2] * 1000, times[int(len(times) * 0.99)] * 1000


def check(peer, user, secret):
    """A right code that 50 callers send at once is accepted once, or the peer is not measured."""
    step = int(time.time()) // 30
    replies = multiprocessing.get_context("fork").Queue()
    sender = multiprocessing.get_context("fork").Process(
        target=race, args=(peer, user, code(secret, step), replies))
    sender.start()
    accepted = replies.get(timeout=60)
    sender.join()
    if accepted != 1:
        raise SystemExit(f"{peer.name}: the same code was accepted {accepted} times")


def race(peer, user, text, replies):
    """Prepares itself in a process of its own, as the callers do."""
    peer.prepare()
    found, begin = [], threading.Barrier(50)

    def caller():
        begin.wait()
        found.append(peer.login(user, text))

    threads = [threading.Thread(target=caller) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    replies.put(found.count(True) if len(found) == 50 else -1)


def table(figures, peers, rounds, accounts):
    commit = subprocess.run(
        ["git", "-C", ROOT, "describe", "--always", "--dirty"], capture_output=True, text=True,
        check=True).stdout.strip()
    print(f"\nCommit {commit} of {datetime.date.today()}, {accounts} accounts each, "
          f"medians of {rounds} rounds\n")
    print("| logins | 1 caller: a second, p50, p99 | 50 callers: a second, p50, p99 |")
    print("|---|---|---|")
    for peer in peers:
        cells = []
        for shape in SHAPES:
            rate, p50, p99 = (
                statistics.median(column) for column in zip(*figures[peer.name, shape]))
            cells.append(f"{rate:,.0f}/s, {p50:.2f} ms, {p99:.2f} ms")
        print(f"| {peer.name} | {' | '.join(cells)} |")


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    accounts = int(os.environ.get("ACCOUNTS", "100000"))
    base = os.environ.get("DIR", f"{ROOT}/.build/bench")
    os.makedirs(base, exist_ok=True)
    directory = tempfile.mkdtemp(dir=base)
    servers = Servers(directory)
    try:
        servers.start()
        kinds = (TotpdLogins, RedisLogins, PostgresLogins, DjangoLogins)
        peers = [kind(directory) for kind in kinds]
        secrets = [os.urandom(20) for _ in range(accounts)]
        for peer in peers:
            peer.enrol([b32encode(secret).decode() for secret in secrets])
            print(f"{peer.name}: {accounts} accounts", file=sys.stderr)
            # Its code is used up: the last account has no login to come.
            check(peer, accounts - 1, secrets[-1])
        # A fifth of them for one caller, the rest for fifty; each round has its own.
        users = list(enumerate(secrets))
        few, many = (accounts - 1) // rounds // 5, (accounts - 1) // rounds * 4 // 5
        figures = {}
        for number in range(rounds):
            first = number * (few + many)
            parts = {1: users[first:first + few], 50: users[first + few:first + few + many]}
            for peer in peers:
                for shape, part in parts.items():
                    rate, p50, p99 = measure(peer, shape, part)
                    figures.setdefault((peer.name, shape), []).append((rate, p50, p99))
                    print(f"{peer.name}, {shape}: {rate:.0f}/s, p50 {p50:.2f} ms, "
                          f"p99 {p99:.2f} ms", file=sys.stderr)
        table(figures, peers, rounds, accounts)
    finally:
        servers.stop()
        shutil.rmtree(directory)


main()
