"""The shop's own SQLite file. Do not keep a secret of a second factor in it, or a code, or
whether somebody has one: ask totpd each time."""

import contextlib
import sqlite3

import flask

SCHEMA = """
CREATE TABLE IF NOT EXISTS person (
    id TEXT PRIMARY KEY,            -- drawn at random once, never reused: what totpd knows
    email TEXT NOT NULL UNIQUE COLLATE NOCASE,
    name TEXT NOT NULL,
    password TEXT NOT NULL          -- scrypt
);
CREATE TABLE IF NOT EXISTS session (
    hash TEXT PRIMARY KEY,          -- of the cookie: who reads this file has no session
    person TEXT REFERENCES person,
    level TEXT NOT NULL,            -- visitor, half (first factor only), full
    csrf TEXT NOT NULL,
    is_by_link INTEGER NOT NULL,    -- the first factor was a link, not the password
    device TEXT,                    -- totpd's id of this browser, if it is remembered
    wrong_codes INTEGER,            -- tried before this login; gone once the person has read it
    expires_at INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS link (
    hash TEXT PRIMARY KEY,
    person TEXT NOT NULL REFERENCES person,
    expires_at INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS mail (
    id INTEGER PRIMARY KEY,
    person TEXT NOT NULL REFERENCES person,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    sent_at INTEGER NOT NULL,
    kind TEXT,                      -- of a notice, which is shown at the next login, too
    place TEXT,                     -- in which browser it was done
    session TEXT,                   -- in which session: nobody is told there what they just did
    is_seen INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS help_request (
    id INTEGER PRIMARY KEY,
    person TEXT NOT NULL REFERENCES person,
    why TEXT NOT NULL,              -- lost: phone and backup codes; attacked: by somebody else
    made_at INTEGER NOT NULL,
    closed_at INTEGER
);
CREATE INDEX IF NOT EXISTS session_person ON session (person);
CREATE INDEX IF NOT EXISTS mail_person ON mail (person);
"""


def create(path):
    with contextlib.closing(connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript(SCHEMA)


def connect(path):
    """Each statement is its own transaction, unless `with connection` says otherwise."""
    connection = sqlite3.connect(path, timeout=10, isolation_level=None)
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


def current():
    """This request's connection."""
    if "database" not in flask.g:
        flask.g.database = connect(flask.current_app.shop.database)
    return flask.g.database


def close(_error):
    connection = flask.g.pop("database", None)
    if connection is not None:
        connection.close()
