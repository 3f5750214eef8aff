"""Where things lie in the live graphs, made by the axes, and the lines that are painted there. In the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pyqtgraph as pg

if TYPE_CHECKING:
    from gui.charts.scales import Floats

CHUNK = 256
"""Points by which a line's memory grows."""


class Geometry(NamedTuple):
    """Where things lie, in pixels of the view: plain numbers, for asking a QRect is a call into Qt.

    Attributes:
        left: of all graphs; `right` is their last column, the present.
        rate_top: of the throughput; `rate_bottom` is its last row, the rate 0.
        lag_top: of the lag; `lag_bottom` is its last row, the least lag.
        gil_top: of the waits for the GIL; `gil_bottom` is its last row, the least wait.
        shown: the graphs that are; of others the numbers above mean nothing.
        areas: the top and the bottom of each of `shown`.
        labelled: the tops of the graphs that have the labels of runs.
        label_height: how much of the top of these belongs to the labels.
        per_s: pixels a second.
        per_rate: pixels for one of the rate's unit.
        per_ten: pixels for a lag ten times as long.
        per_ten_wait: pixels for a wait ten times as long.
        ratio: pixels of the screen to one of these.
    """

    left: int
    right: int
    rate_top: int
    rate_bottom: int
    lag_top: int
    lag_bottom: int
    gil_top: int
    gil_bottom: int
    shown: tuple[str, ...]
    areas: tuple[tuple[int, int], ...]
    labelled: tuple[int, ...]
    label_height: int
    per_s: float
    per_rate: float
    per_ten: float
    per_ten_wait: float
    ratio: float

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
