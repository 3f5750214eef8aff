"""Which file of a person's is open, and which of its functions is chosen. In the GUI thread.

Files are read and never imported here: the first line of one runs when a run of it begins.

The question before code is run that the person did not choose themselves. In the GUI thread.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QMessageBox

from gui.your_function.file import OwnFile
from gui.your_function.recent import OwnFiles, digest_of, why_gone
from workers.catalog.user_names import is_own, locate, parse, slug, title
from workers.utils.atomic_file import why_not_written
from workers.utils.child import RESOURCES
from workers.utils.errors import BadInput
from workers.utils.folder_files import home

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from gui.process.preferences import Preferences
    from gui.your_function.file import FoundFunction
    from workers.catalog.entry import Entry

EXAMPLE = RESOURCES / "example_function.py"
EXAMPLE_FUNCTION = "count_primes"
PYTHON = "Python (*.py *.pyw);;All files (*)"


class OwnChoice(QObject):
    """Opens files, chooses functions, and asks where that is needed.

    Attributes:
        file: the file that is open.
        files: the recent ones, and those that may be run.
        entry: the function that is chosen; None where none is.

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
        self.entry: Entry | None = None
        self.files, self.file = OwnFiles(preferences), OwnFile(self)
        self.file.changed.connect(self._follow_file)

    @property
    def found(self) -> FoundFunction | None:
        """The chosen function, where it is one of the open file; else None."""
        name = self.entry.name if self.entry is not None else None
        return next((one for one in self.file.functions if one.entry and one.entry.name == name), None)

    def may_run(self, workload: str) -> bool:
        """Whether a workload may be run now: any but a function of a file that the person has to be asked for.

        Asks, where that is so. To be called before anything of the work is imported, and so before all other checks.
        """
        if not is_own(workload):
            return True
        try:
            path = locate(parse(workload))
        except BadInput:
            return True  # there is no such file: the run itself says so
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
        self.file.open(path)
        found = self.file.find(function)
        if found is not None and found.entry is not None and self.files.is_trusted(path):
            self.entry = found.entry
            self.changed.emit()

    # ---------------------------------------------------------------- what a person does

    @Slot()
    def choose_file(self) -> None:
        path, _ = QFileDialog.getOpenFileName(
            self._window, "Choose a file with your function", self._folder(), PYTHON
        )
        if path:
            self.pick(Path(path))

    @Slot()
    def save_example(self) -> None:
        """Ask where the example is to be saved, save it there, and open it."""
        first = str(Path(self._folder(), "my_function.py"))
        chosen, _ = QFileDialog.getSaveFileName(self._window, "Save an example to start from", first, PYTHON)
        if not chosen:
            return
        path = Path(chosen)
        path = path if path.suffix else path.with_suffix(".py")
        try:
            path.write_text(EXAMPLE.read_text(encoding="utf-8"), encoding="utf-8")
        except OSError as error:
            self.said.emit(why_not_written(path, error))
            return
        self.pick(path)
        self.choose(EXAMPLE_FUNCTION)
        self.said.emit(f"Saved {path}: change it as you like, it is read again whenever you save it.")

    def pick(self, path: Path) -> None:
        """Open a file that the person chose themselves."""
        self._preferences.write("own_folder", str(path.parent))
        self.files.trust_file(path)
        self.open(path)

    def open(self, path: Path) -> None:
        """Read a file, also one that was dropped or that a run names: nothing of it runs before it is asked for."""
        self.files.use(path)
        self.opened.emit()
        self.file.open(path)

    def open_recent(self, path: Path, checked: bool = False) -> None:
        """Open a recent file, and where nothing has to be asked choose the function that was chosen in it last."""
        function = next((one.function for one in self.files.recent if one.path == path), "")
        self.open(path)
        if self.files.is_trusted(path):
            self.choose(function)

    def forget(self, path: Path, checked: bool = False) -> None:
        self.files.forget(path)

    @Slot(str)
    def choose(self, function: str) -> None:
        """Choose a function of the open file; where that file needs a yes, after that."""
        found, path = self.file.find(function), self.file.path
        if found is None or found.entry is None or path is None:
            return
        if may_use(self._window, self.files, path, function):
            self.files.use(path, function)
            self.entry = found.entry
            self.chosen.emit(found.entry)
        else:
            self.said.emit(f"{function} is not used: nothing of {path.name} has run.")
        self.changed.emit()

    # ---------------------------------------------------------------- what happens

    @Slot()
    def _follow_file(self) -> None:
        """Tell again of a chosen function that has changed; withdraw one that is gone, or has to be asked for again."""
        entry = self.entry
        if entry is not None and self.file.path == entry.path:
            found = self.found
            if found is None or found.entry is None or not self.files.is_trusted(entry.path):
                self._withdraw(entry.name)
            elif not found.entry.is_like(entry):
                self.entry = found.entry
                self.chosen.emit(found.entry)
        self.changed.emit()

    def _withdraw(self, workload: str) -> None:
        if self.entry is not None and self.entry.name == workload:
            self.entry = None
        self.withdrawn.emit(workload)
        self.changed.emit()

    def _folder(self) -> str:
        kept = self._preferences.read("own_folder")
        return kept if kept and Path(kept).is_dir() else str(home())


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
    if box.exec() != QMessageBox.StandardButton.Yes:
        return False
    files.trust_contents(asked_for)
    return files.is_trusted(path)  # it may have changed while the question stood
