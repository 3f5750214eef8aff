"""Tells when the GUI thread waits for events and when it handles some, by glib's poll function."""

from __future__ import annotations

import math
import sys
from typing import TYPE_CHECKING

from workers.utils.gil.polite import LoopHook

if TYPE_CHECKING:
    from workers.monitors.lag import LagMonitor
    from workers.monitors.main_thread import MainThread
    from workers.utils.gil.polite import EventLoopGate


class PollHook(LoopHook):
    """Opens and shuts the gate, and tells the probes besides.

    Attributes:
        watch: the track of what the GUI thread does, which is told when it waits; may be None.
    """

    def __init__(self, gate: EventLoopGate) -> None:
        super().__init__(gate)
        self.watch: MainThread | None = None
        self._lag: LagMonitor | None = None

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
