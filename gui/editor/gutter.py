"""The numbers beside a text that somebody types. In the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt, Slot
from PySide6.QtGui import QPainter

from gui.widgets.source_view import LineNumbers

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from gui.editor.code_edit import CodeEdit
    from gui.theme.theme import Theme


class Gutter(LineNumbers):
    """The numbers beside a text; the caret's stands out, and a line that is wrong has a mark."""

    _lines = 0

    def __init__(self, theme: Theme, text: CodeEdit) -> None:
        super().__init__(theme, text)
        self._code = text
        text.line_changed.connect(self.update)
        text.marks_changed.connect(self.update)
        theme.changed.connect(self.restyle)

    @Slot()
    def fit(self) -> None:
        """Be as wide as the largest number; as long as there are as many lines, nothing is painted again."""
        if self._lines != (lines := self._text.document().blockCount()):
            self._lines = lines
            super().fit()

    @Slot()
    def restyle(self) -> None:
        super().fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        code, block = self._code, self._code.firstVisibleBlock()
        wrong, here = {mark.line for mark in code.marks.values()}, code.textCursor().blockNumber() + 1
        top = code.blockBoundingGeometry(block).translated(code.contentOffset()).top() + code.viewport().y()
        bad, text, muted = map(self._theme.color, ("bad", "text", "muted"))
        seen = code.viewport().geometry()
        with QPainter(self) as painter:
            painter.setClipRect(0, seen.y(), self.width(), seen.height())  # none beside a scroll bar
            painter.setFont(self._theme.numbers_font(0.9))
            while block.isValid() and top < self.height():
                line, high = block.blockNumber() + 1, code.blockBoundingRect(block).height()
                place = QRectF(4, top, self.width() - 10, high)
                painter.setPen(bad if line in wrong else text if line == here else muted)
                painter.drawText(place, Qt.AlignmentFlag.AlignRight, str(line))
                if line in wrong:
                    painter.drawText(place, Qt.AlignmentFlag.AlignLeft, "✕")
                block, top = block.next(), top + high
