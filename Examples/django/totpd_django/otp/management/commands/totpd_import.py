"""Moves django-otp's TOTP devices to totpd, as an admin:

    manage.py totpd_import --dry-run
    manage.py totpd_import --remove       # then take the old plugins out of INSTALLED_APPS

The newest used step goes along, so no code is accepted there and here. Static tokens stay behind:
totpd's backup codes have a form that no other code has. Their owners make new ones.
"""

import base64

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError
from django_otp.plugins.otp_totp.models import TOTPDevice
from totpd import Totpd

from totpd_django.asking import setting


def obstacle(device):
    """Why totpd cannot take this device, or None."""
    if device.t0 != 0:
        return "it counts from another moment than 1970"
    if len(device.key) < 32:
        return "its secret has less than 16 bytes"
    if not 15 <= device.step <= 60:
        return "its period is not 15 to 60 s"
    return None


def request(device, app, is_dry):
    fields = {
        "op": "import", "app": app, "user": str(device.user_id), "digits": device.digits,
        "secret": base64.b32encode(bytes.fromhex(device.key)).decode(), "period": device.step}
    if device.last_t >= 0:
        fields["last_step"] = device.last_t
    return {**fields, "dry_run": True} if is_dry else fields


class Command(BaseCommand):
    help = "Moves TOTP devices of django-otp to totpd."

    def add_arguments(self, parser):
        parser.add_argument("--admin-socket", default="/run/totpd/admin.sock")
        parser.add_argument("--app", default=setting("APP") or "default")
        parser.add_argument("--dry-run", action="store_true", help="change nothing")
        parser.add_argument("--remove", action="store_true",
                            help="remove what has moved, and the static tokens of its owners")

    def handle(self, *_, admin_socket, app, dry_run, remove, **__):
        totpd = Totpd(admin_socket, timeout=30)
        moved, left = [], 0
        # The newest first: it is the one that its owner has at hand.
        for device in TOTPDevice.objects.filter(confirmed=True).order_by("-pk"):
            if device.user_id in moved:
                reason = "the user has a newer one"
            else:
                reason = obstacle(device)
            if reason is None:
                reply = totpd.ask(request(device, app, dry_run))
                reason = None if reply["ok"] else reply.get("error")
            if reason is None:
                moved.append(device.user_id)
            else:
                left += 1
                self.stderr.write(f"device {device.pk} of user {device.user_id}: {reason}")
        if remove and not dry_run:
            self.remove(moved)
        self.stdout.write(f"{len(moved)} {'would move' if dry_run else 'moved'}, {left} did not")
        if left:
            raise CommandError("not all devices have moved")

    @staticmethod
    def remove(users):
        TOTPDevice.objects.filter(user_id__in=users).delete()
        if apps.is_installed("django_otp.plugins.otp_static"):
            from django_otp.plugins.otp_static.models import StaticDevice
            StaticDevice.objects.filter(user_id__in=users).delete()
