"""Python code, read-only, coloured as on the page Code; and the source of a person's file. In the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Slot
from PySide6.QtWidgets import QHBoxLayout, QTextEdit, QWidget

from gui.widgets.code_block import SELECTABLE
from gui.widgets.panels import fill
from gui.widgets.source_view import LineNumbers, fill_code, mark_lines, scroll_to

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent

    from gui.theme.theme import Theme
    from gui.your_function.file import OwnFile

MAX_LINES = 2000
"""To colour more would take the window's time; what is left out is told."""


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


class OwnSource(CodePane):
    """Shows a file from a line on."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "Source of your file")
        self._line = self._wrong = 0
        fill(QHBoxLayout(self), LineNumbers(theme, self.text), (self.text, 1))

    def show_file(self, file: OwnFile) -> None:
        """Show what a file holds; a line that Python cannot read is marked."""
        lines = file.source.split("\n")
        if len(lines) > MAX_LINES:
            lines[MAX_LINES:] = ["", f"# … and {len(lines) - MAX_LINES:,} lines more"]
        self.source = "\n".join(lines)
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

    def render_code(self) -> None:
        super().render_code()
        mark_lines(self.text, [self._wrong] if self._wrong else [], self.theme.bands()[-1][1])
        self._scroll()

    def _scroll(self) -> None:
        scroll_to(self.text, self._line)
