"""The left of "Your function": the file, its functions, and the button that runs one everywhere. In the GUI thread.

What it starts and opens is for the choice and the page to do.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QFont, QPalette
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QVBoxLayout, QWidget

from gui.widgets.benchmark_page import StartPanel
from gui.widgets.elided import ElidedLabel
from gui.widgets.empty_state import EmptyState
from gui.widgets.fields import describe, named, note
from gui.widgets.panels import fill, order_tabs, set_text_color, stack
from gui.your_function.clash import ClashNote
from gui.your_function.functions import FunctionList
from gui.your_function.recent import why_gone
from gui.your_function.settings import OwnSettings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtGui import QShowEvent

    from gui.theme.theme import Theme
    from gui.your_function.choice import OwnChoice
    from gui.your_function.file import OwnFile
    from workers.catalog.entry import Entry

MARGINS = (12, 8, 12, 8)
TITLE = "Where should your code run?"
LISTING = "Looking for its functions …"
HINT = "Choose a Python file: its functions are listed here, and nothing of it runs before you say so."


class OwnPicker(StartPanel):
    """File, functions, calls, progress, and the button.

    Attributes:
        functions: those of the file.
        settings: what each run needs to know.
        clash: that the function can run in processes only, where that is so.
        problem: why the file has no functions; hidden where it has.
        recent_menu: the recent files.
    """

    WIDTH, MIN_WIDTH = 288, 230

    def __init__(self, theme: Theme, choice: OwnChoice, runners: Mapping[str, Entry]) -> None:
        super().__init__(theme, "Progress over all places")
        self._choice = choice
        self._plan = ""
        self._can_start = False
        self.choose_button = QPushButton("Choose a file…")
        describe(self.choose_button, "Choose a file", "A Python file with a function of your own")
        self.choose_button.clicked.connect(choice.choose_file)
        self.recent_button = QPushButton("Recent")
        describe(self.recent_button, "Recent files", "Files that you chose before")
        self.recent_menu = QMenu(self, toolTipsVisible=True)
        self.recent_menu.aboutToShow.connect(self.fill_recent)
        self.recent_button.setMenu(self.recent_menu)
        self.example_button = named(QPushButton("An example to start from…"), "link")
        describe(self.example_button, "An example", "Save a small file with two functions, and open it here")
        self.example_button.clicked.connect(choice.save_example)
        self.wrapper_button = named(QPushButton("Write a wrapper for me…"), "link")
        describe(
            self.wrapper_button,
            "Write a wrapper",
            "A new file with a function that calls what cannot be used as it is",
        )
        self.wrapper_menu = QMenu(self)
        self.wrapper_button.clicked.connect(self._write_wrapper)
        self._name, self._folder = ElidedLabel(), ElidedLabel(Qt.TextElideMode.ElideLeft)
        self._folder.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.problem = note()
        self.problem.setForegroundRole(QPalette.ColorRole.WindowText)
        self.functions = FunctionList(theme)
        self.functions.picked.connect(choice.choose)
        self.settings = OwnSettings()
        self.settings.hide()
        self.settings.form_made.connect(self._arrange)
        self.clash = ClashNote(runners, self.settings)
        buttons = self.choose_button, self.recent_button
        self.fields = (*buttons, self.functions, self.wrapper_button, self.settings)
        policy = self.bar.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.bar.setSizePolicy(policy)
        self.bar.hide()
        self.note.setAlignment(Qt.AlignmentFlag.AlignBottom)
        self._lay_out()
        self._arrange()
        self.show_plan()

    def _lay_out(self) -> None:
        nothing, something = QWidget(), QWidget()
        top = fill(QHBoxLayout(), (self.choose_button, 1), self.recent_button, spacing=8)
        empty = fill(
            QVBoxLayout(nothing), (EmptyState(self.theme, TITLE, HINT), 1), self.example_button, spacing=6
        )
        empty.setAlignment(self.example_button, Qt.AlignmentFlag.AlignHCenter)
        about = fill(QHBoxLayout(), self._name, self._folder, None, spacing=8)
        listed = fill(QVBoxLayout(), self.functions, self.wrapper_button, spacing=4)
        listed.setAlignment(self.wrapper_button, Qt.AlignmentFlag.AlignLeft)
        fill(QVBoxLayout(something), about, self.problem, (listed, 1), spacing=4).addStretch()
        self._stack = stack(nothing, something)
        parts = top, (self._stack, 1), self.settings, self.clash, self.note, self.bar, self.button
        fill(QVBoxLayout(self), *parts, margins=MARGINS, spacing=6)

    @Slot()
    def _arrange(self) -> None:
        order_tabs(self)
        self.restyle()

    # ---------------------------------------------------------------- what is shown

    def show_file(self, file: OwnFile, chosen: str) -> None:
        """Show a file's functions, or why it has none."""
        assert file.path is not None
        self._name.setText(file.path.name)
        self._folder.setText(str(file.path.parent))
        self._fit_name()
        for label in (self._name, self._folder):
            label.setToolTip(str(file.path))
        awaited = LISTING if file.is_listing and not file.functions else ""
        self.problem.setText(f"✕ {file.problem}" if file.problem else awaited)
        self.problem.setVisible(bool(self.problem.text()))
        self._color_problem()
        self.functions.show_functions(file.functions, chosen)
        self.functions.setVisible(bool(file.functions) or self.problem.isHidden())
        self._offer_wrappers(file)
        self._stack.setCurrentIndex(1)
        self.settings.show()

    def _offer_wrappers(self, file: OwnFile) -> None:
        """Offer one for each function that cannot be used, but could be called by another one."""
        self.wrapper_menu.clear()
        for found in file.functions:
            if found.wrapper:
                self.wrapper_menu.addAction(found.name).triggered.connect(
                    partial(self._choice.save_wrapper, found.name)
                )
        self.wrapper_button.setVisible(not self.wrapper_menu.isEmpty())

    @Slot()
    def _write_wrapper(self) -> None:
        """Write the only one, or ask which."""
        actions = self.wrapper_menu.actions()
        if len(actions) == 1:
            actions[0].trigger()
        else:
            self.wrapper_menu.popup(self.wrapper_button.mapToGlobal(self.wrapper_button.rect().bottomLeft()))

    def set_plan(self, words: str, can_start: bool) -> None:
        """Say what the button would begin, or why it cannot."""
        self._plan, self._can_start = words, can_start
        self.clash.show_function(self._choice.found.entry if self._choice.found is not None else None)
        self.show_plan()

    def show_plan(self) -> None:
        if not self.is_running:
            self.say(self._plan)
        self.bar.setVisible(self.is_running)
        self.button.setText("Cancel" if self.is_running else "Run it everywhere")
        tip = (
            "End it: what is done is kept"
            if self.is_running
            else "Run it in every place that can take it, twice"
        )
        describe(self.button, self.button.text(), tip)
        self.button.setEnabled(self.is_running or (self.is_free and self._can_start))

    @Slot()
    def fill_recent(self) -> None:
        """Put the recent files into their menu, as they are on the disk now."""
        menu, recent = self.recent_menu, self._choice.files.recent
        menu.clear()
        for path, function in recent:
            gone = why_gone(path)
            about = f"  ·  {function}" if function else ""
            if gone:
                about = f": {gone}"
            action = menu.addAction(f"{path.name}{about}")
            action.setToolTip(str(path))
            action.setEnabled(not gone)
            action.triggered.connect(partial(self._choice.open_recent, path))
        if not recent:
            menu.addAction("No file was chosen yet").setEnabled(False)
        menu.addSeparator()
        menu.addAction("An example to start from…").triggered.connect(self._choice.save_example)
        if recent:
            leave = menu.addMenu("Leave out of this list")
            for path, _ in recent:
                action = leave.addAction(f"{path.name}  ({path.parent})")
                action.triggered.connect(partial(self._choice.forget, path))

    # ---------------------------------------------------------------- keeping it true

    def showEvent(self, event: QShowEvent) -> None:
        """Fonts again: with a style sheet, becoming a page of tabs takes them away."""
        self.restyle()

    def _fit_name(self) -> None:
        """The file's name stays in sight; what is cut is its folder."""
        wide = self._name.sizeHint().width()
        self._name.setMinimumWidth(min(wide, self.minimumWidth() - 40))

    @Slot()
    def restyle(self) -> None:
        super().restyle()
        beside = MARGINS[0] + MARGINS[2]
        self.setMinimumWidth(max(self.minimumWidth(), self.settings.minimumSizeHint().width() + beside))
        bold = QFont(self.font())
        bold.setWeight(QFont.Weight.DemiBold)
        self._name.setFont(bold)
        self._fit_name()
        self._color_problem()

    def _color_problem(self) -> None:
        is_bad = bool(self._choice.file.problem)
        set_text_color(self.problem, self.theme.color("bad" if is_bad else "muted"))
