"""The table of a benchmark's cells: sorts by the true figures, columns as wide as their contents. In the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSortFilterProxyModel, Qt, Slot
from PySide6.QtGui import QAction, QFontMetrics, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView

from gui.benchmark_model import COLUMNS, RUNNER, SORT_ROLE, BenchmarkModel
from gui.fields import named

if TYPE_CHECKING:
    from gui.benchmark_model import Index
    from gui.theme import Theme
    from workers.benchmark_results import Benchmark

ROOM = 16
"""Pixels beside a column's widest text."""


class CellsProxy(QSortFilterProxyModel):
    """Sorts by the true figures, not by their texts; at first as the matrix has them."""

    def lessThan(self, left: Index, right: Index) -> bool:
        """Whether one row comes before another. In Python, for a figure may be a pair, which Qt cannot compare."""
        return bool(left.data(SORT_ROLE) < right.data(SORT_ROLE))


class BenchmarkTable(QTableView):
    """Every cell of the matrix, with dashes where nothing was measured yet."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.cells = BenchmarkModel(theme)
        self._proxy = CellsProxy()
        self._proxy.setSourceModel(self.cells)
        self.setModel(self._proxy)
        self.setAccessibleName("Figures of the benchmark")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().hide()
        headings = named(self.horizontalHeader(), "narrow")
        headings.setHighlightSections(False)
        headings.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)
        copy = QAction("Copy rows", self)
        copy.setShortcut(QKeySequence("Ctrl+C"))
        copy.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        copy.triggered.connect(self.copy)
        self.addAction(copy)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        theme.changed.connect(self.restyle)
        self.restyle()

    def show_benchmark(self, benchmark: Benchmark) -> None:
        """Show its cells as they are now."""
        self.cells.show_benchmark(benchmark)
        self._fit_columns()

    def text(self) -> str:
        """All rows as they are sorted now, with tabs and a line of headings."""
        lines = ["\t".join(column.title for column in COLUMNS)]
        for row in range(self._proxy.rowCount()):
            at = self._proxy.mapToSource(self._proxy.index(row, 0)).row()
            lines.append("\t".join(self.cells.rows[at].texts))
        return "\n".join(lines) + "\n"

    @Slot()
    def copy(self) -> None:
        """Put all rows on the clipboard, as a spreadsheet takes them."""
        QGuiApplication.clipboard().setText(self.text())

    @Slot()
    def restyle(self) -> None:
        """Take up the theme's colours and text size."""
        height = self.fontMetrics().height() + 10
        self.verticalHeader().setMinimumSectionSize(height)
        self.verticalHeader().setDefaultSectionSize(height)
        self._fit_columns()
        self.cells.restyle()

    def _fit_columns(self) -> None:
        headings = QFontMetrics(self.horizontalHeader().font())
        words, numbers = self.fontMetrics(), QFontMetrics(self._theme.numbers_font())
        for at, column in enumerate(COLUMNS):
            metrics = numbers if column.is_number else words
            texts = {row.texts[at] for row in self.cells.rows}
            width = max((metrics.horizontalAdvance(text) for text in texts), default=0)
            if at == RUNNER:
                width += round(14 * self._theme.text_scale) + 8
            width = max(width, headings.horizontalAdvance(column.title) + 4) + ROOM
            if self.columnWidth(at) != width:
                self.setColumnWidth(at, width)
