"""The chart of "Your function": how fast each place is against how late the window was meanwhile. In the GUI thread."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, QSizeF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QHelpEvent, QImage, QPainter, QPen
from PySide6.QtWidgets import QToolTip, QWidget

from gui.charts.chart import add_picture_menu, chart_image, paint_chart
from gui.charts.labels import nearest, place_names
from gui.charts.scales import LAG_TICKS, LEAST_LAG_MS, MOST_LAG, fitting_top, rate_ticks
from workers.utils import formatting

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent

    from gui.theme.theme import Theme

PICTURE = QSize(960, 540)
GAP = 8
SMALL = 0.88  # of ordinary text
LOWEST = 40
"""A graph of fewer pixels shows nothing."""

LOG_OVER = 8.0
"""The axis of speed is one of logarithms where the fastest place is more than so many times as fast as the slowest."""

REACH = 12.0
"""So many pixels from a marker's middle the mouse still means it."""

LEAST_LAG_END = 2.0
"""The axis of lag goes to 100 ms at least, as a power of ten."""


class Mark(NamedTuple):
    """One place with its figures.

    Attributes:
        runner: its name, by which it has its colour and its marker.
        title: what people call it.
        short: the same where there is little room.
        per_s: its speed, in calls per second (or whatever the function counts).
        lag_ms: the p95 of the window's lag meanwhile, in ms.
    """

    runner: str
    title: str
    short: str
    per_s: float
    lag_ms: float


