"""Which runner has which colour, for a picture of the graphs: nobody can ask it with the mouse. In the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF
from PySide6.QtGui import QFontMetricsF, QPainter

if TYPE_CHECKING:
    from gui.run_strip import RunStrip
    from gui.theme.theme import Theme

GAP = 16


def paint_legend(painter: QPainter, theme: Theme, strips: list[RunStrip], right: float, middle: float) -> None:
    """Paint each runner's marker and title once, in the order of their first runs.

    Args:
        painter: of the picture.
        theme: its colours and fonts.
        strips: the runs in sight.
        right: where the legend ends, in pixels.
        middle: the middle of its line, in pixels.
    """
    font = theme.numbers_font(0.88)
    metrics = QFontMetricsF(font)
    painter.setFont(font)
    y = middle + (metrics.ascent() - metrics.descent()) / 2
    for runner, title in reversed({strip.run.settings.runner: strip.title for strip in strips}.items()):
        right -= metrics.horizontalAdvance(title)
        painter.setPen(theme.color("text"))
        painter.drawText(QPointF(right, y), title)
        marker = f"{theme.runner_marker(runner)} "
        right -= metrics.horizontalAdvance(marker)
        painter.setPen(theme.runner_color(runner))
        painter.drawText(QPointF(right, y), marker)
        right -= GAP
