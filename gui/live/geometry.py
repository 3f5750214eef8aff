"""Where things lie in the live graphs: plain numbers, made by the axes. In the GUI thread."""

from __future__ import annotations

from typing import NamedTuple


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
