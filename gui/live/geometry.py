"""Where things lie in the live graphs, and lines that are painted in a few calls each. In the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from PySide6.QtGui import QPolygonF
from shiboken6 import VoidPtr

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from workers.reports.lane import Floats

CHUNK = 256
"""Points by which a line's memory grows."""


class Geometry(NamedTuple):
    """Where things lie, in pixels of the view: plain numbers, for asking a QRect is a call into Qt.

    Attributes:
        left: of all graphs; `right` is their last column, the latest moment.
        spots: the top and the bottom of each graph that is shown, by its name; in the last row is its least value.
        label_height: how much of the top of the first belongs to the labels of runs.
        per_s: pixels a second.
        per_rate: pixels for one of the rate's unit.
        per_ten: pixels for a lag ten times as long.
        per_ten_wait: pixels for a wait ten times as long.
        ratio: pixels of the screen to one of these.
        weight: how many pixels of the screen a line is wide.
    """

    left: int
    right: int
    spots: dict[str, tuple[int, int]]
    label_height: int
    per_s: float
    per_rate: float
    per_ten: float
    per_ten_wait: float
    ratio: float
    weight: int

    @property
    def areas(self) -> tuple[tuple[int, int], ...]:
        return tuple(self.spots.values())

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def top(self) -> int:
        return self.areas[0][0]

    @property
    def bottom(self) -> int:
        return self.areas[-1][1]


class Polyline:
    """Points in pixels, written by numpy in place, so that painting them is one call of `QPainter.drawPolyline`.

    Attributes:
        polygon: the QPolygonF to paint.
    """

    def __init__(self) -> None:
        self._make(CHUNK)

    def _make(self, size: int) -> None:
        # The array lies in the polygon's own memory. Nobody may keep a copy of the polygon: writing would show in it.
        self.polygon = QPolygonF()
        self.polygon.resize(size)
        # As pyqtgraph's `ndarray_from_qpolygonf` does it.
        memory: Any = VoidPtr
        self._points = np.frombuffer(memory(self.polygon.data(), 16 * size, True), np.float64).reshape(size, 2)

    def put(self, x: Floats, y: Floats) -> None:
        """Set the points; there must be one at least."""
        count = len(x)
        if not len(self._points) - CHUNK < count <= len(self._points):
            self._make(-(-count // CHUNK) * CHUNK)
        self._points[:count, 0] = x
        self._points[:count, 1] = y
        # What is left of the last chunk lies on the last point and is not seen: making a polygon of just the right
        # size costs more than a few pixels that are painted twice.
        self._points[count:] = self._points[count - 1]

    def paint(self, painter: QPainter, at: Geometry, weight: int) -> None:
        """Paint it, `weight` pixels of the screen wide.

        The thinnest pen once for each pixel, up and to the right: Qt is slow with thicker pens.
        """
        step = 1.0 / at.ratio
        painter.drawPolyline(self.polygon)
        for _ in range(1, weight):
            painter.translate(step, -step)
            painter.drawPolyline(self.polygon)
        if weight > 1:
            painter.translate((1 - weight) * step, (weight - 1) * step)
