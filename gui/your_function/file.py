"""The file with a person's functions: reads it, and again whenever it changes on the disk. In the GUI thread.

It is read, never imported: nothing of it runs here.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, Signal, Slot

from gui.editor.file_watch import FileWatch
from gui.editor.text_file import read_bytes
from workers.catalog import user_functions, user_names
from workers.utils.errors import BadInput

if TYPE_CHECKING:
    from pathlib import Path

    from workers.catalog.entry import Entry

AnyFunction = (ast.FunctionDef, ast.AsyncFunctionDef)


class FoundFunction(NamedTuple):
    """A function of a file.

    Attributes:
        name: its name.
        kind: "plain", "generator" or "async".
        summary: the first line of its docstring.
        line: where it begins, from 1 on.
        entry: what is known of it; None where it cannot be used.
        why_not: why it cannot be used, in a sentence; empty where it can.
    """

    name: str
    kind: str
    summary: str
    line: int
    entry: Entry | None
    why_not: str


class OwnFile(QObject):
    """Watches one file.

    Attributes:
        path: the file; None before the first one.
        source: its text.
        functions: all of them, each with the reason where it cannot be used.
        problem: why it cannot be read, in a sentence; empty where it can.
        problem_line: where in the file that is, from 1 on; 0 where it is nowhere.

    Signals:
        changed: another file, or other contents.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.path: Path | None = None
        self.source = self.problem = ""
        self.problem_line = 0
        self.functions: tuple[FoundFunction, ...] = ()
        self._watch = FileWatch(self)
        self._watch.changed.connect(self._read)

    def open(self, path: Path) -> None:
        """Read a file, and watch it from now on."""
        self.path = path
        self._watch.watch(path)
        self._read()

    def close(self) -> None:
        """Watch it no longer."""
        self._watch.close()

    def look(self) -> None:
        """See at once whether it has changed."""
        self._watch.look()

    @Slot()
    def _read(self) -> None:
        path = self.path
        assert path is not None
        self.source, self.functions, self.problem, self.problem_line = "", (), "", 0
        try:
            self.source = read_source(path)
            self.functions = functions_of(path, self.source)
        except SyntaxError as error:
            self.problem_line = error.lineno or 0
            where = f" in line {error.lineno:,}" if error.lineno else ""
            self.problem = (
                f"Python cannot read {path.name}{where}: {error.msg}. It is read again once you save it."
            )
        except ValueError as error:
            self.problem = str(error)
        self.changed.emit()

    def find(self, name: str) -> FoundFunction | None:
        return next((found for found in self.functions if found.name == name), None)


def read_source(path: Path) -> str:
    """The text of a program.

    Raises:
        TextFileProblem: it cannot be read, with a sentence.
    """
    return read_bytes(path).decode("utf-8", "replace").replace("\r\n", "\n")


def functions_of(path: Path, source: str) -> tuple[FoundFunction, ...]:
    """The functions of a program: those that can be used first, and then in their order.

    Raises:
        SyntaxError, ValueError: this Python cannot read it, or it has none.
    """
    nodes = {
        node.name: node
        for node in ast.walk(user_functions.syntax_tree(source, path.name))
        if isinstance(node, AnyFunction)
    }
    found = [_found(path, name, nodes.get(name)) for name in user_functions.functions(path)]
    return tuple(sorted(found, key=lambda one: (one.entry is None, one.name.startswith("_"))))


def _found(path: Path, name: str, node: ast.FunctionDef | ast.AsyncFunctionDef | None) -> FoundFunction:
    """`node` is its source; None for a lambda that has a name."""
    kind, summary, line = "plain", "", 1
    if node is not None:
        kind = user_functions.kind_of(node).partition(" ")[0]
        summary, line = (ast.get_docstring(node) or "").partition("\n")[0], node.lineno
    entry, why_not = None, ""
    try:
        entry = user_functions.entry(user_names.name_of(path, name))
        why_not = f"It {entry.missing}." if entry.missing else ""
    except BadInput as error:
        # Which function of which file it is stands beside it.
        _, prefix, reason = str(error).partition(" cannot be run: ")
        why_not = f"{reason[:1].upper()}{reason[1:]}" if prefix else str(error)
    return FoundFunction(name, kind, summary, line, None if why_not else entry, why_not)
