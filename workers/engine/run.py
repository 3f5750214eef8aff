"""One run: its settings, its tasks, what happened to them, and what the window and the GIL did meanwhile.

Made and changed in the GUI thread. `TaskSource` is the exception: runners pull from it in any thread.

How long a run will block the window, so that a long freeze is asked for and not stumbled into.
"""

from __future__ import annotations

import inspect
import threading
import time
from array import array
from typing import TYPE_CHECKING, Any, Protocol

from ..catalog.compatibility import takes_all, tasks_are
from ..monitors.threads.history import Threads
from ..monitors.track.marks import Marks
from .loading import workload_hook
from .plan import BLOCKING
from .recorder import Recorder
from .task import Control, Crew, Phase

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from ..catalog.entry import Entry
    from ..image_server.conditions import NetworkConditions
    from ..monitors.freeze import Freeze
    from ..monitors.lag import LagSummary
    from ..monitors.resources import Resources
    from .gil_scheduler import GilScheduler
    from .plan import Settings
    from .task import Task


class Work(Protocol):
    """What a run is to do: a `workers.engine.plan.Plan`, or what a file says of one.

    Attributes:
        settings: what was chosen.
        count: how many tasks there are.
        unit: what the workload's amounts count.
    """

    settings: Settings
    count: int
    unit: str

    @property
    def items(self) -> Sequence[int]:
        """Which item of a queue each task is for; empty where they are of none."""

    @property
    def notes(self) -> Sequence[str]:
        """Sentences on what was left out of the run, such as a part of a list."""

    def task(self, index: int, number: int) -> Task:
        """The task at `index` of this run, with `number` as its name for all events."""

    def title(self, index: int) -> str:
        """What people call that task."""


class TaskSource:
    """Hands out the tasks of a plan one by one, to whichever thread asks next; none any more after a cancel."""

    def __init__(self, plan: Work, first: int, control: Control) -> None:
        self._plan, self._first, self._control = plan, first, control
        self._lock = threading.Lock()
        self._pulled = 0

    def __iter__(self) -> Iterator[Task]:
        return self

    def __next__(self) -> Task:
        """The next task. Raises StopIteration when there is none left or the run was cancelled."""
        with self._lock:
            if self._control.cancelled or self._pulled >= self._plan.count:
                raise StopIteration
            index = self._pulled
            self._pulled += 1
        return self._plan.task(index, self._first + index)

    @property
    def pulled(self) -> int:
        """How many tasks were handed out. Final once the run is cancelled: the lock waits for a pull half way."""
        with self._lock:
            return self._pulled


