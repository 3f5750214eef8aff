"""What tasks share, over time: who held each lock, and what gauges showed. For one thread.

Most runs have none of it, and pay for none of it. All times are in seconds since Start.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ..lane import OUTCOMES, RUNNING, Lane

if TYPE_CHECKING:
    from ...engine.run import Run
    from ...engine.sharing import Gauge
    from ..lane import Floats

HOLDER = "holder"
EXPECTED = "expected "
"""A gauge whose name is this and another one's shows what that one should be."""


class Strip:
    """What one gauge showed.

    Attributes:
        name: the gauge's.
        low: the least that it showed, or was to show; 0 where that is more.
        high: the most of these; 0 where that is less.
    """

    def __init__(self, name: str, gauge: Gauge, expected: Gauge | None, started: float) -> None:
        self.name = name
        self._gauge, self._expected, self._started = gauge, expected, started
        both = (gauge, expected) if expected is not None else (gauge,)
        ranges = [_range(one) for one in both]
        self.low = min(0.0, *(low for low, _ in ranges))
        self.high = max(0.0, *(high for _, high in ranges))

    @property
    def has_expected(self) -> bool:
        return self._expected is not None

    @property
    def range(self) -> tuple[float, float]:
        """The least and the most that it showed."""
        return _range(self._gauge)

    def levels(self, edges: Floats, until: float) -> Floats:
        """What it showed in each column of a picture, where it was farthest from 0; not a number where nothing.

        Args:
            edges: the moments between the columns.
            until: from then on nothing is known.
        """
        return _levels(self._gauge, self._started, edges, until)

    def expected(self, edges: Floats, until: float) -> Floats:
        """The same of what it was to show."""
        assert self._expected is not None
        return _levels(self._expected, self._started, edges, until)

    def values_at(self, moment: float) -> tuple[float | None, float | None]:
        """What it showed at a moment, and what it was to show; None where nothing is known."""
        return _value(self._gauge, self._started + moment), _value(self._expected, self._started + moment)


def _range(gauge: Gauge) -> tuple[float, float]:
    values = np.frombuffer(gauge.values)
    return float(values.min()), float(values.max())


def _value(gauge: Gauge | None, moment: float) -> float | None:
    if gauge is None:
        return None
    at = int(np.searchsorted(np.frombuffer(gauge.times), moment, "right"))
    return gauge.values[at - 1] if at else None


def _levels(gauge: Gauge, started: float, edges: Floats, until: float) -> Floats:
    # The views are gone at the end: while there is one, an array cannot grow.
    times, values = np.frombuffer(gauge.times), np.frombuffer(gauge.values)
    at = np.searchsorted(times, edges + started, "right")
    first, last = at[:-1], at[1:]
    found = np.where(last > 0, values[np.maximum(last - 1, 0)], np.nan)
    [many] = np.nonzero(last - first > 1)
    if len(many):
        # Each column's samples, and those up to the next such column, of which nobody asks.
        pairs = np.column_stack((first[many], last[many])).ravel()
        ends = pairs if pairs[-1] < len(values) else pairs[:-1]
        high, low = np.maximum.reduceat(values, ends)[::2], np.minimum.reduceat(values, ends)[::2]
        found[many] = np.where(high >= -low, high, low)
    found[edges[:-1] > until] = np.nan
    return found


class Holding(NamedTuple):
    """Who has a lock just now."""

    task: int
    since: float


class Things:
    """The lanes and strips of a run's things, brought up to date by `take_up`.

    Attributes:
        lanes: one for each lock that some task held; its bars are the tasks that did.
        strips: one for each other gauge that was ever anything but 0.
    """

    def __init__(self, run: Run) -> None:
        self._run = run
        self.lanes: list[Lane] = []
        self.strips: list[Strip] = []
        self._of: dict[str, Lane] = {}
        self._taken: dict[str, int] = {}
        self._holding: dict[str, Holding] = {}
        self._unsettled: dict[tuple[str, int], int] = {}
        """Of whom it is not known how it ends, in which lane, and from which bar on."""

    def take_up(self) -> bool:
        """Take up what gauges have shown since the last call; returns whether that was anything."""
        gauges = self._run.recorder.sharing.gauges
        found = False
        for name, gauge in gauges.items():
            first, count = self._taken.get(name, 0), len(gauge.times)
            if first < count:
                self._taken[name], found = count, True
                if gauge.kind == HOLDER:
                    self._hold(name, gauge, first)
        if found:
            self._make_strips()
        return self._settle() or found

    def _hold(self, name: str, gauge: Gauge, first: int) -> None:
        """Make bars of who held a lock."""
        bars: list[tuple[float, float, int]] = []
        started, count = self._run.started, self._run.recorder.count
        for moment, value in zip(gauge.times[first:], gauge.values[first:], strict=True):
            before = self._holding.get(name)
            if before is not None and before.task == value:
                continue  # taken once more
            if before is not None:
                bars.append((before.since, moment - started, before.task))
                del self._holding[name]
            if 0 <= value < count:
                self._holding[name] = Holding(int(value), moment - started)
        lane = self._of.get(name)
        if lane is None:
            if not bars and name not in self._holding:
                return  # by others than tasks
            lane = self._of[name] = Lane(name)
            self.lanes.append(lane)
        self._add(name, lane, bars)
        holding = self._holding.get(name)
        lane.open = [(holding.task, RUNNING, holding.since)] if holding is not None else []

    def _add(self, name: str, lane: Lane, bars: list[tuple[float, float, int]]) -> None:
        if not bars:
            return
        for row, (_, _, task) in enumerate(bars, lane.count):
            self._unsettled.setdefault((name, task), row)
        starts, ends, tasks = (np.array(column) for column in zip(*bars, strict=True))
        lane.add(starts, ends, np.full(len(bars), RUNNING, np.uint8), tasks.astype(np.uint32))

    def _settle(self) -> bool:
        """Colour the bars of those that have ended meanwhile; returns whether there were any."""
        ended = [key for key in self._unsettled if self._run.recorder.row(key[1]).phase.is_final]
        for name, task in ended:
            kind = OUTCOMES[self._run.recorder.row(task).phase]
            self._of[name].settle(task, kind, self._unsettled.pop((name, task)))
        return bool(ended)

    def _make_strips(self) -> None:
        gauges, started = self._run.recorder.sharing.gauges, self._run.started
        self.strips = [
            Strip(name, gauge, gauges.get(EXPECTED + name), started)
            for name, gauge in gauges.items()
            if gauge.kind != HOLDER
            and (any(_range(gauge)) or EXPECTED + name in gauges)
            and name.removeprefix(EXPECTED) not in gauges.keys() - {name}
        ]

    def close(self) -> None:
        """The run has ended: who holds a lock still held it to its end."""
        self.take_up()
        run = self._run
        until = run.ended - run.started if run.ended is not None else 0.0
        for name, holding in self._holding.items():
            lane = self._of[name]
            self._add(name, lane, [(holding.since, max(until, holding.since), holding.task)])
            lane.open = []
        self._holding.clear()
        self._settle()
