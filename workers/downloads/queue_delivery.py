"""How a queue's file gets its final name so that it is there once and whole, wherever the program is killed.

    promise    written down first: "this part is whole and will be called so"
    move       exclusively: os.link and unlink, or a rename that fails where the name is taken
    done       written down

Killed before the promise, the item waits and its part is there to go on with. Killed after it, `settle` looks: where
the part is gone or is the very file that has the name, the move was made and the item is done; else it waits again,
and nothing was lost. Any thread may call all of it; `settle` only in the program that holds the queue.

Runs on Python 3.9.
"""

from __future__ import annotations

import contextlib
import os
import re
from typing import TYPE_CHECKING

from .queue_file import QueueFile, one
from .queue_items import REVISION

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable


def part_name(token: str, number: int) -> str:
    """The name of an item's part file: the queue's own token, and the item's number."""
    return f"thaw-{token}-{number}.part"


def promise(sqlite: sqlite3.Connection, number: int, name: str, size: int, sha256: str) -> bool:
    """Write down that an item is about to get its final name; returns whether it is still wanted."""
    changed = sqlite.execute(
        f"UPDATE items SET state = 'promised', name = ?, size = ?, sha256 = ?, {REVISION} "
        "WHERE id = ? AND state != 'done'",
        (name, size, sha256.lower(), number),
    )
    return bool(changed.rowcount)


def take_back(sqlite: sqlite3.Connection, number: int) -> None:
    """Let an item wait again that was promised."""
    sqlite.execute(
        f"UPDATE items SET state = 'waiting', name = '', size = 0, sha256 = '', {REVISION} WHERE id = ?",
        (number,),
    )


def done(sqlite: sqlite3.Connection, number: int, name: str, size: int, sha256: str) -> None:
    """Write down that an item has its final name, and no part any more."""
    sqlite.execute(
        "UPDATE items SET state = 'done', name = ?, size = ?, sha256 = ?, why = '', validator = '', "
        f"tried = tried + 1, {REVISION} WHERE id = ?",
        (name, size, sha256.lower(), number),
    )


def deliver(
    queue: QueueFile, number: int, names: Iterable[str], move: Callable[[str], object], size: int, sha256: str
) -> str:
    """See `DownloadQueue.deliver`."""
    for name in names:
        with queue.write() as sqlite:
            if not promise(sqlite, number, name, size, sha256):
                return ""
        # The move is made while nobody else can write to the queue. So a process that outlives its program for a moment
        # moves no file of an item that a new program has settled already.
        with queue.write() as sqlite:
            if one(sqlite, "SELECT name FROM items WHERE id = ? AND state = 'promised'", number) != name:
                return ""
            try:
                move(name)
            except FileExistsError:
                continue
            except BaseException:
                take_back(sqlite, number)
                # Before anybody removes the part: a promised part that is gone was moved.
                sqlite.execute("COMMIT")
                raise
            done(sqlite, number, name, size, sha256)
        return name
    raise ValueError("there was no name left to try")


def settle(queue: QueueFile) -> int:
    """Bring every promised item to an end, then remove parts that belong to nothing; returns how many were done."""
    with queue.write() as sqlite:
        promised = sqlite.execute(
            "SELECT id, folder, name, size, sha256 FROM items WHERE state = 'promised'"
        ).fetchall()
        count = 0
        for number, folder, name, size, sha256 in promised:
            part = os.path.join(folder, part_name(queue.token, number))
            found = moved_size(part, os.path.join(folder, name), size)
            if found is None:
                take_back(sqlite, number)
            else:
                done(sqlite, number, name, found, sha256)
                count += 1
        wanted = {row[0] for row in sqlite.execute("SELECT id FROM items WHERE state != 'done'")}
        folders = [row[0] for row in sqlite.execute("SELECT folder FROM folders")]
        swept = [(folder,) for folder in folders if _sweep(folder, queue.token, wanted)]
        sqlite.executemany(
            "DELETE FROM folders WHERE folder = ? AND folder NOT IN (SELECT folder FROM items)", swept
        )
    return count


def moved_size(part: str, final: str, size: int) -> int | None:
    """How many bytes the file has that was moved to its final name, with its part gone; None where it was not moved."""
    try:
        moved = os.lstat(final)
    except OSError:
        return None
    try:
        left = os.lstat(part)
    except FileNotFoundError:
        # Only a move takes a promised part away. A file of another size is somebody else's, or was worked on since.
        return None if size and moved.st_size != size else moved.st_size
    except OSError:
        return None
    if os.path.samestat(left, moved):  # killed between the link and the unlink
        with contextlib.suppress(OSError):  # what stays now goes in the sweep, now or at the next start
            os.unlink(part)
        return moved.st_size
    if left.st_size and not moved.st_size:
        # On a disk without links the name is taken with an empty file first, and the part is then put in its place.
        with contextlib.suppress(OSError):
            os.unlink(final)
    return None


def _sweep(folder: str, token: str, wanted: set[int]) -> bool:
    """Remove the queue's parts in a folder that belong to no unfinished item; returns whether none of those is left."""
    ours = re.compile(rf"thaw-{token}-(\d+)\.part")
    try:
        with os.scandir(folder) as entries:
            found = [(entry.path, match) for entry in entries if (match := ours.fullmatch(entry.name))]
        for path, match in found:
            if int(match[1]) not in wanted:
                os.unlink(path)
    except OSError:  # also where the folder is not there: its disk may be away for today
        return False
    return True
