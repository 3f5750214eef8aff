"""A page of the Benchmark tab: a menu of the kinds of work, and a chart of the chosen one. In the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from gui.widgets.elided import ElidedLabel
from gui.widgets.empty_state import EmptyState
from gui.widgets.fields import Menu, describe

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent

    from gui.theme.theme import Theme
    from workers.benchmark.results import Benchmark


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
        bar = QHBoxLayout()
        bar.setContentsMargins(12, 4, 8, 4)
        bar.setSpacing(12)
        bar.addWidget(self.menu, 1)
        bar.addWidget(told, 2)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(widget)
        self._stack = QStackedWidget()
        self._stack.addWidget(EmptyState(theme, *nothing))
        self._stack.addWidget(scroll)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(bar)
        column.addWidget(self._stack, 1)

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
