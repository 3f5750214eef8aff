"""The left of the room Watch: which program, its arguments, its Python, and the button. In the GUI thread."""

from __future__ import annotations

import os
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QLineEdit, QMenu, QPushButton, QVBoxLayout

from gui.forms.project_python import ProjectPython
from gui.process.ask_file import last_folder, remember_folder
from gui.widgets.benchmark_page import StartPanel
from gui.widgets.fields import Grid, describe
from gui.widgets.panels import fill, order_tabs
from workers.transport.redaction import without_secrets
from workers.utils.errors import BadInput
from workers.utils.words import join_words, split_words

if TYPE_CHECKING:
    from gui.process.preferences import Preferences
    from gui.theme.theme import Theme
    from workers.watch.program import Program

MARGINS = (12, 8, 12, 8)
KEPT, FOLDER = "watch_recent", "watch_folder"
MAX_RECENT = 10
PROGRAMS = "Python (*.py *.pyw);;All files (*)"
MODULE, RUNNING = "-m", "--pid"
PLAN = "It starts as it would on its own, and is watched until it ends."
NO_PROGRAM = "Choose a program, or write its path; a package is written as -m package."
PYTHON = (
    "Runs the program: a virtual environment's folder, your project's, or an interpreter. Empty: the .venv of its "
    "project, or else Thaw's own"
)


class Choice(NamedTuple):
    """A program as it was written down.

    Attributes:
        program: the path of its file, or "-m" and its module; "--pid" and the number of what runs already.
        arguments: as in a shell.
        python: what stands for its Python; empty: the one that is found.
    """

    program: str
    arguments: str = ""
    python: str = ""

    @property
    def title(self) -> str:
        name = self.program if self.is_named else Path(self.program).name
        return f"{name} {self.arguments}".strip()

    @property
    def is_named(self) -> bool:
        """Whether it is no file: a module, or what runs already."""
        return self.runs_already or self.program.split(maxsplit=1)[:1] == [MODULE]

    @property
    def runs_already(self) -> bool:
        return self.program.split(maxsplit=1)[:1] == [RUNNING]

    @property
    def path(self) -> Path:
        """Its file; an empty path where none is named."""
        if not self.program or self.is_named:
            return Path()
        return Path(os.path.abspath(os.path.expanduser(self.program)))

    @property
    def folder(self) -> str:
        """Where it is started: beside its file; else where Thaw was."""
        return "" if self.is_named else str(self.path.parent)

    def words(self) -> list[str]:
        """As after --watch. Raises BadInput where the arguments cannot be told from each other."""
        try:
            arguments = split_words(self.arguments)
        except ValueError as error:
            raise BadInput(
                f"The arguments cannot be read ({error}): look for a quote without its pair."
            ) from None
        if self.is_named:
            return [*self.program.split(maxsplit=1), *arguments]
        return [str(self.path), *arguments]


