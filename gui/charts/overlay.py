"""The widget that shows two runs over each other. Nothing in it moves. In the GUI thread.

Paints two runs over each other into any rectangle: for the screen and for pictures. In the GUI thread.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QWidget

from gui.charts.chart import add_picture_menu, chart_image, paint_chart
from gui.charts.polyline import Polyline
from gui.charts.scales import LAG_TICKS, MOST_LAG, fitting_top, rate_ticks
from gui.charts.series import MOST_MARKS, lag_heights, time_ticks
from workers.reports.differences import Side
from workers.reports.series import lags, rates

if TYPE_CHECKING:
    from PySide6.QtGui import QImage, QPainter, QPaintEvent

    from gui.charts.scales import Floats
    from gui.theme.theme import Theme
    from workers.reports.differences import Side

GAP = 8
SMALL = 0.88  # of ordinary text
DASHES = (5.0, 3.0)
SAMPLE = 22
"""How long a line's sample in the legend is, in pixels."""

LOWEST = 12
"""A graph of fewer pixels shows nothing."""


class Curve(NamedTuple):
    """One line: x from 0 to 1 along the axis of time, y from 0 to 1 up the other."""

    x: Floats
    y: Floats


class Overlay:
    """What is painted: both runs with their names."""

    def __init__(self, theme: Theme, sides: tuple[Side, Side], names: tuple[str, str]) -> None:
        self._theme, self._sides, self._names = theme, sides, names
        self._span_s = max(1e-3, *(side.run.wall_s for side in sides))
        self._same_unit = sides[0].unit == sides[1].unit
        self._bytes = self._same_unit and sides[0].unit == "bytes"
        self._kept = (0, 1.0, [[Curve(np.empty(0), np.empty(0))] * 2] * 2)

    def _curves(self, columns: int) -> tuple[float, list[list[Curve]]]:
        """Where the axis of rates ends, and the curves of rates and of lags, for a width of so many pixels."""
        if self._kept[0] != columns:
            found = [rates(side.run, columns, self._span_s) for side in self._sides]
            peaks = [float(values.max(initial=0.0)) or 1.0 for _, values in found]
            if not self._same_unit:
                scales, top = peaks, 1.0
            else:
                divisor = 1e6 if self._bytes else 1.0
                scales, top = [divisor, divisor], fitting_top(max(peaks) / divisor, 0.0)
            lines = [
                Curve(times / self._span_s, values / scale / top)
                for (times, values), scale in zip(found, scales, strict=True)
            ]
            late = []
            for side in self._sides:
                if side.run.lag is None:
                    late.append(Curve(np.empty(0), np.empty(0)))
                else:
                    times, worst = lags(side.run, columns, self._span_s)
                    late.append(Curve(times / self._span_s, lag_heights(worst) / MOST_LAG))
            self._kept = (columns, top, [lines, late])
        return self._kept[1:]

    def _rate_marks(self, top: float) -> list[tuple[float, str]]:
        if not self._same_unit:
            return [(0.0, "0"), (0.5, "50 %"), (1.0, "100 %")]
        return [(mark / top, text) for mark, text in rate_ticks(top)]

    def _time_marks(self, columns: int, metrics: QFontMetricsF) -> list[tuple[float, str]]:
        """As many as there is room for."""
        found = [(0.0, "")]
        for most in range(MOST_MARKS, 0, -1):
            found = time_ticks(self._span_s, most)
            if sum(metrics.horizontalAdvance(text) + 2 * GAP for _, text in found) <= columns:
                break
        return found

    def paint(self, painter: QPainter, whole: QRectF) -> None:
        """Paint legend, graphs, axes and lines."""
        theme = self._theme
        painter.fillRect(whole, theme.color("panel"))
        font = theme.numbers_font(SMALL)
        metrics = QFontMetricsF(font)
        line = math.ceil(metrics.height())
        left = math.ceil(max(metrics.horizontalAdvance(text) for text in ("100 ms", "500k", "100 %"))) + 2 * GAP
        columns = max(1, int(whole.width() - left - 1.5 * GAP))
        top, (speeds, late) = self._curves(columns)
        legend = self._paint_legend(painter, QRectF(GAP, GAP / 2, whole.width() - 2 * GAP, line))
        height = (whole.height() - legend - 2 * (line + 4) - line - 1.5 * GAP) / 2
        if height < LOWEST:
            return
        rate = QRectF(left, legend + line + 4, columns, height)
        lag = QRectF(left, rate.bottom() + line + 4, columns, height)
        time = self._time_marks(columns, metrics)
        painter.setFont(font)
        self._paint_bands(painter, lag)
        for area, marks, title, more in (
            (rate, self._rate_marks(top), "Throughput", self._unit),
            (lag, [(mark / MOST_LAG, text) for mark, text in LAG_TICKS], "Lag", self._missing),
        ):
            self._paint_grid(painter, area, marks, time)
            self._paint_title(painter, QRectF(left, area.top() - line - 3, columns + GAP, line), title, more)
        painter.setPen(theme.color("muted"))
        for mark, text in time:
            x = left + mark / self._span_s * columns
            width = metrics.horizontalAdvance(text) + 2
            at = min(max(x - width / 2, left), whole.width() - width)
            painter.drawText(QRectF(at, lag.bottom() + 3, width, line), Qt.AlignmentFlag.AlignCenter, text)
        for area, curves in ((rate, speeds), (lag, late)):
            painter.setClipRect(area.adjusted(0, -1, 1, 1))
            for which in (1, 0):  # A above B
                self._draw(painter, area, curves[which], which)
            painter.setClipping(False)
            for which in (1, 0):
                self._letter_on(painter, area, curves[which], which)

    @property
    def _unit(self) -> str:
        if not self._same_unit:
            return "each against its own highest, for the units differ"
        return "MB/s" if self._bytes else f"{self._sides[0].unit}/s"

    @property
    def _missing(self) -> str:
        absent = [letter for letter, side in zip(PINS, self._sides, strict=True) if side.run.lag is None]
        return f"that of {' and '.join(absent)} was not measured" if absent else "of the GUI thread"

    # ---------------------------------------------------------------- what stands around the lines

    def _paint_legend(self, painter: QPainter, row: QRectF) -> float:
        """Which line is whose; returns where it ends."""
        metrics = QFontMetricsF(self._theme.numbers_font(SMALL))
        painter.setFont(self._theme.numbers_font(SMALL))
        widths = [metrics.horizontalAdvance(name) + SAMPLE + 3 * GAP + row.height() for name in self._names]
        in_one = sum(widths) <= row.width()
        for which, name in enumerate(self._names):
            x = row.left() + (widths[0] if which and in_one else 0)
            y = row.top() + (0 if in_one else which * (row.height() + 2))
            middle = y + row.height() / 2
            painter.setPen(self._pen(which))
            painter.drawLine(QPointF(x, middle), QPointF(x + SAMPLE, middle))
            self._badge(painter, QPointF(x + SAMPLE + GAP / 2 + row.height() / 2, middle), which)
            x += SAMPLE + GAP + row.height()
            room = row.right() - x
            painter.setPen(self._theme.color("text"))
            text = metrics.elidedText(name, Qt.TextElideMode.ElideRight, room)
            painter.drawText(QRectF(x, y, room, row.height()), Qt.AlignmentFlag.AlignVCenter, text)
        return row.bottom() + (0 if in_one else row.height() + 2) + 2

    def _paint_title(self, painter: QPainter, row: QRectF, title: str, more: str) -> None:
        bold = QFont(self._theme.numbers_font(SMALL))
        bold.setWeight(QFont.Weight.DemiBold)
        usual = painter.font()
        painter.setFont(bold)
        painter.setPen(self._theme.color("text"))
        painter.drawText(row, Qt.AlignmentFlag.AlignVCenter, title)
        painter.setFont(usual)
        painter.setPen(self._theme.color("muted"))
        row = row.adjusted(QFontMetricsF(bold).horizontalAdvance(title) + GAP, 0, 0, 0)
        more = QFontMetricsF(usual).elidedText(more, Qt.TextElideMode.ElideRight, row.width())
        painter.drawText(row, Qt.AlignmentFlag.AlignVCenter, more)

    def _paint_bands(self, painter: QPainter, area: QRectF) -> None:
        below = area.bottom()
        for edge, color in self._theme.bands():
            share = 1.0 if math.isinf(edge) else math.log10(edge) / MOST_LAG
            above = area.bottom() - share * area.height()
            painter.fillRect(QRectF(area.left(), above, area.width(), below - above), color)
            below = above

    def _paint_grid(
        self, painter: QPainter, area: QRectF, marks: list[tuple[float, str]], time: list[tuple[float, str]]
    ) -> None:
        faint = QColor(self._theme.color("line"))
        faint.setAlphaF(0.6)
        grid = QPen(faint, 0)
        height = QFontMetricsF(painter.font()).height()
        free = math.inf  # words stand below this: in a low graph they would run into each other
        for share, text in marks:
            y = area.bottom() - share * area.height()
            painter.setPen(grid)
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            if y + height / 2 <= free:
                painter.setPen(self._theme.color("muted"))
                box = QRectF(0, y - height / 2, area.left() - GAP, height)
                painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
                free = y - height / 2
        painter.setPen(grid)
        for mark, _ in time:
            x = area.left() + mark / self._span_s * area.width()
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))

    # ---------------------------------------------------------------- the lines

    def _pen(self, which: int) -> QPen:
        pen = QPen(self._theme.runner_color(self._sides[which].run.settings.runner), 0)
        if which and self._sides[0].run.settings.runner == self._sides[1].run.settings.runner:
            pen.setDashPattern(DASHES)
        return pen

    def _draw(self, painter: QPainter, area: QRectF, curve: Curve, which: int) -> None:
        if not len(curve.x):
            return
        line = Polyline()
        line.put(area.left() + curve.x * area.width(), area.bottom() - curve.y * area.height())
        painter.setPen(self._pen(which))
        painter.drawPolyline(line.polygon)

    def _letter_on(self, painter: QPainter, area: QRectF, curve: Curve, which: int) -> None:
        """Name a line: A at a third of its length, B at two thirds."""
        if len(curve.x):
            at = int(np.searchsorted(curve.x, curve.x[-1] * (which + 1) / 3))
            x = area.left() + float(curve.x[at]) * area.width()
            self._badge(painter, QPointF(x, area.bottom() - float(curve.y[at]) * area.height()), which)

    def _badge(self, painter: QPainter, middle: QPointF, which: int) -> None:
        color = self._theme.runner_color(self._sides[which].run.settings.runner)
        font = QFont(self._theme.numbers_font(0.72))
        font.setBold(True)
        side = math.ceil(QFontMetricsF(font).height())
        box = QRectF(round(middle.x() - side / 2), round(middle.y() - side / 2), side, side)
        painter.save()
        painter.fillRect(box, color)
        painter.setFont(font)
        painter.setPen(Qt.GlobalColor.black if color.lightnessF() > 0.45 else Qt.GlobalColor.white)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, PINS[which])
        painter.restore()


