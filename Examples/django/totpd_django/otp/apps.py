"""The app to put into INSTALLED_APPS."""

from django.apps import AppConfig


class TotpdOtpConfig(AppConfig):
    name = "totpd_django.otp"
    label = "totpd_otp"
    default_auto_field = "django.db.models.BigAutoField"
