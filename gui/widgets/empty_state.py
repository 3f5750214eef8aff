"""What a panel shows before it has anything to show: what will appear there, and how to make it appear."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt, Slot
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QPushButton, QWidget

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QPaintEvent, QResizeEvent, QShowEvent

    from gui.theme.theme import Theme

MAX_WIDTH = 560
"""The hint is broken into lines of at most this many pixels: longer ones are hard to read."""

WRAP = int(Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap)
GAP = 12


class EmptyState(QWidget):
    """A title and a hint, in the middle of the panel. Painted, not laid out: it costs nothing until it is seen.

    Attributes:
        title: what will appear; `hint` how.
        button: the next step; None where nobody offered one.
    """

    def __init__(self, theme: Theme, title: str, hint: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.title = self.hint = ""
        self.button: QPushButton | None = None
        self.say(title, hint)
        theme.changed.connect(self._arrange)

    def offer(self, text: str, step: Callable[[], object]) -> None:
        """Put a button for the next step below the hint."""
        self.button = QPushButton(text, self)
        self.button.clicked.connect(step)
        self._arrange()

    def set_free(self, is_free: bool) -> None:
        """Whether anything may start now, and so the next step be taken."""
        if self.button is not None:
            self.button.setEnabled(is_free)

    def say(self, title: str, hint: str, offers: bool = True) -> None:
        """Show another title and hint, and whether there is a next step; nothing is painted where they are the same."""
        if self.button is not None:
            self.button.setVisible(offers)
        if (title, hint) != (self.title, self.hint):
            self.title, self.hint = title, hint
            self.setAccessibleName(f"{title}. {hint}")
            self._arrange()

    def _places(self) -> tuple[QFont, QRect, QRect]:
        """The title's font, and where title and hint stand."""
        bold = QFont(self.font())
        bold.setWeight(QFont.Weight.DemiBold)
        width = min(MAX_WIDTH, self.width() - 32)
        room = QRect((self.width() - width) // 2, 0, width, 1000)
        title = QFontMetrics(bold).boundingRect(room, WRAP, self.title).height()
        hint = self.fontMetrics().boundingRect(room, WRAP, self.hint).height()
        below = self.button.sizeHint().height() + GAP if self.button is not None else 0
        top = max(4, (self.height() - title - 8 - hint - below) // 2)
        return bold, QRect(room.x(), top, width, title), QRect(room.x(), top + title + 8, width, hint)

    @Slot()
    def _arrange(self) -> None:
        if self.button is not None:
            size = self.button.sizeHint()
            self.button.resize(size)
            self.button.move((self.width() - size.width()) // 2, self._places()[2].bottom() + GAP)
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()

    def showEvent(self, event: QShowEvent) -> None:
        """Only what is shown knows how much room the style sheet wants."""
        self._arrange()

    def paintEvent(self, event: QPaintEvent) -> None:
        bold, title, hint = self._places()
        with QPainter(self) as painter:
            painter.setPen(self._theme.color("muted"))
            painter.drawText(hint, WRAP, self.hint)
            painter.setFont(bold)
            painter.setPen(self._theme.color("text"))
            painter.drawText(title, WRAP, self.title)
