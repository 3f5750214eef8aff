"""One run in the live graphs: its tint, its label and its throughput curve, painted in its runner's colour.

Runs in the GUI thread. A run that has ended looks the same in every frame but for its place: it is recorded once and
costs two calls into Qt from then on.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPicture

from gui.charts.scales import SPAN_S
from gui.live.polyline import Polyline
from workers.reports.series import rate_curve

if TYPE_CHECKING:
    from gui.live.geometry import Geometry
    from gui.theme.theme import Theme
    from workers.engine.run import Run

TINT, LAG_TINT = 0.11, 0.07  # the bands of lag must stay what they are
EDGE = 0.75
PAD = 5  # pixels between the edge of a run and its label
MIN_TITLE_WIDTH = 40  # pixels in which a title still says something; the marker alone needs less

OTHER_UNIT = "{title} (counts {unit})"


class RunStrip:
    """A run as the graphs show it.

    Attributes:
        run: what happened.
        title: its runner's name for people.
        unit: what its amounts count.
        times: of its throughput curve, in seconds of `time.perf_counter`.
        rates: of its throughput curve, in amounts per second.
        peak: the highest of `rates`.
    """

    def __init__(self, run: Run, title: str, unit: str, theme: Theme) -> None:
        self.run, self.title, self.unit = run, title, unit
        self._theme = theme
        self.restyle()
        self.times = self.rates = np.empty(0)
        self.peak = 0.0
        self._is_final = False
        self._line = Polyline()
        self._whole: QPicture | None = None
        self._label: QPicture | None = None
        self._label_width = 0.0

    def restyle(self) -> None:
        self._color = self._theme.runner_color(self.run.settings.runner)
        self._pen = QPen(self._color, self._theme.line_width)
        self._tints = [_faint(self._color, share) for share in (TINT, LAG_TINT)]
        self._edge = _faint(self._color, EDGE)

    def update(self, now: float) -> None:
        """Take in what the recorder got since the last frame; nothing once the run has ended."""
        if self._is_final:
            return
        ended = self.run.ended
        self._is_final = ended is not None
        self.times, self.rates = rate_curve(self.run.recorder.bins, self.run.started, ended, now, now - SPAN_S)
        self.peak = float(self.rates.max()) if len(self.rates) else 0.0

    def forget_pictures(self) -> None:
        """To be called when sizes, colours or the scale have changed, or the next run has begun."""
        self._whole = self._label = None

    def paint(
        self, painter: QPainter, at: Geometry, scroll: float, divisor: float | None, end: float | None
    ) -> None:
        """Paint the run.

        Args:
            painter: of the view, or of a picture of it.
            at: where things lie.
            scroll: the present, in pixels.
            divisor: amounts per second in one of the axis' unit; None where the axis has another unit.
            end: where the next run begins, in seconds of `time.perf_counter`; None where there is none.
        """
        start = self.run.started * at.per_s
        left = at.right + start - scroll
        if self._is_final:
            if self._whole is None:
                self._whole = QPicture()
                with QPainter(self._whole) as recorder:
                    self._paint_body(recorder, at, 0.0, start, divisor)
            painter.drawPicture(QPointF(left, 0.0), self._whole)
        else:
            self._paint_body(painter, at, left, start, divisor)
        if self._label is None:
            room = math.inf if end is None else (end - self.run.started) * at.per_s - 2 * PAD
            self._label = self._record_label(at, room, divisor is None)
        # A label stays in sight as long as its run does.
        stop = end or self.run.ended
        most = math.inf if stop is None else at.right + stop * at.per_s - scroll - PAD - self._label_width
        painter.drawPicture(QPointF(max(left + PAD, min(at.left + PAD, most)), 0.0), self._label)

    def _paint_body(
        self, painter: QPainter, at: Geometry, left: float, start: float, divisor: float | None
    ) -> None:
        """Tint, edge and curve, with the run's beginning at `left`."""
        x = math.floor(left)
        width = at.right - x + 1
        if self.run.ended is not None:
            width = max(1, round((self.run.ended - self.run.started) * at.per_s))
        for name, (top, bottom) in zip(at.shown, at.areas, strict=True):
            tint = self._tints[name == "lag"]
            painter.fillRect(x, top, width, bottom - top + 1, tint)
            painter.fillRect(x, top, 1, bottom - top + 1, self._edge)
        if len(self.times) and divisor is not None and "throughput" in at.shown:
            self._line.put(
                left + self.times * at.per_s - start, at.rate_bottom - self.rates * (at.per_rate / divisor)
            )
            painter.setPen(self._pen)
            painter.drawPolyline(self._line.polygon)
            # Twice with the thinnest pen makes two pixels of the screen, for Qt is slow with thicker pens.
            painter.translate(0.0, -1.0 / at.ratio)
            painter.drawPolyline(self._line.polygon)
            painter.translate(0.0, 1.0 / at.ratio)

    def _record_label(self, at: Geometry, room: float, other_unit: bool) -> QPicture:
        """The runner's marker and title, at the very left, as long as there is room for them."""
        font = self._theme.numbers_font(0.88)
        metrics = QFontMetricsF(font)
        title = OTHER_UNIT.format(title=self.title, unit=self.unit) if other_unit else self.title
        runner = self.run.settings.runner
        marker = self._theme.runner_marker(runner)
        indent = metrics.horizontalAdvance(f"{marker} ")
        text = ""
        if room - indent >= MIN_TITLE_WIDTH:
            text = (
                metrics.elidedText(title, Qt.TextElideMode.ElideRight, room - indent) if room < 1e4 else title
            )
        self._label_width = indent + metrics.horizontalAdvance(text)
        picture = QPicture()
        with QPainter(picture) as painter:
            painter.setFont(font)
            for top in at.labelled:
                y = top + 2 + metrics.ascent()
                painter.setPen(self._color)
                painter.drawText(QPointF(0.0, y), marker)
                if top == at.top:
                    painter.setPen(self._theme.color("text"))
                    painter.drawText(QPointF(indent, y), text)
        return picture


def _faint(color: QColor, opacity: float) -> QColor:
    """A colour of which so much is seen, 0.0 to 1.0, before what lies behind it."""
    copy = QColor(color)
    copy.setAlphaF(opacity)
    return copy
