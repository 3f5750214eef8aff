"""A text of Python that somebody types: indentation, the line of the caret, and errors at their lines. GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import (
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QTextBlock,
    QTextCursor,
)
from PySide6.QtWidgets import QPlainTextEdit, QToolTip

from gui.editor.colors import PythonColors
from gui.widgets.code_block import ground
from gui.widgets.fields import named
from gui.widgets.source_view import cursor_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtCore import QMimeData, QPoint
    from PySide6.QtGui import QShowEvent

    from gui.theme.theme import Theme

STEP = 4
"""Of the indentation, in spaces."""

HOW = "Tab indents, Shift+Tab takes that back. Escape leaves the editor, for the next control. F8 goes to an error."


class Mark(NamedTuple):
    """An error at a line.

    Attributes:
        cursor: stays at the line when others come or go above it.
        sentence: what is wrong there.
    """

    cursor: QTextCursor
    sentence: str

    @property
    def line(self) -> int:
        """From 1 on."""
        return self.cursor.blockNumber() + 1


class CodeEdit(QPlainTextEdit):
    """The text. Its document says whether it was changed, and takes that back.

    Attributes:
        marks: the errors, by what found them.

    Signals:
        marks_changed: an error came, or was edited away.
        line_changed: the caret is in another line.
        save_requested: somebody pressed the keys for that.
        error_requested: likewise, to see the line of an error.
    """

    marks_changed = Signal()
    line_changed = Signal()
    save_requested = Signal()
    error_requested = Signal()

    def __init__(self, theme: Theme, name: str) -> None:
        """Make it; `name` is what it is called for people who hear it."""
        super().__init__(lineWrapMode=QPlainTextEdit.LineWrapMode.NoWrap)
        named(self, "editor").setAccessibleName(name)
        self.setAccessibleDescription(HOW)
        self.setCursorWidth(2)
        self._theme = theme
        self.marks: dict[str, Mark] = {}
        self.colors = PythonColors(self, theme)
        self.document().contentsChange.connect(self._forget_edited)
        self._caret = -1
        self.cursorPositionChanged.connect(self._follow_caret)
        theme.changed.connect(self.restyle)
        self.restyle()

    # ---------------------------------------------------------------- the text

    def code(self) -> str:
        """All of it, just as it is: `toPlainText` makes a space of one that does not break."""
        return self.document().toRawText().replace("\u2029", "\n")

    def put(self, text: str) -> None:
        """Show another text from its top on; nothing of the one before is kept."""
        self.setPlainText(text)
        self._caret = -1  # Qt does not tell where the caret is now
        self._follow_caret()

    def replace(self, text: str) -> None:
        """Put another text in its place, which can be undone; the caret stays in its line."""
        line, column = self.textCursor().blockNumber(), self.textCursor().positionInBlock()
        place = self.verticalScrollBar().value()
        cursor = QTextCursor(self.document())
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(text)
        block = self.document().findBlockByNumber(min(line, self.blockCount() - 1))
        cursor.setPosition(block.position() + min(column, block.length() - 1))
        self.setTextCursor(cursor)
        self.verticalScrollBar().setValue(place)

    def show_line(self, line: int) -> None:
        """Put the caret at the first letter of a line, from 1 on, and let it be seen with some lines around it."""
        cursor = cursor_at(self, min(line, self.blockCount()))
        cursor.setPosition(cursor.position() + len(_indentation(cursor.block())))
        self.setTextCursor(cursor)
        self.centerCursor()

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        """A file that is dropped here is to be opened, and its name is no part of the text: the window takes it."""
        return not source.hasUrls() and super().canInsertFromMimeData(source)

    # ---------------------------------------------------------------- keys

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.ShortcutOverride:
            plain = not event.modifiers()
            if (plain and event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_F8)) or _saves(event):
                event.accept()  # else the window's own shortcut would have it
                return True
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            self.show_tip(event.pos(), event.globalPos())
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, plain = event.key(), not event.modifiers()
        if key == Qt.Key.Key_Escape and plain:
            self.setTabChangesFocus(True)  # else Qt finds no next one
            self.focusNextChild()
            self.setTabChangesFocus(False)
        elif key == Qt.Key.Key_F8 and plain:
            self.error_requested.emit()
        elif _saves(event):
            self.save_requested.emit()
        elif self.isReadOnly():
            super().keyPressEvent(event)
        elif key == Qt.Key.Key_Tab and plain:
            self._indent()
        elif key == Qt.Key.Key_Backtab:
            self._unindent()
        elif (
            key in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            and not event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            self._break_line()
        else:
            super().keyPressEvent(event)

    def _indent(self) -> None:
        cursor = self.textCursor()
        if not cursor.hasSelection():
            cursor.insertText(" " * (STEP - cursor.positionInBlock() % STEP))
            self.ensureCursorVisible()
            return
        cursor.beginEditBlock()
        for block in self._chosen(cursor):
            if block.text().strip():
                QTextCursor(block).insertText(" " * STEP)
        cursor.endEditBlock()

    def _unindent(self) -> None:
        cursor = self.textCursor()
        cursor.beginEditBlock()
        for block in self._chosen(cursor):
            space = _indentation(block)
            gone = 1 if space.startswith("\t") else min(STEP, len(space) - len(space.lstrip(" ")))
            first = QTextCursor(block)
            first.setPosition(block.position() + gone, QTextCursor.MoveMode.KeepAnchor)
            first.removeSelectedText()
        cursor.endEditBlock()

    def _break_line(self) -> None:
        cursor = self.textCursor()
        cursor.beginEditBlock()
        cursor.removeSelectedText()
        before = cursor.block().text()[: cursor.positionInBlock()]
        space = before[: len(before) - len(before.lstrip())]
        cursor.insertText(f"\n{space}{' ' * STEP if before.rstrip().endswith(':') else ''}")
        cursor.endEditBlock()
        self.setTextCursor(cursor)
        self.ensureCursorVisible()

    def _chosen(self, cursor: QTextCursor) -> Iterator[QTextBlock]:
        """The lines of a selection; one of which no letter is chosen is none of them."""
        block, end = self.document().findBlock(cursor.selectionStart()), cursor.selectionEnd()
        last = self.document().findBlock(end)
        many = last.blockNumber() - block.blockNumber() + (end > last.position() or not cursor.hasSelection())
        for _ in range(many):
            yield block
            block = block.next()

    # ---------------------------------------------------------------- errors

    def mark(self, finder: str, line: int, sentence: str) -> None:
        """Mark a line, from 1 on, in the place of what the same finder had marked before."""
        self.marks[finder] = Mark(cursor_at(self, min(line, self.blockCount())), sentence)
        self._tell_marks()

    def unmark(self, finder: str) -> None:
        """Take back what this finder has marked."""
        if self.marks.pop(finder, None) is not None:
            self._tell_marks()

    @Slot(int, int, int)
    def _forget_edited(self, position: int, removed: int, added: int) -> None:
        document = self.document()
        lines = range(
            document.findBlock(position).blockNumber() + 1,
            document.findBlock(position + added).blockNumber() + 2,
        )
        left = {finder: mark for finder, mark in self.marks.items() if mark.line not in lines}
        if len(left) < len(self.marks):
            self.marks = left
            self._tell_marks()

    def _tell_marks(self) -> None:
        self.show_marks()
        self.marks_changed.emit()

    def show_tip(self, at: QPoint, place: QPoint) -> None:
        """Say what is wrong in a line.

        Args:
            at: a point in the line, from this widget's corner.
            place: where to say it, on the screen.
        """
        line = self.cursorForPosition(self.viewport().mapFrom(self, at)).blockNumber() + 1
        found = [mark.sentence for mark in self.marks.values() if mark.line == line]
        QToolTip.showText(place, "\n".join(found), self)

    @Slot()
    def _follow_caret(self) -> None:
        """In its own line the ground goes along by itself."""
        line = self.textCursor().blockNumber()
        if line != self._caret:
            self._caret = line
            self.show_marks()
            self.line_changed.emit()

    @Slot()
    def show_marks(self) -> None:
        """Lay a ground below the line of the caret and those that are wrong."""
        caret = self.textCursor()
        caret.clearSelection()
        grounds = [(caret, self._theme.color("window"))]
        grounds += [(mark.cursor, self._theme.bands()[-1][1]) for mark in self.marks.values()]
        self.setExtraSelections([ground(cursor, color) for cursor, color in grounds])

    # ---------------------------------------------------------------- the look

    def showEvent(self, event: QShowEvent) -> None:
        """The font again: with a style sheet, becoming a page of tabs takes it away."""
        super().showEvent(event)
        self.restyle()

    @Slot()
    def restyle(self) -> None:
        self.setFont(self._theme.code_font())
        self.setTabStopDistance(STEP * self.fontMetrics().horizontalAdvance(" "))
        self.show_marks()


def _saves(event: QKeyEvent) -> bool:
    return bool(event.matches(QKeySequence.StandardKey.Save))


def _indentation(block: QTextBlock) -> str:
    text = block.text()
    return text[: len(text) - len(text.lstrip())]
