"""Where things lie in the timeline: plain numbers in pixels, reckoned anew when its size or its lanes change."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from gui.timeline_window import TimeWindow

LEAST_LANE, MOST_LANE = 13, 34


class Layout(NamedTuple):
    """The places of axis, queue and lanes; from the top to the bottom in this order.

    Attributes:
        left: where time begins; before it stand the lanes' names.
        right: where it ends.
        axis: the height of the axis.
        queue: the height of the queue's lane, with the gap below it.
        lane: the height of each other lane, with its gap, in pixels that the screen can show.
        lanes: how many there are.
        bottom: the height of all.
        scroll: how far the lanes are scrolled up.
        ratio: pixels of the screen to one of these.
    """

    left: int
    right: int
    axis: int
    queue: int
    lane: float
    lanes: int
    bottom: int
    scroll: int
    ratio: float

    @property
    def top(self) -> int:
        """Where the lanes begin."""
        return self.axis + self.queue

    @property
    def width(self) -> int:
        """How many pixels there are for the time."""
        return max(1, self.right - self.left)

    @property
    def hidden(self) -> int:
        """How far the lanes can be scrolled."""
        return max(0, round(self.lanes * self.lane) - (self.bottom - self.top))

    @property
    def visible(self) -> tuple[int, int]:
        """The first lane that can be seen, and the one after the last."""
        first = int(self.scroll / self.lane)
        last = int((self.scroll + self.bottom - self.top) / self.lane) + 1
        return min(first, self.lanes), min(last, self.lanes)

    def lane_top(self, lane: int) -> float:
        """Where a lane begins."""
        return self.top + lane * self.lane - self.scroll

    def lane_at(self, y: float) -> int:
        """Which lane lies there; -1 for none."""
        lane = int((y - self.top + self.scroll) / self.lane) if y >= self.top else -1
        return lane if lane < self.lanes else -1

    def x_of(self, moment: float, window: TimeWindow) -> float:
        """Where a moment lies."""
        return self.left + (moment - window.low) / window.span * self.width

    def moment_at(self, x: float, window: TimeWindow) -> float:
        """Which moment lies there."""
        return window.low + (x - self.left) / self.width * window.span


def lane_height(room: int, lanes: int, ratio: float) -> float:
    """The height for each of some lanes in some room: they fill it, unless they would get too high or too low."""
    height = min(max(room // max(1, lanes), LEAST_LANE), MOST_LANE)
    return max(1, round(height * ratio)) / ratio
