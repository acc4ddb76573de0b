"""From django-otp: prints CSV for `totpctl import`, a row for each confirmed TOTP device.

In the project's directory, with its settings:

    python manage.py shell < django-otp.py > accounts.csv

The user is the primary key, which is what the site should send to totpd. A user's newest used step
comes along. Devices that totpd cannot take are named on standard error: those that count from
another moment than 1970, and a user's second device. Static tokens stay behind: every person should
make new backup codes (`backup_codes`).
"""

import csv
import sys

from django_otp.plugins.otp_totp.models import TOTPDevice


def rows():
    seen = set()
    # The newest first: it is the one that its owner has at hand.
    for device in TOTPDevice.objects.filter(confirmed=True).order_by("-pk").iterator():
        reason = None
        if device.t0 != 0:
            reason = "it counts from another moment than 1970"
        elif len(device.key) < 32:
            reason = "its secret has less than 16 bytes"
        elif device.user_id in seen:
            reason = "the user has a newer one"
        if reason:
            print(f"device {device.pk} of user {device.user_id}: {reason}", file=sys.stderr)
            continue
        seen.add(device.user_id)
        last_step = "" if device.last_t < 0 else device.last_t
        yield device.user_id, device.key, device.digits, device.step, last_step


table = csv.writer(sys.stdout)
table.writerow(["user", "secret_hex", "digits", "period", "last_step"])
table.writerows(rows())
