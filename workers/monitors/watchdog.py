"""Takes the GUI thread's stack while its event loop is silent. In a thread of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workers.monitors.freeze import Freeze
    from workers.monitors.lag import LagMonitor


class Watchdog:
    """Looks at one GUI thread."""

    def __init__(self, lag: LagMonitor) -> None:
        """Make it in the thread that is to be watched."""

    def start(self) -> None:
        """Start the watchdog's own thread."""

    def close(self) -> None:
        """End the watchdog's own thread; returns when it has ended. May be called without `start`."""

    def freezes(self, start: float, end: float) -> list[Freeze]:
        """The freezes from `start` to `end` (seconds of `time.perf_counter`) that were long enough for a card."""
        return []

    def held(self, start: float, end: float) -> list[tuple[float, float]]:
        """When code in C held the GIL, from `start` to `end` (seconds of `time.perf_counter`)."""
        return []
