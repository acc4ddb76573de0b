"""Runs test modules, several tests at a time, and closes with their numbers. It fails when a
test failed, when none ran, or when they took too long.

    python3 runner.py NAME WORKERS MODULE... [-k PART-OF-A-TEST'S-NAME]
"""

import concurrent.futures
import faulthandler
import sys
import time
import unittest

from proof import is_left_out

# For all of one call, which takes a minute on two idle cores: whatever hangs, ends.
SECONDS_MAX = 600


def flatten(suite):
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from flatten(test)
        else:
            yield test


def run(test):
    begun = time.monotonic()
    result = unittest.TestResult()
    test.run(result)
    return test, result, time.monotonic() - begun


def main(name, workers, *arguments):
    modules = list(arguments)
    pattern = ""
    if "-k" in modules:
        at = modules.index("-k")
        pattern, modules = modules[at + 1], modules[:at]
    faulthandler.dump_traceback_later(SECONDS_MAX, exit=True)

    tests = list(flatten(unittest.defaultTestLoader.loadTestsFromNames(modules)))
    tests = [test for test in tests if pattern in test.id()]
    for_proof = [test for test in tests if is_left_out(test)]
    tests = [test for test in tests if not is_left_out(test)]
    passed, failed, skipped, slowest = 0, 0, 0, []
    with concurrent.futures.ThreadPoolExecutor(int(workers)) as pool:
        for test, result, seconds in pool.map(run, tests):
            slowest.append((seconds, test.id()))
            for _, reason in result.skipped:
                skipped += 1
                print(f"skipped {test.id()}: {reason}")
            for _, traceback in result.failures + result.errors:
                print(f"FAILED {test.id()}\n{traceback}", flush=True)
            if result.wasSuccessful():
                passed += not result.skipped
            else:
                failed += 1

    for seconds, test in sorted(slowest, reverse=True)[:3]:
        print(f"{seconds:6.1f} s  {test}")
    if for_proof:
        print(f"{name}: {len(for_proof)} more with TOTPD_PROOF=1, as in make proof")
    print(f"{name}: {passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    faulthandler.cancel_dump_traceback_later()
    return 0 if passed and not failed and not skipped else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
