"""A few lines of code or of a stack, one of which may stand out: as high as they are. In the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette, QTextCursor, QTextFormat
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QSizePolicy, QTextEdit

if TYPE_CHECKING:
    from PySide6.QtGui import QColor, QResizeEvent

    from gui.theme.theme import Theme

MARGIN = 4
SELECTABLE = Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard


def ground(cursor: QTextCursor, color: QColor) -> QTextEdit.ExtraSelection:
    """A colour below the whole line of a cursor, or below all that it has selected."""
    mark = QTextEdit.ExtraSelection()
    mark.cursor = QTextCursor(cursor)
    mark.format.setBackground(color)
    mark.format.setProperty(QTextFormat.Property.FullWidthSelection, True)
    return mark


class CodeBlock(QPlainTextEdit):
    """Shows text that can be selected and copied, but not changed."""

    def __init__(self, theme: Theme, text: str, marked: int = -1, name: str = "Source") -> None:
        """Make one.

        Args:
            theme: the colours and the size of texts.
            text: the lines.
            marked: which of them stands out, from 0 on; -1 for none.
            name: what it is, for people who hear it.
        """
        super().__init__(
            text,
            readOnly=True,
            textInteractionFlags=SELECTABLE,
            tabChangesFocus=True,
            lineWrapMode=QPlainTextEdit.LineWrapMode.NoWrap,
        )
        self._theme, self._marked = theme, marked
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)
        self.document().setDocumentMargin(MARGIN)
        self._lines = text.split("\n")
        self.restyle()

    def restyle(self) -> None:
        self.setFont(self._theme.code_font(0.94))
        palette = QPalette()
        palette.setColor(QPalette.ColorRole.Base, self._theme.color("window"))
        self.setPalette(palette)
        if self._marked >= 0:
            guilty = QTextCursor(self.document().findBlockByNumber(self._marked))
            self.setExtraSelections([ground(guilty, self._theme.bands()[-1][1])])
        self._fit()

    def _fit(self) -> None:
        metrics = self.fontMetrics()
        height = metrics.lineSpacing() * len(self._lines) + 2 * MARGIN + 2
        widest = max(metrics.horizontalAdvance(line) for line in self._lines) + 2 * MARGIN
        if widest > self.viewport().width():
            height += self.horizontalScrollBar().sizeHint().height()
        if height != self.height():
            self.setFixedHeight(height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Make room for a bar to scroll with where lines are longer than the card."""
        super().resizeEvent(event)
        self._fit()
