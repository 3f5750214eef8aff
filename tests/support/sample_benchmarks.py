"""Benchmarks for the tests: a matrix of the real runners, and samples as runs would have given them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workers.benchmark.choice import Choice
from workers.benchmark.matrix import Cell, Matrix, Refused
from workers.benchmark.results import Benchmark, RunSample
from workers.benchmark.sizes import Size
from workers.catalog import lookup
from workers.engine.plan import BLOCKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

WORK = "primes"


def made_matrix(
    runners: Iterable[str] = ("thread_pool", "process_pool"),
    workers: tuple[int, ...] = (1, 2, 4),
    workloads: tuple[str, ...] = (WORK,),
    repeat: int = 3,
    refused: tuple[Refused, ...] = (),
) -> Matrix:
    """A matrix that was not made from workloads: nothing is imported."""
    names = tuple(runners)
    cells = []
    for workload in workloads:
        cells.append(Cell(BLOCKING, workload, 1))
        cells += [Cell(runner, workload, count) for count in workers for runner in names]
    return Matrix(
        Choice(names, workloads, workers, repeat),
        tuple(cells),
        refused,
        {workload: Size(16, (("numbers", 50_000),), 1.0, "numbers") for workload in workloads},
        {name: entry.title for name, entry in lookup.runners().items()},
        {name: entry.title for name, entry in lookup.workloads().items()},
        {},
        workloads={name: lookup.named("workloads", name) for name in workloads},
    )


def sample(speed: float, *, lag: float | None = 12.0, startup_s: float = 0.01) -> RunSample:
    """A second's work, done `speed` times as fast as the GUI thread does it."""
    wall = 1.0 / speed
    return RunSample(1000.0 * speed, wall, lag, lag, wall, 90.0, startup_s)


def made_benchmark(
    speeds: Mapping[tuple[str, int], tuple[float, ...]],
    matrix: Matrix | None = None,
    *,
    base: tuple[float, ...] = (1.0, 1.01, 0.99),
    lag: float | None = 12.0,
    startup_s: float = 0.01,
    workload: str = WORK,
    cpus: int = 2,
) -> Benchmark:
    """A benchmark with these speed-ups: (runner, workers) -> one for each run."""
    benchmark = Benchmark(matrix or made_matrix(), has_window=lag is not None)
    benchmark.environment = {**benchmark.environment, "cpus": cpus, "python": "3.11.7", "platform": "Linux"}
    samples = {Cell(BLOCKING, workload, 1): [sample(one, lag=lag and 990.0, startup_s=0.0) for one in base]}
    for (runner, workers), own in speeds.items():
        samples[Cell(runner, workload, workers)] = [sample(one, lag=lag, startup_s=startup_s) for one in own]
    for cell, taken in samples.items():
        for each in taken:
            benchmark.take_sample(cell, each)
    return benchmark
