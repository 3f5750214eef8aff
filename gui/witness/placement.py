"""Where the witness stands: beside the window where there is room, else where it hides least of what is read there.

In the witness's GUI thread.
"""

from __future__ import annotations

import itertools
import operator
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtGui import QGuiApplication

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

GAP = 8
"""Pixels between two windows, and to the edge of the screen."""

READ_WEIGHT = 20
"""A pixel of what is read weighs as much as so many of the rest of the main window."""

MOVED = 40
"""A window that stands further than this from where it was put, in pixels, was put there by a person."""

TITLE_BAR = 28
"""Pixels, about."""


def place_beside(main: QRect, screen: QRect, size: QSize, read: Sequence[QRect] = ()) -> QPoint:
    """The upper left corner for a window, where it hides least; of several such the nearest to right of `main`.

    What it hides changes only where an edge of it passes an edge of what it hides: these corners are tried, and so the
    best of all is among them.

    Args:
        main: the main window, with its frame.
        screen: what is to hold it.
        size: of the window that is placed.
        read: the parts of the main window that are read while it is frozen and after that.
    """
    room = screen.adjusted(GAP, GAP, -GAP, -GAP)
    wide, high = size.width(), size.height()
    best = QPoint(main.x() + main.width() + GAP, main.y())
    lefts, tops = {best.x()}, {best.y()}
    for rect, gap in ((room, 0), (main, GAP), *((part, 0) for part in read)):
        lefts |= {
            rect.x(),
            rect.x() - gap - wide,
            rect.x() + rect.width() + gap,
            rect.x() + rect.width() - wide,
        }
        tops |= {
            rect.y(),
            rect.y() - gap - high,
            rect.y() + rect.height() + gap,
            rect.y() + rect.height() - high,
        }
    # Of some thousand corners: what is hidden is a sum of products, whose factors are few.
    parts = [(main, 1), *((part, READ_WEIGHT) for part in read)]
    columns = {inside(QPoint(left, 0), screen, size).x() for left in lefts}
    across = {
        left: [weight * _shared(left, wide, part.x(), part.width()) for part, weight in parts]
        for left in columns
    }
    rows = {inside(QPoint(0, top), screen, size).y() for top in tops}
    down = {top: [_shared(top, high, part.y(), part.height()) for part, _ in parts] for top in rows}

    def cost(corner: tuple[int, int]) -> tuple[int, int, int, int]:
        left, top = corner
        far = abs(left - best.x()) + abs(top - best.y())
        return sum(map(operator.mul, across[left], down[top])), far, left, top

    return QPoint(*min(itertools.product(columns, rows), key=cost))


def _hidden(place: QRect, read: Sequence[QRect]) -> int:
    """How many pixels of what is read a window hides."""
    both = (place.intersected(part) for part in read)
    return sum(each.width() * each.height() for each in both)


def _shared(one: int, its_length: int, other: int, length: int) -> int:
    """How much two stretches have in common, given where they begin and how long they are."""
    return max(0, min(one + its_length, other + length) - max(one, other))


def inside(corner: QPoint, screen: QRect, size: QSize) -> QPoint:
    """The nearest corner from which the whole window is on the screen."""
    room = screen.adjusted(GAP, GAP, -GAP, -GAP)
    most_x, most_y = room.x() + room.width() - size.width(), room.y() + room.height() - size.height()
    return QPoint(max(room.x(), min(corner.x(), most_x)), max(room.y(), min(corner.y(), most_y)))


class Standing:
    """Puts a window of changing size somewhere on the main window's screen.

    Attributes:
        beside: the main window's frame, and then what is read in it; nothing where that is not known.
    """

    def __init__(self, window: QWidget) -> None:
        self.beside: list[QRect] = []
        self._window = window
        self._put: QPoint | None = None
        self._home: QPoint | None = None  # where a person put it

    def put(self, size: QSize | None) -> bool:
        """Give it this size and a place where it hides least, on the screen; or the whole screen without a size.

        Returns:
            Whether it hides nothing of what is read; whoever has moved it there himself does not mind.
        """
        window = self._window
        if self._put is not None and (window.pos() - self._put).manhattanLength() > MOVED:
            self._home = window.pos()
        screen = QGuiApplication.screenAt(self.beside[0].center()) if self.beside else window.screen()
        area = (screen or QGuiApplication.primaryScreen()).availableGeometry()
        # The frame that a window manager will put around it is known only later: so much is allowed for it.
        frame = window.frameGeometry().size() - window.size()
        frame = frame if frame.height() else QSize(0, TITLE_BAR)
        if size is None:
            size, corner = area.size() - frame, area.topLeft()
        else:
            size = size.boundedTo(area.size() - frame)
            corner = inside(self._home or window.pos(), area, size + frame)
            if self._home is None and self.beside:
                corner = place_beside(self.beside[0], area, size + frame, self.beside[1:])
        window.resize(size)
        window.move(corner)
        self._put = corner
        return self._home is not None or not _hidden(QRect(corner, size + frame), self.beside[1:])
