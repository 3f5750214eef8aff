"""What a benchmark measured of each place for one function. Plain arithmetic."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..catalog.lookup import traits
from .ratio import ratio
from .safety import is_unsafe, is_usable

if TYPE_CHECKING:
    from ..catalog.traits import Traits
    from .ratio import Ratio
    from .results import Benchmark, CellResult, Spread

SMOOTH_MS, UNNOTICED_MS, LITTLE_MS = 16.7, 50.0, 100.0
"""Lag, p95: up to the first the window is smooth, up to the second nobody notices, beyond the last everybody does."""


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
