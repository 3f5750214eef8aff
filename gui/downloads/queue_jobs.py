"""What the queue's thread does with its file: each job as a generator of short steps. In that thread only."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from gui.downloads.state import EMPTY, Listing, list_items
from workers.utils.child import RESOURCES
from workers.utils.errors import ThawError
from workers.utils.folder_files import expanded

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from workers.downloads.addresses import Address
    from workers.downloads.queue import DownloadQueue, Item

SAMPLE = RESOURCES / "urls_unsplash.txt"
"""The sample list that comes with the program. It is read only where somebody chooses it."""

PIECE = 16_000
"""Characters of a text that are searched for addresses in one step, and on to the end of the line: a millisecond."""

MAX_HEADER = 1_000
"""The first line of a table says what parts its columns; a longer one is none."""

LOOKS = 250
"""Items whose part files are looked for in one step."""

TAKEN = (
    "Another Thaw has this list of downloads. Here it can be looked at, as it was just now; to change it, end the "
    "other one and press Try again."
)
NOBODY = "The list of downloads is not open."


class JobRefused(ThawError):
    """A job cannot be done; its text says why in a sentence for people."""


class Added(NamedTuple):
    """What came of a text with addresses.

    Attributes:
        found: how many different ones stand in it.
        added: how many of them were new to the list.
        source: what the text was, for people; empty for what was pasted, dropped or typed.
        is_sample: whether it was the sample list.
    """

    found: int
    added: int
    source: str = ""
    is_sample: bool = False


class Opened(NamedTuple):
    """What came of opening the queue.

    Attributes:
        path: its file; empty where that is not known.
        listing: what it holds; also where another program has it.
        why_not: why it cannot be changed, in a sentence; empty where it can.
    """

    path: str
    listing: Listing
    why_not: str


class QueueJobs:
    """The queue's file, open or not, what it held when it was last read, and what can be done with it."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._store: DownloadQueue | None = None
        self._revision = 0
        self._listing = EMPTY
        self._urls: set[str] = set()

    def open(self) -> Generator[None, None, Opened]:
        """Take the queue, and put in order what a crash has left behind."""
        from workers.downloads.queue import DownloadQueue, QueueTaken, default_path

        yield
        why_not = ""
        try:
            if self._store is None:
                self._store = DownloadQueue(self._path or default_path())
            if not self._store.is_held:
                self._store.hold()
                self._store.settle()
        except QueueTaken:
            why_not = TAKEN
        except ThawError as error:
            why_not = str(error)
        yield
        if self._store is None:
            return Opened("", EMPTY, why_not)
        try:
            listing = yield from self.list()
        except ThawError as error:
            return Opened(self._store.path, EMPTY, why_not or str(error))
        return Opened(self._store.path, listing, why_not)

    def list(self) -> Generator[None, None, Listing]:
        """Read what has changed since the last time."""
        if self._store is None:
            return EMPTY
        changes = self._store.changes_since(self._revision)
        yield
        if changes.removed:
            items = self._store.items()
            yield
        elif changes.items:
            places = self._listing.places
            items = list(self._listing.items)  # the GUI thread has the old one
            for item in changes.items:
                place = places.get(item.id)
                if place is None:
                    items.append(item)
                else:
                    items[place] = item
            yield
        else:
            return self._listing
        self._revision = changes.revision
        self._listing = yield from list_items(items)
        self._urls = {item.url for item in items}
        return self._listing

    # ---------------------------------------------------------------- addresses

    def add(self, what: str | Path, folder: str) -> Generator[None, None, Added]:
        """Add the addresses that stand in a text, or in the file at a Path."""
        from workers.downloads.addresses import find_addresses, read_text

        text, source = (what, "") if isinstance(what, str) else (read_text(what), what.name)
        yield
        found: dict[str, Address] = {}
        header = text[: text.find("\n") + 1]
        header = header if len(header) <= MAX_HEADER else ""
        begin = 0
        while begin < len(text):
            end = text.find("\n", begin + PIECE) + 1 or len(text)
            piece = text[begin:end] if not begin else header + text[begin:end]
            for address in find_addresses(piece):
                found.setdefault(address.url, address)
            begin = end
            yield
        store = self._mine
        yield from self.list()  # what is in the list already is known by its address
        new = [address for url, address in found.items() if url not in self._urls]
        yield
        if new:
            store.add(new, folder)
            yield
        is_sample = what == SAMPLE
        return Added(len(found), len(new), "the sample list" if is_sample else source, is_sample)

    def move(self, folder: str) -> Generator[None, None, int]:
        """Let items that wait go to another folder, but for those of which a part has come already."""
        from workers.downloads.addresses import Address

        store = self._mine
        folder = os.path.abspath(expanded(folder))
        yield from self.list()
        chosen: list[Item] = []
        for place, item in enumerate(self._listing.items):
            if item.state == "waiting" and item.folder != folder and not os.path.exists(store.part(item)):
                chosen.append(item)
            if not place % LOOKS:
                yield
        if chosen:
            # In this order, for a crash in between: an address that is there twice is better than one that is lost.
            store.add([Address(item.url, item.sha256, item.name) for item in chosen], folder)
            yield
            store.remove(item.id for item in chosen)
        return len(chosen)

    # ---------------------------------------------------------------- items

    def change(self, what: Callable[[DownloadQueue], object]) -> Generator[None, None, None]:
        what(self._mine)
        yield

    # ---------------------------------------------------------------- runs

    def prepare(self, folder: str) -> Generator[None, None, str]:
        """Make sure that files can be written to a folder."""
        path = Path(expanded(folder))
        if not path.is_absolute():
            raise JobRefused(
                f"“{folder}” is not a whole path: write it from the disk's root on, or choose a folder."
            )
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise JobRefused(
                f"The folder {path} cannot be made ({error.strerror}): choose another one."
            ) from None
        yield
        if not os.access(path, os.W_OK | os.X_OK):
            raise JobRefused(f"Nothing can be written to the folder {path}: choose one of yours.")
        return str(path)

    def close(self) -> None:
        """Close the queue's file, and leave the queue to other programs."""
        if self._store is not None:
            self._store.close()
            self._store = None

    @property
    def _mine(self) -> DownloadQueue:
        if self._store is None or not self._store.is_held:
            raise JobRefused(NOBODY)
        return self._store
