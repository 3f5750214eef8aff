"""Owns a runner and a run: start, cancel, pause, finish, close. All of it is called in the GUI thread.

The exceptions are `Session.cancel`, which a signal handler and other threads may call as well, and what asks where its
tasks stand.
"""

from __future__ import annotations

import os
import sys
import time
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING, Protocol

from ..additions.files import blamed, telling
from ..catalog import user_functions
from ..catalog.compatibility import in_its_python, refusal
from ..monitors.resources import processes_of, processor_seconds
from ..pythons import needs
from ..pythons.lending import lent
from ..utils.errors import BadInput, ThawError, limit_of
from ..utils.gil.polite import EventLoopGate
from .gil_scheduler import polite
from .loading import workload_hook
from .plan import Plan
from .run import Run
from .runner import AsksStanding, HasNotes, load_runner
from .turns.learner import learner_of
from .worker_limit import fitting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Any

    from ..image_server.conditions import NetworkConditions
    from ..monitors.probe import Probe
    from .plan import Settings
    from .runner import Runner
    from .task import Emit, TaskEvent
    from .turns.learner import Learner

CLOSE_S = 0.5
"""How long a new run may wait for the threads and processes of the one before it to end."""

FINISH_S = 0.02
"""How long finishing a run may wait for them. Threads end within a millisecond; processes take longer, by themselves.

More than that would be a freeze, and nothing is lost: who is not gone by then is looked for before the next run."""


class StillRunning(ThawError, RuntimeError):
    """A run cannot begin: the one before it has not ended."""


class Server(Protocol):
    """The image server, as a run sees it."""

    @property
    def settings(self) -> NetworkConditions:
        """How it behaves now."""

    def begin_run(self) -> str:
        """Its address for a new run; called when a workload wants it."""


