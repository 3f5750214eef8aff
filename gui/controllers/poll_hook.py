"""Tells when the GUI thread waits for events and when it handles some, by glib's poll function.

Qt's own signals `aboutToBlock` and `awake` come too late for that: with the glib dispatcher `awake` fires after the
events were handled. On Linux Qt's event loop is glib's, and glib lets its poll be replaced; elsewhere there is no such
place, and `install` says so.
"""

from __future__ import annotations

import ctypes
import math
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from workers.engine.gil_scheduler import EventLoopGate
    from workers.monitors.lag import LagMonitor
    from workers.monitors.main_thread import MainThread

# glib reads errno after a poll that a signal ended; what Python does before it returns must not change it.
_POLL = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_uint, ctypes.c_int, use_errno=True)


class PollHook:
    """Opens a gate while the GUI thread's event loop waits, and shuts it when events have come.

    Attributes:
        watch: the track of what the GUI thread does, which is told when it waits; may be None.
    """

    def __init__(self, gate: EventLoopGate) -> None:
        self._gate = gate
        self.watch: MainThread | None = None
        self._glib: Any = None
        self._context: Any = None
        self._before: Any = None
        self._wait: Any = None  # that, or what tells of it besides
        self._lag: LagMonitor | None = None
        self._hook = _POLL(self._poll)  # kept: glib holds only its address

    def install(self) -> bool:
        """Put the hook in place, in the GUI thread; returns whether there was a place for it."""
        if not sys.platform.startswith("linux"):
            return False
        try:
            glib = ctypes.CDLL("libglib-2.0.so.0")
        except OSError:
            return False
        glib.g_main_context_default.restype = ctypes.c_void_p
        glib.g_main_context_get_poll_func.restype = ctypes.c_void_p
        glib.g_main_context_get_poll_func.argtypes = [ctypes.c_void_p]
        glib.g_main_context_set_poll_func.argtypes = [ctypes.c_void_p, ctypes.c_void_p]
        self._glib = glib
        self._context = glib.g_main_context_default()
        self._before = self._wait = _POLL(glib.g_main_context_get_poll_func(self._context))
        glib.g_main_context_set_poll_func(self._context, ctypes.cast(self._hook, ctypes.c_void_p))
        return True

    def remove(self) -> None:
        if self._glib is not None:
            self._glib.g_main_context_set_poll_func(self._context, ctypes.cast(self._before, ctypes.c_void_p))
            self._glib = None
        self._gate.open()

    def _poll(self, descriptors: int | None, count: int, timeout: int) -> int:
        watch = self.watch
        if watch is not None:
            watch.rest(timeout)
        self._gate.open()
        happened: int = self._wait(descriptors, count, timeout)  # gives up the GIL while it waits
        self._gate.close()
        if watch is not None:
            watch.wake(sys._getframe(1).f_code, happened)
        return happened

    def tell_waits(self, lag: LagMonitor | None) -> bool:
        """Tell a lag monitor that rests of each wait, from now on or not any more; returns whether there is a hook."""
        self._lag, self._wait = lag, self._before if lag is None else self._wait_and_tell
        return self._glib is not None

    def _wait_and_tell(self, descriptors: int | None, count: int, timeout: int) -> int:
        lag = self._lag
        assert lag is not None
        lag.wait(timeout / 1e3 if timeout >= 0 else math.inf)
        happened: int = self._before(descriptors, count, timeout)
        lag.wake()
        return happened
