"""The graph of how long a thread waits for the GIL, with the stretches marked in which code in C held it.

Runs in the GUI thread. The meter's trace grows in the meter's own thread, and the watchdog looks from its own.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QFontMetricsF, QPainter, QPen, QPicture

from gui.charts.scales import MAX_LAG, SPAN_S
from gui.live.polyline import Polyline
from gui.live.traces import NEAR_S, WAIT_BIN_S, WaitHistory
from workers.utils import formatting

if TYPE_CHECKING:
    from collections import deque

    from gui.live.geometry import Geometry
    from gui.theme.theme import Theme

ASK_EVERY_S = 0.2
"""So often is the watchdog asked for what it saw."""

HELD, HELD_SHORT = "C held the GIL", "C"
HELD_TINT = 0.16
MIN_WIDTH = 2  # pixels of a mark, however short the call was
PAD = 4


class Meter(Protocol):
    """Measures how long a thread waits for the GIL.

    Attributes:
        trace: points (moment when the thread woke, in seconds of `time.perf_counter`; how late that was, in ms).
            Another thread appends to it.
    """

    trace: deque[tuple[float, float]]


class Watcher(Protocol):
    """Knows when code in C held the GIL."""

    def held(self, start: float, end: float) -> list[tuple[float, float]]:
        """From when to when, between `start` and `end`; all in seconds of `time.perf_counter`."""


class GilGraph:
    """One line, and a mark for each C call that kept the GIL to itself.

    Attributes:
        held: from when to when code in C held the GIL, in seconds of `time.perf_counter`, the oldest first.
    """

    def __init__(self, theme: Theme, meter: Meter, watcher: Watcher) -> None:
        self.held: list[tuple[float, float]] = []
        self._theme, self._watcher = theme, watcher
        self._waits = WaitHistory(meter.trace)
        self._line = Polyline()
        self._asked = -math.inf
        self._marks: QPicture | None = None
        self._labels: QPicture | None = None
        self.restyle()

    def restyle(self) -> None:
        self._pen = QPen(self._theme.color("text"), self._theme.line_width)
        self.forget_pictures()

    def forget_pictures(self) -> None:
        """To be called when sizes or colours have changed, or there is a new mark."""
        self._marks = self._labels = None

    def update(self, now: float) -> None:
        """See what came since the last frame."""
        self._waits.update()
        if now - self._asked < ASK_EVERY_S:
            return
        self._asked = now
        held = self._watcher.held(now - SPAN_S, now)
        if held != self.held:
            self.held = held
            self.forget_pictures()

    def wait_at(self, moment: float) -> str:
        """What the graph shows at a moment (seconds of `time.perf_counter`) as text; empty where nothing is known."""
        for begin, end in self.held:
            if begin <= moment <= end:
                return f"code in C held the GIL for {formatting.seconds(end - begin)}"
        times, waits = self._waits.times, self._waits.lags
        after = int(times.searchsorted(moment))
        around = [index for index in (after - 1, after) if 0 <= index < len(times)]
        if not around or any(waits[index] < 0.0 for index in around):
            return ""
        if len(around) == 2 and times[after] - times[after - 1] > 2 * WAIT_BIN_S:  # a long wait, as it grew
            share = (moment - times[after - 1]) / (times[after] - times[after - 1])
            return formatting.milliseconds(float(waits[after - 1] + share * (waits[after] - waits[after - 1])))
        nearest = min(around, key=lambda index: abs(float(times[index]) - moment))
        return formatting.milliseconds(float(waits[nearest])) if abs(times[nearest] - moment) <= NEAR_S else ""

    # ---------------------------------------------------------------- painting

    def paint(self, painter: QPainter, at: Geometry, scroll: float, since: float) -> None:
        """Paint marks and line.

        Args:
            painter: of the view, or of a picture of it; what is below the graph must be clipped.
            at: where things lie.
            scroll: the present, in pixels.
            since: the line begins no earlier, in seconds of `time.perf_counter`.
        """
        if self.held:
            if self._marks is None or self._labels is None:
                self._marks, self._labels = self._record_marks(at), self._record_labels(at)
            left = QPointF(at.right + self.held[0][0] * at.per_s - scroll, 0.0)
            painter.drawPicture(left, self._marks)
        first = self._waits.since(since)
        if first < len(self._waits.times):
            self._line.put(
                at.right + self._waits.times[first:] * at.per_s - scroll,
                at.gil_bottom - self._waits.heights[first:].clip(None, MAX_LAG) * at.per_ten_wait,
            )
            painter.setPen(self._pen)
            painter.drawPolyline(self._line.polygon)
        if self.held and self._labels is not None:
            painter.drawPicture(left, self._labels)

    def _bars(self, at: Geometry) -> list[tuple[float, float]]:
        """The left edge and the width of each mark, the first of which begins at 0."""
        base = self.held[0][0]
        return [
            ((begin - base) * at.per_s, max(MIN_WIDTH, (end - begin) * at.per_s)) for begin, end in self.held
        ]

    def _record_marks(self, at: Geometry) -> QPicture:
        """Hatched from top to bottom, with a solid edge on either side."""
        tint, text = self._theme.color("text", HELD_TINT), self._theme.color("text")
        hatch = QBrush(self._theme.color("muted"), Qt.BrushStyle.BDiagPattern)
        height = at.gil_bottom - at.gil_top + 1
        picture = QPicture()
        with QPainter(picture) as painter:
            for left, width in self._bars(at):
                bar = QRectF(left, at.gil_top, width, height)
                painter.fillRect(bar, tint)
                painter.fillRect(bar, hatch)
                painter.fillRect(QRectF(left, at.gil_top, 1, height), text)
                painter.fillRect(QRectF(left + width - 1, at.gil_top, 1, height), text)
        return picture

    def _record_labels(self, at: Geometry) -> QPicture:
        """As many words as fit into each mark, or the one letter beside it where the next mark leaves room."""
        font = self._theme.numbers_font(0.88)
        metrics = QFontMetricsF(font)
        chip, line = self._theme.color("panel"), self._theme.color("line")
        height = min(metrics.height() + 2, at.gil_bottom - at.gil_top - 3)
        picture = QPicture()
        with QPainter(picture) as painter:
            painter.setFont(font)
            bars = self._bars(at)
            for (left, width), (following, _) in zip(bars, [*bars[1:], (math.inf, 0.0)], strict=True):
                fits = [
                    text for text in (HELD, HELD_SHORT) if metrics.horizontalAdvance(text) + 4 * PAD <= width
                ]
                text = fits[0] if fits else HELD_SHORT
                room = metrics.horizontalAdvance(text) + 2 * PAD
                x = left + (width - room) / 2 if fits else left + width + 1
                if x + room > following:
                    continue
                box = QRectF(x, at.gil_top + 2, room, height)
                painter.fillRect(box, chip)
                painter.setPen(line)
                painter.drawRect(box)
                painter.setPen(self._theme.color("text"))
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
        return picture
