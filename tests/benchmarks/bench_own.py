"""Measures people's own code: does it run where it should, and is the advice good? `scripts/bench own` runs it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from tests.benchmarks.command import Benchmark, carry_out, parser_of
from tests.benchmarks.figures import table
from tests.benchmarks.measures import own_advice, own_layouts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.benchmarks.measure import Measure


def measures() -> dict[str, Measure]:
    """All measurements."""
    return {"layouts": own_layouts.layouts(), "choice": own_layouts.choice(), "advice": own_advice.advice()}


def benchmark() -> Benchmark:
    """All that `scripts/bench own` measures."""
    return Benchmark("own", "Measure whether people's own code runs where it should.", measures(), table)


def main(arguments: Sequence[str]) -> int:
    """Measure, and print the figures; returns 0 when all hold, 1 when one does not, 2 when nothing can be measured."""
    found = benchmark()
    return carry_out(found, parser_of(found).parse_args(arguments))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
