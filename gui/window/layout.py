"""How the window's panels lie beside each other, and what of that is remembered. In the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QSplitter, QTabWidget, QVBoxLayout, QWidget

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gui.process.preferences import Memory

LEAST_TABS = 180
"""Of the tabs below the graphs, in pixels of height."""


class WindowLayout(QWidget):
    """A header, the controls beside graphs and tabs, and a foot.

    Attributes:
        tabs: below the graphs.
        middle: the splitter between graphs and tabs.
        sides: the splitter between the controls and these.
    """

    def __init__(
        self, header: QWidget, controls: QWidget, graphs: QWidget, tabs: Iterable[tuple[QWidget, str]], foot: QWidget
    ) -> None:
        """Lay the panels out; `tabs` are pages with their titles."""
        super().__init__()
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.setMinimumHeight(LEAST_TABS)  # not what the tallest of them would like: people drag the graphs larger
        for page, title in tabs:
            self.tabs.addTab(page, title)
        self.middle = QSplitter(Qt.Orientation.Vertical)
        self.middle.addWidget(graphs)
        self.middle.addWidget(self.tabs)
        self.middle.setStretchFactor(0, 1)
        self.middle.setStretchFactor(1, 1)
        self.middle.setSizes([340, 310])
        self.middle.setChildrenCollapsible(False)
        self.sides = QSplitter(Qt.Orientation.Horizontal)
        self.sides.addWidget(controls)
        self.sides.addWidget(self.middle)
        self.sides.setStretchFactor(1, 1)
        self.sides.setChildrenCollapsible(False)
        self._splitters = {"sides": self.sides, "middle": self.middle}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(header)
        column.addWidget(self.sides, 1)
        column.addWidget(foot)

    def furnish(self, pages: dict[str, tuple[QWidget, QSplitter]], memory: Memory) -> None:
        """Put pages in the place of those with these titles; each page's own splitter is remembered as well."""
        shown = self.tabs.currentIndex()
        quiet = QSignalBlocker(self.tabs)  # on the way each page is in front for a moment, and would be filled for it
        titles = [self.tabs.tabText(index) for index in range(self.tabs.count())]
        for title, (page, splitter) in pages.items():
            index = titles.index(title)
            empty = self.tabs.widget(index)
            self.tabs.removeTab(index)
            self.tabs.insertTab(index, page, title)
            if empty is not None:
                empty.deleteLater()
            splitter.restoreState(memory.read_bytes(f"{title.lower()}_tab"))
            self._splitters[f"{title.lower()}_tab"] = splitter
        self.tabs.setCurrentIndex(shown)
        quiet.unblock()

    def recall(self, memory: Memory) -> None:
        """Take up what was remembered."""
        for name, splitter in self._splitters.items():
            splitter.restoreState(memory.read_bytes(name))
        self.tabs.setCurrentIndex(int(memory.read_number("tab", 0)))

    def remember(self, memory: Memory) -> None:
        """Keep it for the next start."""
        for name, splitter in self._splitters.items():
            memory.write_bytes(name, splitter.saveState())
        memory.write("tab", str(self.tabs.currentIndex()))
