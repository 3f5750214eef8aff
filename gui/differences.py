"""A table of how two runs differ: settings, figures, which did better. In the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QFontMetrics, QGuiApplication
from PySide6.QtWidgets import QAbstractItemView, QFrame, QTreeWidget, QTreeWidgetItem

from gui.charts.overlay import PINS
from gui.widgets.fields import named
from gui.widgets.tables import add_copy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gui.theme.theme import Theme
    from workers.reports.differences import Difference

HEADINGS = ("", "A", "B", "B against A")
BETTER = "✓"
"""Behind the better figure: colour alone tells nothing to some."""


class DifferencesTable(QTreeWidget):
    """Rows of a name, both figures, and one measured against the other."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._rows: Sequence[Difference] = ()
        self.setColumnCount(len(HEADINGS))
        self.setHeaderLabels(HEADINGS)
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setAccessibleName("Differences of runs A and B")
        self.setIndentation(0)
        headings = named(self.header(), "narrow")
        headings.setMinimumSectionSize(24)
        headings.setStretchLastSection(True)
        headings.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        add_copy(self, "Copy the table", self.copy)
        theme.changed.connect(self.restyle)

    def show_rows(self, rows: Sequence[Difference]) -> None:
        """Show these in place of others."""
        self._rows = rows
        self.restyle()

    @Slot()
    def restyle(self) -> None:
        """Take up the theme's colours and text size."""
        self.clear()
        numbers, good = self._theme.numbers_font(), self._theme.color("good")
        height = self.fontMetrics().height() + 6
        items = []
        for row in self._rows:
            item = QTreeWidgetItem([row.name, row.a, row.b, row.text])
            for column, letter in enumerate(PINS, 1):
                item.setFont(column, numbers)
                if row.better == letter:
                    item.setText(column, f"{item.text(column)} {BETTER}")
                    item.setForeground(column, good)
                    item.setToolTip(column, f"{letter} did better")
            item.setFont(len(HEADINGS) - 1, numbers)
            item.setForeground(0, self._theme.color("muted"))
            item.setSizeHint(0, QSize(0, height))
            if row.text:
                item.setToolTip(len(HEADINGS) - 1, f"{row.name}: B {row.text}")
            else:  # of settings nothing can be said but what they are, and some are long
                for column, text in ((1, row.a), (2, row.b)):
                    item.setToolTip(column, text)
            items.append(item)
        self.addTopLevelItems(items)
        self._fit_columns()

    def _fit_columns(self) -> None:
        """As wide as names and figures; a long setting would drive the last column out, and has a tooltip."""
        metrics = QFontMetrics(self._theme.numbers_font())
        sign = metrics.horizontalAdvance(f" {BETTER}")
        for column in range(len(HEADINGS) - 1):
            width = 0
            for row in self._rows:
                if row.text or not column:
                    better = column > 0 and row.better == PINS[column - 1]
                    width = max(width, metrics.horizontalAdvance(row[column]) + (sign if better else 0))
            self.setColumnWidth(column, max(width + 10, 40))

    @property
    def text(self) -> str:
        """All rows with tabs, as a spreadsheet takes them."""
        lines = ["\t".join((*HEADINGS, "better"))]
        lines += ["\t".join(row) for row in self._rows]
        return "\n".join(lines) + "\n"

    @Slot()
    def copy(self) -> None:
        """Put `text` on the clipboard."""
        QGuiApplication.clipboard().setText(self.text)
