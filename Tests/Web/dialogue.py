"""Dialogues, the conversations that Tests/Dialogues and protocol.md are written in, read once more:
here a client says what stands behind `->`. What it does not know is an error, never passed over."""

import calendar
import json
import re
import time

import authenticator

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
SPELLINGS = {
    "upper": str.upper,
    "bare": lambda text: text.replace("-", ""),
    "spaced": lambda text: "".join(sign + " " for sign in text),
    "split": lambda text: text[:len(text) // 2] + " " + text[len(text) // 2:],
    "hyphened": lambda text: text[:len(text) // 2] + "-" + text[len(text) // 2:],
    "confused": lambda text: text.replace("0", "O").replace("1", "l"),
    "wide": lambda text: "".join(chr(ord(c) - 48 + 0xFF10) if c.isdigit() else c for c in text),
    "arabic": lambda text: "".join(chr(ord(c) - 48 + 0x660) if c.isdigit() else c for c in text),
}


def blocks(path):
    """The dialogues of a file: all of it, or what is fenced in Markdown."""
    text = path.read_text()
    if path.suffix == ".md":
        return re.findall(r"^```dialogue\n(.*?)^```$", text, re.M | re.S)
    return [text]


class Dialogue:
    def __init__(self, text):
        lines = [line for line in text.split("\n")]
        self.title = lines[0].removeprefix("# ")
        self.steps = list(self.parse(iter(lines)))

    def parse(self, lines):
        for line in lines:
            if line == "end":
                return
            if line.startswith("repeat "):
                body = list(self.parse(lines))
                yield from body * int(line.split()[1])
            elif line.startswith(("-> ", "admin -> ")):
                arrow, request = line.split("-> ", 1)
                answer = next(lines)
                if not answer.startswith(arrow + "<- "):
                    raise ValueError(f"no reply behind '{line}'")
                yield ("admin" if arrow else "ask", request, answer.split("<- ", 1)[1])
            elif line and not line.startswith("#"):
                yield tuple(line.split())

    @property
    def is_for_clients(self):
        """Whether a client can say all of it: objects as they come out of any language's JSON,
        without the `id`, which is the client's own."""
        words = {step[0] for step in self.steps}
        return words <= {"at", "after", "restart", "ask", "admin"} and all(
            is_plain(step[1]) for step in self.steps if step[0] == "ask")

    def play(self, daemon, ask):
        """Raises AssertionError where a reply is not the one that is written."""
        names = {}
        for step in self.steps:
            if step[0] == "at":
                daemon.set_clock(calendar.timegm(time.strptime(step[1], "%Y-%m-%dT%H:%M:%SZ")))
            elif step[0] == "after":
                daemon.advance(int(step[1][:-1]) * UNITS[step[1][-1]])
            elif step[0] == "restart":
                daemon.restart()
            else:
                request = filled(step[1], names, daemon.now)
                reply = ask(request) if step[0] == "ask" else daemon.ask(request)
                match(json.loads(step[2]), reply, names, f"{request}: ")


def is_plain(text):
    try:
        value = json.loads(text)
    except ValueError:
        return False
    if not isinstance(value, dict) or "id" in value:
        return False
    return text == json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def filled(text, names, now):
    """A request line with its holes filled."""
    def fill(found):
        first, *words = found.group(1).split(" ")
        if first not in ("code", "wrong"):
            return SPELLINGS[words[0]](names[first]) if words else names[first]
        spelling, more, offset = str, {}, 0
        secret = names.get(words[0], words[0])
        for word in words[1:]:
            if word[0] in "+-":
                offset = int(word)
            elif word.startswith("SHA"):
                more["algorithm"] = word
            elif word.isdigit():
                more["digits" if int(word) <= 8 else "period"] = int(word)
            else:
                spelling = SPELLINGS[word]
        if first == "wrong":
            return spelling(authenticator.wrong_codes(secret, now, **more)[0])
        return spelling(authenticator.code(secret, now, offset, **more))
    return re.sub(r"<([^>]*)>", fill, text)


def match(expected, actual, names, place):
    """The same fields and values, but for `detail`, and for holes, which take what comes."""
    if isinstance(expected, dict):
        fields = set(actual) - ({"detail"} - set(expected))
        assert fields == set(expected), f"{place}has {sorted(fields)}, not {sorted(expected)}"
        for name, value in expected.items():
            match(value, actual[name], names, f"{place}{name} ")
    elif isinstance(expected, list):
        if expected and expected[-1] == "...":
            expected = expected[:-1]
            actual = actual[:len(expected)]
        assert len(expected) == len(actual), f"{place}has {len(actual)} elements"
        for wanted, found in zip(expected, actual):
            match(wanted, found, names, place)
    elif isinstance(expected, str) and re.fullmatch(r"<=?[a-z][a-z0-9_]*>", expected):
        name = expected.strip("<=>")
        if expected.startswith("<="):
            assert names[name] == actual, f"{place}is {actual}, not {names[name]}"
        names[name] = actual
    else:
        # In Python 1 == True.
        same = type(expected) is type(actual) and expected == actual
        assert same, f"{place}is {actual!r}, not {expected!r}"
