"""What a benchmark of one function showed: where it should run, in words, and why. Plain arithmetic, for any thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..catalog.compatibility import not_available, refusal
from ..catalog.user_names import title
from ..engine.plan import BLOCKING
from . import safety
from .advice_words import (
    FRAME_S,
    NO_WINDOW,
    WORTH_IT,
    first_words,
    gui_words,
    others_words,
    own_threads_words,
    problem_words,
    unsure_words,
)
from .findings import POLITE
from .places import UNLIKE, measured_places
from .snippets import snippet

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..catalog.entry import Entry
    from .matrix import Cell
    from .places import PlaceFigures
    from .results import Benchmark

NO_ADVICE = "No clear recommendation"

UNSEEN_S = 0.05
"""All calls together, where somebody said how many there are."""

CLEARLY = 1.5
"""So many times as fast must a place be as a simpler one of its kind."""

TO_SHIP = 2.0
"""So many times another Python: a program can hardly bring one along."""

MAX_RUNS = 10
"""More runs of a cell than these are not made to tell two places apart."""


class Point(NamedTuple):
    """What a runner showed, for a chart of speed against lag.

    Attributes:
        runner: its name.
        title: what people call it.
        short: the same where there is little room.
        per_s: work done per second once it had started, the median of its runs; None where it was not measured.
        lag_ms: the p95 of the window's lag, the median of its runs; None without a window.
        why_not: why it was not measured, in a sentence; empty where it was.
        is_able: whether it could take the function, and a figure would tell nothing of it.
    """

    runner: str
    title: str
    short: str
    per_s: float | None
    lag_ms: float | None
    why_not: str = ""
    is_able: bool = False


class Advice(NamedTuple):
    """A recommendation.

    Attributes:
        head: it, in a few words.
        rest: what is behind it, as sentences that follow after a colon.
        runner: the recommended runner's name; empty where nothing could be measured.
        snippet: a program with it, to paste.
        points: every runner that was measured or refused, in the order of the menu.
        is_sure: whether no other place that might be as good could not be told apart from it.
    """

    head: str
    rest: str
    runner: str
    snippet: str
    points: tuple[Point, ...]
    is_sure: bool = True

    @property
    def text(self) -> str:
        """All of it, in a few sentences."""
        return f"{self.head}: {self.rest}" if self.runner else self.rest


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
    measured = measured_places(results, name)
    points = tuple(_point(results, runner, entry, measured) for runner, entry in runners.items())
    base = measured.get(BLOCKING)
    work = matrix.workloads[name]
    best, rivals = _choice(measured, work)
    if best is None:
        problems = (one.problem for one in results.results(name) if one.problem)
        refusals = (refused.why for refused in matrix.refused if refused.workload == name)
        alone = "Only the GUI thread was measured." if base is not None else ""
        why = next(problems, "") or next(refusals, "") or alone
        unknown = f"It is not known where {title(name)} should run. {why}".rstrip()
        return Advice(NO_ADVICE, unknown, "", "", points)
    if base is not None and matrix.choice.tasks is not None and base.wall_s.median <= UNSEEN_S:
        # A person said how many calls there are: it is done with all of them in no time.
        best, rivals = base, []
    needs_gui = work.own is not None and bool(work.own.needs_gui)
    head, first = first_words(best, base, results.has_window)
    sentences = [
        *first,
        *unsure_words(best, rivals),
        *others_words(best, measured, results.environment, rivals),
        *own_threads_words(base if best is not base else None),
        *gui_words(best, base, needs_gui),
    ]
    if not results.has_window:
        sentences.append(NO_WINDOW)
    if said := safety.words(results):
        sentences.append(said)
    sentences += problem_words(results, name, runners)
    if results.cancelled:
        sentences.append("The benchmark was ended early: a place that it did not reach may be better.")
    sentences.append(POLITE[matrix.choice.polite])
    return Advice(head, " ".join(sentences), best.runner, program(results, best.runner), points, not rivals)


def again(results: Benchmark) -> list[Cell]:
    """The cells to run once more, since what would be recommended cannot be told apart yet; none when it can.

    Args:
        results: of a benchmark of an own function, all of whose runs have ended.
    """
    name = results.matrix.choice.workloads[0]
    best, rivals = _choice(measured_places(results, name), results.matrix.workloads[name])
    if best is None or not rivals:
        return []
    cells = [best.result.cell, *(rival.result.cell for rival in rivals)]
    return [cell for cell in cells if len(results.samples(cell)) < MAX_RUNS]


def program(results: Benchmark, runner: str) -> str:
    """The snippet for a place that was measured, with what it was measured with."""
    matrix = results.matrix
    name, which = matrix.choice.workloads[0], matrix.chosen.get(runner)
    python = which.path if which is not None else ""
    text = snippet(runner, matrix.workloads[name], matrix.sizes[name].params, python)
    return safety.cautioned(text, runner) if safety.is_unsafe(results) else text


def _point(results: Benchmark, runner: str, entry: Entry, measured: Mapping[str, PlaceFigures]) -> Point:
    short = str(entry.constants.get("SHORT", entry.title))
    place = measured.get(runner)
    if place is None:
        why_not = _why_not(results, runner, entry)
        is_able = bool(why_not) and why_not == entry.constants.get("NOT_MEASURED")
        return Point(runner, entry.title, short, None, None, why_not, is_able)
    which = results.matrix.chosen.get(runner)
    title = f"{which.name} at {which.path}" if which is not None else entry.title
    return Point(runner, title, short, place.per_s.median, place.lag_ms)


def _why_not(results: Benchmark, runner: str, entry: Entry) -> str:
    name = results.matrix.choice.workloads[0]
    if entry.missing:
        return not_available("runner", entry)
    reasons = {result.cell.runner: result.problem for result in results.results(name)}
    reasons |= {refused.runner: refused.why for refused in results.matrix.refused}
    reasons[runner] = safety.why_not(results, runner) or reasons.get(runner, "")
    if reasons[runner]:
        return reasons[runner]
    if runner not in results.matrix.choice.runners and runner != BLOCKING:
        refused = refusal(entry, results.matrix.workloads[name], {}, ask=False)
        return refused or str(entry.constants.get("NOT_MEASURED", "It was not chosen."))
    return "The benchmark was ended before."


# ---------------------------------------------------------------- the choice


def _choice(
    measured: Mapping[str, PlaceFigures], work: Entry
) -> tuple[PlaceFigures | None, list[PlaceFigures]]:
    """The place to recommend, and those of which it cannot be told whether they would be the better choice."""
    base = measured.get(BLOCKING)
    places = sorted(
        (place for place in measured.values() if place.traits.advise), key=lambda one: one.traits.advise
    )
    if base is not None and base.lag_ms is None and base.call_s > FRAME_S:
        # Nobody measured the lag; but these make calls in the GUI thread, and each is longer than a frame.
        places = [place for place in places if place.traits.gil != "gui"]
    if base is not None and work.own is not None and work.own.kind == "plain":
        places = [
            place for place in places if base.call_s <= (place.traits.max_call_s or base.call_s)
        ] or places
    if not places:
        return None, []
    least = min(place.band for place in places)
    # Nobody sees a difference between 0 and 1.
    usable = [place for place in places if place.band <= max(1, least)]
    best = usable[0]
    for place in usable[1:]:
        found = place.ratio(best)
        if place.band < best.band:
            is_better = found.middle >= 1 / WORTH_IT
        else:
            is_better = found.middle >= _worth(place, best) and found.low > 1
        if is_better:
            best = place
    return best, [place for place in usable if _is_rival(place, best)]


def _is_rival(place: PlaceFigures, best: PlaceFigures) -> bool:
    """Whether it might be the better choice: which of two places of a kind it is matters little."""
    if place is best or _is_alike(place, best) or place.band > best.band or place.traits.gil == "other":
        return False
    found = place.ratio(best)
    if place.traits.advise < best.traits.advise:  # it is the simpler one, so the other must be clearly faster
        return found.high >= 1 or found.middle > 1 / WORTH_IT
    return found.high > UNLIKE or found.middle >= WORTH_IT


def _worth(place: PlaceFigures, other: PlaceFigures) -> float:
    """How many times as fast a place must be: more where it is of the same kind."""
    if place.traits.gil == "other":
        return TO_SHIP
    return CLEARLY if _is_alike(place, other) else WORTH_IT


def _is_alike(place: PlaceFigures, other: PlaceFigures) -> bool:
    """Whether two places are of a kind: both threads, or both processes."""
    return (place.is_threads and other.is_threads) or (place.traits.is_apart and other.traits.is_apart)
