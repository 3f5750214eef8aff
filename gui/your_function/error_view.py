"""What went wrong in a person's own function: the error, and the lines of theirs that led to it. In the GUI thread."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QFont, QPalette
from PySide6.QtWidgets import QFrame, QPushButton, QScrollArea, QVBoxLayout, QWidget

from gui.widgets.code_block import CodeBlock
from gui.widgets.fields import named, note
from gui.widgets.panels import fill, set_text_color
from workers.utils.formatting import error_line

if TYPE_CHECKING:
    from gui.theme.theme import Theme

AROUND = 3
"""So many lines before the one that went wrong are shown, and as many after it."""

_FRAME = re.compile(r'^\s*File "(.+)", line (\d+)(?:, in (.+))?$', re.M)


class Step(NamedTuple):
    """A line of the person's on the way to the error."""

    path: Path
    line: int
    function: str


class FunctionError(NamedTuple):
    """An error in somebody's own code.

    Attributes:
        where: what was tried, in a few words: "on QThread".
        text: the whole traceback, or a sentence.
    """

    where: str
    text: str


class TroubleView(QScrollArea):
    """The error in bold, the person's lines with the guilty one marked, and below them the whole traceback.

    Attributes:
        headline: the error.
        unfold: shows the whole traceback.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._trouble: FunctionError | None = None
        self._path = Path()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.viewport().setBackgroundRole(QPalette.ColorRole.Base)
        self.setAccessibleName("Error of the function")
        theme.changed.connect(self.restyle)

    def show_trouble(self, trouble: FunctionError, path: Path) -> None:
        """Show an error; `path` is the file whose lines are the person's."""
        self._trouble, self._path = trouble, path
        self.restyle()

    @Slot()
    def restyle(self) -> None:
        trouble = self._trouble
        if trouble is None:
            return
        inner = QWidget()
        inner.setBackgroundRole(QPalette.ColorRole.Base)
        self.headline, where = note(), note()
        self.headline.setForegroundRole(QPalette.ColorRole.WindowText)
        set_text_color(self.headline, self._theme.color("bad"))
        bold = self._theme.numbers_font(1.1)
        bold.setWeight(QFont.Weight.DemiBold)
        self.headline.setFont(bold)
        self.headline.setText(f"✕ {error_line(trouble.text)}")
        steps = own_steps(trouble.text, self._path)
        where.setText(where_words(trouble, steps))
        column = fill(QVBoxLayout(inner), self.headline, where, margins=(12, 8, 12, 8), spacing=6)
        for step in steps[-2:]:  # the line that was reached last, and who called it
            lines, marked = source_around(step)
            if lines:
                column.addWidget(CodeBlock(self._theme, lines, marked, f"{step.path.name}, line {step.line}"))
        self.unfold = named(QPushButton("The whole traceback"), "link")
        self.unfold.setCheckable(True)
        whole = CodeBlock(self._theme, trouble.text.rstrip("\n"), -1, "Traceback")
        whole.hide()
        self.unfold.toggled.connect(whole.setVisible)
        self.unfold.setVisible("\n" in trouble.text.strip())
        column.addWidget(self.unfold, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(whole)
        column.addStretch(1)
        self.setWidget(inner)


def own_steps(trace: str, path: Path) -> list[Step]:
    """The lines of a traceback that are in the person's file or beside it, the outermost first."""
    found = []
    for match in _FRAME.finditer(trace):
        file = Path(match[1])
        if file == path or (path.parent in file.parents and "site-packages" not in file.parts):
            found.append(Step(file, int(match[2]), match[3] or ""))
    return found


def own_line(trace: str, path: Path) -> int:
    """The last line of a traceback that is in this file, from 1 on; 0 where none is."""
    return next((step.line for step in reversed(own_steps(trace, path)) if step.path == path), 0)


def where_words(trouble: FunctionError, steps: list[Step]) -> str:
    """Where it went wrong: "pictures.py, line 14, in resize, on QThread"."""
    if not steps:
        return f"It went wrong {trouble.where}." if trouble.where else ""
    last = steps[-1]
    inside = f", in {last.function}" if last.function and not last.function.startswith("<") else ""
    return f"{last.path.name}, line {last.line:,}{inside}" + (f", {trouble.where}" if trouble.where else "")


def source_around(step: Step) -> tuple[str, int]:
    """The lines around one, with their numbers, and which of them is that one; nothing where there is no such file."""
    try:
        lines = step.path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return "", -1
    first, last = max(1, step.line - AROUND), min(len(lines), step.line + AROUND)
    width = len(str(last))
    shown = [
        f"{'>' if number == step.line else ' '} {number:>{width}}  {lines[number - 1]}"
        for number in range(first, last + 1)
    ]
    return "\n".join(shown), step.line - first if first <= step.line <= last else -1
