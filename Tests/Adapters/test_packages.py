"""The clients as packages: each is built from a copy of Examples/clients, installed where nothing
is yet, without a network, and asks a real totpd."""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

import authenticator
from daemon import ROOT, Daemon

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
# Programs as their users write them: yes for the first use of a code, no for the second.
PYTHON = """
import asyncio, sys
from totpd import Totpd
from totpd.aio import AsyncTotpd
path, code = sys.argv[1:]
print(Totpd(path).verify("ada", code)["ok"], asyncio.run(AsyncTotpd(path).verify("ada", code))["ok"])
"""
TYPED = """
from totpd import Totpd
from totpd.aio import AsyncTotpd
async def ask() -> bool:
    return bool((await AsyncTotpd().verify("ada", "1", source="192.0.2.1"))["ok"])
is_yes: bool = Totpd("/x", timeout=2).verify("ada", "1")["ok"]
"""
NODE = """
const { Totpd } = require('totpd');
const [path, code] = process.argv.slice(2);
const totpd = new Totpd(path);
const ask = async () => (await totpd.verify('ada', code)).ok;
(async () => { console.log(await ask(), await ask()); process.exit(); })();
"""
PHP = """<?php
require 'vendor/autoload.php';
$totpd = new Totpd($argv[1]);
$ask = fn() => var_export($totpd->verify('ada', $argv[2])['ok'], true);
echo $ask(), ' ', $ask(), "\\n";
"""
RUBY = """
require "totpd"
totpd = Totpd.new(ARGV[0])
puts [0, 1].map { totpd.verify("ada", ARGV[1])["ok"] }.join(" ")
"""
GO = """package main

import (
	"fmt"
	"os"

	"example.org/totpd"
)

func main() {
	client := &totpd.Totpd{Path: os.Args[1]}
	ask := func() bool { return client.Verify("ada", os.Args[2]).OK }
	fmt.Println(ask(), ask())
}
"""


class PackageTests(unittest.TestCase):
    def setUp(self):
        # Only loopback may be there, and it is down: the namespace has no network.
        links = pathlib.Path("/proc/net/dev").read_text().splitlines()[2:]
        self.assertEqual([line.split(":")[0].strip() for line in links], ["lo"])
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.clients = self.folder / "clients"
        shutil.copytree(ROOT / "Examples/clients", self.clients, symlinks=True)
        self.app = self.folder / "app"
        self.app.mkdir()
        self.daemon = self.enterContext(Daemon())
        self.daemon.ask({"op": "import", "user": "ada", "secret": SECRET})

    def run_in(self, folder, *command, **environment):
        home = {"HOME": str(self.folder), "COMPOSER_HOME": str(self.folder / "composer"),
                "GOPATH": str(self.folder / "go"), "GOCACHE": str(ROOT / ".build/clients/cache"),
                "GOPROXY": "off", "GOFLAGS": "-mod=mod -modcacherw", "COMPOSER_ALLOW_SUPERUSER": "1"}
        path = os.environ["PATH"]
        done = subprocess.run(
            [str(word) for word in command], cwd=folder, capture_output=True, text=True,
            timeout=300, env={"PATH": path, **home, **environment}, stdin=subprocess.DEVNULL)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def says_yes_once(self, *command, **environment):
        code = authenticator.code(SECRET, self.daemon.now)
        said = self.run_in(self.app, *command, self.daemon.socket, code, **environment)
        self.assertEqual(said.lower(), "true false\n")

    def test_pip(self):
        self.run_in(self.folder, sys.executable, "-m", "pip", "wheel", "--no-build-isolation",
                    "--no-deps", "--no-index", "--wheel-dir", self.folder, self.clients)
        wheel, = self.folder.glob("*.whl")
        self.run_in(self.folder, "/usr/bin/python3", "-m", "venv", "fresh")
        python = self.folder / "fresh/bin/python"
        self.run_in(self.folder, python, "-m", "pip", "install", "--no-index", wheel)
        (self.app / "app.py").write_text(PYTHON)
        self.says_yes_once(python, "app.py")

        (self.app / "typed.py").write_text(TYPED)
        check = (sys.executable, "-m", "mypy", "--strict", "--python-executable", python,
                 "--cache-dir", self.folder / "mypy")
        self.run_in(self.app, *check, "typed.py")
        self.run_in(self.app, *check, self.clients / "totpd.py",
                    self.clients / "totpd_asyncio.py")
        (self.app / "typed.py").write_text(TYPED.replace("timeout=2", "timeout='2'"))
        with self.assertRaisesRegex(AssertionError, "arg-type"):
            self.run_in(self.app, *check, "typed.py")

    def test_npm(self):
        self.run_in(self.folder, "npm", "pack", "--offline", self.clients)
        packed, = self.folder.glob("*.tgz")
        (self.app / "package.json").write_text('{"name": "app", "private": true}')
        self.run_in(self.app, "npm", "install", "--offline", "--no-audit", packed)
        self.assertEqual(
            sorted(os.listdir(self.app / "node_modules/totpd")),
            ["package.json", "totpd.d.ts", "totpd.js"])
        (self.app / "app.js").write_text(NODE)
        self.says_yes_once("node", "app.js")

    def test_composer(self):
        (self.app / "composer.json").write_text(json.dumps({
            "repositories": [{"packagist.org": False},
                             {"type": "path", "url": str(self.clients),
                              "options": {"symlink": False}}],
            "require": {"totpd/client": "0.1.0"}}))
        self.run_in(self.app, "composer", "install", "--no-interaction", "--no-progress")
        (self.app / "app.php").write_text(PHP)
        self.says_yes_once("php", "app.php")

    def test_gem(self):
        self.run_in(self.clients, "gem", "build", "totpd.gemspec")
        gems = str(self.folder / "gems")
        self.run_in(self.clients, "gem", "install", "--local", "--no-document", "totpd-0.1.0.gem",
                    GEM_HOME=gems)
        (self.app / "app.rb").write_text(RUBY)
        self.says_yes_once("ruby", "app.rb", GEM_HOME=gems)

    def test_go(self):
        self.run_in(self.app, "go", "mod", "init", "app")
        self.run_in(self.app, "go", "mod", "edit", "-require", "example.org/totpd@v0.1.0",
                    "-replace", f"example.org/totpd={self.clients}")
        (self.app / "main.go").write_text(GO)
        self.run_in(self.app, "go", "vet", "./...")
        self.run_in(self.app, "go", "build", "-o", "app")
        self.says_yes_once("./app")
