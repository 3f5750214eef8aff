"""Curves of a benchmark: speed-up and lag over the number of workers, a line for each runner. In the GUI thread."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPen
from PySide6.QtWidgets import QWidget

from gui.charts.chart import add_picture_menu, chart_image, paint_chart
from gui.charts.scales import LAG_TICKS, LEAST_LAG_MS, MOST_LAG, fitting_top, speed_up_marks
from workers.benchmark.findings import times
from workers.engine.plan import BLOCKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from PySide6.QtGui import QPaintEvent

    from gui.theme.theme import Theme
    from workers.benchmark.results import Result, Spread

PICTURE = QSize(960, 420)
GAP = 8
SMALL = 0.88  # of ordinary text
LOWEST = 24
"""A graph of fewer pixels shows nothing."""

SHIFT = 3.0
"""So many pixels apart stand the points of two runners: else the whiskers of equal ones would hide each other."""


class Line(NamedTuple):
    """A runner's cells of one workload, by the number of workers."""

    runner: str
    title: str
    results: tuple[Result, ...]


class BenchmarkCurves(QWidget):
    """Two graphs beside each other. The GUI thread does one task at a time: it is a level line."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._lines: list[Line] = []
        self._base: Result | None = None
        self._cores = 0
        self.setMinimumSize(240, 120)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName("Speed-up and lag over the number of workers")
        add_picture_menu(self, self.image, "benchmark-curves")
        theme.changed.connect(self.restyle)

    def show_results(self, results: Sequence[Result], titles: Mapping[str, str], cores: int) -> None:
        """Show the cells of one workload; `cores` is how many processors the program may use."""
        by_runner: dict[str, list[Result]] = {}
        self._base, self._cores = None, cores
        for result in results:
            if result.speed_up is None:
                continue
            if result.cell.runner == BLOCKING:
                self._base = result
            else:
                by_runner.setdefault(result.cell.runner, []).append(result)
        self._lines = [
            Line(runner, titles[runner], tuple(sorted(own, key=lambda result: result.cell.workers)))
            for runner, own in by_runner.items()
        ]
        self.setAccessibleDescription(". ".join(map(_told, self._lines)))
        self.update()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to be seen."""
        return not self._lines

    def image(self) -> QImage:
        """Both graphs as they are now, in the window's size or larger."""
        return chart_image(self.size().expandedTo(PICTURE), self._paint)

    @Slot()
    def restyle(self) -> None:
        """Take up the theme's colours and text size."""
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint both graphs, and a frame where the keyboard is here."""
        paint_chart(self, self._theme, self._paint)

    # ---------------------------------------------------------------- painting

    def _paint(self, painter: QPainter, whole: QRectF) -> None:
        theme = self._theme
        painter.fillRect(whole, theme.color("panel"))
        if not self._lines:
            return
        painter.setFont(theme.numbers_font(SMALL))
        metrics = QFontMetricsF(painter.font())
        line = math.ceil(metrics.height())
        top = self._paint_legend(painter, QRectF(GAP, GAP / 2, whole.width() - 2 * GAP, line))
        counts = sorted({result.cell.workers for own in self._lines for result in own.results})
        has_lag = any(result.lag_p99_ms is not None for own in self._lines for result in own.results)
        left = math.ceil(max(metrics.horizontalAdvance(text) for text in ("100 ms", "100×"))) + 2 * GAP
        shares = 2 if has_lag else 1
        width = whole.width() / shares - left - 1.5 * GAP
        height = whole.height() - top - line - 2 * line - GAP
        if height < LOWEST or width < LOWEST:
            return
        speed = QRectF(left, top + line + 4, width, height)
        peak = max([1.0, *(one.high for own in self._lines for _, one in _points(own, "speed_up"))])
        end = fitting_top(peak, 0.0)
        self._paint_graph(painter, speed, "Speed-up over the GUI thread", speed_up_marks(end), counts)
        base = self._base.speed_up.median if self._base is not None and self._base.speed_up is not None else None
        if base is not None:
            self._paint_level(painter, speed, base / end)
        self._paint_lines(painter, speed, counts, "speed_up", lambda value: value / end)
        if has_lag:
            lag = speed.translated(whole.width() / 2, 0)
            self._paint_bands(painter, lag)
            marks = [(mark / MOST_LAG, text) for mark, text in LAG_TICKS]
            self._paint_graph(painter, lag, "Lag p99 of the window", marks, counts)
            level = self._base.lag_p99_ms if self._base is not None else None
            if level is not None:
                self._paint_level(painter, lag, _lag_share(level.median))
            self._paint_lines(painter, lag, counts, "lag_p99_ms", _lag_share)

    def _paint_legend(self, painter: QPainter, row: QRectF) -> float:
        """Whose lines these are, in as many rows as they need; returns where it ends."""
        metrics, theme = QFontMetricsF(painter.font()), self._theme
        x, y = row.left(), row.top()
        names = [(line.runner, line.title) for line in self._lines]
        if self._base is not None:
            names.append((BLOCKING, "GUI thread"))
        for runner, title in names:
            marker = theme.runner_marker(runner)
            wide = metrics.horizontalAdvance(f"{marker} {title}") + 2 * GAP
            if x > row.left() and x + wide > row.right():
                x, y = row.left(), y + row.height() + 2
            painter.setPen(theme.runner_color(runner))
            painter.drawText(QRectF(x, y, wide, row.height()), Qt.AlignmentFlag.AlignVCenter, marker)
            painter.setPen(theme.color("text"))
            shift = metrics.horizontalAdvance(f"{marker} ")
            painter.drawText(QRectF(x + shift, y, wide, row.height()), Qt.AlignmentFlag.AlignVCenter, title)
            x += wide
        return y + row.height() + 2

    def _paint_graph(
        self, painter: QPainter, area: QRectF, title: str, marks: list[tuple[float, str]], counts: list[int]
    ) -> None:
        """Title, grid and axes."""
        theme, metrics = self._theme, QFontMetricsF(painter.font())
        line = metrics.height()
        usual, bold = painter.font(), QFont(painter.font())
        bold.setWeight(QFont.Weight.DemiBold)
        painter.setFont(bold)
        painter.setPen(theme.color("text"))
        painter.drawText(
            QRectF(area.left(), area.top() - line - 3, area.width(), line), Qt.AlignmentFlag.AlignVCenter, title
        )
        painter.setFont(usual)
        faint = QColor(theme.color("line"))
        faint.setAlphaF(0.6)
        free = math.inf
        for share, text in marks:
            y = area.bottom() - share * area.height()
            painter.setPen(QPen(faint, 0))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            if y + line / 2 <= free:
                painter.setPen(theme.color("muted"))
                box = QRectF(area.left() - 100, y - line / 2, 100 - GAP, line)
                painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
                free = y - line / 2
        painter.setPen(theme.color("muted"))
        for workers in counts:
            x = _x(area, counts, workers)
            box = QRectF(x - 40, area.bottom() + 3, 80, line)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, f"{workers:,}")
        below = QRectF(area.left(), area.bottom() + 3 + line, area.width(), line)
        cores = f"workers, on {self._cores:,} core{'s' if self._cores != 1 else ''}"
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, cores)

    def _paint_bands(self, painter: QPainter, area: QRectF) -> None:
        below = area.bottom()
        for edge, color in self._theme.bands():
            share = 1.0 if math.isinf(edge) else math.log10(edge) / MOST_LAG
            above = area.bottom() - share * area.height()
            painter.fillRect(QRectF(area.left(), above, area.width(), below - above), color)
            below = above

    def _paint_level(self, painter: QPainter, area: QRectF, share: float) -> None:
        y = area.bottom() - share * area.height()
        pen = QPen(self._theme.runner_color(BLOCKING), 0)
        pen.setDashPattern((5.0, 3.0))
        painter.setPen(pen)
        painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))

    def _paint_lines(
        self, painter: QPainter, area: QRectF, counts: list[int], figure: str, share: Callable[[float], float]
    ) -> None:
        size = QFontMetricsF(painter.font()).height()
        for number, line in enumerate(self._lines):
            shift = SHIFT * (number - (len(self._lines) - 1) / 2)
            color = self._theme.runner_color(line.runner)
            painter.setPen(QPen(color, 0))
            before: QPointF | None = None
            for result, one in _points(line, figure):
                x = _x(area, counts, result.cell.workers) + shift
                low, middle, high = (area.bottom() - share(value) * area.height() for value in one)
                here = QPointF(x, middle)
                if before is not None:
                    painter.drawLine(before, here)
                if result.runs > 1:
                    painter.drawLine(QPointF(x, low), QPointF(x, high))
                marker = self._theme.runner_marker(line.runner)
                box = QRectF(x - size, middle - size, 2 * size, 2 * size)
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, marker)
                before = here


def _points(line: Line, figure: str) -> list[tuple[Result, Spread]]:
    found = ((result, getattr(result, figure)) for result in line.results)
    return [(result, one) for result, one in found if one is not None]


def _x(area: QRectF, counts: list[int], workers: int) -> float:
    return area.left() + area.width() * (counts.index(workers) + 0.5) / len(counts)


def _lag_share(value: float) -> float:
    return min(1.0, math.log10(max(value, LEAST_LAG_MS)) / MOST_LAG)


def _told(line: Line) -> str:
    speeds = (f"{times(one.median)} with {result.cell.workers:,}" for result, one in _points(line, "speed_up"))
    return f"{line.title}: {', '.join(speeds)}"
