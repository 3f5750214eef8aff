"""Finds in source what a name stands for: follows imports, assignments, partial objects, objects and their classes.

Nothing is imported or run. For any thread.
"""

from __future__ import annotations

import ast
import builtins
import os
from typing import TYPE_CHECKING

from ...utils.errors import BadInput
from ..user_names import PYTHON, find_module
from ..user_syntax import statements
from .asked import ask, is_in_c
from .classes import Class, member
from .decorators import DEFS, INSIDE, decorated, through
from .files import parse_file
from .parameters import Found, Source, chain, last_name, without

if TYPE_CHECKING:
    from pathlib import Path

MAX_STEPS = 20
"""So many names are followed, one to the next."""

BUILT_IN = frozenset(dir(builtins))
DATA = (ast.Constant, ast.List, ast.Tuple, ast.Dict, ast.Set, ast.JoinedStr, ast.ListComp)

Names = tuple[str, ...]


def find(source: Source, names: Names, steps: int = 0) -> Found | None:
    """What can be called by these names in a file: `resize`, `Picture.resize`, `picture.resize`.

    Returns:
        None where source alone does not tell: it is made when the file runs, or is written in C.

    Raises:
        BadInput: it is there, and cannot be called; a sentence.
    """
    if steps > MAX_STEPS:
        return None
    first, rest = names[0], names[1:]
    nodes = bindings(source.tree, first)
    for node in reversed(nodes):
        found = _follow(source, node, first, rest, steps + 1)
        if found is not None:
            return found
    if nodes and all(isinstance(getattr(node, "value", None), DATA) for node in nodes):
        raise BadInput(f"{first} in {source.path.name} is a value, and no function.")
    for node in [] if nodes else stars(source.tree):
        there = _imported(source, node.module or "", node.level)
        if there is not None and (bindings(there.tree, first) or stars(there.tree)):
            found = find(there, names, steps + 1)
            if found is not None:
                return found
    if steps and not nodes and not rest and first in BUILT_IN:
        return ask("builtins", first, source)
    return None


def bindings(tree: ast.Module, name: str) -> list[ast.stmt]:
    """The statements that give a name at the top level of a file, in their order."""
    return [node for node in statements(tree.body) if name in _bound(node)]


def stars(tree: ast.Module) -> list[ast.ImportFrom]:
    """Imports of all that another module has, the last one first."""
    found = [
        node for node in statements(tree.body) if isinstance(node, ast.ImportFrom) and node.names[0].name == "*"
    ]
    return found[::-1]


def _bound(node: ast.stmt) -> list[str]:
    if isinstance(node, (*DEFS, ast.ClassDef)):
        return [node.name]
    if isinstance(node, ast.Import):
        return [one.asname or one.name.partition(".")[0] for one in node.names]
    if isinstance(node, ast.ImportFrom):
        return [one.asname or one.name for one in node.names]
    if isinstance(node, ast.Assign) or (isinstance(node, ast.AnnAssign) and node.value):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return [one.id for one in targets if isinstance(one, ast.Name)]
    return []


def _follow(source: Source, node: ast.stmt, first: str, rest: Names, steps: int) -> Found | None:
    if isinstance(node, DEFS):
        if rest:
            return Found(node, source) if len(rest) == 1 and rest[0] in INSIDE else None
        return Found(decorated(source, node), source)
    if isinstance(node, ast.ClassDef):
        return member(Class(node, source), rest, _class)
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        there, module, names = _behind(source, node, first, rest)
        if there is not None:
            return find(there, names, steps) if names else None
        return _in_c(source, module, names) if names else None
    if isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None:
        return _value(source, node.value, rest, steps)
    return None


def _in_c(source: Source, module: str, names: Names) -> Found | None:
    """What Python has in C: that can be asked at once."""
    try:
        return ask(module, ".".join(names), source) if is_in_c(module) else None
    except BadInput:
        return None


def _behind(
    source: Source, node: ast.Import | ast.ImportFrom, first: str, rest: Names
) -> tuple[Source | None, str, Names]:
    """The file that an import leads to, the module's name, and the names there."""
    if isinstance(node, ast.Import):
        one = next(one for one in node.names if (one.asname or one.name.partition(".")[0]) == first)
        module = one.name if one.asname else first
        while len(rest) > 1 and _imported(source, f"{module}.{rest[0]}", 0) is not None:
            module, rest = f"{module}.{rest[0]}", rest[1:]
        return _imported(source, module, 0), module, rest
    one = next(one for one in node.names if (one.asname or one.name) == first)
    inside = _imported(source, f"{node.module or ''}.{one.name}".strip("."), node.level) if rest else None
    if inside is not None:
        return inside, "", rest
    named = "" if node.level else node.module or ""
    return _imported(source, node.module or "", node.level), named, (one.name, *rest)


def _imported(source: Source, module: str, level: int) -> Source | None:
    """A module's file, seen from another one; None where there is none to read."""
    folder = source.path.parents[level - 1] if level else source.folder
    path = _below(folder, module)
    if path is None and not level and module:
        path = find_module(module)
    if path is None or path.suffix not in PYTHON:
        return None
    try:
        return Source(path, parse_file(path), folder if not level and _below(folder, module) else source.folder)
    except BadInput:
        return None


def _below(folder: Path, module: str) -> Path | None:
    where = folder.joinpath(*module.split(".")) if module else folder
    for path in (where / "__init__.py", where.parent / f"{where.name}.py"):
        if os.path.isfile(path):
            return path
    return None


def _class(source: Source, names: Names, steps: int = 0) -> Class | None:
    """The class that these names stand for; None where they stand for none that can be read."""
    if not names or steps > MAX_STEPS:
        return None
    for node in reversed(bindings(source.tree, names[0])):
        if isinstance(node, ast.ClassDef):
            return _inside(Class(node, source), names[1:])
        there: Source | None = None
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            there, _, names = _behind(source, node, names[0], names[1:])
        elif isinstance(node, ast.Assign) and chain(node.value):
            there, names = source, (*chain(node.value), *names[1:])
        if there is not None:
            return _class(there, names, steps + 1)
    return None


def _inside(owner: Class, names: Names) -> Class | None:
    """The class inside of another one."""
    if not names:
        return owner
    classes = (one for one in owner.node.body if isinstance(one, ast.ClassDef) and one.name == names[0])
    return next((_inside(Class(one, owner.source), names[1:]) for one in classes), None)


def _value(source: Source, value: ast.expr, rest: Names, steps: int) -> Found | None:
    """What an assigned expression can be called as."""
    if isinstance(value, ast.Lambda):
        return None if rest else Found(value, source)
    if names := chain(value):
        return find(source, (*names, *rest), steps)
    if isinstance(value, (ast.BoolOp, ast.IfExp)):
        parts = value.values if isinstance(value, ast.BoolOp) else [value.body, value.orelse]
        return next(filter(None, (_value(source, part, rest, steps + 1) for part in parts)), None)
    if not isinstance(value, ast.Call):
        return None
    if last_name(value) == "partial" and value.args:
        inner = _value(source, value.args[0], (), steps + 1)
        if inner is None or rest:
            return inner if rest == ("func",) else None
        named = {one.arg for one in value.keywords if one.arg}
        return inner._replace(node=without(inner.node, len(value.args) - 1, named))
    owner = _class(source, chain(value.func))
    if owner is not None:
        return member(owner, rest or ("__call__",), _class, made=True)
    if rest or len(value.args) != 1 or value.keywords:
        return None
    made = _value(source, value.args[0], (), steps + 1)  # a function that a decorator is given
    return made and made._replace(node=through(source, value.func, made.node))
