"""Runs a workload as a plain script would, with no window: what the window's runs are compared with.

As many threads as the window's run has, and in each of them a bare loop over the workload's own generator.

    python -m tests.benchmarks.plain.work --workload primes --tasks 32 --workers 4 --param numbers=90000
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from ast import literal_eval
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from workers.engine.loading import load_workload
from workers.engine.plan import Plan, Settings


def pair(text: str) -> tuple[str, Any]:
    """KEY=VALUE, the value as Python writes it."""
    name, _, value = text.partition("=")
    return name, literal_eval(value)


def main() -> int:
    """Run it; prints {"amount": ..., "seconds": ..., "cpu_s": ...}, the last of the whole process meanwhile."""
    parser = argparse.ArgumentParser(description="Run a workload as a plain script would.")
    parser.add_argument("--workload", required=True, help="a workload's name")
    parser.add_argument("--tasks", type=int, required=True, help="how many tasks")
    parser.add_argument("--workers", type=int, required=True, help="how many at once")
    parser.add_argument("--param", type=pair, action="append", default=[], help="a parameter of the workload")
    options = parser.parse_args()
    settings = Settings.named("", options.workload, options.tasks, options.workers, tuple(options.param))
    plan = Plan(settings, str)
    function = load_workload(options.workload).function

    def work(index: int) -> float:
        total = 0.0
        for amount in function(**dict(plan.task(index, index).arguments)):
            total += amount
        return total

    began, spent = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(options.workers) as pool:
        amount = sum(pool.map(work, range(plan.count)))
    seconds, cpu_s = time.perf_counter() - began, time.process_time() - spent
    print(json.dumps({"amount": amount, "seconds": seconds, "cpu_s": cpu_s}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
