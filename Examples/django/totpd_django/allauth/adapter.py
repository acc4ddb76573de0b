"""MFA_ADAPTER: totpd says who has a second factor, and allauth's table holds no secret."""

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied

from ..asking import needs_code

# In the place of a secret. It is no base32, so no code can be made from it.
NO_SECRET = "totpd has it"


def handle_of(user):
    """The row by which allauth's pages and signals know the app, made when a code is sent. totpd
    says whether it counts."""
    return Authenticator.objects.get_or_create(
        user=user, type=Authenticator.Type.TOTP, defaults={"data": {"secret": NO_SECRET}})[0]


class TotpdMFAAdapter(DefaultMFAAdapter):
    """allauth's own, but for what totpd knows and keeps."""

    def is_mfa_enabled(self, user, types=None):
        if user.is_anonymous:
            return False
        if types is None or Authenticator.Type.TOTP in types:
            if needs_code(user):
                return True
            others = [Authenticator.Type.WEBAUTHN]
            types = others if types is None else [kind for kind in types if kind in others]
        return super().is_mfa_enabled(user, types)

    def encrypt(self, text):
        """Of ActivateForm comes no secret. What comes with one would be checked by allauth, as the
        headless API and recovery codes are."""
        if text:
            raise PermissionDenied("totpd makes the secrets of this site")
        return NO_SECRET

    def decrypt(self, encrypted_text):
        raise PermissionDenied("totpd checks the codes of this account")

    def build_totp_url(self, user, secret):
        """The form's secret knows its key URI, and that its QR code: totpd has made both."""
        return secret.uri

    def build_totp_svg(self, url):
        return url.svg
