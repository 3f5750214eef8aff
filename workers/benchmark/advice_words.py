"""Says in words where a function should run, from what was measured. Every number in them is one of the benchmark's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..engine.plan import BLOCKING
from ..reports.palette import lag_word
from ..reports.verdict import factor
from ..utils.formatting import listed, milliseconds, number, plural, seconds
from .findings import WORTH_TELLING
from .results import grouped
from .safety import spoilt

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping
    from typing import Any

    from ..catalog.entry import Entry
    from .places import PlaceFigures
    from .results import Benchmark

SHORT_S = 0.001
"""A single call that is shorter needs no other place."""

FRAME_S = 0.0167

WORTH_IT = 1.1
"""A place that costs more, or is more to write, must be so many times as fast."""

OWN_THREADS = 1.5
"""A call that uses more processors than these has threads of its own."""

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
        rate = f"{number(place.per_s.median)} {place.result.unit} a second"
        return f"{rate}, {place.result.cell.workers:,} at once"
    ratio = place.ratio(base)
    if not ratio.is_told:
        how = "as fast as" if ratio.is_alike else "neither clearly faster nor clearly slower than"
        return f"{how} on the GUI thread"
    if ratio.middle > 1:
        return f"{factor(ratio.middle)} times as fast as on the GUI thread"
    return f"{factor(1 / ratio.middle)} times as long as on the GUI thread"


def _lag_words(place: PlaceFigures) -> str:
    lag, word = milliseconds(place.lag_ms or 0.0), lag_word(place.lag_ms or 0.0)
    if word == "smooth":
        return f"the window stays smooth (lag p95 {lag})"
    least = ", which is the least there is" if place.band > 1 else ""
    return f"the window's lag is {word} (p95 {lag}){least}"


def others_words(
    best: PlaceFigures,
    measured: Mapping[str, PlaceFigures],
    environment: Mapping[str, Any],
    rivals: Container[PlaceFigures],
) -> list[str]:
    """What became of threads and of processes, where the other kind is recommended; of rivals others tell."""
    base = measured.get(BLOCKING)
    if base is None or best.runner == BLOCKING:
        return []
    threads = _fastest(
        place for place in measured.values() if place.is_threads and place.result.cell.workers > 1
    )
    apart = _fastest(place for place in measured.values() if place.traits.gil == "own")  # of this very Python
    other = _fastest(place for place in measured.values() if place.traits.gil == "other")
    gain = threads.gain(base) if threads is not None else 0.0
    words = []
    if threads is not None and not best.is_threads:
        if gain < WORTH_IT and threads not in rivals:
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
            words.append(f"Other processes take {factor(1 / more)} times as long as that.")
        elif more < WORTH_IT and apart not in rivals:
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
    return max(places, key=lambda place: place.per_s.median, default=None)


def unsure_words(best: PlaceFigures, rivals: Iterable[PlaceFigures]) -> list[str]:
    """Which places could not be told apart from the one that is recommended, and how far they may differ."""
    words = []
    for rival in rivals:
        runs, found = min(rival.result.runs, best.result.runs), rival.ratio(best)
        how = (
            f"in {plural(runs, 'run')} of each it was {factor(found.low)} to {factor(found.high)} times as fast"
        )
        words.append(f"It could not be told apart from running it {rival.traits.place}: {how}.")
    return words


def own_threads_words(base: PlaceFigures | None) -> list[str]:
    """That a single call uses several processors, and so leaves none for others at the same time."""
    cpu, wall = (base.result.cpu_s, base.result.wall_s) if base is not None else (None, None)
    if cpu is None or wall is None or cpu.median <= OWN_THREADS * wall.median:
        return []
    return [
        f"One call keeps {factor(cpu.median / wall.median)} processors busy by itself, with threads of a library (such "
        "as BLAS): calls at the same time are in each other's way. Compare it with OMP_NUM_THREADS=1."
    ]


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
    if value_s >= 1e-4:
        return milliseconds(value_s * 1e3)
    return f"{number(value_s * 1e6)} µs" if value_s >= 1e-6 else f"{number(value_s * 1e9)} ns"


def problem_words(results: Benchmark, name: str, runners: Mapping[str, Entry]) -> list[str]:
    """Where it failed, and why."""
    told = grouped(
        (result.problem, runners[result.cell.runner].title)
        for result in results.results(name)
        if result.problem and result.cell not in spoilt(results)
    )
    return [
        f"It failed on {listed(tuple(dict.fromkeys(places)))}: {why.rstrip('.')}."
        for why, places in told.items()
    ]
