"""The right of the room Watch: graphs above, tabs below, or all of them tabs where it is low. In the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPlainTextEdit, QTabWidget, QVBoxLayout, QWidget

from gui.widgets.fields import describe
from gui.widgets.panels import fill, pile, split

if TYPE_CHECKING:
    from collections.abc import Sequence

HEIGHTS = [180, 320]


class Panes(QWidget):
    """A place for graphs that come and go, and the tabs.

    Attributes:
        tabs: below; where it is low, the graphs are the first of them.
    """

    def __init__(self, pages: Sequence[tuple[QWidget, str]]) -> None:
        super().__init__()
        self.tabs = describe(QTabWidget(documentMode=True), "What the program did")
        for page, title in pages:
            self.tabs.addTab(page, title)
        self._graphs = QWidget()
        self._layout = fill(QVBoxLayout(self._graphs))
        self._split = split(
            self._graphs, self.tabs, sizes=HEIGHTS, shares=(1, 2), direction=Qt.Orientation.Vertical
        )
        pile(self, self._split)

    def add_graphs(self, graphs: QWidget) -> None:
        self._layout.addWidget(graphs)

    def set_low(self, is_low: bool) -> None:
        """Make a tab of the graphs, or put them above the tabs."""
        if (self.tabs.indexOf(self._graphs) >= 0) == is_low:
            return
        if is_low:
            self.tabs.insertTab(0, self._graphs, "Lag")
        else:
            self._split.insertWidget(0, self._graphs)
            self._split.setSizes(HEIGHTS)
            self._graphs.show()


class StackText(QPlainTextEdit):
    """The stacks of all threads, to be read."""

    def __init__(self, text: str) -> None:
        super().__init__(text, readOnly=True, lineWrapMode=QPlainTextEdit.LineWrapMode.NoWrap)
        self.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self.setAccessibleName("Stacks of all threads")
