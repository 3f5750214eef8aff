"""The source of a person's file, read-only, coloured as in the Code tab. In the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtGui import QTextCursor, QTextFormat
from PySide6.QtWidgets import QTextEdit, QVBoxLayout, QWidget

from gui.widgets.source_view import fill_code

if TYPE_CHECKING:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QShowEvent

    from gui.theme.theme import Theme
    from gui.your_function.file import OwnFile

MAX_LINES = 2000
"""To colour more would take the window's time; what is left out is told."""


class OwnSource(QWidget):
    """Shows a file from a line on. Nothing is coloured before it can be seen."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._source = ""
        self._line = self._wrong = 0
        self._is_due = False
        self.text = QTextEdit()
        self.text.setReadOnly(True)
        self.text.setFrameShape(QTextEdit.Shape.NoFrame)
        self.text.setLineWrapMode(QTextEdit.LineWrapMode.NoWrap)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName("Source of your file")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.text)
        theme.changed.connect(self.restyle)

    def show_file(self, file: OwnFile) -> None:
        """Show what a file holds; a line that Python cannot read is marked."""
        lines = file.source.split("\n")
        if len(lines) > MAX_LINES:
            lines[MAX_LINES:] = ["", f"# … and {len(lines) - MAX_LINES:,} lines more"]
        self._source = "\n".join(lines)
        self._wrong = file.problem_line
        self._line = file.problem_line or min(self._line, len(lines))
        self.restyle()

    @Slot()
    def forget_line(self) -> None:
        """Another file comes: it is shown from its top on."""
        self._line = 0

    def show_line(self, line: int) -> None:
        """Bring a line to the top, from 1 on."""
        self._line = line
        if not self._is_due:
            self._scroll()

    def showEvent(self, event: QShowEvent) -> None:
        """Colour what was not coloured while nobody could see it."""
        if self._is_due:
            self.restyle()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == event.Type.FontChange:
            self.restyle()

    @Slot()
    def restyle(self) -> None:
        self._is_due = not self.isVisible()
        if self._is_due:
            return
        fill_code(self.text, self._source, self._theme, self.font().pointSizeF())
        marks = []
        if self._wrong:
            mark = QTextEdit.ExtraSelection()
            mark.cursor = self._at(self._wrong)
            mark.format.setBackground(self._theme.bands()[-1][1])
            mark.format.setProperty(QTextFormat.Property.FullWidthSelection, True)
            marks.append(mark)
        self.text.setExtraSelections(marks)
        self._scroll()

    def _at(self, line: int) -> QTextCursor:
        return QTextCursor(self.text.document().findBlockByNumber(max(0, line - 1)))

    def _scroll(self) -> None:
        """The line stands near the top, below one or two of those before it."""
        bar = self.text.verticalScrollBar()
        if self._line < 3:
            bar.setValue(0)
            return
        here = self.text.cursorRect(self._at(self._line)).top() + bar.value()
        bar.setValue(here - 2 * self.text.fontMetrics().lineSpacing())
