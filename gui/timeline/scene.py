"""What the timeline shows at the moment: a run, a stretch of time, a scrolled place; and what lies where in it.

Plain Python and numpy, no painting; in the GUI thread. All times are in seconds since the run's Start, all places in
pixels. The layout is made again whenever the timeline's size or the number of its lanes changes.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from gui.timeline import texts as tips
from gui.timeline.view_range import TimeWindow
from workers.reports.labs.reasons import reason_words
from workers.reports.lane import NO_TASK, Bar

if TYPE_CHECKING:
    from PySide6.QtCore import QPointF

    from gui.timeline.freezes import FreezeBands
    from workers.reports.labs.things import Strip
    from workers.reports.lane import Lane
    from workers.reports.lanes import TimelineData
    from workers.reports.main_lane import MainLane, Span

SLACK_PX = 3.0
"""A bar answers for a mouse that is this near to it."""


class TimelineScene:
    """The state of a timeline.

    Attributes:
        data: the lanes of the run; None before the first run.
        freezes: its freezes.
        main: what the GUI thread did in its time; None before the first run.
        picked: the span of that which was clicked; None for none.
        wait: the bar that was clicked of a task that waits for another; None for none.
        window: the stretch of time that is shown.
        layout: where things lie.
        now: up to which moment bars go that have not ended.
        marked: the task with the mark; -1 for none.
    """

    def __init__(self) -> None:
        self.data: TimelineData | None = None
        self.freezes: FreezeBands | None = None
        self.main: MainLane | None = None
        self.picked: Bar | None = None
        self.wait: Bar | None = None
        self.window = TimeWindow()
        self.layout = Layout(0, 1, 1, 1, 12.0, 0, 1, 0, 1.0)
        self.now = 0.0
        self.marked = NO_TASK

    def show_run(self, data: TimelineData, freezes: FreezeBands, main: MainLane) -> None:
        self.data, self.freezes, self.main = data, freezes, main
        self.picked = self.wait = None
        self.marked = NO_TASK
        self.now = 0.0
        self.window = TimeWindow()
        self.layout = self.layout._replace(scroll=0)

    @property
    def lanes(self) -> list[Lane]:
        """Those of threads, and below them those of locks."""
        return self.data.order if self.data is not None else []

    @property
    def versions(self) -> tuple[object, ...]:
        """Other ones whenever there is something else to be seen at the same time and place."""
        data, freezes, main = self.data, self.freezes, self.main
        return (
            data and data.run,
            data and data.version,
            freezes and freezes.version,
            main,
            main and main.version,
        )

    @property
    def strips(self) -> list[Strip]:
        """What stands below the lanes, and is as high as one of them each."""
        return self.data.things.strips if self.data is not None else []

    @property
    def is_threads(self) -> bool:
        """Whether bars are what threads did, and not tasks."""
        return self.data is not None and self.data.is_threads

    @property
    def rows(self) -> int:
        return len(self.lanes) + len(self.strips)

    @property
    def has_things(self) -> bool:
        return self.rows > self.threads

    @property
    def threads(self) -> int:
        """How many of the lanes are threads."""
        return len(self.data.lanes) if self.data is not None else 0

    def span_of(self, task: int) -> tuple[float, float] | None:
        """From when to when a task ran; None where it has not begun."""
        if self.data is None or task < 0:
            return None
        run = self.data.run
        row = run.recorder.row(task)
        if not row.started:
            return None
        return row.started - run.started, (row.ended - run.started if row.ended else self.now)

    def lane_of(self, task: int) -> int:
        """Which of the lanes a task lies in; -1 where it has not begun, or its start was not taken up yet."""
        lane = self.data.lane_of(task) if self.data is not None and task >= 0 else None
        return self.lanes.index(lane) if lane is not None else -1

    def text_for(self, task: int) -> str:
        """A task as text; empty where it has not begun."""
        span = self.span_of(task)
        if self.data is None or span is None:
            return ""
        run = self.data.run
        reason = run.recorder.waiting().get(task)
        waits = f"\nWaits for {reason_words(run, task, reason)}" if reason is not None else ""
        return tips.task_tip(run, Bar(task, 0, *span), 0, False) + waits

    def bar_under(self, place: QPointF) -> Bar | None:
        """The bar of a task under a place, or one quite near to it."""
        at = self.layout
        number = at.lane_at(place.y())
        if not 0 <= number < len(self.lanes) or place.x() < at.left:
            return None
        slack = SLACK_PX / at.width * self.window.span
        return self.lanes[number].bar_at(at.moment_at(place.x(), self.window), slack, self.now)

    @property
    def picked_span(self) -> Span | None:
        return None if self.main is None or self.picked is None else self.main.span(self.picked)

    @property
    def picked_words(self) -> str:
        """What there is to say of what was clicked; empty for nothing."""
        if self.data is not None and self.wait is not None:
            run, lane = self.data.run, self.lanes[self.lane_of(self.wait.task)]
            words = tips.wait_words(run, self.wait, lane.is_open(self.wait))
            return f"{run.plan.title(self.wait.task)}\n{words}"
        return tips.span_tip(self.picked_span) if self.picked_span is not None else ""

    def span_under(self, place: QPointF) -> Bar | None:
        """What the GUI thread did under a place of its lane, or quite near to it; `main` tells its name."""
        at = self.layout
        if self.main is None or at.lane_at(place.y()) != 0 or place.x() < at.left:
            return None
        return self.main.lane.bar_at(
            at.moment_at(place.x(), self.window), SLACK_PX / at.width * self.window.span, 0.0
        )

    def tip_at(self, place: QPointF) -> str:
        """What there is to say of a place; empty for nothing."""
        at, window, data, freezes = self.layout, self.window, self.data, self.freezes
        if data is None or freezes is None:
            return ""
        number = at.lane_at(place.y())
        strip = self.strips[number - len(self.lanes)] if number >= len(self.lanes) else None
        if place.x() < at.left:
            return strip.name if strip is not None else self.lanes[number].place if number >= 0 else ""
        when, pixel = at.moment_at(place.x(), window), window.span / at.width
        parts = []
        bar = self.bar_under(place)
        if bar is not None and data.is_threads:
            parts.append(tips.thread_tip(bar, self.lanes[number].is_open(bar)))
        elif bar is not None:
            lane = self.lanes[number]
            others = len({*lane.tasks_between(when - pixel / 2, when + pixel / 2)} - {bar.task})
            told = tips.task_tip if number < self.threads else partial(tips.holder_tip, lane.place)
            parts.append(told(data.run, bar, others, lane.is_open(bar)))
        elif strip is not None:
            parts += [tips.strip_tip(strip, when, 20 * pixel)] if 0 <= when <= self.now else []
        elif (span := self.span_under(place)) is not None and self.main is not None:
            parts.append(tips.span_tip(self.main.span(span)))
        elif at.queue and at.axis <= place.y() < at.top and 0 <= when <= self.now:
            parts.append(tips.queue_tip(int(data.waiting(np.array([when]))[0]), when, 20 * pixel))
        band = freezes.lane.bar_at(when, SLACK_PX * pixel, self.now)
        if band is not None:
            parts.append(tips.freeze_tip(band, freezes.cards(band), freezes.lane.is_open(band)))
        return "\n\n".join(parts)

    def next_task(self, step: int) -> int:
        """The task after (+1) or before (-1) the marked one in its lane; without a mark, the first one in sight."""
        lane, span = self.lane_of(self.marked), self.span_of(self.marked)
        if lane >= 0 and span is not None:
            return self.lanes[lane].neighbour(self.marked, span[0], step)
        first, last = self.layout.visible
        seen = (lane.tasks_between(self.window.low, self.window.high) for lane in self.lanes[first:last])
        return next((found[0] for found in seen if found), NO_TASK)


MIN_LANE, MAX_LANE = 12, 34


class Layout(NamedTuple):
    """The places of axis, queue and lanes; from the top to the bottom in this order.

    Attributes:
        left: where time begins; before it stand the lanes' names.
        right: where it ends.
        axis: the height of the axis.
        queue: the height of the queue's lane, with the gap below it; 0 where there is no room for it.
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
        return self.axis + self.queue

    @property
    def width(self) -> int:
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
        return self.top + lane * self.lane - self.scroll

    def lane_at(self, y: float) -> int:
        """Which lane lies there; -1 for none."""
        lane = int((y - self.top + self.scroll) / self.lane) if y >= self.top else -1
        return lane if lane < self.lanes else -1

    def x_of(self, moment: float, window: TimeWindow) -> float:
        return self.left + (moment - window.low) / window.span * self.width

    def moment_at(self, x: float, window: TimeWindow) -> float:
        return window.low + (x - self.left) / self.width * window.span


def lane_height(room: int, lanes: int, ratio: float) -> float:
    """The height for each of some lanes in some room: they fill it, unless they would get too high or too low."""
    height = min(max(room // max(1, lanes), MIN_LANE), MAX_LANE)
    return max(1, round(height * ratio)) / ratio
