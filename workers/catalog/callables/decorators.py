"""What decorators leave of a function's call, as far as source tells: most keep it. For any thread."""

from __future__ import annotations

import ast
import copy
from typing import TYPE_CHECKING

from ...utils.errors import BadInput
from ..user_syntax import own_nodes, statements
from .parameters import last_name, takes_all

if TYPE_CHECKING:
    from .parameters import Function, Source

    Def = ast.FunctionDef | ast.AsyncFunctionDef

DEFS = (ast.FunctionDef, ast.AsyncFunctionDef)

COMMANDS = {"command", "group"}
"""Decorators of click: what they make reads its arguments from the command line, and ends the program."""

INSIDE = {"__wrapped__", "callback", "func", "py_func", "fn"}
"""Under these names decorators keep the function that they were given."""

PROPERTIES = {"property", "cached_property", "setter", "getter", "deleter"}


def is_property(node: Def) -> bool:
    """Whether what it is called on has a value by its name, and nothing that is called."""
    return any(last_name(one) in PROPERTIES for one in node.decorator_list)


def decorated(source: Source, node: Def) -> Function:
    """A function as its decorators leave it to be called.

    Raises:
        BadInput: one leaves nothing that can be called with arguments; a sentence.
    """
    made: Function = node
    for decorator in reversed(node.decorator_list):
        name = last_name(decorator)
        if name in PROPERTIES:
            raise BadInput(f"{node.name} is a property of an object, and no function.")
        if name in COMMANDS and _imports_click(source.tree):
            raise BadInput(
                f"{node.name} is a command of click, which reads its arguments from the command line and ends the "
                f"program: name the function that it keeps, {node.name}.callback."
            )
        made = through(source, decorator, made)
    return made


def through(source: Source, decorator: ast.expr, node: Function) -> Function:
    """A function after one decorator, which is read where it stands in the same file.

    Raises:
        BadInput: it returns nothing; a sentence.
    """
    name = last_name(decorator)
    outer = next(
        (one for one in statements(source.tree.body) if isinstance(one, DEFS) and one.name == name), None
    )
    if outer is None:
        return node
    inner = _returned(outer)
    if isinstance(decorator, ast.Call) and isinstance(inner, DEFS):
        inner = _returned(inner)
    if inner is None:
        raise BadInput(
            f"The decorator {name} in {source.path.name} returns nothing, so there is nothing to call."
        )
    if not isinstance(inner, DEFS) or takes_all(inner):
        return node
    changed = copy.copy(node)
    changed.args = inner.args
    return changed


def _returned(function: Def) -> ast.AST | None:
    """The function inside of another that it returns, or else the expression; None where it returns nothing."""
    nodes = list(own_nodes(function.body))
    values = [one.value for one in nodes if isinstance(one, ast.Return) and one.value is not None]
    value = max(values, key=lambda one: one.lineno, default=None)
    if not isinstance(value, ast.Name):
        return value
    inside = (one for one in nodes if isinstance(one, DEFS))
    return next((one for one in inside if one.name == value.id), value)


def _imports_click(tree: ast.Module) -> bool:
    names = [
        name
        for node in tree.body
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for name in (
            [node.module or ""] if isinstance(node, ast.ImportFrom) else [one.name for one in node.names]
        )
    ]
    return any(name.partition(".")[0] in {"click", "rich_click", "asyncclick"} for name in names)
