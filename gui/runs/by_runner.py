"""The runners side by side: a menu of workloads, and bars for the one that is chosen. In the GUI thread."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot

from gui.charts.bars import BarSpread, ChartBar, RunnerBars
from gui.charts.page import ChartPage
from workers.utils.formatting import plural

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gui.runs.model import RunRow
    from gui.theme.theme import Theme
    from workers.reports.differences import Side

ABOUT = "Whose runs are shown: the speeds of different workloads cannot be compared"
NOTHING_YET = (
    "Each runner gets two bars here, its throughput and its lag",
    "Run the same work on one runner after the other: the bars are the medians of the runs.",
)
NONE_WHOLE = (
    "No run of this workload did all of its work",
    "Runs with cancelled or failed tasks are left out.",
)
HOW = "Bar: the median; thin line: min to max."
LEFT_OUT_ONE = "One that did not do all of its work is left out."
LEFT_OUT = "{:,} that did not do all of their work are left out."


class RunnerView(ChartPage):
    """Follows the newest run's workload until a person chooses one.

    Attributes:
        bars: the picture.
    """

    def __init__(self, theme: Theme, runners: Sequence[str]) -> None:
        self._runners = runners
        self._sides: list[Side] = []
        self._was_chosen = False
        self.bars = RunnerBars(theme)
        super().__init__(theme, self.bars, ABOUT, NOTHING_YET)
        self.menu.activated.connect(self._choose)

    def show_rows(self, rows: Sequence[RunRow]) -> None:
        """Take in all runs, the newest last."""
        self._sides = [row.side for row in rows]
        for side in self._sides:
            if self.menu.findData(side.run.settings.workload) < 0:
                self.menu.add(side.run.settings.workload, side.workload)
        if rows and not self._was_chosen:
            self.menu.choose(self._sides[-1].run.settings.workload)
        self.redraw()

    @Slot(int)
    def _choose(self, entry: int) -> None:
        self._was_chosen = True

    def draw(self, chosen: str) -> bool:
        sides = [side for side in self._sides if side.run.settings.workload == chosen]
        if not sides:
            return False
        left_out = sum(not is_whole(side) for side in sides)
        note = LEFT_OUT_ONE if left_out == 1 else LEFT_OUT.format(left_out) if left_out else ""
        self.explain(f"{HOW} {note}".rstrip())
        found = bars(sides, self._runners)
        self.bars.show_bars(found, sides[-1].unit)
        self.empty.say(*NONE_WHOLE)
        return bool(found)


def is_whole(side: Side) -> bool:
    """Whether all of a run's tasks ended well: the figures of others say nothing about their runner."""
    return not side.run.recorder.cancelled and not side.run.recorder.failed


def bars(sides: Iterable[Side], order: Sequence[str]) -> list[ChartBar]:
    """A bar for each runner of these runs, of which only those count whose tasks all ended well.

    Args:
        sides: runs of one workload.
        order: the names of runners, in the order in which they are to stand; others come after them.
    """
    by_runner: dict[str, list[Side]] = {}
    for side in sides:
        if is_whole(side):
            by_runner.setdefault(side.run.settings.runner, []).append(side)
    found = []
    for name in sorted(by_runner, key=lambda name: order.index(name) if name in order else len(order)):
        own = by_runner[name]
        rate = _spread([side.run.per_s for side in own])
        lags = [side.run.lag.p99 for side in own if side.run.lag is not None]
        runs = len(own)
        lag = _spread(lags) if lags else None
        found.append(ChartBar(name, own[0].runner, runs, plural(runs, "run"), runs, rate, lag))
    return found


def _spread(values: list[float]) -> BarSpread:
    return BarSpread(min(values), statistics.median(values), max(values))
