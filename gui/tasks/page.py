"""The page Timeline: the lanes above the table, what is chosen in one is marked in the other; and who waits for whom.

In the GUI thread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Qt, Slot

from gui.tasks.table import TaskTable
from gui.timeline.timeline import Timeline
from gui.wait_graph.panel import WIDTH, WaitPanel
from gui.widgets.page import Page
from gui.widgets.panels import pile, split

if TYPE_CHECKING:
    from PySide6.QtGui import QImage, QShowEvent

    from gui.controllers.core import Core
    from gui.process.preferences import Preferences
    from gui.theme.theme import Theme
    from workers.engine.plan import Settings
    from workers.engine.run import Run
    from workers.monitors.main_thread import MainThread


class TasksPage(Page):
    """Both views of the tasks of one run.

    Attributes:
        timeline: who did what when.
        table: a row for each task.
        waits: who waits for whom, beside them, where somebody does for long.
        splitter: parts them; its state is worth remembering.
    """

    def __init__(self, core: Core, theme: Theme, preferences: Preferences) -> None:
        super().__init__()
        self._core = core
        self._sizes: list[int] = []
        """Of timeline and table, as they were before the one got more; else empty."""
        self._is_moved = False
        track = cast("MainThread", core.probes["main"]) if core.has_window else None
        self.timeline = Timeline(theme, core.lag, track)
        self.table = TaskTable(theme)
        self._split = self.splitter = split(
            self.timeline, self.table, sizes=[1200, 1000], shares=(6, 5), direction=Qt.Orientation.Vertical
        )
        self.splitter.splitterMoved.connect(self._leave_room)
        self.waits = WaitPanel(theme)
        pile(self, split(self.splitter, self.waits, sizes=(1000, WIDTH), shares=(1, 0)))
        self.waits.task_clicked.connect(self._show_task)
        self.waits.said.connect(self.said)
        self.timeline.task_clicked.connect(self.table.select_task)
        self.table.task_selected.connect(self.timeline.show_task)
        self.setAccessibleName("Tasks")
        # One box for both, the timeline's; where that is hidden the table has its own.
        self.timeline.follow.toggled.connect(self.table.follow.setChecked)
        self.table.follow.toggled.connect(self._follow_table)
        core.instruments.changed.connect(self._follow_instruments)
        self._follow_instruments()

    def await_run(self, settings: Settings) -> None:
        self._give_back()
        self.timeline.clear()
        self.table.clear()
        self.waits.show_run(None)

    def show_run(self, run: Run) -> None:
        self._give_back()
        self.timeline.show_run(run)
        self.table.show_run(run, run.plan.unit)
        # On the GUI thread nobody could press Break it, and a benchmark waits for nobody.
        runs_here = run.settings.runner_entry.traits.gil == "gui"
        self.waits.show_run(run, is_left=not (runs_here or self._core.leader.is_running))

    def set_free(self, is_free: bool) -> None:
        if is_free:
            self.timeline.rest()
            self.table.rest()

    def refresh(self, at_once: bool = False) -> None:
        self.timeline.refresh(at_once)
        self._make_room()
        self.table.refresh(at_once)
        if self.isVisible():
            self.waits.refresh(at_once)

    def picture(self, name: str) -> QImage:
        return self.timeline.image()

    def _make_room(self) -> None:
        """Let what tasks share be seen below the lanes, as far as the table can do with less."""
        scene = self.timeline.canvas.scene
        if not scene.has_things or not scene.layout.hidden or self._is_moved or not self.timeline.isVisible():
            return
        high, low = self._split.sizes()
        take = min(scene.layout.hidden, low - self.table.minimumSizeHint().height())
        if take > 0:
            self._sizes = self._sizes or [high, low]
            self._split.setSizes([high + take, low - take])

    def _give_back(self) -> None:
        if self._sizes:
            self._split.setSizes(self._sizes)
        self._sizes, self._is_moved = [], False

    @Slot()
    def _leave_room(self) -> None:
        """Somebody has moved the handle: so it stays."""
        self._sizes, self._is_moved = [], True

    def remember(self) -> None:
        self._give_back()

    @Slot(int)
    def _show_task(self, task: int) -> None:
        self.table.select_task(task)
        self.timeline.show_task(task)

    def showEvent(self, event: QShowEvent) -> None:
        self.waits.refresh(at_once=True)

    @Slot()
    def _follow_instruments(self) -> None:
        """A timeline that is hidden costs nothing."""
        is_on = self._core.instruments.is_on("timeline")
        self.timeline.setVisible(is_on)
        self.table.follow.setVisible(not is_on)

    @Slot(bool)
    def _follow_table(self, on: bool) -> None:
        if self.timeline.follow.isEnabled():
            self.timeline.follow.setChecked(on)
