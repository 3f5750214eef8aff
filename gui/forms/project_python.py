"""A field for the Python of a person's project: a folder, an interpreter, or empty for the one found. GUI thread.

Which one that is, and what it is, is found out in a thread.
"""

from __future__ import annotations

import functools
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from gui.controllers.background import Asker
from gui.widgets.fields import Grid, describe, named, note
from gui.widgets.panels import fill
from workers.pythons.asking import ask
from workers.pythons.finding import choose, of_project
from workers.utils.folder_files import home

LABEL = "Python of my project"
TIP = (
    "What your function needs and Thaw has not is taken from there: a virtual environment's folder, your project's, or "
    "an interpreter. Empty: the .venv of the project that your file is in"
)
FOUND, NONE_FOUND = "found by itself", "none found: Thaw's own"
LOOKING = "Looking …"


class ProjectPython(QWidget):
    """Is asked for one file at a time.

    Attributes:
        line: what a person has typed or chosen.
        found: says which Python that is, or why there is none.
        problem: why there is none, as a sentence; empty where there is one, or nobody knows yet.

    Signals:
        settled: the text, and the interpreter that it stands for; both empty where the one that is found will do.
        changed: what is known of it.
    """

    settled = Signal(str, str)
    changed = Signal()

    def __init__(self, label: str = LABEL, tip: str = TIP) -> None:
        super().__init__()
        self._label = label
        self._file = Path()
        self._asked = ""
        self.problem = ""
        self.line = QLineEdit(placeholderText=NONE_FOUND, clearButtonEnabled=True)
        describe(self.line, label, tip)
        self.found = note()
        self.found.hide()
        browse = named(QPushButton("…"), "small")
        browse.setFixedWidth(32)
        browse.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Ignored)  # as high as the line
        describe(browse, f"Choose the {label}", "Choose it from the disk")
        menu = QMenu(browse)
        menu.addAction("A folder: of your project, or of its environment…").triggered.connect(
            self.choose_folder
        )
        menu.addAction("An interpreter…").triggered.connect(self.choose_file)
        browse.clicked.connect(lambda: menu.exec(browse.mapToGlobal(browse.rect().bottomLeft())))
        row = QWidget()
        fill(QHBoxLayout(row), (self.line, 1), browse, spacing=4)
        grid = Grid()
        grid.add_wide(name := QLabel(label))
        name.setBuddy(self.line)
        grid.add_wide(row)
        fill(QVBoxLayout(self), grid, self.found, spacing=4)
        self._asker = Asker("project's Python", self)
        self._asker.answered.connect(self._take)
        self.line.editingFinished.connect(self._look)
        self.line.textChanged.connect(self._look_when_empty)

    def show_file(self, file: Path, text: str) -> None:
        """Show what was chosen for a file; another one's is forgotten."""
        if file == self._file and text == self.line.text():
            return
        self._file, self._asked = file, "\0"
        with QSignalBlocker(self.line):
            self.line.setText(text)
        self._look()

    @Slot()
    def _look(self) -> None:
        text = self.line.text().strip()
        if text == self._asked or self._file == Path():
            return
        self._asked, self.problem = text, ""
        self.found.setText(LOOKING)
        self.found.setVisible(bool(text))
        self._asker.ask(functools.partial(_find, text, self._file))
        self.changed.emit()

    @Slot(str)
    def _look_when_empty(self, text: str) -> None:
        if not text:
            self._look()

    @Slot(object)
    def _take(self, answer: object) -> None:
        if isinstance(answer, Exception):
            self.problem = str(answer)
            self.found.setText(f"✕ {answer}")
            self.found.show()
        else:
            assert isinstance(answer, tuple)
            path, told = answer
            self.found.setText(told)
            self.found.setVisible(bool(told))
            if not self._asked:
                self.line.setPlaceholderText(FOUND if told else NONE_FOUND)
            self.settled.emit(self._asked, path)
        self.changed.emit()

    @Slot()
    def choose_folder(self) -> None:
        self._use(QFileDialog.getExistingDirectory(self, self._label, self._beginning()))

    @Slot()
    def choose_file(self) -> None:
        self._use(QFileDialog.getOpenFileName(self, self._label, self._beginning())[0])

    def _beginning(self) -> str:
        return self.line.text() or str(self._file.parent if self._file != Path() else home())

    def _use(self, path: str) -> None:
        if path:
            self.line.setText(path)
            self._look()


def _find(text: str, file: Path) -> tuple[str, str]:
    """The interpreter that was chosen, empty where none was; and in words the one that is taken. In the asker's thread.

    Raises:
        BadInput: there is no such one, with a sentence.
    """
    if text:
        chosen = choose(text)
        return chosen.path, chosen.told
    found = of_project(file)
    return "", ask(found).told if found else ""