PICTURE = QSize(960, 600)
"""A picture for others is at least as large as this, in pixels."""


class OverlayGraph(QWidget):
    """Throughput and lag of runs A and B, aligned at their starts, in their runners' colours.

    B is dashed where both had the same runner, and so the same colour.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._overlay: Overlay | None = None
        self.setMinimumSize(160, 80)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName("Throughput and lag of runs A and B")
        add_picture_menu(self, self.image, "runs-a-and-b")
        theme.changed.connect(self.restyle)

    def show_runs(self, a: Side, b: Side, names: tuple[str, str]) -> None:
        """Show two runs that have ended, which people know by `names`."""
        self._overlay = Overlay(self._theme, (a, b), names)
        self.setAccessibleDescription(f"A is {names[0]}, B is {names[1]}")
        self.update()

    def image(self) -> QImage:
        """Both graphs as they are now, in the window's size or larger."""
        return chart_image(self.size().expandedTo(PICTURE), self._paint)

    def _paint(self, painter: QPainter, whole: QRectF) -> None:
        if self._overlay is None:
            painter.fillRect(whole, self._theme.color("panel"))
        else:
            self._overlay.paint(painter, whole)

    @Slot()
    def restyle(self) -> None:
        """Take up the theme's colours and text size."""
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint both graphs, and a frame where the keyboard is here."""
        paint_chart(self, self._theme, self._paint)


PINS = ("A", "B")
"""What the two runs are called that lie over each other."""
