"""The app to put into INSTALLED_APPS, before allauth's: its templates go first."""

from django.apps import AppConfig


class TotpdAllauthConfig(AppConfig):
    name = "totpd_django.allauth"
    label = "totpd_allauth"

    def ready(self):
        from . import checks  # noqa: F401
