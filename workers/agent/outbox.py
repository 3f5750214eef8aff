"""What waits to be sent: bounded, whoever does not read. Columns of figures are put together, freezes are kept."""

from __future__ import annotations

import threading
from collections import deque
from typing import TYPE_CHECKING, Any

from .messages import Away, Beats, Held, Hello, Loop, Seen, Threads, Usage, Waits

if TYPE_CHECKING:
    from .messages import Message

MAX_ROWS: dict[Any, int] = {Beats: 400_000, Waits: 80_000, Held: 10_000, Threads: 50_000}
"""Messages of which two are as good as one with what is in both, and how many of their figures wait."""

PASSING = (Seen, Usage, Away)
"""Messages of which the oldest go first."""

MAX_MESSAGES = 4_000
"""So many of these wait, and so many of all others."""


class Outbox:
    """Fill and empty it in any thread."""

    def __init__(self) -> None:
        self._lock = threading.RLock()  # a signal's handler may run an event loop in the midst of a `put`
        self._messages: deque[Message] = deque(maxlen=MAX_MESSAGES)
        self._passing: deque[Message] = deque(maxlen=MAX_MESSAGES)
        self._rows: dict[Any, deque[Any]] = {kind: deque(maxlen=most) for kind, most in MAX_ROWS.items()}

    def put(self, message: Message) -> None:
        with self._lock:
            rows = self._rows.get(type(message))
            if rows is not None:
                fields: Any = message
                rows.extend(fields[0])
            else:
                (self._passing if isinstance(message, PASSING) else self._messages).append(message)

    def take(self) -> list[Message]:
        """All of it, the greeting first; what is told of a time comes after the figures of that time."""
        with self._lock:
            columns = [kind(tuple(rows)) for kind, rows in self._rows.items() if rows]
            passing, others = list(self._passing), list(self._messages)
            for queue in (*self._rows.values(), self._passing, self._messages):
                queue.clear()
        others.sort(key=lambda one: not isinstance(one, Hello))
        first = next((at for at, one in enumerate(others) if not isinstance(one, (Hello, Loop))), len(others))
        return [*others[:first], *columns, *passing, *others[first:]]
