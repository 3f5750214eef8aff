"""Builds the program around its window and takes it apart again, in reverse order."""

from __future__ import annotations

import os
import sys
from functools import partial
from typing import TYPE_CHECKING

# Before the window and in its thread: it looks through all of Qt's classes, and PySide makes each at the first look.
# Two threads that do so at once crash the program.
import pyqtgraph  # noqa: F401 (loaded for its effect, see above)
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Slot
from PySide6.QtWidgets import QApplication

from gui.controllers.core import Core
from gui.frame.problem_box import read_problems
from gui.process import ending
from gui.process.desktop_entry import NAME
from gui.process.garbage import Garbage
from gui.process.log import log, since_start
from gui.process.preferences import Preferences
from gui.process.problems import ProblemLog
from gui.terminal.outcome import Outcome
from gui.terminal.several import teller_for
from gui.theme.theme import Theme, app_icon
from gui.window.start_guard import LateInput
from gui.window.window import MainWindow
from workers.additions.files import told
from workers.engine.loading import preload
from workers.engine.plan import BLOCKING, DEFAULT_SWITCH_MS
from workers.image_server.conditions import PROFILES
from workers.reports.summary import environment

if TYPE_CHECKING:
    import threading

    from gui.widgets.page import Page
    from workers.catalog.entry import Entry
    from workers.command_line.parser import Options
    from workers.engine.run import Run
    from workers.image_server.conditions import NetworkConditions

LOOK_MS = 20
LEAVE_MS = 150
"""From the last run's end to the program's own: a picture of the window is to show the run's end."""

UNEXPOSED_MS = 2_000
"""Then the program goes on although no window system asked for a frame: Qt's minimal platform never does."""


