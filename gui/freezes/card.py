"""A freeze card: how long the window stood still, which line was guilty, and what would help. In the GUI thread."""

from __future__ import annotations

from functools import partial
from pathlib import PurePath
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtGui import QFont, QPainter, QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from gui.charts.flame_view import FlameView
from gui.process.editor import try_open
from gui.widgets.code_block import CodeBlock
from gui.widgets.elided import ElidedLabel
from gui.widgets.fields import describe, note
from gui.widgets.panels import fill, set_text_color
from workers.monitors.freeze import merged
from workers.reports.freeze_words import nearby_lines, what_text, when_text, where_text
from workers.reports.palette import lag_word
from workers.utils import formatting

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QPaintEvent

    from gui.theme.theme import Theme
    from workers.engine.run import Run
    from workers.monitors.freeze import Freeze, Line
    from workers.reports.freeze_advice import FreezeAdvice
    from workers.reports.freeze_words import Group

MARK = 4
"""How wide the mark is of the card that was asked for, in pixels."""


class FreezeCard(QFrame):
    """One freeze, or some that are alike.

    Attributes:
        again: the button that runs the same work on the advised runner; None where no other runner is advised.
        unfold: the button that shows the whole stack; None where there is none.
        flames: the button that shows the flame graph of all samples; None where there are none.

    Signals:
        run_again: the run is to be made again with these settings.
        said: a sentence on why a line could not be opened.
        export_requested: the pieces of a file, and its path.
        unfolded: a part of it, which takes up room below it once all is laid out.
    """

    run_again = Signal(object)
    said = Signal(str)
    export_requested = Signal(object, object)
    unfolded = Signal(QWidget)

    def __init__(
        self,
        theme: Theme,
        group: Group,
        run: Run,
        advice: FreezeAdvice,
        obstacle: str,
    ) -> None:
        """Make one.

        Args:
            theme: the colours and the size of texts.
            group: the freezes that it tells of.
            run: in which they were.
            advice: where they would not have been.
            obstacle: why the run cannot be made again here; empty where it can.
        """
        super().__init__()
        self._theme, self._group = theme, group
        self.again: QPushButton | None = None
        self.unfold: QPushButton | None = None
        self.flames: QPushButton | None = None
        self._stack: CodeBlock | None = None
        self._graph: FlameView | None = None
        self.is_marked = False
        freeze = group.longest
        length = formatting.seconds(freeze.lag_s)
        self._title = f"{lag_word(freeze.lag_s * 1e3)} for {length}".capitalize()
        self._length = QLabel(length)
        self._where = ElidedLabel()
        self._what, self._advice = note(), note()
        for label in (self._length, self._what, self._advice):
            label.setForegroundRole(QPalette.ColorRole.WindowText)
        called = f" Called by the {freeze.delivered}." if freeze.delivered else ""
        self._what.setText(f"{what_text(group, run)}{called}")
        self._advice.setText(advice.text)
        self._where.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._where.setText(f"{where_text(freeze)} · {when_text(group, run)}")
        file = f"{freeze.line.file}\n" if freeze.line is not None else ""
        self._where.setToolTip(f"{file}{self._where.text()}")
        head = fill(QHBoxLayout(), self._length, (self._what, 1), spacing=12)
        self._foot = foot = fill(QHBoxLayout(), (self._advice, 1), spacing=12)
        self._column = fill(QVBoxLayout(self), head, self._where, margins=(12, 8, 12, 8), spacing=4)
        self._add_source(freeze)
        self._column.addLayout(foot)
        if advice.settings is not None:
            self.again = QPushButton(advice.label)
            self.again.setEnabled(not obstacle)
            describe(self.again, advice.label, obstacle or f"{advice.label}: the same work")
            self.again.clicked.connect(partial(self._ask, advice.settings))
            foot.addWidget(self.again)
        self._add_buttons(freeze)
        self.setAccessibleName(f"{self._title}. {self._what.text()} {self._where.text()}.")
        self.restyle()

    def _add_source(self, freeze: Freeze) -> None:
        line = freeze.line
        if line is None:
            return
        lines = nearby_lines(freeze)
        if lines:
            width = len(str(lines[-1][0]))
            guilty = next((at for at, (number, _) in enumerate(lines) if number == line.number), -1)
            text = "\n".join(
                f"{'>' if at == guilty else ' '} {number:>{width}}  {text}"
                for at, (number, text) in enumerate(lines)
            )
            block = CodeBlock(self._theme, text, guilty, f"Source around line {line.number}")
            block.setToolTip(line.file)
            self._column.addWidget(block)

    def _add_buttons(self, freeze: Freeze) -> None:
        buttons = []
        if freeze.line is not None:
            tip = "Open the guilty line in your editor"
            buttons.append(describe(QPushButton("Open line"), "Open the line in the editor", tip))
            buttons[0].clicked.connect(self._open_line)
        if any(one.stacks for one in self._group.freezes):
            tip = "What ran in all samples of the freeze: who called whom, and for how long"
            self.flames = describe(QPushButton("▸ Flame graph"), "Flame graph", tip)
            self.flames.setCheckable(True)
            self.flames.toggled.connect(self._show_flames)
            buttons.append(self.flames)
        if freeze.stack:
            tip = "All calls that led to the guilty line, the outermost first"
            self.unfold = describe(QPushButton("▸ Stack"), "Stack", tip)
            self.unfold.setCheckable(True)
            self.unfold.toggled.connect(self._show_stack)
            buttons.append(self.unfold)
        if buttons:
            self._column.addLayout(fill(QHBoxLayout(), *buttons, None, margins=(0, 4, 0, 0), spacing=8))

    def offer(self, text: str, tip: str, step: Callable[[], object]) -> None:
        """Put a button for a further step beside the advice."""
        button = describe(QPushButton(text), text, tip)
        button.clicked.connect(step)
        self._foot.addWidget(button)

    def unfold_like(self, before: FreezeCard) -> None:
        """Unfold what was so of a card that this one takes the place of."""
        pairs = ((self.flames, before.flames), (self.unfold, before.unfold))
        for button, other in pairs:
            if button is not None and other is not None and other.isChecked():
                with QSignalBlocker(self):  # it is to be seen where it was, and not to be scrolled to
                    button.setChecked(True)

    @Slot()
    def _open_line(self) -> None:
        line = self._group.longest.line
        assert line is not None
        if why_not := try_open(line.file, line.number):
            self.said.emit(why_not)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.is_marked:
            with QPainter(self) as painter:
                painter.fillRect(0, 0, MARK, self.height(), self._theme.color("accent"))

    def _ask(self, settings: object, checked: bool = False) -> None:
        self.run_again.emit(settings)

    @Slot(bool)
    def _show_stack(self, on: bool) -> None:
        if self._stack is None:
            freeze = self._group.longest
            text = "\n".join(stack_line(line, at == freeze.guilty) for at, line in enumerate(freeze.stack))
            self._stack = CodeBlock(self._theme, text, freeze.guilty, "Stack")
            self._column.addWidget(self._stack)
        self._unfold(self._stack, self.unfold, on)

    @Slot(bool)
    def _show_flames(self, on: bool) -> None:
        if self._graph is None:
            stacks = merged(stack for freeze in self._group.freezes for stack in freeze.stacks)
            self._graph = FlameView(self._theme, self._title, stacks, self._group.longest.line)
            self._graph.said.connect(self.said)
            self._graph.export_requested.connect(self.export_requested)
            self._column.addWidget(self._graph)
        self._unfold(self._graph, self.flames, on)

    def _unfold(self, part: QWidget, button: QPushButton | None, on: bool) -> None:
        part.setVisible(on)
        if button is not None:
            button.setText(f"{'▾' if on else '▸'}{button.text()[1:]}")
        if on:
            self.unfolded.emit(part)

    def restyle(self) -> None:
        self._length.setFont(self._theme.headline_font(1.35))
        set_text_color(self._length, self._theme.lag_color(self._group.longest.lag_s * 1e3))
        bold = QFont(self._theme.numbers_font())
        bold.setWeight(QFont.Weight.DemiBold)
        self._what.setFont(bold)
        for block in self.findChildren(CodeBlock):
            block.restyle()


def stack_line(line: Line, is_guilty: bool) -> str:
    """A call in a stack, in one line."""
    place = f"{PurePath(line.file).name}:{line.number}  {line.function}"
    return f"{'>' if is_guilty else ' '} {place}{f'   {line.text.strip()}' if line.text else ''}"


def separator(parent: QWidget | None = None) -> QFrame:
    """A thin line between two cards."""
    line = QFrame(parent)
    line.setFrameShape(QFrame.Shape.HLine)
    line.setFrameShadow(QFrame.Shadow.Plain)
    line.setForegroundRole(QPalette.ColorRole.Mid)
    return line
