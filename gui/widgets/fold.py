"""A part of a panel that folds away behind a line of text. In the GUI thread."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QToolButton, QVBoxLayout, QWidget

from gui.widgets.fields import named
from gui.widgets.panels import Item, fill


class Fold(QWidget):
    """A line to click, and below it what it opens; closed at first.

    Attributes:
        line: the button.
        content: what is folded away.
    """

    def __init__(self, title: str, *items: Item | int) -> None:
        super().__init__()
        self.line = named(QToolButton(autoRaise=True), "fold")
        self.line.setText(title)
        self.line.setCheckable(True)
        self.line.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.line.setArrowType(Qt.ArrowType.RightArrow)
        self.line.setAccessibleName(title)
        self.content = QWidget()
        fill(QVBoxLayout(self.content), *items, spacing=6)
        self.content.hide()
        self.line.toggled.connect(self._show)
        fill(QVBoxLayout(self), self.line, self.content, spacing=6)

    @property
    def is_open(self) -> bool:
        return self.line.isChecked()

    def set_open(self, is_open: bool) -> None:
        self.line.setChecked(is_open)

    @Slot(bool)
    def _show(self, is_open: bool) -> None:
        self.line.setArrowType(Qt.ArrowType.DownArrow if is_open else Qt.ArrowType.RightArrow)
        self.content.setVisible(is_open)
