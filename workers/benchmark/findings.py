"""Says in words what a benchmark found. Every number in a sentence is one that its table has too."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..catalog.lookup import traits
from ..engine.plan import BLOCKING
from ..reports.palette import lag_word
from ..utils.formatting import about, listed, milliseconds, number, plural, seconds
from . import safety
from .places import ratio
from .results import gain, grouped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .matrix import Cell, Matrix
    from .results import Benchmark, CellResult

WORTH_TELLING = 0.1
"""A place's start is told where it took more than this part of the run."""


POLITE = {
    True: "Measured with Polite on: tasks that hold the GIL took turns.",
    False: "Measured with Polite off: tasks did not take turns for the GIL, and so the window may lag more.",
}
"""By whether the runs were polite; of a recommendation it is always said, of other findings only if they were not."""


class Curve(NamedTuple):
    """How a runner's speed-up goes on with the number of workers.

    Attributes:
        enough: the least number of workers beyond which nothing was gained that stands out from the noise.
        largest: the largest number that was measured.
        falls_to: the median speed-up with the most workers, where that is clearly less than the best; else None.
    """

    enough: int
    largest: int
    falls_to: float | None


def times(value: float) -> str:
    """A speed-up: 0.06×, 1.0×, 1.9×, 14×."""
    return f"{number(value)}×" if value >= 9.95 or value < 0.095 else f"{value:.1f}×"


def _title(matrix: Matrix, workload: str, runner: str) -> str:
    where = traits(runner).where or f"on {matrix.runner_titles[runner]}"
    return f"{matrix.workload_titles[workload]} {where}"


def cell_title(matrix: Matrix, cell: Cell) -> str:
    """A cell for people: "Prime numbers (pure Python) on QThread, 4 workers"."""
    title = _title(matrix, cell.workload, cell.runner)
    return title if cell.runner == BLOCKING else f"{title}, {plural(cell.workers, 'worker')}"


def progress_words(benchmark: Benchmark, left_s: float | None, title: str) -> str:
    """How far it is, and whose turn it is: "4 of 22, about 35 s left: QThread"."""
    left = f", {about(left_s)} left" if left_s is not None else ""
    return f"{benchmark.number:,} of {benchmark.runs:,}{left}: {title}"


class PlaceRow(NamedTuple):
    """What was found of one kind of place, in words.

    Attributes:
        place: its fastest runner, with the workers with which that was the fastest.
        speed: the speed-up over the GUI thread; a dash where it ran only once, for that is no finding.
        lag: the p99 of the window's lag, with the number of workers that was worst; empty without a window.
        band: the word for that lag; empty likewise.
        verdict: what it is worth.
        gain: the speed-up as a number; None where `speed` is a dash.
    """

    place: str
    speed: str
    lag: str
    band: str
    verdict: str
    gain: float | None


HEADINGS = ("Place", "Speed", "Lag p99", "Verdict")
FELT = {
    "smooth": "the window stays smooth",
    "noticeable": "the window lags a little",
    "slow": "the window is slow",
    "frozen": "the window freezes",
}


def tables(benchmark: Benchmark) -> dict[str, list[PlaceRow]]:
    """What was found, by the title of the work: the GUI thread, then each kind of place."""
    found = {}
    for workload in benchmark.workloads:
        by_kind = _measured(benchmark, workload)
        if by_kind:
            base = next(result for result in benchmark.results(workload) if result.cell.runner == BLOCKING)
            own = {traits(BLOCKING).kind: [base], **by_kind}
            rows = [_row(benchmark.matrix, kind, results, base) for kind, results in own.items()]
            found[benchmark.matrix.workload_titles[workload]] = rows
    return found


def remarks(benchmark: Benchmark) -> list[str]:
    """What was not run, what went wrong, and how far the figures can be trusted."""
    return [said for said in (safety.words(benchmark),) if said] + _problems(benchmark) + _trust(benchmark)


def findings(benchmark: Benchmark) -> list[str]:
    """All of it as plain text: a paragraph for each workload with a line for each place, then the remarks."""
    cores = plural(benchmark.environment["cpus"], "core")
    texts = []
    for title, rows in tables(benchmark).items():
        lines = (
            f"  {row.place}: {row.speed}{f', lag {row.lag}' if row.lag else ''}. {row.verdict}." for row in rows
        )
        texts.append("\n".join((f"{title}, on {cores}:", *lines)))
    return texts + remarks(benchmark)


def headline(benchmark: Benchmark) -> str:
    """The best place of the first workload in a sentence or two, or else why there is none."""
    for title, rows in tables(benchmark).items():
        known = [
            (row.band not in {"slow", "frozen"}, row.gain, row) for row in rows[1:] if row.gain is not None
        ]
        if not known:
            return f"{title}: measured once in each place. Repeat it to know which is the fastest."
        *_, best = max(known, key=lambda each: each[:2])
        return f"{title}: {best.speed} the GUI thread's speed on {best.place}. {best.verdict}."
    return " ".join(findings(benchmark)[:1])


# ---------------------------------------------------------------- one workload


UNKNOWN = "–"


