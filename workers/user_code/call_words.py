"""The call of a person's function as source: for a program to paste, and for a wrapper around it. For any thread."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from ..catalog import user_names, user_projects
from ..catalog.callables.called import source_of
from ..catalog.callables.decorators import DEFS, is_property
from ..catalog.callables.find import bindings
from ..utils.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from ..catalog.entry import Entry

WRAPPER = """\
from {module} import {first}


def call_{last}():
    return {call}
"""
"""Calls what cannot be used as it is: whoever knows how writes it down there."""

BESIDE = """\
import sys

sys.path.insert(0, {folder!r})

"""


def needs_words(entry: Entry, names: Collection[str]) -> bool:
    """Whether a call with these arguments is more than its name with arguments by their names."""
    odd = {field.name for field in entry.fields if field.by.strip("=")}
    return "." in entry.function or not odd.isdisjoint(names)


def helper_name(entry: Entry) -> str:
    """The name of the function that makes its call."""
    return f"do_{entry.function.rpartition('.')[2]}"


def helper_of(entry: Entry, names: Collection[str], params: Mapping[str, Any], takes_more: bool) -> str:
    """A function that makes its call out of arguments by their names.

    Args:
        entry: what is called.
        names: of the arguments that it is given.
        params: as they were chosen: the line that makes an object is written out.
        takes_more: whether it is given others besides.
    """
    more = ["**others"] if takes_more else []
    by = {field.name: field.by for field in entry.fields}
    is_followed = any(by.get(name) == "*" for name in names)
    first: list[str] = []
    rest: list[str] = []
    for name in names:
        how = by.get(name, "=")
        if how == "/" or (not how and is_followed):
            first.append(name)
        else:
            (first if how == "*" else rest).append(f"{how}{name}" if "*" in how else f"{name}={name}")
    called = entry.function
    if made_by := params.get("self"):
        called = f"{made_by}.{called.rpartition('.')[2]}"
    told = ", ".join([*(f"{name}: Any" for name in names), *(f"{one}: Any" for one in more)])
    return (
        f"def {helper_name(entry)}({told}) -> Any:\n    return {called}({', '.join([*first, *rest, *more])})\n"
    )


def wrapper(name: str, *, is_beside: bool = True) -> str:
    """The lines of a file that call what cannot be used as it is; empty where it cannot be imported at all.

    Args:
        name: as it was named, with its file or module.
        is_beside: whether they will stand beside the file; else they say where that is.
    """
    try:
        parsed = user_names.parse(name)
        source = source_of(parsed, user_projects.source(name))
    except BadInput:
        return ""
    first, _, rest = parsed.function.partition(".")
    nodes = bindings(source.tree, first)
    if not nodes:
        first = _around(source.tree, first)
    if not first:
        return ""
    call = ".".join(filter(None, (first, rest))) + "()"
    made = getattr(nodes[-1], "value", None) if nodes else None
    of = (
        bindings(source.tree, made.func.id)
        if isinstance(made, ast.Call) and isinstance(made.func, ast.Name)
        else nodes
    )
    if rest and of and isinstance(owner := of[-1], ast.ClassDef):
        is_value = any(isinstance(one, DEFS) and one.name == rest and is_property(one) for one in owner.body)
        call = f"{first}{'()' * (owner in nodes)}.{rest}" + "()" * (not is_value)
    last = (rest or first).rpartition(".")[2]
    module = source.path.stem if parsed.is_path else parsed.where
    lines = WRAPPER.format(module=module, first=first, last=last, call=call)
    return lines if is_beside or not parsed.is_path else BESIDE.format(folder=str(source.path.parent)) + lines


def _around(tree: ast.Module, name: str) -> str:
    """The function at the top of a file that has one of this name inside of it; empty where there is none."""
    for outer in tree.body:
        if isinstance(outer, DEFS):
            inside = (one for one in ast.walk(outer) if isinstance(one, DEFS))
            if any(one.name == name for one in inside):
                return outer.name
    return ""
