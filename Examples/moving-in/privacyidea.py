"""From privacyIDEA: prints CSV for `totpctl import`, a row for each TOTP token that has an owner.

With privacyIDEA's own Python, which has the YAML library that this needs:

    pi-tokenjanitor find export --format yaml | python privacyidea.py [--realm REALM] > accounts.csv

The user is the login name without its realm. The newest used step comes along. Tokens that totpd
cannot take are named on standard error: other kinds, disabled, without an owner, of another realm,
a user's second one. PINs stay behind.
"""

import argparse
import csv
import sys

import yaml


def refusal(token, realm, seen):
    """Why a token has no place in the list, or None."""
    owner, _, its_realm = str(token.get("owner", "")).rpartition("@")
    if str(token.get("type", "")).lower() != "totp":
        return "it is no TOTP token"
    if not owner:
        return "nobody owns it"
    if realm and its_realm != realm:
        return "its owner is of another realm"
    if not token.get("active") or token.get("revoked"):
        return "it is disabled"
    if owner in seen:
        return "its owner has another one"
    return None


def rows(tokens, realm):
    seen = set()
    for token in tokens:
        reason = refusal(token, realm, seen)
        if reason:
            print(f"token {token.get('serial')}: {reason}", file=sys.stderr)
            continue
        owner = token["owner"].rpartition("@")[0]
        seen.add(owner)
        info = token.get("info_list", {})
        # The counter is the newest step that was taken, 0 before the first.
        counter = int(token.get("counter", 0))
        yield (
            owner, token["otpkey"], info.get("hashlib", "sha1"), token["otplen"],
            info.get("timeStep", 30), counter or "",
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--realm", help="only users of this realm (default: of any)")
    arguments = parser.parse_args()
    table = csv.writer(sys.stdout)
    table.writerow(["user", "secret_hex", "algorithm", "digits", "period", "last_step"])
    table.writerows(rows(yaml.safe_load(sys.stdin) or [], arguments.realm))


if __name__ == "__main__":
    main()
