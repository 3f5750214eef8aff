"""The graph of how long a thread waits for the GIL, with the stretches marked in which code in C held it.

Runs in the GUI thread. The meter's trace grows in the meter's own thread, and the watchdog looks from its own.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QFontMetricsF, QPainter, QPicture

from gui.live.traces import WaitHistory
from workers.utils import formatting

if TYPE_CHECKING:
    from gui.live.geometry import Geometry
    from gui.live.traces import Meter
    from gui.theme.theme import Theme

ASK_EVERY_S = 0.2
"""So often is the watchdog asked for what it saw."""

HELD, HELD_SHORT = "C held the GIL", "C"
HELD_TINT = 0.16
MIN_WIDTH = 2  # pixels of a mark, however short the call was
PAD = 4


class Watcher(Protocol):
    """Knows when code in C held the GIL."""

    def held(self, start: float, end: float) -> list[tuple[float, float]]:
        """From when to when, between `start` and `end`; all in seconds of `time.perf_counter`."""


class GilGraph:
    """The waits, and a mark for each C call that kept the GIL to itself.

    Attributes:
        held: from when to when code in C held the GIL, in seconds of `time.perf_counter`, the oldest first.
        waits: the line.
    """

    def __init__(self, theme: Theme, meter: Meter, watcher: Watcher) -> None:
        self.held: list[tuple[float, float]] = []
        self.waits = WaitHistory(meter)
        self._theme, self._watcher = theme, watcher
        self._asked = (-math.inf, 0.0, 0.0)
        self._marks: QPicture | None = None

    def forget_pictures(self) -> None:
        """To be called when sizes or colours have changed, or there is a new mark."""
        self._marks = None

    def update(self, now: float, begun: float, since: float, until: float) -> None:
        """See what came since the last frame.

        Args:
            now: the present, in seconds of `time.perf_counter`.
            begun: nothing from before this is shown, likewise.
            since: the left edge of what is shown, likewise.
            until: the right edge of it.
        """
        self.waits.update(begun)
        asked, *edges = self._asked
        moved = edges != [since, until] and until != now
        if now - asked < ASK_EVERY_S and not moved:
            return
        self._asked = (now, since, until)
        held = self._watcher.held(max(since, begun), until) if begun < until else []
        if held != self.held:
            self.held = held
            self.forget_pictures()

    def wait_at(self, moment: float, since: float, until: float) -> str:
        """What the graph from `since` to `until` shows at a moment as text; empty where nothing is known."""
        for begin, end in self.held:
            if begin <= moment <= end:
                return f"code in C held the GIL for {formatting.seconds(end - begin)}"
        wait = self.waits.value_at(moment, since, until)
        return "" if wait is None else formatting.milliseconds(wait)

    # ---------------------------------------------------------------- painting

    def paint_marks(self, painter: QPainter, at: Geometry, scroll: float) -> None:
        """Paint the marks; the line goes over them. `scroll` is the right edge's moment, in pixels."""
        if self.held:
            if self._marks is None:
                self._marks = self._record_marks(at)
            painter.drawPicture(QPointF(at.right + self.held[0][0] * at.per_s - scroll, 0.0), self._marks)

    def _bars(self, at: Geometry) -> list[tuple[float, float]]:
        """The left edge and the width of each mark, the first of which begins at 0; narrow neighbours are one."""
        base = self.held[0][0]
        bars: list[tuple[float, float]] = []
        for begin, end in self.held:
            left, right = (begin - base) * at.per_s, (end - base) * at.per_s
            if bars and right - sum(bars[-1]) < 2 * MIN_WIDTH:
                bars[-1] = (bars[-1][0], right - bars[-1][0])
            else:
                bars.append((left, max(MIN_WIDTH, right - left)))
        return bars

    def _record_marks(self, at: Geometry) -> QPicture:
        """Hatched from top to bottom, with a solid edge on either side, and inside the words that there is room for."""
        font = self._theme.numbers_font(0.88)
        metrics = QFontMetricsF(font)
        tint, text, chip = (
            self._theme.color("text", HELD_TINT),
            self._theme.color("text"),
            self._theme.color("panel"),
        )
        hatch = QBrush(self._theme.color("muted"), Qt.BrushStyle.BDiagPattern)
        top, bottom = at.spots["gil"]
        height = bottom - top + 1
        picture = QPicture()
        with QPainter(picture) as painter:
            painter.setFont(font)
            painter.setPen(text)
            for left, width in self._bars(at):
                bar = QRectF(left, top, width, height)
                painter.fillRect(bar, tint)
                painter.fillRect(bar, hatch)
                painter.fillRect(QRectF(left, top, 1, height), text)
                painter.fillRect(QRectF(left + width - 1, top, 1, height), text)
                for words in (HELD, HELD_SHORT):
                    room = metrics.horizontalAdvance(words) + 2 * PAD
                    if room + 2 * PAD <= width:
                        box = QRectF(
                            left + (width - room) / 2, bottom - metrics.height() - 2, room, metrics.height()
                        )
                        painter.fillRect(box, chip)
                        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
                        break
        return picture
