"""Compares the longest freeze that the window reports with the longest silence that a ping from outside finds.

    python -m tests.benchmarks.watch.freeze_length --each 2

It prints a JSON object. A pair agrees within 5 % or 20 ms.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.benchmarks.figures import Missing
from tests.benchmarks.program import Bench
from tests.benchmarks.sizes import BLOCKING, BLOCKING_TASKS
from tests.benchmarks.watch.display import Display

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.benchmarks.watch.ping import Ping

SHARE, MIN_S = 0.05, 0.020
EVERY_S = 0.002
"""How often the window is pinged: a silence is found no more exactly than that."""

RUNS = [(name, tasks) for tasks in BLOCKING_TASKS for name in BLOCKING]


def silence_s(pings: Sequence[Ping]) -> float:
    """The longest time that an answer took, in seconds: a ping is sent every 2 ms whatever comes back.

    Raises:
        Missing: not all were answered, or there were none.
    """
    longest = max((ping.took_s for ping in pings), default=float("inf"))
    if longest == float("inf"):
        raise Missing("a ping was not answered")
    return longest


def pair(bench: Bench, name: str, tasks: int) -> dict[str, Any]:
    """One blocking run: both lengths in seconds, and whether they agree."""
    run = f"{name}, {tasks} tasks"
    try:
        work = ("--workload", name, "--tasks", str(tasks), *BLOCKING[name])
        seen = bench.run_in_window("--runner", "gui_thread", *work, pinged_every_s=EVERY_S)
        inside, outside = float(seen.report["gui"]["lag_ms"]["max"]) / 1e3, silence_s(seen.pings)
    except Missing as problem:
        return {"run": run, "problem": str(problem), "agrees": False}
    off = inside - outside
    return {
        "run": run,
        "reported_s": round(inside, 4),
        "pinged_s": round(outside, 4),
        "off_ms": round(off * 1e3, 1),
        "off_share": round(off / outside, 4),
        "agrees": abs(off) <= max(MIN_S, SHARE * outside),
    }


def main() -> int:
    """Run, and print the pairs; returns 0 when all agree."""
    parser = argparse.ArgumentParser(description="Compare reported freezes with an outside ping.")
    parser.add_argument("--each", type=int, default=3, help="how often each of the runs")
    parser.add_argument("--only", choices=BLOCKING, help="only this one")
    options = parser.parse_args()
    chosen = [(name, tasks) for name, tasks in RUNS if options.only in {None, name}]
    pairs = []
    try:
        with Display() as display, tempfile.TemporaryDirectory() as folder:
            bench = Bench(display, Path(folder))
            for _ in range(options.each):
                for name, tasks in chosen:
                    pairs.append(pair(bench, name, tasks))
                    print(pairs[-1], file=sys.stderr)
    except Missing as problem:
        print(f"freeze_length: {problem}", file=sys.stderr)
        return 2
    agree = sum(found["agrees"] for found in pairs)
    print(json.dumps({"pairs": pairs, "agree": agree, "of": len(pairs)}))
    return 0 if agree == len(pairs) else 1


if __name__ == "__main__":
    sys.exit(main())
