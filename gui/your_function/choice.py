"""Which file of a person's is open, and which of its functions is chosen. In the GUI thread.

Files are read and never imported here: the first line of one runs when a run of it begins. Before code is run that the
person did not choose themselves, they are asked.
"""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QMessageBox

from gui.process.ask_file import ask_path, last_folder, remember_folder
from gui.your_function.file import OwnFile
from gui.your_function.recent import OwnFiles, digest_of, why_gone
from workers.catalog.user_names import is_own, locate, parse, slug, title
from workers.utils.atomic_file import new_file, why_not_written
from workers.utils.child import RESOURCES
from workers.utils.errors import BadInput
from workers.utils.folder_files import GONE, data_folder

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from gui.process.preferences import Preferences
    from workers.catalog.entry import Entry
    from workers.user_code.listing import FoundFunction

EXAMPLE = RESOURCES / "example_function.py"
EXAMPLE_FUNCTION = "count_primes"
KEPT = "own_folder"
PYTHON = "Python (*.py *.pyw);;All files (*)"


class OwnChoice(QObject):
    """Opens files, chooses functions, and asks where that is needed.

    Attributes:
        file: the file that is open.
        files: the recent ones, and those that may be run.
        entry: the function that is chosen; None where none is.
        may_leave: whether the open file may be left for another one; where its text was not saved, asks.
        save: saves the text of the open file; returns whether nothing is left to be saved.

    Signals:
        opened: another file is open.
        changed: what is open holds something else now, or another function is chosen; after `chosen` and `withdrawn`.
        chosen: the Entry of the function that is chosen now; again when its file has changed.
        withdrawn: the name of one that cannot be run any more, or not without a question.
        said: a sentence on what was done, or why it was not.
    """

    opened = Signal()
    changed = Signal()
    chosen = Signal(object)
    withdrawn = Signal(str)
    said = Signal(str)

    def __init__(self, window: QWidget, preferences: Preferences) -> None:
        """Make it; `window` is the parent of dialogs, `preferences` remembers files."""
        super().__init__(window)
        self._window, self._preferences = window, preferences
        self.may_leave: Callable[[], bool] = lambda: True
        self.save: Callable[[], bool] = lambda: True
        self.entry: Entry | None = None
        self._lost = ""  # the function that was chosen before Python could not read the file
        self.files, self.file = OwnFiles(preferences), OwnFile(self)
        self.file.changed.connect(self._follow_file)

    @property
    def found(self) -> FoundFunction | None:
        """The chosen function, where it is one of the open file; else None."""
        name = self.entry.name if self.entry is not None else None
        return next((one for one in self.file.functions if one.entry and one.entry.name == name), None)

    def may_run(self, workload: str) -> bool:
        """Whether a workload may be run now: any but a function of a file that the person has to be asked for.

        Asks, where that is so, and saves what was changed here. To be called before anything of the work is imported,
        and so before all other checks.
        """
        if not is_own(workload):
            return True
        path: Path | None = None
        with suppress(BadInput):
            path = locate(parse(workload))
        if path is None or not path.exists():
            return True  # there is no such file: the run itself says so
        if path == self.file.path and not self.save():
            return False
        if may_use(self._window, self.files, path, slug(workload)):
            return True
        self.said.emit(f"{title(workload)} was not run.")
        self._withdraw(workload)
        return False

    def recall(self) -> None:
        """Open the file that was open last, where it is still there. Nobody is told of a choice; nothing is run."""
        recent = self.files.recent
        if not recent or why_gone(recent[0].path):
            return
        path, function = recent[0]
        self.file.open(path, self.files.python_of(path)[1])
        self.file.once_listed(partial(self._recall, path, function))

    def _recall(self, path: Path, function: str) -> None:
        found = self.file.find(function)
        if found is not None and found.entry is not None and self.files.is_trusted(path):
            self.entry = found.entry
            self.changed.emit()

    # ---------------------------------------------------------------- what a person does

    @Slot()
    def choose_file(self) -> None:
        path, _ = QFileDialog.getOpenFileName(
            self._window, "Choose a file with your function", last_folder(self._preferences, KEPT), PYTHON
        )
        if path:
            self.pick(Path(path))

    @Slot()
    def save_example(self) -> None:
        """Ask where the example is to be saved, save it there, and open it."""
        first = Path(last_folder(self._preferences, KEPT), "my_function.py")
        path = ask_path(self._window, "Save an example to start from", first, PYTHON, first.suffix)
        if path is None:
            return
        try:
            path.write_text(EXAMPLE.read_text(encoding="utf-8"), encoding="utf-8")
        except OSError as error:
            self.said.emit(why_not_written(path, error))
            return
        if self.pick(path):
            self.choose(EXAMPLE_FUNCTION)
            self.said.emit(f"Saved {path}: change it here as you like, or in an editor of yours.")

    def save_wrapper(self, function: str, checked: bool = False) -> None:
        """Write a file that calls a function which cannot be used as it is, and open it to be gone on with."""
        found = self.file.find(function)
        if found is None or not self.may_leave():
            return
        try:
            made = new_file(data_folder() / "wrappers", f"call_{function.rpartition('.')[2]}", found.wrapper)
        except OSError as error:
            self.said.emit(why_not_written(data_folder(), error))
            return
        if self.pick(made):
            self.choose(made.stem.partition("-")[0])
            self.said.emit(f"Saved {made}: write down there what {function} is called with.")

    def pick(self, path: Path) -> bool:
        """Open a file that the person chose themselves; returns whether it is open now."""
        remember_folder(self._preferences, path, KEPT)
        self.files.trust_file(path)
        return self.open(path)

    def open(self, path: Path) -> bool:
        """Read a file, also one that was dropped or that a run names: nothing of it runs before it is asked for.

        Returns whether it is open now: a person may rather stay with what is not saved.
        """
        if not self.may_leave():
            return False
        self.files.use(path)
        self._lost = ""
        self.opened.emit()
        self.file.open(path, self.files.python_of(path)[1])
        return True

    def open_recent(self, path: Path, checked: bool = False) -> None:
        """Open a recent file, and where nothing has to be asked choose the function that was chosen in it last."""
        function = next((one.function for one in self.files.recent if one.path == path), "")
        if self.open(path) and self.files.is_trusted(path):
            self.choose(function)

    def forget(self, path: Path, checked: bool = False) -> None:
        self.files.forget(path)

    @Slot(str)
    def choose(self, function: str) -> None:
        """Choose a function of the open file; where that file needs a yes, after that."""
        self.file.once_listed(partial(self._choose, function))

    def _choose(self, function: str) -> None:
        found, path = self.file.find(function), self.file.path
        if found is None or found.entry is None or path is None:
            return
        if may_use(self._window, self.files, path, function):
            self.files.use(path, function)
            self._lost, self.entry = "", found.entry
            self.chosen.emit(found.entry)
        else:
            self.said.emit(f"{function} is not used: nothing of {path.name} has run.")
        self.changed.emit()

    @Slot(str, str)
    def use_python(self, text: str, python: str) -> None:
        """Take this Python for the open file, as it was written and as an interpreter; empty: the one that is found."""
        if self.file.path is not None and (text, python) != self.files.python_of(self.file.path):
            self.files.use_python(self.file.path, text, python)
            self.file.use_python(python)

    # ---------------------------------------------------------------- what happens

    def take_saved(self, path: Path) -> None:
        """The person has saved the open file here: what was used of it stays in use."""
        if self._lost or (self.entry is not None and self.entry.path == path):
            self.files.trust_contents(digest_of(path))
        self.file.look()

    @Slot()
    def _follow_file(self) -> None:
        """Tell again of a chosen function that has changed; withdraw one that is gone, or has to be asked for again.

        One that is gone because Python cannot read its file is chosen again once it can.
        """
        entry = self.entry
        lost = self.file.find(self._lost)
        if lost is not None and lost.entry is not None and self.files.is_trusted(lost.entry.path):
            self._lost, self.entry = "", lost.entry
            self.chosen.emit(lost.entry)
        if entry is not None and self.file.path == entry.path and not self.file.is_listing:
            found = self.found
            may_run = self.files.is_trusted(entry.path)
            if found is None or found.entry is None or not may_run:
                self._lost = entry.own.function if self.file.problem and may_run and entry.own else ""
                self._withdraw(entry.name)
            elif not found.entry.is_like(entry) or (entry.own and entry.own.state == GONE):
                self.entry = found.entry
                self.chosen.emit(found.entry)
        self.changed.emit()

    def _withdraw(self, workload: str) -> None:
        if self.entry is not None and self.entry.name == workload:
            self.entry = None
        self.withdrawn.emit(workload)
        self.changed.emit()


