"""Runs with a made-up plan, and events for them: panels are tested without any work being done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from workers.plan import Settings
from workers.run import Run
from workers.task import Phase, TaskEvent

if TYPE_CHECKING:
    from workers.plan import Plan

TRACEBACK = "Traceback (most recent call last):\n  File 'x.py', line 1\nworkers.download.ServerError: it said: 503\n"


class MadePlan:
    """Stands in for `workers.plan.Plan`, which would import a workload."""

    unit = "bytes"

    def __init__(self, settings: Settings) -> None:
        self.settings, self.count = settings, settings.tasks

    def title(self, index: int) -> str:
        return f"picture {index}"


def make_run(tasks: int, runner: str = "thread_pool", first: int = 0) -> Run:
    """A run of `tasks` tasks, none of which has begun."""
    return Run(cast("Plan", MadePlan(Settings(runner, "download", tasks, 4))), first)


def tell(run: Run, index: int, phase: Phase, at: float = 0.0, amount: float = 0.0, detail: Any = None) -> list[Any]:
    """Fold one event of the task at `index`, `at` seconds after the run's start; returns the results."""
    number = run.recorder.first + index
    return run.recorder.fold([TaskEvent(number, phase, run.started + at, amount, f"pool {index % 4}", detail)])


def carry_out(run: Run, index: int, phase: Phase = Phase.DONE, amount: float = 1000.0, detail: Any = None) -> None:
    """Begin and end the task at `index`; it takes a second."""
    tell(run, index, Phase.STARTED, at=1.0)
    tell(run, index, phase, at=2.0, amount=amount, detail=TRACEBACK if phase is Phase.FAILED else detail)
