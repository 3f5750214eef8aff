"""The table of a benchmark's cells: sorts by the true figures, columns as wide as their contents. In the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QFontMetrics, QGuiApplication
from PySide6.QtWidgets import QTableView

from gui.benchmark_model import COLUMNS, RUNNER, BenchmarkModel
from gui.widgets.fields import named
from gui.widgets.tables import FiguresProxy, add_copy, set_row_height, set_up

if TYPE_CHECKING:
    from gui.theme.theme import Theme
    from workers.benchmark.results import Benchmark

ROOM = 16
"""Pixels beside a column's widest text."""


class BenchmarkTable(QTableView):
    """Every cell of the matrix, with dashes where nothing was measured yet."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.cells = BenchmarkModel(theme)
        self._proxy = FiguresProxy()
        self._proxy.setSourceModel(self.cells)
        self.setModel(self._proxy)
        set_up(self, "Figures of the benchmark")
        headings = named(self.horizontalHeader(), "narrow")
        headings.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)
        add_copy(self, "Copy rows", self.copy)
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
        set_row_height(self, self.fontMetrics().height() + 10)
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
