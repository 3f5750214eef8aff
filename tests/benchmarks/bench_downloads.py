"""Measures downloads beside aria2c, requests and curl, and what a person's own function costs in Thaw.

`scripts/bench downloads` runs it.
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from tests.benchmarks.command import Benchmark, carry_out, parser_of
from tests.benchmarks.figures import table
from tests.benchmarks.measures.downloads import left_out, measures
from workers.catalog import lookup
from workers.catalog.compatibility import refusal
from workers.engine.plan import DEFAULT_RUNNER

if TYPE_CHECKING:
    from collections.abc import Sequence


def add_runner(parser: argparse.ArgumentParser) -> None:
    """Where the downloads run, for the command line."""

    def runner(name: str) -> str:
        place, work = lookup.entry("runners", name), lookup.entry("workloads", "download")
        if place is None or work is None:
            raise argparse.ArgumentTypeError(f"there is no {name!r}; there are: {', '.join(lookup.runners())}")
        if why := refusal(place, work, {}):
            raise argparse.ArgumentTypeError(why)
        return name

    there = f"where the downloads run (default {DEFAULT_RUNNER})"
    parser.add_argument("--runner", type=runner, default=DEFAULT_RUNNER, metavar="NAME", help=there)


def benchmark(runner: str = DEFAULT_RUNNER) -> Benchmark:
    """All that `scripts/bench downloads` measures; `runner` is where the downloads run."""
    about = "Measure downloads beside aria2c, requests and curl, and what a person's own function costs."
    return Benchmark("downloads", about, measures(runner), table, left_out=left_out())


def main(arguments: Sequence[str]) -> int:
    """Measure, and print the figures; returns 0 when all hold, 1 when one does not, 2 when nothing can be measured."""
    parser = parser_of(benchmark())
    add_runner(parser)
    options = parser.parse_args(arguments)
    return carry_out(benchmark(options.runner), options)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
