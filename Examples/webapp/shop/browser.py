"""What this browser is called where its owner reads of it: `Firefox on Linux`. A header says so, and
anybody can send that: it is for reading, and decides nothing."""

import flask

# In a User-Agent, the first of each that is there. Many name others that they are like.
BROWSERS = ("Firefox", "Edg", "OPR", "Chrome", "Safari")
SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "Macintosh", "Linux")
NAMES = {"Edg": "Edge", "OPR": "Opera", "Macintosh": "Mac"}


def label():
    agent = flask.request.headers.get("User-Agent", "")
    found = [next((name for name in names if name in agent), None) for names in (BROWSERS, SYSTEMS)]
    browser, system = (NAMES.get(name, name) for name in found)
    return f"{browser or 'A browser'} on {system}" if system else browser or "A browser"
