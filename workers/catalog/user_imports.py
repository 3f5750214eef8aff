"""What a person's file imports, read from its source: which packages it needs, and which files beside it it uses.

Nothing is imported. For any thread.
"""

from __future__ import annotations

import ast
import sys
import tokenize
from typing import TYPE_CHECKING

from ..monitors import syntax
from ..utils.child import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OURS = ("gui", "workers")
"""Packages of Thaw's own, under whose names nothing else can be imported in it."""

FORGIVING = {"ImportError", "ModuleNotFoundError", "Exception", "BaseException"}
MAX_FILES = 50
"""So many files beside it are read for what they import in turn."""


def needed(path: Path, folder: Path, tree: ast.Module, function: ast.AST) -> tuple[str, ...]:
    """The packages without which a function cannot run: those that its file imports, and files beside that in turn.

    What is imported in a `try` that forgives it, for type checkers only, or inside of other functions does not count;
    nor does the standard library.

    Args:
        path: the file.
        folder: what its imports are found in at first: its own folder, or that of the package around it.
        tree: its source.
        function: that of the function.
    """
    found: dict[str, None] = {}
    seen = {path}
    todo = [*_imported(tree.body), *_imported(getattr(function, "body", None) or [], inside=True)]
    while todo:
        name = todo.pop(0)
        beside = _beside(folder, name)
        if beside is None:
            if name not in sys.stdlib_module_names:
                found.setdefault(name)
        elif beside not in seen and len(seen) < MAX_FILES:
            seen.add(beside)
            todo += _imported(_body(beside))
    return tuple(found)


def clash(folder: Path, tree: ast.Module) -> str:
    """Why a file beside it cannot be imported in Thaw, as a sentence; empty where it can."""
    for name in _imported(tree.body):
        beside = _beside(folder, name) if name in OURS and folder != ROOT else None
        if beside is not None:
            what = f"{name}.py" if beside.name == f"{name}.py" else f"the folder {name}"
            return f"it imports {what} beside it, and a part of Thaw has that name. Give it another name here."
    return ""


def _beside(folder: Path, name: str) -> Path | None:
    """A file, or a package's, that stands in a folder under a module's name."""
    for where in (folder / f"{name}.py", folder / name / "__init__.py"):
        if where.is_file():
            return where
    return folder / name if any((folder / name).glob("*.py")) else None


def _body(path: Path) -> list[ast.stmt]:
    try:
        with tokenize.open(path) as file:
            return syntax.parse(file.read()).body
    except (OSError, SyntaxError, ValueError):
        return []  # the run itself will tell


def _imported(body: object, inside: bool = False) -> Iterator[str]:
    """The top-level names of what is imported when these statements run.

    Args:
        body: statements; anything else imports nothing.
        inside: whether they are a function's own: then they may nest deeper.
    """
    for node in body if isinstance(body, list) else ():
        if isinstance(node, ast.Import):
            yield from (one.name.partition(".")[0] for one in node.names)
        elif isinstance(node, ast.ImportFrom):
            if not node.level and node.module:
                yield node.module.partition(".")[0]
        elif isinstance(node, ast.If):
            test = ast.unparse(node.test)
            if "TYPE_CHECKING" not in test and "__main__" not in test:
                # One of the two will do: which one that is only the run can tell.
                yield from () if node.orelse else _imported(node.body, inside)
        elif isinstance(node, ast.Try):
            if not any(_forgives(handler) for handler in node.handlers):
                yield from _imported(node.body, inside)
            yield from _imported(node.finalbody, inside)
        elif isinstance(node, (ast.With, ast.ClassDef)) or (inside and isinstance(node, (ast.For, ast.While))):
            yield from _imported(node.body, inside)


def _forgives(handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(ast.unparse(one).rpartition(".")[2] in FORGIVING for one in caught)