class OwnChart(QWidget):
    """A marker for each place, its name beside it. The one that is advised stands out, and the one that is chosen.

    Signals:
        picked: the name of the runner whose marker was clicked, or reached by the arrow keys.
    """

    picked = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._marks: tuple[Mark, ...] = ()
        self._best = self._chosen = ""
        self._unit = "calls"
        self.setMinimumSize(200, 140)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName("Speed of each place against the window's lag")
        add_picture_menu(self, self.image, "your-function")
        theme.changed.connect(self.restyle)

    def show_marks(self, marks: Sequence[Mark], best: str = "", unit: str = "calls") -> None:
        """Show these; `best` is the runner that is advised, `unit` what is counted."""
        self._marks, self._best, self._unit = tuple(marks), best, unit
        if self._chosen not in [mark.runner for mark in marks]:
            self._chosen = ""
        self.setAccessibleDescription(". ".join(map(self.told, marks)))
        self.update()

    def choose(self, runner: str) -> None:
        """Put a ring around one marker; without effect where it has none."""
        if runner != self._chosen:
            self._chosen = runner
            self.update()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to be seen."""
        return not self._marks

    def told(self, mark: Mark) -> str:
        """A place's figures in words: "QThread: 120 calls/s, lag p95 3.1 ms, smooth"."""
        lag = f"lag p95 {formatting.milliseconds(mark.lag_ms)}, {self._theme.lag_word(mark.lag_ms)}"
        return f"{mark.title}: {formatting.rate(mark.per_s, self._unit)}, {lag}"

    def image(self) -> QImage:
        """The chart as it is now, in the window's size or larger; a null picture where there is nothing to be seen."""
        return QImage() if self.is_empty else chart_image(self.size().expandedTo(PICTURE), self._paint)

    @Slot()
    def restyle(self) -> None:
        """Take up the theme's colours and text size."""
        self.update()

    # ---------------------------------------------------------------- what a person does

    def mark_at(self, place: QPointF) -> Mark | None:
        """The marker that lies at a place of the widget, the nearest one; None where there is none."""
        area = self._inner(self._area(QRectF(self.rect())))
        if area.width() < LOWEST or area.height() < LOWEST:
            return None
        scale = self._scale()
        near = []
        for mark in self._marks:
            away = self._spot(mark, area, scale) - place
            distance = math.hypot(away.x(), away.y())
            if distance <= REACH:
                near.append((distance, mark))
        return min(near)[1] if near else None

    def event(self, event: QEvent) -> bool:
        """Tell the figures of the marker that the mouse is on."""
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            mark = self.mark_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), self.told(mark) if mark is not None else "", self)
            return True
        return super().event(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """A hand over what can be clicked."""
        on = self.mark_at(event.position()) is not None
        self.setCursor(Qt.CursorShape.PointingHandCursor if on else Qt.CursorShape.ArrowCursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the marker below the mouse."""
        mark = self.mark_at(event.position())
        if mark is not None and event.button() == Qt.MouseButton.LeftButton:
            self._pick(mark)
        else:
            super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The arrow keys go from marker to marker, from the least lag to the most."""
        steps = {Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1}
        step = steps.get(Qt.Key(event.key()))
        if step is None or not self._marks:
            super().keyPressEvent(event)
            return
        order = sorted(self._marks, key=lambda mark: (mark.lag_ms, -mark.per_s))
        names = [mark.runner for mark in order]
        at = names.index(self._chosen) + step if self._chosen in names else 0
        self._pick(order[at % len(order)])

    def _pick(self, mark: Mark) -> None:
        self.choose(mark.runner)
        self.picked.emit(mark.runner)

    # ---------------------------------------------------------------- where things lie

    def _metrics(self) -> QFontMetricsF:
        return QFontMetricsF(self._theme.numbers_font(SMALL))

    def _area(self, whole: QRectF) -> QRectF:
        """The graph within its axes."""
        metrics = self._metrics()
        line = math.ceil(metrics.height())
        marks, _ = self._scale()
        left = math.ceil(max([metrics.horizontalAdvance("0"), *(metrics.horizontalAdvance(text) for _, text in marks)]))
        return whole.adjusted(left + 2 * GAP, line + 1.5 * GAP, -2 * GAP, -2 * line - GAP)

    def _scale(self) -> tuple[list[tuple[float, str]], Callable[[float], float]]:
        """The axis of speed: its marks from 0 to 1, and where a speed lies on it."""
        speeds = [mark.per_s for mark in self._marks if mark.per_s > 0]
        if not speeds:
            return [(0.0, "0")], lambda value: 0.0
        if max(speeds) <= LOG_OVER * min(speeds):
            end = fitting_top(max(speeds), 0.0)
            return [(at / end, text) for at, text in rate_ticks(end)], lambda value: value / end
        low, high = math.floor(math.log10(min(speeds))), math.ceil(math.log10(max(speeds) * 1.001))
        marks = [((power - low) / (high - low), formatting.count(10.0**power)) for power in range(low, high + 1)]
        return marks, lambda value: (math.log10(max(value, 10.0**low)) - low) / (high - low)

    def _inner(self, area: QRectF) -> QRectF:
        """Where the markers lie: below the words of the bands."""
        return area.adjusted(0, math.ceil(self._metrics().height()) + GAP, 0, 0)

    def _lag_end(self) -> float:
        """Where the axis of lag ends, as a power of ten."""
        worst = max((mark.lag_ms for mark in self._marks), default=LEAST_LAG_MS)
        return min(MOST_LAG, max(LEAST_LAG_END, math.ceil(math.log10(max(worst, LEAST_LAG_MS) * 1.3))))

    def _across(self, lag_ms: float) -> float:
        return min(1.0, math.log10(max(lag_ms, LEAST_LAG_MS)) / self._lag_end())

    def _spot(
        self, mark: Mark, area: QRectF, scale: tuple[list[tuple[float, str]], Callable[[float], float]]
    ) -> QPointF:
        return QPointF(
            area.left() + self._across(mark.lag_ms) * area.width(),
            area.bottom() - min(1.0, scale[1](mark.per_s)) * area.height(),
        )

    # ---------------------------------------------------------------- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the chart, and a frame where the keyboard is here."""
        paint_chart(self, self._theme, self._paint)

    def _paint(self, painter: QPainter, whole: QRectF) -> None:
        painter.fillRect(whole, self._theme.color("panel"))
        area = self._area(whole)
        if not self._marks or area.width() < LOWEST or area.height() < LOWEST:
            return
        painter.setFont(self._theme.numbers_font(SMALL))
        self._paint_bands(painter, area)
        self._paint_axes(painter, area)
        self._paint_marks(painter, area)

    def _paint_bands(self, painter: QPainter, area: QRectF) -> None:
        """The bands of lag from the left to the right, with their words where they fit."""
        metrics = QFontMetricsF(painter.font())
        left = area.left()
        for edge, color in self._theme.bands():
            right = area.right() if math.isinf(edge) else area.left() + self._across(edge) * area.width()
            band = QRectF(left, area.top(), right - left, area.height())
            if band.width() <= 0:
                break
            painter.fillRect(band, color)
            word = self._theme.lag_word(edge)
            if metrics.horizontalAdvance(word) + 6 <= band.width():
                painter.setPen(self._theme.color(word))
                painter.drawText(band.adjusted(0, 2, 0, 0), Qt.AlignmentFlag.AlignHCenter, word)
            left = right

    def _paint_axes(self, painter: QPainter, area: QRectF) -> None:
        theme, metrics = self._theme, QFontMetricsF(painter.font())
        line = metrics.height()
        usual, bold = painter.font(), QFont(painter.font())
        bold.setWeight(QFont.Weight.DemiBold)
        painter.setFont(bold)
        painter.setPen(theme.color("text"))
        above = QRectF(GAP, area.top() - line - GAP / 2, area.right() - GAP, line)
        painter.drawText(above, Qt.AlignmentFlag.AlignVCenter, f"Speed, {self._unit} per second")
        below = QRectF(area.left(), area.bottom() + line + 4, area.width(), line)
        title = "Lag of the window (p95)"
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, title)
        painter.setFont(usual)
        faint = QColor(theme.color("line"))
        faint.setAlphaF(0.6)
        free = math.inf
        inner = self._inner(area)
        for share, text in self._scale()[0]:
            y = inner.bottom() - share * inner.height()
            painter.setPen(QPen(faint, 0))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            if y + line / 2 <= free:
                painter.setPen(theme.color("muted"))
                box = QRectF(0, y - line / 2, area.left() - GAP / 2, line)
                painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
                free = y - line / 2
        painter.setPen(theme.color("muted"))
        for power, text in LAG_TICKS:
            if power <= self._lag_end():
                x = area.left() + power / self._lag_end() * area.width()
                wide = metrics.horizontalAdvance(text)
                left = min(max(x - wide / 2, area.left()), area.right() + 2 * GAP - wide - 3)
                painter.drawText(QRectF(left, area.bottom() + 2, wide + 2, line), Qt.AlignmentFlag.AlignCenter, text)

    def _paint_marks(self, painter: QPainter, area: QRectF) -> None:
        theme, scale = self._theme, self._scale()
        usual, bold = painter.font(), QFont(painter.font())
        bold.setWeight(QFont.Weight.Bold)
        line = QFontMetricsF(usual).height()
        # Whoever is advised or chosen has the first choice of a place for the name.
        first = {self._best: 0, self._chosen: 1}
        marks = sorted(self._marks, key=lambda mark: first.get(mark.runner, 2))
        spots = [self._spot(mark, self._inner(area), scale) for mark in marks]
        fonts = [bold if mark.runner in (self._best, self._chosen) else usual for mark in marks]
        room = area.adjusted(2, line + 2, 2 * GAP - 2, -2)
        for names in ([mark.title for mark in marks], [mark.short for mark in marks]):
            sizes = [
                QSizeF(QFontMetricsF(font).horizontalAdvance(name) + 4, line)
                for name, font in zip(names, fonts, strict=True)
            ]
            places = place_names(spots, sizes, room, line * 0.75)
            if None not in places:
                break
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for spot, place in zip(spots, places, strict=True):
            if place is not None:
                end = nearest(place, spot)
                if math.hypot(end.x() - spot.x(), end.y() - spot.y()) > line:
                    painter.setPen(QPen(theme.color("muted"), 0))
                    painter.drawLine(spot, end)
        for mark, spot, place, name, font in reversed(list(zip(marks, spots, places, names, fonts, strict=True))):
            self._paint_marker(painter, mark, spot, line)
            if place is not None:
                painter.setFont(font)
                painter.setPen(theme.color("text"))
                painter.drawText(place, Qt.AlignmentFlag.AlignCenter, name)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _paint_marker(self, painter: QPainter, mark: Mark, spot: QPointF, line: float) -> None:
        theme = self._theme
        if mark.runner in (self._best, self._chosen):
            chosen = mark.runner == self._chosen
            painter.setPen(QPen(theme.color("accent" if chosen else "good"), 2.0 if chosen else 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(spot, line * 0.68, line * 0.68)
        font = theme.numbers_font(1.15)
        painter.setFont(font)
        painter.setPen(theme.runner_color(mark.runner))
        box = QRectF(spot.x() - line, spot.y() - line, 2 * line, 2 * line)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, theme.runner_marker(mark.runner))
