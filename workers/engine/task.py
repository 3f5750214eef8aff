"""Tasks, the events that tell what happened to them, their control, and `drive`, which runs one task by steps.

`drive` runs wherever a runner calls `next()` on it, `Control` in any thread and in signal handlers; all on Python 3.9.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import contextmanager
from enum import IntEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from ..catalog.user_names import slug
from ..user_code.tracebacks import error_text
from .gil_scheduler import impolite
from .loading import load_workload

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from contextlib import AbstractContextManager

    from ..sync.pace import Pace
    from ..sync.waits import Waits
    from ..user_code.loading import Workload
    from .gil_scheduler import GilScheduler

PROGRESS_INTERVAL_S = 1 / 30
"""Progress is told at most this often for each task: a screen shows no more."""

PAUSE_POLL_S = 0.05
"""How often a paused task looks whether it was cancelled meanwhile."""

EVERY = -1
"""The number that stands for all tasks of a run where one can be paused; no task has it."""


class Phase(IntEnum):
    """What happened to a task. QUEUED is where all begin; the last three are final, and just one of them comes."""

    QUEUED = 0
    STARTED = 1
    WAITING = 2
    PAUSED = 3
    RESUMED = 4
    PROGRESS = 5
    DONE = 6
    FAILED = 7
    CANCELLED = 8

    @property
    def is_final(self) -> bool:
        return self >= Phase.DONE


# An attribute of an Enum class takes Python 3.11 so long that a short task would pay as much for these as for its call.
QUEUED, STARTED, WAITING, PAUSED, RESUMED, PROGRESS, DONE, FAILED, CANCELLED = Phase


class Task(NamedTuple):
    """One unit of work: a workload's name with its arguments, plain data that can be pickled."""

    number: int
    workload: str
    arguments: tuple[tuple[str, Any], ...]


class TaskEvent(NamedTuple):
    """One thing that happened to one task.

    Attributes:
        number: the task's number.
        phase: what happened.
        time: when, in seconds of `time.perf_counter`, taken where it happened.
        amount: how much of the work is done so far, in the workload's unit.
        place: where the task runs, for example a thread's name.
        detail: the result of a task that is done; the traceback of one that failed; where tasks share something, of
            WAITING what it waits for and the indices of those that hold it, and of PROGRESS the samples of gauges
            (`workers.sync.samples.Sample`); else None.
    """

    number: int
    phase: Phase
    time: float
    amount: float
    place: str
    detail: Any = None


class Crew(NamedTuple):
    """What is known of the tasks of a run beforehand.

    Attributes:
        first, tasks: the number of the first, and how many there are.
        places: how many threads they run in here.
        where: what this process is called, where the tasks run in several; else empty.
        pace: how their threads wait for each other; None: as usual.
    """

    first: int = 0
    tasks: int = 0
    places: int = 1
    where: str = ""
    pace: Pace | None = None


class Result(NamedTuple):
    """What an async workload yields last: an async generator cannot return anything."""

    value: Any


Emit = Callable[[TaskEvent], None]


class Control:
    """Cancel and pause for the tasks of one run; pause also for one task alone, which keeps its place meanwhile.

    There is no lock in here, for `cancel` is called from signal handlers too, which run in the middle of whatever the
    main thread does: a lock that it holds just then would never come free.

    Attributes:
        cancelled: whether every task is to end.
        held: what is paused: numbers of tasks, and EVERY for the run; each with what its resume sets. A task that
            finds it empty need not ask `is_paused`, and that look costs nothing.
        crew: what is known of the tasks, for those that share something.
        load: imports a workload by its name; a runner may have its own way.
    """

    def __init__(self, scheduler: GilScheduler | None = None, crew: Crew | None = None) -> None:
        self.scheduler = scheduler or impolite()
        self.crew = crew or Crew()
        self.load: Callable[[str], Workload] = load_workload
        self._waits: Waits | None = None
        self.cancelled = False
        self.held: dict[int, threading.Event] = {}
        self._closers: dict[object, Callable[[], None]] = {}

    @property
    def waits(self) -> Waits:
        """Who waits for whom, of the tasks that share something: made when the first of them begins."""
        if self._waits is None:
            from ..sync.waits import Waits, once  # most runs need none of it

            return once(self, "_waits", lambda: Waits(self, *self.crew))
        return self._waits

    @property
    def has_waits(self) -> bool:
        """Whether tasks of the run share something in this process."""
        return self._waits is not None

    @property
    def paused(self) -> bool:
        return EVERY in self.held

    def is_paused(self, number: int) -> bool:
        """Whether one task is to wait before its next step, by itself or with the run."""
        return number in self.held or EVERY in self.held

    def pause(self) -> None:
        self.pause_task(EVERY)

    def resume(self) -> None:
        """Let tasks go on, but for those that are paused alone."""
        self.resume_task(EVERY)

    def pause_task(self, number: int) -> None:
        """Let one task wait before its next step, or before its first one."""
        self.held.setdefault(number, threading.Event())

    def resume_task(self, number: int) -> None:
        """Let one task go on, unless the run is paused."""
        go = self.held.pop(number, None)
        if go is not None:
            go.set()

    def wait_while_paused(self, number: int = EVERY) -> None:
        """Block the calling thread until the run is resumed or cancelled, and the task with that number too."""
        # An event that is set is in `held` no more. Whoever waits for one that was taken out finds it set, or soon set.
        while not self.cancelled:
            go = self.held.get(EVERY) or self.held.get(number)
            if go is None:
                return
            go.wait(PAUSE_POLL_S)

    def cancel(self) -> None:
        """End every task at its next step, and call what `on_cancel` registered. May be called again."""
        # The flag is set before the closers are read, and `on_cancel` registers before it reads the flag: whichever
        # comes first, at least one of the two sees the other.
        self.cancelled = True
        for close in list(self._closers.values()):
            close()

    def away(self) -> AbstractContextManager[None]:
        """For work that declares GIL = "between": within this block it waits, or is in C, and others have its turn."""
        return self.scheduler.away()

    @contextmanager
    def on_cancel(self, close: Callable[[], None]) -> Iterator[None]:
        """Within this block a cancel calls `close`, at once and in the thread that cancels.

        It is how a blocked read is ended: `close` shuts its socket down. It may be called more than once and must
        neither block nor raise.
        """
        key = object()
        self._closers[key] = close
        try:
            if self.cancelled:
                close()
            yield
        finally:
            self._closers.pop(key, None)


