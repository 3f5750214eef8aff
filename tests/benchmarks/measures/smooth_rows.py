"""A load's figures: what they must be, how they are read from a run, and how windows and plain scripts take turns."""

from __future__ import annotations

from statistics import mean
from typing import TYPE_CHECKING, NamedTuple

from tests.benchmarks.figures import Wanted
from tests.benchmarks.measure import turns
from tests.benchmarks.program import HERE

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.benchmarks.measure import Tell, Values
    from tests.benchmarks.program import Bench
    from tests.benchmarks.watch.watched import Watched


class Limits(NamedTuple):
    """What a load's figures must be; None where they are only told.

    Attributes:
        p99: lag's p99 in ms, inside and outside.
        worst: the worst lag in ms, inside and outside.
        frames: frames of the graphs a second.
        cpu: processor time of the workers, to the plain script's.
        rate: work done in a second, to the plain script's.
    """

    p99: float | None = None
    worst: float | None = None
    frames: float | None = None
    cpu: float | None = None
    rate: float | None = None


class Row(NamedTuple):
    """A load in one setting.

    Attributes:
        key: its name.
        title: its name for people.
        limits: what its figures must be.
        arguments: its part of the command line, beside what all rows of the load have.
    """

    key: str
    title: str
    limits: Limits
    arguments: tuple[str, ...] = ()


COLUMNS = {
    "lag_p99": ("lag p99 inside", "ms", False),
    "ping_p99": ("lag p99 outside", "ms", False),
    "lag_max": ("worst lag inside", "ms", False),
    "ping_max": ("worst lag outside", "ms", False),
    "frames": ("graph frames a second", "a second", True),
    "work_cpu": ("processor time of the work, to the plain script's", "share", True),
    "work_rate": ("work done a second, to the plain script's", "share", True),
}
"""The columns of the table: what they are called, their units, and whether their limits are the least."""


def wanted(row: Row, *extra: Wanted, work: bool = True) -> tuple[Wanted, ...]:
    """A row's figures."""
    limits = row.limits
    values = (limits.p99, limits.p99, limits.worst, limits.worst, limits.frames, limits.cpu, limits.rate)
    figures = [
        Wanted(f"{row.key}.{column}", f"{row.title}: {title}", limit, unit, at_least)
        for (column, (title, unit, at_least)), limit in zip(COLUMNS.items(), values, strict=True)
        if work or not column.startswith("work")
    ]
    return (*figures, *extra)


def take_in(values: Values, row: Row, seen: Watched) -> str:
    """Add what a run says about the window; returns it in words."""
    outside_p99, outside_max = seen.outside
    found = {
        "lag_p99": seen.inside["p99"],
        "ping_p99": outside_p99,
        "lag_max": seen.inside["max"],
        "ping_max": outside_max,
        "frames": seen.report["gui"]["frames_per_s"],
    }
    for column, value in found.items():
        values.setdefault(f"{row.key}.{column}", []).append(value)
    return (
        f"{row.title}: p99 {seen.inside['p99']:.1f} and {outside_p99:.1f} ms, worst {seen.inside['max']:.1f} and "
        f"{outside_max:.1f} ms, {found['frames']:.1f} frames/s, workers {seen.workers:.2f} cores, "
        f"GUI {seen.used.gui_s / seen.report['wall_s']:.2f}"
    )


class Plain(NamedTuple):
    """What a plain script did: work and processor time, both in a second."""

    rate: float
    cores: float


def in_turn(
    runs: int, tell: Tell, plain: Callable[[], Plain], rows: dict[Row, Callable[[], Watched]]
) -> Values:
    """Script, all rows, script, all rows, ..., script."""
    values: Values = {}

    def run_all() -> dict[Row, Watched]:
        seen = {}
        for row, run in rows.items():
            seen[row] = run()
            tell(take_in(values, row, seen[row]))
        return seen

    for before, seen, after in turns(runs, plain, run_all):
        tell(f"plain script: {after.rate:,.0f} a second, {after.cores:.2f} cores")
        for row, one in seen.items():
            rate = one.report["amount"]["per_s"] / mean((before.rate, after.rate))
            values.setdefault(f"{row.key}.work_rate", []).append(rate)
            share = one.workers / mean((before.cores, after.cores))
            values.setdefault(f"{row.key}.work_cpu", []).append(share)
    return values


def plain_work(bench: Bench, workload: str, tasks: int, workers: int, params: tuple[str, ...]) -> Plain:
    """The plain script of any workload."""
    found = bench.one_line(HERE / "plain/work.py", *work_arguments(workload, tasks, workers, params))
    return Plain(found["amount"] / found["seconds"], found["cpu_s"] / found["seconds"])


def work_arguments(workload: str, tasks: int, workers: int, params: tuple[str, ...]) -> tuple[str, ...]:
    """The command line of the same work in the window."""
    named = [part for param in params for part in ("--param", param)]
    return ("--workload", workload, "--tasks", str(tasks), "--workers", str(workers), *named)
