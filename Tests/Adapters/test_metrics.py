"""The alerts and the dashboard of Examples/monitoring, with a real Prometheus that scrapes the
numbers of a real totpd, as totpctl prints them."""

import http.server
import json
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
import unittest
import urllib.parse
import urllib.request

import authenticator
from daemon import PROGRAM, ROOT, Daemon

EXAMPLE = ROOT / "Examples/monitoring"
RULES = EXAMPLE / "totpd.rules.yml"
CASES = ROOT / "Tests/Adapters/monitoring/totpd.rules.test.yml"
DASHBOARD = json.loads((EXAMPLE / "totpd-dashboard.json").read_text())
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
SECONDS_MAX = 60
# What node_exporter says of the file that cron has written.
MTIME = 'node_textfile_mtime_seconds{file="/var/lib/node-exporter/totpd.prom"}'
# In the place of what Grafana puts in.
RANGE, ANY = "10s", ".*"


def expressions():
    return [(panel["title"], target["expr"])
            for panel in DASHBOARD["panels"] for target in panel["targets"]]


class RuleTests(unittest.TestCase):
    def test_rules_fire_and_are_silent(self):
        with tempfile.TemporaryDirectory() as folder:
            for file in (RULES, CASES):
                shutil.copy(file, folder)
            done = subprocess.run(["promtool", "test", "rules", CASES.name], cwd=folder,
                                  capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            # Each case counts: without its rule, none of them holds.
            rules = (pathlib.Path(folder) / RULES.name)
            rules.write_text(re.sub(r"expr: (?=[^>])", "expr: 0 * ", RULES.read_text()))
            done = subprocess.run(["promtool", "test", "rules", CASES.name], cwd=folder,
                                  capture_output=True, text=True)
            self.assertNotEqual(done.returncode, 0)

    def test_each_alert_has_both_cases(self):
        cases = re.findall(r"- name: (\w+) (fires|is silent)", CASES.read_text())
        for alert in re.findall(r"- alert: (\w+)", RULES.read_text()):
            for word in ("fires", "is silent"):
                self.assertIn((alert, word), cases)


class DashboardTests(unittest.TestCase):
    def test_panels(self):
        panels = DASHBOARD["panels"]
        self.assertEqual(len({panel["id"] for panel in panels}), len(panels))
        taken = set()
        for panel in panels:
            at = panel["gridPos"]
            cells = {(x, y) for x in range(at["x"], at["x"] + at["w"])
                     for y in range(at["y"], at["y"] + at["h"])}
            self.assertFalse(cells & taken, panel["title"])
            self.assertLessEqual(at["x"] + at["w"], 24)
            taken |= cells


class Page(http.server.BaseHTTPRequestHandler):
    """What node_exporter would serve: totpctl's numbers, and the age of the file."""

    socket = None

    def do_GET(self):
        totpctl = pathlib.Path(PROGRAM).with_name("totpctl")
        said = subprocess.run(
            [totpctl, "stats", "--metrics", "prometheus", "--socket", self.socket],
            capture_output=True, text=True, timeout=SECONDS_MAX)
        self.send_response(200 if said.returncode == 0 else 500)
        self.send_header("Content-Type", "text/plain; version=0.0.4")
        self.end_headers()
        self.wfile.write(f"{said.stdout}{MTIME} {time.time()}\n".encode())

    def log_message(self, *_):
        pass


class PrometheusTests(unittest.TestCase):
    def start(self, daemon):
        page = http.server.ThreadingHTTPServer(
            ("127.0.0.1", 0), type("OfDaemon", (Page,), {"socket": daemon.admin_socket}))
        threading.Thread(target=page.serve_forever, daemon=True).start()
        self.addCleanup(page.server_close)
        self.addCleanup(page.shutdown)
        folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        (folder / "prometheus.yml").write_text(
            f"global: {{scrape_interval: 1s, evaluation_interval: 1s}}\nrule_files: [{RULES}]\n"
            "scrape_configs:\n  - job_name: totpd\n    static_configs:\n"
            f"      - targets: ['127.0.0.1:{page.server_port}']\n")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.address = f"127.0.0.1:{free.getsockname()[1]}"
        process = subprocess.Popen(
            ["prometheus", f"--config.file={folder}/prometheus.yml",
             f"--storage.tsdb.path={folder}/data", f"--web.listen-address={self.address}"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(process.wait, 60)
        self.addCleanup(process.send_signal, signal.SIGTERM)

    def ask(self, path, **query):
        address = f"http://{self.address}/api/v1/{path}?{urllib.parse.urlencode(query)}"
        with urllib.request.urlopen(address, timeout=SECONDS_MAX) as reply:
            return json.load(reply)["data"]

    def eventually(self, condition, what):
        deadline = time.monotonic() + SECONDS_MAX
        while True:
            try:
                if condition():
                    return
            except OSError:
                pass  # It does not listen yet.
            if time.monotonic() > deadline:
                self.fail(f"in vain: {what}")
            time.sleep(0.2)

    def work(self, daemon):
        """What makes every number move: codes, right and wrong, between two scrapes."""
        for _ in range(3):
            daemon.advance(30)
            for code in (authenticator.code(SECRET, daemon.now),
                         *authenticator.wrong_codes(SECRET, daemon.now, 2)):
                daemon.ask({"op": "verify", "user": "ada", "code": code}, as_admin=False)

    def test_every_expression_has_an_answer(self):
        with Daemon() as daemon:
            daemon.ask({"op": "import", "user": "ada", "secret": SECRET})
            self.work(daemon)
            self.start(daemon)
            self.eventually(lambda: self.ask("query", query="totpd_build_info")["result"],
                            "a scrape")
            for title, expression in expressions():
                text = expression.replace("$__rate_interval", RANGE)
                text = text.replace("$instance", ANY).replace("$app", ANY)
                self.assertNotIn("$", text, title)

                def is_answered():
                    self.work(daemon)
                    found = self.ask("query", query=text)["result"]
                    return found and all(one["value"][1] != "NaN" for one in found)
                self.eventually(is_answered, f"{title}: {text}")

            rules = [rule for group in self.ask("rules")["groups"] for rule in group["rules"]]
            self.assertEqual({rule["health"] for rule in rules}, {"ok"})
            self.assertEqual([rule["name"] for rule in rules if rule["state"] == "firing"], [])
            # A name that totpd does not have is in no rule.
            known = {name for name in self.ask("label/__name__/values")}
            for name in re.findall(r"totpd_\w+", RULES.read_text()):
                self.assertIn(name, known)
