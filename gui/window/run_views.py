"""What the window shows of runs: the one that goes on, frame by frame, and those that have ended. In the GUI thread.

Of a benchmark only the live graphs show each run: there are hundreds.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer, Slot

from gui.window.header import WORST
from workers.catalog.compatibility import tasks_are
from workers.engine.plan import BLOCKING
from workers.monitors.lag import RECENT_S
from workers.reports.summary import usable_cpus
from workers.utils.throttle import Throttle

if TYPE_CHECKING:
    from gui.controllers.core import Core
    from gui.window.announcer import Announcer
    from gui.window.layout import WindowLayout
    from gui.window.pages import Pages
    from workers.engine.plan import Settings
    from workers.engine.run import Run

RUNNING_MS = 33
IDLE_MS = 400
"""Where nothing runs: each frame costs 4 ms. The lag of this moment is that of RECENT_S, so that nothing is missed."""

FIGURES_S = 0.18
"""The figures follow about 5 times a second: nobody reads them faster."""

CORES_EVERY_S = 1.0

TRAIL_S = 0.25
"""So far behind the present the lag of a run is shown: what comes after its end, of which the window hears a little
later, is none of its lag, and the worst would fall."""


class RunViews(QObject):
    """Brings every view up to date, once a frame."""

    def __init__(self, window: WindowLayout, core: Core, pages: Pages, announcer: Announcer) -> None:
        super().__init__(window)  # its frames end with the window
        self._panels, self._core, self._pages, self._announcer = window, core, pages, announcer
        self._session, self._leader, self._lag = core.session, core.leader, core.lag
        self._figures_throttle = Throttle(FIGURES_S)
        self._frames_before = 0
        self._measures = False  # whether the last run was one of a benchmark: the strip tells of all of these
        self._run: Run | None = None  # whose figures are shown
        self._worst_ms, self._seen = 0.0, 0.0
        self._waits = False  # whether a run is announced that has not begun
        self._cpu = (time.perf_counter(), time.process_time(), 0.0)
        self._frames = QTimer(self, interval=IDLE_MS)
        self._frames.timeout.connect(self._next_frame)
        core.director.announced.connect(self._announce)
        core.director.begun.connect(self._begun)
        core.director.results.connect(self._show_results)
        core.director.finished.connect(self._finished)
        core.director.paused.connect(self._show_paused)
        core.director.idle.connect(self._settle)
        core.leader.begun.connect(self._hasten)
        core.leader.progressed.connect(self._wait)
        core.leader.finished.connect(self._settle)
        core.run_files.opened.connect(self._show_opened)
        window.reason.chosen.connect(self.show_freeze)
        core.instruments.changed.connect(self._follow_instruments)
        self._follow_instruments()

    # ---------------------------------------------------------------- frames

    def begin(self) -> None:
        self._frames.start()

    @Slot()
    def _hasten(self) -> None:
        self._frames.setInterval(RUNNING_MS)
        self._panels.header.heartbeat.set_fast(True)

    @Slot()
    def _settle(self) -> None:
        if self._waits and not self._measures:
            self._panels.strip.show_nothing(bool(self._core.listed))
        self._waits = False
        self._panels.graphs.set_awaiting(False)
        if not self._leader.is_running:
            self._frames.setInterval(IDLE_MS)
            self._panels.header.heartbeat.set_fast(False)

    @Slot()
    def _follow_instruments(self) -> None:
        self._panels.graphs.set_gil_visible(self._core.instruments.is_on("gil"))

    @Slot()
    def _next_frame(self) -> None:
        self._panels.graphs.refresh()
        for page in self._pages:
            page.refresh()
        # Where nothing runs each frame is late enough, and one left out would be missed.
        if self._figures_throttle.is_due(at_once=self._frames.interval() == IDLE_MS):
            self._refresh()

    def refresh_all(self) -> None:
        """Bring everything up to date at once, for a picture of the window."""
        self._panels.graphs.refresh()
        for page in self._pages:
            page.refresh(at_once=True)
        self._refresh()

    def _refresh(self) -> None:
        run = self._run
        self._panels.pulse.refresh()
        if not self._waits:
            self._show_lag(run)
        now, (since, cpu_before, workers_before) = time.perf_counter(), self._cpu
        if now - since >= CORES_EVERY_S:
            cpu, workers = time.process_time(), self._session.processes_cpu_s
            # The processes of the run before are not counted any more when the next one begins.
            theirs = max(0.0, workers - workers_before) / (now - since)
            self._panels.header.set_cores((cpu - cpu_before) / (now - since), theirs, usable_cpus())
            self._cpu = (now, cpu, workers)
        benchmark = self._leader.benchmark
        if self._measures and benchmark is not None:
            self._panels.strip.show_measured(benchmark, self._leader.is_running)
        elif run is not None and not self._measures:
            self._panels.strip.show_progress(run)

    def _show_lag(self, run: Run | None) -> None:
        header, lag, now = self._panels.header, self._lag, time.perf_counter()
        if not lag.is_on:
            header.set_lag(None, None)
        elif run is None:
            header.set_lag(lag.recent_ms(), None)
        elif run.ended is None:
            until = now - TRAIL_S
            if until <= run.started:
                header.set_lag(None, None)
                return
            self._worst_ms = max(self._worst_ms, lag.worst_ms(self._seen, until, run.started))
            self._seen = until
            header.set_lag(lag.worst_ms(until - RECENT_S, until, run.started), self._worst_ms)
        else:
            # Those of a benchmark are in no list, and nobody could tell which one it was.
            listed = self._core.listed
            worst = run.lag.max if run.lag is not None and run in listed else None
            whose = f"Worst of run {listed.index(run) + 1}" if run in listed else WORST
            header.set_lag(lag.worst_ms(now - RECENT_S, now, run.ended), worst, whose)

    # ---------------------------------------------------------------- the run that goes on

    @Slot(object)
    def _announce(self, settings: Settings) -> None:
        """What is shown now may stay for long: what will happen, and nothing of what was."""
        self._hasten()
        self._measures = self._leader.is_running
        self._waits, self._run = True, None
        panels = self._panels
        panels.header.set_lag(None, None)
        panels.graphs.set_awaiting(True)
        panels.controls.server.forget()
        self._pages.set_free(False)
        benchmark = self._leader.benchmark
        if not self._measures:
            panels.header.forget_cores()
            self._cpu = (time.perf_counter(), time.process_time(), 0.0)
            self._pages.await_run(settings)
            panels.controls.set_state("waiting")
            panels.controls.show_running(settings)
            unknown = tasks_are(settings.workload_entry, dict(settings.params))
            panels.strip.show_waiting(None if unknown else settings.tasks)
            self._announcer.run_announced(settings)
        elif benchmark is not None:
            panels.strip.show_measured(benchmark, True)
        if settings.runner == BLOCKING:  # on a busy machine a frame might come too late by itself
            QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
            panels.repaint()

    @Slot(object)
    def _begun(self, run: Run) -> None:
        # Not the catalog's: a function may have been withdrawn meanwhile.
        runner = run.settings.runner_entry
        workload = run.settings.workload_entry
        panels = self._panels
        self._waits, self._run = False, run
        self._worst_ms, self._seen = 0.0, run.started
        if not self._measures:
            panels.controls.set_state("running")
            self._frames_before = panels.graphs.frames
        number = 0 if self._measures else len(self._core.listed) + 1
        panels.graphs.add_run(run, str(runner.constants.get("SHORT", runner.title)), run.plan.unit, number)
        if self._measures:
            return
        if workload.constants.get("PICTURES"):
            self._pages.page("Gallery")  # it keeps what comes, also while nobody looks
        self._pages.show_run(run)
        self._figures_throttle.reset()  # the next frame shows all that is new; now it would delay the first task

    @Slot(bool)
    def _show_paused(self, paused: bool) -> None:
        self._panels.controls.set_state("paused" if paused else "running")
        if self._run is not None:
            self._announcer.run_paused(self._run, paused)

    @Slot()
    def _wait(self) -> None:
        if self._leader.is_running:
            self._panels.controls.set_state("waiting")

    @Slot(object)
    def _show_results(self, results: list[Any]) -> None:
        if not self._leader.is_running:
            for page in self._pages:
                page.take_results(results)

    @Slot(object)
    def _finished(self, run: Run) -> None:
        if self._leader.is_running:
            return
        run.frames = self._panels.graphs.frames - self._frames_before
        self._announcer.run_finished(run, self._session.runs)
        for page in self._pages:
            page.finish_run(run)
        self.refresh_all()

    # ---------------------------------------------------------------- those that have ended

    @Slot(object)
    def _show_opened(self, run: Run) -> None:
        if not self._core.director.is_busy:
            self._pages.show_run(run)
        for each in [run] if run.compared_with is None else [run.compared_with, run]:
            for page in self._pages:
                page.finish_run(each)
        self._pages.runs.wanted.emit()
        self._announcer.run_opened(run)

    @Slot(object, float)
    def show_freeze(self, run: Run, moment: float) -> None:
        """Show the card of a freeze of a run, at a moment in seconds of `time.perf_counter`."""
        self._pages.runs.show_freeze(run, moment)
