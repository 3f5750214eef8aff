"""What may be done after a lesson: try something else, change the code, take the snippet along. In the GUI thread."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from gui.widgets.code_block import CodeBlock
from gui.widgets.fields import describe, inline, named, prose, section
from gui.widgets.fold import Fold
from gui.widgets.panels import fill

if TYPE_CHECKING:
    from gui.theme.theme import Theme
    from workers.catalog.lessons import Lesson


class Further(QWidget):
    """Buttons.

    Attributes:
        tries: a button for each thing to try.
        told: what came of the last one.
        show_button: shows its run in its place, or cancels it; hidden before there is one.
        change: opens a copy of the first step's lab in the editor.
        copy: copies the snippet.
        snippet: shows it.

    Signals:
        try_wanted: which thing is to be tried, from 0 on.
        said: a sentence on what was done.
    """

    try_wanted = Signal(int)
    said = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._lesson: Lesson | None = None
        self._code: CodeBlock | None = None
        self.tries: list[QPushButton] = []
        self.title = section("Try")
        self._tries = fill(QVBoxLayout(), spacing=5)
        self.told = prose()
        self.show_button = named(QPushButton(), "low")
        self.change = describe(
            QPushButton("Change it"),
            "Change it",
            "Make a copy of its code that is yours, and open it in Your function",
        )
        self.copy = describe(
            QPushButton("Copy the snippet"),
            "Copy the snippet",
            "A whole program of a few lines that does it right",
        )
        self.copy.clicked.connect(self._copy)
        self._holder = fill(QVBoxLayout())
        self.snippet = Fold("The snippet", self._holder)
        self.snippet.line.toggled.connect(self._make_code)
        tried = fill(QHBoxLayout(), (self.told, 1), self.show_button, spacing=8)
        keep = fill(QHBoxLayout(), self.change, self.copy, None, spacing=8)
        fill(QVBoxLayout(self), self.title, self._tries, tried, 4, keep, self.snippet, spacing=6)

    def show_lesson(self, lesson: Lesson, can_change: bool) -> None:
        """Offer what goes with a lesson."""
        self._lesson = lesson
        for button in self.tries:
            self._tries.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.tries = [QPushButton(one.says) for one in lesson.tries]
        for at, button in enumerate(self.tries):
            step = lesson.steps[lesson.tries[at].step].says
            describe(button, f"Try: {button.text()}", f"Run “{step}” once more, changed like this")
            button.clicked.connect(partial(self._try, at))
            self._tries.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        self.title.setVisible(bool(self.tries))
        self.change.setVisible(can_change)
        self.snippet.set_open(False)
        if self._code is not None:
            self._code.deleteLater()
            self._code = None
        self.show_told("", "")

    def show_told(self, text: str, show: str) -> None:
        """Say what came of a try, and offer what may be done with it; nothing where both are empty."""
        self.told.setText(inline(text))
        self.told.setVisible(bool(text))
        self.show_button.setText(show)
        describe(self.show_button, f"{show}: what you tried")
        self.show_button.setVisible(bool(show))

    def set_free(self, is_free: bool) -> None:
        for button in self.tries:
            button.setEnabled(is_free)

    def _try(self, at: int, checked: bool = False) -> None:
        self.try_wanted.emit(at)

    @Slot()
    def _copy(self) -> None:
        assert self._lesson is not None
        QGuiApplication.clipboard().setText(self._lesson.snippet)
        self.said.emit("Copied: paste it into a file of yours.")

    @Slot()
    def _make_code(self) -> None:
        if self._code is None and self._lesson is not None:
            self._code = CodeBlock(self._theme, self._lesson.snippet.strip("\n"), name="The snippet")
            self._holder.addWidget(self._code)

    def dress(self) -> None:
        if self._code is not None:
            self._code.restyle()
