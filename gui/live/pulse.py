"""Throughput and lag of the last 40 seconds in one line, for rooms without the live graphs. In the GUI thread."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.charts.scales import MAX_LAG, SPAN_S
from gui.live.geometry import Polyline
from gui.live.run_strip import RunStrip, thin_curve
from workers.utils.formatting import rate

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from gui.live.scene import GraphScene
    from gui.theme.theme import Theme
    from workers.reports.lane import Floats

    Curve = tuple[RunStrip, Floats, Floats]

HEIGHT = 34
MARGIN, GAP = 12, 8
WIDEST = "Throughput 888.8 MB/s"


class Pulse(QWidget):
    """Two small curves with a word each; what they show is the live graphs' own."""

    def __init__(self, theme: Theme, scene: GraphScene) -> None:
        super().__init__()
        self._theme, self._scene = theme, scene
        self._line = Polyline()
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Throughput and lag of the last 40 seconds")
        self.setToolTip("Throughput and lag of the last 40 seconds; the room Live has the graphs")
        theme.changed.connect(self._fit)
        self._fit()

    def _fit(self) -> None:
        self.setFixedHeight(round(HEIGHT * max(1.0, self._theme.text_scale)))
        self.update()

    def refresh(self) -> None:
        """Paint a frame, where anybody can see it; called by the window's timer."""
        if self.isVisible():
            self._scene.take_in(time.perf_counter())
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, now = self._theme, time.perf_counter()
        font = theme.numbers_font(0.88)
        caption = QFontMetricsF(font).horizontalAdvance(WIDEST)
        curves = self._curves(now)
        half = self.width() / 2
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), theme.color("panel"))
            painter.fillRect(0, self.height() - 1, self.width(), 1, theme.color("line"))
            painter.setFont(font)
            boxes = []
            for at, text in enumerate((f"Throughput {_rate(curves)}", "Lag")):
                left = at * half + MARGIN
                advance = QFontMetricsF(font).horizontalAdvance(text)
                taken = max(advance, caption) if at == 0 else advance
                painter.setPen(theme.color("muted"))
                painter.drawText(QRectF(left, 0, taken, self.height()), Qt.AlignmentFlag.AlignVCenter, text)
                start = left + taken + GAP
                boxes.append(QRectF(start, 4, (at + 1) * half - MARGIN - start, self.height() - 9))
            self._paint_throughput(painter, boxes[0], curves, now)
            self._paint_lag(painter, boxes[1], now)

    def _curves(self, now: float) -> list[Curve]:
        """Of the runs in these 40 seconds that count what the last one does."""
        strips = [strip for strip in self._scene.strips if strip.until(now) > now - SPAN_S]
        # Not the graphs' own curves: these may be of another time.
        return [
            (strip, *thin_curve(strip.run, now, now - SPAN_S, 1))
            for strip in strips
            if strip.unit == strips[-1].unit
        ]

    def _paint_throughput(self, painter: QPainter, box: QRectF, curves: list[Curve], now: float) -> None:
        peak = max((float(rates.max()) for _, _, rates in curves if len(rates)), default=0.0)
        for strip, times, rates in curves:
            if len(times) and peak:
                self._paint_line(painter, box, times - now, rates / peak, strip.pen)

    def _paint_lag(self, painter: QPainter, box: QRectF, now: float) -> None:
        times, heights = self._scene.lag.points(now - SPAN_S, now)
        if len(times):
            pen = QPen(self._theme.color("text"), 0)
            self._paint_line(painter, box, times - now, heights.clip(0.0, MAX_LAG) / MAX_LAG, pen)

    def _paint_line(self, painter: QPainter, box: QRectF, ages: Floats, heights: Floats, pen: QPen) -> None:
        """One curve; ages in seconds, the present being 0, and heights from 0 to 1."""
        self._line.put(box.right() + ages * (box.width() / SPAN_S), box.bottom() - heights * box.height())
        painter.save()
        painter.setClipRect(box)
        painter.setPen(pen)
        painter.drawPolyline(self._line.polygon)
        painter.restore()


def _rate(curves: list[Curve]) -> str:
    """Of the run that goes on; a dash where there is none, or nothing is known of it yet."""
    if not curves:
        return "–"
    strip, _, rates = curves[-1]
    return rate(float(rates[-1]), strip.unit) if strip.run.ended is None and len(rates) else "–"
