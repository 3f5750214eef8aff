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

from gui.live.geometry import Polyline
from gui.live.levels import MAX_BINS
from workers.engine.recorder import BIN_S
from workers.reports.series import rate_curve

if TYPE_CHECKING:
    from gui.live.geometry import Geometry
    from gui.theme.theme import Theme
    from workers.engine.run import Run
    from workers.reports.lane import Floats

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
        number: what it is called among all runs; 0 for one of many in a benchmark.
        times: of its throughput curve, in seconds of `time.perf_counter`.
        rates: of its throughput curve, in amounts per second.
        peak: the highest of `rates`.
        label_width: of its label with the space around it, in pixels; 0.0 before it is painted.
    """

    def __init__(self, run: Run, title: str, unit: str, number: int, theme: Theme) -> None:
        self.run, self.title, self.unit, self.number = run, title, unit, number
        self._theme = theme
        self.restyle()
        self.times: Floats = np.empty(0)
        self.rates: Floats = np.empty(0)
        self.peak = self.label_width = 0.0
        self._step, self._updated = 1, 0.0
        self._final: tuple[float, float, int] | None = None
        self._line = Polyline()
        self._whole: QPicture | None = None
        self._labels: list[tuple[float, QPicture]] = []

    def restyle(self) -> None:
        """Take up the colours."""
        self._color = self._theme.runner_color(self.run.settings.runner)
        self.pen = QPen(self._color, 0)
        self._tints = [_faint(self._color, share) for share in (TINT, LAG_TINT)]
        self._edge = _faint(self._color, EDGE)

    def until(self, now: float) -> float:
        return now if self.run.ended is None else self.run.ended

    def update(self, now: float, since: float, until: float) -> None:
        """Take in what the recorder got since the last frame; nothing once the run has ended, unless the sight moves.

        Args:
            now: the present, in seconds of `time.perf_counter`.
            since: the left edge of what is shown, likewise.
            until: the right edge of it.
        """
        run, ended, step, span = self.run, self.run.ended, bins_per_point(until - since), until - since
        if self._final is not None:
            low, high, known = self._final
            if known == step and low <= max(since, run.started) and high >= min(until, self.until(now)):
                return
        is_final = ended is not None
        # Of a run that goes on: before a point more is there, nothing new would be seen.
        if not is_final and step == self._step > 1 and now - self._updated < step * BIN_S / 2:
            return
        self._step, self._updated = step, now
        low, high = (since - span, until + span) if is_final else (since, until)
        self.times, self.rates = thin_curve(run, now, low, step)
        last = int(np.searchsorted(self.times, high)) + 3
        self.times, self.rates = self.times[:last], self.rates[:last]
        self.peak = float(self.rates.max()) if len(self.rates) else 0.0
        self._final = (low, high, step) if is_final else None
        self._whole = None

    def forget_pictures(self) -> None:
        """To be called when sizes, colours or the scale have changed, or the next run has begun."""
        self._whole = None
        self._labels = []

    def paint(
        self,
        painter: QPainter,
        at: Geometry,
        scroll: float,
        divisor: float | None,
        end: float | None,
        indent: float = 0.0,
        pen: QPen | None = None,
    ) -> None:
        """Paint the run.

        Args:
            painter: of the view, or of a picture of it.
            at: where things lie.
            scroll: the right edge's moment, in pixels.
            divisor: amounts per second in one of the axis' unit; None where the axis has another unit.
            end: where the next run begins, in seconds of `time.perf_counter`; None where there is none.
            indent: pixels that its label leaves free.
            pen: of its curve where it lies over another run or under it, and its time has no tint.
        """
        start = self.run.started * at.per_s
        left = at.right + start - scroll
        if self._final is not None:
            if self._whole is None:
                self._whole = QPicture()
                with QPainter(self._whole) as recorder:
                    self._paint_body(recorder, at, 0.0, start, divisor, pen)
            painter.drawPicture(QPointF(left, 0.0), self._whole)
        else:
            self._paint_body(painter, at, left, start, divisor, pen)
        if not self._labels:
            room = math.inf if end is None else (end - self.run.started) * at.per_s - 2 * PAD
            self._record_labels(at, room, divisor is None)
        # A label stands in what is seen of its run and of the room after it: whole, or its marker, or not at all.
        low = max(left, at.left) + PAD + indent
        high = at.right if end is None else min(at.right, at.right + end * at.per_s - scroll)
        for width, picture in self._labels:
            if low + width + PAD <= high:
                painter.drawPicture(QPointF(low, 0.0), picture)
                break

    def _paint_body(
        self,
        painter: QPainter,
        at: Geometry,
        left: float,
        start: float,
        divisor: float | None,
        pen: QPen | None,
    ) -> None:
        """Tint, edge and curve, with the run's beginning at `left`."""
        x = math.floor(left)
        width = at.right - x + 1
        if self.run.ended is not None:
            width = max(1, round((self.run.ended - self.run.started) * at.per_s))
        for name, (top, bottom) in at.spots.items():
            if pen is None:
                painter.fillRect(x, top, width, bottom - top + 1, self._tints[name != "throughput"])
            painter.fillRect(x, top, 1, bottom - top + 1, self._edge)
        if len(self.times) and divisor is not None and "throughput" in at.spots:
            bottom = at.spots["throughput"][1]
            self._line.put(left + self.times * at.per_s - start, bottom - self.rates * (at.per_rate / divisor))
            painter.setPen(pen or self.pen)
            self._line.paint(painter, at, max(at.weight, round(2 * at.ratio)))

    def _record_labels(self, at: Geometry, room: float, other_unit: bool) -> None:
        """The runner's marker and title, at the very left, and the marker alone."""
        font = self._theme.numbers_font(0.88)
        metrics = QFontMetricsF(font)
        title = f"{self.number}  {self.title}" if self.number else self.title
        title = OTHER_UNIT.format(title=title, unit=self.unit) if other_unit else title
        marker = self._theme.runner_marker(self.run.settings.runner)
        indent = metrics.horizontalAdvance(f"{marker} ")
        texts = [""]
        if room - indent >= MIN_TITLE_WIDTH:
            if room < 1e4:
                title = metrics.elidedText(title, Qt.TextElideMode.ElideRight, room - indent)
            texts.insert(0, title)
        y = at.top + 2 + metrics.ascent()
        for text in texts:
            picture = QPicture()
            with QPainter(picture) as painter:
                painter.setFont(font)
                painter.setPen(self._color)
                painter.drawText(QPointF(0.0, y), marker)
                painter.setPen(self._theme.color("text"))
                painter.drawText(QPointF(indent, y), text)
            self._labels.append((indent + metrics.horizontalAdvance(text), picture))
        self.label_width = self._labels[0][0] + 2 * PAD