class Session:
    """The one run that is going on, and those before it.

    Attributes:
        run: the run that is going on, or the last one; None before the first.
        runs: all finished runs, the oldest first.
    """

    def __init__(
        self,
        emit: Emit,
        server: Server,
        gate: EventLoopGate | None = None,
        probes: Sequence[Probe[Run]] = (),
        is_lasting: bool = False,
    ) -> None:
        """Make a session.

        Args:
            emit: takes task events in any thread and brings them to `fold` in the GUI thread.
            server: gives workloads the addresses of pictures.
            gate: the GUI thread's gate; None where nobody shuts one.
            probes: measure each run, and put what they saw into it, in this order.
            is_lasting: whether what is learned of a function is there at the next start.
        """
        self._emit, self._server, self._gate, self._probes = emit, server, gate or EventLoopGate(), probes
        self._is_lasting = is_lasting
        self._runner: Runner | None = None
        self._learner: Learner | None = None
        self._next_number = 0
        self.run: Run | None = None
        self.runs: list[Run] = []
        self._idle_since = time.perf_counter()
        self._packages = ExitStack()  # those of the project whose function runs, while it does
        self._folder = ""
        with suppress(OSError):  # it may be gone before the program was started in it
            self._folder = os.getcwd()
        self._given_up: Run | None = None
        self._left: list[Runner] = []  # places that nothing could end

    @property
    def is_running(self) -> bool:
        return self.run is not None and self.run.ended is None

    @telling()
    def start(self, settings: Settings, begun: Callable[[Run], None] = lambda run: None) -> Run:
        """Begin a run; returns when the runner does, which on the GUI thread is after the last task.

        Args:
            settings: what to run and where.
            begun: is called with the new run just before its first task begins.

        Raises:
            BadInput: a parameter is unusable, the work does not fit the place, or there is nothing to do; with a
                sentence for people.
            StillRunning: another run is going on, or its threads have not ended.
        """
        if self.is_running or not self._close_runner(CLOSE_S):
            raise StillRunning("The run before this one has not ended yet.")
        self._go_back()
        place, work = settings.runner_entry, user_functions.current(settings.workload_entry)
        settings = settings._replace(workload_entry=work, params=in_its_python(place, work, settings.params))
        chosen = dict(settings.params)
        why_not = refusal(place, work, chosen, ask=False)
        if why_not:
            raise BadInput(why_not)
        self._packages.close()
        network: list[NetworkConditions] = []

        def server() -> str:
            network.append(self._server.settings)
            return self._server.begin_run()

        fit, why = fitting(settings)
        with ExitStack() as packages:
            if work.own is not None and place.traits.gil != "other":
                packages.enter_context(lent(work.own.python))
            runner, params = load_runner(place, chosen)
            plan = Plan(settings, server, params)
            plan.limits = tuple(filter(None, (why, needs.note(work.own, place.traits.gil, chosen))))
            if plan.count < 1:
                raise BadInput("There is nothing to do: the run has no tasks.")
            self._packages = packages.pop_all()  # from here on there is a run, whose end gives them back
        self._runner, self._learner = runner, learner_of(settings, fit, self._is_lasting, self._gate)
        scheduler = polite(self._gate, self._learner) if settings.polite else None
        run = self.run = Run(plan, self._next_number, scheduler)
        self._next_number += plan.count
        run.network = network[0] if network else None
        run.idle_since = self._idle_since
        sys.setswitchinterval(settings.switch_interval_ms / 1e3)
        begun(run)
        try:
            for probe in self._probes:
                probe.begin(run, runner)
            runner.start(run.source, fit, self._emit, run.control)
        except BaseException as error:
            # No thread could be made, say: what did start is to end, and the next run may come.
            run.control.cancel()
            run.ended = time.perf_counter()
            self._abandon()
            if limit := limit_of(error):
                raise BadInput(limit) from error
            raise
        return run

    def _go_back(self) -> None:
        """To the folder that the program was started in, for names from there on: a person's function may leave it."""
        with suppress(OSError):  # it may be gone
            os.chdir(self._folder)

    @property
    def is_free(self) -> bool:
        """Whether a run could begin now: none goes on, and the place of the one before has been left."""
        return not self.is_running and self._close_runner(0)

    @property
    def is_over(self) -> bool:
        """Whether all tasks of the run that goes on have ended, so that `finish` closes it."""
        run = self.run
        if run is None or run.ended is not None:
            return False
        ended = run.recorder.finals
        return ended >= run.recorder.count or (run.control.cancelled and ended == run.source.pulled)

    @property
    def processes_cpu_s(self) -> float:
        """What the processes of the runner that runs now have used so far, in seconds of processor time."""
        return processor_seconds(processes_of(self._runner))

    def mark_idle(self) -> None:
        """The window has finished something of its own, such as its start: from now on its lag is the machine's."""
        self._idle_since = time.perf_counter()

    def fold(self, events: Iterable[TaskEvent]) -> list[Any]:
        """Take in events that came over the bridge; returns the results of tasks that came with them."""
        return self.run.recorder.fold(events) if self.run is not None else []

    def finish(self) -> bool:
        """Close the run if all of its tasks have ended; returns whether it did so just now."""
        run = self.run
        if run is None or not self.is_over:
            return False
        if run.recorder.finals < run.recorder.count:
            run.recorder.cancel_queued(time.perf_counter())
        run.ended = run.recorder.last_final
        for probe in self._probes:
            probe.finish(run)
        if isinstance(self._runner, HasNotes):
            run.notes = self._runner.notes()
        run.notes += [f"Deadlock: {sentence}." for sentence in run.recorder.sharing.deadlocks]
        run.notes += self._learner.notes if self._learner is not None else []
        self._close_runner(FINISH_S)
        self._packages.close()
        self._go_back()
        self.runs.append(run)
        self.mark_idle()
        return True

    def cancel(self) -> None:
        """Cancel every task of the run. May be called from a signal handler, and again."""
        if self.run is not None:
            self.run.control.cancel()

    def ask_standing(self) -> None:
        """Have it found out where the tasks stand that run in other processes."""
        if isinstance(self._runner, AsksStanding):
            self._runner.ask_standing()

    @property
    def standing(self) -> list[str]:
        """Where these stand, as far as they have told since."""
        return self._runner.standing if isinstance(self._runner, AsksStanding) else []

    def give_up(self) -> None:
        """Let the run be over though some of its tasks heed no cancel: their place is left behind as it is."""
        if self.run is not None and self.is_running:
            self.run.control.cancel()
            self.run.recorder.cancel_rest(time.perf_counter())
            self._given_up = self.run

    def pause(self) -> None:
        if self.run is not None:
            self.run.control.pause()

    def resume(self) -> None:
        """Let paused tasks go on, but for those that are paused alone."""
        if self.run is not None:
            self.run.control.resume()

    def pause_task(self, number: int) -> None:
        """Let one task of the run wait before its next step; it keeps its place meanwhile. Any thread may call it."""
        if self.run is not None:
            self.run.control.pause_task(number)

    def resume_task(self, number: int) -> None:
        """Let one task go on that was paused alone; a run that is paused has to be resumed as well."""
        if self.run is not None:
            self.run.control.resume_task(number)

    def close(self, timeout: float) -> bool:
        """Cancel the run and free its place, blocking at most `timeout` seconds; returns whether nothing is left."""
        self.cancel()
        self._abandon()
        self._left = [runner for runner in self._left if not runner.close(0)]
        return self._close_runner(timeout) and not self._left

    def _abandon(self) -> None:
        self._packages.close()
        for probe in self._probes:
            probe.abandon()

    def _close_runner(self, timeout: float) -> bool:
        if self._learner is not None and self._learner.close(timeout):
            self._learner = None
        if self._runner is not None and _closed(self._runner, timeout):
            # Some workloads keep things open between tasks, such as connections.
            close = workload_hook(self.run.settings.workload_entry, "close") if self.run is not None else None
            if close is not None:
                close()
            self._runner = None
        if self._runner is not None and self._given_up is self.run:
            self._left.append(self._runner)
            self._runner = None
        return self._runner is None and self._learner is None


def _closed(runner: Runner, timeout: float) -> bool:
    """Close a place; whether nothing of it is left. One that a person has added and that fails in this is done with."""
    try:
        return runner.close(timeout)
    except Exception as error:
        if not blamed(error):
            raise
        return True
