"""A source file as it lies on the disk and as it runs: with numbers, opened where it begins to matter.

Pygments is imported, and the files are read, when one is seen for the first time.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, QRect, Qt, QTimer, Slot
from PySide6.QtGui import (
    QFont,
    QFontDatabase,
    QGuiApplication,
    QPainter,
    QPalette,
    QTextCursor,
    QTextOption,
)
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QPushButton, QTextEdit, QWidget

from gui.widgets.code_block import SELECTABLE, ground
from gui.widgets.elided import ElidedLabel
from gui.widgets.fields import describe
from gui.widgets.panels import fill, pile
from workers.monitors import syntax

if TYPE_CHECKING:
    from PySide6.QtGui import QColor, QPaintEvent

    from gui.theme.theme import Theme
    from workers.catalog.entry import Entry

AnyText = QTextEdit | QPlainTextEdit

LONG_DOCSTRING = 6
"""More lines than this would fill a small pane."""

NOTE = "The code that you read is the code that runs."


class SourceView(QWidget):
    """One file: its name, a button that copies it, and its text, which can be selected but not changed.

    Attributes:
        source: the text.
        lines: those that matter, from 1 on; they are marked.
    """

    def __init__(self, theme: Theme, kind: str, heading: QWidget | None = None) -> None:
        """Make it; `kind` says what it is of, and `heading` stands in the place of its title."""
        super().__init__()
        self._theme, self._kind = theme, kind
        self._entry: Entry | None = None
        self.source = ""
        self.lines: list[int] = []
        self.title, self.where = ElidedLabel(), ElidedLabel(Qt.TextElideMode.ElideLeft)
        self.where.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.copy_button = QPushButton("Copy")
        describe(self.copy_button, f"Copy the code of the {kind}", f"Copy the whole file of the {kind}")
        self.copy_button.clicked.connect(self.copy)
        self.text = QTextEdit(readOnly=True, textInteractionFlags=SELECTABLE)
        self.text.setFrameShape(QFrame.Shape.NoFrame)
        self.text.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.text.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.text.setAccessibleName(f"Code of the {kind}")
        # Only a person's own moves: from then on it stays where it is.
        self.text.verticalScrollBar().actionTriggered.connect(self._stay)
        # When all is laid out: lines are broken elsewhere while that goes on.
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self._scroll)
        self.text.verticalScrollBar().rangeChanged.connect(self._scroll_soon)
        self._first = 0
        beside = (self.title, self.where, None) if heading is None else ((heading, 1), self.where)
        bar = fill(QHBoxLayout(), *beside, self.copy_button, margins=(12, 4, 8, 4), spacing=12)
        body = QWidget()
        fill(QHBoxLayout(body), LineNumbers(theme, self.text), (self.text, 1))
        pile(self, bar, (body, 1))

    def show_entry(self, entry: Entry) -> None:
        """Read the file and show it, scrolled as it is where it is the same file; else where it begins to matter."""
        try:
            in_c = entry.own is not None and entry.own.in_c
            source = (
                "# It is written in C." if in_c else entry.path.read_text(encoding="utf-8", errors="replace")
            )
        except OSError as error:
            source = f"# {entry.path.name} cannot be read: {error.strerror}"
        self.show_source(entry, source)

    def show_source(self, entry: Entry, source: str) -> None:
        """Show a text that was read already, as `show_entry` does."""
        self.lines = lines_that_matter(source, entry.function.rpartition(".")[2])
        if entry != self._entry:
            self._entry, self._first = entry, _first_to_read(self.lines)
        self.source = source
        self.render_source()

    def render_source(self) -> None:
        """Colour the text for light or dark; one call into Qt, for each one gives up the GIL."""
        if self._entry is None:
            return
        name = self._entry.path.name
        bold = QFont(self.font())
        bold.setWeight(QFont.Weight.DemiBold)
        self.title.setFont(bold)
        self.title.setText(self._entry.title)
        self.where.setText(name)
        for label in (self.title, self.where):
            label.setToolTip(f"{self._entry.title}, {self._kind}\n{self._entry.path}\n{NOTE}")
        # The file's name stays in sight: what is cut is the title.
        self.where.setMinimumWidth(self.where.fontMetrics().horizontalAdvance(name) + 2)
        place = self.text.verticalScrollBar().value()
        fill_code(self.text, self.source, self._theme, self.font().pointSizeF())
        self.text.verticalScrollBar().setValue(place)
        mark_lines(self.text, self.lines, self._theme.color("selection"))
        self._scroll_soon()

    @Slot()
    def _scroll_soon(self) -> None:
        self._later.start()

    @Slot()
    def _scroll(self) -> None:
        """Bring the first line that matters near the top, until a person scrolls."""
        if self._first:
            scroll_to(self.text, self._first)

    @Slot()
    def _stay(self) -> None:
        self._first = 0

    @Slot()
    def copy(self) -> None:
        QGuiApplication.clipboard().setText(self.source)


def lines_that_matter(source: str, name: str) -> list[int]:
    """Of a runner how it starts and where it drives tasks, of work what it does between two yields; from 1 on.

    Args:
        source: the file.
        name: the file's or the function's.
    """
    try:
        tree = syntax.parse(source)
    except (SyntaxError, ValueError):
        return []
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    found: set[int] = set()
    for node in functions:
        if node.name in {"start", name}:
            body = node.body[ast.get_docstring(node) is not None :]
            found |= {node.lineno, *(line for one in body for line in range(one.lineno, _end(one) + 1))}
    if any(node.name == "start" for node in functions):
        lines = enumerate(source.split("\n"), 1)
        found |= {number for number, line in lines if re.match(r"\s.*\bdrive\w*\(", line)}
    return sorted(found)


def _first_to_read(lines: list[int]) -> int:
    """The first of these lines; of a function with a long docstring what comes after that."""
    first, *others = lines or [1]
    return others[0] if others and others[0] - first > LONG_DOCSTRING else first


def _end(node: ast.stmt) -> int:
    return node.end_lineno or node.lineno


def mark_lines(view: QTextEdit, lines: list[int], color: QColor) -> None:
    """Give these lines, from 1 on, another ground."""
    marks = []
    for line in lines:
        cursor = cursor_at(view, line)
        cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
        marks.append(ground(cursor, color))
    view.setExtraSelections(marks)


def cursor_at(view: AnyText, line: int) -> QTextCursor:
    """Before the first letter of a line, from 1 on."""
    return QTextCursor(view.document().findBlockByNumber(max(0, line - 1)))


def scroll_to(view: QTextEdit, line: int) -> None:
    """Let a line stand near the top, below one or two of those before it."""
    bar = view.verticalScrollBar()
    here = view.cursorRect(cursor_at(view, line)).top() + bar.value() if line >= 3 else 0
    bar.setValue(here - 2 * view.fontMetrics().lineSpacing())


class LineNumbers(QWidget):
    """The numbers of the lines of a text that stands to the right of it; only those in sight are painted."""

    def __init__(self, theme: Theme, text: AnyText) -> None:
        super().__init__()
        self._theme, self._text = theme, text
        text.verticalScrollBar().valueChanged.connect(self.update)
        text.document().documentLayout().documentSizeChanged.connect(self.fit)
        self.fit()

    @Slot()
    def fit(self) -> None:
        """Be as wide as the largest number."""
        digits = max(3, len(str(self._text.document().blockCount())))
        self.setFixedWidth(self.fontMetrics().horizontalAdvance("8" * digits) + 14)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        block = self._text.cursorForPosition(QPoint(0, 0)).block()
        with QPainter(self) as painter:
            painter.setFont(self._theme.numbers_font(0.9))
            painter.setPen(self._theme.color("muted"))
            while block.isValid():
                line = self._text.cursorRect(QTextCursor(block))
                if line.top() > self.height():
                    break
                place = QRect(0, line.top(), self.width() - 6, line.height())
                painter.drawText(place, Qt.AlignmentFlag.AlignRight, str(block.blockNumber() + 1))
                block = block.next()


def fill_code(view: QTextEdit, source: str, theme: Theme, points: float, margin: int = 12) -> None:
    """Show a program in colours that suit light or dark.

    Args:
        view: shows it.
        source: the program.
        theme: the colours.
        points: the size of the letters.
        margin: around the text, in pixels.
    """
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import PythonLexer

    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setPointSizeF(max(7.0, points))
    view.document().setDefaultFont(font)
    view.document().setDocumentMargin(margin)
    formatter = HtmlFormatter(style=code_style(theme), noclasses=True, nowrap=True)
    lines = highlight(source, PythonLexer(stripnl=False), formatter)
    # The first end of a line is none of the text in HTML: without it a blank line at the top would be lost.
    view.setHtml(
        f"<pre style='margin:0; white-space:pre-wrap; font-family:\"{font.family()}\"'>\n{lines}</pre>"
    )


def code_style(theme: Theme) -> Any:
    """A style for Pygments out of the theme's own colours: calm, and readable in light and in dark."""
    from pygments.style import Style
    from pygments.token import Comment, Keyword, Name, Number, Operator, String

    muted, accent, good, warn = (theme.color(role).name() for role in ("muted", "accent", "good", "warn"))
    styles = {
        Comment: f"italic {muted}",
        String: good,
        String.Doc: f"italic {muted}",
        Keyword: accent,
        Operator.Word: accent,
        Name.Decorator: warn,
        Name.Class: "bold",
        Name.Function: "bold",
        Number: warn,
    }
    return type("ThawStyle", (Style,), {"styles": styles})
