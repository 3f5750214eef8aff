"""A freeze card: how long the window stood still, which line was guilty, and where the work should run. GUI thread.

Which freezes of a run are alike, so that a hundred of one kind get one card. Knows nothing of Qt.
"""

from __future__ import annotations

from functools import partial
from pathlib import PurePath
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QFont, QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from gui.widgets.code_block import CodeBlock
from gui.widgets.elided import ElidedLabel
from gui.widgets.fields import describe, note
from gui.widgets.panels import fill, set_text_color
from workers.monitors.freeze import KINDS
from workers.utils import formatting

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gui.theme.theme import Theme
    from workers.engine.run import Run
    from workers.monitors.freeze import Freeze, Line
    from workers.reports.freeze_advice import FreezeAdvice

AROUND = 3
"""So many lines before the guilty one are shown, and as many after it: a card fits the panel of a small window."""

NO_STACK = "no stack of it could be taken"


class FreezeCard(QFrame):
    """One freeze, or some that are alike.

    Attributes:
        again: the button that runs the same work on the advised runner; None where no other runner is advised.
        unfold: the button that shows the whole stack; None where there is none.

    Signals:
        run_again: the run is to be made again with these settings.
    """

    run_again = Signal(object)

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
        self._stack: CodeBlock | None = None
        freeze = group.longest
        self._length = QLabel(formatting.seconds(freeze.lag_s))
        self._where = ElidedLabel()
        self._what, self._advice = note(), note()
        for label in (self._length, self._what, self._advice):
            label.setForegroundRole(QPalette.ColorRole.WindowText)
        self._what.setText(what_text(group))
        self._advice.setText(advice.why)
        self._where.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._where.setText(f"{where_text(freeze)}  ·  {when_text(group, run)}")
        file = f"{freeze.line.file}\n" if freeze.line is not None else ""
        self._where.setToolTip(f"{file}{self._where.text()}")
        head = fill(QHBoxLayout(), self._length, (self._what, 1), spacing=12)
        foot = fill(QHBoxLayout(), (self._advice, 1), spacing=12)
        self._column = fill(QVBoxLayout(self), head, self._where, margins=(12, 8, 12, 8), spacing=4)
        self._add_source(freeze)
        self._column.addLayout(foot)
        if advice.settings is not None:
            self.again = QPushButton(advice.label)
            self.again.setEnabled(not obstacle)
            describe(self.again, advice.label, obstacle or f"{advice.label}: the same work")
            self.again.clicked.connect(partial(self._ask, advice.settings))
            foot.addWidget(self.again)
        if freeze.stack:
            self.unfold = QPushButton()
            self.unfold.setCheckable(True)
            self.unfold.setToolTip("All calls that led to the guilty line, the outermost first")
            self.unfold.toggled.connect(self._show_stack)
            self._name_unfold(False)
            head.addWidget(self.unfold)
        self.setAccessibleName(f"Freeze of {self._length.text()}. {self._what.text()} {self._where.text()}.")
        self.restyle()

    def _add_source(self, freeze: Freeze) -> None:
        line = freeze.line
        if line is None:
            return
        near = tuple(one for one in freeze.source if abs(one[0] - line.number) <= AROUND)
        lines = dedented(near or (((line.number, line.text),) if line.text else ()))
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

    def _ask(self, settings: object, checked: bool = False) -> None:
        self.run_again.emit(settings)

    @Slot(bool)
    def _show_stack(self, on: bool) -> None:
        if self._stack is None:
            freeze = self._group.longest
            text = "\n".join(stack_line(line, at == freeze.guilty) for at, line in enumerate(freeze.stack))
            self._stack = CodeBlock(self._theme, text, freeze.guilty, "Stack")
            self._column.addWidget(self._stack)
        self._stack.setVisible(on)
        self._name_unfold(on)

    def _name_unfold(self, is_open: bool) -> None:
        assert self.unfold is not None
        calls = len(self._group.longest.stack)
        self.unfold.setText(f"{'▾' if is_open else '▸'} Stack of {formatting.plural(calls, 'call')}")
        self.unfold.setAccessibleName(f"{'Hide' if is_open else 'Show'} the stack")

    def restyle(self) -> None:
        self._length.setFont(self._theme.headline_font(1.35))
        set_text_color(self._length, self._theme.lag_color(self._group.longest.lag_s * 1e3))
        bold = QFont(self._theme.numbers_font())
        bold.setWeight(QFont.Weight.DemiBold)
        self._what.setFont(bold)
        for block in self.findChildren(CodeBlock):
            block.restyle()


def what_text(group: Group) -> str:
    """Which thread did what while the window stood still."""
    freeze, holders = group.longest, group.holders
    if freeze.kind == "unknown" or freeze.kind not in KINDS:
        return "What the program did meanwhile is not known."
    who = "The GUI thread" if holders == ["GUI thread"] else f"The thread {holders[0]}"
    if len(holders) > 1:
        others = f"{len(holders) - 1} others" if len(holders) > 2 else holders[1]
        who = f"The threads {holders[0]} and {others}"
    return f"{who} {KINDS[freeze.kind]}."


def when_text(group: Group, run: Run) -> str:
    """When in its run it was, or how many there were and which was the longest."""
    after = group.longest.started - run.started
    when = f"{formatting.seconds(after)} after Start" if after >= 0.001 else "right at Start"
    count, total = len(group.freezes), formatting.seconds(sum(freeze.lag_s for freeze in group.freezes))
    return when if count == 1 else f"{count:,} times, {total} in all, the longest {when}"


def where_text(freeze: Freeze) -> str:
    """Which line is guilty, and in how many of the stacks that were taken."""
    line = freeze.line
    if line is None:
        return NO_STACK
    seen = (
        f", in {round(freeze.share * freeze.samples)} of {freeze.samples} samples" if freeze.samples > 1 else ""
    )
    return f"{PurePath(line.file).name}, line {line.number}, in {line.function}{seen}"


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


class Group(NamedTuple):
    """Freezes that have the same line to blame, and did the same.

    Attributes:
        freezes: the longest first.
    """

    freezes: tuple[Freeze, ...]

    @property
    def longest(self) -> Freeze:
        return self.freezes[0]

    @property
    def holders(self) -> list[str]:
        return list(dict.fromkeys(freeze.holder for freeze in self.freezes))


def groups(freezes: Iterable[Freeze]) -> list[Group]:
    """All freezes in groups, the one with the longest freeze first."""
    found: dict[tuple[object, ...], list[Freeze]] = {}
    for freeze in sorted(freezes, key=lambda freeze: -freeze.lag_s):
        line = freeze.line
        # The threads of a pool do the same work: which of them it was makes no other freeze. The GUI thread's does.
        where = (line.file, line.number) if line is not None else ("", 0)
        found.setdefault((*where, freeze.kind, freeze.holder == "GUI thread"), []).append(freeze)
    return [Group(tuple(alike)) for alike in found.values()]


def dedented(source: tuple[tuple[int, str], ...]) -> list[tuple[int, str]]:
    """Numbered lines of source without the blanks that all of them begin with, and without blank lines at the end."""
    lines = [(number, text.expandtabs().rstrip()) for number, text in source]
    while len(lines) > 1 and not lines[-1][1]:
        del lines[-1]
    depth = min((len(text) - len(text.lstrip()) for _, text in lines if text), default=0)
    return [(number, text[depth:]) for number, text in lines]
