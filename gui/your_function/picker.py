"""The left of "Your function": the file, its functions, and the button that runs one everywhere. In the GUI thread.

It opens and starts nothing itself.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QFont, QPalette
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMenu,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from gui.widgets.elided import ElidedLabel
from gui.widgets.empty_state import EmptyState
from gui.widgets.fields import IntBox, describe, named, note
from gui.your_function.functions import FunctionList
from gui.your_function.recent import why_gone

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent

    from gui.theme.theme import Theme
    from gui.your_function.file import OwnFile
    from gui.your_function.recent import OwnFiles

WIDTH = 288
"""Of the panel, in pixels at a text scale of 1."""

STEPS = 1000
MAX_CALLS = 1_000_000
TITLE = "Where should your code run?"
HINT = "Choose a Python file: its functions are listed here, and nothing of it runs before you say so."


class OwnPicker(QWidget):
    """File, functions, calls, progress, and the button.

    Attributes:
        functions: those of the file.
        calls: how many calls each run has; 0 for as many as suit.
        button: runs the chosen function everywhere, or cancels that.
        bar: how far it is.
        recent_menu: the recent files.

    Signals:
        file_requested, example_requested: their buttons were pressed.
        recent_chosen, recent_forgotten: the path of a recent file that was chosen, or is to be left out.
        function_chosen: a function's name.
        start_requested, cancel_requested: the button was pressed.
    """

    file_requested = Signal()
    example_requested = Signal()
    recent_chosen = Signal(object)
    recent_forgotten = Signal(object)
    function_chosen = Signal(str)
    start_requested = Signal()
    cancel_requested = Signal()

    def __init__(self, theme: Theme, files: OwnFiles) -> None:
        super().__init__()
        self._theme, self._files = theme, files
        self._is_running, self._is_free, self._can_start = False, True, False
        self.choose_button = QPushButton("Choose a file …")
        describe(self.choose_button, "Choose a file", "A file of Python with a function of yours")
        self.choose_button.clicked.connect(self.file_requested)
        self.recent_button = QPushButton("Recent")
        describe(self.recent_button, "Recent files", "Files that you chose before")
        self.recent_menu = QMenu(self)
        self.recent_menu.setToolTipsVisible(True)
        self.recent_menu.aboutToShow.connect(self.fill_recent)
        self.recent_button.setMenu(self.recent_menu)
        self.example_button = named(QPushButton("An example to start from …"), "link")
        describe(self.example_button, "An example", "Save a small file with two functions, and open it here")
        self.example_button.clicked.connect(self.example_requested)
        self._name, self._folder = ElidedLabel(), ElidedLabel(Qt.TextElideMode.ElideLeft)
        self._folder.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._problem = note()
        self._problem.setForegroundRole(QPalette.ColorRole.WindowText)
        self.functions = FunctionList(theme)
        self.functions.picked.connect(self.function_chosen)
        self.calls = IntBox(0, MAX_CALLS, 0)
        self.calls.setSpecialValueText("auto")
        self._calls_label = QLabel("Calls in each run")
        self._calls_label.setBuddy(self.calls)
        describe(self.calls, "Calls", "How many calls each run has, 1 to 1,000,000; auto: as many as take about 2.5 s")
        self.button = named(QPushButton(), "primary")
        self.button.clicked.connect(self._press)
        self.bar = QProgressBar(maximum=STEPS, textVisible=False)
        self.bar.setFixedHeight(8)
        self.bar.setAccessibleName("Progress over all places")
        policy = self.bar.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.bar.setSizePolicy(policy)
        self.bar.hide()
        self._note = note()
        self._note.setAlignment(Qt.AlignmentFlag.AlignBottom)
        self._lay_out()
        theme.changed.connect(self._dress)
        self._dress()
        self._show_button()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.choose_button, 1)
        top.addWidget(self.recent_button)
        nothing = QWidget()
        empty = QVBoxLayout(nothing)
        empty.setContentsMargins(0, 0, 0, 0)
        empty.addWidget(EmptyState(self._theme, TITLE, HINT), 1)
        empty.addWidget(self.example_button, 0, Qt.AlignmentFlag.AlignHCenter)
        about = QHBoxLayout()
        about.setSpacing(8)
        about.addWidget(self._name)
        about.addWidget(self._folder)
        about.addStretch(1)
        something = QWidget()
        file = QVBoxLayout(something)
        file.setContentsMargins(0, 0, 0, 0)
        file.setSpacing(4)
        file.addLayout(about)
        file.addWidget(self._problem)
        file.addWidget(self.functions, 1)
        file.addStretch()
        self._stack = QStackedWidget()
        self._stack.addWidget(nothing)
        self._stack.addWidget(something)
        calls = QHBoxLayout()
        calls.setSpacing(8)
        calls.addWidget(self._calls_label, 1)
        calls.addWidget(self.calls)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(6)
        column.addLayout(top)
        column.addWidget(self._stack, 1)
        column.addLayout(calls)
        column.addWidget(self._note)
        column.addWidget(self.bar)
        column.addWidget(self.button)
        self._show_calls(False)

    # ---------------------------------------------------------------- what is shown

    def show_file(self, file: OwnFile, chosen: str) -> None:
        """Show a file's functions, or why it has none."""
        assert file.path is not None
        self._name.setText(file.path.name)
        self._folder.setText(str(file.path.parent))
        self._fit_name()
        for label in (self._name, self._folder):
            label.setToolTip(str(file.path))
        self._problem.setText(f"✕ {file.problem}" if file.problem else "")
        self._problem.setVisible(bool(file.problem))
        self.functions.show_functions(file.functions, chosen)
        self.functions.setVisible(bool(file.functions) or not file.problem)
        self._stack.setCurrentIndex(1)
        self._show_calls(True)

    @property
    def problem(self) -> str:
        return "" if self._problem.isHidden() else self._problem.text()

    def set_plan(self, words: str, can_start: bool) -> None:
        """Say what the button would begin, or why it cannot."""
        self._can_start = can_start
        if not self._is_running:
            self._say(words)
        self._show_button()

    def set_free(self, is_free: bool) -> None:
        """Say whether anything may start: not while a run is going on."""
        self._is_free = is_free
        self._show_button()

    def set_running(self, is_running: bool) -> None:
        """Let the button cancel, and the rest rest, while the function runs everywhere."""
        self._is_running = is_running
        for field in (self.choose_button, self.recent_button, self.functions, self.calls):
            field.setEnabled(not is_running)
        self.bar.setValue(0)
        self.bar.setVisible(is_running)
        self._show_button()

    def show_progress(self, done: int, count: int, words: str) -> None:
        self.bar.setValue(done * STEPS // max(1, count))
        self._say(words)

    @property
    def said(self) -> str:
        return self._note.text()

    @Slot()
    def fill_recent(self) -> None:
        """Put the recent files into their menu, as they are on the disk now."""
        menu = self.recent_menu
        menu.clear()
        recent = self._files.recent
        for path, function in recent:
            gone = why_gone(path)
            about = f": {gone}" if gone else f"  ·  {function}" if function else ""
            action = menu.addAction(f"{path.name}{about}")
            action.setToolTip(str(path))
            action.setEnabled(not gone)
            action.triggered.connect(partial(self._choose_recent, path))
        if not recent:
            menu.addAction("No file was chosen yet").setEnabled(False)
        menu.addSeparator()
        menu.addAction("An example to start from …").triggered.connect(self.example_requested)
        if recent:
            leave = menu.addMenu("Leave out of this list")
            for path, _ in recent:
                leave.addAction(f"{path.name}  ({path.parent})").triggered.connect(partial(self._forget, path))

    def _choose_recent(self, path: object, checked: bool = False) -> None:
        self.recent_chosen.emit(path)

    def _forget(self, path: object, checked: bool = False) -> None:
        self.recent_forgotten.emit(path)

    # ---------------------------------------------------------------- keeping it true

    @Slot()
    def _press(self) -> None:
        (self.cancel_requested if self._is_running else self.start_requested).emit()

    def _show_calls(self, on: bool) -> None:
        for widget in (self.calls, self._calls_label):
            widget.setVisible(on)

    def _show_button(self) -> None:
        self.button.setText("Cancel" if self._is_running else "Run it everywhere")
        tip = "End it: what is done is kept" if self._is_running else "Run it in every place that can take it, twice"
        describe(self.button, self.button.text(), tip)
        self.button.setEnabled(self._is_running or (self._is_free and self._can_start))

    def _say(self, words: str) -> None:
        self._note.setText(words)
        self._note.setToolTip(words)

    def showEvent(self, event: QShowEvent) -> None:
        """Fonts again: with a style sheet, becoming a page of tabs takes them away."""
        self._dress()

    def _fit_name(self) -> None:
        """The file's name stays in sight; what is cut is its folder."""
        wide = self._name.sizeHint().width()
        self._name.setMinimumWidth(min(wide, self.minimumWidth() - 40))

    @Slot()
    def _dress(self) -> None:
        scale = min(self._theme.text_scale, 1.4)
        self.setMinimumWidth(round(230 * scale))
        bold = QFont(self.font())
        bold.setWeight(QFont.Weight.DemiBold)
        self._name.setFont(bold)
        self._fit_name()
        palette = QPalette(self.palette())
        palette.setColor(QPalette.ColorRole.WindowText, self._theme.color("bad"))
        self._problem.setPalette(palette)
        # Two lines, whatever is said: else the list above would change its size.
        self._note.setFixedHeight(2 * self._note.fontMetrics().lineSpacing() + 2)

    def sizeHint(self) -> QSize:
        return QSize(round(WIDTH * min(self._theme.text_scale, 1.4)), 260)
