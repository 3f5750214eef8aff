"""A frame around a part of the window that says "here it is", and fades. In the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Slot
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from gui.theme.theme import Theme

WIDTH = 3
FADES = (1.0, 1.0, 1.0, 0.7, 0.4)
"""How strong it is, for FADE_MS each: it is painted anew a few times, and not with each frame."""

FADE_MS = 600


class Outline(QWidget):
    """Marks a widget, and removes itself. Clicks go through it."""

    def __init__(self, theme: Theme, target: QWidget) -> None:
        super().__init__(target)
        self._theme, self._at = theme, 0
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._timer = QTimer(self, interval=FADE_MS)
        self._timer.timeout.connect(self._fade)
        target.installEventFilter(self)
        self.resize(target.size())
        self.show()
        self.raise_()
        self._timer.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay as large as what is marked: that may be laid out only now."""
        if event.type() is QEvent.Type.Resize and isinstance(watched, QWidget):
            self.resize(watched.size())
            self.raise_()
        return False

    @Slot()
    def _fade(self) -> None:
        self._at += 1
        if self._at == len(FADES):
            self._timer.stop()
            self.hide()
            self.deleteLater()
        else:
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setPen(QPen(self._theme.color("accent", FADES[self._at]), WIDTH))
            half = WIDTH // 2
            painter.drawRect(self.rect().adjusted(half, half, -half - 1, -half - 1))
