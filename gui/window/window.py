"""The window: its layout and its actions. What they do is led by the director; what it shows comes from the session."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMainWindow, QWidget

from gui.gallery.tab import Gallery
from gui.live.graphs import LiveGraphs
from gui.side_panel.panel import Controls
from gui.window import announcer
from gui.window.announcer import Announcer
from gui.window.code_tab import CodeView
from gui.window.drops import Kind, drop_of, work_for
from gui.window.file_actions import FileActions
from gui.window.header import Header
from gui.window.layout import WindowLayout
from gui.window.menus import Menus
from gui.window.run_views import Panels, RunViews
from gui.window.start_guard import StartGuard
from gui.window.status_bar import StatusStrip
from gui.your_function.recent import OwnFiles, remembered_function
from workers.engine.plan import BLOCKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QImage

    from gui.benchmark.tab import BenchmarkTab
    from gui.controllers.benchmark import BenchmarkLeader
    from gui.controllers.instruments import Instruments
    from gui.controllers.run import Director
    from gui.controllers.run_files import Keeper
    from gui.process.preferences import Memory
    from gui.runs.tab import RunsTab
    from gui.tasks.tab import TasksTab
    from gui.theme.theme import Theme
    from gui.window.pages import LatePages
    from workers.catalog.entry import Entry
    from workers.engine.gil_scheduler import Gate
    from workers.engine.plan import Settings
    from workers.engine.session import Session
    from workers.monitors.lag import LagMonitor

FRAME = QSize(8, 40)
"""Room for what a desktop puts around a window, in pixels; how much that is, is known only once it is shown."""

LATE_PAGES = ("Downloads", "Tasks", "Runs", "Benchmark", "Your function")
"""The tabs that `furnish` fills."""


class MainWindow(QMainWindow):
    """Everything that a person sees.

    Attributes:
        guard: says whether Start may start now.
        on_close: called when the person closes the window; the window itself never closes.
        views: what shows runs; its frames begin when the window is shown.
        pages: made by `furnish`; three of them also by their own names.
    """

    pages: LatePages
    tasks: TasksTab
    runs: RunsTab
    benchmark: BenchmarkTab

    def __init__(
        self,
        theme: Theme,
        session: Session,
        director: Director,
        lag: LagMonitor,
        gate: Gate,
        runners: dict[str, Entry],
        workloads: dict[str, Entry],
        memory: Memory,
        instruments: Instruments,
        keeper: Keeper,
        leader: BenchmarkLeader,
    ) -> None:
        super().__init__()
        self.instruments, self._leader, self._gate = instruments, leader, gate
        self._theme, self._session, self._director, self._lag, self._memory = theme, session, director, lag, memory
        self._runners, self._workloads = runners, workloads
        self.guard = StartGuard(self)
        self.on_close: Callable[[], None] = lambda: None
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
            "your function in every place": lambda: self.pages.own.image(),
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
        panels = Panels(self.header, self.controls, self.graphs, self.gallery, self.strip, self.announcer)
        self.views = RunViews(self, panels, session, director, lag, leader, runners, workloads, memory)
        self.menus = Menus(self, theme)
        for button, action in (
            (self.controls.start_button, self.menus.start),
            (self.controls.pause_button, self.menus.pause),
            (self.controls.cancel_button, self.menus.cancel),
            (self.controls.compare_button, self.menus.compare),
        ):
            button.setToolTip(f"{button.toolTip() or button.text()} ({action.shortcut().toString()})")
        self._connect(keeper)

    def furnish(self) -> None:
        """Make the pages that can wait, once and after the first frame, which comes the sooner for it."""
        from gui.window.pages import LatePages

        self.pages = LatePages(
            self,
            self._theme,
            self._session,
            self._director,
            self._lag,
            self._gate,
            self._runners,
            self._workloads,
            self._memory,
            self._leader,
        )
        self.tasks, self.runs, self.benchmark = self.pages.tasks, self.pages.runs, self.pages.benchmark
        self._layout.furnish(self.pages.by_title(), self._memory)
        self.views.pages = self.pages
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
        director.compared.connect(self.announcer.compared)
        director.refused.connect(self._refused)
        director.idle.connect(self.settle)
        keeper.opened.connect(self.views.show_opened)
        self.views.page_wanted.connect(self.tabs.setCurrentWidget)
        self.views.said.connect(partial(self.strip.say, keep=False))
        self.files.said.connect(self.announcer.say)
        self.instruments.changed.connect(self._follow_instruments)
        self.header.witness_changed.connect(partial(self.instruments.set_on, "witness"))

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
            self.announcer.say_hint(announcer.BLOCKING_ON if on else announcer.BLOCKING_OFF)
        self._show_code()

    @Slot()
    def start(self) -> None:
        """Start a run with what is chosen, unless the click was made while the window was frozen."""
        self._begin(self.controls.settings(self.is_blocking))

    @Slot(object)
    def download(self, chosen: dict[str, str]) -> None:
        """Start a run over the queue of downloads, where the panel's runner is."""
        settings = self.controls.settings(self.is_blocking)
        params = {**dict(settings.params), **self.controls.values_of("download"), "urls": "", **chosen}
        self._begin(settings._replace(workload="download", params=tuple(params.items())))

    def _begin(self, settings: Settings) -> None:
        if self.may_start() and self._may_run(settings) and self._fits(settings) and self._may_block(settings):
            self._wait_for_run()
            self._director.start(settings)

    @Slot()
    def compare(self) -> None:
        """Run the same work on the GUI thread and then on the chosen runner."""
        settings = self.controls.settings(False)
        blocking = settings._replace(runner=BLOCKING)
        if self.may_start() and self._may_run(settings) and self._fits(settings) and self._may_block(blocking):
            self._wait_for_run()
            self._director.compare(settings)

    def may_start(self) -> bool:
        """Whether the click that is handled now may start a run: nothing goes on, and it is not from a freeze."""
        return not self._is_busy and not self.guard.is_late()

    def _fits(self, settings: Settings) -> bool:
        """Whether the chosen runner can do the work; says why not. The keys and the hint lead here, too."""
        why_not = self.controls.fit.why_not if settings.workload == self.controls.workload else ""
        if settings.runner == BLOCKING or not why_not:
            return True
        self.strip.say(why_not, keep=False)
        return False

    def _may_block(self, settings: Settings) -> bool:
        """Ask before a long freeze."""
        if settings.runner != BLOCKING:
            return True
        return self.guard.may_block(settings, self._session.runs, self.instruments.is_on("witness"))

    def _may_run(self, settings: Settings) -> bool:
        """Ask before code of a file that somebody dropped here is run for the first time."""
        return self.pages.own.may_run(settings.workload)

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
    def run_again(self, settings: Settings) -> None:
        """The same work in another place, as a freeze's card offers it."""
        if self.may_start() and self._may_run(settings):
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
    def settle(self) -> None:
        """Let the buttons be as they are while nothing goes on."""
        if self._leader.is_running:
            return
        if self._session.run is not None and self._session.run.settings.runner == BLOCKING:
            self.guard.thawed = time.perf_counter()
        self.controls.set_state("idle")

    # ---------------------------------------------------------------- what is shown

    @Slot()
    def _show_code(self) -> None:
        if self.tabs.currentWidget() is self.code:
            runner = BLOCKING if self.is_blocking else self.controls.runner
            self.code.show_code(self._runners[runner], self._workloads[self.controls.workload])

    # ---------------------------------------------------------------- from one start to the next

    def recall(self) -> None:
        """Take up what was remembered; at the very first start the toggle is on."""
        own = remembered_function(self._memory)
        if own is not None:
            self.controls.add_workload(own)
        kept = self._memory.read_run(self._workloads, self._runners)
        if kept is not None:
            self.controls.apply(kept)
        self.set_blocking(self._memory.read("blocking", "yes") == "yes")
        if self.is_blocking and not self._memory.read("guided"):
            self.announcer.say_hint(announcer.FIRST)
        if not self.restoreGeometry(self._memory.read_bytes("geometry")):
            self._fit_screen()
        self._layout.recall(self._memory)

    def _fit_screen(self) -> None:
        """At the first start, with its frame and title, it is no larger than the screen: the strip would be cut off."""
        if QGuiApplication.platformName() != "offscreen":  # there the screen is as small as nobody's is
            self.resize(self.size().boundedTo(self.screen().availableSize() - FRAME))

    def take_own(self, entry: Entry) -> None:
        """A function that the command line names is a workload like any other; whoever named its file chose it."""
        OwnFiles(self._memory).trust_file(entry.path)
        self.controls.add_workload(entry)

    def remember(self) -> None:
        """Keep layout and choices for the next start."""
        self._memory.write_run(self.controls.settings(False))
        self._memory.write("blocking", "yes" if self.is_blocking else "no")
        self._memory.write_bytes("geometry", self.saveGeometry())
        self._layout.remember(self._memory)
        self.pages.remember()
        self._memory.write("scheme", self._theme.choice)
        self._memory.write("text_scale", f"{self._theme.text_scale:.2f}")

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take runs, addresses, code and folders."""
        if drop_of(event.mimeData()) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Hand what was dropped to the page that takes it."""
        data = event.mimeData()
        drop = drop_of(data)
        if drop is None:
            return
        event.acceptProposedAction()
        if drop.kind is Kind.RUN and drop.path is not None:
            self.files.open_file(drop.path)
        elif drop.kind is Kind.CODE and drop.path is not None:
            self.tabs.setCurrentWidget(self.pages.own)
            self.pages.own.take_dropped(drop.path)
        elif drop.kind is Kind.FOLDER and drop.path is not None:
            self._take_folder(drop.path)
        else:
            self.tabs.setCurrentWidget(self.pages.downloads)
            if drop.path is not None:
                self.pages.downloads.take_file(drop.path)
            else:
                self.pages.downloads.take_mime(data)

    def _take_folder(self, folder: Path) -> None:
        """Choose work over the files of a folder."""
        settings = self.controls.settings(False)
        work = work_for(folder, self._workloads, settings.workload)
        params = ((work.constants["NEEDS_FOLDER"], str(folder)),)
        self.controls.apply(settings._replace(workload=work.name, params=params))
        self.announcer.say(f"{work.title} over {folder}: press Start.")

    def shut(self) -> None:
        """Give free what the pages hold; for the end of the program."""
        if self.views.pages is not None:
            self.pages.shut()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Leave the program; it hides the window itself, at once."""
        event.ignore()
        self.on_close()
