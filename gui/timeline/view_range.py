"""Which stretch of a run the timeline shows: zooming, panning, following the present. Plain numbers, no Qt."""

from __future__ import annotations

MIN_SPAN_S = 1e-4
MARGIN = 0.02
"""Room beside the whole run, as a share of what is shown."""

STAGES_S = (0.5, 1.0, 2.0, 5.0, 10.0)
"""What is shown of a run that is followed: all of it, in steps, and later its last 10 seconds.

The picture stands still between two steps, and so do the bars that somebody looks at.
"""


class TimeWindow:
    """A stretch of time, in seconds since Start.

    Attributes:
        low: its begin.
        high: its end.
        extent: how long the run is so far.
    """

    def __init__(self) -> None:
        self.low, self.high = 0.0, STAGES_S[0]
        self.extent = 0.0
        self._chosen: float | None = None

    @property
    def span(self) -> float:
        return self.high - self.low

    def fit(self) -> None:
        whole = max(self.extent, MIN_SPAN_S)
        self.low, self.high = -MARGIN * whole, (1 + MARGIN) * whole

    def follow(self) -> None:
        """Show the present at the right edge, or all of a run that is young."""
        span = self._chosen
        if span is None:
            span = next((stage for stage in STAGES_S if self.extent < (1 - MARGIN) * stage), STAGES_S[-1])
        self.high = max(self.extent + MARGIN * span, (1 - MARGIN) * span)
        self.low = self.high - span

    def pan(self, seconds: float) -> None:
        """Move by some seconds; some of the run stays in sight."""
        span = self.span
        self.low = min(max(self.low + seconds, -0.9 * span), max(0.0, self.extent - 0.1 * span))
        self.high = self.low + span

    def zoom(self, factor: float, at: float) -> None:
        """Show `factor` times as much; the moment `at` stays where it is."""
        widest = max(self.extent, STAGES_S[0]) * (1 + 2 * MARGIN)
        span = min(max(self.span * factor, MIN_SPAN_S), max(widest, self.span))
        share = (at - self.low) / self.span
        self.low = at - share * span
        self.high = self.low + span
        self.pan(0.0)

    def zoom_following(self, factor: float) -> None:
        """Show `factor` times as much from now on while the present is followed."""
        self._chosen = min(
            max(self.span * factor, MIN_SPAN_S), max(self.extent, STAGES_S[0]) * (1 + 2 * MARGIN)
        )
        self.follow()

    def bring(self, start: float, end: float) -> bool:
        """Move as little as needed to show a stretch, or its begin where it is too long; returns whether it moved."""
        if start >= self.low and (end <= self.high or start <= self.low + 0.5 * self.span):
            return False
        before = (self.low, self.high)
        length = min(end - start, 0.8 * self.span)
        self.pan(start + length / 2 - (self.low + self.high) / 2)
        return before != (self.low, self.high)
