"""The gallery's grid with a picture that is chosen: to be opened large, copied and saved. In the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QPainter, QPen
from PySide6.QtWidgets import QMenu

from gui.controllers.background import Asker
from gui.gallery.grid import PictureGrid
from gui.gallery.viewer import PictureViewer, copy, save

if TYPE_CHECKING:
    from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent, QMouseEvent, QPaintEvent

    from gui.theme.theme import Theme


class PictureChooser(PictureGrid):
    """A click or Return opens a picture large; the arrows choose it.

    Attributes:
        current: the serial number of the one that the keyboard is at.

    Signals:
        said: what was done with a picture, in a sentence.
    """

    said = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.current = 0
        self._reader = Asker("picture reader", self)
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor)

    def clear(self) -> None:
        self.current = 0
        super().clear()

    def choose(self, serial: int) -> None:
        """Go to a picture with the keyboard, and bring it into view."""
        self.current = min(max(serial, self.first_kept), self.total - 1)
        self.setAccessibleDescription(self.picture(self.current).name)
        bar, row = self.verticalScrollBar(), self.current // self._columns - self.first_kept // self._columns
        bar.setValue(min(row, max(bar.value(), row - self.whole_rows + 1)))
        self.viewport().update()

    @Slot()
    def open_current(self) -> None:
        """Show the current picture large."""
        first = self.first_kept
        viewer = PictureViewer(
            self, self._reader, [one.picture for one in self._thumbnails], self.current - first
        )
        viewer.said.connect(self.said)
        viewer.open()

    @Slot()
    def copy_current(self) -> None:
        self.said.emit(copy(self.picture(self.current)))

    @Slot()
    def save_current(self) -> None:
        save(self, self.picture(self.current), self.said.emit)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        found = self.at(event.position().toPoint())
        if found is not None and event.button() == Qt.MouseButton.LeftButton:
            self.choose(found)
            self.open_current()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = Qt.Key
        steps = {
            keys.Key_Left: -1,
            keys.Key_Right: 1,
            keys.Key_Up: -self._columns,
            keys.Key_Down: self._columns,
        }
        steps |= {keys.Key_Home: -self.total, keys.Key_End: self.total}
        key = Qt.Key(event.key())
        if not self.total:
            super().keyPressEvent(event)
        elif key in steps:
            self.choose(self.current + steps[key])
        elif key in {keys.Key_Return, keys.Key_Enter, keys.Key_Space}:
            self.choose(self.current)
            self.open_current()
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy_current()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """For the picture under the mouse; by the keyboard for the current one."""
        by_mouse = event.reason() == event.Reason.Mouse
        found = self.at(event.pos()) if by_mouse else self.current
        if found is None or not self.total:
            return
        self.choose(found)
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for text, slot in (
            ("Open", self.open_current),
            ("Copy", self.copy_current),
            ("Save…", self.save_current),
        ):
            menu.addAction(text).triggered.connect(slot)
        menu.popup(event.globalPos() if by_mouse else self.viewport().mapToGlobal(self.cell(found).center()))

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint as ever, and a frame around the current one while the keyboard is here."""
        super().paintEvent(event)
        if self.hasFocus() and self.first_kept <= self.current < self.total:
            with QPainter(self.viewport()) as painter:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.setPen(QPen(self._theme.color("accent"), 2))
                painter.drawRoundedRect(self.cell(self.current).adjusted(-4, -4, 4, 2), 4, 4)
