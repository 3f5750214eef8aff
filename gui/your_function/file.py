"""The file with a person's functions: reads it, and again whenever it changes on the disk. In the GUI thread.

It is read, never imported: nothing of it runs here.
"""

from __future__ import annotations

import functools
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from gui.controllers.background import Asker
from gui.editor.file_watch import FileWatch
from gui.editor.text_file import read_bytes
from workers.catalog import user_projects
from workers.catalog.callables.files import syntax_tree
from workers.catalog.user_imports import Scan
from workers.user_code.listing import SHORT, FoundFunction, list_apart, list_functions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

FEW, SLICE_S = 5, 0.002
"""So many files of a project are looked at in one go, and more for so long: the window has 16 ms for a frame."""


class OwnFile(QObject):
    """Watches one file.

    What it imports in turn may be a thousand files: these are looked at in slices, and then it is told once more. The
    functions of a long file come a moment later; until then those before are shown, where it is the same file.

    Attributes:
        path: the file; None before the first one.
        source: its text.
        functions: all of them, each with the reason where it cannot be used.
        is_listing: whether they are still to come.
        python: the interpreter that was chosen for the file; empty: the one of its project that is found.
        problem: why it cannot be read, in a sentence; empty where it can.
        problem_line: where in the file that is, from 1 on; 0 where it is nowhere.

    Signals:
        changed: another file, or other contents.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.path: Path | None = None
        self.source = self.problem = self.python = ""
        self.problem_line = 0
        self.functions: tuple[FoundFunction, ...] = ()
        self.is_listing = False
        self._then: Callable[[], None] | None = None
        self._asker = Asker("functions", self)
        self._asker.answered.connect(self._take)
        self._watch = FileWatch(self)
        self._watch.changed.connect(self._read)
        self._scan, self._is_seen = Scan(), False
        self._steps: Iterator[None] = iter(())
        self._more = QTimer(self, singleShot=True, interval=0)
        self._more.timeout.connect(self._look_on)
        _look_around()

    def open(self, path: Path, python: str = "") -> None:
        """Read a file, for which this Python was chosen, and watch it from now on."""
        if path != self.path:
            self.functions, self.problem, self.problem_line = (), "", 0
        self.path, self.python, self._then = path, python, None
        self._watch.watch(path)
        self._read()

    def once_listed(self, do: Callable[[], None]) -> None:
        """Do something with its functions: now, or as soon as they are known; then the last that was wanted is done."""
        if self.is_listing:
            self._then = do
        else:
            do()

    def close(self) -> None:
        """Watch it no longer."""
        self._watch.close()
        self._more.stop()
        self._asker.forget()

    def use_python(self, python: str) -> None:
        """Another Python was chosen for it."""
        if python != self.python:
            self.python = python
            self._read()

    def look(self) -> None:
        """See at once whether it has changed."""
        self._watch.look()

    @Slot()
    def _read(self) -> None:
        path = self.path
        assert path is not None
        self._more.stop()
        self._asker.forget()
        self.source = ""
        try:
            self.source = read_source(path)
            if len(self.source) > SHORT:
                self.is_listing = True
                self._asker.ask(functools.partial(list_apart, path, self.source, self.python))
                self.changed.emit()
                return
            tree = syntax_tree(self.source, path.name)
            self._scan, self._is_seen = Scan(), False
            self._steps = self._scan.steps(user_projects.of_path(path), tree)
            self._look_at_more()
            self._take(list_functions(path, self.source, self._scan, self.python))
        except (SyntaxError, ValueError) as error:
            self._more.stop()
            self._take(error)

    @Slot(object)
    def _take(self, answer: tuple[FoundFunction, ...] | Exception) -> None:
        self.is_listing = False
        self.functions, self.problem, self.problem_line = (), "", 0
        if isinstance(answer, SyntaxError):
            self.problem_line = answer.lineno or 0
            where = f" in line {answer.lineno:,}" if answer.lineno else ""
            name = self.path.name if self.path is not None else ""
            self.problem = f"Python cannot read {name}{where}: {answer.msg}. It is read again once you save it."
        elif isinstance(answer, Exception):
            self.problem = str(answer)
        else:
            self.functions = answer
        self.changed.emit()
        then, self._then = self._then, None
        if then is not None:
            then()

    def _look_at_more(self) -> None:
        ends = time.perf_counter() + SLICE_S
        for count, _ in enumerate(self._steps):
            if count >= FEW and time.perf_counter() > ends:
                self._more.start()
                return
        self._is_seen = True

    @Slot()
    def _look_on(self) -> None:
        """Look at some more of the project's files; tell, once all were seen, where that says more of a function."""
        if not self._is_seen:
            self._look_at_more()
            self._more.start()  # what is to be told then takes a slice of its own
            return
        assert self.path is not None
        with suppress(SyntaxError, ValueError):  # it was changed meanwhile, and is read again in a moment
            found = list_functions(self.path, self.source, self._scan, self.python)
            if found != self.functions:
                self.functions = found
                self.changed.emit()

    def find(self, name: str) -> FoundFunction | None:
        return next((found for found in self.functions if found.name == name), None)


@functools.cache
def _look_around() -> None:
    """Have the names of all that is installed listed in a thread, before the first file is chosen: it takes a frame."""
    with suppress(RuntimeError):  # the system gives no more threads
        threading.Thread(target=user_projects.list_installed, name="names of packages", daemon=True).start()


def read_source(path: Path) -> str:
    """The text of a program.

    Raises:
        TextFileProblem: it cannot be read, with a sentence.
    """
    return read_bytes(path).decode("utf-8", "replace").replace("\r\n", "\n")
