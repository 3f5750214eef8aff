"""The window: its layout and its actions. What they do is led by the director; what it shows comes from the session."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import QMainWindow, QMessageBox, QSplitter, QTabWidget, QVBoxLayout, QWidget

from gui import guide
from gui.code_view import CodeView
from gui.controls import Controls
from gui.gallery import Gallery
from gui.header import Header
from gui.late_input import LATE_S
from gui.live_graphs import LiveGraphs
from gui.menus import Menus
from gui.runs_model import Titles
from gui.runs_table import RunsTable
from gui.status_strip import StatusStrip
from gui.task_table import TaskTable
from workers.estimate import ASK_OVER_S, blocking_seconds
from workers.plan import BLOCKING
from workers.report import usable_cpus
from workers.verdict import compare_verdict, verdict
from workers.words import seconds

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QCloseEvent

    from gui.director import Director
    from gui.late_input import LateInput
    from gui.memory import Memory
    from gui.theme import Theme
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


class MainWindow(QMainWindow):
    """Everything that a person sees.

    Attributes:
        late_input: tells clicks that were made during a freeze from others; None before the window is shown.
        on_close: called when the person closes the window; the window itself never closes.
    """

    def __init__(
        self,
        theme: Theme,
        session: Session,
        director: Director,
        lag: LagMonitor,
        runners: dict[str, Entry],
        workloads: dict[str, Entry],
        memory: Memory,
    ) -> None:
        super().__init__()
        self._theme, self._session, self._director, self._lag, self._memory = theme, session, director, lag, memory
        self._runners, self._workloads = runners, workloads
        self.late_input: LateInput | None = None
        self.on_close: Callable[[], None] = lambda: None
        self._hint = guide.FIRST
        self._late_words = ""
        self._thawed = 0.0
        self._frame = 0
        self._cpu = (time.perf_counter(), time.process_time())
        self.setWindowTitle("Thaw")

        self.header = Header(theme)
        self.controls = Controls(theme, runners, workloads)
        self.graphs = LiveGraphs(theme, lag)
        self.gallery = Gallery(theme)
        self.tasks = TaskTable(theme)
        self.runs = RunsTable(theme)
        self.code = CodeView(theme)
        self.strip = StatusStrip()
        self._lay_out()
        self.menus = Menus(self, theme)
        for button, action in (
            (self.controls.start_button, self.menus.start),
            (self.controls.pause_button, self.menus.pause),
            (self.controls.cancel_button, self.menus.cancel),
            (self.controls.compare_button, self.menus.compare),
        ):
            button.setToolTip(f"{button.toolTip() or button.text()} ({action.shortcut().toString()})")
        self._connect()
        self._frames = QTimer(self, interval=IDLE_MS)
        self._frames.timeout.connect(self._next_frame)

    # ---------------------------------------------------------------- layout

    def _lay_out(self) -> None:
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        for widget, title in (
            (self.gallery, "Gallery"),
            (self.tasks, "Tasks"),
            (self.runs, "Runs"),
            (self.code, "Code"),
        ):
            self.tabs.addTab(widget, title)
        self.middle = QSplitter(Qt.Orientation.Vertical)
        self.middle.addWidget(self.graphs)
        self.middle.addWidget(self.tabs)
        self.middle.setStretchFactor(0, 1)
        self.middle.setStretchFactor(1, 1)
        self.middle.setSizes([340, 310])
        self.middle.setChildrenCollapsible(False)
        self.sides = QSplitter(Qt.Orientation.Horizontal)
        self.sides.addWidget(self.controls)
        self.sides.addWidget(self.middle)
        self.sides.setStretchFactor(1, 1)
        self.sides.setChildrenCollapsible(False)
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self.sides, 1)
        column.addWidget(self.strip)
        self.setCentralWidget(whole)
        self.setMinimumSize(1000, 640)
        self.resize(1280, 800)

    def _connect(self) -> None:
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
        director.results.connect(self.gallery.add)
        director.finished.connect(self._run_finished)
        director.compared.connect(self._compared)
        director.refused.connect(self._refused)
        director.idle.connect(self._settle)

    # ---------------------------------------------------------------- what a person does

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
        if not self._director.is_busy:
            self._say_hint(guide.BLOCKING_ON if on else guide.BLOCKING_OFF)
        self._show_code()

    @Slot()
    def start(self) -> None:
        """Start a run with what is chosen, unless the click was made while the window was frozen."""
        settings = self.controls.settings(self.is_blocking)
        if self._may_start() and (settings.runner != BLOCKING or self._may_block(settings)):
            self._wait_for_run()
            self._director.start(settings)

    @Slot()
    def compare(self) -> None:
        """Run the same work on the GUI thread and then on the chosen runner."""
        settings = self.controls.settings(False)
        if self._may_start() and self._may_block(settings):
            self._wait_for_run()
            self._director.compare(settings)

    def _may_start(self) -> bool:
        return not self._director.is_busy and not self._is_late()

    def _is_late(self) -> bool:
        """Whether what the window handles just now was, or may have been, made during a freeze."""
        late, now = self.late_input, time.perf_counter()
        if late is None:
            return False
        # The age of the very first event cannot be known. What comes right after a freeze was made in it: nobody is
        # as quick.
        first = late.known_since is not None and now - late.known_since < LATE_S and now - self._thawed < LATE_S
        return late.is_late or first

    def _may_block(self, settings: Settings) -> bool:
        """Ask before a freeze that will last long."""
        expected = blocking_seconds(settings, self._session.runs)
        if expected <= ASK_OVER_S:
            return True
        answer = QMessageBox.question(
            self,
            "Freeze the window?",
            f"On the GUI thread this will freeze the window for about {seconds(expected)}, and nothing but Ctrl+C in "
            "the terminal will stop it. Run it all the same?",
            QMessageBox.StandardButton.Yes | QMessageBox.StandardButton.No,
            QMessageBox.StandardButton.No,
        )
        return answer == QMessageBox.StandardButton.Yes

    @Slot()
    def pause(self) -> None:
        """Pause the run, or let it go on."""
        run = self._session.run
        if run is None or not self._session.is_running:
            return
        if run.control.paused:
            self._session.resume()
        else:
            self._session.pause()
        self.controls.set_state("paused" if run.control.paused else "running")

    @Slot()
    def cancel(self) -> None:
        """Cancel the run."""
        self._director.cancel()

    @Slot()
    def _follow_hint(self) -> None:
        if self._hint.action == "runner" and not self._director.is_busy:
            self.set_blocking(False)
            self.start()

    # ---------------------------------------------------------------- what happens

    def _wait_for_run(self) -> None:
        self._memory.write_run(self.controls.settings(False))
        self._late_words = ""
        self.controls.set_state("waiting")

    @Slot(object)
    def _run_begun(self, run: Run) -> None:
        runner = self._runners[run.settings.runner]
        blocking = run.settings.runner == BLOCKING
        self._say_hint(guide.RUNNING_BLOCKED if blocking else guide.while_running(runner.title))
        self.strip.say(f"Running {self._workloads[run.settings.workload].title} on {runner.title} …", keep=False)
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
        run.frames = self.graphs.frames - self._frames_before
        runner = self._runners[run.settings.runner]
        workload = Titles(self._workloads[run.settings.workload].title, run.settings.workload)
        self.runs.add_run(run, _titles(runner), workload, run.plan.unit)
        self.strip.say(verdict(run, runner.title) + self._late_words)
        chosen = self._runners[self.controls.runner].title
        self._say_hint(guide.after_run(run, guide.blocking_twin(run, self._session.runs), chosen))
        self._memory.write("guided", "yes")
        self.gallery.finish()
        self.tasks.refresh(at_once=True)
        self._refresh()

    @Slot(object, object)
    def _compared(self, blocking: Run, other: Run) -> None:
        words = compare_verdict(blocking, other, self._runners[other.settings.runner].title)
        self.strip.say(words + self._late_words)

    @Slot(str)
    def _refused(self, why: str) -> None:
        self.strip.say(why, keep=False)

    @Slot()
    def _settle(self) -> None:
        if self._session.run is not None and self._session.run.settings.runner == BLOCKING:
            self._thawed = time.perf_counter()
        self.controls.set_state("idle")
        self._frames.setInterval(IDLE_MS)

    @Slot(int, int, float)
    def tell_late_input(self, clicks: int, keys: int, age_s: float) -> None:
        """Say what was clicked and typed while the window was frozen."""
        parts = [f"{n} {what}{'s' if n != 1 else ''}" for n, what in ((clicks, "click"), (keys, "key")) if n]
        self._late_words = f" Your {' and '.join(parts)} came {seconds(age_s)} late."
        if not self._director.is_busy:  # else the verdict brings them
            self.strip.say(self.strip.verdict.text() + self._late_words)

    # ---------------------------------------------------------------- what is shown

    def begin(self) -> None:
        """Start the frames; called once the window is shown."""
        self._frames.start()

    @Slot()
    def _next_frame(self) -> None:
        self._frame += 1
        self.graphs.refresh()
        if self._frame % TABLE_EVERY == 0 or self._frames.interval() == IDLE_MS:
            self._refresh()

    def refresh_all(self) -> None:
        """Bring everything up to date at once, for a picture of the window."""
        self.graphs.refresh()
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
        if run is not None:
            self.strip.show_progress(run)
            self.tasks.refresh()

    def _say_hint(self, hint: guide.Hint) -> None:
        self._hint = hint
        self.header.set_hint(hint.text, hint.label)

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
            self._say_hint(guide.FIRST)
        self.restoreGeometry(self._memory.read_bytes("geometry"))
        for name in ("sides", "middle"):
            getattr(self, name).restoreState(self._memory.read_bytes(name))
        self.tabs.setCurrentIndex(int(self._memory.read_number("tab", 0)))

    def remember(self) -> None:
        """Keep layout and choices for the next start."""
        self._memory.write_run(self.controls.settings(False))
        self._memory.write("blocking", "yes" if self.is_blocking else "no")
        self._memory.write_bytes("geometry", self.saveGeometry())
        for name in ("sides", "middle"):
            self._memory.write_bytes(name, getattr(self, name).saveState())
        self._memory.write("tab", str(self.tabs.currentIndex()))
        self._memory.write("scheme", self._theme.choice)
        self._memory.write("text_scale", f"{self._theme.text_scale:.2f}")

    def closeEvent(self, event: QCloseEvent) -> None:
        """Leave the program; it hides the window itself, at once."""
        event.ignore()
        self.on_close()


def _titles(runner: Entry) -> Titles:
    return Titles(runner.title, str(runner.constants.get("SHORT", runner.title)))
