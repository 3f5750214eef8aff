"""The menu of runners: what each is called, when to use it, and why it is not available. In the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QComboBox

from gui.widgets.fields import Menu
from gui.widgets.two_lines import MARGIN, NAME_ROLE, SENTENCE_ROLE, TwoLines
from workers.engine.plan import BLOCKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gui.theme.theme import Theme
    from workers.catalog.entry import Entry

MARKER = 12
"""Pixels of a runner's marker at a text scale of 1."""


class RunnerMenu(Menu):
    """All runners but the GUI thread, which is the toggle's; each with its marker and a sentence in the open list."""

    def __init__(self, theme: Theme, runners: Mapping[str, Entry]) -> None:
        super().__init__()
        self._theme = theme
        self._lines = TwoLines(theme)
        self.setItemDelegate(self._lines)
        for name, entry in runners.items():
            if name != BLOCKING:
                self._add_runner(entry)

    def _add_runner(self, entry: Entry) -> None:
        self.add(entry.name, entry.title, entry.missing)
        at, sentence = self.count() - 1, when_to_use(entry)
        self.setItemData(at, entry.title, NAME_ROLE)
        self.setItemData(at, sentence, SENTENCE_ROLE)
        self.setItemData(at, sentence, Qt.ItemDataRole.ToolTipRole)
        self.setItemData(at, sentence, Qt.ItemDataRole.AccessibleDescriptionRole)

    def fit(self) -> None:
        """Draw the markers in the theme's colours and in the size of the texts."""
        size = round(MARKER * self._theme.text_scale)
        self.setIconSize(QSize(size, size))
        for at in range(self.count()):
            icon = self._theme.runner_icon(self.itemData(at), size, self.devicePixelRatioF())
            self.setItemIcon(at, icon)

    def showPopup(self) -> None:
        """Make the list as wide as its entries."""
        self.view().setMinimumWidth(max(self.width(), self._lines.width + 2 * MARGIN))
        QComboBox.showPopup(self)  # not the menu's own, which measures what is never shown there


def when_to_use(entry: Entry) -> str:
    """When to use a runner, in a sentence; where it is not available, why."""
    if entry.missing:
        return f"Not available here: it {entry.missing}."
    return str(entry.constants.get("WHEN", entry.summary))
