"""Settings with which allauth would keep or accept codes of its own."""

from django.conf import settings
from django.core.checks import Error, register

FORMS = {
    "authenticate": "AuthenticateForm", "reauthenticate": "ReauthenticateForm",
    "activate_totp": "ActivateForm", "deactivate_totp": "DeactivateForm",
}
WANTED = {name: f"totpd_django.allauth.forms.{form}" for name, form in FORMS.items()}
ADAPTER = "totpd_django.allauth.adapter.TotpdMFAAdapter"


@register()
def check_settings(app_configs, **_):
    problems = []
    if "recovery_codes" in getattr(settings, "MFA_SUPPORTED_TYPES", ["recovery_codes"]):
        problems.append(Error(
            "MFA_SUPPORTED_TYPES has recovery_codes: allauth would keep codes in the database",
            hint='MFA_SUPPORTED_TYPES = ["totp"]; totpd has backup codes', id="totpd.E001"))
    forms = getattr(settings, "MFA_FORMS", {})
    missing = [name for name in WANTED if name not in forms]
    if missing:
        problems.append(Error(
            f"MFA_FORMS lacks {', '.join(missing)}: allauth would check codes itself",
            hint="MFA_FORMS = totpd_django.allauth.checks.WANTED", id="totpd.E002"))
    if not hasattr(settings, "MFA_ADAPTER"):
        problems.append(Error("MFA_ADAPTER is missing: nobody would be asked for a code",
                              hint=f'MFA_ADAPTER = "{ADAPTER}"', id="totpd.E003"))
    if "allauth.headless" in settings.INSTALLED_APPS:
        problems.append(Error(
            "allauth.headless checks codes without MFA_FORMS, and so not with totpd",
            hint="only allauth's pages are covered", id="totpd.E004"))
    return problems
