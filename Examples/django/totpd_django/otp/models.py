"""The device. Its row is a handle for django-otp's sessions and forms; totpd says whether it counts.
So nobody gains or loses a second factor by a change to the database."""

from django.db import models
from django_otp.models import Device, DeviceManager

from ..asking import ask_with_code, needs_code


class UnlockedQuerySet(models.QuerySet):
    def select_for_update(self, *_arguments, **_options):
        """No lock: totpd decides which of two requests is first, and nobody waits for its answer
        while a row is locked."""
        return self


class TotpdDeviceManager(DeviceManager.from_queryset(UnlockedQuerySet)):
    def devices_for_user(self, user, confirmed=None):
        """One device, unless totpd clearly says that there is none. A row that is missing is made
        again."""
        if (confirmed is not None and not confirmed) or not needs_code(user):
            return self.none()
        self.get_or_create(user=user)
        return super().devices_for_user(user)


class TotpdDevice(Device):
    """Takes codes of the app and backup codes alike."""

    name = models.CharField(max_length=64, default="Authenticator app or backup code")
    objects = TotpdDeviceManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user"], name="totpd_otp_one_of_a_user")]
        verbose_name = "totpd device"

    def verify_token(self, token):
        return ask_with_code("verify", self.user, str(token))["ok"]
