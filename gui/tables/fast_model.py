"""What a `FastTable` shows: many things, or those that a filter lets through. In the GUI thread.

A row's texts are made only when it is looked at, so a thing costs nothing here.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from itertools import compress
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QModelIndex, Qt

from gui.tables.tables import ColumnsModel

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence

    from gui.tables.tables import Column, Index


class Cells(NamedTuple):
    """One row as it is painted.

    Attributes:
        texts: a text for each column.
        role: the colour of its state and of its bar, a key of `palettes.COLORS`.
        share: how much of its bar is full, from 0 to 1; None, which is hatched, while nobody knows.
        has_bar: whether it has one at all.
    """

    texts: tuple[str, ...]
    role: str
    share: float | None
    has_bar: bool


def let_through(states: bytes | bytearray, wanted: Container[int] | None) -> Sequence[int]:
    """Where in `states`, which has a byte for each thing, one of `wanted` stands; None: all."""
    if wanted is None:
        return range(len(states))
    # One byte a thing becomes 1 where it is let through; all of it in C, 2 ms for 100,000 of them.
    marks = states.translate(bytes(value in wanted for value in range(256)))
    return array("I", compress(range(len(marks)), marks))


class FastModel(ColumnsModel):
    """Many things, or those that a filter lets through.

    Attributes:
        rows: which of all things each row shows, by its number among them.
    """

    def __init__(self, columns: Sequence[Column]) -> None:
        super().__init__(columns)
        self.rows: Sequence[int] = range(0)

    def cells(self, row: int) -> Cells:
        """One row, ready to be painted."""
        raise NotImplementedError

    def tip(self, row: int, column: int) -> str:
        """What there is to say of a cell; empty for nothing."""
        return self.columns[column].tip

    def samples(self, column: int) -> Iterable[str]:
        """Texts for which a column is to have room."""
        return ()

    def row_at(self, place: int) -> int:
        """The row that shows a thing; -1 where the filter does not let it through."""
        row = bisect_left(self.rows, place)
        return row if row < len(self.rows) and self.rows[row] == place else -1

    def show_places(self, after: Sequence[int]) -> None:
        """Show these things.

        Rows go and come from the first that differs on; what is before it stays, also selected.
        """
        before = self.rows
        if before == after:
            return
        same = _common(before, after)
        if same < len(before):
            self.beginRemoveRows(QModelIndex(), same, len(before) - 1)
            self.rows = before[:same]
            self.endRemoveRows()
        if same < len(after):
            self.beginInsertRows(QModelIndex(), same, len(after) - 1)
            self.rows = after
            self.endInsertRows()
        self.rows = after  # where there are as many, but it is a range no more

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A cell's text and tooltip, for screen readers, for copying and for tips; `FastTable` paints by `cells`."""
        row, column = index.row(), index.column()
        if not index.isValid() or row >= len(self.rows):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.cells(row).texts[column]
        if role == Qt.ItemDataRole.ToolTipRole:
            return self.tip(row, column) or None
        return self.columns[column].align if role == Qt.ItemDataRole.TextAlignmentRole else None


def _common(before: Sequence[int], after: Sequence[int]) -> int:
    """How many elements two rising sequences have in common at their start; by halving, each half compared in C."""
    low, high = 0, min(len(before), len(after))
    while low < high:
        middle = (low + high + 1) // 2
        # Both rise strictly from 0 or more, but equal ends do not prove equal middles: compare the stretch itself.
        if array("I", before[low:middle]) == array("I", after[low:middle]):
            low = middle
        else:
            high = middle - 1
    return low
