"""Says in words what a benchmark found. Every number in a sentence is one that its table has too."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..catalog.lookup import traits
from ..engine.plan import BLOCKING
from ..utils.formatting import milliseconds, number, plural, seconds
from .results import gain, grouped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .matrix import Cell, Matrix
    from .results import Benchmark, CellResult, Spread

SAME = 0.05
"""Medians closer than this part of each other are not told apart, however little they spread."""

WORTH_TELLING = 0.1
"""A place's start is told where it took more than this part of the run."""


class Curve(NamedTuple):
    """How a runner's speed-up goes on with the number of workers.

    Attributes:
        enough: the least number of workers beyond which nothing was gained that stands out from the noise.
        most: the largest number that was measured.
        falls_to: the median speed-up with the most workers, where that is clearly less than the best; else None.
    """

    enough: int
    most: int
    falls_to: float | None


def times(value: float) -> str:
    """A speed-up: 0.06×, 1.0×, 1.9×, 14×."""
    return f"{number(value)}×" if value >= 9.95 or value < 0.095 else f"{value:.1f}×"


def cell_title(matrix: Matrix, cell: Cell) -> str:
    """A cell for people: "Prime numbers (pure Python) on QThread, 4 workers"."""
    title = f"{matrix.workload_titles[cell.workload]} on {matrix.runner_titles[cell.runner]}"
    return title if cell.runner == BLOCKING else f"{title}, {plural(cell.workers, 'worker')}"


def progress_words(benchmark: Benchmark, left_s: float | None, title: str) -> str:
    """How far it is, and whose turn it is: "4 of 22, about 35 s left: QThread"."""
    left = f", about {seconds(left_s)} left" if left_s is not None else ""
    return f"{benchmark.number:,} of {benchmark.matrix.runs:,}{left}: {title}"


def findings(benchmark: Benchmark) -> list[str]:
    """What was found, a paragraph for each workload; then what was not run, and how far this can be trusted."""
    found = [_of_workload(benchmark, workload) for workload in benchmark.workloads]
    return [text for text in found if text] + _problems(benchmark) + _trust(benchmark)


def headline(benchmark: Benchmark) -> str:
    """The speeds of the first workload in one sentence, or else why there are none."""
    for workload in benchmark.workloads:
        measured = _measured(benchmark, workload)
        if measured:
            return _speeds(benchmark, workload, measured)
    return " ".join(findings(benchmark)[:1])


# ---------------------------------------------------------------- one workload


def _of_workload(benchmark: Benchmark, workload: str) -> str:
    by_kind = _measured(benchmark, workload)
    if not by_kind:
        return ""
    sentences = [_speeds(benchmark, workload, by_kind)]
    curves = grouped((_curve_words(own, max(own, key=gain).cell.runner), kind) for kind, own in by_kind.items())
    curves.pop("", None)
    for words, kinds in curves.items():
        who = _listed(kinds)
        sentences.append(f"{who[0].upper()}{who[1:]}: {words}")
    sentences.append(_lag_words({traits(BLOCKING).kind: [_base(benchmark, workload)], **by_kind}))
    return " ".join(sentences).rstrip()


def _measured(benchmark: Benchmark, workload: str) -> dict[str, list[CellResult]]:
    """What has a speed-up, by the kind of place."""
    return grouped(
        (traits(result.cell.runner).kind, result)
        for result in benchmark.results(workload)
        if result.speed_up is not None and result.cell.runner != BLOCKING
    )


def _base(benchmark: Benchmark, workload: str) -> CellResult:
    return next(result for result in benchmark.results(workload) if result.cell.runner == BLOCKING)


def _speeds(benchmark: Benchmark, workload: str, by_kind: dict[str, list[CellResult]]) -> str:
    base, cores = _base(benchmark, workload), benchmark.environment["cpus"]
    speeds = ", ".join(f"{kind} {_speed(max(own, key=gain), base)}" for kind, own in by_kind.items())
    title = benchmark.matrix.workload_titles[workload]
    return f"{title}: {speeds} on {plural(cores, 'core')}."


