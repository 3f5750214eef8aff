"""The running part of the program: built and closed in one place, for the window, the terminal and the benchmark."""

from __future__ import annotations

import time
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from gui.controllers.beats import Beats
from gui.controllers.benchmark import BenchmarkLeader
from gui.controllers.bridge import Bridge
from gui.controllers.catalog import Catalog
from gui.controllers.instruments import Instruments
from gui.controllers.main_thread import MainThreadHooks
from gui.controllers.phases import PhaseLog
from gui.controllers.poll_hook import PollHook
from gui.controllers.run import Director
from gui.controllers.run_files import RunFileIO
from gui.process.leaving import Leaving
from workers.catalog.user_names import is_own
from workers.engine.instruments import make_instruments
from workers.engine.loading import workload_hook
from workers.engine.session import Session
from workers.engine.time_left import TimeLeft
from workers.image_server.conditions import PROFILES
from workers.image_server.process import ImageServer, ServerError
from workers.monitors.lag import LagMonitor
from workers.monitors.resources import ResourceMeter
from workers.reports.freeze_advice import Known
from workers.utils.gil import gil_enabled
from workers.utils.gil.polite import EventLoopGate
from workers.utils.kept_process.process import end_all

if TYPE_CHECKING:
    from collections.abc import Callable

    from gui.controllers.lesson import LessonLeader
    from gui.process.preferences import Preferences
    from gui.theme.theme import Theme
    from workers.benchmark.results import Benchmark
    from workers.catalog.entry import Entry
    from workers.command_line.parser import Options
    from workers.engine.run import Run
    from workers.engine.task import TaskEvent
    from workers.monitors.main_thread import MainThread
    from workers.monitors.probe import Instrument, Probe


SETTLE_MS = 300
"""After the first frame, before anything is measured: what the window's own start costs is nobody's lag."""

SETTLED_S = 0.05
"""It has settled when that wait was no more late than this; else it waits again, SETTLE_TRIES times at most."""

SETTLE_TRIES = 10


