"""The runners side by side: a menu of workloads, and bars for the one that is chosen. In the GUI thread.

What the runs of one workload came to on each runner: the median, the least and the most. Knows nothing of Qt.
"""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from gui.charts.bars import Bar, RunnerBars, Spread
from gui.widgets.elided import ElidedLabel
from gui.widgets.empty_state import EmptyState
from gui.widgets.fields import Menu, describe

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from PySide6.QtGui import QShowEvent

    from gui.runs.model import Row
    from gui.theme.theme import Theme
    from workers.reports.differences import Side

NOTHING_YET = (
    "Each runner gets two bars here, its throughput and its lag",
    "Run the same work on one runner after the other: the bars are the medians of the runs.",
)
NONE_WHOLE = "No run of this workload did all of its work"
HOW = "The bar is the median, the thin line reaches from the least to the most."
LEFT_OUT = "{count} that did not do all of {its} work {are} left out."


class RunnerView(QWidget):
    """Follows the newest run's workload until a person chooses one.

    Attributes:
        menu: the workloads of which there are runs.
        bars: the picture.
    """

    def __init__(self, theme: Theme, runners: Sequence[str]) -> None:
        super().__init__()
        self._runners = runners
        self._rows: Sequence[Row] = ()
        self._is_due = False
        self._was_chosen = False
        self.menu, self.bars, self._caption = Menu(), RunnerBars(theme), ElidedLabel()
        describe(self.menu, "Workload", "Whose runs are shown: the speeds of different workloads cannot be compared")
        self.menu.activated.connect(self._choose)
        self._caption.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        bar = QHBoxLayout()
        bar.setContentsMargins(12, 4, 8, 4)
        bar.setSpacing(12)
        bar.addWidget(self.menu, 1)
        bar.addWidget(self._caption, 1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(self.bars)
        self._whole = QWidget()
        column = QVBoxLayout(self._whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(bar)
        self._inner = QStackedWidget()
        self._inner.addWidget(EmptyState(theme, NONE_WHOLE, "Runs with cancelled or failed tasks are left out."))
        self._inner.addWidget(scroll)
        column.addWidget(self._inner, 1)
        self._stack = QStackedWidget()
        self._stack.addWidget(EmptyState(theme, *NOTHING_YET))
        self._stack.addWidget(self._whole)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._stack)

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Take in all runs, the newest last."""
        self._rows, self._is_due = tuple(rows), True
        self._catch_up()

    def showEvent(self, event: QShowEvent) -> None:
        """Make what was not made while nobody could see it."""
        self._catch_up()

    def image_is_ready(self) -> bool:
        """Bring the bars up to date though nobody may see them; returns whether there are any."""
        self._catch_up(unseen=True)
        return bool(self._rows) and self._inner.currentIndex() == 1

    @Slot(int)
    def _choose(self, entry: int) -> None:
        self._was_chosen, self._is_due = True, True
        self._catch_up()

    def _catch_up(self, unseen: bool = False) -> None:
        if not self._is_due or not self._rows or not (unseen or self.isVisible()):
            return
        self._is_due = False
        workloads = {row.side.run.settings.workload: row.side for row in self._rows}
        for name, side in workloads.items():
            if self.menu.findData(name) < 0:
                self.menu.add(name, side.workload)
        if not self._was_chosen:
            self.menu.choose(self._rows[-1].side.run.settings.workload)
        chosen = self.menu.currentData()
        sides = [row.side for row in self._rows if row.side.run.settings.workload == chosen]
        left_out = sum(not is_whole(side) for side in sides)
        more = ""
        if left_out:
            one = left_out == 1
            count = "One" if one else f"{left_out:,}"
            more = " " + LEFT_OUT.format(count=count, its="its" if one else "their", are="is" if one else "are")
        self._caption.setText(HOW + more)
        self._caption.setToolTip(HOW + more)
        found = bars(sides, self._runners)
        self.bars.show_bars(found, workloads[chosen].unit)
        self._inner.setCurrentIndex(1 if found else 0)
        self._stack.setCurrentIndex(1)


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
