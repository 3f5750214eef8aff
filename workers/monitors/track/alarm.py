"""Rouses a thread at a moment that may be put off from any thread: a timer of the Linux kernel.

A lock with a timeout would do the same, but to put that off means to rouse the thread that waits.
"""

from __future__ import annotations

import ctypes
import os

_CLOCK_MONOTONIC, _CLOEXEC, _ABSOLUTE = 1, 0o2000000, 1
_SECOND = 1_000_000_000


class Alarm:
    """One alarm. Its times are in seconds of `time.perf_counter`.

    Attributes:
        moment: when it goes off, or last went off.
    """

    def __init__(self) -> None:
        libc = ctypes.PyDLL(None)  # which keeps the GIL: it is no wait
        self._settime = libc.timerfd_settime
        self._settime.argtypes = [ctypes.c_int, ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p]
        self._file = os.fdopen(libc.timerfd_create(_CLOCK_MONOTONIC, _CLOEXEC), "rb", buffering=0)
        self._number = self._file.fileno()
        self.moment = 0.0

    def set(self, moment: float) -> None:
        """Let it go off then, and at no other moment; at once where that is past."""
        self.moment = moment
        at = (ctypes.c_long * 4)(0, 0, *divmod(max(1, int(moment * _SECOND)), _SECOND))
        self._settime(self._number, _ABSOLUTE, at, None)

    def wait(self) -> None:
        """Return when it goes off."""
        self._file.read(8)

    def close(self) -> None:
        """Nobody waits for it or sets it any more."""
        self._file.close()
