"""The list of downloads as a table model: items of the queue's file, and over them what a run does with them just now.

In the GUI thread. A row's texts are made only when it is looked at, and an update costs no more than what changed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

from PySide6.QtCore import Qt

from gui.downloads.state import COLORS, EMPTY, SIGNS, Listing, State, is_prefix
from gui.downloads.texts import size_of, time_left
from gui.tables.fast_model import Cells, FastModel, let_through
from gui.tables.tables import Column
from gui.widgets.panels import LEFT_SIDE
from workers.downloads.names import last_part, url_name
from workers.utils.folder_files import printable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gui.downloads.run_progress import Live
    from workers.downloads.queue import Item

COLUMNS = (
    Column(
        "Address",
        align=LEFT_SIDE,
        widest=("images.unsplash…c41f4a759",),
        cut=Qt.TextElideMode.ElideMiddle,  # an address says most at its ends: the host, and the file
    ),
    Column(
        "State",
        align=LEFT_SIDE,
        widest=tuple(f"{sign} {word}" for sign, word in SIGNS.values()),
        row_roles=frozenset(COLORS.values()),
    ),
    Column("Progress", align=LEFT_SIDE, widest=("888 MB",), bar=56),
    Column("Size", widest=("888 MB",)),
    Column("Speed", widest=("888 MB/s",)),
    Column("Time left", widest=("88 min 88 s",)),
    Column("Why it failed", align=LEFT_SIDE, widest=("Connection refused",), role="bad"),
)
NAME, STATE, PROGRESS, SIZE, SPEED, LEFT, WHY = range(len(COLUMNS))

MAX_FULL = 0.99
"""A bar is never quite full before the end: the file is looked at after its last byte has come."""


class DownloadsModel(FastModel):
    """The items, or those that a filter lets through.

    Attributes:
        listing: what the queue's file held when it was last read.
        states: a byte for each item: its `State`, by the file and by the run.
        live: the run that is followed; None where there is none.
    """

    def __init__(self) -> None:
        super().__init__(COLUMNS)
        self.listing: Listing = EMPTY
        self.states = bytearray()
        self.live: Live | None = None
        self._wanted: tuple[State, ...] | None = None

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
        if same:
            self.show_only(self._wanted)
            self.tell_all()
        else:
            self.rows = let_through(self.states, self._wanted)
            self.endResetModel()

    def follow(self, live: Live | None) -> None:
        """Show what a run does with the items; None: only what the file says."""
        self.live = live
        self.states = bytearray(self.listing.states)
        self.tell_all()

    def advance(self, now: float) -> bool:
        """Take in what the run did since the last call; returns whether any item is in another state now."""
        return self.live is not None and self._lay_over(self.live.advance(now))

    def forget(self, items: Iterable[int]) -> None:
        """Take the state of these items from the queue's file again: they are to be retried."""
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
        """Show the items that are in one of `states` now; None shows all. Call again to bring it up to date."""
        self._wanted = states
        self.show_places(let_through(self.states, states))

    def count(self, states: tuple[State, ...] | None) -> int:
        """How many items are in one of `states`; None counts all."""
        return len(self.states) if states is None else sum(map(self.states.count, states))

    @property
    def has_failed(self) -> bool:
        return State.FAILED in self.states

    def item(self, row: int) -> Item:
        return self.listing.items[self.rows[row]]

    def state(self, row: int) -> State:
        return State(self.states[self.rows[row]])

    def row_of(self, item: int) -> int:
        return self.row_at(self.listing.places.get(item, -1))

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
        last = min(last, len(self.rows) - 1)
        if live is None or last < first:
            return
        moving = [
            row for row in range(first, last + 1) if State.WAITING < self.states[self.rows[row]] < State.FAILED
        ]
        for row in moving:
            live.look(self.item(row).id, now)
        if moving:
            self.tell(moving[0], moving[-1])

    def look_again(self, items: Iterable[int]) -> None:
        for row in map(self.row_of, items):
            self.tell(row, row)

    def cells(self, row: int) -> Cells:
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
            share = min(MAX_FULL, amount / size) if size else None
            progress = size_of(amount) if share is None else f"{100 * share:.0f} %"
            left = time_left((size - amount) / per_s) if per_s and size > amount else ""
        elif state is State.DONE:
            share, progress = 1.0, "100 %"
            size = size or amount
            speed = f"{size_of(seen.speed)}/s" if seen is not None and seen.speed else ""
        elif state is State.FAILED and size:
            share = min(MAX_FULL, amount / size)
        sign, word = SIGNS[state]
        texts = (
            title(item, state),
            f"{sign} {word}",
            progress,
            size_of(size) if size else "",
            speed,
            left,
            self.why(row) if state is State.FAILED else "",
        )
        return Cells(texts, COLORS[state], share, state is not State.WAITING)

    def tip(self, row: int, column: int) -> str:
        return "\n".join(filter(None, (self.item(row).url, self.why(row))))


def title(item: Item, state: State) -> str:
    """What an item is called: its file's name, or the one that the address gives it; of one that failed the address."""
    if item.name or state is not State.FAILED:
        return item.name or url_name(item.url) or last_part(item.url)
    return printable(unquote(item.url.removeprefix("https://").removeprefix("http://")))
