"""The Tasks tab: the timeline above the table, and what is chosen in one is marked in the other. In the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from gui.tasks.table import TaskTable
from gui.timeline.timeline import Timeline

if TYPE_CHECKING:
    from gui.theme.theme import Theme
    from workers.engine.run import Run
    from workers.monitors.lag import LagMonitor


class TasksTab(QWidget):
    """Both views of the tasks of one run.

    Attributes:
        timeline: who did what when.
        table: a row for each task.
        splitter: parts them; its state is worth remembering.
    """

    def __init__(self, theme: Theme, lag: LagMonitor | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.timeline = Timeline(theme, lag)
        self.table = TaskTable(theme)
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self.splitter.setObjectName("tasks_splitter")
        self.splitter.addWidget(self.timeline)
        self.splitter.addWidget(self.table)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([1000, 1000])  # halves
        self.splitter.setChildrenCollapsible(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.splitter)
        self.timeline.task_clicked.connect(self.table.select_task)
        self.table.task_selected.connect(self.timeline.show_task)
        self.setAccessibleName("Tasks")

    def show_run(self, run: Run, unit: str) -> None:
        """Show the tasks of `run`, whose amounts are in `unit`."""
        self.timeline.show_run(run)
        self.table.show_run(run, unit)

    def refresh(self, at_once: bool = False) -> None:
        """Bring what can be seen up to date. Call it with every frame, and with `at_once` when the run has ended."""
        self.timeline.refresh(at_once)
        self.table.refresh(at_once)

    def set_timeline_visible(self, visible: bool) -> None:
        """Show or hide the timeline; a hidden one costs nothing."""
        self.timeline.setVisible(visible)
