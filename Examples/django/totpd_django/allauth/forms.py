"""MFA_FORMS: each code goes to totpd as it was typed."""

from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as base
from allauth.mfa.internal.flows.add import validate_can_add_authenticator
from allauth.mfa.totp import forms as totp
from django import forms
from django.core.exceptions import ValidationError

from ..asking import ask_with_code, enroll
from ..words import words
from .adapter import handle_of


class Drawn(str):
    """A text for allauth's page that knows its QR code, which totpd has drawn."""

    svg = ""


class Secret(str):
    """The secret as the page shows it, and its key URI. It is in no session and no table."""

    uri = Drawn()


def code_field(**options):
    return forms.CharField(strip=False, widget=forms.TextInput(
        attrs={"placeholder": "Code", "autocomplete": "one-time-code"}), **options)


class AskingMixin:
    def clean_code(self):
        """No rate limit of allauth's beside: whoever knows a password could lock people out."""
        reply = ask_with_code("verify", self.user, self.cleaned_data["code"])
        self.authenticator = handle_of(self.user)
        if not reply["ok"]:
            self._emit_authentication_failed(self.authenticator)
            raise ValidationError(words(reply), code=reply.get("error", "unavailable"))
        return self.cleaned_data["code"]


class AuthenticateForm(AskingMixin, base.AuthenticateForm):
    code = code_field()


class ReauthenticateForm(AskingMixin, base.ReauthenticateForm):
    code = code_field()


class ActivateForm(totp.ActivateTOTPForm):
    """The page without a code begins a set-up; with one it ends it. A wrong code does not show the
    secret again, since nothing here has it: the person's app has."""

    code = code_field(label="Authenticator code")

    def __init__(self, *arguments, **options):
        self.user = options.pop("user")
        forms.Form.__init__(self, *arguments, **options)
        self.secret = Secret()
        if not self.is_bound:
            self.begin()

    def begin(self):
        adapter = get_adapter()
        reply = enroll(
            self.user, adapter.get_totp_label(self.user), adapter.get_totp_issuer())
        if reply["ok"]:
            self.secret = Secret(reply["secret"])
            self.secret.uri = Drawn(reply["uri"])
            self.secret.uri.svg = reply["qr"]
        else:
            self.problem = words(reply)

    def clean_code(self):
        validate_can_add_authenticator(self.user)
        reply = ask_with_code("confirm", self.user, self.cleaned_data["code"])
        if not reply["ok"]:
            raise ValidationError(words(reply), code=reply.get("error", "unavailable"))
        return self.cleaned_data["code"]


class DeactivateForm(totp.DeactivateTOTPForm):
    """Only a code switches the second factor off. allauth shows the form as if it had been sent."""

    code = code_field(required=False)

    def clean(self):
        cleaned = super().clean()
        if context.request.method != "POST":
            return cleaned
        reply = ask_with_code("disable", self.authenticator.user, cleaned.get("code") or "")
        if not reply["ok"]:
            raise ValidationError(words(reply), code=reply.get("error", "unavailable"))
        return cleaned