def bins_per_point(span_s: float) -> int:
    """Of so many of a recorder's bins the mean is one point, where so much time is shown: a power of 2."""
    return 1 << max(0, math.ceil(math.log2(span_s / BIN_S / MAX_BINS)))


def thin_curve(run: Run, now: float, since: float, step: int) -> tuple[Floats, Floats]:
    """A run's `rate_curve`, the mean of `step` points each; its ends are kept as they are."""
    # Always the same bins together, or the curve would shimmer; `rate_curve` begins two bins before `since`.
    first = max(0, math.floor((since - run.started) / BIN_S / step)) * step
    times, rates = rate_curve(
        run.recorder.bins, run.started, run.ended, now, run.started + (first + 2.01) * BIN_S if first else 0.0
    )
    begin, end = int(first == 0), len(times) - 2 * (run.ended is not None)
    count = (end - begin) // step
    if step == 1 or count < 1:
        return times, rates
    whole = slice(begin, begin + count * step)
    return (
        np.concatenate((times[:begin], times[whole].reshape(-1, step).mean(1), times[end:])),
        np.concatenate((rates[:begin], rates[whole].reshape(-1, step).mean(1), rates[end:])),
    )


def _faint(color: QColor, opacity: float) -> QColor:
    """A colour of which so much is seen, 0.0 to 1.0, before what lies behind it."""
    copy = QColor(color)
    copy.setAlphaF(opacity)
    return copy
