"""totpd behind the pages of django-allauth's MFA."""
