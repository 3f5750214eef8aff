"""Workloads for the unit tests, and runs that have ended, made from events as they would have come."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from workers.catalog import lookup
from workers.engine.plan import Plan, Settings
from workers.engine.recorder import Recorder
from workers.engine.run import Run
from workers.engine.task import Phase, TaskEvent
from workers.monitors.lag import LagSummary, summarize

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

UNIT = "steps"
WORK = f"{__name__}:steps"
STARTED = 100.0


@functools.cache
def _named(package: Path, *about: Any) -> Settings:
    """Each look at a function goes through the project for what it imports: ten milliseconds, for hundreds of runs."""
    assert package == vars(lookup)["PACKAGE"]
    return Settings.named(*about)


def steps(index: int, *, count: int = 3) -> Generator[int, None, int]:
    for _ in range(count):
        yield 1
    return index


def seconds(*, count: int = 3) -> float:
    return 0.5 * count


def lag_of(*gaps_ms: float) -> LagSummary:
    """The lag of a second of good beats, and of the gaps that are given."""
    return summarize([0.010] * 100 + [gap / 1e3 for gap in gaps_ms], 100 + len(gaps_ms))


def made_run(
    runner: str = "thread_pool",
    *,
    tasks: int = 4,
    failed: int = 0,
    cancelled: int = 0,
    wall_s: float = 2.0,
    lag: LagSummary | None = None,
    params: tuple[tuple[str, Any], ...] = (),
    seed: int = 1,
) -> Run:
    """A run that has ended: its first tasks failed, its last ones were cancelled, the others did 10 steps each."""
    run = Run(Plan(_named(vars(lookup)["PACKAGE"], runner, WORK, tasks, 2, params, seed), lambda: ""), 0, None)
    run.started = STARTED
    run.recorder = Recorder(0, tasks, STARTED)
    end = STARTED + wall_s
    for number in range(tasks - cancelled):
        error = "Traceback ...\nValueError: nothing there\n" if number < failed else None
        phase = Phase.FAILED if error else Phase.DONE
        run.recorder.fold(
            [
                TaskEvent(number, Phase.STARTED, STARTED, 0.0, "pool 0"),
                TaskEvent(number, phase, end, 0.0 if error else 10.0, "pool 0", error),
            ]
        )
    run.recorder.cancel_queued(end)
    run.ended = end
    run.lag = lag
    return run
