"""A queue of downloads in a file: what is to be downloaded where, and how far it is. It outlives the program's end.

Any thread of any process may use it; each call is one transaction. Whoever downloads an item writes to `part(item)` and
gives it its name by `deliver`; `workers.downloads.queue_delivery` says why in that order. Whoever gives a part up that
is promised says so by `failed` before the part is removed: a promised part that is gone means that it was moved.

Runs on Python 3.9.
"""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING, Any

from ..utils import file_lock
from ..utils.folder_files import data_folder, expanded
from . import queue_delivery
from .addresses import Address
from .queue_file import QueueFile, QueueProblem, QueueTaken, one
from .queue_items import COLUMNS, DONE, FAILED, PROMISED, REVISION, WAITING, Counts, Item, ItemChanges, in_lots

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

__all__ = [
    "DONE",
    "FAILED",
    "PROMISED",
    "WAITING",
    "Counts",
    "DownloadQueue",
    "Item",
    "ItemChanges",
    "QueueProblem",
    "QueueTaken",
]

FILE_NAME = "downloads.sqlite"


class DownloadQueue(QueueFile):
    """One queue, in one file. All of its methods raise QueueProblem where the file cannot be read or written.

    Attributes:
        is_held: whether this object holds it for this program; see `hold`.
    """

    is_held = False

    # ---------------------------------------------------------------- what is in it

    def add(self, addresses: Iterable[str | Address], folder: str) -> int:
        """Append downloads, but for those that are in it with the same folder; returns how many. All of them, or none.

        So a program that is started again with the same list carries on with it.

        Args:
            addresses: web addresses, each with a hash and a name if they are known.
            folder: where the files go.

        Raises:
            QueueProblem: the folder's name cannot be kept.
        """
        folder = os.path.abspath(expanded(folder))
        try:
            folder.encode()
        except UnicodeError:
            raise QueueProblem(
                f"The name of the folder {folder!r} has letters that no text can have: choose another folder."
            ) from None
        asked: dict[str, tuple[str, str, str, str]] = {}
        for each in addresses:
            address = each if isinstance(each, Address) else Address(each)
            asked.setdefault(address.url, (address.url, folder, address.name, address.sha256.lower()))
        with self.write() as sqlite:
            revision = one(sqlite, "SELECT revision FROM queue")
            for (url,) in sqlite.execute("SELECT url FROM items WHERE folder = ?", (folder,)):
                asked.pop(url, None)
            sqlite.executemany(
                "INSERT INTO items (url, folder, asked_name, asked_sha256, revision) "
                f"VALUES (?, ?, ?, ?, {int(revision)})",
                asked.values(),
            )
            sqlite.execute("INSERT OR IGNORE INTO folders VALUES (?)", (folder,))
        return len(asked)

    def items(self) -> list[Item]:
        """All of them, in the order in which they were added."""
        return self._select("")

    def unfinished(self) -> list[Item]:
        """What is still to be downloaded: neither done nor failed."""
        return self._select("WHERE state IN ('waiting', 'promised')")

    def get(self, item_id: int) -> Item | None:
        """One item; None where it was removed. A download looks here before it begins."""
        found = self._select("WHERE id = ?", item_id)
        return found[0] if found else None

    def _select(self, where: str, *values: Any) -> list[Item]:
        with self.read() as sqlite:
            rows = sqlite.execute(f"SELECT {COLUMNS} FROM items {where} ORDER BY id", values)
            return list(map(Item._make, rows))

    def counts(self) -> Counts:
        with self.read() as sqlite:
            rows = sqlite.execute("SELECT state, count(*), sum(size) FROM items GROUP BY state").fetchall()
        of = {state: count for state, count, _ in rows}
        size = sum(size for state, _, size in rows if state == DONE)
        return Counts(of.get(WAITING, 0), of.get(PROMISED, 0), of.get(DONE, 0), of.get(FAILED, 0), size)

    def changes_since(self, revision: int) -> ItemChanges:
        """What was added or has changed since `revision`: 0 at first. Where nothing has, it takes some microseconds."""
        with self.read() as sqlite:
            ((now, removed),) = sqlite.execute("SELECT revision, removed FROM queue").fetchall()
            if now == revision:
                return ItemChanges(now, [], False)
            rows = sqlite.execute(f"SELECT {COLUMNS} FROM items WHERE revision > ? ORDER BY id", (revision,))
            return ItemChanges(now, [Item(*row) for row in rows], bool(revision) and removed > revision)

    # ---------------------------------------------------------------- what becomes of an item

    def part(self, item: Item) -> str:
        """Where an item's bytes go until they are whole: a path beside its final one that only this queue uses."""
        return os.path.join(item.folder, queue_delivery.part_name(self.token, item.id))

    def validator(self, item_id: int) -> str:
        with self.read() as sqlite:
            return str(one(sqlite, "SELECT validator FROM items WHERE id = ?", item_id) or "")

    def set_validator(self, item_id: int, validator: str, size: int = 0) -> None:
        """Keep what tells whether a part is still of the same file.

        Args:
            item_id: the item.
            validator: such as an ETag: any text, and empty for none.
            size: how many bytes the whole will have; 0 where that is not known.
        """
        with self.write() as sqlite:
            sqlite.execute(
                f"UPDATE items SET validator = ?, size = ?, {REVISION} WHERE id = ? AND state != 'done'",
                (validator, size, item_id),
            )

    def settle_item(self, item: Item) -> Item:
        """The item as it is now: done, where the process that promised it moved its file and died."""
        if item.state == PROMISED:
            size = queue_delivery.moved_size(self.part(item), os.path.join(item.folder, item.name), item.size)
            if size is not None:
                self.done(item.id, item.name, size, item.sha256)
                return item._replace(state=DONE, size=size)
        return item

    def done(self, item_id: int, name: str, size: int, sha256: str = "") -> None:
        """Say that an item's file has its final name, and that there is no part any more."""
        with self.write() as sqlite:
            queue_delivery.done(sqlite, item_id, name, size, sha256)

    def failed(self, item_id: int, why: str) -> None:
        """Say that an item has failed, as a sentence. Where its part is to go, that comes after this."""
        with self.write() as sqlite:
            sqlite.execute(
                "UPDATE items SET state = 'failed', why = ?, name = '', size = 0, sha256 = '', tried = tried + 1, "
                f"{REVISION} WHERE id = ? AND state != 'done'",
                (why.encode(errors="replace").decode(), item_id),
            )

    def deliver(
        self, item_id: int, names: Iterable[str], move: Callable[[str], object], size: int, sha256: str = ""
    ) -> str:
        """Give a whole part its final name: promise, move, done, with the first of `names` that is free.

        Args:
            item_id: the item.
            names: names in its folder, the best first; as many as it takes.
            move: is called with a name; moves the part there and leaves no part behind. Raises FileExistsError where
                the name is taken. Other errors are passed on, after the promise was taken back.
            size: how many bytes the file has.
            sha256: their hash, if it is known.

        Returns:
            The name that it got; empty where nobody wants it any more: the caller removes its part.
        """
        return queue_delivery.deliver(self, item_id, names, move, size, sha256)

    # ---------------------------------------------------------------- what people do with it

    def retry(self, ids: Iterable[int] | None = None) -> int:
        """Let failed items wait again, or all that have failed; returns how many. They resume from their parts."""
        change = f"UPDATE items SET state = 'waiting', why = '', {REVISION} WHERE state = 'failed'"
        with self.write() as sqlite:
            if ids is None:
                return int(sqlite.execute(change).rowcount)
            return sum(
                sqlite.execute(f"{change} AND id IN ({marks})", some).rowcount for marks, some in in_lots(ids)
            )

    def remove(self, ids: Iterable[int]) -> int:
        """Take items out of the queue, and their part files away; returns how many. Files that are done stay.

        A download of one that is going on finds at its end that nobody wants it. What it leaves `settle` removes.
        """
        parts: list[str] = []
        removed = 0
        with self.write() as sqlite:
            for marks, some in in_lots(ids):
                rows = sqlite.execute(f"SELECT {COLUMNS} FROM items WHERE id IN ({marks})", some)
                parts += [self.part(item) for item in map(Item._make, rows) if item.state in {WAITING, FAILED}]
                removed += sqlite.execute(f"DELETE FROM items WHERE id IN ({marks})", some).rowcount
            sqlite.execute("UPDATE queue SET removed = revision")
        for part in parts:
            with contextlib.suppress(OSError):  # usually there is none
                os.unlink(part)
        return removed

    def clear_done(self) -> int:
        """Take all items out of the queue that are done; returns how many. Their files stay."""
        with self.write() as sqlite:
            sqlite.execute("UPDATE queue SET removed = revision")
            return int(sqlite.execute("DELETE FROM items WHERE state = 'done'").rowcount)

    # ---------------------------------------------------------------- one program at a time

    def hold(self) -> None:
        """Make this program the one that downloads what is in the queue, until `let_go` or its end, however it ends.

        Within one program others may hold it as well, such as a run in a window that does.

        Raises:
            QueueTaken: another program does.
            QueueProblem: the folder of the queue cannot be written to.
        """
        if self.is_held:
            return
        try:
            self.is_held = file_lock.take(self._lock_path)
        except OSError as error:
            raise QueueProblem(
                f"The queue {self.path} cannot be used ({error.strerror or error}): "
                "choose a file in a folder that you can write to."
            ) from error
        if not self.is_held:
            raise QueueTaken(
                f"Another Thaw works on the queue {self.path}: let it end its work, or choose another file here."
            )

    @property
    def _lock_path(self) -> str:
        return f"{os.path.realpath(self.path)}.lock"

    def let_go(self) -> None:
        """Undo `hold`; does nothing where this object does not hold it."""
        if self.is_held:
            self.is_held = False
            file_lock.give(self._lock_path)

    def settle(self) -> int:
        """See what a program that was killed has left, before the downloads of a run begin.

        What was moved is done, what was not waits, and parts that belong to nothing go.

        Returns:
            How many items were found to be done.

        Raises:
            QueueProblem: another program works on the queue, or the file is damaged.
        """
        was_held = self.is_held
        self.hold()
        try:
            self.check()
            return queue_delivery.settle(self)
        finally:
            if not was_held:
                self.let_go()

    def close(self) -> None:
        """Let go of the queue, and close its file in all threads of this process; the next call opens it again."""
        self.let_go()
        super().close()


def default_path() -> Path:
    """Where the queue lies if nobody says otherwise; the folder may not be there yet."""
    return data_folder() / FILE_NAME
