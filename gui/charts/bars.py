"""Bars of throughput and of lag for each runner, over all runs of one workload. In the GUI thread."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPen
from PySide6.QtWidgets import QWidget

from gui.charts.chart import add_picture_menu, chart_image, paint_chart
from gui.charts.scales import LAG_TICKS, LEAST_LAG_MS, MOST_LAG, fitting_top, rate_ticks
from workers.utils import formatting

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QPaintEvent

    from gui.theme.theme import Theme

PICTURE = QSize(960, 0)
GAP = 8
SMALL = 0.88  # of ordinary text
THICKEST = 36
NOT_MEASURED = "not measured"


class Scale(NamedTuple):
    """An axis.

    Attributes:
        title: what stands above it.
        marks: where its marks lie, from 0 to 1, with their words.
        share: where a value lies, likewise.
        said: a value in words.
    """

    title: str
    marks: list[tuple[float, str]]
    share: Callable[[float], float]
    said: Callable[[float], str]


class RunnerBars(QWidget):
    """Paints a row for each runner: its name, its throughput, its lag. It is as high as its rows need."""

    NAME = "Throughput and lag by runner"
    PICTURE_NAME = "runners"

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._bars: Sequence[Bar] = ()
        self._unit = ""
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(self.NAME)
        add_picture_menu(self, self.image, self.PICTURE_NAME)
        theme.changed.connect(self.restyle)

    def show_bars(self, bars: Sequence[Bar], unit: str) -> None:
        """Show these, whose amounts are in `unit`."""
        self._bars, self._unit = bars, unit
        self.setAccessibleDescription(". ".join(map(self._told, bars)))
        self.restyle()

    def image(self) -> QImage:
        """The bars as they are now, in the window's size or larger."""
        size = self.size().expandedTo(PICTURE).expandedTo(QSize(0, self.minimumHeight()))
        return chart_image(size, self._paint)

    @Slot()
    def restyle(self) -> None:
        """Take up the theme's colours and text size."""
        line = self._line()
        self.setMinimumHeight(2 * line + 3 * GAP + len(self._bars) * (line + GAP))
        self.update()

    def _line(self) -> int:
        return math.ceil(QFontMetricsF(self._theme.numbers_font(SMALL)).height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint all rows, and a frame where the keyboard is here."""
        paint_chart(self, self._theme, self._paint)

    def _paint(self, painter: QPainter, whole: QRectF) -> None:
        theme, line = self._theme, self._line()
        painter.fillRect(whole, theme.color("panel"))
        if not self._bars:
            return
        font = theme.numbers_font(SMALL)
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        top = whole.top() + GAP / 2 + line + GAP / 2
        row = min(6 * line, (whole.bottom() - line - GAP - top) / len(self._bars))
        foot = top + row * len(self._bars)
        texts = (text for bar in self._bars for text in (f"▲ {bar.title}", self._note(bar)))
        names = max(map(metrics.horizontalAdvance, texts))
        names = min(names + 2 * GAP, whole.width() * 0.32)
        width = (whole.width() - names - 3 * GAP) / 2
        rate = QRectF(whole.left() + names + GAP, top, width, foot - top)
        lag = rate.translated(width + GAP, 0)
        self._paint_names(painter, QRectF(GAP, top, names - GAP, row), line)
        scale = self._rate_scale()
        rates = [bar.rate for bar in self._bars]
        self._paint_chart(painter, rate, scale.title, scale.marks, scale.share, rates, scale.said)
        self._paint_chart(
            painter,
            lag,
            "Lag p99",
            [(mark / MOST_LAG, text) for mark, text in LAG_TICKS],
            lambda value: min(1.0, math.log10(max(value, LEAST_LAG_MS)) / MOST_LAG),
            [bar.lag for bar in self._bars],
            formatting.milliseconds,
        )

    def _rate_scale(self) -> Scale:
        """The axis on the left."""
        divisor = 1e6 if self._unit == "bytes" else 1.0
        end = fitting_top(max(bar.rate.high for bar in self._bars) / divisor, 0.0)
        name = "MB/s" if self._unit == "bytes" else f"{self._unit}/s"
        marks = [(mark / end, text) for mark, text in rate_ticks(end)]
        said = partial(formatting.short_rate, unit=self._unit)
        return Scale(f"Throughput, {name}", marks, lambda value: value / divisor / end, said)

    def _told(self, bar: Bar) -> str:
        lag = formatting.milliseconds(bar.lag.median) if bar.lag else NOT_MEASURED
        return f"{bar.title}: {formatting.rate(bar.rate.median, self._unit)}, lag p99 {lag}"

    def _note(self, bar: Bar) -> str:
        """What stands below a runner's name."""
        return f"{bar.runs:,} run{'' if bar.runs == 1 else 's'}"

    def _only_title(self, bar: Bar) -> str:
        """A runner's name where there is no room for a note below it."""
        return bar.title if bar.runs == 1 else f"{bar.title} ×{bar.runs:,}"

    def _paint_names(self, painter: QPainter, first: QRectF, line: int) -> None:
        metrics = QFontMetricsF(painter.font())
        for at, bar in enumerate(self._bars):
            box = first.translated(0, at * first.height())
            marker = self._theme.runner_marker(bar.runner)
            shift = metrics.horizontalAdvance(marker) + GAP / 2
            two = box.height() >= 2 * line + 2
            upper = QRectF(box.left(), box.center().y() - (line if two else line / 2), box.width(), line)
            painter.setPen(self._theme.runner_color(bar.runner))
            painter.drawText(upper, Qt.AlignmentFlag.AlignVCenter, marker)
            painter.setPen(self._theme.color("text"))
            upper.adjust(shift, 0, 0, 0)
            title = bar.title if two else self._only_title(bar)
            title = metrics.elidedText(title, Qt.TextElideMode.ElideRight, upper.width())
            painter.drawText(upper, Qt.AlignmentFlag.AlignVCenter, title)
            if two:
                painter.setPen(self._theme.color("muted"))
                painter.drawText(upper.translated(0, line), Qt.AlignmentFlag.AlignVCenter, self._note(bar))

    def _paint_chart(
        self,
        painter: QPainter,
        area: QRectF,
        title: str,
        marks: list[tuple[float, str]],
        share: Callable[[float], float],
        spreads: Sequence[Spread | None],
        said: Callable[[float], str],
    ) -> None:
        """One of the two: its title, its axis, a bar and a whisker for each runner, and the medians in words."""
        theme, metrics, line = self._theme, QFontMetricsF(painter.font()), self._line()
        bold = QFont(painter.font())
        bold.setWeight(QFont.Weight.DemiBold)
        usual = painter.font()
        painter.setFont(bold)
        painter.setPen(theme.color("text"))
        painter.drawText(
            QRectF(area.left(), area.top() - line - GAP / 2, area.width(), line), Qt.AlignmentFlag.AlignVCenter, title
        )
        painter.setFont(usual)
        values = [said(spread.median) if spread else NOT_MEASURED for spread in spreads]
        room = max(1.0, area.width() - max(metrics.horizontalAdvance(text) for text in values) - GAP)
        faint = QColor(theme.color("line"))
        faint.setAlphaF(0.6)
        free = -math.inf
        for at, text in marks:
            x = area.left() + at * room
            painter.setPen(QPen(faint, 0))
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
            wide = metrics.horizontalAdvance(text)
            if x - wide / 2 >= free:
                painter.setPen(theme.color("muted"))
                box = QRectF(x - wide / 2 - 1, area.bottom() + 2, wide + 2, line)
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
                free = x + wide / 2 + GAP
        row = area.height() / len(spreads)
        thick = min(THICKEST, row * 0.55)
        for at, (bar, spread, value) in enumerate(zip(self._bars, spreads, values, strict=True)):
            middle = area.top() + (at + 0.5) * row
            end = area.left()
            if spread is not None:
                low, median, high = (area.left() + share(figure) * room for figure in spread)
                # A bar of nothing is still a bar: two pixels tell it from none.
                box = QRectF(area.left(), middle - thick / 2, max(2.0, median - area.left()), thick)
                painter.fillRect(box, theme.runner_color(bar.runner))
                end = max(box.right(), high)
                if bar.runs > 1:
                    painter.setPen(QPen(theme.color("text"), 0))
                    painter.drawLine(QPointF(low, middle), QPointF(high, middle))
                    for x in (low, high):
                        painter.drawLine(QPointF(x, middle - thick / 4), QPointF(x, middle + thick / 4))
            painter.setPen(theme.color("text" if spread else "muted"))
            place = QRectF(end + GAP / 2, middle - line / 2, area.right() - end, line)
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, value)


class Spread(NamedTuple):
    """A figure of some runs."""

    low: float
    median: float
    high: float


class Bar(NamedTuple):
    """A runner.

    Attributes:
        runner: its name, for its colour.
        title: what it is called.
        runs: how many there are of it.
        rate: amounts per second.
        lag: the p99 of the lag in ms; None where none of the runs had a window.
    """

    runner: str
    title: str
    runs: int
    rate: Spread
    lag: Spread | None
