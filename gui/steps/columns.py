"""A column for each thread: its name, what it waits for, a button that lets it on, and the file with its next line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QSplitter, QTextEdit, QWidget

from gui.widgets.code_block import SELECTABLE
from gui.widgets.elided import ElidedLabel
from gui.widgets.fields import describe, pass_focus
from gui.widgets.panels import fill, pile
from gui.widgets.source_view import LineNumbers, cursor_at, fill_code, mark_lines

if TYPE_CHECKING:
    from gui.theme.theme import Theme
    from workers.stepping.played import Place

MIN_WIDTH = 170
"""Of a column, in pixels: with more threads than there is room for they are moved sideways."""


class Column(QWidget):
    """One thread.

    Attributes:
        begins: the line of the function that it will call, shown until it has begun; 0 where that is not known.

    Signals:
        stepped: its number, where its button was pressed.
    """

    stepped = Signal(int)

    def __init__(self, theme: Theme, number: int) -> None:
        super().__init__()
        self._theme, self._number = theme, number
        self.name, self.state = ElidedLabel(), ElidedLabel()
        for label in (self.name, self.state):
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.state.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.button = QPushButton("Step")
        self.button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.button.clicked.connect(self._step)
        self.text = QTextEdit(readOnly=True, textInteractionFlags=SELECTABLE)
        self.text.setFrameShape(QFrame.Shape.NoFrame)
        self.text.setLineWrapMode(QTextEdit.LineWrapMode.NoWrap)
        self.begins = self._line = 0
        head = fill(QHBoxLayout(), (self.name, 1), self.button, margins=(8, 4, 4, 0), spacing=6)
        below = fill(QHBoxLayout(), (self.state, 1), margins=(8, 0, 4, 2))
        body = QWidget()
        fill(QHBoxLayout(body), LineNumbers(theme, self.text), (self.text, 1))
        pile(self, head, below, (body, 1))
        self.setMinimumWidth(MIN_WIDTH)

    @Slot()
    def _step(self) -> None:
        self.stepped.emit(self._number)

    def show_place(self, name: str, place: Place, *, can_step: bool, is_next: bool) -> None:
        """Show where the thread is, and whether it is the next of the order."""
        self.name.setText(name)
        describe(self.button, f"Let {name} go on to its next line")
        describe(self.text, f"Source, with the next line of {name}")
        if not can_step:
            pass_focus(self.text, self.button)
        self.button.setEnabled(can_step)
        self.button.setText("Step →" if is_next else "Step")
        own = ", ".join(f"{key} = {said}" for key, said in place.own)
        words = "has ended" if place.has_ended else f"waits for {place.waits}" if place.waits else own
        self.state.setText(words or ("has not begun" if not place.line else place.function))
        self.state.setToolTip(self.state.text())
        self._line = place.line or (0 if place.has_ended else self.begins)
        color = self._theme.color("bad" if place.waits else "accent", 0.28)
        mark_lines(self.text, [place.line] if place.line else [], color)
        self.show_line()

    def show_line(self) -> None:
        """Bring the line into sight."""
        if not self._line:
            return
        here = self.text.cursorRect(cursor_at(self.text, self._line))
        bar, room = self.text.verticalScrollBar(), self.text.viewport().height()
        if not 0 <= here.top() <= room - 2 * here.height():
            above = room // 3 // here.height()  # whole lines: none is cut off at the top
            bar.setValue(bar.value() + here.top() - above * here.height())


class Columns(QSplitter):
    """All threads, beside each other.

    Signals:
        stepped: the number of the thread whose button was pressed.
    """

    stepped = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__(Qt.Orientation.Horizontal, childrenCollapsible=False)
        self._theme = theme
        self._source: tuple[object, ...] = ()
        self.columns: list[Column] = []

    def show_count(self, count: int, source: str, function: str) -> None:
        """Have so many columns with this source, of which they call a function."""
        wanted = (source, function, self._theme.scheme, self._theme.text_scale)
        if len(self.columns) == count and wanted == self._source:
            return
        while len(self.columns) > count:
            self.columns.pop().deleteLater()
        while len(self.columns) < count:
            column = Column(self._theme, len(self.columns))
            column.stepped.connect(self.stepped)
            self.addWidget(column)
            self.columns.append(column)
        self.setSizes([1000] * count)
        self._source = wanted
        begins = _line_of(function, source)
        for column in self.columns:
            column.begins = begins
            fill_code(column.text, source, self._theme, self.font().pointSizeF() * 0.92, 6)

    def show_places(
        self, names: tuple[str, ...], places: tuple[Place, ...], ready: tuple[int, ...], following: int | None
    ) -> None:
        """Show where each thread is."""
        for number, column in enumerate(self.columns):
            place = places[number]
            column.show_place(names[number], place, can_step=number in ready, is_next=number == following)


def _line_of(function: str, source: str) -> int:
    """The line in which a function is defined, counted from 1; 0 where it is not in sight."""
    found = re.search(rf"^[ \t]*(async +)?def +{re.escape(function)}\b", source, re.MULTILINE)
    return source.count("\n", 0, found.start()) + 1 if found is not None else 0
