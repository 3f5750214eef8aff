"""The line below the list of downloads: how much is done, how fast, and how long it will take. In the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Slot
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from gui.downloads.texts import Overall, overall
from gui.widgets.elided import ElidedLabel
from gui.widgets.panels import fill

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from gui.theme.theme import Theme

BAR_WIDTH, BAR_HEIGHT = 160, 6
"""In pixels at a text scale of 1."""


class _Bar(QWidget):
    """How many are done, have failed and run, of all: beside each other in the colours of these states."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.now = Overall()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Progress of all downloads")

    def sizeHint(self) -> QSize:
        """Not wider where texts are very large: they need the room."""
        return QSize(BAR_WIDTH, BAR_HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            width, height, now = self.width(), self.height(), self.now
            painter.fillRect(0, 0, width, height, self._theme.color("border"))
            painter.fillRect(1, 1, width - 2, height - 2, self._theme.color("raised"))
            begin = 0
            for count, role in ((now.done, "good"), (now.failed, "bad"), (now.running, "accent")):
                # Whatever there is of a state can be seen, be it one of ten thousand.
                end = min(width, max(begin + 2, begin + round(width * count / now.total))) if count else begin
                painter.fillRect(begin, 0, end - begin, height, self._theme.color(role))
                begin = end


class DownloadsBar(QWidget):
    """A text and a bar.

    Attributes:
        label: the text.
        bar: green what is done, red what has failed, the accent what runs.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.label = ElidedLabel()
        self.label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.label.setAccessibleName("All downloads")
        self.bar = _Bar(theme)
        fill(QHBoxLayout(self), (self.label, 1), self.bar, margins=(8, 6, 12, 8), spacing=16)
        theme.changed.connect(self._dress)
        self._dress()

    def show_overall(self, now: Overall) -> None:
        """Show other figures; nothing is painted where they are the same."""
        if now == self.bar.now:
            return
        self.bar.now = now
        text = overall(now)
        self.label.setText(text)
        self.label.setToolTip(text)
        self.bar.setAccessibleDescription(text)
        self.bar.update()

    @Slot()
    def _dress(self) -> None:
        self.label.setFont(self._theme.numbers_font())
        self.bar.update()
