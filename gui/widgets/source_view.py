"""The Code tab: the source files of the chosen runner and workload, as they lie on the disk and as they run.

Pygments is imported, and the files are read, when the tab is seen for the first time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication, QPalette, QTextOption
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPushButton,
    QTextEdit,
    QWidget,
)

from gui.widgets.code_block import SELECTABLE
from gui.widgets.elided import ElidedLabel
from gui.widgets.fields import describe
from gui.widgets.panels import fill, pile

if TYPE_CHECKING:
    from gui.theme.theme import Theme
    from workers.catalog.entry import Entry

NOTE = "The code that you read is the code that runs."


class SourceView(QWidget):
    """One file: its name, a button that copies it, and its text, which can be selected but not changed."""

    def __init__(self, theme: Theme, kind: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._kind = theme, kind
        self._entry: Entry | None = None
        self.source = ""
        self.title, self.where = ElidedLabel(), ElidedLabel(Qt.TextElideMode.ElideLeft)
        self.where.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.copy_button = QPushButton("Copy")
        describe(self.copy_button, f"Copy the code of the {kind}", f"Copy the whole file of the {kind}")
        self.copy_button.clicked.connect(self.copy)
        self.text = QTextEdit(
            readOnly=True, textInteractionFlags=SELECTABLE, lineWrapMode=QTextEdit.LineWrapMode.NoWrap
        )
        self.text.setFrameShape(QFrame.Shape.NoFrame)
        self.text.setWordWrapMode(QTextOption.WrapMode.NoWrap)
        self.text.setAccessibleName(f"Code of the {kind}")
        bar = fill(
            QHBoxLayout(), self.title, self.where, None, self.copy_button, margins=(12, 4, 8, 4), spacing=12
        )
        pile(self, bar, self.text)

    def show_entry(self, entry: Entry) -> None:
        """Read the file and show it, scrolled as it is where it is the same file."""
        try:
            source = entry.path.read_text(encoding="utf-8", errors="replace")
        except OSError as error:
            source = f"# {entry.path.name} cannot be read: {error.strerror}"
        self.show_source(entry, source)

    def show_source(self, entry: Entry, source: str) -> None:
        """Show a text that was read already, scrolled as it is where it is of the same file."""
        if entry != self._entry:
            self._entry = entry
            self.text.verticalScrollBar().setValue(0)
        self.source = source
        self.render_source()

    def render_source(self) -> None:
        """Colour the text for light or dark; one call into Qt, for each one gives up the GIL."""
        if self._entry is None:
            return
        folder, name = self._entry.path.parent, self._entry.path.name
        where = f"{folder.parent.name}/{folder.name}/{name}"
        bold = QFont(self.font())
        bold.setWeight(QFont.Weight.DemiBold)
        self.title.setFont(bold)
        self.title.setText(self._entry.title)
        self.where.setText(where)
        for label in (self.title, self.where):
            label.setToolTip(f"{self._entry.title}, {self._kind}\n{where}\n{NOTE}")
        # The file's name stays in sight: what is cut is the title first, then the folders.
        self.where.setMinimumWidth(self.where.fontMetrics().horizontalAdvance(f"…/{name}") + 2)
        place = self.text.verticalScrollBar().value()
        fill_code(self.text, self.source, self._theme, self.font().pointSizeF())
        self.text.verticalScrollBar().setValue(place)

    @Slot()
    def copy(self) -> None:
        QGuiApplication.clipboard().setText(self.source)


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
    formatter = HtmlFormatter(style=_style(theme), noclasses=True, nowrap=True)
    lines = highlight(source, PythonLexer(stripnl=False), formatter)
    # The first end of a line is none of the text in HTML: without it a blank line at the top would be lost.
    view.setHtml(f"<pre style='margin:0; font-family:\"{font.family()}\"'>\n{lines}</pre>")


def _style(theme: Theme) -> Any:
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
