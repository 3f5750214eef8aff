"""Measures whether labs keep what they say, quiet and beside busy processes. `scripts/bench labs` runs it.

What runs without labs pay for them is measured only with `--beside FOLDER`, another working copy, in pairs.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks.command import Benchmark, at_least_one, carry_out, parser_of
from tests.benchmarks.figures import Wanted, table
from tests.benchmarks.measure import Measure
from tests.benchmarks.measures import labs as measured
from tests.benchmarks.measures.smooth_rows import Limits, Row
from tests.benchmarks.sizes import LAB_LAGS
from tests.benchmarks.watch.watched import remember_layout
from workers.catalog import labs

if TYPE_CHECKING:
    from collections.abc import Sequence

WAITING = {
    "counter.fixed": (LAB_LAGS.counts,),
    "turnstile.semaphore": (LAB_LAGS.visits,),
    "pipeline.queue": (LAB_LAGS.items,),
    "philosophers.waiter": (LAB_LAGS.meals,),
}
"""Labs of 16 threads that wait, and their parameters: long enough for a p99."""

COMPUTING = ("counter.call", "counter.plus", "cache.broken", "cost.contended")
"""Labs that compute, with as many threads as they say. They take no turns: their lag is told, and they are short."""


def measures(beside: Path | None, pairs: int) -> dict[str, Measure]:
    """All measurements.

    Args:
        beside: another working copy.
        pairs: so many runs in each of the two.
    """
    found = {f"{lab}_quiet": measured.claims(lab, busy=False) for lab in labs.labs()}
    found |= {f"{lab}_busy": measured.claims(lab, busy=True) for lab in labs.labs()}
    found |= {
        "deadlocks": Measure(
            (
                Wanted("deadlocks.named", "deadlocks named with all members", 1.0, "share", True),
                Wanted("deadlocks.seconds", "from stuck to named, the worst", 0.7, "s"),
            ),
            measured.deadlocks,
        ),
        "false_alarms": Measure(
            (Wanted("false_alarms", "deadlocks told of runs that are right", 0.0, "calls"),),
            measured.false_alarms,
        ),
        "cancels": Measure(
            (Wanted("cancel", "a cancel while tasks wait, the worst", 100.0, "ms"),), measured.cancels
        ),
    }
    for version, params in WAITING.items():
        row = Row(version.replace(".", "_"), f"{version}, 16 threads", Limits(12.0))
        found[f"lag_{row.key}"] = measured.lag(row, version, params)
    for version in COMPUTING:
        found[f"lag_{version.replace('.', '_')}"] = measured.short(version)
    if beside is not None:
        found |= {f"cost_{name}": measured.cost(name, beside, pairs) for name in measured.UNCHANGED}
    return found


def benchmark(beside: Path | None = None, pairs: int = 10) -> Benchmark:
    """All that `scripts/bench labs` measures."""
    about = "Measure whether labs keep what they say, and what they cost."
    left_out = {} if beside is not None else {"cost": "there is no other working copy: --beside FOLDER"}
    return Benchmark("labs", about, measures(beside, pairs), table, remember_layout, left_out)


def main(arguments: Sequence[str]) -> int:
    """Measure, and print the figures; returns 0 when all hold, 1 when one does not, 2 when nothing can be measured."""
    own = argparse.ArgumentParser(add_help=False)
    own.add_argument(
        "--beside", type=Path, metavar="FOLDER", help="another working copy to compare runs without labs with"
    )
    own.add_argument("--pairs", type=at_least_one, default=10, help="runs in each of the two (default 10)")
    known, _ = own.parse_known_args(arguments)
    found = benchmark(known.beside and known.beside.resolve(), known.pairs)
    parser = parser_of(found)
    for action in own._actions:
        parser._add_action(action)
    return carry_out(found, parser.parse_args(arguments))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
