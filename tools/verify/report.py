"""Counting and saying what passed."""

import sys


class Report:
    def __init__(self):
        self.passed = self.failed = 0

    def check(self, what, problems):
        """One check: it passed when it has no problems."""
        problems = list(problems)
        if problems:
            self.failed += 1
            print(f"FAIL {what}")
            for problem in problems:
                print("     " + str(problem).replace("\n", "\n     "))
        else:
            self.passed += 1
            print(f"ok   {what}")
        sys.stdout.flush()
        return not problems

    def close(self):
        print(f"{self.passed} passed, {self.failed} failed", flush=True)
        return 1 if self.failed or not self.passed else 0
