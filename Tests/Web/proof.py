"""What only the long proof runs: TOTPD_PROOF=1, as in CONTRIBUTING. What is left without it still
opens every page and speaks to every client."""

import os

IS_PROOF = os.environ.get("TOTPD_PROOF") == "1"


def for_proof(test):
    test.is_for_proof = True
    return test


def is_left_out(test):
    """Whether this run leaves out a unittest.TestCase."""
    method = getattr(test, getattr(test, "_testMethodName", ""), None)
    return not IS_PROOF and getattr(method, "is_for_proof", False)