def _measured(benchmark: Benchmark, workload: str) -> dict[str, list[CellResult]]:
    """What has a speed-up, by the kind of place."""
    return grouped(
        (traits(result.cell.runner).kind, result)
        for result in benchmark.results(workload)
        if result.gains is not None and result.cell.runner != BLOCKING
    )


def _row(matrix: Matrix, kind: str, results: list[CellResult], base: CellResult) -> PlaceRow:
    best = max(results, key=gain)
    title = matrix.runner_titles[best.cell.runner]
    lags = [result.lag_p99_ms.median for result in results if result.lag_p99_ms is not None]
    lag, band = (milliseconds(max(lags)), lag_word(max(lags))) if lags else ("", "")
    if best is base:
        felt = _capital(FELT[band]) if band else "What the others are compared with"
        return PlaceRow(title, times(1.0), lag, band, felt, 1.0)
    named = title if kind.lower() in title.lower() else f"{_capital(kind)} ({title})"
    place = f"{named}, {plural(best.cell.workers, 'worker')}"
    if min(best.runs, base.runs) < 2:
        once = f"Measured only once; {FELT[band]}" if band else "Measured only once"
        return PlaceRow(place, UNKNOWN, lag, band, once, None)
    return PlaceRow(place, times(gain(best)), lag, band, _verdict(results, best, base, band), gain(best))


def _verdict(results: list[CellResult], best: CellResult, base: CellResult, band: str) -> str:
    """What a place is worth that ran more than once."""
    found = ratio(best.rates, base.rates)
    is_slower = not found.is_alike and found.middle < 1
    speed = "As fast" if found.is_alike else "Slower" if is_slower else "Faster"
    if not (found.is_alike or found.is_told):
        speed = f"Not clearly {speed.lower()}"
    if band:
        is_felt = band not in {"smooth", "noticeable"}
        speed += f", {'but' if is_felt is not is_slower else 'and'} {FELT[band]}"
    words = [speed]
    startup, wall, started = best.startup_s, best.wall_s, best.started_speed_up
    if startup and wall and started and startup.median > WORTH_TELLING * wall.median:
        faster = f"{times(started.median)} once started, which" if started != best.gains else "Its start"
        words.append(f"{faster} took {seconds(startup.median)}")
    if curve_words := _curve_words(results, best.cell.runner):
        words.append(curve_words)
    return ". ".join(words)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def curve(results: Sequence[CellResult], runner: str) -> Curve | None:
    """Where more workers stop helping a runner; None where fewer than two numbers of them were measured."""

    def is_alike(one: CellResult, other: CellResult) -> bool:
        return not ratio(one.rates, other.rates).is_told

    own = sorted(
        (result for result in results if result.cell.runner == runner and result.gains is not None),
        key=lambda result: result.cell.workers,
    )
    if len(own) < 2:
        return None
    enough = next(
        result
        for at, result in enumerate(own)
        if all(gain(more) <= gain(result) or is_alike(more, result) for more in own[at + 1 :])
    )
    last, best = own[-1], max(own, key=gain)
    falls = gain(last) < gain(best) and not is_alike(last, best)
    return Curve(enough.cell.workers, last.cell.workers, gain(last) if falls else None)


def _curve_words(results: Sequence[CellResult], runner: str) -> str:
    found = curve(results, runner)
    if found is None:
        return ""
    least = min(result.cell.workers for result in results if result.cell.runner == runner)
    if found.enough == found.largest:
        return f"Still faster with {plural(found.largest, 'worker')}, the most that were tried"
    limit = plural(found.enough, "worker")
    words = f"No faster with more than {limit}" if found.enough == least else f"More than {limit} do not help"
    if found.falls_to is not None:
        words += f", and {found.largest:,} are slower ({times(found.falls_to)})"
    return words


# ---------------------------------------------------------------- all of them


def _problems(benchmark: Benchmark) -> list[str]:
    matrix = benchmark.matrix
    told = grouped(
        (refused.why, _title(matrix, refused.workload, refused.runner)) for refused in matrix.refused
    )
    lines = [f"Not run: {listed(titles)}. {why}" for why, titles in told.items()]
    return lines + [
        f"Went wrong: {cell_title(matrix, result.cell)}. {result.problem}"
        for result in benchmark.results()
        if result.problem and result.cell not in safety.spoilt(benchmark)
    ]


def _trust(benchmark: Benchmark) -> list[str]:
    matrix = benchmark.matrix
    lines = []
    if benchmark.cancelled:
        after = (
            f"after {benchmark.done:,} of {benchmark.runs:,} runs"
            if benchmark.done
            else "before anything was measured"
        )
        lines.append(f"Cancelled {after}.")
    if benchmark.left:
        titles = [cell_title(matrix, cell) for cell in benchmark.left]
        lines.append(
            f"Calls that nothing could end still go on: {listed(titles)}. What was measured in this program after them "
            "may have suffered from it."
        )
    if not matrix.choice.polite:
        lines.append(POLITE[False])
    runs = [result.runs for result in benchmark.results() if result.runs]
    if runs and min(runs) == 1:
        lines.append(
            "Some combinations ran only once: how far such figures spread is not known. Repeat to find out."
        )
    elif runs:
        lines.append(f"Medians of {min(runs):,} runs{' or more' if min(runs) < max(runs) else ''}.")
    return lines
