"""A page with one chart: a menu of kinds of work above it, and a hint while it is empty. In the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QWidget

from gui.widgets.elided import ElidedLabel
from gui.widgets.empty_state import EmptyState
from gui.widgets.fields import Menu, describe
from gui.widgets.panels import fill, pile, scroll_down, stack

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent

    from gui.charts.chart import Chart
    from gui.theme.theme import Theme


class ChartPage(QWidget):
    """Draws only while it can be seen.

    Attributes:
        menu: the kinds of work, of which one is shown.
        empty: what is shown while there is nothing to draw.
    """

    def __init__(self, theme: Theme, chart: Chart, about: str, nothing: tuple[str, str]) -> None:
        """Make it.

        Args:
            theme: for the empty state.
            chart: scrolls where it is higher than the page.
            about: the menu's tooltip.
            nothing: a title and a hint where there is nothing to draw yet.
        """
        super().__init__()
        self._is_due = False
        self.menu = Menu()
        self._caption = ElidedLabel()
        self.empty = EmptyState(theme, *nothing)
        describe(self.menu, "Work", about)
        self.menu.currentIndexChanged.connect(self.redraw)
        self._caption.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._bar = QWidget()
        fill(QHBoxLayout(self._bar), (self.menu, 1), (self._caption, 2), margins=(12, 4, 8, 4), spacing=12)
        area = scroll_down(chart)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._stack = stack(self.empty, area)
        pile(self, self._bar, self._stack)
        self._bar.hide()

    def draw(self, chosen: str) -> bool:
        """Show the work that is chosen in the menu; returns whether there is anything to be seen."""
        raise NotImplementedError

    def explain(self, caption: str) -> None:
        self._caption.setText(caption)
        self._caption.setToolTip(caption)

    def showEvent(self, event: QShowEvent) -> None:
        self.catch_up()

    @Slot()
    def redraw(self) -> None:
        """Draw it again, now or once it can be seen."""
        self._is_due = True
        self.catch_up()

    def catch_up(self, unseen: bool = False) -> bool:
        """Bring the chart up to date, where it can be seen or `unseen` is true; returns whether there is anything."""
        if self._is_due and (unseen or self.isVisible()):
            self._is_due = False
            self._bar.setVisible(self.menu.count() > 0)
            self._stack.setCurrentIndex(1 if self.draw(self.menu.currentData() or "") else 0)
        return self._stack.currentIndex() == 1