def _speed(result: CellResult, base: CellResult) -> str:
    """A speed-up with what has to be said of it: "1.9×", "1.0× (within the noise)"."""
    notes = []
    if result.runs > 1 and base.runs > 1 and is_noise(result.per_s, base.per_s):
        notes.append("within the noise")
    startup, wall, started = result.startup_s, result.wall_s, result.started_speed_up
    if startup and wall and started and startup.median > WORTH_TELLING * wall.median:
        notes.append(f"{times(started.median)} once started, which took {seconds(startup.median)}")
    return times(gain(result)) + (f" ({'; '.join(notes)})" if notes else "")


def is_noise(one: Spread | None, other: Spread | None) -> bool:
    """Whether two figures cannot be told apart: their runs overlap, or their medians are hardly different."""
    if one is None or other is None:
        return True
    least = min(one.median, other.median)
    return one.overlaps(other) or abs(one.median - other.median) <= SAME * least


def curve(results: Sequence[CellResult], runner: str) -> Curve | None:
    """Where more workers stop helping a runner; None where fewer than two numbers of them were measured."""
    own = sorted(
        (result for result in results if result.cell.runner == runner and result.speed_up is not None),
        key=lambda result: result.cell.workers,
    )
    if len(own) < 2:
        return None
    enough = next(
        result
        for at, result in enumerate(own)
        if all(gain(more) <= gain(result) or is_noise(more.speed_up, result.speed_up) for more in own[at + 1 :])
    )
    last, best = own[-1], max(own, key=gain)
    falls = gain(last) < gain(best) and not is_noise(last.speed_up, best.speed_up)
    return Curve(enough.cell.workers, last.cell.workers, gain(last) if falls else None)


def _curve_words(results: Sequence[CellResult], runner: str) -> str:
    found = curve(results, runner)
    if found is None:
        return ""
    least = min(result.cell.workers for result in results if result.cell.runner == runner)
    if found.enough == found.most:
        words = f"still faster with {plural(found.most, 'worker')}, the most that were tried."
    elif found.enough == least:
        words = f"no faster with more than {plural(least, 'worker')}."
    else:
        words = f"more than {plural(found.enough, 'worker')} do not help."
    if found.falls_to is not None:
        words = f"{words[:-1]}, and {found.most:,} are slower ({times(found.falls_to)})."
    return words


def _lag_words(by_kind: dict[str, list[CellResult]]) -> str:
    """The lag of the window in each kind of place, with the number of workers that was worst."""
    told = []
    for kind, results in by_kind.items():
        lags = [result.lag_p99_ms.median for result in results if result.lag_p99_ms is not None]
        if lags:
            told.append(f"{kind} {milliseconds(max(lags))}")
    return f"The window's lag (p99, with the worst number of workers): {', '.join(told)}." if told else ""


# ---------------------------------------------------------------- all of them


def _problems(benchmark: Benchmark) -> list[str]:
    matrix = benchmark.matrix
    told = grouped(
        (refused.why, f"{matrix.workload_titles[refused.workload]} on {matrix.runner_titles[refused.runner]}")
        for refused in matrix.refused
    )
    lines = [f"Not run: {_listed(titles)}. {why}" for why, titles in told.items()]
    return lines + [
        f"Went wrong: {cell_title(matrix, result.cell)}. {result.problem}"
        for result in benchmark.results()
        if result.problem
    ]


def _listed(texts: Sequence[str]) -> str:
    return " and ".join(part for part in (", ".join(texts[:-1]), texts[-1]) if part)


def _trust(benchmark: Benchmark) -> list[str]:
    matrix = benchmark.matrix
    lines = []
    if benchmark.cancelled:
        after = (
            f"after {benchmark.done:,} of {matrix.runs:,} runs"
            if benchmark.done
            else "before anything was measured"
        )
        lines.append(f"Cancelled {after}.")
    runs = [result.runs for result in benchmark.results() if result.runs]
    if runs and min(runs) == 1:
        lines.append("Some cells ran only once: how far such figures spread is not known.")
    elif runs:
        lines.append(f"Medians of {min(runs):,} runs{' or more' if min(runs) < max(runs) else ''}.")
    return lines
