"""Where the witness stands: beside the main window where there is room. Plain arithmetic with rectangles."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize

GAP = 8
"""Pixels between two windows, and to the edge of the screen."""

STRIP = 56
"""Pixels at the main window's lower edge that stay free where it has to be covered: its verdict stands there."""


def place_beside(main: QRect, screen: QRect, size: QSize) -> QPoint:
    """The upper left corner for a window of `size` (with its frame) that is not to cover `main`.

    Right of it, left of it, above or below, level with its upper right corner; and where none of these is free, inside
    its lower right corner.
    """
    room = screen.adjusted(GAP, GAP, -GAP, -GAP)
    wide, high = size.width(), size.height()
    right, bottom = main.x() + main.width(), main.y() + main.height()
    tries = (
        QPoint(right + GAP, main.y()),
        QPoint(main.x() - GAP - wide, main.y()),
        QPoint(right - wide, main.y() - GAP - high),
        QPoint(right - wide, bottom + GAP),
    )
    for corner in tries:
        place = QRect(_inside(corner, room, size), size)
        if room.contains(place) and not main.intersects(place):
            return place.topLeft()
    return _inside(QPoint(right - wide - GAP, bottom - high - STRIP), room, size)


def _inside(corner: QPoint, room: QRect, size: QSize) -> QPoint:
    """The nearest corner from which the whole window is on the screen."""
    most_x, most_y = room.x() + room.width() - size.width(), room.y() + room.height() - size.height()
    return QPoint(max(room.x(), min(corner.x(), most_x)), max(room.y(), min(corner.y(), most_y)))
