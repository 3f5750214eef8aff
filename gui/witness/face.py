"""The painted part of the witness: a word, a big figure, a graph of answer times, the guilty line. In its GUI thread.

Everything is one widget, and what stands still is one picture below it: a frame is some 20 calls into Qt.
"""

from __future__ import annotations

import math
from itertools import takewhile
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontDatabase, QFontMetrics, QPainter, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QWidget

from gui.widgets.elided import cut_words
from gui.widgets.panels import LEFT_SIDE, RIGHT_SIDE
from gui.witness.answers import SPAN_S
from gui.witness.texts import WAITING, Shown
from workers.reports.scales import LogScale

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent, QResizeEvent

    from gui.theme.theme import Theme
    from gui.witness.answers import Answers

SCALE_S = LogScale(0.0001, 20.0)
"""The graph's lower and upper edge; the scale is logarithmic, for a freeze lasts 10,000 times a good answer."""

TICKS = ((0.001, "1 ms"), (0.01, "10 ms"), (0.1, "100 ms"), (1.0, "1 s"), (10.0, "10 s"))
PAD = 10
LOW = 4  # the typeface of code reaches lower


class Face(QWidget):
    """Paints what it was shown, and the graph as it is at that moment."""

    def __init__(self, theme: Theme, answers: Answers) -> None:
        super().__init__()
        self._theme, self._answers = theme, answers  # what the graph is drawn from
        self._now = self._base = 0.0
        self._still: QPixmap | None = None
        self.shown = Shown("starting", "–", WAITING)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._redrawn = 0
        self.setAccessibleName("How long the window takes to respond")
        theme.changed.connect(self._dress)
        self._dress()

    def show_now(self, shown: Shown, now: float) -> None:
        if shown.state != self.shown.state or shown.where != self.shown.where:
            self.setAccessibleDescription(f"{shown.sentence} {shown.blame} {shown.where}".strip())
        if not self._now:
            self._base = now
        self.shown, self._now = shown, now
        self.repaint()

    def sizeHint(self) -> QSize:
        return QSize(26 * self._small_high, self._band_high + 10 * self._small_high + 4 * PAD)

    def minimumSizeHint(self) -> QSize:
        return QSize(23 * self._small_high, self._band_high + 8 * self._small_high + 4 * PAD)

    # ---------------------------------------------------------------- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._still is None or self._still.devicePixelRatio() != self.devicePixelRatioF():
            self._still = self._picture()
        with QPainter(self) as painter:
            painter.drawPixmap(0, 0, self._still)
            self._paint_band(painter)
            self._paint_curve(painter)
            self._paint_texts(painter)

    def _paint_band(self, painter: QPainter) -> None:
        state, theme = self.shown.state, self._theme
        area = QRect(0, 0, self.width(), self._band_high)
        inside = area.adjusted(PAD, 0, -PAD, 0)
        if self.shown.is_silent:
            painter.fillRect(area, theme.color(state))
            pen = number = theme.color("on_accent")
        else:
            pen = theme.color("good" if state == "answering" else "muted")
            number = theme.color("text")
        painter.setFont(self._word_font)
        painter.setPen(pen)
        painter.drawText(inside, LEFT_SIDE, self.shown.headline)
        painter.setFont(self._figure_font)
        painter.setPen(number)
        painter.drawText(inside, RIGHT_SIDE, self.shown.figure)

    def _paint_curve(self, painter: QPainter) -> None:
        area, now = self._graph_area(), self._now
        self._take_in(area)
        per_s = area.width() / SPAN_S
        frozen = self.shown.is_silent
        silent = self._answers.silent_s(now)
        # By whole pixels, so that the curve moves as a whole and does not shimmer.
        scroll = math.floor((now - self._base) * per_s) - area.width()
        painter.save()
        painter.setClipRect(area)
        painter.translate(area.left() - scroll, 0)
        for began, ended in (*self._answers.silences, *([(now - silent, now)] if frozen else ())):
            left = (began - self._base) * per_s
            painter.fillRect(QRectF(left, area.top(), (ended - began) * per_s, area.height()), self._red)
        if not self._curve.isEmpty():
            last = self._curve.last()
            y = _height_of(area, silent) if frozen else last.y()
            painter.setPen(self._line_pen)
            painter.drawPolyline(self._curve)
            painter.drawLine(last, QPointF((now - self._base) * per_s + 1, y))
        painter.restore()

    def _take_in(self, area: QRect) -> None:
        """Bring the curve up to date; it lies in pixels since `_base`, and a frame only moves it."""
        samples, per_s = self._answers.samples, area.width() / SPAN_S
        if self._redrawn != self._answers.redrawn:
            self._redrawn = self._answers.redrawn
            self._curve, self._taken = QPolygonF(), -math.inf
        new = list(takewhile(lambda sample: sample[0] > self._taken, reversed(samples)))
        for moment, value in reversed(new):
            self._curve.append(QPointF((moment - self._base) * per_s, _height_of(area, value)))
            self._taken = moment
        gone = self._curve.size() - len(samples)
        if gone > 0:
            self._curve.remove(0, gone)

    def _paint_texts(self, painter: QPainter) -> None:
        shown, theme, high = self.shown, self._theme, self._small_high
        wide = self.width() - 2 * PAD
        painter.setFont(self._small_font)
        painter.setPen(theme.color("text"))
        painter.drawText(QRect(PAD, self._band_high, wide, high + PAD), CENTRE, self._fit(shown.sentence))
        top = self.height() - 3 * high - LOW
        if not shown.blame:
            painter.setPen(theme.color("muted"))
            painter.drawText(QRect(PAD, top, wide, 3 * high), WRAPPED, shown.hint)
            return
        painter.drawText(QRect(PAD, top, wide, high), CENTRE, self._fit(shown.blame))
        painter.setPen(theme.color("muted"))
        painter.drawText(QRect(PAD, top + high, wide, high), CENTRE, self._fit(shown.where, keep_end=True))
        painter.setPen(theme.color("text"))
        painter.setFont(self._code_font)
        source = cut_words(shown.source, QFontMetrics(self._code_font), wide)
        painter.drawText(QRect(PAD, top + 2 * high, wide, high + LOW), CENTRE, source)

    def _fit(self, text: str, keep_end: bool = False) -> str:
        return cut_words(text, QFontMetrics(self._small_font), self.width() - 2 * PAD, keep_end)

    # ---------------------------------------------------------------- what stands still

    def _graph_area(self) -> QRect:
        """Where the curve is: between the sentence and the guilty line, right of the scale's numbers."""
        top = self._band_high + self._small_high + PAD
        bottom = self.height() - 3 * self._small_high - PAD // 2 - LOW
        left = PAD + self._scale_wide
        return QRect(left, top, self.width() - PAD - left, bottom - top)

    def _picture(self) -> QPixmap:
        ratio, theme, area = self.devicePixelRatioF(), self._theme, self._graph_area()
        picture = QPixmap(self.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(theme.color("window"))
        with QPainter(picture) as painter:
            bottom = float(area.bottom())
            for edge_ms, color in theme.bands():
                top = _height_of(area, edge_ms / 1e3)
                painter.fillRect(QRectF(area.left(), top, area.width(), bottom - top), color)
                bottom = top
            painter.setFont(self._scale_font)
            high = QFontMetrics(self._scale_font).height()
            for value, name in TICKS:
                y = _height_of(area, value)
                painter.setPen(QPen(theme.color("line"), 0))
                painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
                painter.setPen(theme.color("muted"))
                painter.drawText(QRectF(PAD, y - high / 2, self._scale_wide - 5, high), RIGHT_SIDE, name)
        return picture

    def _dress(self) -> None:
        theme = self._theme
        self._small_font = theme.numbers_font()
        self._scale_font = theme.numbers_font(0.8)
        self._word_font, self._figure_font = theme.headline_font(1.5), theme.headline_font(2.3)
        self._code_font = QFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._code_font.setPointSizeF(self._small_font.pointSizeF())
        self._small_high = QFontMetrics(self._small_font).height()
        self._band_high = round(QFontMetrics(self._figure_font).height() * 1.1)
        self._scale_wide = max(QFontMetrics(self._scale_font).horizontalAdvance(name) for _, name in TICKS) + 6
        self._line_pen = QPen(theme.color("text"), 0)
        self._red = theme.color("bad")
        self._red.setAlphaF(0.22)
        self._forget()
        self.updateGeometry()
        self.update()

    def _forget(self) -> None:
        self._still = None
        self._curve = QPolygonF()
        self._taken = -math.inf

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._forget()


CENTRE = LEFT_SIDE | Qt.TextFlag.TextSingleLine
WRAPPED = LEFT_SIDE | Qt.TextFlag.TextWordWrap


def _height_of(area: QRect, value_s: float) -> float:
    return area.bottom() - SCALE_S.share(value_s) * area.height()
