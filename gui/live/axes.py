"""Where everything lies in the live graphs, and the picture of what stands still. Runs in the GUI thread.

While the present is shown the axis of time says how long ago something was, so that what moves is the data alone.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QPainter, QPixmap

from gui.charts.scales import LAG_TICKS, MAX_LAG, WAIT_TICKS
from gui.live.geometry import Geometry
from gui.live.still import GAP, StillParts
from workers.reports.scales import rate_ticks
from workers.reports.series import MEAN_S
from workers.utils.formatting import number, per_second

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PySide6.QtCore import QSize

    from gui.live.sight import Sight
    from gui.live.still import Band
    from gui.theme.theme import Theme

GRAPHS: tuple[str, ...] = ("throughput", "lag", "gil")
"""From the top to the bottom."""

MARGIN = 4
SHARES = {"throughput": 2, "lag": 2, "gil": 1}  # of the height that is left for graphs
LINES = {"throughput": 3.0, "lag": 4.2, "gil": 3.2}  # of small text that a graph is high at least
GIVES_WAY = ("gil", "throughput")
"""What is left out first where there is too little room."""

MAX_KEPT = 6  # pictures, some megabytes each on a large screen


class GraphAxes:
    """What stands still, and where it lies.

    Attributes:
        wanted: the graphs that are to be shown where there is room, of `GRAPHS`.
        unit: of the rates: "MB/s".
        divisor: amounts per second in one of `unit`.
        top: the rate at the last mark of its axis, in `unit`.
        mean_s: the rates are means of so many seconds.
        lag_of: whose lag it is.
        reserved: so many pixels at the right of the first title belong to others.
        geometry: where things lie since the last `picture`.
    """

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self.unit, self.divisor, self.top, self.mean_s = "", 1.0, 1.0, MEAN_S
        self.wanted = GRAPHS
        self.lag_of = "the GUI thread"
        self.reserved = 0
        self.geometry: Geometry  # `picture` says
        self._kept: dict[tuple[Any, ...], tuple[Geometry, QPixmap]] = {}
        self.restyle()

    def set_unit(self, unit: str) -> None:
        """Show rates of what a workload counts: megabytes for "bytes", else the unit as it is."""
        name = per_second(unit)
        divisor = 1e6 if unit == "bytes" else 1.0
        if name != self.unit:
            self.unit, self.divisor = name, divisor
            self.top = 1.0

    def restyle(self) -> None:
        self._parts = StillParts(self._theme)
        self._kept.clear()

    # ---------------------------------------------------------------- titles

    @property
    def title_middle(self) -> float:
        """The middle of the first title, in pixels from the top."""
        return self.geometry.top - self._parts.title_height / 2

    @property
    def title_height(self) -> int:
        return self._parts.title_height

    def title_end(self, size: QSize) -> int:
        """Where the first title ends in a view of this size."""
        title, more = self._titles()[self._shown(size.height())[0]]
        room = size.width() - self.reserved - 2 * GAP
        widths = [self._parts.title_width(title, text) for text in (more, "")]
        return 2 * GAP + math.ceil(widths[0] if widths[0] <= room else widths[1])

    def _titles(self) -> dict[str, tuple[str, str]]:
        mean = f"{number(self.mean_s)} s mean"
        return {
            "throughput": ("Throughput", f"{self.unit}  ·  {mean}" if self.unit else ""),
            "lag": (f"Lag of {self.lag_of}", "how late the window reacts"),
            "gil": ("Wait for the GIL", "how late a thread wakes from a 5 ms sleep"),
        }

    # ---------------------------------------------------------------- the picture

    def picture(self, size: QSize, ratio: float, weight: int, sight: Sight, now: float, empty: str) -> QPixmap:
        """Lay everything out, and paint it.

        What was painted of the present is kept: while a run goes on its scale changes to and fro, and at each call of
        Qt the GUI thread has to win the GIL back.

        Args:
            size: of the view, in pixels.
            ratio: pixels of the screen to one of these.
            weight: how many pixels of the screen a line is wide.
            sight: which stretch of time is shown.
            now: the present.
            empty: what the graph of throughput says where it shows no run.
        """
        about = (size.width(), size.height(), ratio, weight, sight.span)
        key = (*about, empty, self.top, self.unit, self.mean_s, self.wanted)
        kept = self._kept.get(key) if sight.is_live else None
        if kept is None:
            bands = self._parts.bands(size.width())
            self.geometry = self._lay_out(*about, bands)
            kept = (self.geometry, self._paint(size, sight.marks(self.geometry.width, now), empty, bands))
            if sight.is_live:
                self._kept[key] = kept
                while len(self._kept) > MAX_KEPT:
                    del self._kept[next(iter(self._kept))]
        self.geometry, picture = kept
        return picture

    def _paint(
        self, size: QSize, marks: list[tuple[float, str]], empty: str, bands: Mapping[str, Sequence[Band]]
    ) -> QPixmap:
        at, parts, titles = self.geometry, self._parts, self._titles()
        picture = QPixmap(size * at.ratio)
        picture.setDevicePixelRatio(at.ratio)
        picture.fill(self._theme.color("panel"))
        with QPainter(picture) as painter:
            for name in at.spots:
                if name in bands:
                    parts.paint_bands(painter, at, name, bands[name])
                parts.paint_values(painter, at, name, [] if empty else rate_ticks(self.top))
                right = size.width() - self.reserved if at.spots[name][0] == at.top else at.right
                parts.paint_title(painter, at.spots[name][0], right, name, *titles[name])
            parts.paint_times(painter, at, marks)
            if empty and "throughput" in at.spots:
                parts.paint_empty(painter, at, empty)
        return picture

    # ---------------------------------------------------------------- sizes

    def _lay_out(
        self,
        width: int,
        height: int,
        ratio: float,
        weight: int,
        span: float,
        bands: Mapping[str, Sequence[Band]],
    ) -> Geometry:
        parts, shown = self._parts, self._shown(height)
        ticks = (*rate_ticks(self.top), *LAG_TICKS, *WAIT_TICKS)
        left = MARGIN + GAP + math.ceil(max(parts.width(text) for _, text in ticks))
        words = max(parts.width(band.text) for group in bands.values() for band in group)
        right = max(left + 1, width - MARGIN - GAP - math.ceil(words))
        spots, y, heights = {}, MARGIN, self._heights(shown, height)
        for name in shown:
            y += parts.title_height
            spots[name] = (y, y + heights[name] - 1)
            y += heights[name] + parts.foot
        # The labels of runs get a strip of their own above the last mark of the first graph.
        label = parts.line + 4
        free = {name: bottom - top - parts.line // 2 for name, (top, bottom) in spots.items()}
        free[shown[0]] += parts.line // 2 - label
        return Geometry(
            left=left,
            right=right,
            spots=spots,
            label_height=label,
            per_s=(right - left) / span,
            per_rate=free.get("throughput", 1) / self.top,
            per_ten=free.get("lag", 1) / MAX_LAG,
            per_ten_wait=free.get("gil", 1) / MAX_LAG,
            ratio=ratio,
            weight=weight,
        )

    def _room(self, shown: Sequence[str], height: int) -> int:
        """What margins, titles, feet and the axis of time leave of a height."""
        parts, count = self._parts, len(shown)
        return height - 2 * MARGIN - count * (parts.title_height + parts.foot) - parts.line

    def _least(self, name: str) -> int:
        return math.ceil(LINES[name] * self._parts.line)

    def _shown(self, height: int) -> list[str]:
        shown = list(self.wanted)
        for name in GIVES_WAY:
            if self._room(shown, height) < sum(map(self._least, shown)):
                shown = [each for each in shown if each != name] or shown
        return shown

    @property
    def least_height(self) -> int:
        """What the last graph that is left needs."""
        last = self._shown(0)
        return self._least(last[0]) - self._room(last, 0)

    def _heights(self, shown: Sequence[str], height: int) -> dict[str, int]:
        """Each graph's share of the room, but no less than it needs."""
        room, left, found = max(0, self._room(shown, height)), list(shown), dict[str, int]()
        while left:
            whole = sum(SHARES[name] for name in left)
            short = [name for name in left if room * SHARES[name] < self._least(name) * whole]
            name = short[0] if short else left[0]
            found[name] = min(room, self._least(name)) if short else room * SHARES[name] // whole
            room -= found[name]
            left.remove(name)
        return found
