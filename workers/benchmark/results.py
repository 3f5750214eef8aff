"""What a benchmark measured: samples of each cell, their medians and spread, and the speed-up over the GUI thread.

Filled in the GUI thread, one run after the other; only figures are kept, for there are hundreds of runs.

How long a benchmark will still take, from what its cells took. Plain arithmetic, for any thread.
"""

from __future__ import annotations

import time
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from ..catalog.lookup import traits
from ..catalog.user_names import is_own
from ..engine.plan import BLOCKING
from ..reports.summary import environment
from ..reports.verdict import first_error

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..engine.run import Run
    from .matrix import Cell, Matrix


class Spread(NamedTuple):
    """A figure of some runs: the least, the median and the most."""

    low: float
    median: float
    high: float


def spread(values: Iterable[float | None]) -> Spread | None:
    """Of the values that are known; None where none is."""
    # Here: the window imports this module before its first frame, and need not wait.
    from statistics import median

    known = [value for value in values if value is not None]
    return Spread(min(known), median(known), max(known)) if known else None


class RunSample(NamedTuple):
    """One run of a cell.

    Attributes:
        per_s: work done per second of wall time, in the workload's unit; the place's start is part of it.
        wall_s: from Start to the last final event, in seconds.
        lag_p99_ms: the p99 of the window's lag; None without a window. `lag_max_ms` likewise.
        cpu_s: processor time over all processes, in seconds; None where nobody measured it.
        peak_memory_mib: over all processes, the window's among them.
        startup_s: from Start to the first task's beginning, in seconds.
        lag_p95_ms: the p95 of the window's lag; None without a window.
    """

    per_s: float
    wall_s: float
    lag_p99_ms: float | None
    lag_max_ms: float | None
    cpu_s: float | None
    peak_memory_mib: float | None
    startup_s: float | None
    lag_p95_ms: float | None = None

    @property
    def started_per_s(self) -> float:
        """Work done per second from the first task's beginning on."""
        rest = self.wall_s - (self.startup_s or 0.0)
        return self.per_s * self.wall_s / rest if rest > 0 else self.per_s


def sample_of(run: Run) -> RunSample:
    """The figures of a run that has ended."""
    lag, cost = run.lag, run.resources
    return RunSample(
        run.per_s,
        run.wall_s,
        lag.p99 if lag is not None else None,
        lag.max if lag is not None else None,
        cost.cpu_s if cost is not None else None,
        cost.peak_memory_mib if cost is not None else None,
        run.startup_s,
        lag.p95 if lag is not None else None,
    )


class CellResult(NamedTuple):
    """What is known of a cell.

    Attributes:
        cell: which one.
        unit: what the workload's amounts count.
        runs: how many runs of it did all of their work; the figures are of those.
        per_s: work done per second.
        speed_up: how many times as fast as the GUI thread's median of the same workload; None while that is not known.
        started_speed_up: the same without the time that the place takes to start.
        wall_s, lag_p99_ms, lag_max_ms, cpu_s, peak_memory_mib, startup_s: as in `RunSample`.
        problem: why a run of it went wrong; empty where none did.
        lag_p95_ms: as in `RunSample`.
        started_per_s: work done per second from the first task's beginning on.
        rates: what is compared, of each run in turn: work done per second, and of a person's own function from the
            first task's beginning on, for a program starts a place once and keeps it.
        gains: how many times as much these are as the GUI thread's median; tables for people and words have this one.
    """

    cell: Cell
    unit: str
    runs: int
    per_s: Spread | None
    speed_up: Spread | None
    started_speed_up: Spread | None
    wall_s: Spread | None
    lag_p99_ms: Spread | None
    lag_max_ms: Spread | None
    cpu_s: Spread | None
    peak_memory_mib: Spread | None
    startup_s: Spread | None
    problem: str
    lag_p95_ms: Spread | None = None
    started_per_s: Spread | None = None
    rates: tuple[float, ...] = ()
    gains: Spread | None = None


def gain(result: CellResult) -> float:
    """Its median speed-up; 0.0 where that is not known."""
    return result.gains.median if result.gains is not None else 0.0


def fastest(results: Iterable[CellResult]) -> list[CellResult]:
    """Of each runner the cell with the highest median speed-up, in the order in which they come."""
    by_runner = grouped((result.cell.runner, result) for result in results if result.gains is not None)
    return [max(own, key=gain) for own in by_runner.values()]


Key = TypeVar("Key")
Value = TypeVar("Value")


