"""Measures whether lessons claim what is so, quiet and beside busy processes. `scripts/bench lessons` runs it.

A run that a lesson does not judge (too few cores were free, or a step cannot be run here) counts neither way.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from tests.benchmarks.command import Benchmark, carry_out, parser_of
from tests.benchmarks.figures import table
from tests.benchmarks.measures import lessons as measured
from tests.benchmarks.sizes import LESSONS
from workers.catalog.lessons import lessons

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.benchmarks.measure import Measure


def measures() -> dict[str, Measure]:
    """All measurements."""
    found = dict(list(lessons().items())[:LESSONS])
    taken = {f"{name}_quiet": measured.claims(lesson, busy=False) for name, lesson in found.items()}
    taken |= {f"{name}_busy": measured.claims(lesson, busy=True) for name, lesson in found.items()}
    taken |= {f"{name}_saboteur": measured.saboteur(lesson) for name, lesson in found.items()}
    return taken | {"course": measured.course(list(found))}


def benchmark() -> Benchmark:
    """All that `scripts/bench lessons` measures."""
    return Benchmark("lessons", "Measure whether lessons claim what is so.", measures(), table)


def main(arguments: Sequence[str]) -> int:
    """Measure, and print the figures; returns 0 when all hold, 1 when one does not, 2 when nothing can be measured."""
    found = benchmark()
    return carry_out(found, parser_of(found).parse_args(arguments))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
