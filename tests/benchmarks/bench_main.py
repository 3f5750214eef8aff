"""Measures what the program promises about itself, and says which of it holds. `scripts/bench main` runs it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from tests.benchmarks.command import Benchmark, carry_out, parser_of
from tests.benchmarks.figures import table
from tests.benchmarks.measures.main import MEASURES

if TYPE_CHECKING:
    from collections.abc import Sequence


def benchmark() -> Benchmark:
    """All that `scripts/bench main` measures."""
    return Benchmark("main", "Measure what Thaw promises of itself.", MEASURES, table)


def main(arguments: Sequence[str]) -> int:
    """Measure, and print the figures; returns 0 when all hold, 1 when one does not, 2 when nothing can be measured."""
    found = benchmark()
    return carry_out(found, parser_of(found).parse_args(arguments))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
