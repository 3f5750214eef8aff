"""The witness's own end of the pipes. A daemon thread reads what the program says, and ends the process with it.

The pipe breaks however the program dies, so the witness cannot outlive it, not even while its window hangs.
"""

from __future__ import annotations

import os
import threading
import time
from collections import deque
from contextlib import suppress

CHUNK = 65_536
MAX_WAITING = 1_000


class Lifeline(threading.Thread):
    """Standard input and output. It reads in a thread of its own, once that was started.

    Attributes:
        inbox: what came, as pairs of the moment (seconds of `time.perf_counter`) and a line; any thread may take it.
    """

    def __init__(self, reading: int = 0, writing: int = 1) -> None:
        super().__init__(name="lifeline", daemon=True)
        self._reading, self._writing = reading, writing
        self.inbox: deque[tuple[float, bytes]] = deque(maxlen=MAX_WAITING)
        # A program that has stopped reading must not freeze its witness.
        # Pipes of Windows before Python 3.12 always block; theirs hold 400 pings.
        with suppress(AttributeError, OSError):
            os.set_blocking(writing, False)

    def send(self, line: bytes) -> None:
        """Send a line, or drop it where the program does not read. So short a line is never written in part."""
        with suppress(OSError):  # full; or broken, and then the thread leaves
            os.write(self._writing, line)

    def run(self) -> None:
        rest = b""
        while chunk := self._chunk():
            now = time.perf_counter()
            *lines, rest = (rest + chunk).split(b"\n")
            self.inbox.extend((now, line) for line in lines)
        os._exit(0)

    def _chunk(self) -> bytes:
        try:
            return os.read(self._reading, CHUNK)
        except OSError:
            return b""
