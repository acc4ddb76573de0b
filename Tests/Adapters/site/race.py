"""One process of a race: so many threads check one code at the same time.

    race.py WAY USER THREADS     prints `ready`, waits for a code, prints how many got a yes

WAY is the documented call: match_token of django-otp, or allauth's form for the code page.
"""

import os
import sys
import threading

os.environ["DJANGO_SETTINGS_MODULE"] = "site_settings"

import django

django.setup()

from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm
from django.contrib.auth.models import User
from django.db import connection
from django.test import RequestFactory
from django_otp import match_token

from totpd_django.allauth import forms


def matched(user, code):
    return match_token(user, code) is not None


def form_takes(form):
    def takes(user, code):
        request = RequestFactory().post("/", REMOTE_ADDR="192.0.2.1")
        with context.request_context(request):
            return form(user=user, data={"code": code}).is_valid()
    return takes


WAYS = {"match_token": matched, "allauth": form_takes(AuthenticateForm),
        "allauth and totpd": form_takes(forms.AuthenticateForm)}


def main(way, name, threads):
    user = User.objects.get(username=name)
    said, code, barrier = [], [], threading.Barrier(int(threads))

    def check():
        try:
            connection.ensure_connection()
            barrier.wait()
            said.append(WAYS[way](user, code[0]))
        except Exception as error:
            # A database that is locked is a no as well, and told apart.
            said.append(type(error).__name__)
        finally:
            connection.close()

    running = [threading.Thread(target=check) for _ in range(int(threads))]
    print("ready", flush=True)
    code.append(sys.stdin.readline().strip())
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    errors = sum(isinstance(word, str) for word in said)
    print(said.count(True), errors, flush=True)


main(*sys.argv[1:])
