"""Measures watching other people's programs: are they as before, is what is said right, what does it cost?

    scripts/bench watch [--minutes 60] [--only NAME,...]

What is watched in other Pythons, and the published programs, `scripts/other-pythons --environments` gets first: what is
not there is an error, and never passes.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from tests.benchmarks.command import Benchmark, at_least_one, carry_out, parser_of
from tests.benchmarks.figures import Missing, table
from tests.benchmarks.measures import (
    watch_cost,
    watch_examples,
    watch_guilty,
    watch_kills,
    watch_length,
    watch_memory,
    watch_programs,
    watch_tests,
    watch_wheel,
)
from tests.benchmarks.sizes import SMOKE, WATCH_MINUTES
from tests.benchmarks.watch.watching import bare, of_program

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.benchmarks.measure import Measure


def measures(minutes: int) -> dict[str, Measure]:
    """All measurements."""
    return {
        "examples": watch_examples.fidelity_of_examples(),
        **watch_programs.measures(),
        **watch_guilty.measures(),
        "length": watch_length.length(),
        **watch_cost.measures(),
        "thaw_killed": watch_kills.thaw_killed(),
        "program_killed": watch_kills.program_killed(),
        "memory": watch_memory.memory(minutes),
        **watch_tests.measures(),
        "version": watch_wheel.version(),
        "first_frame": watch_wheel.first_frame(),
    }


def not_here() -> dict[str, str]:
    """What cannot be measured on this machine as it is; told once, before the small measures are taken."""
    found = {}
    for name in watch_programs.PROGRAMS:
        try:
            of_program(name)
        except Missing as problem:
            found[name] = str(problem)
    try:
        watch_wheel.installed()
    except Missing as problem:
        found |= dict.fromkeys(("version", "first_frame"), str(problem))
    return found


def benchmark(minutes: int = WATCH_MINUTES) -> Benchmark:
    """All that `scripts/bench watch` measures. Small, what is not here is left out; in full it is an error."""
    about = "Measure watching programs of other people."
    found, left_out = measures(minutes), not_here() if SMOKE else {}
    kept = {name: measure for name, measure in found.items() if name not in left_out}
    return Benchmark("watch", about, kept, table, bare, left_out)


def main(arguments: Sequence[str]) -> int:
    """Measure, and print the figures; returns 0 when all hold, 1 when one does not, 2 when nothing can be measured."""
    parser = parser_of(benchmark())
    about = f"how long the memory is watched (default {WATCH_MINUTES})"
    parser.add_argument("--minutes", type=at_least_one, default=WATCH_MINUTES, help=about)
    options = parser.parse_args(arguments)
    return carry_out(benchmark(options.minutes), options)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
