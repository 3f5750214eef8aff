"""What every chart that paints itself has in common: its picture, and its frame for the keyboard. In the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter, QPen

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QSize
    from PySide6.QtWidgets import QWidget

    from gui.theme.theme import Theme

    Paint = Callable[[QPainter, QRectF], None]


def chart_image(size: QSize, paint: Paint) -> QImage:
    """A picture of `size` pixels; `paint` paints all of it."""
    picture = QImage(size, QImage.Format.Format_RGB32)
    painter = QPainter(picture)
    paint(painter, QRectF(picture.rect()))
    painter.end()
    return picture


def paint_chart(chart: QWidget, theme: Theme, paint: Paint) -> None:
    """Paint a chart, which calls this in its paintEvent, with a frame where the keyboard is there."""
    painter = QPainter(chart)
    paint(painter, QRectF(chart.rect()))
    if chart.hasFocus():
        painter.setPen(QPen(theme.color("accent"), 0))
        painter.drawRect(chart.rect().adjusted(0, 0, -1, -1))
    painter.end()
