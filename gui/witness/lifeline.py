"""The witness's own end of the pipes. A daemon thread reads what the program says, and ends the process with it.

The pipe breaks however the program dies, so the witness cannot outlive it, not even while its window hangs.
"""

from __future__ import annotations

import os
import threading
import time
from collections import deque

CHUNK = 65_536
MAX_WAITING = 1_000


class Lifeline:
    """Standard input and output.

    Attributes:
        inbox: what came, as pairs of the moment (seconds of `time.perf_counter`) and a line; any thread may take it.
    """

    def __init__(self, reading: int = 0, writing: int = 1) -> None:
        self._reading, self._writing = reading, writing
        self.inbox: deque[tuple[float, bytes]] = deque(maxlen=MAX_WAITING)
        try:
            os.set_blocking(writing, False)  # a program that reads no more must not freeze its witness
        except (AttributeError, OSError):
            pass  # pipes of Windows before Python 3.12 always block; theirs holds 400 pings
        self._thread = threading.Thread(target=self._read, name="lifeline", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def send(self, line: bytes) -> None:
        """Send a line, or drop it where the program does not read. So short a line is never written in part."""
        try:
            os.write(self._writing, line)
        except OSError:
            pass  # full; or broken, and then the thread leaves

    def _read(self) -> None:
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