def grouped(pairs: Iterable[tuple[Key, Value]]) -> dict[Key, list[Value]]:
    """What has the same key stands together; all in the order in which they come."""
    groups: dict[Key, list[Value]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return groups


LIMIT_TIMES, SPARE_S, UNKNOWN_S = 8, 8.0, 300.0
"""A cell may take so many times as long as the GUI thread did, and so much more; so long where nothing is known."""


class Benchmark:
    """The results of one benchmark, complete or as far as it came.

    Attributes:
        matrix: what was to be run.
        done: how many runs have ended.
        runs: how many there are to be: those of the matrix, and those that were found to be wanted since.
        cancelled: whether somebody ended it early.
        has_window: whether lag was measured.
        began: when, in seconds of `time.time`.
        environment: where, as `workers.reports.summary.environment` says.
        left: the cells of which calls still go on, for nothing could end them.
    """

    def __init__(self, matrix: Matrix, has_window: bool) -> None:
        self.matrix, self.has_window = matrix, has_window
        self.done, self.runs = 0, matrix.runs
        self.cancelled = False
        self.began = time.time()
        self.environment = environment()
        self.left: list[Cell] = []
        self._samples: dict[Cell, list[RunSample]] = {}
        self._problems: dict[Cell, str] = {}
        self._results: dict[Cell, CellResult] = {}

    @property
    def number(self) -> int:
        """Which of its runs goes on now, counted from 1: the one number by which all say how far it is."""
        return min(self.done + 1, self.runs)

    def take(self, cell: Cell, run: Run) -> None:
        """Take in a run that has ended; of one whose tasks failed only the reason is kept."""
        if run.recorder.failed:
            count = f"{run.recorder.failed:,} of {run.recorder.count:,} tasks"
            self.take_problem(cell, f"{count} failed: {first_error(run)}")
        else:
            self.take_sample(cell, sample_of(run))

    def take_sample(self, cell: Cell, sample: RunSample) -> None:
        self.done += 1
        self._results.clear()
        self._samples.setdefault(cell, []).append(sample)

    def take_problem(self, cell: Cell, why: str) -> None:
        """Take in why a run went wrong, or could not begin."""
        self.done += 1
        self._results.clear()
        self._problems[cell] = why

    def samples(self, cell: Cell) -> list[RunSample]:
        """The runs of a cell that did all of their work, in turn."""
        return self._samples.get(cell, [])

    def result(self, cell: Cell) -> CellResult:
        """What its runs have shown: worked out once after each, for an advice asks for it a hundred times."""
        if cell not in self._results:
            self._results[cell] = self._result(cell)
        return self._results[cell]

    def _result(self, cell: Cell) -> CellResult:
        samples = self.samples(cell)
        rate = attrgetter("started_per_s" if is_own(cell.workload) else "per_s")
        blocking = self.samples(cell._replace(runner=BLOCKING, workers=1))
        base, base_rate = spread(sample.per_s for sample in blocking), spread(map(rate, blocking))
        speed_up = started = gains = None
        if base is not None and base.median > 0:
            speed_up = spread(sample.per_s / base.median for sample in samples)
            started = spread(sample.started_per_s / base.median for sample in samples)
        if base_rate is not None and base_rate.median > 0:
            gains = spread(rate(sample) / base_rate.median for sample in samples)
        return CellResult(
            cell,
            self.matrix.sizes[cell.workload].unit,
            len(samples),
            spread(sample.per_s for sample in samples),
            speed_up,
            started,
            spread(sample.wall_s for sample in samples),
            spread(sample.lag_p99_ms for sample in samples),
            spread(sample.lag_max_ms for sample in samples),
            spread(sample.cpu_s for sample in samples),
            spread(sample.peak_memory_mib for sample in samples),
            spread(sample.startup_s for sample in samples),
            self._problems.get(cell, ""),
            spread(sample.lag_p95_ms for sample in samples),
            spread(sample.started_per_s for sample in samples),
            tuple(map(rate, samples)),
            gains,
        )

    def results(self, workload: str = "") -> list[CellResult]:
        """What is known of each cell that has run, in the matrix's order; of one workload, or of all."""
        return [
            self.result(cell)
            for cell in self.matrix.cells
            if (cell in self._samples or cell in self._problems) and workload in ("", cell.workload)
        ]

    def limit_s(self, cell: Cell) -> float:
        """How long a cell may take before it is ended: by what the GUI thread took, or else as long as is expected."""
        size = self.matrix.sizes[cell.workload]
        base = self.samples(cell._replace(runner=BLOCKING, workers=1))
        usual_s = max((sample.wall_s for sample in base), default=size.expected_s)
        starts_s = size.tasks * traits(cell.runner).start_s
        return LIMIT_TIMES * (usual_s + starts_s) + SPARE_S if usual_s else UNKNOWN_S + LIMIT_TIMES * starts_s

    @property
    def unit(self) -> str:
        """What the amounts of its first workload count."""
        return next(iter(self.matrix.sizes.values())).unit

    @property
    def workloads(self) -> list[str]:
        """Those of which a cell has run, in the matrix's order."""
        return list(dict.fromkeys(result.cell.workload for result in self.results()))


BETWEEN_S = 0.4
"""What a cell takes beside its work before anything was measured: the pause before it, a place's start and end."""


class Pace:
    """Remembers how long cells took, from one start to the next, in seconds."""

    def __init__(self, matrix: Matrix) -> None:
        self._matrix = matrix
        self._took: dict[Cell, list[float]] = {}

    def took(self, cell: Cell, seconds: float) -> None:
        """A cell took so long, with the pause before it."""
        self._took.setdefault(cell, []).append(seconds)

    def left_s(self, cells: Iterable[Cell]) -> float:
        """About how long these will take.

        A cell that has run takes as long again; another one as long as the others of its workload did, or else as long
        as that workload is expected to on the GUI thread.
        """
        by_workload = grouped((cell.workload, one) for cell, times in self._took.items() for one in times)
        known = {cell: sum(times) / len(times) for cell, times in self._took.items()}
        means = {workload: sum(times) / len(times) for workload, times in by_workload.items()}
        left = 0.0
        for cell in cells:
            expected_s = self._matrix.sizes[cell.workload].expected_s + BETWEEN_S
            left += known.get(cell, means.get(cell.workload, expected_s))
        return left
