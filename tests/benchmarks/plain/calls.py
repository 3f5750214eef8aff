"""Calls a function in a bare loop, as a plain script would: what a run of the same calls is compared with.

python -m tests.benchmarks.plain.calls --calls 100000
"""

from __future__ import annotations

import argparse
import json
import sys
import time

from tests.benchmarks.plain.own_function import collatz


def main() -> int:
    """Call it; prints {"seconds": ..., "total": ...}."""
    parser = argparse.ArgumentParser(description="Call a function in a bare loop.")
    parser.add_argument("--calls", type=int, required=True, help="how many times")
    calls = parser.parse_args().calls
    total = 0
    began = time.perf_counter()
    for index in range(calls):
        total += collatz(index)
    seconds = time.perf_counter() - began
    print(json.dumps({"seconds": seconds, "total": total}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
