"""A page of the Benchmark tab: a menu of the kinds of work, and a chart of the chosen one. In the GUI thread.

Bars of a benchmark: for each runner its speed-up over the GUI thread and the window's lag. In the GUI thread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from gui.charts.bars import Bar, RunnerBars, Scale, Spread
from gui.charts.scales import fitting_top, speed_up_marks
from gui.widgets.elided import ElidedLabel
from gui.widgets.empty_state import EmptyState
from gui.widgets.fields import Menu, describe
from gui.widgets.layouts import fill
from workers.benchmark.findings import times
from workers.benchmark.results import fastest
from workers.utils.formatting import plural

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PySide6.QtGui import QShowEvent

    from gui.theme.theme import Theme
    from workers.benchmark.results import Benchmark, Result


class Chart(Protocol):
    """What draws: given a benchmark and a workload, returns whether there is anything to be seen."""

    def __call__(self, benchmark: Benchmark, workload: str) -> bool:
        """Draw it."""


class ChartPage(QWidget):
    """Draws only while it can be seen; the first kind of work is chosen until a person chooses another.

    Attributes:
        menu: the kinds of work of the benchmark.
    """

    def __init__(self, theme: Theme, widget: QWidget, draw: Chart, caption: str, nothing: tuple[str, str]) -> None:
        """Make it.

        Args:
            theme: for the empty state.
            widget: the chart.
            draw: has it show one workload of a benchmark.
            caption: how it is to be read.
            nothing: a title and a hint where there is nothing to draw yet.
        """
        super().__init__()
        self._draw = draw
        self._benchmark: Benchmark | None = None
        self._is_due = False
        self.menu, told = Menu(), ElidedLabel()
        describe(self.menu, "Work", "Which work is shown")
        self.menu.currentIndexChanged.connect(self._choose)
        told.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        told.setText(caption)
        told.setToolTip(caption)
        bar = fill(QHBoxLayout(), (self.menu, 1), (told, 2), margins=(12, 4, 8, 4), spacing=12)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(widget)
        self._stack = QStackedWidget()
        self._stack.addWidget(EmptyState(theme, *nothing))
        self._stack.addWidget(scroll)
        fill(QVBoxLayout(self), bar, (self._stack, 1))

    def show_benchmark(self, benchmark: Benchmark) -> None:
        """Show it as it is now."""
        if benchmark is not self._benchmark:
            self._benchmark = benchmark
            self.menu.blockSignals(True)
            self.menu.clear()
            for workload in benchmark.matrix.sizes:
                self.menu.add(workload, benchmark.matrix.workload_titles[workload])
            self.menu.choose_first()
            self.menu.blockSignals(False)
        self._is_due = True
        self.catch_up()

    def showEvent(self, event: QShowEvent) -> None:
        """Draw what was not drawn while nobody could see it."""
        self.catch_up()

    def catch_up(self, unseen: bool = False) -> bool:
        """Bring the chart up to date, where it can be seen or `unseen` is true; returns whether there is anything."""
        if self._is_due and self._benchmark is not None and (unseen or self.isVisible()):
            self._is_due = False
            drawn = self._draw(self._benchmark, self.menu.currentData() or "")
            self._stack.setCurrentIndex(1 if drawn else 0)
        return self._stack.currentIndex() == 1

    @Slot()
    def _choose(self) -> None:
        self._is_due = True
        self.catch_up()


class BenchmarkBars(RunnerBars):
    """A row for each runner, with the number of workers that was its fastest."""

    NAME = "Speed-up and lag by runner"
    PICTURE_NAME = "benchmark-bars"

    def show_results(self, results: Sequence[Result], titles: Mapping[str, str]) -> None:
        """Show the cells of one workload."""
        self._workers: dict[str, int] = {}
        bars = []
        for result in fastest(results):
            runner = result.cell.runner
            self._workers[runner] = result.cell.workers
            if result.speed_up is not None:
                lag = result.lag_p99_ms
                speed_up = Spread(*result.speed_up)
                bars.append(Bar(runner, titles[runner], result.runs, speed_up, Spread(*lag) if lag else None))
        self.show_bars(bars, "")

    def _told(self, bar: Bar) -> str:
        return f"{bar.title}: {times(bar.rate.median)} with {self._note(bar)}"

    def _rate_scale(self) -> Scale:
        end = fitting_top(max(1.0, *(bar.rate.high for bar in self._bars)), 0.0)
        return Scale("Speed-up over the GUI thread", speed_up_marks(end), lambda value: value / end, times)

    def _note(self, bar: Bar) -> str:
        workers = self._workers[bar.runner]
        return f"{plural(workers, 'worker')}, {super()._note(bar)}"

    def _only_title(self, bar: Bar) -> str:
        workers = self._workers[bar.runner]
        return bar.title if workers == 1 else f"{bar.title} ×{workers:,}"
