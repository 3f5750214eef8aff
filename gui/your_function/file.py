"""The file with a person's functions: reads it, and again whenever it changes on the disk. In the GUI thread.

It is read, never imported: nothing of it runs here.
"""

from __future__ import annotations

import ast
import functools
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from gui.editor.file_watch import FileWatch
from gui.editor.text_file import read_bytes
from workers.catalog import user_functions, user_names, user_projects
from workers.catalog.callables.called import hidden, listed
from workers.catalog.callables.files import syntax_tree
from workers.catalog.user_imports import Scan
from workers.pythons.finding import of_project
from workers.user_code.call_words import wrapper
from workers.utils.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from workers.catalog.entry import Entry

FEW, SLICE_S = 5, 0.002
"""So many files of a project are looked at in one go, and more for so long: the window has 16 ms for a frame."""

AnyFunction = (ast.FunctionDef, ast.AsyncFunctionDef)


class FoundFunction(NamedTuple):
    """A function of a file.

    Attributes:
        name: its name.
        kind: "plain", "generator", "async" or "class".
        summary: the first line of its docstring.
        line: where it begins, from 1 on.
        entry: what is known of it; None where it cannot be used.
        why_not: why it cannot be used, in a sentence; empty where it can.
        wrapper: a file that calls it all the same, where that helps.
    """

    name: str
    kind: str
    summary: str
    line: int
    entry: Entry | None
    why_not: str
    wrapper: str = ""


class OwnFile(QObject):
    """Watches one file.

    What it imports in turn may be a thousand files: these are looked at in slices, and then it is told once more.

    Attributes:
        path: the file; None before the first one.
        source: its text.
        functions: all of them, each with the reason where it cannot be used.
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
        self._watch = FileWatch(self)
        self._watch.changed.connect(self._read)
        self._scan, self._is_seen = Scan(), False
        self._steps: Iterator[None] = iter(())
        self._more = QTimer(self, singleShot=True, interval=0)
        self._more.timeout.connect(self._look_on)
        _look_around()

    def open(self, path: Path, python: str = "") -> None:
        """Read a file, for which this Python was chosen, and watch it from now on."""
        self.path, self.python = path, python
        self._watch.watch(path)
        self._read()

    def close(self) -> None:
        """Watch it no longer."""
        self._watch.close()
        self._more.stop()

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
        self.source, self.functions, self.problem, self.problem_line = "", (), "", 0
        self._more.stop()
        try:
            self.source = read_source(path)
            tree = syntax_tree(self.source, path.name)
            self._scan, self._is_seen = Scan(), False
            self._steps = self._scan.steps(user_projects.of_path(path), tree)
            self._look_at_more()
            self.functions = functions_of(path, self.source, self._scan, self.python)
        except SyntaxError as error:
            self.problem_line = error.lineno or 0
            where = f" in line {error.lineno:,}" if error.lineno else ""
            self.problem = (
                f"Python cannot read {path.name}{where}: {error.msg}. It is read again once you save it."
            )
        except ValueError as error:
            self.problem = str(error)
        if self.problem:
            self._more.stop()
        self.changed.emit()

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
            found = functions_of(self.path, self.source, self._scan, self.python)
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


def functions_of(path: Path, source: str, scan: Scan, python: str = "") -> tuple[FoundFunction, ...]:
    """What a program offers to be called: what can be used first, and then in its order.

    Args:
        path: the file.
        source: its text.
        scan: what was seen of its project so far.
        python: the interpreter that was chosen for it.

    Raises:
        SyntaxError, ValueError: this Python cannot read it, or it has nothing of the kind.
    """
    tree = syntax_tree(source, path.name)
    nodes = {**listed(tree), **hidden(tree)}
    names = [*user_functions.functions(path), *hidden(tree)]
    python = python or of_project(path)
    found = [_found(path, name, nodes.get(name), scan, python) for name in names]
    return tuple(sorted(found, key=lambda one: (one.entry is None, _is_private(one.name))))


def _is_private(name: str) -> bool:
    return any(part.startswith("_") for part in name.split("."))


def _found(path: Path, name: str, node: ast.stmt | None, scan: Scan, python: str) -> FoundFunction:
    """`node` is its source; None where the file was changed just now."""
    kind, summary = "plain", ""
    if isinstance(node, AnyFunction):
        kind = user_functions.kind_of(node).partition(" ")[0]
    if isinstance(node, ast.ClassDef):
        kind = "class"
    if isinstance(node, (*AnyFunction, ast.ClassDef)):
        summary = (ast.get_docstring(node) or "").partition("\n")[0]
    entry, why_not, lines = None, "", ""
    try:
        entry = user_functions.entry(user_names.name_of(path, name), python, scan)
    except BadInput as error:
        # Which function of which file it is stands beside it.
        _, prefix, reason = str(error).partition(" cannot be run: ")
        why_not = f"{reason[:1].upper()}{reason[1:]}" if prefix else str(error)
        lines = wrapper(f"{path}:{name}", is_beside=False)
    line = node.lineno if node is not None else 1
    return FoundFunction(name, kind, summary, line, entry, why_not, lines)