class App(QObject):
    """The program: it owns everything that has to be closed."""

    def __init__(self, application: QApplication, options: Options) -> None:
        super().__init__()
        self._options = options
        interactive = not options.exit_after_run
        self.problems = ProblemLog()
        self.preferences = Preferences(lasting=interactive)
        self.theme = Theme(application)
        scheme = self.preferences.read("scheme")
        self.theme.set_choice(scheme if scheme in {"light", "dark"} else "follow")
        self.theme.set_text_scale(self.preferences.read_number("text_scale", 1.0))
        self.core = core = Core(options, (self.theme, self.preferences))
        self.terminal = teller_for(options, core)
        with self.theme.undressed():
            self.window = MainWindow(core=core, theme=self.theme, preferences=self.preferences)
        self._preloaded: set[tuple[str, str]] = set()
        self._preloading: threading.Thread | None = None
        self.outcome = Outcome(options, core.run_files)
        self._code = 0  # of a program that was watched
        self._garbage = Garbage(
            core.gate, lambda: core.session.is_running, lambda: not core.listed and not core.is_busy
        )
        self._unexposed = QTimer(self, interval=UNEXPOSED_MS, singleShot=True)
        self._unexposed.timeout.connect(self._shown)
        self._steps = iter((self.window.begin, core.begin, self._watch))
        # Not QTimer.singleShot: what has not fired when the program closes would keep all of this alive for ever.
        self._next_step = QTimer(self, interval=0)
        self._next_step.timeout.connect(self._after_first_frame)
        self._look_again = QTimer(self, interval=LOOK_MS, singleShot=True)
        self._look_again.timeout.connect(self._settled)
        self._leave_soon = QTimer(self, interval=LEAVE_MS, singleShot=True)
        self._leave_soon.timeout.connect(self._leave_after_run)
        self._connect()

    def _connect(self) -> None:
        self.problems.added.connect(self._show_problems, Qt.ConnectionType.QueuedConnection)
        self.window.strip.problems.clicked.connect(partial(read_problems, self.window, self.problems.problems))
        self.window.menus.problems = partial(tuple, self.problems.problems)
        self.window.controls.server.server_changed.connect(self._configure_server)
        self.window.controls.choice_changed.connect(self._preload_chosen)
        self.window.pages.made.connect(self._follow_page)
        self.window.on_close = partial(self.core.leaving.leave, 0)
        core = self.core
        core.settled.connect(self._settled)
        core.leaving.begun.connect(self._hide)
        core.director.announced.connect(self._garbage.hurry)
        core.director.begun.connect(self._garbage.run_begun)
        core.director.begun.connect(self._follow_server)
        core.director.finished.connect(self._garbage.run_ended)
        core.director.finished.connect(self.window.controls.server.unfollow)
        core.director.finished.connect(self._take_run)
        core.director.compared.connect(self.outcome.take_comparison)
        core.director.refused.connect(self._refused)
        core.director.idle.connect(self._run_ended)
        core.watch_ended.connect(self._take_watched)
        if self.terminal is not None:  # queued: first the window shows it
            self.terminal.done.connect(self._terminal_ended, Qt.ConnectionType.QueuedConnection)
        core.run_files.opened.connect(self.outcome.take_run)
        core.run_files.failed.connect(self._not_kept)
        core.run_files.idle.connect(self._run_ended)

    def begin(self) -> None:
        """Show the window; what can wait is started after its first frame."""
        self.problems.install()
        self.problems.add_new("data folder", told)
        self.core.leaving.install()
        self.window.recall()
        self.window.controls.server.recall(self.preferences.read("weather"))
        if self._options.network:
            self.window.controls.server.apply(PROFILES[self._options.network])
        if self._options.chosen or self._options.start:
            own = self._options.settings.workload_entry
            if own.name not in self.core.catalog.workloads:
                self.window.places.take_own(own)
            self.window.controls.apply(self._options.settings)
            self.window.set_blocking(self._options.settings.runner == BLOCKING)
        self.window.show()
        self.window.windowHandle().installEventFilter(self)
        self._unexposed.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Wait for the window system to ask for the first frame: a timer of 0 ms would come before it."""
        if event.type() is QEvent.Type.Expose:
            self._shown()
        return False

    @Slot()
    def _shown(self) -> None:
        log.info("window shown in %.2f s", since_start())
        self._unexposed.stop()
        self.window.windowHandle().removeEventFilter(self)
        self._next_step.start()

    @Slot()
    def _after_first_frame(self) -> None:
        """Start what could wait, a step in each turn of the event loop: the window answers in between."""
        step = next(self._steps, self._next_step.stop)
        step()

    def _watch(self) -> None:
        self.window.guard.late_input = LateInput(self.window.windowHandle())
        self.window.guard.late_input.told.connect(self.window.announcer.tell_late_input)
        self._preload_chosen()
        self._garbage.load(environment)  # else the end of the first run would wait 30 ms for it
        self._garbage.begin()

    @Slot()
    def _settled(self) -> None:
        if self._preloading is not None and self._preloading.is_alive():
            self._look_again.start()  # else the run would wait for it, and the window with it
            return
        self.core.session.mark_idle()
        if self._options.open is not None:
            self.core.run_files.open(self._options.open)
        elif self._options.benchmark is not None:
            self.window.pages.benchmark.wanted.emit()
        elif self._options.teach is not None:
            self.window.places.open_course(self._options.teach.course)
        elif self._options.watch is not None:
            page = self.window.pages.watch
            for ended in (self._refused, self._run_ended):
                page.leader.refused.connect(ended)
            page.watch(self._options.watch)
        elif self._options.compare:
            self.core.director.compare(self._options.settings)
        elif self._options.start:
            self.core.director.start(self._options.settings)
        if self.terminal is not None:
            self.terminal.begin()

    @Slot()
    def _preload_chosen(self) -> None:
        controls, catalog = self.window.controls, self.core.catalog
        if controls.runner and controls.workload:
            self._preload(catalog.runner(controls.runner), catalog.workload(controls.workload))

    @Slot(object, object)
    def _preload(self, runner: Entry, workload: Entry) -> None:
        """Import what a run needs before its Start, and in a thread: requests alone takes 130 ms."""
        chosen = runner.name, workload.name
        if chosen not in self._preloaded and self.window.guard.late_input is not None:
            self._preloaded.add(chosen)
            self._preloading = self._garbage.load(preload, runner, workload)

    @Slot(object)
    def _follow_page(self, page: Page) -> None:
        page.start_expected.connect(self._preload)
        self.problems.add_new("data folder", told)  # a room reads its own when it is made

    @Slot(object)
    def _configure_server(self, network: NetworkConditions) -> None:
        self.core.server.configure(**network._asdict())

    @Slot(object)
    def _follow_server(self, run: Run) -> None:
        if run.network is not None:
            self.window.controls.server.follow(lambda: self.core.server.fault_counts)

    @Slot(object)
    def _take_run(self, run: Run) -> None:
        if not self.core.leader.is_running:
            self.outcome.take_run(run)

    @Slot(object)
    def _take_watched(self, run: Run) -> None:
        self.outcome.take_run(run)
        self._code = run.exit_code or 0
        self._run_ended()

    @Slot()
    def _terminal_ended(self) -> None:
        if self.terminal is None or self.core.leaving.is_leaving:
            return
        if self._options.exit_after_run:
            self._leave_soon.start()
        else:
            self.terminal.tell()

    @Slot(str)
    def _refused(self, why: str) -> None:
        if self._options.exit_after_run and not self.core.leader.is_running:
            self.outcome.problem = why

    @Slot(str)
    def _not_kept(self, why: str) -> None:
        if self._options.exit_after_run:
            self.outcome.take_problem(why)

    @Slot()
    def _run_ended(self) -> None:
        if self.core.run_files.is_busy or self.core.director.is_busy or self.terminal is not None:
            return  # this comes again when it is done
        if self._options.exit_after_run and not self.core.leaving.is_leaving:
            self._leave_soon.start()

    @Slot()
    def _leave_after_run(self) -> None:
        self.core.leaving.leave_after(self._tell)

    def _tell(self) -> int:
        if self._options.screenshot is not None:
            self.window.views.refresh_all()
            self.outcome.save_screenshot(self.window.grab())
        return (self.outcome.tell() if self.terminal is None else self.terminal.tell()) or self._code

    @Slot()
    def _hide(self) -> None:
        self.core.leader.cancel()
        if self.terminal is not None:
            self.terminal.tell()  # also after Ctrl+C: what is done is kept
        if not self._options.exit_after_run:
            self.window.remember()
            self.preferences.write("weather", self.window.controls.server.kept)
        self.window.hide()

    @Slot()
    def _show_problems(self) -> None:
        self.window.strip.show_problems(len(self.problems.problems))
        if limit := self.problems.problems[-1].limit:
            self.window.announcer.say(limit)

    def close(self) -> None:
        self.core.leader.close()
        self.window.shut()
        self.core.close()
        self._garbage.close()  # it may take a moment, and now nobody ends the process for that
        self.problems.remove()
        # A problem that was noted a moment ago would be shown in a window that has gone.
        QCoreApplication.removePostedEvents(self)
        self.window.deleteLater()


def run_window(options: Options) -> int:
    """Run the whole program with its window; returns its exit code."""
    if options.offscreen:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    sys.setswitchinterval(DEFAULT_SWITCH_MS[True] / 1e3)
    application = QApplication(["thaw"])
    application.setApplicationName("Thaw")
    application.setDesktopFileName(NAME)
    application.setWindowIcon(app_icon())
    app = App(application, options)
    app.begin()
    code = application.exec()
    app.close()
    problem = app.outcome.problem or (app.terminal.problem if app.terminal is not None else "")
    return ending.with_problem(code, problem)
