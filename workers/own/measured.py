"""What a benchmark measured of each place for one function, as its advice needs it. Plain arithmetic."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..benchmark_results import Spread

if TYPE_CHECKING:
    from ..benchmark_results import Benchmark, Result

THREADS = ("thread_pool", "qthread", "q_thread_pool", "thread_per_task")
APART = ("process_pool", "interpreters")
"""Places with a GIL of their own."""

BANDS_MS = (16.7, 50.0, 100.0)
"""Lag, p95: up to the first the window is smooth, up to the second nobody notices, beyond the last everybody does."""

FRAME_S = 0.0167

WORTH_IT = 1.2
"""A place that costs more, or is more to write, must be so many times as fast."""


class Place(NamedTuple):
    """What was measured of a runner, with the number of workers with which it was fastest.

    Attributes:
        result: of that cell.
        calls_s: calls a second once it had started: the least, the median and the most.
    """

    result: Result
    calls_s: Spread

    @property
    def runner(self) -> str:
        """Its name."""
        return self.result.cell.runner

    @property
    def lag_ms(self) -> float | None:
        """The p95 of the window's lag; None without a window."""
        return None if self.result.lag_p95_ms is None else self.result.lag_p95_ms.median

    @property
    def band(self) -> int:
        """Which band its lag is in; 0 is the best, and where nobody measured it."""
        return 0 if self.lag_ms is None else sum(self.lag_ms > limit for limit in BANDS_MS)

    @property
    def call_s(self) -> float:
        """How long a call takes, where one comes after the other."""
        return 1 / self.calls_s.median


def measured(results: Benchmark, name: str) -> dict[str, Place]:
    """By runner; of several numbers of workers the one that is fastest."""
    tasks = results.matrix.sizes[name].tasks if name in results.matrix.sizes else 0
    found: dict[str, Place] = {}
    for result in results.results(name):
        wall, runner = result.wall_s, result.cell.runner
        if wall is None or wall.low <= 0 or result.problem:
            continue
        # Without its start: a program starts a place once, and keeps it.
        start_s = result.startup_s.median if result.startup_s is not None else 0.0
        start_s = start_s if start_s < wall.low else 0.0
        place = Place(result, Spread(*(tasks / (took - start_s) for took in (wall.high, wall.median, wall.low))))
        if runner not in found or place.calls_s.median > found[runner].calls_s.median:
            found[runner] = place
    return found
