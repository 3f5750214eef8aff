"""The table of the Runs tab: its columns fit their contents and share what room is left. In the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics, QPalette
from PySide6.QtWidgets import QTableView

from gui.runs_model import (
    BLOCKED,
    COLUMNS,
    CPU,
    FREEZES,
    MEMORY,
    P50,
    P95,
    P99,
    RUN,
    RUNNER,
    STARTUP,
    TASKS,
    WORKERS,
    WORKLOAD,
    WORST,
)
from gui.widgets.fields import named
from gui.widgets.tables import set_row_height, set_up

if TYPE_CHECKING:
    from PySide6.QtCore import QAbstractItemModel
    from PySide6.QtGui import QResizeEvent

    from gui.runs_model import RunsModel
    from gui.theme.theme import Theme

LEAST_ROOM, ROOM_TO_SCROLL, MOST_ROOM = 7, 16, 72
"""Pixels beside a column's widest text: Qt itself puts three on each side."""

BESIDE_MARKER = 6

GIVES_WAY = (CPU, STARTUP, MEMORY, WORKERS, P50, P95, TASKS, BLOCKED, WORST, WORKLOAD, FREEZES, P99)
"""Columns that are left out one after the other where there is too little room; those that are not named stay."""


class RunsView(QTableView):
    """Shows a proxy of `RunsModel`. At a text scale of 1 all but what runs cost fit into 721 pixels.

    Signals:
        columns_changed: others are in sight now.
    """

    columns_changed = Signal()

    def __init__(self, theme: Theme, rows: RunsModel, proxy: QAbstractItemModel) -> None:
        super().__init__()
        self._theme, self._rows = theme, rows
        self._widths = [0] * len(COLUMNS)
        self._measured = 0
        self.setModel(proxy)
        set_up(self, "Figures of the runs")
        headings = named(self.horizontalHeader(), "narrow")
        headings.setMinimumSectionSize(16)
        self.setSortingEnabled(True)
        self.sortByColumn(RUN, Qt.SortOrder.DescendingOrder)

    def restyle(self) -> None:
        """Take up the theme's colours and text size."""
        set_row_height(self, self.fontMetrics().height() + 10)
        # A paler selection than usual, on which the colours of the bands stay readable.
        palette = QPalette()
        palette.setColor(QPalette.ColorRole.Highlight, self._theme.color("selection"))
        palette.setColor(QPalette.ColorRole.HighlightedText, self._theme.color("text"))
        self.setPalette(palette)
        headings = QFontMetrics(self.horizontalHeader().font())
        self._widths = [headings.horizontalAdvance(column.heading) for column in COLUMNS]
        self._measured = 0
        self.fit_columns()

    def fit_columns(self) -> None:
        """Make every column as wide as its widest text, of which only those that are new are measured."""
        words, numbers = self.fontMetrics(), QFontMetrics(self._theme.numbers_font())
        for row in self._rows.rows[self._measured :]:
            for at, text in enumerate(row.shown):
                width = (numbers if COLUMNS[at].is_number else words).horizontalAdvance(text)
                if at == RUNNER:
                    width += self._rows.marker_size + BESIDE_MARKER
                self._widths[at] = max(self._widths[at], width)
        self._measured = len(self._rows.rows)
        self._share_room()

    @property
    def left_out(self) -> list[str]:
        """The titles of the columns for which there is no room."""
        return [column.title for at, column in enumerate(COLUMNS) if self.isColumnHidden(at)]

    def _share_room(self) -> None:
        widths = self._widths.copy()
        if self._rows.pins:
            widths[RUN] += self._rows.marker_size + BESIDE_MARKER
        whole = self.viewport().width()
        shown = list(range(len(COLUMNS)))
        for at in GIVES_WAY:
            if sum(widths[column] + LEAST_ROOM for column in shown) <= whole:
                break
            shown.remove(at)
        room = (whole - sum(widths[column] for column in shown)) // len(shown)
        # Where they cannot all be in sight at once, they need not crowd either.
        room = ROOM_TO_SCROLL if room < LEAST_ROOM else min(room, round(MOST_ROOM * self._theme.text_scale))
        before = self.left_out
        for at, width in enumerate(widths):
            if self.isColumnHidden(at) is (at in shown):
                self.setColumnHidden(at, at not in shown)
            if at in shown and self.columnWidth(at) != width + room:
                self.setColumnWidth(at, width + room)
        if self.left_out != before:
            self.columns_changed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the room anew."""
        super().resizeEvent(event)
        self._share_room()
