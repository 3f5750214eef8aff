"""The end of a download whose bytes are all here: is it what it should be, and what is it called. Touches files.

In whichever thread downloads, and in a thread of its own where that is an event loop.
"""

from __future__ import annotations

import contextlib
import os
from functools import partial
from typing import TYPE_CHECKING

from ..transport.errors import DownloadError
from ..utils.decoding.thumbnail import SUFFIXES, NoPicture, thumbnail
from ..utils.errors import no_room
from .names import free_names, safe_name, with_ending
from .order import Order, Saved

if TYPE_CHECKING:
    from ..utils.picture import Picture
    from .part import Part
    from .queue import DownloadQueue

ENDINGS = frozenset(ending for endings in SUFFIXES.values() for ending in endings)
"""Of pictures' names."""

REMOVED = "It was taken out of the queue meanwhile."

WAY_OUT = "To keep such files as they are, turn off Only pictures."
"""Said where what came is no picture, or not the whole of one."""


def checked(part: Part, order: Order, wish: str) -> tuple[Picture | None, str]:
    """Look whether a part file is what was ordered.

    Args:
        part: the file, whole and hashed.
        order: what was ordered.
        wish: the name that the server gave it, made safe; empty where it gave none.

    Returns:
        Its thumbnail, where pictures are wanted; and the name that it should have.

    Raises:
        NoPicture, DownloadError: it is not, with a sentence for people.
    """
    name = wish or safe_name(order.name)
    picture = None
    if order.only_pictures:
        with part.read() as file:
            picture, kind = thumbnail(file, name, order.max_pixels)
        name = with_ending(name, SUFFIXES[kind], ENDINGS)
    if order.sha256 and part.sha256 != order.sha256.lower():
        raise DownloadError(
            "Its SHA-256 is not the one that was given: this is another file, or it was damaged."
        )
    return picture, name


def name_file(part: Part, folder: str, wish: str, queue: DownloadQueue | None, item: int) -> str:
    """Give a part file the name that it should have, with a number where that is taken.

    Returns:
        The name; empty where the queue does not want it any more.

    Raises:
        OSError: it cannot be given one.
        QueueProblem: the queue cannot be written, with a sentence for people.
    """
    names, move = free_names(folder, wish), partial(part.move_to, folder)
    if queue is not None:
        return queue.deliver(item, names, move, part.size, part.sha256)
    for name in names:
        with contextlib.suppress(FileExistsError):
            move(name)
            return name
    raise AssertionError("there is always another number")


def shown(order: Order, folder: str, name: str) -> Picture | Saved:
    """The result of a download whose file an earlier run has finished. Raises OSError, NoPicture."""
    path = os.path.join(folder, name)
    if not order.only_pictures:
        return Saved(name, os.stat(path).st_size)
    with open(path, "rb") as file:
        return thumbnail(file, name, order.max_pixels).picture._replace(path=path)


def why_failed(error: BaseException | None, name: str) -> str:
    """Why a download failed, as a sentence; empty where it did not, or where that is a mistake of ours."""
    if isinstance(error, (DownloadError, NoPicture)):
        cause = error.__cause__
        causes = (error, cause, getattr(cause, "__cause__", None))  # of the last of several tries, too
        return f"{error} {WAY_OUT}" if any(isinstance(one, NoPicture) for one in causes) else str(error)
    if isinstance(error, OSError):
        return f"{name} cannot be written: {no_room(error) or error.strerror or error}."
    return ""
