"""The lines of the live graphs, painted in one call each. In the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyqtgraph as pg

if TYPE_CHECKING:
    from gui.charts.scales import Floats

CHUNK = 256
"""Points by which a line's memory grows."""


class Polyline:
    """Points in pixels, written by numpy in place, so that painting them is one call of `QPainter.drawPolyline`.

    Attributes:
        polygon: the QPolygonF to paint.
    """

    def __init__(self) -> None:
        self._make(CHUNK)

    def _make(self, size: int) -> None:
        # The array lies in the polygon's own memory. Nobody may keep a copy of the polygon: writing would show in it.
        self.polygon = pg.functions.create_qpolygonf(size)
        self._points = pg.functions.ndarray_from_qpolygonf(self.polygon)

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
