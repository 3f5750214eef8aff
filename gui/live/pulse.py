"""Throughput and lag of the last 40 seconds in one line, for rooms without the live graphs. In the GUI thread."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.charts.scales import MAX_LAG, SPAN_S
from gui.live.polyline import Polyline
from workers.utils.formatting import rate

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from gui.charts.scales import Floats
    from gui.live.scene import GraphScene
    from gui.theme.theme import Theme

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
        half = self.width() / 2
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), theme.color("panel"))
            painter.fillRect(0, self.height() - 1, self.width(), 1, theme.color("line"))
            painter.setFont(font)
            boxes = []
            for at, text in enumerate((f"Throughput {self._rate()}", "Lag")):
                left = at * half + MARGIN
                painter.setPen(theme.color("muted"))
                painter.drawText(QRectF(left, 0, caption, self.height()), Qt.AlignmentFlag.AlignVCenter, text)
                taken = caption if at == 0 else QFontMetricsF(font).horizontalAdvance(text)
                start = left + taken + GAP
                boxes.append(QRectF(start, 4, (at + 1) * half - MARGIN - start, self.height() - 9))
            self._paint_throughput(painter, boxes[0], now)
            self._paint_lag(painter, boxes[1], now)

    def _rate(self) -> str:
        """Of the run that goes on; a dash where there is none."""
        strips = self._scene.strips
        if not strips or strips[-1].run.ended is not None or not len(strips[-1].rates):
            return "–"
        return rate(float(strips[-1].rates[-1]), strips[-1].unit)

    def _paint_throughput(self, painter: QPainter, box: QRectF, now: float) -> None:
        strips = [strip for strip in self._scene.strips if strip.unit == self._scene.strips[-1].unit]
        peak = max((strip.peak for strip in strips), default=0.0)
        for strip in strips:
            if len(strip.times) and peak:
                self._paint_line(
                    painter,
                    box,
                    strip.times - now,
                    strip.rates / peak,
                    QPen(self._theme.runner_color(strip.run.settings.runner), 0),
                )

    def _paint_lag(self, painter: QPainter, box: QRectF, now: float) -> None:
        lag = self._scene.lag
        first = lag.since(now - SPAN_S)
        if first < len(lag.times):
            ages, heights = lag.times[first:] - now, lag.heights[first:].clip(0.0, MAX_LAG) / MAX_LAG
            self._paint_line(painter, box, ages, heights, QPen(self._theme.color("text"), 0))

    def _paint_line(self, painter: QPainter, box: QRectF, ages: Floats, heights: Floats, pen: QPen) -> None:
        """One curve; ages in seconds, the present being 0, and heights from 0 to 1."""
        self._line.put(box.right() + ages * (box.width() / SPAN_S), box.bottom() - heights * box.height())
        painter.save()
        painter.setClipRect(box)
        painter.setPen(pen)
        painter.drawPolyline(self._line.polygon)
        painter.restore()
