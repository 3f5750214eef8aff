"""What every benchmark's command line does: read the names, measure one after the other, print what came of it.

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
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import psutil

from tests.benchmarks.figures import Missing, Result, as_json
from tests.benchmarks.program import Bench
from tests.benchmarks.watch.display import Display
from workers.image_server.process import ServerError
from workers.reports.summary import VERSION, environment
from workers.utils.formatting import number, seconds

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.benchmarks.measure import Measure

LOOK_S = 0.5
BUSY_CORES = 0.2
"""What others may use of the machine, in cores, before it has to be told."""


class Benchmark(NamedTuple):
    """One benchmark.

    Attributes:
        name: as in `scripts/bench NAME`.
        about: what it measures, in a sentence.
        measures: its measurements by their names.
        table: says the figures on a terminal.
        prepare: called once before the first measurement.
        left_out: what cannot be measured here, by the names of measurements, and why.
    """

    name: str
    about: str
    measures: Mapping[str, Measure]
    table: Callable[[list[Result]], str]
    prepare: Callable[[Bench], None] = lambda bench: None
    left_out: Mapping[str, str] = MappingProxyType({})


def at_least_one(text: str) -> int:
    """A count."""
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"it is a number from 1 up, not {text!r}")
    return int(text)


def parser_of(benchmark: Benchmark) -> argparse.ArgumentParser:
    """The options that all benchmarks have."""

    def names(text: str) -> list[str]:
        chosen = text.split(",")
        if unknown := [name for name in chosen if name not in benchmark.measures]:
            there = ", ".join(benchmark.measures)
            raise argparse.ArgumentTypeError(f"there is no {unknown[0]!r}; there are: {there}")
        return chosen

    parser = argparse.ArgumentParser(prog=f"scripts/bench {benchmark.name}", description=benchmark.about)
    add = parser.add_argument
    add("--json", action="store_true", help="print one JSON object in place of the table")
    add("--runs", type=at_least_one, default=5, help="processes for each figure (default 5)")
    some = f"some of: {', '.join(benchmark.measures)}"
    add("--only", type=names, default=list(benchmark.measures), metavar="NAME,...", help=some)
    return parser


def cores_used_by_others() -> float:
    """How many cores are busy while none of our own processes has anything to do."""
    return psutil.cpu_percent(LOOK_S) / 100 * (psutil.cpu_count() or 1)


def measure(name: str, found: Measure, bench: Bench, runs: int) -> list[Result]:
    """One measurement's figures; one that fails has its reason in place of a value."""
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


def carry_out(benchmark: Benchmark, options: argparse.Namespace) -> int:
    """Measure, and print the figures; returns 0 when all hold, 1 when one does not, 2 when nothing can be measured."""
    for what, why in benchmark.left_out.items():
        print(f"{what}: left out, {why}", file=sys.stderr)
    try:
        with Display() as display, tempfile.TemporaryDirectory(prefix="thaw-bench-") as folder:
            bench = Bench(display, Path(folder))
            benchmark.prepare(bench)
            results: list[Result] = []
            others: list[float] = []
            for name in options.only:
                others.append(cores_used_by_others())
                results += measure(name, benchmark.measures[name], bench, options.runs)
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
        print(benchmark.table(results))
        if max(others) > BUSY_CORES:
            print(
                f"Other programs used up to {number(max(others))} cores of this machine: quiet ones measure best."
            )
    return 0 if holds else 1
