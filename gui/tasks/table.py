"""The table of the page Timeline: the tasks of a run, a filter by state, and copying. In the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QMenu,
    QSizePolicy,
    QWidget,
)

from gui.tables.fast_table import FastTable
from gui.tables.tables import add_copy
from gui.tasks.model import COLUMNS, MAX_MEASURED, RUNNING, TaskModel
from gui.widgets.empty_state import EmptyState
from gui.widgets.fields import describe
from gui.widgets.panels import RIGHT_SIDE, fill, fill_panel, pile
from workers.engine.task import Phase
from workers.utils.throttle import Throttle

if TYPE_CHECKING:
    from PySide6.QtGui import QHideEvent, QShowEvent

    from gui.theme.theme import Theme
    from workers.engine.run import Run

NOTHING_YET = ("Every task gets a row here", "Press Start: its state, speed, thread and error appear.")

WAITING = ("The run is about to begin", "Its tasks appear here as soon as the window can show them.")

REFRESH_S = 1 / 6
"""The table is painted at most 6 times a second: nobody reads numbers faster, and the graphs need the calls."""

FILTER_S = 0.5
"""A filter is brought up to date at most twice a second."""

MAX_COPIED = 10_000
"""Building the text of more rows than this would itself stop the window for a moment."""

FILTERS: tuple[tuple[str, tuple[Phase, ...] | None], ...] = (
    ("All tasks", None),
    ("Running", RUNNING),
    ("Failed", (Phase.FAILED,)),
    ("Cancelled", (Phase.CANCELLED,)),
    ("Done", (Phase.DONE,)),
    ("Queued", (Phase.QUEUED,)),
)


class TaskTable(QWidget):
    """Shows what became of each task. `refresh` may be called with every frame; it does little when nothing is due.

    Attributes:
        summary: says how many tasks are in which state.

    Signals:
        task_selected: the index of the one task whose row is selected now.
    """

    task_selected = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_shown = self._filter_is_due = False
        self._refresh_throttle, self._filter_throttle = Throttle(REFRESH_S), Throttle(FILTER_S)
        self._counts: tuple[int, ...] = ()
        self._places = 0
        self.model = TaskModel()
        self.view = FastTable(theme, self.model, "Tasks of the run")
        header = self.view.horizontalHeader()
        header.setStretchLastSection(True)
        # One row: what stands above it may need the room.
        least = (
            self.view.verticalHeader().defaultSectionSize()
            + self.view.horizontalScrollBar().sizeHint().height()
        )
        self.view.setMinimumHeight(header.sizeHint().height() + least)
        self.filter = QComboBox()
        self.filter.addItems([name for name, _ in FILTERS])
        describe(self.filter, "Which tasks are shown", "Show only the tasks in this state")
        self.filter.currentIndexChanged.connect(self._filter_now)
        self.follow = QCheckBox("&Follow")
        self.follow.setChecked(True)
        self.follow.setToolTip("Keep the tasks that are running in view")
        self.summary = QLabel(alignment=RIGHT_SIDE)
        self.summary.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.summary.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.summary.setAccessibleName("Tasks by state")
        bar = fill(
            QHBoxLayout(), self.filter, self.follow, (self.summary, 1), margins=(8, 4, 12, 4), spacing=12
        )
        self._empty = EmptyState(theme, *NOTHING_YET)
        self._stack = fill_panel(self, "Tasks", self._empty, pile(QWidget(), bar, self.view))
        add_copy(self.view, "Copy rows", self.copy_rows)
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.view.customContextMenuRequested.connect(self._open_menu)
        # Only a person's own moves: this one is not emitted when the table scrolls itself.
        self.view.verticalScrollBar().actionTriggered.connect(self._stop_following)
        self.view.selectionModel().selectionChanged.connect(self._tell_selection)

    def clear(self) -> None:
        """Show no run: another one is about to begin."""
        self._empty.say(*WAITING)
        self.model.clear()
        self.summary.clear()
        self._stack.setCurrentIndex(0)

    def rest(self) -> None:
        """Nothing goes on: where there is no run to show, say what would be here, and await none."""
        self._empty.say(*NOTHING_YET)

    def show_run(self, run: Run, unit: str) -> None:
        self.model.show_run(run, unit)
        self.view.fit_columns()
        self._stack.setCurrentIndex(1)
        self.view.scrollToTop()
        self._counts = ()
        self._places = 0
        self._filter_now()
        self.refresh(at_once=True)

    def refresh(self, at_once: bool = False) -> None:
        """Bring what can be seen up to date. Call it with every frame, and with `at_once` when the run has ended."""
        run = self.model.run
        if run is None or not self._is_shown or not self._refresh_throttle.is_due(at_once):
            return
        recorder = run.recorder
        # A thread that is new may have a longer name.
        if self._places < min(recorder.place_count, MAX_MEASURED):
            self._places = recorder.place_count
            self.view.fit_columns()
        paused = recorder.phases().count(Phase.PAUSED)
        going = recorder.running - paused
        counts = (recorder.done, going, paused, recorder.failed, recorder.cancelled, recorder.queued)
        if counts != self._counts:
            self._counts, self._filter_is_due = counts, self.filter.currentIndex() > 0
            self.summary.setText(_summary(recorder.count, *counts))
            if self.follow.isChecked() and not self.filter.currentIndex():
                self._show_newest()
        if self._filter_is_due and self._filter_throttle.is_due(at_once):
            self._filter_now()
        self.model.refresh(*self.view.visible_rows())

    def _show_newest(self) -> None:
        """Scroll so that the task that began last stands at the bottom: tasks begin in their order."""
        assert self.model.run is not None
        begun = len(self.model.run.recorder.phases().rstrip(bytes([Phase.QUEUED])))
        if begun:
            index = self.model.index(min(begun, self.model.rowCount() - 1), 0)
            self.view.scrollTo(index, QAbstractItemView.ScrollHint.EnsureVisible)

    @Slot()
    def _filter_now(self) -> None:
        self._filter_is_due = False
        self.model.show_only(FILTERS[self.filter.currentIndex()][1])

    @Slot()
    def _stop_following(self) -> None:
        self.follow.setChecked(False)

    @Slot(int)
    def select_task(self, index: int) -> None:
        """Select the row of a task and scroll to it; a filter that hides it is cleared."""
        if self.model.run is None:
            return
        if self.model.row_at(index) < 0:
            self.filter.setCurrentIndex(0)
        self.follow.setChecked(False)  # else the table would scroll away again
        row = self.model.row_at(index)
        self.view.selectRow(row)
        self.view.scrollTo(self.model.index(row, 0), QAbstractItemView.ScrollHint.EnsureVisible)

    @Slot()
    def _tell_selection(self) -> None:
        rows = self.view.selected_rows()
        if len(rows) == 1 and rows[0][0] == rows[0][1]:
            self.task_selected.emit(self.model.rows[rows[0][0]])

    @Slot()
    def copy_rows(self) -> None:
        """Put the selected rows on the clipboard as text with tabs."""
        rows = self.view.every_selected_row()
        lines = ["\t".join(column.title for column in COLUMNS)]
        lines += ["\t".join(self.model.cells(row).texts) for row in rows[:MAX_COPIED]]
        if len(rows) > MAX_COPIED:
            lines.append(f"(the first {MAX_COPIED:,} of the selected rows)")
        if rows:
            QGuiApplication.clipboard().setText("\n".join(lines) + "\n")

    @Slot(QPoint)
    def _open_menu(self, place: QPoint) -> None:
        row = self.view.rowAt(place.y())
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addActions(self.view.actions())
        error = self.model.error(row) if row >= 0 else ""
        copy_error = menu.addAction("Copy error")
        copy_error.setEnabled(bool(error))
        copy_error.triggered.connect(lambda: QGuiApplication.clipboard().setText(error))
        menu.popup(self.view.viewport().mapToGlobal(place))

    def showEvent(self, event: QShowEvent) -> None:
        self._is_shown = True
        self.refresh(at_once=True)

    def hideEvent(self, event: QHideEvent) -> None:
        self._is_shown = False


STATES = ("running", "paused", "failed", "cancelled", "queued")


def _summary(count: int, done: int, *others: int) -> str:
    parts = [f"{number:,} {name}" for number, name in zip(others, STATES, strict=True) if number]
    return "  ·  ".join([f"{done:,} of {count:,} done", *parts])
