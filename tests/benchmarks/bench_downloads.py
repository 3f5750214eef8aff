"""Measures downloads beside aria2c, requests and curl, and what a person's own function costs in Thaw.

`scripts/bench downloads` runs it.
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from tests.benchmarks.command import Benchmark, carry_out, parser_of
from tests.benchmarks.download_measures import left_out, measures
from tests.benchmarks.figures import table
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


def main(arguments: Sequence[str]) -> int:
    """Measure, and print the figures; returns 0 when all hold, 1 when one does not, 2 when nothing can be measured."""
    first = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    add_runner(first)  # the measurements' titles name it, so it is read before they are made
    chosen, _ = first.parse_known_args(arguments)
    about = "Measure downloads beside aria2c, requests and curl, and what a person's own function costs."
    benchmark = Benchmark("downloads", about, measures(chosen.runner), table)
    parser = parser_of(benchmark)
    add_runner(parser)
    options = parser.parse_args(arguments)
    for what, why in left_out().items():
        print(f"{what}: left out, {why}", file=sys.stderr)
    return carry_out(benchmark, options)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
