"""The pages that are made after the first frame, which comes the sooner for it; and who does what they ask for.

In the GUI thread.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from gui.benchmark.tab import BenchmarkTab
from gui.downloads.tab import DownloadsTab
from gui.runs.tab import RunsTab
from gui.tasks.tab import TasksTab
from gui.your_function.tab import OwnTab
from workers.benchmark.findings import headline

if TYPE_CHECKING:
    from PySide6.QtWidgets import QSplitter, QWidget

    from gui.controllers.benchmark import BenchmarkLeader
    from gui.controllers.run import Director
    from gui.process.preferences import Memory
    from gui.theme.theme import Theme
    from gui.window.window import MainWindow
    from workers.benchmark.results import Benchmark
    from workers.catalog.entry import Entry
    from workers.engine.gil_scheduler import Gate
    from workers.engine.session import Session
    from workers.monitors.lag import LagMonitor

TITLES = ("Downloads", "Tasks", "Runs", "Benchmark", "Your function")


class LatePages(QObject):
    """Makes the pages and connects them.

    Attributes:
        tasks: timeline and table of one run's tasks.
        runs: the runs that have ended.
        downloads: addresses of a person's own.
        benchmark: every place beside the others.
        own: a person's own function.
    """

    def __init__(
        self,
        window: MainWindow,
        theme: Theme,
        session: Session,
        director: Director,
        lag: LagMonitor,
        gate: Gate,
        runners: dict[str, Entry],
        workloads: dict[str, Entry],
        memory: Memory,
        leader: BenchmarkLeader,
    ) -> None:
        super().__init__(window)
        self._window, self._session, self._director, self._leader = window, session, director, leader
        self._memory = memory
        settings = partial(window.controls.settings, False)
        self.tasks = TasksTab(theme, lag)
        self.runs = RunsTab(theme, runners, workloads)
        self.downloads = DownloadsTab(theme, gate=gate, may_start=window.may_start)
        self.own = OwnTab(theme, leader, runners, memory, settings, window.may_start)
        self.benchmark = BenchmarkTab(
            theme, leader, runners, workloads, memory, settings, window.may_start, self.own.may_run
        )
        self._connect_runs()
        self._connect_downloads()
        self._connect_benchmark()
        self._connect_own()
        director.idle.connect(self._settle)

    def by_title(self) -> dict[str, tuple[QWidget, QSplitter]]:
        """Each page with its splitter, by its tab's title."""
        downloads, tasks, runs, benchmark, own = TITLES
        return {
            downloads: (self.downloads, self.downloads.splitter),
            tasks: (self.tasks, self.tasks.splitter),
            runs: (self.runs, self.runs.splitter),
            benchmark: (self.benchmark, self.benchmark.splitter),
            own: (self.own, self.own.splitter),
        }

    def remember(self) -> None:
        """Keep what is to be there at the next start."""
        self.downloads.remember(self._memory)

    def shut(self) -> None:
        """Give free what the pages hold."""
        self.downloads.shut()
        self.own.close_file()

    # ---------------------------------------------------------------- who does what they ask for

    def _connect_runs(self) -> None:
        window, runs = self._window, self.runs
        self._director.compared.connect(runs.pin_pair)
        runs.save_requested.connect(window.files.save)
        runs.export_requested.connect(window.files.export)
        runs.run_shown.connect(window.views.show_tasks)
        runs.run_again.connect(window.run_again)

    def _connect_downloads(self) -> None:
        window, downloads = self._window, self.downloads
        downloads.recall(self._memory)
        downloads.start_requested.connect(window.download)
        downloads.pause_requested.connect(window.pause)
        downloads.cancel_requested.connect(window.cancel)
        downloads.pause_task.connect(self._session.pause_task)
        downloads.resume_task.connect(self._session.resume_task)
        downloads.said.connect(window.announcer.say)

    def _connect_benchmark(self) -> None:
        self._leader.begun.connect(self._benchmark_begun)
        self._leader.finished.connect(self._benchmark_over)
        self._leader.progressed.connect(self._wait)
        self._leader.refused.connect(self._benchmark_refused)
        self._director.announced.connect(self._hold)
        self.benchmark.said.connect(self._window.announcer.say)

    def _connect_own(self) -> None:
        window, own = self._window, self.own
        own.follow(self._director)
        own.chosen.connect(window.controls.choose_workload)
        own.withdrawn.connect(window.controls.remove_workload)
        own.said.connect(window.announcer.say)
        window.controls.workload_added.connect(self.benchmark.form.add_workload)
        window.controls.workload_removed.connect(self.benchmark.form.remove_workload)

    # ---------------------------------------------------------------- what happens

    @Slot()
    def _hold(self) -> None:
        """A run is about to begin: no other may."""
        self.benchmark.form.set_free(False)
        self.downloads.set_busy(True)
        self.own.set_free(False)

    @Slot()
    def _settle(self) -> None:
        if not self._leader.is_running:
            self.benchmark.form.set_free(True)
            self.downloads.set_busy(False)
            self.own.set_free(True)

    @Slot()
    def _wait(self) -> None:
        """A benchmark is prepared, or goes on."""
        if self._leader.is_running:
            self._window.controls.set_state("waiting")

    @Slot()
    def _benchmark_refused(self) -> None:
        self._settle()
        self._window.settle()

    @Slot(object)
    def _benchmark_begun(self, benchmark: Benchmark) -> None:
        window = self._window
        window.announcer.forget()
        self._wait()
        if self.own.is_leading:
            window.tabs.setCurrentWidget(self.own)
            window.strip.say("Measuring: the tab Your function tells how far it is.", keep=False)
        else:
            window.tabs.setCurrentWidget(self.benchmark)
            window.strip.say("Measuring: the Benchmark tab tells how far it is.", keep=False)

    @Slot(object)
    def _benchmark_over(self, benchmark: Benchmark) -> None:
        self._settle()
        self._window.settle()
        self._window.strip.say(self.own.verdict_of(benchmark) or headline(benchmark))
