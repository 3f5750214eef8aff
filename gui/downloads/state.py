"""What is known of each address in the list of downloads. Made in the queue's thread, then handed to the GUI thread."""

from __future__ import annotations

from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from workers.downloads.queue import Item

STEP = 500
"""Items looked at in one step: about a millisecond."""


class State(IntEnum):
    """How far an address is, as a person sees it."""

    WAITING = 0
    RUNNING = 1
    PAUSED = 2
    FAILED = 3
    DONE = 4


SIGNS = {
    State.WAITING: ("○", "Waiting"),
    State.RUNNING: ("►", "Running"),
    State.PAUSED: ("‖", "Paused"),
    State.FAILED: ("✕", "Failed"),
    State.DONE: ("✓", "Done"),
}
"""A shape and a word for each state, the same as in the table of tasks."""

COLORS = {
    State.WAITING: "muted",
    State.RUNNING: "accent",
    State.PAUSED: "warn",
    State.FAILED: "bad",
    State.DONE: "good",
}

KEPT = {"failed": State.FAILED, "done": State.DONE}
"""What the queue's file says of an item -> its state; all else waits: what runs is told by the run, not by the file."""

FILTERS: tuple[tuple[str, tuple[State, ...] | None], ...] = (
    ("All", None),
    ("Waiting", (State.WAITING,)),
    ("Running", (State.RUNNING, State.PAUSED)),
    ("Failed", (State.FAILED,)),
    ("Done", (State.DONE,)),
)


class Listing(NamedTuple):
    """All that the queue's file held at one moment, and what the run has told to be done since.

    Attributes:
        items: in the order in which they were added.
        places: the number of an item -> where it stands in `items`.
        states: a byte for each of `items`: its `State` by the file.
        sizes: of the files that are done, in bytes.
    """

    items: list[Item]
    places: dict[int, int]
    states: bytearray
    sizes: list[int]

    @property
    def done_bytes(self) -> int:
        return sum(self.sizes)

    def size(self, item: int) -> int:
        """How many bytes an item's file has, or will have; 0 where nobody knows."""
        place = self.places.get(item)
        return 0 if place is None else self.items[place].size

    def finish(self, place: int, name: str, size: int) -> None:
        """Take in that a download is done, as the file will tell it when it is read again."""
        item = self.items[place]
        done = item._replace(state="done", name=name or item.name, size=size or item.size, tried=item.tried + 1)
        self.items[place], self.states[place] = done, State.DONE
        self.sizes.append(done.size)


EMPTY = Listing([], {}, bytearray(), [])


def list_items(items: list[Item]) -> Generator[None, None, Listing]:
    """Make a listing in steps of about a millisecond."""
    places: dict[int, int] = {}
    states = bytearray()
    sizes: list[int] = []
    for first in range(0, len(items), STEP):
        for place, item in enumerate(items[first : first + STEP], first):
            places[item.id] = place
            state = KEPT.get(item.state, State.WAITING)
            states.append(state)
            if state is State.DONE:
                sizes.append(item.size)
        yield
    return Listing(items, places, states, sizes)


def file_of(item: Item) -> Path | None:
    """The file of an item that is done; None where it has none."""
    return Path(item.folder, item.name) if item.name and KEPT.get(item.state) is State.DONE else None


def is_prefix(before: Sequence[Item], after: Sequence[Item]) -> bool:
    """Whether `after` begins with the very items of `before`, whatever happened to them."""
    # Items only ever go, and come at the end: where the last one has kept its place, so have all before it.
    count = len(before)
    return not count or (count <= len(after) and before[-1].id == after[count - 1].id)
