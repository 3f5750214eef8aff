"""The Runs tab: a row of figures for each run that has ended, so that runners can be compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSortFilterProxyModel, Qt, Slot
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence, QPalette
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from gui.empty_state import EmptyState
from gui.runs_model import COLUMNS, RUN, SORT_ROLE, RunsModel, row_of
from gui.runs_view import RunsView

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gui.runs_model import Index, Titles
    from gui.theme import Theme
    from workers.run import Run

NOTHING_YET = "Each finished run gets a row here"
HOW = "Press Start; then run the same work elsewhere, or press Compare, and read the two rows side by side."


class RunsProxy(QSortFilterProxyModel):
    """Sorts by the true figures, not by their texts."""

    def lessThan(self, left: Index, right: Index) -> bool:
        """Whether one row comes before another. In Python, for a figure may be a pair, which Qt cannot compare."""
        return bool(left.data(SORT_ROLE) < right.data(SORT_ROLE))


class RunsTable(QWidget):
    """All runs since the program's start, the newest at the top until a column is clicked."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.model = RunsModel(theme)
        self._proxy = RunsProxy()
        self._proxy.setSourceModel(self.model)
        self.view = RunsView(theme, self.model, self._proxy)
        self._add_actions()
        self.copy_button = QPushButton("Copy all")
        self.copy_button.setToolTip("Copy all rows as text with tabs, as a spreadsheet takes it")
        self.copy_button.clicked.connect(self.copy_all)
        self._caption = QLabel()
        self._caption.setAccessibleName("Number of runs")
        bar = QHBoxLayout()
        bar.setContentsMargins(12, 4, 8, 4)
        bar.addWidget(self._caption, 1)
        bar.addWidget(self.copy_button)
        table = QWidget()
        column = QVBoxLayout(table)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(bar)
        column.addWidget(self.view, 1)
        self._stack = QStackedWidget()
        self._stack.addWidget(EmptyState(theme, NOTHING_YET, HOW))
        self._stack.addWidget(table)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._stack)
        # The panel's own colour, in every state of it; it follows the application's palette by itself.
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.setAutoFillBackground(True)
        self.setAccessibleName("Runs")
        theme.changed.connect(self.restyle)
        self.restyle()

    def _add_actions(self) -> None:
        view = self.view
        copy = QAction("Copy rows", view)
        copy.setShortcut(QKeySequence.StandardKey.Copy)
        copy.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        copy.triggered.connect(self.copy_selected)
        copy_all = QAction("Copy all", view)
        copy_all.triggered.connect(self.copy_all)
        view.addActions([copy, copy_all])
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)

    def add_run(self, run: Run, runner: Titles, workload: Titles, unit: str) -> None:
        """Add a run that has ended, whose amounts are in `unit`."""
        self.model.append(row_of(len(self.model.rows) + 1, run, runner, workload, unit))
        self.view.fit_columns()
        count = len(self.model.rows)
        self._caption.setText(f"{count:,} run{'' if count == 1 else 's'}. Point at a figure to read what it means.")
        self._stack.setCurrentIndex(1)
        if self._proxy.sortColumn() == RUN:
            self.view.scrollToTop()

    def text(self, rows: Sequence[int]) -> str:
        """Rows of the table as it is sorted now, as text with tabs and a line of headings."""
        lines = ["\t".join(column.title for column in COLUMNS)]
        for row in rows:
            lines.append("\t".join(self.model.rows[self._proxy.mapToSource(self._proxy.index(row, 0)).row()].texts))
        return "\n".join(lines) + "\n"

    @Slot()
    def copy_selected(self) -> None:
        """Put the selected rows on the clipboard; all of them where none is selected."""
        rows = sorted(index.row() for index in self.view.selectionModel().selectedRows())
        QGuiApplication.clipboard().setText(self.text(rows or range(self._proxy.rowCount())))

    @Slot()
    def copy_all(self) -> None:
        """Put all rows on the clipboard."""
        QGuiApplication.clipboard().setText(self.text(range(self._proxy.rowCount())))

    @Slot()
    def restyle(self) -> None:
        """Take up the theme's colours and text size."""
        self.view.restyle()
        palette = self._caption.palette()
        palette.setColor(self._caption.foregroundRole(), self._theme.color("muted"))
        self._caption.setPalette(palette)
        self.model.restyle()
