"""Django and totpd: what both adapters, for django-otp and for django-allauth, share."""
