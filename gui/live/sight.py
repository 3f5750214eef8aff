"""Which stretch of time the live graphs show: the present, or a part of the past. Plain numbers, no Qt."""

from __future__ import annotations

import math
import time

from gui.charts.scales import HISTORY_S, MAX_SPAN_S, MIN_SPAN_S, SPAN_S
from workers.reports.scales import multiples, time_step
from workers.utils import formatting

MARGIN = 0.03
"""Room on either side of a run that is shown as a whole, as a share of it."""

SNAP = 0.05
"""Whoever comes as near to the present as this share of what is shown is there: it goes on meanwhile."""

PX_PER_MARK = 130


class Sight:
    """A stretch of time up to the present, or up to a moment that stays.

    Attributes:
        span: how long it is, in seconds.
        end: its right edge, in seconds of `time.perf_counter`; None where that is the present.
        origin: what the marks of the time axis count from, likewise; None where no run is shown as a whole.
    """

    def __init__(self) -> None:
        self.span = SPAN_S
        self.end: float | None = None
        self.origin: float | None = None

    @property
    def is_live(self) -> bool:
        return self.end is None

    def until(self, now: float) -> float:
        return now if self.end is None else self.end

    def go_live(self) -> None:
        self.span, self.end, self.origin = SPAN_S, None, None

    def zoom(self, factor: float, share: float, now: float) -> None:
        """Show `factor` times as much; the moment at `share` of the width stays, and so does the present when live."""
        span = min(max(self.span * factor, MIN_SPAN_S), MAX_SPAN_S)
        if self.end is not None:
            self.end += (1 - share) * (span - self.span)
        self.span = span
        self.pan(0.0, now)

    def pan(self, seconds: float, now: float, begun: float = -math.inf) -> None:
        """Move by some seconds, below 0 into the past; whoever reaches the present stays there.

        Args:
            seconds: by how much.
            now: the present.
            begun: nothing is known of the time before this; some of what is known stays in sight.
        """
        if self.end is None and seconds >= 0:
            return
        if seconds:
            self.origin = None
        end = max(self.until(now) + seconds, now - HISTORY_S, min(begun + 0.2 * self.span, now))
        self.end = None if end >= now - (SNAP * self.span if seconds > 0 else 0.0) else end
        if self.end is None:
            self.origin = None

    def fit(self, start: float, length: float) -> None:
        """Show a run as a whole, whose Start the marks count from."""
        self.span = min(max(length * (1 + 2 * MARGIN), MIN_SPAN_S), MAX_SPAN_S)
        self.origin = start
        self.end = start - MARGIN * length + self.span

    def marks(self, width: float, now: float) -> list[tuple[float, str]]:
        """Round moments as seconds from the right edge, 0 or less, with their texts.

        Args:
            width: of the graphs, in pixels.
            now: the present.
        """
        step = time_step(self.span / max(2, min(8, int(width / PX_PER_MARK))))
        if self.end is None:
            marks = [(-ago, _length(ago)) for ago in multiples(0.0, self.span, step)]
            (_, _), *middle = marks
            first = [(middle[-1][0], f"{middle[-1][1]} ago")] if middle else []
            return [*first, *reversed(middle[:-1]), (0.0, "now")]
        base, text = (now - time.time(), _clock) if self.origin is None else (self.origin, _length)
        low, high = self.end - self.span - base, self.end - base
        return [
            (number * step - high, text(number * step) or "Start")
            for number in range(math.ceil(low / step), math.floor(high / step) + 1)
            if number >= 0
        ]


def _length(seconds: float) -> str:
    return formatting.mark(seconds) if seconds else ""


def _clock(moment: float) -> str:
    return time.strftime("%H:%M:%S", time.localtime(moment + 1e-6))
