"""How fast something may come: says how long to wait so that no more comes than agreed, over threads and processes.

Nobody waits in here, but for the moment in which another process writes down what it takes.
"""

from __future__ import annotations

import contextlib
import os
import re
import struct
import threading
import time
from typing import TYPE_CHECKING

from ..utils.errors import BadInput
from ..utils.file_lock import lock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SLACK_S = 0.25
"""So much that was not used may be made up for, in seconds: timers are late."""

_RATE = re.compile(r"(\d{1,12}(?:\.\d{1,6})?)\s*([kmgt]?)(?:i?b)?(?:/s)?", re.IGNORECASE | re.ASCII)
_FACTORS = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40}
_NUMBER = struct.Struct("d")


def read_rate(name: str, text: str) -> int:
    """Bytes a second, from a text such as 500k or 2M; 0 where it is empty. Raises BadInput where it makes no sense."""
    if not text.strip():
        return 0
    found = _RATE.fullmatch(text.strip())
    rate = int(float(found[1]) * _FACTORS[found[2].lower()]) if found is not None else 0
    if not rate:
        raise BadInput(f"{name} is bytes a second, such as 500k or 2M, not {text!r:.40}.")
    return rate


class Pace:
    """One agreed speed, for all who ask here; and for all processes that name the same file. Any thread may ask."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._due = 0.0  # when all that was taken so far may have come

    def wait_s(self, size: int, rate: int, path: str = "") -> float:
        """Take so many bytes, and say how long to wait until the next may be taken, in seconds.

        Args:
            size: how many have come.
            rate: how many may come in a second.
            path: a file in which processes tell each other; empty where there is one process.
        """
        with self._lock, _shared(path) as file:
            now = self._clock()
            due = self._due if file is None else _read(file)
            self._due = max(due, now - SLACK_S) + size / rate
            if file is not None:
                os.lseek(file, 0, os.SEEK_SET)
                os.write(file, _NUMBER.pack(self._due))
            return max(0.0, self._due - now)


def _read(file: int) -> float:
    data = os.read(file, _NUMBER.size)
    return float(_NUMBER.unpack(data)[0]) if len(data) == _NUMBER.size else 0.0


@contextlib.contextmanager
def _shared(path: str) -> Iterator[int | None]:
    """The file, locked; None where there is none: then each process keeps its own account."""
    try:
        file = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600) if path else None
    except OSError:
        file = None  # the run's folder has gone: the program is leaving
    try:
        while file is not None and not lock(file):
            time.sleep(0)  # another process writes eight bytes
        yield file
    finally:
        if file is not None:
            os.close(file)
