"""A field for another Python of this machine: a list of those that there are, and room to type any other. GUI thread.

The list is filled by asking each of them what it is, in a thread, when the field is seen for the first time.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.controllers.background import Asker
from gui.forms.two_lines import NAME_ROLE, SENTENCE_ROLE, TwoLines
from gui.widgets.fields import Menu, describe, note
from gui.widgets.panels import fill
from workers.pythons import finding
from workers.utils.errors import BadInput

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent

    from gui.theme.theme import Theme
    from workers.pythons.asking import Python

ASKING = "Looking for other Pythons …"
FIRST = "the first one found"


class PythonBox(QWidget):
    """Holds what names an interpreter; empty for that of the function's project, or the first other one found.

    Attributes:
        menu: the list, into which a person may type.
        found: the Pythons that there are; None before anybody has looked.
        what: says below the list which version is chosen, and whether its GIL is on.

    Signals:
        changed: the text has changed.
    """

    changed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._lines = TwoLines(theme)
        self.menu = Menu()
        self.menu.setEditable(True)
        self.menu.setInsertPolicy(Menu.InsertPolicy.NoInsert)
        self.menu.setItemDelegate(self._lines)
        self.menu.setIconSize(QSize(0, 0))
        line = self.menu.lineEdit()
        assert line is not None  # there is one in what can be edited
        self.line = line
        self.menu.setCompleter(None)  # type: ignore[arg-type]  # which Qt takes: a path is no word to be guessed
        self.line.setPlaceholderText(FIRST)
        self.line.setClearButtonEnabled(True)
        self.what = note()
        self.found: list[Python] | None = None
        self._project = ""
        self._asker = Asker("pythons", self)
        self._asker.answered.connect(self._show)
        fill(QVBoxLayout(self), self.menu, self.what, spacing=4)
        self.setFocusProxy(self.menu)
        self.menu.editTextChanged.connect(self._look)
        self.menu.editTextChanged.connect(self.changed)

    def text(self) -> str:
        return self.menu.currentText().strip()

    def setText(self, text: str) -> None:
        self.menu.setEditText(text)

    def use_project(self, python: str) -> None:
        """Where nothing is chosen it is this one, of the project of the function that is to run; empty: it has none."""
        if python != self._project:
            self._project = python
            self.line.setPlaceholderText("that of your project" if python else FIRST)
            self._look()

    def describe(self, name: str, tip: str) -> None:
        for widget in (self.menu, self.line):
            describe(widget, name, tip)

    def showEvent(self, event: QShowEvent) -> None:
        self._look()

    @Slot()
    def _look(self) -> None:
        if self.isVisible():
            self._say(ASKING if self.found is None else "…")
            self._asker.ask(functools.partial(_ask, self.text() or self._project, self.found))

    @Slot(object)
    def _show(self, answer: object) -> None:
        if isinstance(answer, Exception):
            self._say(str(answer))
            return
        assert isinstance(answer, tuple)
        found, said = answer
        if self.found is None:
            self.found = found
            self._fill()
        self._say(said)

    def _say(self, text: str) -> None:
        self.what.setText(text)
        self.what.setVisible(bool(text))

    def _fill(self) -> None:
        typed = self.menu.currentText()
        with QSignalBlocker(self.menu):
            for at, python in enumerate(self.found or ()):
                self.menu.addItem(python.path, python.path)
                self.menu.setItemData(at, python.words, NAME_ROLE)
                self.menu.setItemData(at, python.path, SENTENCE_ROLE)
                self.menu.setItemData(at, f"{python.words}: {python.path}", Qt.ItemDataRole.ToolTipRole)
            self.menu.setCurrentIndex(-1)
            self.menu.setEditText(typed)


def _ask(wanted: str, found: list[Python] | None) -> tuple[list[Python], str]:
    """The Pythons that there are, and what is to be said of the wanted one. Runs in the asker's thread."""
    there = finding.others() if found is None else found
    try:
        return there, finding.choose(wanted).words
    except BadInput:
        return there, ""  # why it is none is said where the runner's own obstacles are
