"""Queue, in the words of `queue`. Runs on Python 3.9."""

from __future__ import annotations

from collections import deque
from queue import Empty, Full
from typing import Any

from .thing import MUTEX, Thing


def _timeout_of(block: bool, timeout: float | None) -> float | None:
    """How long to wait, as `queue` says it."""
    if not block:
        return 0.0
    if timeout is not None and timeout < 0:
        raise ValueError("'timeout' must be a non-negative number")
    return timeout


class Queue(Thing):
    """As `queue.Queue`: first in, first out."""

    kind = "queue"

    def __init__(self, maxsize: int = 0) -> None:
        super().__init__()
        self.maxsize = maxsize
        self._items: deque[Any] = deque()
        self._unfinished = 0

    def qsize(self) -> int:
        with MUTEX:
            return len(self._items)

    def empty(self) -> bool:
        with MUTEX:
            return not self._items

    def full(self) -> bool:
        with MUTEX:
            return not self._has_room()

    def _has_room(self) -> bool:
        return self.maxsize <= 0 or len(self._items) < self.maxsize

    def put(self, item: Any, block: bool = True, timeout: float | None = None) -> None:
        """Put an item in, after a wait for room if need be.

        Raises:
            Full: there was no room in time.
        """
        with MUTEX:
            member = self._touch()
            if not self._until(self._has_room, f"room in {self.phrase}", _timeout_of(block, timeout), member):
                raise Full
            self._items.append(item)
            self._unfinished += 1
            self._sample("level", len(self._items))
            self._wake(what=f"an item of {self.phrase}")

    def get(self, block: bool = True, timeout: float | None = None) -> Any:
        """Take the item that is first, after a wait for one if need be.

        Raises:
            Empty: there was none in time.
        """
        with MUTEX:
            member = self._touch()
            what = f"an item of {self.phrase}"
            if not self._until(lambda: bool(self._items), what, _timeout_of(block, timeout), member):
                raise Empty
            item = self._items.popleft()
            self._sample("level", len(self._items))
            self._wake(what=f"room in {self.phrase}")
            return item

    def put_nowait(self, item: Any) -> None:
        """Put an item in, or raise Full."""
        self.put(item, block=False)

    def get_nowait(self) -> Any:
        """Take an item, or raise Empty."""
        return self.get(block=False)

    def task_done(self) -> None:
        """Say that the work on an item is done that was got before.

        Raises:
            ValueError: it was said more often than items were put in.
        """
        with MUTEX:
            self._touch()
            if self._unfinished <= 0:
                raise ValueError("task_done() called too many times")
            self._unfinished -= 1
            self._wake_all()

    def join(self) -> None:
        """Wait until the work on all items is done that were put in."""
        with MUTEX:
            self._until(lambda: not self._unfinished, f"task_done of {self.phrase}", None, self._touch())
