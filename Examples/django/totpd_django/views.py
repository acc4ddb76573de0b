"""Settings pages of a person's own: an authenticator app is set up, and backup codes are made.
Secrets and backup codes are shown once, and kept nowhere."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from .asking import ask_with_code, enroll, with_code
from .words import words


@never_cache
@login_required
@sensitive_post_parameters("password", "code")
def set_up(request):
    """The password again, then a QR code, then the first code of the new app."""
    user, post = request.user, request.POST
    if request.method != "POST":
        return render(request, "totpd_django/password.html")
    if "confirm" in post:
        reply = ask_with_code("confirm", user, post.get("code", ""))
        if reply["ok"]:
            return render(request, "totpd_django/backup_codes.html", reply)
        return render(request, "totpd_django/confirm.html", {"problem": words(reply)})
    if not user.check_password(post.get("password", "")):
        return render(request, "totpd_django/password.html",
                      {"problem": "That password is not right."})
    code = post.get("code", "")
    reply = enroll_for(request, code)
    if reply["ok"]:
        return render(request, "totpd_django/confirm.html", reply)
    return render(request, "totpd_django/password.html", {
        "problem": words(reply), "wants_code": bool(code) or reply["error"] == "code_required"})


def enroll_for(request, code):
    """Without a code for a first app, with one for a new app in the place of an old one."""
    user, host = request.user, request.get_host()
    label = user.get_username()
    if not code:
        return enroll(user, label, host)
    return enroll(user, label, host, **with_code(code))


@never_cache
@login_required
@sensitive_post_parameters("code")
def backup_codes(request):
    """Ten new backup codes for a code; all older ones are void."""
    if request.method != "POST":
        return render(request, "totpd_django/renew.html")
    reply = ask_with_code("backup_codes", request.user, request.POST.get("code", ""))
    if reply["ok"]:
        return render(request, "totpd_django/backup_codes.html", reply)
    return render(request, "totpd_django/renew.html", {"problem": words(reply)})
