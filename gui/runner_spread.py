"""What the runs of one workload came to on each runner: the median, the least and the most. Knows nothing of Qt."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING

from gui.charts.bars import Bar, Spread

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from workers.reports.differences import Side


def is_whole(side: Side) -> bool:
    """Whether all of a run's tasks ended well: the figures of others say nothing about their runner."""
    return not side.run.recorder.cancelled and not side.run.recorder.failed


def bars(sides: Iterable[Side], order: Sequence[str]) -> list[Bar]:
    """A bar for each runner of these runs, of which only those count whose tasks all ended well.

    Args:
        sides: runs of one workload.
        order: the names of runners, in the order in which they are to stand; others come after them.
    """
    by_runner: dict[str, list[Side]] = {}
    for side in sides:
        if is_whole(side):
            by_runner.setdefault(side.run.settings.runner, []).append(side)
    names = [name for name in order if name in by_runner]
    names += [name for name in by_runner if name not in order]
    found = []
    for name in names:
        own = by_runner[name]
        rate = _spread([side.run.per_s for side in own])
        lags = [side.run.lag.p99 for side in own if side.run.lag is not None]
        found.append(Bar(name, own[0].runner, len(own), rate, _spread(lags) if lags else None))
    return found


def _spread(values: list[float]) -> Spread:
    return Spread(min(values), statistics.median(values), max(values))
