"""Measures how long a thread waits for the GIL, by the overshoot of short sleeps. In a thread of its own."""

from __future__ import annotations


class GilMeter:
    """Sleeps and looks how much too late it wakes."""

    def start(self) -> None:
        """Start the meter's own thread."""

    def close(self) -> None:
        """End the meter's own thread; returns when it has ended. May be called without `start`."""

    def waits(self, start: float, end: float) -> list[tuple[float, float]]:
        """Samples from `start` to `end` (seconds of `time.perf_counter`): pairs of a moment and a wait in ms."""
        return []
