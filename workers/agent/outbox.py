"""What waits to be sent: bounded, whoever does not read. Columns of figures are put together, freezes are kept."""

from __future__ import annotations

import threading
from collections import deque
from typing import TYPE_CHECKING, Any

from .messages import Beats, Held, Hello, Loop, Threads, Waits

if TYPE_CHECKING:
    from .messages import Message

COLUMNS: tuple[Any, ...] = (Beats, Waits, Held, Threads)
"""Messages of which two are as good as one with what is in both."""

MAX_ROWS = 400_000
"""So many figures of each wait: of an hour's beats."""

MAX_MESSAGES = 4_000
"""So many others; the oldest go first."""


class Outbox:
    """Fill and empty it in any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._messages: deque[Message] = deque(maxlen=MAX_MESSAGES)
        self._rows: dict[Any, deque[Any]] = {kind: deque(maxlen=MAX_ROWS) for kind in COLUMNS}

    def put(self, message: Message) -> None:
        with self._lock:
            if isinstance(message, COLUMNS):
                self._rows[type(message)].extend(message[0])
            else:
                self._messages.append(message)

    def take(self) -> list[Message]:
        """All of it; what is told of a time comes after the figures of that time."""
        with self._lock:
            columns = [kind(tuple(rows)) for kind, rows in self._rows.items() if rows]
            for rows in self._rows.values():
                rows.clear()
            others = list(self._messages)
            self._messages.clear()
        first = next((at for at, one in enumerate(others) if not isinstance(one, (Hello, Loop))), len(others))
        return [*others[:first], *columns, *others[first:]]
