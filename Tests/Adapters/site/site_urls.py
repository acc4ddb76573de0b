"""The pages: django-otp's admin, a page for verified people, and allauth's."""

from django.contrib.auth.models import User
from django.http import HttpResponse
from django.urls import include, path
from django.views.decorators.http import require_GET
from django_otp.admin import OTPAdminSite
from django_otp.decorators import otp_required
from django_otp.views import LoginView

from totpd_django import views

admin = OTPAdminSite()
admin.register(User)


@require_GET
def home(request):
    return HttpResponse(request.user.get_username() or "nobody")


urlpatterns = [
    path("admin/", admin.urls),
    path("home/", home),
    path("verified/", otp_required(home, login_url="/otp/login/")),
    path("otp/login/", LoginView.as_view(template_name="admin/login.html")),
    path("set-up/", views.set_up),
    path("backup-codes/", views.backup_codes),
    path("accounts/", include("allauth.urls")),
]
