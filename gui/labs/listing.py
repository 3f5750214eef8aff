"""The source of a version of a lab, beside that of another: what differs is tinted and marked. In the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt, Slot
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QWidget

from gui.editor.colors import PythonColors
from gui.widgets.code_block import SELECTABLE, ground
from gui.widgets.fields import named
from gui.widgets.panels import fill
from gui.widgets.source_view import LineNumbers, cursor_at
from workers.catalog.lab_source import DIFFERS, INDENTED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPaintEvent, QShowEvent

    from gui.theme.theme import Theme
    from workers.catalog.lab_source import Line
    from workers.catalog.labs import Version

HERE_ALONE, NOT_HERE, MOVED = "≠", "", "→"
"""Beside a line: it differs from the other version's; nothing stands there; only its indentation is another."""

MIN_LINES, MAX_LINES = 8, 16
"""Lines that are in sight without scrolling, where the versions stand side by side, and one below the other."""


class Listing(QWidget):
    """Lines with their numbers. It can be read and selected, not changed.

    Attributes:
        text: the code.
        lines: what stands in each row; None where only the other version has a line.
        kinds: how the row differs, likewise.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.lines: list[Line | None] = []
        self.kinds: list[str] = []
        self._is_right, self._first = False, 0
        self.text = CodeText(theme)
        self._numbers = _Numbers(theme, self)
        fill(QHBoxLayout(self), self._numbers, (self.text, 1))
        bar = self.text.verticalScrollBar()
        # As often as it is laid out, but only until a person scrolls, here or in the version beside it.
        bar.rangeChanged.connect(self._scroll)
        bar.actionTriggered.connect(self.stay)
        theme.changed.connect(self._tint)

    def show_rows(self, rows: Sequence[tuple[Line | None, str]], version: Version, first: int) -> None:
        """Show the lines of a version, each with how it differs, and bring the row `first` to the top."""
        self.lines, self.kinds = [line for line, _ in rows], [kind for _, kind in rows]
        self._is_right, self._first = version.is_right, first
        self.text.setPlainText("\n".join(line.text if line else "" for line in self.lines))
        self.text.setAccessibleName(f"Code of the version {version.function}")
        differ = [str(line.number) for line, kind in rows if line and line.number and kind == DIFFERS]
        said = (
            f"Lines that differ from the other version: {', '.join(differ)}." if differ else "No line differs."
        )
        self.text.setAccessibleDescription(said)
        self._tint()
        self._scroll()

    @Slot()
    def _scroll(self) -> None:
        if self._first:
            self.text.verticalScrollBar().setValue(self._first)

    @Slot()
    def stay(self) -> None:
        """Stay where it is, whatever was to be on top."""
        self._first = 0

    def fit(self, is_alone: bool) -> None:
        """Take the least height that is needed; a version that stands alone in its row has more than one beside."""
        many = min(len(self.lines) + 2, MAX_LINES) if is_alone else MIN_LINES
        self.setMinimumHeight(many * self.text.fontMetrics().lineSpacing())

    def mark(self, at: int) -> str:
        """What stands in the margin beside a row."""
        return {DIFFERS: HERE_ALONE, INDENTED: MOVED}.get(self.kinds[at], "") if self.lines[at] else NOT_HERE

    @Slot()
    def _tint(self) -> None:
        bands = self._theme.bands()
        tint, gap = bands[0 if self._is_right else -1][1], self._theme.color("window")
        grounds = []
        for at, (line, kind) in enumerate(zip(self.lines, self.kinds, strict=True)):
            if line is None or (kind == DIFFERS and line.text.strip()):
                grounds.append(ground(cursor_at(self.text, at + 1), gap if line is None else tint))
        self.text.setExtraSelections(grounds)
        self._numbers.fit()


class CodeText(QPlainTextEdit):
    """Python in colours, which nobody types."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(readOnly=True, lineWrapMode=QPlainTextEdit.LineWrapMode.NoWrap, tabChangesFocus=True)
        named(self, "editor").setTextInteractionFlags(SELECTABLE)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self._theme = theme
        self.colors = PythonColors(self, theme)
        theme.changed.connect(self.restyle)
        self.restyle()

    def showEvent(self, event: QShowEvent) -> None:
        """The font again: with a style sheet, becoming a page takes it away."""
        super().showEvent(event)
        self.restyle()

    @Slot()
    def restyle(self) -> None:
        self.setFont(self._theme.code_font())


class _Numbers(LineNumbers):
    """The lines' numbers in their file, and beside them how they differ."""

    def __init__(self, theme: Theme, listing: Listing) -> None:
        self._listing = listing
        super().__init__(theme, listing.text)
        listing.text.updateRequest.connect(self._follow)

    @Slot()
    def _follow(self) -> None:
        self.update()

    @Slot()
    def fit(self) -> None:
        """Be as wide as a number of three digits and a mark."""
        metrics = self.fontMetrics()
        self.setFixedWidth(metrics.horizontalAdvance(f"888{HERE_ALONE}") + 16)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        listing, text = self._listing, self._listing.text
        block = text.firstVisibleBlock()
        top = text.blockBoundingGeometry(block).translated(text.contentOffset()).top() + text.viewport().y()
        plain, muted = self._theme.color("text"), self._theme.color("muted")
        with QPainter(self) as painter:
            painter.setClipRect(0, text.viewport().y(), self.width(), text.viewport().height())
            painter.setFont(self._theme.numbers_font(0.9))
            while block.isValid() and top < self.height():
                at, high = block.blockNumber(), text.blockBoundingRect(block).height()
                place = QRectF(4, top, self.width() - 10, high)
                line = listing.lines[at] if at < len(listing.lines) else None
                if line is not None and line.number:
                    painter.setPen(muted)
                    painter.drawText(place, Qt.AlignmentFlag.AlignRight, str(line.number))
                if line is not None and line.text.strip():
                    painter.setPen(plain)
                    painter.drawText(place, Qt.AlignmentFlag.AlignLeft, listing.mark(at))
                block, top = block.next(), top + high
