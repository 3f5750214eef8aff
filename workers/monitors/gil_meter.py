"""Measures how long a thread waits for the GIL, by the overshoot of short sleeps. In a thread of its own.

After a sleep a thread needs the GIL to go on. A sleep of 5 ms took so much longer, on two cores with Python 3.11 and
its own switch interval of 5 ms, beside 0 / 1 / 2 / 4 / 8 threads that computed in Python: 0.3 / 5.5 / 3.6 / 31.7 /
58.5 ms. What is shown is what was measured, the 0.3 ms included. It also wakes late where the machine has run out of
processors: the meter cannot tell the two apart.

Between two sleeps it pauses. A pause that ended much too late is a wait for the GIL as well: a call into C that holds
it seldom begins within the 5 ms.
"""

from __future__ import annotations

import threading
import time
from array import array
from bisect import bisect_left, bisect_right
from collections import deque
from typing import TYPE_CHECKING, Protocol

from .probe import Instrument, MeasuredRun
from .process.collector import Wake, unheld

if TYPE_CHECKING:
    from .lag import LagMonitor
    from .probe import Joinable

NAME = "gil"
TITLE = "&GIL meter: how long a thread waits for it"

SLEEP_S = 0.005
EVERY_S, REST_EVERY_S = 0.100, 0.200
"""Between two samples, the sleep included; and beside a window that is idle, as the lag monitor says."""

LONG_S = 0.100
"""A pause that ends so much too late counts as a sample of its own."""

TRACE_POINTS = 4_000
MAX_SAMPLES = 400_000
"""So many samples are kept: of 5.5 hours or more, 6.4 MB."""


class GilRun(MeasuredRun, Protocol):
    """A run beside other threads; see `workers.engine.run.Run`."""

    waits: list[tuple[float, float]]


class GilMeter(Instrument[GilRun]):
    """Sleeps and looks how much too late it wakes.

    Attributes:
        trace: points (time, wait in ms) for a graph: when it woke, and how much too late. Read it in any thread.
    """

    def __init__(self, lag: LagMonitor | None = None) -> None:
        self._lag = lag
        self.trace: deque[tuple[float, float]] = deque(maxlen=TRACE_POINTS)
        self._moments, self._waits = array("d"), array("d")
        self._lock = threading.Lock()  # the two columns have one length
        self._stop, self._ends = Wake(), False
        self._thread: Joinable | None = None

    def start(self) -> None:
        if self._thread is None:
            self._ends = False
            thread = self.thread_class(target=self._measure, name="GIL meter", daemon=True)
            thread.start()
            self._thread = thread

    def close(self) -> None:
        self._ends = True
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def finish(self, run: GilRun) -> None:
        run.waits = self.waits(*run.span)

    def waits(self, start: float, end: float) -> list[tuple[float, float]]:
        """Samples from `start` to `end` (seconds of `time.perf_counter`): pairs of a moment and a wait in ms.

        The moment is when the meter woke: its wait lies before that.
        """
        with self._lock:
            which = slice(bisect_left(self._moments, start), bisect_right(self._moments, end))
            return list(zip(self._moments[which], self._waits[which]))  # noqa: B905 (Python 3.9 has no strict)

    def _measure(self) -> None:
        """Runs in the meter's thread."""
        woke = time.perf_counter()
        while not (self._stop.wait(pause := self._pause_s()) and self._ends):
            paused, began = woke, time.perf_counter()
            late = began - paused - pause
            if late > LONG_S:
                self._add(began, late * 1e3)
            unheld(time.sleep, SLEEP_S)
            woke = time.perf_counter()
            self._add(woke, max(0.0, woke - began - SLEEP_S) * 1e3)

    def _pause_s(self) -> float:
        is_idle = self._lag is not None and self._lag.is_resting
        return (REST_EVERY_S if is_idle else EVERY_S) - SLEEP_S

    def _add(self, moment: float, wait_ms: float) -> None:
        self.trace.append((moment, wait_ms))
        with self._lock:
            self._moments.append(moment)
            self._waits.append(wait_ms)
            if len(self._moments) > MAX_SAMPLES:
                del self._moments[: MAX_SAMPLES // 10]
                del self._waits[: MAX_SAMPLES // 10]
