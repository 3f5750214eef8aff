"""Measures the window as a person feels it: keys, starts, idle minutes and frames beside busy threads.

`scripts/bench window` runs it.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from tests.benchmarks import bench_instruments
from tests.benchmarks.command import Benchmark, carry_out, parser_of
from tests.benchmarks.figures import table
from tests.benchmarks.measures import smooth_loads as loads
from tests.benchmarks.measures.smooth_rows import Limits, Row
from tests.benchmarks.measures.window import measures
from tests.benchmarks.watch.watched import remember_layout

if TYPE_CHECKING:
    from collections.abc import Sequence

LIMITS = Limits(p99=8.0, frames=30.0, rate=0.92)


def benchmark() -> Benchmark:
    """All that `scripts/bench window` measures; some of it other benchmarks measure, too."""
    row = Row("primes_16", "primes, 16 workers", LIMITS, ("--runner", "thread_pool"))
    instruments = bench_instruments.measures()
    found = {
        **measures(),
        "primes_16": loads.computing(16, loads.PRIMES, (row,)),
        **{name: instruments[name] for name in ("cost_primes", "cost_downloads")},
    }
    return Benchmark("window", "Measure Thaw's window as a person feels it.", found, table, remember_layout)


def main(arguments: Sequence[str]) -> int:
    """Measure, and print the figures; returns 0 when all hold, 1 when one does not, 2 when nothing can be measured."""
    found = benchmark()
    return carry_out(found, parser_of(found).parse_args(arguments))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