def may_use(parent: QWidget, files: OwnFiles, path: Path, function: str) -> bool:
    """Whether a function may be run: at once where the person chose its file, else they are asked.

    A yes holds for what the file holds now: once it changes, it is asked for again.
    """
    if files.is_trusted(path):
        return True
    asked_for = digest_of(path)
    box = QMessageBox(QMessageBox.Icon.Warning, "Run code from this file?", "", parent=parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(f"Use the function {function} of {path.name}?")
    box.setInformativeText(
        "You did not choose this file in Thaw. Its code will run with your rights: it can read, change and delete all "
        f"that you can, and send it elsewhere. Use it only if you know what is in it.\n\n{path}\n\n"
        "Your yes holds for this file as it is now. Nothing of it has run yet."
    )
    box.setStandardButtons(QMessageBox.StandardButton.Yes | QMessageBox.StandardButton.No)
    box.button(QMessageBox.StandardButton.Yes).setText("Use it")
    box.button(QMessageBox.StandardButton.No).setText("Do not use it")
    box.setDefaultButton(QMessageBox.StandardButton.No)
    answer = box.exec()
    box.deleteLater()
    if answer != QMessageBox.StandardButton.Yes:
        return False
    files.trust_contents(asked_for)
    return files.is_trusted(path)  # it may have changed while the question stood
