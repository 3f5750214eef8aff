"""Paints what stands still in the live graphs: bands, grid, marks, titles. In the GUI thread, and seldom."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter, QPen

from gui.charts.scales import LAG_TICKS, MAX_LAG, WAIT_BANDS, WAIT_TICKS
from workers.reports.scales import LAG_MS, WAIT_MS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gui.live.geometry import Geometry
    from gui.theme.theme import Theme

    Ticks = Sequence[tuple[float, str]]

HATCHED = "a call into C holds the GIL"
SMALL = 0.88  # of ordinary text
GAP = 8
MARK = 4
"""How long the marks on an axis are, in pixels."""

WORDS_SHARE = 0.18
"""Of the width: the names of bands go without their limits where they would take more."""


class Band(NamedTuple):
    """A stretch of an axis: where it ends, as a share of it, its ground, and its name's colour and text."""

    top: float
    ground: QColor
    color: QColor
    text: str


class StillParts:
    """Fonts, and what is painted with them.

    Attributes:
        line: how high a line of small text is, in pixels.
        title_height: of a title above its graph, likewise.
        foot: of what lies below a graph: the lower half of its last mark's text.
    """

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self._font, self._title_font = theme.numbers_font(SMALL), theme.numbers_font()
        self._title_font.setWeight(QFont.Weight.DemiBold)
        self._metrics, self._title_metrics = QFontMetricsF(self._font), QFontMetricsF(self._title_font)
        self.line = math.ceil(self._metrics.height())
        self.title_height = math.ceil(self._title_metrics.height()) + 6
        self.foot = self.line // 2 + 3

    def width(self, text: str) -> float:
        return self._metrics.horizontalAdvance(text)

    def title_width(self, title: str, more: str) -> float:
        return self._title_metrics.horizontalAdvance(title) + GAP + self.width(more)

    # ---------------------------------------------------------------- bands

    def bands(self, width: int) -> dict[str, list[Band]]:
        """The bands of lag and those of waits for the GIL, in a view so many pixels wide, from the bottom up."""
        theme, pales = self._theme, self._theme.bands()
        words = [theme.lag_word(edge) for edge, _ in pales]
        grounds = dict(zip(words, (pale for _, pale in pales), strict=True))
        lag = zip(words, words, [edge for edge, _ in pales], strict=True)
        waits = ((name, word, edge) for edge, name, word in WAIT_BANDS)
        found = {}
        for graph, scale, bands in (("lag", LAG_MS, list(lag)), ("gil", WAIT_MS, list(waits))):
            names = [name for name, *_ in bands]
            texts = with_limits(names, [edge for *_, edge in bands])
            if max(map(self.width, texts)) > WORDS_SHARE * width:
                texts = names
            found[graph] = [
                Band(scale.share(edge), grounds[word], theme.color(word), text)
                for (_, word, edge), text in zip(bands, texts, strict=True)
            ]
        return found

    def paint_bands(self, painter: QPainter, at: Geometry, name: str, bands: Sequence[Band]) -> None:
        top, bottom = at.spots[name]
        height = MAX_LAG * (at.per_ten if name == "lag" else at.per_ten_wait)
        painter.setFont(self._font)
        below, middles = bottom + 1.0, []
        for band in bands:
            above = top if band.top == 1.0 else bottom - band.top * height
            painter.fillRect(QRectF(at.left, above, at.right - at.left + 1, below - above), band.ground)
            middles.append((above + below) / 2)
            below = above
        for middle, band in zip(spread(middles, self.line, top, bottom), bands, strict=True):
            painter.setPen(band.color)
            box = QRectF(at.right + 1 + GAP, middle - self.line / 2, 1000, self.line)
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, band.text)

    # ---------------------------------------------------------------- axes

    def paint_values(self, painter: QPainter, at: Geometry, name: str, rates: Ticks) -> None:
        """The marks of a graph's own axis, and a faint line for each."""
        bottom = at.spots[name][1]
        ticks, per_unit = {
            "throughput": (rates, at.per_rate),
            "lag": (LAG_TICKS, at.per_ten),
            "gil": (WAIT_TICKS, at.per_ten_wait),
        }[name]
        painter.setFont(self._font)
        for value, text in fitting(ticks, per_unit, self.line):
            y = bottom - value * per_unit
            painter.setPen(QPen(self._theme.color("line", 0.6), 0))
            painter.drawLine(QPointF(at.left, y), QPointF(at.right, y))
            painter.setPen(self._theme.color("muted"))
            box = QRectF(0, y - self.line / 2, at.left - GAP + 2, self.line)
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)

    def paint_times(self, painter: QPainter, at: Geometry, marks: Ticks) -> None:
        """A faint line for each mark of time in each graph, a small mark below it, and the texts below the last."""
        faint, strong = QPen(self._theme.color("line", 0.6), 0), QPen(self._theme.color("muted"), 0)
        for top, bottom in at.areas:
            for seconds, _ in marks:
                x = round(at.right + seconds * at.per_s)
                painter.setPen(faint)
                painter.drawLine(QPointF(x, top), QPointF(x, bottom))
                painter.setPen(strong)
                painter.drawLine(QPointF(x, bottom + 1), QPointF(x, bottom + MARK))
            painter.drawLine(QPointF(at.left, bottom + 1), QPointF(at.right, bottom + 1))
        painter.setFont(self._font)
        free = 0.0
        for seconds, text in marks:
            width = self.width(text)
            place = max(0.0, at.right + seconds * at.per_s - width / 2)
            if place >= free:
                box = QRectF(place, at.bottom + self.foot, width + 2, self.line)
                painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, text)
                free = place + width + GAP

    # ---------------------------------------------------------------- titles

    def paint_title(self, painter: QPainter, top: int, right: int, name: str, title: str, more: str) -> None:
        """A title, what it means where there is room for that, and of the waits' graph what its hatching means."""
        line = QRectF(GAP, top - self.title_height, right, self.title_height)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(self._title_font)
        painter.setPen(self._theme.color("text"))
        painter.drawText(line, middle, title)
        line.adjust(self._title_metrics.horizontalAdvance(title) + GAP, 0, 0, 0)
        painter.setFont(self._font)
        painter.setPen(self._theme.color("muted"))
        legend = self.line + GAP / 2 + self.width(HATCHED) if name == "gil" else 0.0
        if line.left() + self.width(more) + (2 * GAP + legend if legend else 0.0) <= right - GAP / 2:
            painter.drawText(line, middle, more)
            line.adjust(self.width(more) + 2 * GAP, 0, 0, 0)
        if legend and line.left() + legend <= right:
            box = QRectF(line.left(), line.center().y() - self.line / 2 + 2, self.line, self.line - 4)
            painter.fillRect(box, QBrush(self._theme.color("muted"), Qt.BrushStyle.BDiagPattern))
            painter.drawRect(box)
            line.setLeft(box.right() + GAP / 2)
            painter.drawText(line, middle, HATCHED)

    def paint_empty(self, painter: QPainter, at: Geometry, text: str) -> None:
        top, bottom = at.spots["throughput"]
        painter.setFont(self._theme.numbers_font())
        painter.setPen(self._theme.color("muted"))
        box = QRectF(at.left, top, at.right - at.left, bottom - top)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, text)


