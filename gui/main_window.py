"""The window: its layout and its actions. What they do is led by the director; what it shows comes from the session."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QMainWindow, QWidget

from gui import guide
from gui.announcer import Announcer
from gui.code_view import CodeView
from gui.controls import Controls
from gui.file_actions import FileActions
from gui.gallery import Gallery
from gui.header import Header
from gui.live_graphs import LiveGraphs
from gui.menus import Menus
from gui.runs_model import Titles
from gui.start_guard import StartGuard
from gui.status_strip import StatusStrip
from gui.window_layout import WindowLayout
from workers.benchmark_words import headline
from workers.plan import BLOCKING
from workers.report import usable_cpus

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QImage

    from gui.benchmark_leader import BenchmarkLeader
    from gui.benchmark_tab import BenchmarkTab
    from gui.director import Director
    from gui.instruments import Instruments
    from gui.keeper import Keeper
    from gui.memory import Memory
    from gui.runs_tab import RunsTab
    from gui.tasks_tab import TasksTab
    from gui.theme import Theme
    from workers.benchmark_results import Benchmark
    from workers.discover import Entry
    from workers.monitors.lag import LagMonitor
    from workers.plan import Settings
    from workers.run import Run
    from workers.session import Session

RUNNING_MS = 33
IDLE_MS = 200
TABLE_EVERY = 6
"""The table and the figures follow every so many frames: nobody reads them faster."""

CORES_EVERY_S = 1.0


LATE_PAGES = ("Tasks", "Runs", "Benchmark")
"""The tabs that `furnish` fills."""


class MainWindow(QMainWindow):
    """Everything that a person sees.

    Attributes:
        guard: says whether Start may start now.
        on_close: called when the person closes the window; the window itself never closes.
        tasks: the page of that name, like `runs` and `benchmark` made by `furnish`.
    """

    tasks: TasksTab
    runs: RunsTab
    benchmark: BenchmarkTab

    def __init__(
        self,
        theme: Theme,
        session: Session,
        director: Director,
        lag: LagMonitor,
        runners: dict[str, Entry],
        workloads: dict[str, Entry],
        memory: Memory,
        instruments: Instruments,
        keeper: Keeper,
        leader: BenchmarkLeader,
    ) -> None:
        super().__init__()
        self.instruments, self._leader = instruments, leader
        self._theme, self._session, self._director, self._lag, self._memory = theme, session, director, lag, memory
        self._runners, self._workloads = runners, workloads
        self.guard = StartGuard(self)
        self.on_close: Callable[[], None] = lambda: None
        self._frame = 0
        self._cpu = (time.perf_counter(), time.process_time())
        self.setWindowTitle("Thaw")

        self.header = Header(theme)
        self.controls = Controls(theme, runners, workloads)
        self.graphs = LiveGraphs(theme, lag, instruments.gil_meter, instruments.watchdog)
        self.gallery = Gallery(theme)
        self.code = CodeView(theme)
        self.strip = StatusStrip()
        pictures: dict[str, Callable[[], QImage]] = {
            "all live graphs": self.graphs.image,
            "the throughput": partial(self.graphs.image, "throughput"),
            "the lag": partial(self.graphs.image, "lag"),
            "the wait for the GIL": partial(self.graphs.image, "gil"),
            "the timeline": lambda: self.tasks.timeline.image(),
            "the runs compared": lambda: self.runs.image("overlay"),
            "the runners compared": lambda: self.runs.image("bars"),
            "the benchmark's bars": lambda: self.benchmark.image("bars"),
            "the benchmark's curves": lambda: self.benchmark.image("curves"),
        }
        self.files = FileActions(self, keeper, memory, lambda: self.runs.selected_run, pictures)
        self.setAcceptDrops(True)
        pages = ((self.gallery, "Gallery"), *((QWidget(), title) for title in LATE_PAGES), (self.code, "Code"))
        self._layout = WindowLayout(self.header, self.controls, self.graphs, pages, self.strip)
        self.tabs, self.middle, self.sides = self._layout.tabs, self._layout.middle, self._layout.sides
        self.setCentralWidget(self._layout)
        self.setMinimumSize(1000, 640)
        self.resize(1280, 800)
        self.announcer = Announcer(self.header, self.strip, runners, workloads, lambda: self._is_busy)
        self.menus = Menus(self, theme)
        for button, action in (
            (self.controls.start_button, self.menus.start),
            (self.controls.pause_button, self.menus.pause),
            (self.controls.cancel_button, self.menus.cancel),
            (self.controls.compare_button, self.menus.compare),
        ):
            button.setToolTip(f"{button.toolTip() or button.text()} ({action.shortcut().toString()})")
        self._connect(keeper)
        self._frames = QTimer(self, interval=IDLE_MS)
        self._frames.timeout.connect(self._next_frame)

    def furnish(self) -> None:
        """Make the pages that can wait, once and after the first frame, which comes the sooner for it."""
        from gui.benchmark_tab import BenchmarkTab
        from gui.runs_tab import RunsTab
        from gui.tasks_tab import TasksTab

        self.tasks = TasksTab(self._theme, self._lag)
        self.runs = RunsTab(self._theme, self._runners, self._workloads)
        settings = partial(self.controls.settings, False)
        self.benchmark = BenchmarkTab(
            self._theme, self._leader, self._runners, self._workloads, self._memory, settings, self._may_start
        )
        pages = {
            "Tasks": (self.tasks, self.tasks.splitter),
            "Runs": (self.runs, self.runs.splitter),
            "Benchmark": (self.benchmark, self.benchmark.splitter),
        }
        self._layout.furnish(pages, self._memory)
        self._director.compared.connect(self.runs.pin_pair)
        self.runs.save_requested.connect(self.files.save)
        self.runs.export_requested.connect(self.files.export)
        self.runs.run_shown.connect(self._show_tasks)
        self.runs.run_again.connect(self._run_again)
        self._connect_benchmark()
        self._follow_instruments()

    def _connect(self, keeper: Keeper) -> None:
        controls, director = self.controls, self._director
        controls.start_requested.connect(self.start)
        controls.pause_requested.connect(self.pause)
        controls.cancel_requested.connect(self.cancel)
        controls.compare_requested.connect(self.compare)
        controls.choice_changed.connect(self._show_code)
        self.header.blocking_changed.connect(self.set_blocking)
        self.header.hint_action.connect(self._follow_hint)
        self.menus.toggle.toggled.connect(self.set_blocking)
        self.tabs.currentChanged.connect(self._show_code)
        director.begun.connect(self._run_begun)
        director.results.connect(self._show_results)
        director.finished.connect(self._run_finished)
        director.compared.connect(self.announcer.compared)
        director.refused.connect(self._refused)
        director.idle.connect(self._settle)
        keeper.opened.connect(self._run_opened)
        self.files.said.connect(self.announcer.say)
        self.instruments.changed.connect(self._follow_instruments)
        self.header.witness_changed.connect(partial(self.instruments.set_on, "witness"))

    def _connect_benchmark(self) -> None:
        leader, director = self._leader, self._director
        leader.begun.connect(self._benchmark_begun)
        leader.finished.connect(self._benchmark_over)
        director.announced.connect(self._hold_benchmark)
        self.benchmark.said.connect(self.announcer.say)

    # ---------------------------------------------------------------- what a person does

    @property
    def _is_busy(self) -> bool:
        """Whether a run or a benchmark is going on or about to begin."""
        return self._director.is_busy or self._leader.is_running

    @property
    def is_blocking(self) -> bool:
        """Whether the toggle is on: then the runner is `gui_thread`, whatever the menu says."""
        return self.menus.toggle.isChecked()

    @Slot(bool)
    def set_blocking(self, on: bool) -> None:
        """Turn the toggle; header, menu and controls show the same state."""
        self.menus.toggle.setChecked(on)
        self.header.set_blocking(on)
        self.controls.set_blocking(on)
        if not self._is_busy:
            self.announcer.say_hint(guide.BLOCKING_ON if on else guide.BLOCKING_OFF)
        self._show_code()

    @Slot()
    def start(self) -> None:
        """Start a run with what is chosen, unless the click was made while the window was frozen."""
        settings = self.controls.settings(self.is_blocking)
        blocking = settings.runner == BLOCKING
        if self._may_start() and (self._may_block(settings) if blocking else self._fits()):
            self._wait_for_run()
            self._director.start(settings)

    @Slot()
    def compare(self) -> None:
        """Run the same work on the GUI thread and then on the chosen runner."""
        settings = self.controls.settings(False)
        if self._may_start() and self._fits() and self._may_block(settings):
            self._wait_for_run()
            self._director.compare(settings)

    def _may_start(self) -> bool:
        return not self._is_busy and not self.guard.is_late()

    def _fits(self) -> bool:
        """Whether the chosen runner can do the work; says why not. The keys and the hint lead here, too."""
        if self.controls.fit.why_not:
            self.strip.say(self.controls.fit.why_not, keep=False)
        return not self.controls.fit.why_not

    def _may_block(self, settings: Settings) -> bool:
        return self.guard.may_block(settings, self._session.runs, self.instruments.is_on("witness"))

    @Slot()
    def pause(self) -> None:
        """Pause the run, or let it go on."""
        run = self._session.run
        if run is None or not self._session.is_running or self._leader.is_running:
            return
        if run.control.paused:
            self._session.resume()
        else:
            self._session.pause()
        self.controls.set_state("paused" if run.control.paused else "running")

    @Slot()
    def cancel(self) -> None:
        """Cancel the run, or the benchmark."""
        if self._leader.is_running:
            self._leader.cancel()
        else:
            self._director.cancel()

    @Slot()
    def _follow_hint(self) -> None:
        if self.announcer.hint.action == "runner" and not self._is_busy:
            self.set_blocking(False)
            self.start()

    # ---------------------------------------------------------------- what happens

    def _wait_for_run(self) -> None:
        self._memory.write_run(self.controls.settings(False))
        self.announcer.forget()
        self.controls.set_state("waiting")

    @Slot(object)
    def _run_begun(self, run: Run) -> None:
        runner = self._runners[run.settings.runner]
        if self._leader.is_running:  # of a benchmark only the live graphs show each run: there are hundreds
            self._lag.worst_ms = 0.0
            self.graphs.add_run(run, _titles(runner).short, run.plan.unit)
            return
        self.announcer.run_begun(run)
        self.controls.set_state("running")
        self._frames.setInterval(RUNNING_MS)
        self._lag.worst_ms = 0.0
        self._frames_before = self.graphs.frames
        self.graphs.add_run(run, _titles(runner).short, run.plan.unit)
        workload = self._workloads[run.settings.workload]
        self.gallery.begin(run, bool(workload.constants.get("PICTURES", False)))
        self.tasks.show_run(run, run.plan.unit)
        self._frame = -1  # the next frame shows all that is new; now it would delay the first task

    @Slot(object)
    def _run_finished(self, run: Run) -> None:
        if self._leader.is_running:
            return
        run.frames = self.graphs.frames - self._frames_before
        self._list_run(run)
        self.announcer.run_finished(run, self._session.runs, self.controls.runner)
        self._memory.write("guided", "yes")
        self.gallery.finish()
        self.tasks.refresh(at_once=True)
        self._refresh()

    def _list_run(self, run: Run) -> None:
        """A row for a run in the Runs tab. One from a file may be of a place or of work that are not known here."""
        runner, workload = run.settings.runner, run.settings.workload
        titles = _titles(self._runners[runner]) if runner in self._runners else Titles(runner, runner)
        work = self._workloads[workload].title if workload in self._workloads else workload
        self.runs.add_run(run, titles, Titles(work, workload), run.plan.unit)

    @Slot(object)
    def _run_opened(self, run: Run) -> None:
        self._list_run(run)
        if not self._director.is_busy:
            self.tasks.show_run(run, run.plan.unit)
        self.tabs.setCurrentWidget(self.runs)
        self.announcer.run_opened(run)

    @Slot(object)
    def _show_tasks(self, run: Run) -> None:
        if self._director.is_busy:
            self.strip.say("The tasks of another run can be shown when this one has ended.", keep=False)
            return
        self.tasks.show_run(run, run.plan.unit)
        self.tabs.setCurrentWidget(self.tasks)

    @Slot(object)
    def _run_again(self, settings: Settings) -> None:
        """The same work in another place, as a freeze's card offers it."""
        if self._may_start():
            self.set_blocking(settings.runner == BLOCKING)
            self.controls.apply(settings)
            self._wait_for_run()
            self._director.start(settings)

    @Slot()
    def _follow_instruments(self) -> None:
        self.graphs.set_gil_visible(self.instruments.is_on("gil"))
        self.tasks.set_timeline_visible(self.instruments.is_on("timeline"))
        self.header.set_witness(self.instruments.is_on("witness"))

    @Slot(str)
    def _refused(self, why: str) -> None:
        if not self._leader.is_running:
            self.strip.say(why, keep=False)

    @Slot()
    def _settle(self) -> None:
        if self._leader.is_running:
            return
        if self._session.run is not None and self._session.run.settings.runner == BLOCKING:
            self.guard.thawed = time.perf_counter()
        self.controls.set_state("idle")
        self.benchmark.form.set_free(True)
        self._frames.setInterval(IDLE_MS)

    @Slot(object)
    def _show_results(self, results: list[Any]) -> None:
        if not self._leader.is_running:
            self.gallery.add(results)

    @Slot()
    def _hold_benchmark(self) -> None:
        self.benchmark.form.set_free(False)

    @Slot(object)
    def _benchmark_begun(self, benchmark: Benchmark) -> None:
        self.announcer.forget()
        self.controls.set_state("waiting")
        self._frames.setInterval(RUNNING_MS)
        self.tabs.setCurrentWidget(self.benchmark)
        self.strip.say("Measuring: the Benchmark tab tells how far it is.", keep=False)

    @Slot(object)
    def _benchmark_over(self, benchmark: Benchmark) -> None:
        self._settle()
        self.strip.say(headline(benchmark))

    # ---------------------------------------------------------------- what is shown

    def begin(self) -> None:
        """Start the frames; called once the window is shown."""
        self._frames.start()

    @Slot()
    def _next_frame(self) -> None:
        self._frame += 1
        self.graphs.refresh()
        self.tasks.refresh()
        if self._frame % TABLE_EVERY == 0 or self._frames.interval() == IDLE_MS:
            self._refresh()

    def refresh_all(self) -> None:
        """Bring everything up to date at once, for a picture of the window."""
        self.graphs.refresh()
        self.tasks.refresh(at_once=True)
        self._refresh()

    def _refresh(self) -> None:
        run = self._session.run
        worst = 0.0  # before the first run: what the window's own start cost is none of a run's
        if run is not None:
            worst = run.lag.max if run.lag is not None else self._lag.worst_ms
        self.header.set_lag(self._lag.recent_ms(), worst)
        now, cpu = time.perf_counter(), time.process_time()
        if now - self._cpu[0] >= CORES_EVERY_S:
            self.header.set_cores((cpu - self._cpu[1]) / (now - self._cpu[0]), usable_cpus())
            self._cpu = (now, cpu)
        if run is not None and not self._leader.is_running:
            self.strip.show_progress(run)

    @Slot()
    def _show_code(self) -> None:
        if self.tabs.currentWidget() is self.code:
            runner = BLOCKING if self.is_blocking else self.controls.runner
            self.code.show_code(self._runners[runner], self._workloads[self.controls.workload])

    # ---------------------------------------------------------------- from one start to the next

    def recall(self) -> None:
        """Take up what was remembered; at the very first start the toggle is on."""
        kept = self._memory.read_run(self._workloads, self._runners)
        if kept is not None:
            self.controls.apply(kept)
        self.set_blocking(self._memory.read("blocking", "yes") == "yes")
        if not self._memory.read("guided"):
            self.announcer.say_hint(guide.FIRST)
        self.restoreGeometry(self._memory.read_bytes("geometry"))
        self._layout.recall(self._memory)

    def remember(self) -> None:
        """Keep layout and choices for the next start."""
        self._memory.write_run(self.controls.settings(False))
        self._memory.write("blocking", "yes" if self.is_blocking else "no")
        self._memory.write_bytes("geometry", self.saveGeometry())
        self._layout.remember(self._memory)
        self._memory.write("scheme", self._theme.choice)
        self._memory.write("text_scale", f"{self._theme.text_scale:.2f}")

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files with a run."""
        if self.files.dropped_run(event.mimeData()) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open a file with a run."""
        path = self.files.dropped_run(event.mimeData())
        if path is not None:
            event.acceptProposedAction()
            self.files.open_file(path)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Leave the program; it hides the window itself, at once."""
        event.ignore()
        self.on_close()


def _titles(runner: Entry) -> Titles:
    return Titles(runner.title, str(runner.constants.get("SHORT", runner.title)))