class Run:
    """One press of Start, or what a file has kept of one.

    Attributes:
        settings: what was chosen.
        plan: its tasks.
        recorder: what happened to them.
        control: cancel and pause.
        started: when Start was pressed, in seconds of `time.perf_counter`.
        ended: when the last final event came; None while it runs.
        cancelled: whether somebody cancelled it.
        idle_since: when the window last did something of its own; in seconds of `time.perf_counter`.
        idle_lag_ms: the p95 of the lag just before it, when the window had nothing to do; 0.0 where that is not known.
        lag: the lag of its time; None while it runs, and always None without a window.
        beats: when the GUI thread's event loop came round during the run, in seconds of `time.perf_counter`.
        waits: the GIL meter's samples of its time: pairs of a moment and a wait in ms.
        held: when code in C held the GIL meanwhile: pairs of a begin and an end, in seconds of `time.perf_counter`.
        main_thread: what the GUI thread did in its time; empty where nobody looked.
        freezes: when the window stood still for over 250 ms, each with what the GUI thread did; the oldest first.
        environment: where it was made, as `workers.reports.summary.environment` says; empty until somebody asks.
        began: when Start was pressed, in seconds of `time.time`.
        file: the name of the file that it was opened from; empty for a run of this program's own.
        frames: how many frames the graphs have painted meanwhile.
        resources: what it cost; None while it runs, and where nobody measured it.
        network: how the image server behaved at its start; None where it used none.
        compared_with: the run of the same work on the GUI thread, where this one is the second of a comparison.
        threads: what the threads of a watched program did; empty for all other runs.
        exit_code: with which a watched program ended, 128 and more for a signal; None where it did not, or is none.
        notes: what else there is to say of it, in sentences: by the runner, such as of events that came in between.
    """

    def __init__(self, plan: Work, first: int, scheduler: GilScheduler | None = None) -> None:
        self.settings: Settings = plan.settings
        self.plan = plan
        # What runs in the GUI thread blocks all other tasks there, however many may be begun at once.
        places = 1 if self.settings.runner_entry.traits.gil == "gui" else self.settings.workers
        self.control = Control(scheduler, Crew(first, plan.count, places))
        self.source = TaskSource(plan, first, self.control)
        self.started = time.perf_counter()
        self.began = time.time()
        self.recorder = Recorder(first, plan.count, self.started)
        self.ended: float | None = None
        self.idle_since = self.started
        self.idle_lag_ms = 0.0
        self.lag: LagSummary | None = None
        self.beats = array("d")
        self.waits: list[tuple[float, float]] = []
        self.held: list[tuple[float, float]] = []
        self.main_thread = Marks()
        self.freezes: list[Freeze] = []
        self.environment: dict[str, Any] = {}
        self.file = ""
        self.frames = 0
        self.resources: Resources | None = None
        self.network: NetworkConditions | None = None
        self.compared_with: Run | None = None
        self.threads = Threads()
        self.exit_code: int | None = None
        self.notes: list[str] = []

    @property
    def cancelled(self) -> bool:
        return self.recorder.cancelled > 0

    @property
    def span(self) -> tuple[float, float]:
        """Start and the last final event, or now while it runs; in seconds of `time.perf_counter`."""
        return self.started, self.ended or time.perf_counter()

    @property
    def wall_s(self) -> float:
        """Seconds from Start to the last final event, or to now while it runs."""
        return (self.ended or time.perf_counter()) - self.started

    @property
    def startup_s(self) -> float | None:
        """Seconds from Start to the first task's beginning; None while none has begun."""
        first = self.recorder.changes.phases.find(Phase.STARTED)
        return None if first < 0 else max(0.0, self.recorder.changes.times[first] - self.started)

    @property
    def per_s(self) -> float:
        """Work done per second of wall time, in the workload's unit."""
        return self._a_second(self.recorder.amount)

    @property
    def tasks_per_s(self) -> float:
        """Tasks done per second of wall time."""
        return self._a_second(self.recorder.done)

    @property
    def frames_per_s(self) -> float:
        """Frames that the graphs have painted per second of wall time."""
        return self._a_second(self.frames)

    def _a_second(self, amount: float) -> float:
        wall_s = self.wall_s
        return amount / wall_s if wall_s > 0 else 0.0


ASK_OVER_S = 15.0
"""A blocking run that will take longer than this is asked for first."""


def blocking_seconds(settings: Settings, runs: list[Run]) -> float:
    """About how long a run takes on the GUI thread, in seconds; 0.0 where nothing is known.

    What an earlier blocking run of the same work and parameters took for each task counts more than what the workload
    itself says of a usual machine (its function `seconds`).
    """
    for run in reversed(runs):
        same = (run.settings.workload, run.settings.params) == (settings.workload, settings.params)
        if same and run.settings.runner == BLOCKING and run.recorder.done == run.recorder.count:
            known = tasks_are(settings.workload_entry, dict(settings.params))  # as many as then
            return run.wall_s if known else run.wall_s / run.recorder.count * settings.tasks
    return usual_seconds(settings.workload_entry, settings.tasks, dict(settings.params))


def usual_seconds(workload: Entry, tasks: int, params: Mapping[str, Any]) -> float:
    """How long tasks take on the GUI thread of a usual machine, in seconds; 0.0 where the workload does not say."""
    guess = workload_hook(workload, "seconds")
    if guess is None:
        return 0.0
    if takes_all(workload, params):
        count = workload_hook(workload, "count")
        tasks = min(tasks, _call(count, params)) if count is not None else 1
    return float(_call(guess, {**params, "tasks": tasks})) * tasks


def _call(hook: Callable[..., Any], known: Mapping[str, Any]) -> Any:
    """Call a hook of a workload with those parameters that it wants."""
    wanted = inspect.signature(hook).parameters
    return hook(**{name: value for name, value in known.items() if name in wanted})
