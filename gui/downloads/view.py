"""The list of downloads as a table: what is selected in it, its keys, and columns that go where there is little room.

In the GUI thread.
"""

from __future__ import annotations

from contextlib import contextmanager
from itertools import groupby
from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelection, QItemSelectionModel, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView

from gui.downloads.model import COLUMNS, LEFT, NAME, SIZE, SPEED, WHY
from gui.tables.fast_table import FastTable

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

    from PySide6.QtCore import QModelIndex
    from PySide6.QtGui import QKeyEvent, QResizeEvent

    from gui.downloads.model import DownloadsModel
    from gui.theme.theme import Theme

GO_FIRST = (LEFT, SIZE, SPEED, WHY)
"""Columns that go where there is too little room for the address, one after the other."""


class DownloadsView(FastTable):
    """The items of a `DownloadsModel`.

    Signals:
        pause_pressed: the space bar: pause the selected items, or let them go on.
    """

    pause_pressed = Signal()

    def __init__(self, theme: Theme, model: DownloadsModel) -> None:
        self._downloads = model
        super().__init__(theme, model, "Addresses and their files")
        headings = self.horizontalHeader()
        headings.setSectionsClickable(False)
        headings.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    def fit_columns(self) -> None:
        """Make the columns of figures as wide as these can be, and give the address what is left.

        Reasons get half of that, where there are any.
        """
        widths, room = self.fits(), self.viewport().width()
        if not self._downloads.has_failed:
            del widths[WHY]
        for column in GO_FIRST:
            if sum(widths.values()) > room:
                widths.pop(column, None)
            self.setColumnHidden(column, column not in widths)
        rest = max(0, room - sum(widths.values()))
        if WHY in widths:
            widths[WHY] += rest // 2
        widths[NAME] += rest - rest // 2 if WHY in widths else rest
        self.set_widths(widths)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit_columns()

    # ---------------------------------------------------------------- what is selected

    def selected_ids(self) -> list[int]:
        return [self._downloads.item(row).id for row in self.every_selected_row()]

    @contextmanager
    def keeping_selection(self) -> Generator[None]:
        """While rows come and go: select the same items again at the end, where they are still there."""
        kept = self.selected_ids()
        yield
        if kept and kept != self.selected_ids():
            self.select_ids(kept)

    def select_ids(self, items: Iterable[int]) -> None:
        chosen = QItemSelection()
        model = self._downloads
        rows = sorted(row for row in map(model.row_of, items) if row >= 0)
        # In a stretch of rows that follow each other, row and place differ by the same.
        for _, pairs in groupby(enumerate(rows), lambda pair: pair[1] - pair[0]):
            stretch = [row for _, row in pairs]
            chosen.select(model.index(stretch[0], 0), model.index(stretch[-1], len(COLUMNS) - 1))
        self.selectionModel().select(chosen, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    # ---------------------------------------------------------------- keys

    def moveCursor(self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """Home and End go to the first and the last row; Qt would go along the row, where nothing can be chosen."""
        if action is QAbstractItemView.CursorAction.MoveHome:
            return self._downloads.index(0, NAME)
        if action is QAbstractItemView.CursorAction.MoveEnd:
            return self._downloads.index(self._downloads.rowCount() - 1, NAME)
        return super().moveCursor(action, modifiers)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The space bar pauses; Qt would select with it, which the arrows do already."""
        if event.key() == Qt.Key.Key_Space and not event.modifiers():
            self.pause_pressed.emit()
            event.accept()
        else:
            super().keyPressEvent(event)
