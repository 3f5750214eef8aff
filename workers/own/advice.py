"""What a benchmark of one function showed: where it should run, in words, and why. Plain arithmetic, for any thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from workers import discover
from workers.benchmark_results import Spread
from workers.benchmark_words import WORTH_TELLING, is_noise
from workers.fitting import not_available, refusal
from workers.own.fits import IN_GUI_THREAD
from workers.own.names import title
from workers.own.snippets import snippet
from workers.plan import BLOCKING
from workers.verdict import factor
from workers.words import milliseconds, number, seconds

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from workers.benchmark_results import Benchmark, Result
    from workers.discover import Entry

SIMPLEST_FIRST = (
    *("thread_pool", "cooperative", "qthread", "q_thread_pool", "thread_per_task", "asyncio_loop"),
    *("process_pool", "interpreters", "other_python"),
)
"""Of places that do as well, the first is recommended: it is the least to write, and the least to go wrong."""

NEVER = (BLOCKING, "process_events")
"""Places that are no advice to anybody."""

THREADS = ("thread_pool", "qthread", "q_thread_pool", "thread_per_task")
APART = ("process_pool", "interpreters")
"""Places with a GIL of their own."""

WHERE = {
    "thread_pool": "in a thread pool",
    "cooperative": "in slices on the GUI thread",
    "qthread": "in a QThread",
    "q_thread_pool": "in Qt's thread pool",
    "thread_per_task": "in a thread for each call",
    "asyncio_loop": "in an asyncio event loop",
    "process_pool": "in a process pool",
    "interpreters": "in a pool of interpreters",
    "other_python": "in another Python",
}
"""A runner -> where that is, in a sentence."""

BANDS_MS = (16.7, 50.0, 100.0)
"""Lag, p95: up to the first the window is smooth, up to the second nobody notices, beyond the last everybody does."""

FRAME_S = 0.0167
SHORT_S = 0.001
"""A single call that is shorter needs no other place."""

UNSEEN_S = 0.05
"""All calls together, where somebody said how many there are."""

WORTH_IT = 1.2
"""A place that costs more, or is more to write, must be so many times as fast."""

CLEARLY = 1.5
"""The same, where less may be chance."""

NO_WINDOW = "How the window would lag was not measured: that takes a window, or --offscreen in place of --headless."


class Point(NamedTuple):
    """What a runner showed, for a chart of speed against lag.

    Attributes:
        runner: its name.
        title: what people call it.
        workers: how many calls at once; of several numbers that were measured the fastest.
        per_s: calls a second, the median of its runs; None where it was not measured.
        lag_ms: the p95 of the window's lag, the median of its runs; None without a window.
        speed_up: how many times as fast as the GUI thread; None where it was not measured.
        why_not: why it was not measured, in a sentence; empty where it was.
        is_best: whether it is the one that is recommended.
    """

    runner: str
    title: str
    workers: int
    per_s: float | None
    lag_ms: float | None
    speed_up: float | None
    why_not: str = ""
    is_best: bool = False


class Advice(NamedTuple):
    """A recommendation.

    Attributes:
        text: it, in a few sentences.
        runner: the recommended runner's name; empty where nothing could be measured.
        snippet: a program with it, to paste.
        points: every runner that was measured or refused, in the order of the menu.
    """

    text: str
    runner: str
    snippet: str
    points: tuple[Point, ...]


def advise(results: Benchmark, runners: Mapping[str, Entry]) -> Advice:
    """Say where the function of a benchmark should run.

    Of the places in which the window is as smooth as anywhere, the fastest; but one that is simpler to use or costs
    less is taken where the other is not clearly faster.

    Args:
        results: of a benchmark with one workload, an own function; it may have been cut short.
        runners: all that there are.
    """
    matrix = results.matrix
    name = matrix.choice.workloads[0]
    measured = _measured(results, name)
    points = tuple(_point(results, runner, entry, measured) for runner, entry in runners.items())
    base = measured.get(BLOCKING)
    best = _best(measured)
    if best is None:
        why = next((one.problem for one in results.results(name) if one.problem), "") or _first_refusal(results, name)
        return Advice(f"There is no telling where {title(name)} should run. {why}".rstrip(), "", "", points)
    best = _or_at_once(results, best, base)
    sentences = [
        *_first_words(best, base, runners, results.has_window),
        *_others_words(best, measured, results.environment),
        *_gui_words(best, base),
        *([] if results.has_window else [NO_WINDOW]),
        *_problem_words(results, name, runners),
        *(["The benchmark was ended before its time: what it did not come to may be better."] * results.cancelled),
    ]
    params = matrix.sizes[name].params
    chosen = tuple(point._replace(is_best=point.runner == best.runner) for point in points)
    return Advice(" ".join(sentences), best.runner, snippet(best.runner, name, params), chosen)


class _Place(NamedTuple):
    """What was measured of a runner, with the number of workers with which it was fastest.

    Attributes:
        result: of that cell.
        calls_s: calls a second: the least, the median and the most.
    """

    result: Result
    calls_s: Spread

    @property
    def runner(self) -> str:
        return self.result.cell.runner

    @property
    def lag_ms(self) -> float | None:
        return None if self.result.lag_p95_ms is None else self.result.lag_p95_ms.median

    @property
    def band(self) -> int:
        """Which band its lag is in; 0 is the best, and where nobody measured it."""
        return 0 if self.lag_ms is None else sum(self.lag_ms > limit for limit in BANDS_MS)

    @property
    def call_s(self) -> float:
        """How long a call takes, where one comes after the other."""
        return 1 / self.calls_s.median


def _measured(results: Benchmark, name: str) -> dict[str, _Place]:
    """By runner; of several numbers of workers the one that is fastest."""
    tasks = results.matrix.sizes[name].tasks if name in results.matrix.sizes else 0
    found: dict[str, _Place] = {}
    for result in results.results(name):
        wall, runner = result.wall_s, result.cell.runner
        if wall is None or wall.low <= 0 or result.problem:
            continue
        place = _Place(result, Spread(tasks / wall.high, tasks / wall.median, tasks / wall.low))
        if runner not in found or place.calls_s.median > found[runner].calls_s.median:
            found[runner] = place
    return found


def _point(results: Benchmark, runner: str, entry: Entry, measured: Mapping[str, _Place]) -> Point:
    place = measured.get(runner)
    if place is None:
        return Point(runner, entry.title, 0, None, None, None, _why_not(results, runner, entry))
    base = measured.get(BLOCKING)
    speed_up = place.calls_s.median / base.calls_s.median if base is not None else None
    return Point(runner, entry.title, place.result.cell.workers, place.calls_s.median, place.lag_ms, speed_up)


def _why_not(results: Benchmark, runner: str, entry: Entry) -> str:
    name = results.matrix.choice.workloads[0]
    if entry.missing:
        return not_available("runner", entry)
    for refused in results.matrix.refused:
        if refused.runner == runner:
            return refused.why
    for result in results.results(name):
        if result.cell.runner == runner and result.problem:
            return result.problem
    if runner not in results.matrix.choice.runners and runner != BLOCKING:
        work = discover.entry("workloads", name)
        return (refusal(entry, work, {}, ask=False) if work is not None else "") or "It was not chosen."
    return "The benchmark was ended before."


def _first_refusal(results: Benchmark, name: str) -> str:
    return next((refused.why for refused in results.matrix.refused if refused.workload == name), "")


# ---------------------------------------------------------------- the choice


def _best(measured: Mapping[str, _Place]) -> _Place | None:
    base = measured.get(BLOCKING)
    places = [place for runner in SIMPLEST_FIRST if (place := measured.get(runner)) is not None]
    if base is not None and base.lag_ms is None and base.call_s > FRAME_S:
        # Nobody measured the lag; but these make calls in the GUI thread, and each is longer than a frame.
        places = [place for place in places if place.runner not in IN_GUI_THREAD]
    places += [place for runner, place in measured.items() if runner not in {*SIMPLEST_FIRST, *NEVER}]
    if not places:
        return base
    unseen = [place for place in places if place.band <= 1]
    least = min(place.band for place in places)
    usable = unseen or [place for place in places if place.band == least]
    best = usable[0]
    for place in usable[1:]:
        ratio = place.calls_s.median / best.calls_s.median
        is_faster = ratio >= _worth(place, best) and not is_noise(place.calls_s, best.calls_s)
        if is_faster or (place.band < best.band and ratio >= 1 / WORTH_IT):
            best = place
    return best


def _worth(place: _Place, other: _Place) -> float:
    """How many times as fast a place must be: more where it is of the same kind, or where each ran but once."""
    is_same = any(place.runner in kind and other.runner in kind for kind in (THREADS, APART))
    return CLEARLY if is_same or min(place.result.runs, other.result.runs) < 2 else WORTH_IT


def _or_at_once(results: Benchmark, best: _Place, base: _Place | None) -> _Place:
    """Where a person said how many calls there are, and the GUI thread is done with all of them in no time: that."""
    if base is None or results.matrix.choice.tasks is None or base.result.wall_s is None:
        return best
    return base if base.result.wall_s.median <= UNSEEN_S else best


# ---------------------------------------------------------------- the words


def _first_words(best: _Place, base: _Place | None, runners: Mapping[str, Entry], has_window: bool) -> list[str]:
    if best.runner == BLOCKING:
        wall = best.result.wall_s
        took = milliseconds((wall.median if wall is not None else 0.0) * 1e3)
        return [f"Call it right where you are, in the GUI thread: all of these calls take {took}, which nobody sees."]
    words = []
    if base is not None and base.call_s < SHORT_S:
        words.append(f"A single call takes {_short(base.call_s)}: make it right where you are. For many in a row:")
    where = WHERE.get(best.runner) or f"on {runners[best.runner].title}"
    verb = "run them" if words else "Run it"
    lag = f", and {_lag_words(best)}" if has_window and best.lag_ms is not None else ""
    words.append(f"{verb} {where}: {_speed(best, base)}{lag}.")
    startup, wall = best.result.startup_s, best.result.wall_s
    if startup is not None and wall is not None and startup.median > WORTH_TELLING * wall.median:
        words.append(f"It takes {seconds(startup.median)} to start: start it once and keep it.")
    return words


def _speed(place: _Place, base: _Place | None) -> str:
    if base is None:
        return f"{number(place.calls_s.median)} calls a second, {place.result.cell.workers:,} at once"
    ratio = place.calls_s.median / base.calls_s.median
    if is_noise(place.calls_s, base.calls_s) and 1 / WORTH_IT < ratio < WORTH_IT:
        return "as fast as on the GUI thread"
    if ratio >= 1:
        return f"{factor(ratio)} times as fast as on the GUI thread"
    return f"{factor(1 / ratio)} times as long as on the GUI thread"


def _lag_words(place: _Place) -> str:
    lag = milliseconds(place.lag_ms or 0.0)
    return (
        f"the window stays smooth (lag p95 {lag})",
        f"nobody notices that the window lags (p95 {lag})",
        f"the window lags a little (p95 {lag}), which is the least there is",
        f"the window lags (p95 {lag}), which is the least there is",
    )[place.band]


def _others_words(best: _Place, measured: Mapping[str, _Place], environment: Mapping[str, Any]) -> list[str]:
    """What became of threads and of processes, where the other kind is recommended."""
    base = measured.get(BLOCKING)
    if base is None or best.runner == BLOCKING:
        return []
    threads = _fastest(measured, THREADS)
    apart = _fastest(measured, APART)
    gain = {place: place.calls_s.median / base.calls_s.median for place in (threads, apart) if place is not None}
    words = []
    if threads is not None and best.runner not in THREADS:
        if gain[threads] < WORTH_IT:
            holds = apart is not None and gain[apart] >= WORTH_IT and environment.get("gil_enabled", True)
            words.append(f"Threads are no faster here{': it holds the GIL' if holds else ''}.")
        elif best.runner in APART and best.band < threads.band:
            words.append(f"Threads are {factor(gain[threads])} times as fast, but the window lags more.")
    if threads is not None and best.runner in THREADS and gain[threads] >= 1.5:
        words.append("It waits, or lets go of the GIL: several calls go on at the same time.")
    if apart is not None and best.runner not in APART:
        more = apart.calls_s.median / best.calls_s.median
        if more < WORTH_IT or is_noise(apart.calls_s, best.calls_s):
            words.append("Other processes are not faster, and cost more." if more > 1 / WORTH_IT else "")
            if more <= 1 / WORTH_IT:
                words[-1] = f"Other processes are slower: {factor(1 / more)} times as long."
        elif apart.band > best.band:
            words.append(f"Other processes are {factor(more)} times as fast, but the window lags more.")
    return words


def _fastest(measured: Mapping[str, _Place], kind: Sequence[str]) -> _Place | None:
    places = [measured[runner] for runner in kind if runner in measured]
    return max(places, key=lambda place: place.calls_s.median, default=None)


def _gui_words(best: _Place, base: _Place | None) -> list[str]:
    if base is None or best.runner == BLOCKING:
        return []
    wall = base.result.wall_s
    if base.call_s > FRAME_S:
        return [f"On the GUI thread each call keeps the window waiting for {_short(base.call_s)}."]
    if wall is None:
        return []
    return [f"On the GUI thread {_few(base)} calls in a row are more than a frame, and the window stutters."]


def _few(base: _Place) -> str:
    return f"{max(2, round(FRAME_S / base.call_s)):,}"


def _short(value_s: float) -> str:
    """A time that may be very short."""
    return milliseconds(value_s * 1e3) if value_s >= 1e-4 else f"{number(value_s * 1e6)} µs"


def _problem_words(results: Benchmark, name: str, runners: Mapping[str, Entry]) -> list[str]:
    told: dict[str, list[str]] = {}
    for result in results.results(name):
        if result.problem:
            told.setdefault(result.problem, []).append(runners[result.cell.runner].title)
    return [f"It failed on {' and '.join(dict.fromkeys(places))}: {why.rstrip('.')}." for why, places in told.items()]
