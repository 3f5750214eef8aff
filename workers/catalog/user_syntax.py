"""Whether a person's function touches widgets or pixmaps, which work in the GUI thread only. Reads its source.

Which statements of a file run when it is imported. Reads its syntax tree only.
"""

from __future__ import annotations

import ast
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PIXMAPS = {"QPixmap", "QBitmap", "QIcon", "QWindow", "QScreen", "QCursor"}
"""Of QtGui: they work in the GUI thread only, as widgets do."""

HARMLESS = {"QApplication"}
"""Of QtWidgets: functions of any thread ask for `QApplication.instance()`."""

QT = {"PySide6", "PySide2", "PyQt6", "PyQt5"}


def needs_gui(tree: ast.Module, constants: dict[str, Any], function: str, path: Path) -> str:
    """Why a function can run in the GUI thread only, as the end of a sentence; empty where it can run elsewhere.

    Args:
        tree: the source of its file.
        constants: the file's literals: NEEDS_GUI_THREAD decides, where there is one.
        function: its name.
        path: the file.
    """
    said = constants.get("NEEDS_GUI_THREAD")
    if said is not None:
        return f"{path.name} says that it needs the GUI thread (NEEDS_GUI_THREAD)" if said else ""
    widgets = _widgets(tree)
    if not widgets:
        return ""
    used = next((name for name in _reached(tree, function) if name in widgets), "")
    return f"it needs the GUI thread: it uses {used}, which works nowhere else" if used else ""


@lru_cache(maxsize=1)
def _widgets(tree: ast.Module) -> set[str]:
    """The names in a file that stand for widgets, for pixmaps, or for all of QtWidgets; those that are used in it."""
    found, used = set(PIXMAPS), set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.Name, ast.Attribute)):
            used.add(node.id if isinstance(node, ast.Name) else node.attr)
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] in QT:
            is_widgets = node.module.endswith(".QtWidgets")
            wanted = (one for one in node.names if is_widgets or one.name in {"QtWidgets", *PIXMAPS})
            found.update(one.asname or one.name for one in wanted if one.name not in HARMLESS)
        elif isinstance(node, ast.Import):
            found.update(one.asname or "QtWidgets" for one in node.names if one.name.endswith(".QtWidgets"))
    return found & used


def _reached(tree: ast.Module, function: str) -> list[str]:
    """All names that a function uses, and what it uses of its file in turn; those of attributes too."""
    at_top: dict[str, list[ast.AST]] = {}
    for node in statements(tree.body):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            at_top.setdefault(node.name, []).append(node)
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    at_top.setdefault(target.id, []).append(node.value)
    seen: dict[str, None] = {function: None}
    todo = list(at_top.get(function, ()))
    while todo:
        for part in ast.walk(todo.pop()):
            name = (
                part.id if isinstance(part, ast.Name) else part.attr if isinstance(part, ast.Attribute) else ""
            )
            if name and name not in seen:
                seen[name] = None
                if isinstance(part, ast.Name):
                    todo += at_top.get(name, [])
    return list(seen)


def statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """What runs when the file is imported, at its top level; also inside of `if`, `try` and `with`."""
    for node in body:
        yield node
        if isinstance(node, ast.If):
            if not is_guard(node):
                yield from statements(node.body)
            yield from statements(node.orelse)
        elif isinstance(node, ast.Try):
            for part in (node.body, *(handler.body for handler in node.handlers), node.orelse, node.finalbody):
                yield from statements(part)
        elif isinstance(node, ast.With):
            yield from statements(node.body)


def is_guard(node: ast.stmt) -> bool:
    """Whether it is `if __name__ == "__main__"`."""
    return isinstance(node, ast.If) and "__name__" in (test := ast.unparse(node.test)) and "__main__" in test


def changes_path(tree: ast.Module) -> bool:
    """Whether a file says itself where modules are looked for: `sys.path.insert(...)`, `sys.path += ...`."""
    for node in own_nodes([one for one in tree.body if not is_guard(one)]):
        if isinstance(node, ast.Call):
            if ast.unparse(node.func).startswith(("sys.path.", "site.addsitedir")):
                return True
        elif isinstance(node, (ast.Assign, ast.AugAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(ast.unparse(one).partition("[")[0] == "sys.path" for one in targets):
                return True
    return False


def own_nodes(body: list[Any]) -> Iterator[ast.AST]:
    """All of a function's own code, without that of functions and classes inside of it."""
    todo: list[ast.AST] = list(body)
    while todo:
        node = todo.pop()
        yield node
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
            todo.extend(ast.iter_child_nodes(node))
