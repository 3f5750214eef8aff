"""What an item of a queue of downloads is, and what can be said of all of them: plain data for any thread.

Runs on Python 3.9.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

WAITING, PROMISED, DONE, FAILED = "waiting", "promised", "done", "failed"
"""The states of an item. A promised one is whole, and is just being given its final name."""


class Item(NamedTuple):
    """One download of a queue.

    Attributes:
        id: its number, which no other item of the queue ever gets.
        url: its address.
        folder: where its file goes, as an absolute path.
        name: its file's name: the final one once it is promised or done, else the one asked for, usually none.
        state: "waiting", "promised", "done" or "failed".
        why: why it failed, as a sentence.
        size: how many bytes the whole file has; 0 before it is promised.
        sha256: of its contents in hexadecimal digits: what they must be, and once it is done what they are.
        tried: how often it has failed or was done.
    """

    id: int
    url: str
    folder: str
    name: str
    state: str
    why: str
    size: int
    sha256: str
    tried: int


class Counts(NamedTuple):
    """How many items of each state there are, and the bytes of those that are done."""

    waiting: int
    promised: int
    done: int
    failed: int
    bytes: int

    @property
    def unfinished(self) -> int:
        return self.waiting + self.promised


class ItemChanges(NamedTuple):
    """What has changed since an earlier look.

    Attributes:
        revision: to be handed in at the next look.
        items: those that were added or have changed.
        removed: whether any were removed: then what is known of the others is to be read again, by `items`.
    """

    revision: int
    items: list[Item]
    removed: bool


NOTE_BYTES = 1 << 20
"""Once so many bytes have come, the queue is told what they are of. A program that is killed loses no more."""

COLUMNS = (
    "id, url, folder, CASE name WHEN '' THEN asked_name ELSE name END, state, why, size, "
    "CASE sha256 WHEN '' THEN asked_sha256 ELSE sha256 END, tried"
)
"""The columns of the table `items` that make an `Item`."""

REVISION = "revision = (SELECT revision FROM queue)"
"""What every change sets in the items that it changes."""

_IDS_AT_ONCE = 500
"""Older builds of SQLite take 999 values in one statement."""


def in_lots(ids: Iterable[int]) -> Iterator[tuple[str, list[int]]]:
    """Numbers in lots that one statement can take, each with as many question marks."""
    numbers = list(ids)
    for start in range(0, len(numbers), _IDS_AT_ONCE):
        some = numbers[start : start + _IDS_AT_ONCE]
        yield ", ".join("?" * len(some)), some
