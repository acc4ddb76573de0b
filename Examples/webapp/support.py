#!/usr/bin/env python3
"""What support does for a person who has lost phone and backup codes. Not a page of the site, but a
program for people who may reach totpd's admin socket: a site that is broken into must not.

    support.py list                      who has asked
    support.py show 12                   the person, and what has to be checked
    support.py reset 12 --checked called-back --checked document --checked waited

It resets only after all checks, and tells the person.
"""

import argparse
import os
import pwd
import sys
import time

from shop import database, notices, people, sessions, words
from shop.totpd import Totpd

CHECKS = {
    "called-back": "called them back on the number that we have known for a while",
    "document": "compared an identity document with the account",
    "waited": "a day has passed since they asked, and nobody objected to our e-mail",
}

WHY = {"lost": "lost phone", "attacked": "somebody else in the account"}


def main():
    options = parse()
    connection = database.connect(options.database)
    if options.command == "list":
        for row in connection.execute(
            "SELECT help_request.id, why, made_at, email FROM help_request"
            " JOIN person ON person.id = person WHERE closed_at IS NULL ORDER BY 1"
        ):
            print(f"{row['id']}  {words.moment(row['made_at'])}  {row['email']}  {WHY[row['why']]}")
        return 0
    request = connection.execute(
        "SELECT * FROM help_request WHERE id = ? AND closed_at IS NULL", (options.number,)
    ).fetchone()
    if request is None:
        return complain(f"there is no open request {options.number}")
    admin = Totpd(options.admin_socket)
    if options.command == "show":
        return show(connection, admin, request)
    return reset(connection, admin, request, options.checked)


def show(connection, admin, request):
    person = people.get(connection, request["person"])
    print(f"{person['name']} <{person['email']}>, totpd's user {person['id']}")
    print(f"asked {words.moment(request['made_at'])}: {WHY[request['why']]}")
    account = admin.ask({"op": "show", "user": person["id"]})
    if not account["ok"]:
        return complain(f"totpd says {account.get('error')}")
    print("two-factor authentication is " + ("on" if account["enrolled"] else "off"))
    print("before a reset:")
    for name, text in CHECKS.items():
        print(f"  --checked {name:12} {text}")
    return 0


def reset(connection, admin, request, checked):
    missing = [name for name in CHECKS if name not in checked]
    if missing:
        return complain("not checked: " + ", ".join(missing))
    # Who did it is in totpd's event by uid; the name is for people.
    by = pwd.getpwuid(os.getuid()).pw_name
    reason = f"{WHY[request['why']]}, request {request['id']}, checked {' '.join(CHECKS)}, by {by}"
    reply = admin.ask({"op": "reset", "user": request["person"], "reason": reason[:256]})
    if not reply["ok"]:
        return complain(f"totpd says {reply.get('error')}; nothing was changed")
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(
            "UPDATE help_request SET closed_at = ? WHERE id = ?",
            (int(time.time()), request["id"]))
        sessions.end_others(connection, request["person"])
        notices.send(connection, request["person"], "reset")
    print("two-factor authentication is off; the person was told")
    return 0


def complain(text):
    print(f"support: {text}", file=sys.stderr)
    return 1


def parse():
    parser = argparse.ArgumentParser(prog="support.py", description=__doc__.split("\n\n")[0])
    parser.add_argument("--database", required=True)
    parser.add_argument("--admin-socket", default="/run/totpd/admin.sock")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list")
    for name in ("show", "reset"):
        command = commands.add_parser(name)
        command.add_argument("number", type=int)
    command.add_argument("--checked", action="append", default=[], choices=CHECKS)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
