"""Colours Python code while somebody types: the lines that can be seen, when they are seen first or have changed.

QSyntaxHighlighter would visit every line of a text that is put in, and all that follow where a string is opened: in
2,000 lines that takes longer than a frame. In the GUI thread.
"""

from __future__ import annotations

import functools
import re
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QColor, QFont, QTextCharFormat, QTextLayout

from gui.widgets.source_view import code_style

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtGui import QTextBlock
    from PySide6.QtWidgets import QPlainTextEdit

    from gui.theme.theme import Theme

MANY = 300
"""More lines than this are not asked for one by one."""

LONG = 2000
"""So many letters of a line are coloured: nobody wrote more, and Pygments takes a millisecond for some hundred."""

_TOKEN = re.compile(r"""\#.*|((?<!\w)[bfrtuBFRTU]{1,2})?(\"{3}|'{3}|"|')""")
_ENDS = {quote: re.compile(rf"(?:\\.|[^\\])*?{quote}", re.S) for quote in ('"""', "'''", '"', "'")}
_DOC = re.compile(r"\s*[rRuUbB]{0,2}$")


class PythonColors(QObject):
    """Colours a text as `source_view.fill_code` does."""

    def __init__(self, text: QPlainTextEdit, theme: Theme) -> None:
        super().__init__(text)
        self._text, self._theme = text, theme
        self._lexer: Any = None
        self._style: Any = None
        self._formats: dict[Any, QTextCharFormat | None] = {}
        # What is open where a line begins, as far as that is known; numbered, for a block can remember a number.
        self._opened = [""]
        self._numbers: dict[tuple[int, str], int] = {}
        self._age = 0
        self._is_busy = False
        self._seen: tuple[int, int] | None = None  # the first and the last line where all are coloured now
        text.document().contentsChange.connect(self._follow)
        text.updateRequest.connect(self.color_seen)
        theme.changed.connect(self.restyle)
        _load_soon()

    @Slot()
    def restyle(self) -> None:
        self._style = self._seen = None
        self._age += 1
        self.color_seen()

    @Slot(int, int, int)
    def _follow(self, position: int, removed: int, added: int) -> None:
        """Forget what is known of what has changed, and of what hangs on it."""
        self._seen = None
        document = self._text.document()
        block, last = document.findBlock(position), document.findBlock(position + added)
        first = block.blockNumber()
        del self._opened[max(first, 0) + 1 :]
        if not last.isValid() or last.blockNumber() - first > MANY:
            self._age += 1
        else:
            while block.isValid() and block.blockNumber() <= last.blockNumber():
                block.setUserState(-1)
                block = block.next()
        self.color_seen()

    @Slot()
    def color_seen(self) -> None:
        """Colour the lines in sight that are not coloured yet."""
        text = self._text
        if self._is_busy or not text.isVisible():
            return
        block = text.firstVisibleBlock()
        first = block.blockNumber()
        last = first + text.viewport().height() // max(1, text.fontMetrics().lineSpacing()) + 1
        if self._seen == (first, last):
            return
        self._seen = first, last
        self._learn(last)
        dirty, end = -1, 0
        for opened in self._opened[first : last + 1]:
            if not block.isValid():
                break  # in the middle of a change the first line in sight may be one that has gone
            number = self._numbers.setdefault((self._age, opened), len(self._numbers))
            if block.userState() != number:
                self._color(block, opened)
                block.setUserState(number)
                dirty, end = dirty if dirty >= 0 else block.position(), block.position() + block.length()
            block = block.next()
        if dirty >= 0:
            self._is_busy = True  # to lay them out anew asks for this again
            text.document().markContentsDirty(dirty, end - dirty)
            self._is_busy = False

    def _learn(self, last: int) -> None:
        """Find out what is open at the beginning of each line up to this one."""
        known, document = self._opened, self._text.document()
        last = min(last, document.blockCount() - 1)
        if last - len(known) > MANY:
            lines = iter(document.toRawText().split("\u2029")[len(known) - 1 : last])
        else:
            lines = self._lines(document.findBlockByNumber(len(known) - 1), last)
        known.extend(_opens(lines, known[-1]))

    @staticmethod
    def _lines(block: QTextBlock, last: int) -> Iterator[str]:
        while block.isValid() and block.blockNumber() < last:
            yield block.text()
            block = block.next()

    def _color(self, block: QTextBlock, opened: str) -> None:
        if block.layout().preeditAreaText():
            return  # what an input method is about to put in has colours of its own
        if self._style is None:
            self._prepare()
        text = block.text()[:LONG]
        ranges = []
        # As if the string that goes on here began and ended in this line.
        rest = opened + text + still_open(text, opened).lstrip("=bfrtuBFRTU ")
        for start, kind, value in self._lexer.get_tokens_unprocessed(rest):
            first, end = max(0, start - len(opened)), min(len(text), start - len(opened) + len(value))
            look = self._format(kind)
            if look is not None and first < end:
                part = QTextLayout.FormatRange()
                part.start, part.length, part.format = first, end - first, look
                ranges.append(part)
        block.layout().setFormats(ranges)

    def _prepare(self) -> None:
        self._lexer = self._lexer or _lexer()
        self._style = code_style(self._theme)
        self._formats.clear()

    def _format(self, kind: Any) -> QTextCharFormat | None:
        if kind not in self._formats:
            style = self._style.style_for_token(kind)
            look = QTextCharFormat()
            if style["color"]:
                look.setForeground(QColor(f"#{style['color']}"))
            if style["bold"]:
                look.setFontWeight(QFont.Weight.Bold)
            look.setFontItalic(bool(style["italic"]))
            self._formats[kind] = look if style["color"] or style["bold"] else None
        return self._formats[kind]


def _lexer() -> Any:
    from pygments.lexers import PythonLexer

    return PythonLexer(stripnl=False, ensurenl=False)


@functools.cache
def _load_soon() -> None:
    """Have the first one made in a thread: its expressions take ten frames of the window to compile."""
    with suppress(RuntimeError):  # the system gives no more threads
        threading.Thread(target=_lexer, name="colors", daemon=True).start()


def _opens(lines: Iterator[str], opened: str) -> Iterator[str]:
    """What is open after each line; most of them have nothing that could change it."""
    for line in lines:
        in_one_quote = bool(opened) and opened[-2] != opened[-1]
        if in_one_quote or '"""' in line or "'''" in line or line.endswith("\\"):
            opened = still_open(line, opened)
        yield opened


def still_open(line: str, opened: str) -> str:
    """The string that a line leaves open: how it began, after an equals sign where it documents nothing; or nothing.

    Args:
        line: its text.
        opened: the same of the line before.
    """
    at = 0
    while True:
        if opened:
            quote = opened.lstrip("=bfrtuBFRTU ")
            end = _ENDS[quote].match(line, at)
            if end is None:
                goes_on = len(quote) == 3 or (len(line) - len(line.rstrip("\\"))) % 2
                return opened if goes_on else ""
            at = end.end()
        token = _TOKEN.search(line, at)
        if token is None or token[2] is None:
            return ""
        prefix = token[1] or ""
        is_doc = len(token[2]) == 3 and _DOC.match(line[: token.start(2)])
        opened = prefix + token[2] if is_doc else f"={prefix}{token[2]}"
        at = token.end()
