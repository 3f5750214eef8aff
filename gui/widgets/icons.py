"""Icons as lines, which are drawn in the colour and the size that the screen wants."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPen, QPixmap, QPolygonF

if TYPE_CHECKING:
    from PySide6.QtGui import QColor

Strokes = tuple[tuple[tuple[float, float], ...], ...]
"""Lines of an icon, each through points on a square of `ICON`."""

ICON = 20.0

LIVE: Strokes = (((1, 11), (5, 11), (8, 3), (12, 17), (15, 9), (16, 11), (19, 11)),)
CODE: Strokes = (((7, 4), (2, 10), (7, 16)), ((13, 4), (18, 10), (13, 16)))
DOWNLOAD: Strokes = (((10, 2), (10, 13)), ((5, 8), (10, 13), (15, 8)), ((2, 14), (2, 18), (18, 18), (18, 14)))
BARS: Strokes = (((2, 18), (18, 18)), ((5, 15), (5, 11)), ((10, 15), (10, 3)), ((15, 15), (15, 8)))
LIST: Strokes = (*(((2, y), (2.5, y)) for y in (4, 10, 16)), *(((7, y), (18, y)) for y in (4, 10, 16)))
LESSON: Strokes = (
    ((10, 5), (7, 3), (2, 3), (2, 15), (7, 15), (10, 17), (13, 15), (18, 15), (18, 3), (13, 3), (10, 5)),
    ((10, 5), (10, 17)),
)
FLASK: Strokes = (
    ((8, 2), (8, 8), (3, 17), (17, 17), (12, 8), (12, 2)),
    ((6, 2), (14, 2)),
    ((5.5, 12.5), (14.5, 12.5)),
)
STEPS: Strokes = (((2, 17), (7, 17), (7, 12), (12, 12), (12, 7), (17, 7), (17, 3)),)
EYE: Strokes = (
    ((1, 10), (5, 5.5), (10, 4), (15, 5.5), (19, 10), (15, 14.5), (10, 16), (5, 14.5), (1, 10)),
    ((10, 7), (12.5, 8.2), (13, 10), (12, 12.4), (10, 13), (8, 12.4), (7, 10), (7.5, 8.2), (10, 7)),
)
NARROW: Strokes = (((10, 4), (4, 10), (10, 16)), ((16, 4), (10, 10), (16, 16)))
WIDEN: Strokes = tuple(tuple((ICON - x, y) for x, y in line) for line in NARROW)
COPY: Strokes = (
    ((7, 7), (17, 7), (17, 17), (7, 17), (7, 7)),
    ((13, 7), (13, 3), (3, 3), (3, 13), (7, 13)),
)
PANEL: Strokes = (
    ((2, 3), (18, 3), (18, 17), (2, 17), (2, 3)),
    ((8, 3), (8, 17)),
    ((4, 7), (6, 7)),
    ((4, 11), (6, 11)),
)


def line_icon(strokes: Strokes, color: QColor, size: int, ratio: float = 1.0) -> QIcon:
    """The lines in a colour, `size` pixels high, of which the screen makes `ratio` each."""
    picture = QPixmap(QSize(size, size) * ratio)
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    with QPainter(picture) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(size / ICON, size / ICON)
        painter.setPen(QPen(color, 1.6))
        for line in strokes:
            painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in line]))
    return QIcon(picture)
