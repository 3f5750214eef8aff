"""Runs with a made-up plan, and events for them: panels are tested without any work being done."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any, cast

from workers.engine.plan import Settings
from workers.engine.run import Run
from workers.engine.task import Phase, TaskEvent
from workers.monitors.freeze import Freeze, Line
from workers.monitors.lag import summarize_beats

if TYPE_CHECKING:
    from workers.engine.plan import Plan

TRACEBACK = (
    "Traceback (most recent call last):\n  File 'x.py', line 1\nworkers.download.ServerError: it said: 503\n"
)


class MadePlan:
    """Stands in for `workers.engine.plan.Plan`, which would import a workload."""

    unit = "bytes"
    notes: tuple[str, ...] = ()

    def __init__(self, settings: Settings) -> None:
        self.settings, self.count = settings, settings.tasks

    def title(self, index: int) -> str:
        return f"picture {index}"


def make_run(tasks: int, runner: str = "thread_pool", first: int = 0, workload: str = "download") -> Run:
    """A run of `tasks` tasks, none of which has begun."""
    return Run(cast("Plan", MadePlan(Settings.named(runner, workload, tasks, 4))), first)


def tell(
    run: Run, index: int, phase: Phase, at: float = 0.0, amount: float = 0.0, detail: Any = None
) -> list[Any]:
    """Fold one event of the task at `index`, `at` seconds after the run's start; returns the results."""
    number = run.recorder.first + index
    return run.recorder.fold([TaskEvent(number, phase, run.started + at, amount, f"pool {index % 4}", detail)])


def carry_out(
    run: Run, index: int, phase: Phase = Phase.DONE, amount: float = 1000.0, detail: Any = None
) -> None:
    """Begin and end the task at `index`; it takes a second."""
    tell(run, index, Phase.STARTED, at=1.0)
    tell(run, index, phase, at=2.0, amount=amount, detail=TRACEBACK if phase is Phase.FAILED else detail)


def make_ended(
    runner: str = "thread_pool",
    wall_s: float = 4.0,
    stills: tuple[tuple[float, float], ...] = (),
    *,
    tasks: int = 4,
    failed: int = 0,
    window: bool = True,
    workload: str = "download",
    **settings: Any,
) -> Run:
    """A run that has ended, in which the window beat every 10 ms but for some stretches.

    Args:
        runner: where it ran.
        wall_s: how long.
        stills: from when to when there was no beat, in seconds since the start.
        tasks: how many tasks; each did 3,000,000.
        failed: how many of them failed.
        window: whether there was one.
        workload: what it did.
        settings: further ones.
    """
    chosen = Settings.named(runner, workload, tasks, 4)._replace(**settings)
    run = Run(cast("Plan", MadePlan(chosen)), 0)
    for index in range(tasks):
        tell(run, index, Phase.STARTED, at=wall_s * index / tasks)
        phase = Phase.FAILED if index < failed else Phase.DONE
        detail = TRACEBACK if phase is Phase.FAILED else None
        tell(run, index, phase, at=wall_s * (index + 1) / tasks, amount=3e6, detail=detail)
    run.ended = run.started + wall_s
    if window:
        moments = (0.01 * beat for beat in range(1, int(wall_s * 100)))
        beats = [at for at in moments if not any(begin < at < end for begin, end in stills)]
        run.beats = array("d", [run.started + at for at in beats])
        run.lag = summarize_beats(run.beats, run.started, run.ended)
    return run


def make_freeze(
    run: Run,
    begin: float,
    end: float,
    line: int = 40,
    kind: str = "sleep",
    holder: str = "GUI thread",
    **parts: Any,
) -> Freeze:
    """A freeze of a run, from `begin` to `end` in seconds since its start, whose guilty line has the number `line`."""
    file = "/home/somebody/program/workers/workloads/sleep.py"
    text = "            time.sleep(min(SLICE_S, left))"
    stack = (
        Line(
            "/home/somebody/program/workers/engine/session.py",
            121,
            "start",
            "self._runner.start(run.source, emit)",
        ),
        Line("/home/somebody/program/workers/runners/gui_thread.py", 28, "start", "drive_to_end(task, emit)"),
        Line(file, line, "sleep", text.strip()),
        Line("/usr/lib/python3.11/somewhere.py", 7, "inside", "pass"),
    )
    source = (
        (line - 3, "    if seconds > 0:"),
        (line - 2, "        end = time.monotonic() + seconds"),
        (line - 1, "        while (left := end - time.monotonic()) > 0:"),
        (line, text),
        (line + 1, "            yield min(SLICE_S, left)"),
    )
    made = Freeze(run.started + begin, run.started + end, kind, holder, stack, 2, source, 40, 0.9)
    return made._replace(**parts)
