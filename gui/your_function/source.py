"""Python code, read-only, coloured as on the page Code. In the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Slot
from PySide6.QtWidgets import QTextEdit, QWidget

from gui.widgets.code_block import SELECTABLE
from gui.widgets.source_view import fill_code

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent

    from gui.theme.theme import Theme


class CodePane(QWidget):
    """Some code. Nothing is coloured before it can be seen: Pygments is loaded then, not before.

    Attributes:
        source: the code.
        text: shows it.
    """

    SIZE, MARGIN = 1.0, 12
    """The size of its letters, as a part of ordinary ones, and what is left free around them, in pixels."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self.theme = theme
        self.source = ""
        self._is_due = False
        self.text = QTextEdit(readOnly=True, textInteractionFlags=SELECTABLE, tabChangesFocus=True)
        self.text.setLineWrapMode(QTextEdit.LineWrapMode.NoWrap)
        self.text.setFrameShape(QTextEdit.Shape.NoFrame)
        self.text.setAccessibleName(name)
        theme.changed.connect(self.restyle)

    def render_code(self) -> None:
        """Put the code into `text`; for when it can be seen."""
        fill_code(self.text, self.source, self.theme, self.font().pointSizeF() * self.SIZE, self.MARGIN)

    @Slot()
    def restyle(self) -> None:
        """Take up the code, the theme's colours and the text size, now or once it can be seen."""
        self._is_due = not self.isVisible()
        if not self._is_due:
            self.render_code()

    def showEvent(self, event: QShowEvent) -> None:
        if self._is_due:
            self.restyle()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.restyle()
