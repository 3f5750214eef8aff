"""What a benchmark measured of each place for one function, and how surely two places differ. Plain arithmetic."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from ..catalog.lookup import traits
from .safety import is_unsafe, is_usable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..catalog.traits import Traits
    from .results import Benchmark, CellResult, Spread

SAME = 0.05
"""Medians closer than this part of each other are not told apart, however little they spread."""

UNLIKE = 1.25
"""Of what may differ by more it is not said that it is alike."""

ONCE = 1.5
"""Of what was measured but once so many times as much may be chance."""

STUDENT_T = {1: 6.31, 2: 2.92, 3: 2.35, 4: 2.13, 5: 2.02, 6: 1.94, 7: 1.89, 8: 1.86, 9: 1.83}
"""By degrees of freedom: the 95 % point of Student's t, so nine of ten intervals hold what they are of."""


SMOOTH_MS, UNNOTICED_MS, LITTLE_MS = 16.7, 50.0, 100.0
"""Lag, p95: up to the first the window is smooth, up to the second nobody notices, beyond the last everybody does."""


class Ratio(NamedTuple):
    """How many times as fast a place is as another.

    Attributes:
        low, high: between these it is, nine times of ten.
        middle: of the medians, as tables and words have them.
    """

    low: float
    middle: float
    high: float

    @property
    def is_told(self) -> bool:
        """Whether the two differ, by more than chance and by more than anybody would care for."""
        return (self.low > 1 or self.high < 1) and abs(self.middle - 1) > SAME

    @property
    def is_alike(self) -> bool:
        """Whether the two are as fast as each other, as far as anybody would care."""
        return not self.is_told and 1 / UNLIKE < self.middle < UNLIKE


def ratio(one: Sequence[float], other: Sequence[float]) -> Ratio:
    """How many times as much the one is as the other, from runs that were made in turn.

    Each pair gives a ratio, for what disturbs a machine disturbs both of a pair; their logarithms have a mean and an
    interval around it by Student's t. Where nothing was done nothing is known of it.
    """
    # Here: the window imports this module before its first frame, and need not wait.
    from statistics import median

    if not (one and other) or min(*one, *other) <= 0:
        return Ratio(0.0, 1.0, math.inf)
    middle = median(one) / median(other)
    logs = [math.log(mine / theirs) for mine, theirs in zip(one, other, strict=False)]
    count = len(logs)
    if count < 2:
        return Ratio(middle / ONCE, middle, middle * ONCE)
    mean = sum(logs) / count
    variance = sum((value - mean) ** 2 for value in logs) / (count - 1)
    reach = STUDENT_T[min(count - 1, max(STUDENT_T))] * math.sqrt(variance / count)
    return Ratio(min(middle, math.exp(mean - reach)), middle, max(middle, math.exp(mean + reach)))


class PlaceFigures(NamedTuple):
    """What was measured of a runner, with the number of workers with which it was fastest.

    Attributes:
        runner: its name.
        traits: what is true of it.
        result: of that cell.
        wall_s: from Start to the end of the last call.
        per_s: work done per second once it had started.
        call_s: how long a call takes, where one comes after the other.
        lag_ms: the p95 of the window's lag; None without a window.
        band: which band its lag is in; 0 is the best, and where nobody measured it.
    """

    runner: str
    traits: Traits
    result: CellResult
    wall_s: Spread
    per_s: Spread
    call_s: float
    lag_ms: float | None
    band: int

    @property
    def is_threads(self) -> bool:
        """Whether it is threads of this program."""
        return self.traits.gil == "shared"

    def ratio(self, other: PlaceFigures) -> Ratio:
        """How many times as fast it was as the other."""
        return ratio(self.result.rates, other.result.rates)

    def gain(self, other: PlaceFigures) -> float:
        """The same in one number; 1.0 where that may be chance."""
        found = self.ratio(other)
        return found.middle if found.is_told else 1.0


def measured_places(results: Benchmark, name: str) -> dict[str, PlaceFigures]:
    """By runner; of several numbers of workers the one that is fastest."""
    found: dict[str, PlaceFigures] = {}
    size = results.matrix.sizes[name]
    for result in results.results(name):
        wall, per_s, runner = result.wall_s, result.started_per_s, result.cell.runner
        if wall is None or wall.low <= 0 or per_s is None or per_s.low <= 0 or result.problem:
            continue
        if not is_usable(results, result.cell):
            continue
        true, which = traits(runner), results.matrix.chosen.get(runner)
        if which is not None:
            true = true._replace(place=f"in {which.name} ({which.path})", kind=which.name)
        if true.gil == "shared" and is_unsafe(results):
            true = true._replace(place=f"{true.place} with one worker")
        lag_ms = result.lag_p95_ms.median if result.lag_p95_ms is not None else None
        band = sum((lag_ms or 0.0) > limit for limit in (SMOOTH_MS, UNNOTICED_MS, LITTLE_MS))
        start_s = result.startup_s.median if result.startup_s is not None else 0.0
        call_s = size.call_s or max(wall.median - start_s, 0.0) / size.tasks
        place = PlaceFigures(runner, true, result, wall, per_s, call_s, lag_ms, band)
        if runner not in found or per_s.median > found[runner].per_s.median:
            found[runner] = place
    return found
