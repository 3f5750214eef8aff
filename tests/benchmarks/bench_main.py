"""Measures what the program promises about itself, and says which of it holds. `scripts/bench main` runs it.

Each figure is the median of several processes, one after the other, on an X server that shows nothing. Whatever else
the machine does is in the figures; so it looks before each measurement, and says if that is much.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from tests.benchmarks.display import Display
from tests.benchmarks.figures import Missing, Result, as_json, table
from tests.benchmarks.measures import MEASURES
from tests.benchmarks.program import Bench
from workers.report import VERSION, environment
from workers.server_process import ServerError
from workers.words import number, seconds

if TYPE_CHECKING:
    from collections.abc import Sequence


LOOK_S = 0.5
BUSY_CORES = 0.2
"""What others may use of the machine, in cores, before it has to be told."""


def names(text: str) -> list[str]:
    """The measurements that a person named."""
    chosen = text.split(",")
    if unknown := [name for name in chosen if name not in MEASURES]:
        raise argparse.ArgumentTypeError(f"there is no {unknown[0]!r}; there are: {', '.join(MEASURES)}")
    return chosen


def at_least_one(text: str) -> int:
    """A count."""
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"it is a number from 1 up, not {text!r}")
    return int(text)


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(prog="scripts/bench main", description="Measure what Thaw promises of itself.")
    parser.add_argument("--json", action="store_true", help="print one JSON object in place of the table")
    parser.add_argument("--runs", type=at_least_one, default=5, help="processes for each figure (default 5)")
    parser.add_argument(
        "--only", type=names, default=list(MEASURES), metavar="NAME,...", help=f"some of: {', '.join(MEASURES)}"
    )
    return parser.parse_args(arguments)


def cores_used_by_others() -> float:
    """How many cores are busy while none of our own processes has anything to do."""
    return psutil.cpu_percent(LOOK_S) / 100 * (psutil.cpu_count() or 1)


def measure(name: str, bench: Bench, runs: int) -> list[Result]:
    """One measurement's figures; one that fails has its reason in place of a value."""
    found = MEASURES[name]
    began = time.perf_counter()

    def tell(text: str) -> None:
        print(f"{name}: {text}", file=sys.stderr, flush=True)

    try:
        values = found.take(bench, runs, tell)
    except (Missing, ServerError) as problem:
        tell(f"ERROR: {problem}")
        return [Result(wanted, (), str(problem)) for wanted in found.wanted]
    tell(f"took {seconds(time.perf_counter() - began)}")
    return [Result(wanted, tuple(values[wanted.key])) for wanted in found.wanted]


def main(arguments: Sequence[str]) -> int:
    """Measure, and print the figures; returns 0 when all hold, 1 when one does not, 2 when nothing can be measured."""
    options = parse(arguments)
    try:
        with Display() as display, tempfile.TemporaryDirectory(prefix="thaw-bench-") as folder:
            bench = Bench(display, Path(folder))
            results: list[Result] = []
            others: list[float] = []
            for name in options.only:
                others.append(cores_used_by_others())
                results += measure(name, bench, options.runs)
    except Missing as problem:
        print(f"bench: {problem}", file=sys.stderr)
        return 2
    holds = all(result.holds for result in results)
    if options.json:
        about = environment() | {"cores_used_by_others": round(max(others), 2)}
        del about["switch_interval_ms"]  # the benchmark's own: it says nothing about the program
        content = {
            "thaw": VERSION,
            "environment": about,
            "runs": options.runs,
            "figures": as_json(results),
            "holds": holds,
        }
        print(json.dumps(content, indent=2))
    else:
        print(table(results))
        if max(others) > BUSY_CORES:
            print(f"Other programs used up to {number(max(others))} cores of this machine: quiet ones measure best.")
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
