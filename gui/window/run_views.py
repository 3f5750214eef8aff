"""What the window shows of runs: the one that goes on, frame by frame, and those that have ended. In the GUI thread.

Of a benchmark only the live graphs show each run: there are hundreds.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from gui.runs.model import Titles
from workers.catalog import user_names
from workers.catalog.user_names import short
from workers.reports.summary import usable_cpus

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from gui.controllers.benchmark import BenchmarkLeader
    from gui.controllers.run import Director
    from gui.gallery.tab import Gallery
    from gui.live.graphs import LiveGraphs
    from gui.process.preferences import Memory
    from gui.side_panel.panel import Controls
    from gui.window.announcer import Announcer
    from gui.window.header import Header
    from gui.window.pages import LatePages
    from gui.window.status_bar import StatusStrip
    from workers.catalog.entry import Entry
    from workers.engine.run import Run
    from workers.engine.session import Session
    from workers.monitors.lag import LagMonitor

RUNNING_MS = 33
IDLE_MS = 200
TABLE_EVERY = 6
"""The table and the figures follow every so many frames: nobody reads them faster."""

CORES_EVERY_S = 1.0


class Panels(NamedTuple):
    """What is there from the first frame on."""

    header: Header
    controls: Controls
    graphs: LiveGraphs
    gallery: Gallery
    strip: StatusStrip
    announcer: Announcer


class RunViews(QObject):
    """Brings every view up to date, once a frame.

    Attributes:
        pages: those that are made after the first frame; None until then.

    Signals:
        page_wanted: a page that shows something new; it is to come to the front.
        said: a sentence on why something is not shown.
    """

    page_wanted = Signal(object)
    said = Signal(str)

    def __init__(
        self,
        window: QWidget,
        panels: Panels,
        session: Session,
        director: Director,
        lag: LagMonitor,
        leader: BenchmarkLeader,
        runners: dict[str, Entry],
        workloads: dict[str, Entry],
        memory: Memory,
    ) -> None:
        super().__init__(window)  # its frames end with the window
        self.pages: LatePages | None = None
        self._panels, self._session, self._director, self._lag, self._leader = panels, session, director, lag, leader
        self._runners, self._workloads, self._memory = runners, workloads, memory
        self._frame = self._frames_before = 0
        self._measures = False  # whether the last run was one of a benchmark: the strip tells of all of these
        self._cpu = (time.perf_counter(), time.process_time())
        self._frames = QTimer(self, interval=IDLE_MS)
        self._frames.timeout.connect(self._next_frame)
        director.begun.connect(self._begun)
        director.results.connect(self._show_results)
        director.finished.connect(self._finished)
        director.idle.connect(self._settle)
        leader.begun.connect(self._hasten)
        leader.finished.connect(self._settle)

    # ---------------------------------------------------------------- frames

    def begin(self) -> None:
        """Start the frames; called once the window is shown."""
        self._frames.start()

    @Slot()
    def _hasten(self) -> None:
        self._frames.setInterval(RUNNING_MS)

    @Slot()
    def _settle(self) -> None:
        if not self._leader.is_running:
            self._frames.setInterval(IDLE_MS)

    @Slot()
    def _next_frame(self) -> None:
        self._frame += 1
        self._panels.graphs.refresh()
        if self.pages is not None:
            self.pages.tasks.refresh()
            self.pages.downloads.refresh()
        if self._frame % TABLE_EVERY == 0 or self._frames.interval() == IDLE_MS:
            self._refresh()

    def refresh_all(self) -> None:
        """Bring everything up to date at once, for a picture of the window."""
        self._panels.graphs.refresh()
        if self.pages is not None:
            self.pages.tasks.refresh(at_once=True)
            self.pages.downloads.refresh(at_once=True)
        self._refresh()

    def _refresh(self) -> None:
        run = self._session.run
        worst = 0.0  # before the first run: what the window's own start cost is none of a run's
        if run is not None:
            worst = run.lag.max if run.lag is not None else self._lag.worst_ms
        self._panels.header.set_lag(self._lag.recent_ms(), worst)
        now, cpu = time.perf_counter(), time.process_time()
        if now - self._cpu[0] >= CORES_EVERY_S:
            self._panels.header.set_cores((cpu - self._cpu[1]) / (now - self._cpu[0]), usable_cpus())
            self._cpu = (now, cpu)
        benchmark = self._leader.benchmark
        if self._measures and benchmark is not None:
            self._panels.strip.show_measured(benchmark.done, benchmark.matrix.runs)
        elif run is not None and not self._measures:
            self._panels.strip.show_progress(run)

    # ---------------------------------------------------------------- the run that goes on

    @Slot(object)
    def _begun(self, run: Run) -> None:
        panels = self._panels
        short = _titles(self._runners[run.settings.runner]).short
        if not self._leader.is_running:
            panels.announcer.run_begun(run)
            panels.controls.set_state("running")
            self._hasten()
            self._frames_before = panels.graphs.frames
        self._measures = self._leader.is_running
        self._lag.worst_ms = 0.0
        panels.graphs.add_run(run, short, run.plan.unit)
        if self._leader.is_running:
            return
        workload = self._workloads[run.settings.workload]
        panels.gallery.begin(run, bool(workload.constants.get("PICTURES", False)))
        if self.pages is not None:
            self.pages.tasks.show_run(run, run.plan.unit)
            self.pages.downloads.follow(run)
        self._frame = -1  # the next frame shows all that is new; now it would delay the first task

    @Slot(object)
    def _show_results(self, results: list[Any]) -> None:
        if not self._leader.is_running:
            self._panels.gallery.add(results)

    @Slot(object)
    def _finished(self, run: Run) -> None:
        if self._leader.is_running:
            return
        run.frames = self._panels.graphs.frames - self._frames_before
        self._list_run(run)
        self._panels.announcer.run_finished(run, self._session.runs, self._panels.controls.runner)
        self._memory.write("guided", "yes")
        self._panels.gallery.finish()
        self.refresh_all()

    # ---------------------------------------------------------------- those that have ended

    def _list_run(self, run: Run) -> None:
        """A row for a run in the Runs tab. One from a file may be of a place or of work that are not known here."""
        runner, workload = run.settings.runner, run.settings.workload
        titles = _titles(self._runners[runner]) if runner in self._runners else Titles(runner, runner)
        work = self._workloads[workload].title if workload in self._workloads else user_names.title(workload)
        if self.pages is not None:
            self.pages.runs.add_run(run, titles, Titles(work, short(workload)), run.plan.unit)

    @Slot(object)
    def show_opened(self, run: Run) -> None:
        """List a run that a file had kept, and show its tasks where no other goes on."""
        self._list_run(run)
        if self.pages is not None and not self._director.is_busy:
            self.pages.tasks.show_run(run, run.plan.unit)
        if self.pages is not None:
            self.page_wanted.emit(self.pages.runs)
        self._panels.announcer.run_opened(run)

    @Slot(object)
    def show_tasks(self, run: Run) -> None:
        """Show the tasks of a run that has ended."""
        if self._director.is_busy:
            self.said.emit("The tasks of another run can be shown when this one has ended.")
        elif self.pages is not None:
            self.pages.tasks.show_run(run, run.plan.unit)
            self.page_wanted.emit(self.pages.tasks)


def _titles(runner: Entry) -> Titles:
    return Titles(runner.title, str(runner.constants.get("SHORT", runner.title)))
