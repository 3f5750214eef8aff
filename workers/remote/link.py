"""What the program knows of one remote worker, and how it tells it something."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from .messages import say

if TYPE_CHECKING:
    from .wire import Wire


class Link:
    """The connection to one remote worker.

    Attributes:
        number: its own in the run, 1 at first: other machines may have processes of the same id.
        seat: which of the places it has, 1 at first; free again when the link has ended.
        pid: the remote worker's process, on its machine.
        host: what that is called.
        place: what the remote worker is called; empty, as `runs`, before it was ready.
        runs: what runs there, such as "PyPy 3.9.16, GIL on".
        cpu_s: the processor time that it has used for the run so far, in seconds.
        told: what it was told last: the tasks that are paused, and whether to cancel.
        dismissed: whether it was told that nothing more will come.
    """

    def __init__(self, number: int, seat: int, wire: Wire) -> None:
        self.number, self.seat, self.wire = number, seat, wire
        self.pid = 0
        self.host = self.place = self.runs = ""
        self.cpu_s = 0.0
        self.told: tuple[tuple[int, ...], bool] = ((), False)
        self.dismissed = False
        self.thread = threading.current_thread()

    def say(self, *message: Any) -> None:
        """Tell the remote worker something; one that has gone is not told."""
        try:
            say(self.wire, *message)
        except OSError:
            pass  # its own thread sees the end
