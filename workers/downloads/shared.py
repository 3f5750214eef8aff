"""What the downloads of one process share: places at hosts, the speed, and open queues. Any thread may call it."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from ..transport.host_limit import HostGate
from ..transport.pace import Pace
from .transfer import Transfer

if TYPE_CHECKING:
    from .order import Order
    from .queue import DownloadQueue


class Shared:
    """The places, the pace and the queues of one process."""

    def __init__(self) -> None:
        self._gate, self._pace = HostGate(), Pace()
        self._lock = threading.Lock()
        self._queues: dict[str, DownloadQueue] = {}

    def transfer(self, order: Order) -> Transfer:
        """Begin a download. Raises ValueError where its queue cannot be opened, with a sentence for people."""
        return Transfer(order, self._gate, self._pace, self.queue(order.queue) if order.queue else None)

    def queue(self, path: str) -> DownloadQueue:
        """A queue, opened once; where there is none it is made. Raises QueueProblem, with a sentence for people."""
        with self._lock:
            found = self._queues.get(path)
            if found is None:
                from .queue import DownloadQueue  # most runs have none, and need no SQLite

                found = self._queues[path] = DownloadQueue(path)
            return found

    def close(self) -> None:
        """Close the queues, and let go of them. Called when no download is going on; the next one opens them again."""
        with self._lock:
            queues = list(self._queues.values())
            self._queues.clear()
        for queue in queues:
            queue.close()
