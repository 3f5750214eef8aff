"""Runs with something in every corner, to be saved and exported."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

from workers.engine.plan import Settings
from workers.engine.recorder import Recorder
from workers.engine.run import Run
from workers.engine.task import Phase, TaskEvent
from workers.image_server.conditions import PROFILES
from workers.monitors.freeze import Freeze, Line, Stack
from workers.monitors.lag import summarize_beats
from workers.monitors.resources import Resources
from workers.monitors.track.marks import PAINT, SLOT, Marks
from workers.run_files.writer import SavedPlan

if TYPE_CHECKING:
    from collections.abc import Sequence

STARTED = 5000.0
TITLES = ("plain", "=1+1", "<b>&\"'</b>", "two\nlines", "ünï\U0001f600", "half \udc80", "")


def run_of(events: Sequence[TaskEvent], titles: Sequence[str], wall_s: float, unit: str = "steps") -> Run:
    """A run that has ended, after these events."""
    settings = Settings.named(
        "thread_pool", "primes", len(titles), 2, (("numbers", 5), ("urls", "a=b")), 7, False, 5.0
    )
    run = Run(SavedPlan(settings, unit, list(titles)), 0)
    run.started, run.began = STARTED, 1_700_000_000.0
    run.recorder = Recorder(0, len(titles), STARTED)
    run.recorder.fold(events)
    run.recorder.cancel_queued(STARTED + wall_s)
    run.ended = STARTED + wall_s
    return run


def event(
    task: int, phase: Phase, at: float, amount: float = 0.0, detail: object = None, place: str = ""
) -> TaskEvent:
    return TaskEvent(task, phase, STARTED + at, amount, place or f"pool {task % 2}", detail)


def main_marks() -> Marks:
    """The GUI thread is awake twice: it paints and carries a slot out, and its clock shows a beat."""
    marks = Marks()
    marks.names.append((SLOT, "Window.<turn>"))
    marks.edges = array("d", [STARTED + at for at in (0.1, 0.3, 0.5, 0.501)])
    marks.times = array("d", [STARTED + at for at in (0.15, 0.2)])
    marks.codes = array("H", [PAINT, len(marks.names) - 1])
    return marks


def full_run() -> Run:
    """Every kind of task, two freezes and their cards, waits for the GIL, and calls that held it."""
    trace = "Traceback (most recent call last):\n  File 'x.py', line 1\nValueError: <no> & nothing\n"
    events = [
        *(event(0, Phase.STARTED, 0.1), event(1, Phase.STARTED, 0.2)),
        *(event(0, Phase.WAITING, 0.3), event(0, Phase.RESUMED, 0.5), event(1, Phase.PAUSED, 0.6)),
        *(event(1, Phase.RESUMED, 0.9), event(0, Phase.DONE, 1.0, 30.0)),
        *(event(1, Phase.FAILED, 1.5, 4.0, trace), event(2, Phase.STARTED, 1.0)),
        *(event(2, Phase.PROGRESS, 1.2, 5.0), event(2, Phase.CANCELLED, 1.4, 6.0)),
        *(event(3, Phase.STARTED, 1.5, place="=cmd()"), event(3, Phase.DONE, 1.9, 10.0, "=2+2")),
        *(event(4, Phase.STARTED, 1.3), event(4, Phase.DONE, 1.9, 1.0)),
    ]
    run = run_of(events, TITLES, 2.0)
    run.beats = array(
        "d", [STARTED + n * 0.01 for n in range(1, 200) if not 50 < n < 100 and not 120 < n < 150]
    )
    run.lag = summarize_beats(run.beats, run.started, run.ended or 0.0)
    run.idle_lag_ms, run.frames = 1.25, 57
    run.waits = [(STARTED + 0.1 * n, 0.5 * n) for n in range(20)]
    run.held = [(STARTED + 0.5, STARTED + 0.8)]
    run.main_thread = main_marks()
    line = Line("/home/me/work <1>.py", 12, "compute", "total = total + number")
    deeper = Line("library.py", 3, "add", "")
    source = ((11, "for <x>:"), (12, "a & b"))
    calls = (line[:3], deeper[:3])
    stacks = (Stack(calls, 8, 0.4), Stack(calls[:1], 1, 0.05))
    run.freezes = [
        Freeze(STARTED + 0.5, STARTED + 1.0, "python", "GUI thread", (line, deeper), 0, source, 9, 0.9, stacks),
        Freeze(STARTED + 1.2, STARTED + 1.5, "c_gil", "pool 0", (), -1, (), 0, 0.0),
    ]
    run.resources, run.notes = Resources(2.5, 120.25, None), ["Two <slots> stood inside of slots.", "ünï"]
    run.network = PROFILES["rough"]._replace(seed=5)
    run.environment = {"python": "3.12.1", "gil_enabled": True, "pyside6": None, "cpus": 4, "thaw": "0.0.9"}
    return run


def sharing_run() -> Run:
    """Two tasks that wait for a lock and a queue, with gauges of both, and a deadlock."""
    samples = (("holder", "lock a", STARTED + 0.1, 0.0), ("holder", "lock a", STARTED + 0.4, -1.0))
    depth = (("level", "queue jobs", STARTED + 0.2, 3.0), ("level", "queue jobs", STARTED + 0.9, 1.0))
    events = [
        *(event(0, Phase.STARTED, 0.1), event(1, Phase.STARTED, 0.1)),
        event(1, Phase.WAITING, 0.2, detail=("lock a", (0,))),
        *(event(0, Phase.PROGRESS, 0.3, detail=samples), event(1, Phase.RESUMED, 0.4)),
        *(event(0, Phase.WAITING, 0.5, detail=("an item of queue jobs", ())), event(0, Phase.RESUMED, 0.9)),
        event(1, Phase.PROGRESS, 0.9, detail=(*depth, ("deadlock", "both wait", STARTED + 0.8, 2.0))),
        *(event(1, Phase.WAITING, 0.95), event(1, Phase.RESUMED, 0.96)),
        *(event(0, Phase.DONE, 1.0, 1.0), event(1, Phase.DONE, 1.0, 1.0)),
    ]
    return run_of(events, ("first", "<second>"), 1.0)
