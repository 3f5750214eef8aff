"""What a person's file offers to be called: each with what is known of it, or with the reason why it cannot be used.

Reads source; nothing is imported. For any thread. To parse a long file alone keeps the GIL for several frames of the
window: `list_apart` has that done by a process of its own.
"""

from __future__ import annotations

import ast
import pickle
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ..catalog import user_functions, user_names, user_projects
from ..catalog.callables.called import function_at, hidden, listed
from ..catalog.callables.files import syntax_tree
from ..catalog.user_imports import Scan
from ..pythons.finding import of_project
from ..utils.child import PRIVATE, private, unpickle
from ..utils.errors import BadInput
from .call_words import wrapper

if TYPE_CHECKING:
    from ..catalog.entry import Entry

SHORT = 10_000
"""Letters. What a file of no more has is listed at once: that takes less than a frame of the window."""

LISTED_S = 30.0
BEGIN = f"from {PRIVATE}.user_code import listing; listing.{{}}(*sys.argv[1:])"
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


def list_functions(path: Path, source: str, scan: Scan, python: str) -> tuple[FoundFunction, ...]:
    """What a program offers to be called: what can be used first, and then in its order.

    Args:
        path: the file.
        source: its text.
        scan: what was seen of its project so far.
        python: the interpreter that was chosen for it; empty: the one of its project that is found.

    Raises:
        SyntaxError, ValueError: this Python cannot read it, or it has nothing of the kind.
    """
    tree = syntax_tree(source, path.name)
    nodes = {**listed(tree), **hidden(tree)}
    names = [*user_functions.functions(path), *hidden(tree)]
    file = user_functions.read(user_names.name_of(path, names[0]))
    python = python or of_project(path)
    found = [_found(path, name, nodes.get(name), scan, python, file) for name in names]
    return tuple(sorted(found, key=lambda one: (one.entry is None, _is_private(one.name))))


def _is_private(name: str) -> bool:
    return any(part.startswith("_") for part in name.split("."))


def _found(
    path: Path, name: str, node: ast.stmt | None, scan: Scan, python: str, file: user_functions.File
) -> FoundFunction:
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
        entry = user_functions.entry(user_names.name_of(path, name), python, scan, file)
    except BadInput as error:
        # Which function of which file it is stands beside it.
        _, prefix, reason = str(error).partition(" cannot be run: ")
        why_not = f"{reason[:1].upper()}{reason[1:]}" if prefix else str(error)
        lines = wrapper(f"{path}:{name}", is_beside=False)
    line = node.lineno if node is not None else 1
    return FoundFunction(name, kind, summary, line, entry, why_not, lines)


# ---------------------------------------------------------------- a long file


def list_apart(path: Path, source: str, python: str) -> tuple[FoundFunction, ...]:
    """The same, by a process of its own, which looks at all of the project. It takes some tenths of a second.

    Raises:
        SyntaxError, ValueError: likewise; or there was no such process.
    """
    try:
        found: tuple[FoundFunction, ...] = _ask("tell_all", str(path), python, text=source)
    except (OSError, subprocess.TimeoutExpired, EOFError, pickle.UnpicklingError) as error:
        raise BadInput(f"What {path.name} has could not be listed: {error}.") from None
    return found


def function_around(path: Path, line: int) -> str:
    """As `function_at`, but a long file is read by a process of its own. Not for the GUI thread."""
    try:
        if path.stat().st_size <= SHORT:
            return function_at(path, line)
        return str(_ask("tell_function", str(path), str(line)))
    except (OSError, subprocess.TimeoutExpired, EOFError, pickle.UnpicklingError):
        return ""


def _ask(what: str, *arguments: str, text: str = "") -> Any:
    """What a function of this file writes in a process of its own, which is given a text; an error is raised here."""
    done = subprocess.run(
        private(BEGIN.format(what), *arguments, flags=("-P", "-B")),
        input=text.encode(),
        capture_output=True,
        timeout=LISTED_S,
        check=False,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
    said = unpickle(done.stdout)
    if isinstance(said, Exception):
        raise said
    return said


def tell_all(where: str, python: str) -> None:
    """List the functions of the file whose text comes in, for `list_apart`."""
    path = Path(where)
    source = sys.stdin.buffer.read().decode()
    said: tuple[FoundFunction, ...] | Exception
    try:
        scan = Scan.whole(user_projects.of_path(path), syntax_tree(source, path.name))
        said = list_functions(path, source, scan, python)
    except (SyntaxError, ValueError) as error:
        said = error
    sys.stdout.buffer.write(pickle.dumps(said))


def tell_function(where: str, line: str) -> None:
    """Name the function around a line, for `function_around`."""
    sys.stdout.buffer.write(pickle.dumps(function_at(Path(where), int(line))))
