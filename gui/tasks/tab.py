"""The page Timeline: the lanes above the table, and what is chosen in one is marked in the other. In the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Qt, Slot

from gui.tasks.table import TaskTable
from gui.timeline.timeline import Timeline
from gui.widgets.page import Page
from gui.widgets.panels import pile, split

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from gui.controllers.core import Core
    from gui.process.preferences import Preferences
    from gui.theme.theme import Theme
    from workers.engine.plan import Settings
    from workers.engine.run import Run
    from workers.monitors.main_thread import MainThread


class TasksTab(Page):
    """Both views of the tasks of one run.

    Attributes:
        timeline: who did what when.
        table: a row for each task.
        splitter: parts them; its state is worth remembering.
    """

    def __init__(self, core: Core, theme: Theme, preferences: Preferences) -> None:
        super().__init__()
        self._core = core
        track = cast("MainThread", core.probes["main"]) if core.has_window else None
        self.timeline = Timeline(theme, core.lag, track)
        self.table = TaskTable(theme)
        self.splitter = split(
            self.timeline, self.table, sizes=[1200, 1000], shares=(6, 5), direction=Qt.Orientation.Vertical
        )
        pile(self, self.splitter)
        self.timeline.task_clicked.connect(self.table.select_task)
        self.table.task_selected.connect(self.timeline.show_task)
        self.setAccessibleName("Tasks")
        # One box for both, the timeline's; where that is hidden the table has its own.
        self.timeline.follow.toggled.connect(self.table.follow.setChecked)
        self.table.follow.toggled.connect(self._follow_table)
        core.instruments.changed.connect(self._follow_instruments)
        self._follow_instruments()

    def await_run(self, settings: Settings) -> None:
        self.timeline.clear()
        self.table.clear()

    def show_run(self, run: Run) -> None:
        self.timeline.show_run(run)
        self.table.show_run(run, run.plan.unit)

    def set_free(self, is_free: bool) -> None:
        if is_free:
            self.timeline.rest()
            self.table.rest()

    def refresh(self, at_once: bool = False) -> None:
        self.timeline.refresh(at_once)
        self.table.refresh(at_once)

    def picture(self, name: str) -> QImage:
        return self.timeline.image()

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
