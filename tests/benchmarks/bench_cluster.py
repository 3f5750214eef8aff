"""Measures the runners of clusters beside the process pool and beside their engines."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from tests.benchmarks.command import Benchmark, carry_out, parser_of
from tests.benchmarks.figures import table
from tests.benchmarks.measures.cluster import left_out, measures

if TYPE_CHECKING:
    from collections.abc import Sequence


def benchmark() -> Benchmark:
    """All that `scripts/bench cluster` measures."""
    about = "Measure the runners of clusters against the process pool and their engines."
    return Benchmark("cluster", about, measures(), table, left_out=left_out())


def main(arguments: Sequence[str]) -> int:
    """Measure, and print the figures; returns 0 when all hold, 1 when one does not, 2 when nothing can be measured."""
    found = benchmark()
    return carry_out(found, parser_of(found).parse_args(arguments))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
