"""Codes as an authenticator app shows them: from oathtool, which shares nothing with totpd."""

import subprocess
import time


def code(secret, now, offset=0, digits=6, period=30, algorithm="SHA1"):
    moment = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(now + offset * period))
    shown = subprocess.run(
        ["oathtool", f"--totp={algorithm}", "--base32", f"--digits={digits}",
         f"--time-step-size={period}s", f"--now={moment}", secret],
        check=True, capture_output=True, text=True)
    return shown.stdout.strip()


def wrong_codes(secret, now, count=1, digits=6, **more):
    """Codes of no step near now."""
    right = {code(secret, now, offset, digits, **more) for offset in range(-3, 4)}
    numbers = (str(number).zfill(digits) for number in range(10**digits))
    return [n for n, _ in zip((n for n in numbers if n not in right), range(count))]