def fitting(ticks: Ticks, per_unit: float, least: float) -> Ticks:
    """All marks, or as many as have `least` pixels each, the first and the last among them."""
    steps = len(ticks) - 1
    if steps < 1:
        return ticks
    spacing = (ticks[1][0] - ticks[0][0]) * per_unit
    return ticks[:: next((n for n in range(1, steps) if steps % n == 0 and n * spacing >= least), steps)]


def with_limits(names: Sequence[str], edges: Sequence[float]) -> list[str]:
    """Each band's name with where it ends, the last with where it begins: "slow to 700 ms", "frozen over 700 ms"."""
    limits = [f"{edge:g} ms" for edge in edges[:-1]]
    below = [f"{name} to {limit}" for name, limit in zip(names, limits, strict=False)]
    return [*below, f"{names[-1]} over {limits[-1]}"]


def spread(middles: Sequence[float], height: float, top: float, bottom: float) -> list[float]:
    """The middles of texts, from the bottom up, moved to lie between `top` and `bottom` and not on each other."""
    found = list(middles)
    below = bottom + height / 2
    for place, middle in enumerate(found):
        below = found[place] = min(middle, below - height)
    above = top - height / 2
    for place in reversed(range(len(found))):
        above = found[place] = max(found[place], above + height)
    return found