class Chooser(StartPanel):
    """Says what is to be watched.

    Attributes:
        program, arguments: the fields; `python` likewise.
        recent_menu: what was watched before.

    """

    WIDTH, MIN_WIDTH = 288, 230

    def __init__(self, theme: Theme, preferences: Preferences) -> None:
        super().__init__(theme, "")
        self._preferences = preferences
        self._is_ending = False
        self.program = QLineEdit(placeholderText="my_app.py or -m package", clearButtonEnabled=True)
        self.arguments = QLineEdit(placeholderText="none", clearButtonEnabled=True)
        self.python = ProjectPython("Python of the program", PYTHON)
        self.choose_button, self.recent_button = QPushButton("Choose a program…"), QPushButton("Recent")
        describe(self.choose_button, "Choose a program", "The file that starts your program")
        describe(self.recent_button, "Recent programs", "Programs that you watched before")
        self.recent_menu = QMenu(self, toolTipsVisible=True)
        self.recent_menu.aboutToShow.connect(self._fill_recent)
        self.recent_button.setMenu(self.recent_menu)
        self.choose_button.clicked.connect(self.choose_file)
        describe(self.program, "Program", "The path of the file that starts it, or -m and a package or module")
        describe(self.arguments, "Arguments", "What the program is given, as in a shell")
        self.fields = (self.choose_button, self.recent_button, self.program, self.arguments, self.python)
        grid = Grid()
        for label, field in (("Program", self.program), ("Arguments", self.arguments)):
            grid.add_wide(name := QLabel(label))
            name.setBuddy(field)
            grid.add_wide(field)
        top = fill(QHBoxLayout(), (self.choose_button, 1), self.recent_button, spacing=8)
        parts = top, grid, self.python, None, self.note, self.button
        fill(QVBoxLayout(self), *parts, margins=MARGINS, spacing=8)
        self.program.textChanged.connect(self._follow)
        self.arguments.textChanged.connect(self._follow)
        order_tabs(self)
        self.restyle()
        kept = self.recent
        if kept:
            self.show_choice(kept[0])
        self.show_plan()

    # ---------------------------------------------------------------- what is chosen

    @property
    def choice(self) -> Choice:
        texts = (field.text().strip() for field in (self.program, self.arguments, self.python.line))
        return Choice(*texts)

    def show_choice(self, choice: Choice) -> None:
        self.program.setText(choice.program)
        self.arguments.setText(choice.arguments)
        self.python.show_file(choice.path, choice.python)

    def show_program(self, program: Program) -> None:
        """Show what the command line names."""
        name = f"{MODULE} {program.module}" if program.module else os.path.abspath(program.script)
        name = f"{RUNNING} {program.pid}" if program.pid else name
        python = "" if program.python == sys.executable else program.python
        self.show_choice(Choice(name, join_words(program.arguments), python))

    @Slot()
    def _follow(self) -> None:
        self.python.show_file(self.choice.path, self.python.line.text())
        self.show_plan()

    @Slot()
    def choose_file(self) -> None:
        path, _ = QFileDialog.getOpenFileName(
            self, "Choose a program to watch", last_folder(self._preferences, FOLDER), PROGRAMS
        )
        if path:
            remember_folder(self._preferences, Path(path), FOLDER)
            self.show_choice(Choice(path))

    # ---------------------------------------------------------------- the recent ones

    @property
    def recent(self) -> list[Choice]:
        """Those that were watched before, the newest first."""
        kept = self._preferences.read_values(KEPT).get("programs", [])
        lists = [one for one in kept if isinstance(one, list)] if isinstance(kept, list) else []
        return [Choice(*one) for one in lists if [type(part) for part in one] == [str, str, str]]

    def keep(self, choice: Choice) -> None:
        """It is watched now: the newest of the recent ones. Arguments with a secret are not kept."""
        if choice.runs_already:
            return  # that number means another program tomorrow
        if without_secrets(choice.arguments) != choice.arguments:
            choice = choice._replace(arguments="")
        others = [one for one in self.recent if one != choice]
        self._preferences.write_values(
            KEPT, {"programs": [list(one) for one in [choice, *others][:MAX_RECENT]]}
        )

    @Slot()
    def _fill_recent(self) -> None:
        self.recent_menu.clear()
        for choice in self.recent:
            action = self.recent_menu.addAction(choice.title.replace("&", "&&"))
            action.setToolTip(choice.program)
            action.triggered.connect(partial(self._choose_recent, choice))
        if self.recent_menu.isEmpty():
            self.recent_menu.addAction("None yet").setEnabled(False)

    def _choose_recent(self, choice: Choice, checked: bool = False) -> None:
        self.show_choice(choice)

    # ---------------------------------------------------------------- the button

    def show_ending(self) -> None:
        """It was asked to end, and has not: it may be killed."""
        self._is_ending = True
        self.show_plan()

    def set_running(self, is_running: bool) -> None:
        self._is_ending = False
        super().set_running(is_running)
        self.bar.hide()

    def show_plan(self) -> None:
        """Say what Watch would do; while a program is watched the button ends it."""
        if self.is_running:
            ends = "Kill it" if self._is_ending else "Stop it"
            self.button.setText("Stop watching" if self.choice.runs_already else ends)
            self.say("It was asked to end. If it does not, kill it." if self._is_ending else "Watching it.")
            self.button.setEnabled(True)
            return
        self.button.setText("Watch")
        self.say(PLAN if self.choice.program else NO_PROGRAM)
        self.button.setEnabled(bool(self.choice.program))
