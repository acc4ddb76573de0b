"""A site with django-otp and django-allauth, both asking totpd; and their own ways beside it."""

import os

SECRET_KEY = "tests"
DEBUG = False
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "site_urls"
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": {
    "ENGINE": "django.db.backends.sqlite3", "NAME": os.environ["SITE_DATABASE"],
    "OPTIONS": {"timeout": 60}}}
INSTALLED_APPS = [
    "totpd_django", "totpd_django.otp", "totpd_django.allauth",
    "django.contrib.admin", "django.contrib.auth", "django.contrib.contenttypes",
    "django.contrib.sessions", "django.contrib.messages",
    "django_otp", "django_otp.plugins.otp_totp", "django_otp.plugins.otp_static",
    "allauth", "allauth.account", "allauth.mfa",
]
MIDDLEWARE = [
    "totpd_django.source.SourceMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
TEMPLATES = [{
    "BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True,
    "OPTIONS": {"context_processors": [
        "django.template.context_processors.request", "django.contrib.auth.context_processors.auth",
        "django.contrib.messages.context_processors.messages"]}}]
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/home/"
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
ACCOUNT_EMAIL_VERIFICATION = "none"
MFA_SUPPORTED_TYPES = ["totp"]
# Its own, to see what allauth does without totpd.
MFA_ADAPTER = os.environ.get("SITE_ADAPTER", "totpd_django.allauth.adapter.TotpdMFAAdapter")
MFA_FORMS = {
    "authenticate": "totpd_django.allauth.forms.AuthenticateForm",
    "reauthenticate": "totpd_django.allauth.forms.ReauthenticateForm",
    "activate_totp": "totpd_django.allauth.forms.ActivateForm",
    "deactivate_totp": "totpd_django.allauth.forms.DeactivateForm",
}
TOTPD = {"PATH": os.environ.get("SITE_TOTPD", "/nowhere"), "TIMEOUT": 30, "ISSUER": "Site"}