class Core(QObject):
    """What runs, and what measures it.

    Attributes:
        options: what the command line asks for.
        has_window: whether there is a window whose lag is measured.
        catalog: what there is to run.
        server: the image server.
        lag: of the GUI thread; it is measured while there is a window.
        probes: the instruments by their names; only where there is a window.
        session: the run that goes on, and those that have ended.
        director: starts runs.
        leader: leads benchmarks.
        run_files: reads and writes the files of runs.
        instruments: which probes are on; only where there is a window.
        leaving: ends the program.
        listed: the runs that have ended and those that were opened from files, in their order; none of a benchmark.
        compared: the two runs of the last comparison; None before the first.
        time_left: of the run that goes on.
        may_start: whether the click that is handled now may start anything.
        may_run: whether a workload may be run; where that has to be asked for, it asks.

    Signals:
        settled: the window's own start is over, or somebody was quicker than that: its lag is measured from now on.
        lesson_begun: a lesson goes on, though none of its runs may have begun.
        lesson_ended: it does no more, whatever came of it.
        watch_ended: the Run of a program that was watched.
    """

    settled = Signal()
    lesson_begun = Signal()
    lesson_ended = Signal()
    watch_ended = Signal(object)

    instruments: Instruments
    probes: dict[str, Instrument[Any]]

    def __init__(
        self,
        options: Options,
        look: tuple[Theme, Preferences] | None = None,
        emit: Callable[[TaskEvent], None] | None = None,
    ) -> None:
        """Build everything, and start nothing.

        Args:
            options: what the command line asks for.
            look: the theme and the preferences of the window; None where there is none, and so no lag to measure.
            emit: takes the events of tasks, in any thread, in the bridge's place.
        """
        super().__init__()
        self.options = options
        self.has_window = has_window = look is not None
        self.catalog = Catalog()
        self.server = ImageServer(settings=PROFILES[options.network or "fair"])
        self.bridge = Bridge()
        self.gate = EventLoopGate()
        self.lag = LagMonitor()
        resources = ResourceMeter()
        probes: list[Probe[Any]] = [resources]
        if has_window:
            self.probes = make_instruments(self.lag)
            probes = [self.lag, *self.probes.values(), resources]
        self.session = Session(
            emit or self.bridge.post,
            self.server,
            self.gate if has_window else None,
            probes,
            is_lasting=look is not None and look[1].is_lasting,
        )
        self.director = Director(self.session, self.bridge)
        self.run_files = RunFileIO(self.gate)
        # Before all others that hear of runs: whether one is a benchmark's is known from here.
        self.leader = BenchmarkLeader(self.session, self.director, self.catalog, has_window)
        self._phases = PhaseLog(self.director, self.leader, self.run_files)
        self.leaving = Leaving(self.session, self.clean_up)
        self.listed: list[Run] = []
        self.compared: tuple[Run, Run] | None = None
        self.time_left = TimeLeft()
        self.may_start: Callable[[], bool] = lambda: not self.is_busy
        self.may_run: Callable[[str], bool] = lambda workload: True
        self._measured: dict[str, str] = {}
        self._used: dict[str, Entry] = {}
        self._poll_hook = PollHook(self.gate)
        self._beats = Beats(self.lag, self._poll_hook, lambda: self.is_busy)
        self._settling = QTimer(self, interval=SETTLE_MS, singleShot=True)
        self._settling.timeout.connect(self._look_whether_settled)
        self._settles_at, self._tries = 0.0, SETTLE_TRIES
        self._connect()
        if look is not None:
            self._hooks = MainThreadHooks(cast("MainThread", self.probes["main"]), self._poll_hook)
            self.director.announced.connect(self._beats.hasten)
            self.instruments = Instruments(self.probes, self.director, options, look)

    def _connect(self) -> None:
        self.director.announced.connect(self.measure)
        self.director.begun.connect(self._note_workload)
        self.director.finished.connect(self._list)
        self.director.compared.connect(self._note_pair)
        self.leader.finished.connect(self._note_best)
        self.run_files.opened.connect(self._list_opened)
        self.run_files.compared.connect(self.director.compared)

    @property
    def known(self) -> Known:
        """What decides which place is advised."""
        return Known(self.catalog.runners, self.catalog.workloads, gil_enabled(), self._measured)

    @property
    def is_busy(self) -> bool:
        return self.director.is_busy or self.leader.is_running or self.has_lesson

    @property
    def has_lesson(self) -> bool:
        """Whether a lesson goes on, also before and after its runs."""
        return "lessons" in vars(self) and self.lessons.lesson is not None

    @property
    def lessons_done(self) -> set[str]:
        """The names of the lessons that came to their end since the start."""
        return self.lessons.done if "lessons" in vars(self) else set()

    @cached_property
    def lessons(self) -> LessonLeader:
        """Goes through lessons; made when it is first wanted."""
        from gui.controllers.lesson import LessonLeader

        leader = LessonLeader(self.director, self.server, lambda: self.is_busy)
        leader.begun.connect(self.lesson_begun)
        leader.finished.connect(self.lesson_ended)
        leader.refused.connect(self.lesson_ended)
        return leader

    @Slot(object)
    def list_watched(self, run: Run) -> None:
        """Take in the run of a program that was watched."""
        self.listed.append(run)
        self.watch_ended.emit(run)

    def begin(self) -> None:
        with suppress(ServerError):  # a run that needs it tries again, and tells why not
            self.server.start()
        if self.has_window:
            self._poll_hook.install()
            self._wait_until_settled()

    def _wait_until_settled(self) -> None:
        self._settles_at = time.perf_counter() + SETTLE_MS / 1e3
        self._settling.start()

    @Slot()
    def _look_whether_settled(self) -> None:
        self._tries -= 1
        if self._tries and time.perf_counter() - self._settles_at > SETTLED_S:
            self._wait_until_settled()
        else:
            self.measure()

    @Slot()
    def measure(self) -> None:
        """Measure the GUI thread from now on: its start has settled, or a run is announced before it has."""
        if self.has_window and not self.lag.is_on:
            self._settling.stop()
            self._beats.begin()
            self.instruments.begin()
            self.settled.emit()

    @Slot()
    def cancel(self) -> None:
        if self.leader.is_running:
            self.leader.cancel()
        elif self.has_lesson:
            self.lessons.cancel()
        else:
            self.director.cancel()

    @Slot(object)
    def _note_workload(self, run: Run) -> None:
        self._used[run.settings.workload] = run.settings.workload_entry

    @Slot(object)
    def _list(self, run: Run) -> None:
        if not self.leader.is_running:
            self.listed.append(run)

    @Slot(object)
    def _list_opened(self, run: Run) -> None:
        self.listed += [run] if run.compared_with is None else [run.compared_with, run]

    @Slot(object)
    def _note_best(self, benchmark: Benchmark) -> None:
        """What a benchmark of one function of a person's own advises holds for every later freeze in it."""
        names = benchmark.matrix.choice.workloads
        if len(names) == 1 and is_own(names[0]):
            from workers.benchmark.advice import advise  # needed late, if at all

            self._measured[names[0]] = advise(benchmark, self.catalog.runners).runner

    @Slot(object, object)
    def _note_pair(self, blocking: Run, other: Run) -> None:
        self.compared = (blocking, other)

    def clean_up(self) -> None:
        """Close what would outlive the process. Also called from another thread, when the GUI thread is stuck."""
        self.server.close()
        end_all()
        for workload in self._used.values():
            leave = workload_hook(workload, "leave")
            if leave is not None:
                leave()

    def close(self) -> None:
        self._settling.stop()
        self._beats.close()
        self.leader.close()
        if "lessons" in vars(self):
            self.lessons.close()
        self.run_files.close()
        if self.has_window:
            self.instruments.close()
        self._poll_hook.remove()
        self.clean_up()
        self.leaving.remove()
