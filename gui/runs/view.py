"""The rows and columns of the table of runs: which columns there are, and how wide they are. In the GUI thread."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Slot
from PySide6.QtGui import QAction, QFontMetrics
from PySide6.QtWidgets import QMenu, QTableView

from gui.runs.model import ALWAYS, COLUMNS, NOT_AT_FIRST, RUN, RUNNER, WORKLOAD, RunsModel
from gui.tables.tables import dress_selection, set_row_height, set_up
from gui.widgets.fields import named

if TYPE_CHECKING:
    from collections.abc import Container

    from PySide6.QtCore import QAbstractItemModel
    from PySide6.QtGui import QResizeEvent

    from gui.theme.theme import Theme

MIN_ROOM, MAX_ROOM = 16, 72
"""Pixels beside a column's widest text: Qt itself puts three on each side."""

BESIDE_MARKER, SHORTEST = 6, 80


class RunsView(QTableView):
    """Shows a proxy of `RunsModel`: the columns that a person chose, as wide as they made them or as their texts are.

    Attributes:
        columns_menu: chooses the columns.
    """

    def __init__(self, theme: Theme, rows: RunsModel, proxy: QAbstractItemModel) -> None:
        super().__init__()
        self._theme, self._rows = theme, rows
        self._widths = [0] * len(COLUMNS)
        self._own: dict[int, int] = {}
        self._measured = 0
        self._is_fitting = False
        self.setModel(proxy)
        set_up(self, "Figures of the runs")
        headings = named(self.horizontalHeader(), "narrow")
        headings.setMinimumSectionSize(16)
        for place, column in enumerate(ALWAYS):
            headings.moveSection(headings.visualIndex(column), place)
        headings.sectionResized.connect(self._keep_width)
        self.columns_menu = QMenu("Columns", self)
        for at, about in enumerate(COLUMNS):
            if at in ALWAYS:
                continue
            action = QAction(about.title, self.columns_menu, checkable=True, checked=at not in NOT_AT_FIRST)
            action.toggled.connect(partial(self._show_column, at))
            self.columns_menu.addAction(action)
            self.setColumnHidden(at, at in NOT_AT_FIRST)
        self.columns_menu.addSeparator()
        self.columns_menu.addAction("As at first").triggered.connect(self.show_usual)
        headings.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        headings.customContextMenuRequested.connect(self._open_columns_menu)
        self.setSortingEnabled(True)
        self.sortByColumn(RUN, Qt.SortOrder.DescendingOrder)

    # ---------------------------------------------------------------- which columns, and how wide

    @Slot(QPoint)
    def _open_columns_menu(self, place: QPoint) -> None:
        self.columns_menu.popup(self.horizontalHeader().mapToGlobal(place))

    def _show_column(self, at: int, shown: bool) -> None:
        self.setColumnHidden(at, not shown)
        self._share_room()

    def _choose(self, shown: Container[int], widths: dict[int, int]) -> None:
        self._own = widths
        actions = iter(self.columns_menu.actions())
        for at in range(len(COLUMNS)):
            if at not in ALWAYS:
                next(actions).setChecked(at in shown)
        self._share_room()

    @Slot()
    def show_usual(self) -> None:
        """Show the columns of the first start, as wide as their texts."""
        self._choose([at for at in range(len(COLUMNS)) if at not in NOT_AT_FIRST], {})

    def kept(self) -> str:
        """The columns that are shown, with the widths that a person gave them: "Workers;Tasks=80"."""
        shown = (at for at in range(len(COLUMNS)) if not self.isColumnHidden(at))
        return ";".join(COLUMNS[at].title + (f"={self._own[at]}" if at in self._own else "") for at in shown)

    def recall(self, kept: str) -> None:
        """Show again what `kept` returned; what is no column any more is passed over."""
        pairs = [entry.partition("=")[::2] for entry in kept.split(";")]
        places = {column.title: at for at, column in enumerate(COLUMNS)}
        found = {places[title]: width for title, width in pairs if title in places}
        if found:
            self._choose(found, {at: int(width) for at, width in found.items() if width.isdecimal()})

    @Slot(int, int, int)
    def _keep_width(self, at: int, before: int, width: int) -> None:
        if width and before and not self._is_fitting:
            self._own[at] = width

    def restyle(self) -> None:
        set_row_height(self, self.fontMetrics().height() + 10)
        dress_selection(self, self._theme)
        headings = QFontMetrics(self.horizontalHeader().font())
        self._widths = [headings.horizontalAdvance(column.heading or column.title) for column in COLUMNS]
        self._measured = 0
        self.fit_columns()

    def fit_columns(self) -> None:
        """Make every column as wide as its widest text, of which only those that are new are measured."""
        texts, numbers = self.fontMetrics(), QFontMetrics(self._theme.numbers_font())
        for row in self._rows.rows[self._measured :]:
            for at, text in enumerate(row.shown):
                width = (numbers if COLUMNS[at].is_number else texts).horizontalAdvance(text)
                if at == RUNNER:
                    width += self._rows.marker_size + BESIDE_MARKER
                self._widths[at] = max(self._widths[at], width)
        self._measured = len(self._rows.rows)
        self._share_room()

    def _share_room(self) -> None:
        """Give the room that is left to all columns; where there is too little, names are cut."""
        shown = [at for at in range(len(COLUMNS)) if not self.isColumnHidden(at)]
        widths = {at: self._widths[at] for at in shown}
        if self._rows.pins:
            widths[RUN] += self._rows.marker_size + BESIDE_MARKER
        free = [at for at in shown if at not in self._own]
        taken = sum(self._own.get(at, widths[at]) for at in shown)
        spare = self.viewport().width() - taken - MIN_ROOM * len(free)
        lacks = -spare
        for at in (WORKLOAD, RUNNER):
            if lacks > 0 and at not in self._own:
                kept = max(widths[at] - lacks, min(SHORTEST, widths[at]))
                lacks -= widths[at] - kept
                widths[at] = kept
        most = round(MAX_ROOM * self._theme.text_scale)
        room = MIN_ROOM + (min(most, max(0, spare) // len(free)) if free else 0)
        self._is_fitting = True
        for at in shown:
            self.setColumnWidth(at, self._own.get(at, widths[at] + room))
        self._is_fitting = False

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_room()
