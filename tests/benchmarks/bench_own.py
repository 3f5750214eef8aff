"""Measures people's own code: does it run where it should, and is the advice good? `scripts/bench own` runs it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from tests.benchmarks.command import Benchmark, carry_out, parser_of
from tests.benchmarks.figures import table
from tests.benchmarks.measures import own_advice, own_gil, own_layouts
from tests.benchmarks.watch.watched import remember_layout

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.benchmarks.measure import Measure


def measures() -> dict[str, Measure]:
    """All measurements."""
    ours = {"layouts": own_layouts.layouts(), "choice": own_layouts.choice(), "advice": own_advice.advice()}
    return {**ours, **own_gil.measures()}


def benchmark() -> Benchmark:
    """All that `scripts/bench own` measures."""
    about = "Measure whether people's own code runs where it should."
    return Benchmark("own", about, measures(), table, remember_layout)


def main(arguments: Sequence[str]) -> int:
    """Measure, and print the figures; returns 0 when all hold, 1 when one does not, 2 when nothing can be measured."""
    found = benchmark()
    return carry_out(found, parser_of(found).parse_args(arguments))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
