"""`make demo`, as somebody tries it: it says where to go, one can go there, and ^C ends it all."""

import os
import re
import signal
import socket
import subprocess
import unittest
import urllib.request

from daemon import PROGRAM, ROOT


class DemoTests(unittest.TestCase):
    def start(self):
        process = subprocess.Popen(
            ["/usr/bin/python3", str(ROOT / "Examples/webapp/demo.py"), "--totpd", PROGRAM,
             "--port", "0"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)
        said = ""
        for line in process.stdout:
            said += line
            if "Ctrl-C" in line:
                break
        return process, said

    def end(self, process, number):
        os.killpg(process.pid, number)
        printed, complaints = process.communicate(timeout=60)
        return process.returncode, printed, complaints

    def test_until_interrupted(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            process, said = self.start()
            url = re.search(r"http://127\.0\.0\.1:\d+/login", said).group()
            with urllib.request.urlopen(url, timeout=30) as page:
                self.assertIn("Log in", page.read().decode())
            folder = os.path.dirname(re.search(r"--admin-socket (\S+)", said).group(1))
            self.assertTrue(os.path.exists(folder))
            code, printed, complaints = self.end(process, number)
            self.assertEqual((code, printed), (0, "\nBoth are stopped.\n"))
            self.assertNotIn("Traceback", complaints)
            self.assertFalse(os.path.exists(folder))

    def test_without_totpd(self):
        ended = subprocess.run(
            ["/usr/bin/python3", str(ROOT / "Examples/webapp/demo.py"), "--totpd", "/bin/false"],
            capture_output=True, text=True, timeout=60)
        self.assertEqual((ended.returncode, ended.stdout), (1, ""))
        self.assertIn("totpd did not start", ended.stderr)

    def test_port_that_another_program_has(self):
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen(1)
            port = other.getsockname()[1]
            ended = subprocess.run(
                ["/usr/bin/python3", str(ROOT / "Examples/webapp/demo.py"), "--totpd", PROGRAM,
                 "--port", str(port)], capture_output=True, text=True, timeout=60)
        self.assertEqual((ended.returncode, ended.stdout), (1, ""))
        self.assertEqual(
            ended.stderr, f"demo: port {port} cannot be had (Address already in use); another"
            " program has it: make demo PORT=8500 takes another port\n")

    def test_port_that_is_none(self):
        ended = subprocess.run(
            ["/usr/bin/python3", str(ROOT / "Examples/webapp/demo.py"), "--totpd", PROGRAM,
             "--port", "65536"], capture_output=True, text=True, timeout=60)
        self.assertEqual((ended.returncode, ended.stdout), (1, ""))
        self.assertIn("demo: 65536 is no port", ended.stderr)
