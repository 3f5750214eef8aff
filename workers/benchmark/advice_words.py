"""Says in words where a function should run, from what was measured. Every number in them is one of the benchmark's.

What a benchmark measured of each place for one function, as its advice needs it. Plain arithmetic.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..catalog.lookup import traits
from ..engine.plan import BLOCKING
from ..reports.palette import lag_word
from ..reports.verdict import factor
from ..utils.formatting import listed, milliseconds, number, seconds
from .findings import WORTH_TELLING, is_noise
from .results import Spread, grouped

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from ..catalog.entry import Entry
    from ..catalog.traits import Traits
    from .results import Benchmark, CellResult

SHORT_S = 0.001
"""A single call that is shorter needs no other place."""

NO_WINDOW = (
    "How the window would lag was not measured: that takes a window, or --offscreen instead of --headless."
)


def first_words(best: PlaceFigures, base: PlaceFigures | None, has_window: bool) -> tuple[str, list[str]]:
    """Where it should run; and, to follow after a colon, how fast that is, and what the window does meanwhile."""
    if best.runner == BLOCKING:
        took = milliseconds(best.wall_s.median * 1e3)
        return "Call it right where you are, in the GUI thread", [
            f"all of these calls take {took}, which nobody sees."
        ]
    lag = f", and {_lag_words(best)}" if has_window and best.lag_ms is not None else ""
    head, words = f"Run it {best.traits.place}", [f"{_speed(best, base)}{lag}."]
    if base is not None and base.call_s < SHORT_S:
        head = f"Make a single call right where you are, and many in a row {best.traits.place}"
        words = [f"one takes {_short(base.call_s)}.", f"Many run {words[0]}"]
    startup = best.result.startup_s
    if startup is not None and startup.median > WORTH_TELLING * best.wall_s.median:
        words.append(
            f"Its start takes {seconds(startup.median)}, which is not counted here: start it once and keep it."
        )
    return head, words


def _speed(place: PlaceFigures, base: PlaceFigures | None) -> str:
    if base is None:
        return f"{number(place.calls_s.median)} calls a second, {place.result.cell.workers:,} at once"
    ratio = place.gain(base)
    if ratio == 1:
        is_alike = 1 / WORTH_IT < place.calls_s.median / base.calls_s.median < WORTH_IT
        return f"{'as fast as' if is_alike else 'neither clearly faster nor clearly slower than'} on the GUI thread"
    if ratio > 1:
        return f"{factor(ratio)} times as fast as on the GUI thread"
    return f"{factor(1 / ratio)} times as long as on the GUI thread"


def _lag_words(place: PlaceFigures) -> str:
    lag, word = milliseconds(place.lag_ms or 0.0), lag_word(place.lag_ms or 0.0)
    if word == "smooth":
        return f"the window stays smooth (lag p95 {lag})"
    least = ", which is the least there is" if place.band > 1 else ""
    return f"the window's lag is {word} (p95 {lag}){least}"


def others_words(
    best: PlaceFigures, measured: Mapping[str, PlaceFigures], environment: Mapping[str, Any]
) -> list[str]:
    """What became of threads and of processes, where the other kind is recommended."""
    base = measured.get(BLOCKING)
    if base is None or best.runner == BLOCKING:
        return []
    threads = _fastest(place for place in measured.values() if place.is_threads)
    apart = _fastest(place for place in measured.values() if place.traits.gil == "own")  # of this very Python
    other = _fastest(place for place in measured.values() if place.traits.gil == "other")
    gain = threads.gain(base) if threads is not None else 0.0
    words = []
    if threads is not None and not best.is_threads:
        if gain < WORTH_IT:
            is_faster = apart is not None and apart.gain(base) >= WORTH_IT
            holds = is_faster and environment.get("gil_enabled", True)
            words.append(f"Threads are no faster here{': it holds the GIL' if holds else ''}.")
        elif best.traits.is_apart and best.band < threads.band:
            words.append(f"Threads are {factor(gain)} times as fast, but the window lags more.")
    if threads is not None and best.is_threads and gain >= 1.5:
        words.append("It waits, or lets go of the GIL: several calls go on at the same time.")
    if apart is not None and not best.traits.is_apart:
        more = apart.gain(best)
        if more <= 1 / WORTH_IT:
            words.append(f"Other processes are slower: {factor(1 / more)} times as long.")
        elif more < WORTH_IT:
            words.append("Other processes are not faster, and cost more.")
        elif apart.band > best.band:
            words.append(f"Other processes are {factor(more)} times as fast, but the window lags more.")
    if other is not None and other is not best and other.gain(best) >= WORTH_IT:
        name = f"{other.traits.kind[:1].upper()}{other.traits.kind[1:]}"
        words.append(
            f"{name} is {factor(other.gain(best))} times as fast as that, for a program that can bring it along."
        )
    return words


def _fastest(places: Iterable[PlaceFigures]) -> PlaceFigures | None:
    return max(places, key=lambda place: place.calls_s.median, default=None)


def gui_words(best: PlaceFigures, base: PlaceFigures | None, needs_gui: bool) -> list[str]:
    """What its calls do to the window on the GUI thread; `needs_gui`: whether they can be made nowhere else."""
    if needs_gui and best.band:
        return ["It can run in the GUI thread only: let each call do less, a few milliseconds at a time."]
    if base is None or best.runner == BLOCKING:
        return []
    if base.call_s > FRAME_S:
        return [f"On the GUI thread each call keeps the window waiting for {_short(base.call_s)}."]
    few = max(2, round(FRAME_S / base.call_s))
    return [f"On the GUI thread {few:,} calls in a row are more than a frame, and the window stutters."]


def _short(value_s: float) -> str:
    return milliseconds(value_s * 1e3) if value_s >= 1e-4 else f"{number(value_s * 1e6)} µs"


def problem_words(results: Benchmark, name: str, runners: Mapping[str, Entry]) -> list[str]:
    """Where it failed, and why."""
    told = grouped(
        (result.problem, runners[result.cell.runner].title)
        for result in results.results(name)
        if result.problem
    )
    return [
        f"It failed on {listed(tuple(dict.fromkeys(places)))}: {why.rstrip('.')}."
        for why, places in told.items()
    ]


SMOOTH_MS, UNNOTICED_MS, LITTLE_MS = 16.7, 50.0, 100.0
"""Lag, p95: up to the first the window is smooth, up to the second nobody notices, beyond the last everybody does."""

FRAME_S = 0.0167

WORTH_IT = 1.2
"""A place that costs more, or is more to write, must be so many times as fast."""


class PlaceFigures(NamedTuple):
    """What was measured of a runner, with the number of workers with which it was fastest.

    Attributes:
        runner: its name.
        traits: what is true of it.
        is_threads: whether it is threads of this program.
        result: of that cell.
        wall_s: from Start to the end of the last call.
        calls_s: calls a second once it had started: the least, the median and the most.
        call_s: how long a call takes, where one comes after the other.
        lag_ms: the p95 of the window's lag; None without a window.
        band: which band its lag is in; 0 is the best, and where nobody measured it.
    """

    runner: str
    traits: Traits
    is_threads: bool
    result: CellResult
    wall_s: Spread
    calls_s: Spread
    call_s: float
    lag_ms: float | None
    band: int

    def gain(self, other: PlaceFigures) -> float:
        """How many times as fast it was as the other; 1.0 where that may be chance."""
        runs = min(self.result.runs, other.result.runs)
        return (
            1.0 if is_noise(self.calls_s, other.calls_s, runs) else self.calls_s.median / other.calls_s.median
        )


def measured_places(results: Benchmark, name: str) -> dict[str, PlaceFigures]:
    """By runner; of several numbers of workers the one that is fastest."""
    found: dict[str, PlaceFigures] = {}
    for result in results.results(name):
        wall = result.wall_s
        runner = result.cell.runner
        if wall is None or wall.low <= 0 or result.problem:
            continue
        # Without its start: a program starts a place once, and keeps it.
        start_s = result.startup_s.median if result.startup_s is not None else 0.0
        if start_s >= wall.low:
            start_s = 0.0
        tasks = results.matrix.sizes[name].tasks
        true, which = traits(runner), results.matrix.chosen.get(runner)
        if which is not None:
            true = true._replace(place=f"in {which.name} ({which.path})", kind=which.name)
        calls_s = Spread(*(tasks / (took - start_s) for took in (wall.high, wall.median, wall.low)))
        lag_ms = result.lag_p95_ms.median if result.lag_p95_ms is not None else None
        band = sum((lag_ms or 0.0) > limit for limit in (SMOOTH_MS, UNNOTICED_MS, LITTLE_MS))
        is_threads = true.gil == "shared"
        place = PlaceFigures(runner, true, is_threads, result, wall, calls_s, 1 / calls_s.median, lag_ms, band)
        if runner not in found or calls_s.median > found[runner].calls_s.median:
            found[runner] = place
    return found
