"""The list of downloads as a table model: items of the queue's file, and over them what a run does with them just now.

In the GUI thread. A row is put into words only when it is looked at; what changes costs no more than what changed.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from itertools import compress
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from gui.downloads.state import EMPTY, SIGNS, Listing, State, is_prefix
from gui.downloads.texts import size_of, time_left
from workers.downloads.names import last_part

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gui.downloads.run_progress import Live
    from workers.downloads.queue import Item

COLUMNS = ("Address", "State", "Progress", "Size", "Speed", "Time left")
NAME, STATE, PROGRESS, SIZE, SPEED, LEFT = range(len(COLUMNS))
NUMBERS = frozenset({SIZE, SPEED, LEFT})

MOST_FULL = 0.99
"""A bar is never quite full before the end: the file is looked at after its last byte has come."""

LINE_END = {True: Qt.AlignmentFlag.AlignRight, False: Qt.AlignmentFlag.AlignLeft}

Index = QModelIndex | QPersistentModelIndex


class Cells(NamedTuple):
    """One row as it is painted.

    Attributes:
        texts: a text for each column.
        state: how far it is.
        share: how much of its bar is full, from 0 to 1; None while nobody knows how long the file will be.
    """

    texts: tuple[str, ...]
    state: State
    share: float | None


class DownloadsModel(QAbstractTableModel):
    """The items, or those that a filter lets through.

    Attributes:
        listing: what the queue's file held when it was last read.
        states: a byte for each item: its `State`, by the file and by the run.
        live: the run that is followed; None where there is none.
    """

    def __init__(self) -> None:
        super().__init__()
        self.listing: Listing = EMPTY
        self.states = bytearray()
        self.live: Live | None = None
        self._wanted: tuple[State, ...] | None = None
        self._count = 0
        self._shown: Sequence[int] | None = None

    # ---------------------------------------------------------------- what it holds

    def show_listing(self, listing: Listing) -> None:
        """Show what the queue's file holds now. Rows that are there already stay where they are, also selected."""
        same = is_prefix(self.listing.items, listing.items)
        if not same:
            self.beginResetModel()
        self.listing = listing
        self.states = bytearray(listing.states)
        if self.live is not None:
            self._lay_over(self.live.states)
        if not same:
            self._shown = None if self._wanted is None else self._let_through(self._wanted)
            self._count = len(listing.items) if self._shown is None else len(self._shown)
            self.endResetModel()
            return
        if self._wanted is not None:
            self.show_only(self._wanted)
        elif len(listing.items) > self._count:
            self.beginInsertRows(QModelIndex(), self._count, len(listing.items) - 1)
            self._count = len(listing.items)
            self.endInsertRows()
        self.tell(0, self._count - 1)

    def follow(self, live: Live | None) -> None:
        """Show what a run does with the items; None: only what the file says."""
        self.live = live
        self.states = bytearray(self.listing.states)
        self.tell(0, self._count - 1)

    def advance(self, now: float) -> bool:
        """Take in what the run did since the last call; returns whether any item is in another state now."""
        return self.live is not None and self._lay_over(self.live.advance(now))

    def forget(self, items: Iterable[int]) -> None:
        """Leave these items to the queue's file: they are to be tried again."""
        if self.live is not None:
            self.live.forget(items)

    def _lay_over(self, items: Iterable[int]) -> bool:
        """Let these items be as far as the run says; returns whether any is in another state now."""
        live, listing, states, changed = self.live, self.listing, self.states, False
        assert live is not None
        places, kept, told = listing.places, listing.states, live.states
        for item in items:
            place = places.get(item)
            if place is None:
                continue
            state = told.get(item)
            if state is State.DONE and kept[place] != state:
                listing.finish(place, *live.made(item))
            before = states[place]
            states[place] = kept[place] if state is None else state
            changed = changed or before != states[place]
        return changed

    # ---------------------------------------------------------------- which rows there are

    def show_only(self, states: tuple[State, ...] | None) -> None:
        """Show the items that are in one of `states` now; None shows all. Call again to bring it up to date.

        Rows go and come from the first that differs on; what is before it stays, also selected.
        """
        self._wanted = states
        if states is None and self._shown is None:
            return
        everything = range(len(self.listing.items))
        before: Sequence[int] = everything if self._shown is None else self._shown
        after: Sequence[int] = everything if states is None else self._let_through(states)
        same = _common(before, after)
        if same < len(before):
            self.beginRemoveRows(QModelIndex(), same, len(before) - 1)
            self._shown, self._count = before[:same], same
            self.endRemoveRows()
        if same < len(after):
            self.beginInsertRows(QModelIndex(), same, len(after) - 1)
            self._shown, self._count = after, len(after)
            self.endInsertRows()
        self._shown, self._count = (None if states is None else after), len(after)

    def _let_through(self, states: tuple[State, ...]) -> array[int]:
        # One byte an item becomes 1 where it is let through; all of it in C.
        marks = self.states.translate(bytes(value in states for value in range(256)))
        return array("I", compress(range(len(marks)), marks))

    def count(self, states: tuple[State, ...] | None) -> int:
        """How many items are in one of `states`; None counts all."""
        return len(self.states) if states is None else sum(map(self.states.count, states))

    def place(self, row: int) -> int:
        """Which item of the listing a row shows."""
        return row if self._shown is None else self._shown[row]

    def item(self, row: int) -> Item:
        """What the queue's file says of a row."""
        return self.listing.items[self.place(row)]

    def state(self, row: int) -> State:
        """How far a row is."""
        return State(self.states[self.place(row)])

    def row_of(self, item: int) -> int:
        """The row of an item by its number; -1 where it is not shown."""
        place = self.listing.places.get(item, -1)
        if self._shown is None or place < 0:
            return place
        row = bisect_left(self._shown, place)
        return row if row < len(self._shown) and self._shown[row] == place else -1

    def why(self, row: int) -> str:
        """Why a row's item failed, in a sentence; empty for the others."""
        if self.state(row) is not State.FAILED:
            return ""
        item = self.item(row)
        told = self.live.why(item.id) if self.live is not None else ""
        # A task tells its name as well, for lists that have no addresses beside it.
        return told.removeprefix(f"{last_part(item.url)}: ") or item.why

    # ---------------------------------------------------------------- how it looks

    def look(self, first: int, last: int, now: float) -> None:
        """Look at the visible rows, `first` to `last`, and have those painted that run."""
        live = self.live
        last = min(last, self._count - 1)
        if live is None or last < first:
            return
        moving = [row for row in range(first, last + 1) if State.WAITING < self.states[self.place(row)] < State.FAILED]
        for row in moving:
            live.look(self.item(row).id, now)
        if moving:
            self.tell(moving[0], moving[-1])

    def look_again(self, items: Iterable[int]) -> None:
        """Have the rows of these items painted anew."""
        for row in map(self.row_of, items):
            self.tell(row, row)

    def tell(self, first: int, last: int) -> None:
        """Tell the view that these rows may look different now; those that are not there are passed over."""
        last = min(last, self._count - 1)
        if 0 <= first <= last:
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(COLUMNS) - 1))

    def cells(self, row: int) -> Cells:
        """One row, ready to be painted."""
        item, state = self.item(row), self.state(row)
        live = self.live
        seen = live.row(item.id) if live is not None else None
        size, amount = float(item.size), seen.amount if seen is not None else 0.0
        share: float | None = 0.0
        progress = speed = left = ""
        if live is not None and state is State.WAITING and live.is_held(item.id):
            state = State.PAUSED  # it has not begun, and will not before somebody lets it go on
        elif live is not None and seen is not None and State.WAITING < state < State.FAILED:
            per_s = live.speed(item.id) if state is State.RUNNING else 0.0
            speed = f"{size_of(per_s)}/s" if per_s else ""
            share = min(MOST_FULL, amount / size) if size else None
            progress = size_of(amount) if share is None else f"{100 * share:.0f} %"
            left = time_left((size - amount) / per_s) if per_s and size > amount else ""
        elif state is State.DONE:
            share, progress = 1.0, "100 %"
            size = size or amount
            speed = f"{size_of(seen.speed)}/s" if seen is not None and seen.speed else ""
        elif state is State.FAILED and size:
            share = min(MOST_FULL, amount / size)
        sign, word = SIGNS[state]
        texts = (title(item), f"{sign} {word}", progress, size_of(size) if size else "", speed, left)
        return Cells(texts, state, share)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own default, and never changed)
        """How many items are shown."""
        return 0 if parent.isValid() else self._count

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own default, and never changed)
        """Always the same."""
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The columns' names, over numbers on the right as the numbers are."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return LINE_END[section in NUMBERS] | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A cell's text and tooltip, for screen readers, for copying and for tips; the view paints by `cells`."""
        if not index.isValid() or not 0 <= index.row() < self._count:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.cells(index.row()).texts[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole:
            why = self.why(index.row())
            url = self.item(index.row()).url
            return f"{url}\n{why}" if why else url
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return LINE_END[index.column() in NUMBERS] | Qt.AlignmentFlag.AlignVCenter
        return None


def title(item: Item) -> str:
    """What an item is called: the name of its file, or, as long as that has none, its address."""
    return item.name or item.url.removeprefix("https://").removeprefix("http://")


def _common(before: Sequence[int], after: Sequence[int]) -> int:
    """How many elements two rising sequences have in common at their start."""
    least = min(len(before), len(after))
    if array("I", before[:least]) == array("I", after[:least]):
        return least
    return next(at for at, (one, other) in enumerate(zip(before, after, strict=False)) if one != other)