def drive(
    task: Task, emit: Emit, control: Control, place: str, steps: Generator[float, None, Any] | None = None
) -> Generator[bool, None, None]:
    """Run one task, a step for each `next()`, and tell what happens by `emit`.

    Each step advances the workload's generator to its next yield. What is yielded here says whether the task is
    paused: then the caller waits in its own way (a thread by `Control.wait_while_paused`) and calls again. Whatever
    the workload raises ends here, as one FAILED event with the whole traceback, and never reaches the runner. Just one
    final event is emitted, also when the caller closes this generator half way.

    Args:
        task: what to run.
        emit: takes the events, in the thread that drives; must neither block nor raise.
        control: cancel and pause of the run.
        place: the name of where this runs, for the events.
        steps: stands in for the workload's generator; it takes no turns, for others may run in the same thread.
    """
    number, workload, arguments = task
    clock, total, turn, gil = time.perf_counter, 0.0, None, ""
    phase, detail = CANCELLED, None

    def tell(phase: Phase, detail: Any = None, moment: float = 0.0) -> None:
        emit(TaskEvent(number, phase, moment or clock(), total, place, detail))

    if not control.cancelled:
        try:
            if steps is not None:
                tell(STARTED)
            else:
                try:  # what is imported for the first task belongs to the start of the run, and not to the work
                    function, wants_control, gil, make = control.load(workload)
                finally:
                    tell(STARTED)
                given = dict(arguments, control=control) if wants_control else dict(arguments)
                if make is None:
                    steps = function(**given)
                else:
                    gil = ""  # who waits with the turn in its hand would stop those that it waits for
                    steps = control.waits.follow(number, slug(workload), tell, function, make, given)
            gate, turn = control.scheduler.here(gil)
            held = control.held
            due = (now := clock()) + PROGRESS_INTERVAL_S
            while not control.cancelled:
                if held and control.is_paused(number):
                    turn.leave()
                    tell(PAUSED)
                    while control.is_paused(number) and not control.cancelled:
                        yield True
                    tell(RESUMED)
                    continue
                if now >= turn.ends and turn.renew(lambda: tell(WAITING)):
                    tell(RESUMED)
                    continue
                if gate.shut:
                    gate.wait()
                total += next(steps)
                if (now := clock()) >= due:
                    due = now + PROGRESS_INTERVAL_S
                    tell(PROGRESS)
                yield False
        except StopIteration as end:
            phase, detail = DONE, end.value
        except GeneratorExit:
            pass
        except BaseException:
            # A read that a cancel cut short raises what it likes: it was cancelled all the same.
            if not control.cancelled:
                phase, detail = FAILED, error_text(workload)
        if phase is not DONE and steps is not None:
            try:
                steps.close()  # the workload's own cleaning up comes before the final event
            except BaseException:
                if phase is CANCELLED:  # of two errors the first one tells more
                    phase, detail = FAILED, error_text(workload)
        if turn is not None:
            turn.leave()  # last: whoever cleans up may be away, and so take the turn again
    emit(TaskEvent(number, phase, clock(), total, place, detail))


def drive_to_end(task: Task, emit: Emit, control: Control, place: str) -> None:
    """Run one task in a thread that may block: it waits there while the task or its run is paused."""
    for paused in drive(task, emit, control, place):
        if paused:
            control.wait_while_paused(task.number)
