"""Functions as syntax trees, with other parameters than they were written with. Reads source only; for any thread."""

from __future__ import annotations

import ast
import copy
from typing import TYPE_CHECKING, NamedTuple

from ...monitors.syntax import parse

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


class Source(NamedTuple):
    """A file.

    Attributes:
        path: where it is.
        tree: what it says.
        folder: where its imports are looked for at first.
    """

    path: Path
    tree: ast.Module
    folder: Path


class Found(NamedTuple):
    """What a name stands for.

    Attributes:
        node: a function with the parameters that a caller gives.
        source: the file in which it is written.
        is_method: whether it belongs to an object, which has to be made.
        is_class: whether it is a class, whose call makes an object.
    """

    node: Function
    source: Source
    is_method: bool = False
    is_class: bool = False


def by_position(args: ast.arguments) -> list[tuple[ast.arg, ast.expr | None]]:
    """The parameters that can be given by position, each with its default."""
    plain = [*args.posonlyargs, *args.args]
    return list(zip(plain, [*[None] * (len(plain) - len(args.defaults)), *args.defaults], strict=True))


def without(node: Function, first: int = 0, named: Collection[str] = ()) -> Function:
    """A function without its first parameters, and without those of some names: somebody else gives them."""
    args: ast.arguments = node.args
    rest = [
        (at < len(args.posonlyargs), one, default)
        for at, (one, default) in enumerate(by_position(args))
        if at >= first and one.arg not in named
    ]
    by_name = [
        (one, default)
        for one, default in zip(args.kwonlyargs, args.kw_defaults, strict=True)
        if one.arg not in named
    ]
    made = copy.copy(node)
    made.args = ast.arguments(
        posonlyargs=[one for is_first, one, _ in rest if is_first],
        args=[one for is_first, one, _ in rest if not is_first],
        vararg=args.vararg,
        kwonlyargs=[one for one, _ in by_name],
        kw_defaults=[default for _, default in by_name],
        kwarg=args.kwarg,
        defaults=[default for _, _, default in rest if default is not None],
    )
    return made


def takes_all(node: Function) -> bool:
    """Whether it takes whatever it is given, as what a decorator puts in a function's place mostly does."""
    args = node.args
    return bool(args.vararg and args.kwarg and not (args.posonlyargs or args.args or args.kwonlyargs))


def written(text: str) -> ast.FunctionDef | ast.AsyncFunctionDef:
    """The tree of a function that is written as a text."""
    node = parse(text).body[0]
    assert isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    return node


def chain(node: ast.expr) -> tuple[str, ...]:
    """The names of `a.b.c`; none where it is anything else."""
    if isinstance(node, ast.Name):
        return (node.id,)
    if isinstance(node, ast.Attribute):
        before = chain(node.value)
        return (*before, node.attr) if before else ()
    return ()


def last_name(node: ast.expr) -> str:
    """What a decorator or what is called is called, without modules and arguments."""
    while isinstance(node, ast.Call):
        node = node.func
    return (chain(node) or ("",))[-1]
