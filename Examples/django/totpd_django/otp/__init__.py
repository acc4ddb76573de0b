"""totpd as a device of django-otp."""
