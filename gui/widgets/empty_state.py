"""What a panel shows before it has anything to show: what will appear there, and how to make it appear."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from gui.theme.theme import Theme

MAX_WIDTH = 560
"""The hint is broken into lines of at most this many pixels: longer ones are hard to read."""


class EmptyState(QWidget):
    """A title and a hint, in the middle of the panel. Painted, not laid out: it costs nothing until it is seen."""

    def __init__(self, theme: Theme, title: str, hint: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.title = self.hint = ""
        self.say(title, hint)
        theme.changed.connect(self.update)

    def say(self, title: str, hint: str) -> None:
        """Show another title and hint; nothing is painted where they are the same."""
        if (title, hint) != (self.title, self.hint):
            self.title, self.hint = title, hint
            self.setAccessibleName(f"{title}. {hint}")
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            bold = QFont(self.font())
            bold.setWeight(QFont.Weight.DemiBold)
            wrap = Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap
            width = min(MAX_WIDTH, self.width() - 32)
            left = (self.width() - width) // 2
            painter.setFont(bold)
            title = painter.boundingRect(QRect(left, 0, width, 1000), wrap, self.title)
            painter.setFont(self.font())
            hint = painter.boundingRect(QRect(left, 0, width, 1000), wrap, self.hint)
            top = max(4, (self.height() - title.height() - 8 - hint.height()) // 2)
            painter.setPen(self._theme.color("muted"))
            painter.drawText(QRect(left, top + title.height() + 8, width, hint.height()), wrap, self.hint)
            painter.setFont(bold)
            painter.setPen(self._theme.color("text"))
            painter.drawText(QRect(left, top, width, title.height()), wrap, self.title)
