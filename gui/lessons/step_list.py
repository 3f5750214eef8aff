"""The steps of a lesson: which one runs now, how long each took, and where each is to be seen. In the GUI thread."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QWidget

from gui.widgets.fields import describe, named
from gui.widgets.panels import set_text_color
from workers.utils.formatting import seconds

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gui.theme.theme import Theme
    from workers.catalog.lessons import Step

SHOW = {
    "graphs": "Show it in the graphs",
    "timeline": "Show it in the timeline",
    "gallery": "Show it in the gallery",
    "code": "Show its code",
    "waits": "Show who waits for whom",
    "steps": "Step through it",
    "runs": "Show it among the runs",
}
"""What a step's button says, by where it is to be seen."""

LACKS = "cannot be run here"
NOW = "runs now"


class StepRow:
    """A step: its number, what it is, what became of it, and the button that shows that."""

    def __init__(self, at: int, step: Step) -> None:
        self.step = step
        self.number = QLabel(str(at + 1))
        self.says = QLabel(step.says, wordWrap=True)
        self.took = QLabel()
        self.button = named(QPushButton(SHOW.get(step.look, "")), "low")
        describe(self.button, f"{self.button.text()}: {step.says}")
        self.button.setVisible(False)
        self.parts: tuple[QWidget, ...] = self.number, self.says, self.took, self.button


class StepList(QWidget):
    """All of them.

    Attributes:
        rows: they, from the top.

    Signals:
        wanted: which of them is to be seen in its place, from 0 on.
    """

    wanted = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(5)
        self._grid.setColumnStretch(1, 1)
        self.rows: list[StepRow] = []
        self._now: int | None = None
        self._began = 0.0

    def show_steps(self, steps: Sequence[Step]) -> None:
        """Show these, none of which has run."""
        for row in self.rows:
            for part in row.parts:
                self._grid.removeWidget(part)
                part.hide()
                part.deleteLater()
        self.rows = [StepRow(at, step) for at, step in enumerate(steps)]
        for at, row in enumerate(self.rows):
            for column, part in enumerate(row.parts):
                self._grid.addWidget(part, at, column)
            self._grid.setAlignment(row.took, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            row.button.clicked.connect(partial(self._ask, at))

    def _ask(self, at: int, checked: bool = False) -> None:
        self.wanted.emit(at)

    def show_progress(self, took: Mapping[int, float | None], now: int | None, lacks: bool = False) -> None:
        """Say how far they are.

        Args:
            took: how long those took that have ended, in seconds; None for one that cannot be run here.
            now: the one that runs now; None where none does.
            lacks: whether the lesson is over, so that what did not run never will.
        """
        if now is not None and now != self._now:
            self._began = time.perf_counter()
        self._now = now
        for row in self.rows:
            row.button.hide()
        for at, row in enumerate(self.rows):
            length = took.get(at)
            word = "" if length is None else seconds(length)
            if at == now:
                word = NOW
            elif length is None and (at in took or lacks):
                word = LACKS
            self._say(row, word, "accent" if at == now else "muted")
            row.number.setText("▸" if at == now else "✓" if length is not None else str(at + 1))

    def _say(self, row: StepRow, word: str, color: str) -> None:
        row.took.setText(word)
        set_text_color(row.took, self._theme.color(color))

    def show_places(self, why_not: Sequence[str]) -> None:
        """Offer to show steps in their places, or say of each why that cannot be."""
        for row, why in zip(self.rows, why_not, strict=True):
            row.button.setVisible(bool(row.step.look) and row.took.text() != LACKS)
            row.button.setEnabled(not why)
            row.button.setToolTip(why or "The way back will stand above it")

    def refresh(self) -> None:
        """Count the seconds of the step that runs."""
        if self._now is not None:
            lasts_s = int(time.perf_counter() - self._began)
            text = f"{NOW}: {lasts_s} s" if lasts_s else NOW  # a frozen frame would go on saying 0 s
            took = self.rows[self._now].took
            if took.text() != text:
                took.setText(text)
