"""Calls what a person named with a task's arguments: by name, by position, as so many. Runs on Python 3.9, any thread.

A task has an argument for each parameter by its name; those of `*` and `**` are to be given as so many arguments, and a
method's `self` is the line that makes its object.
"""

from __future__ import annotations

import inspect
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ..catalog.callables.expressions import evaluate, parsed
from ..catalog.callables.stub import needs_object
from ..utils.errors import ThawError
from ..utils.folder_files import expanded

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import ModuleType

FIRST, EITHER = inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD
MORE = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)


class NotHere(ThawError):
    """A function cannot run in this place; the message is a sentence."""


class Named(NamedTuple):
    """What a name stands for in a module that was imported.

    Attributes:
        function: what is called; of a method that of its class.
        known: its parameters by name, without `self`; None where Python says nothing of them.
        paths: those that want a `Path`, which crosses as a text.
        make: of a method makes its object, out of a line, and returns the method of that; else None.
    """

    function: Callable[..., Any]
    known: Mapping[str, inspect.Parameter] | None
    paths: frozenset[str]
    make: Callable[[str], Any] | None = None


def named(module: ModuleType, name: str) -> Named:
    """Look a name up: `resize`, `Picture.resize`, `picture.resize`.

    Raises:
        AttributeError: there is no such thing.
        NotHere: it cannot be called.
    """
    owner: Any = None
    found: Any = module
    for part in name.split("."):
        owner, found = found, getattr(found, part)
    if not callable(found):
        raise NotHere(f"{name} is of type {type(found).__name__}, and cannot be called.")
    known = parameters(found)
    if not needs_object(owner, name.rpartition(".")[2]):
        return Named(found, known, _paths(known or {}))

    first, last = name.partition(".")[0], name.rpartition(".")[2]

    def make(line: str) -> Any:
        return getattr(evaluate(parsed(line), lambda one: _thing(module, one, first)), last)

    return Named(found, known and dict(list(known.items())[1:]), _paths(known or {}), make)


def _thing(module: ModuleType, name: str, root: str) -> Any:
    """What a name in the line for an object stands for: of the module itself, or named by the person."""
    found = getattr(module, name)
    is_own = name == root or getattr(found, "__module__", "") == module.__name__
    if not is_own and (callable(found) or inspect.ismodule(found)):
        raise NotHere(
            f"{name} is only imported in {module.__name__}: an object is made by what that has itself."
        )
    return found


def parameters(function: Callable[..., Any]) -> Mapping[str, inspect.Parameter] | None:
    """Those of a function by their names; None where Python says nothing of them, as of some that are written in C."""
    try:
        return inspect.signature(function).parameters
    except (TypeError, ValueError):
        return None


def _paths(known: Mapping[str, inspect.Parameter]) -> frozenset[str]:
    return frozenset(
        name
        for name, one in known.items()
        if isinstance(one.default, os.PathLike)
        or "Path" in (one.annotation if isinstance(one.annotation, str) else str(one.annotation))
    )


def bind(what: Named, arguments: dict[str, Any]) -> tuple[Callable[..., Any], list[Any], dict[str, Any]]:
    """What is to be called, with what by position, and with what by name: out of a task's arguments, which it takes."""
    function, known, paths, make = what
    if make is not None:
        function = make(arguments.pop("self"))
    rest, more = list(arguments.pop("*", ())), arguments.pop("**", {})
    for key in paths:
        if isinstance(arguments.get(key), str):
            arguments[key] = Path(expanded(arguments[key]))
    return function, [*_in_order(known, arguments, bool(rest)), *rest], {**arguments, **more}


def prepared(what: Named, name: str) -> Callable[..., Any]:
    """Calls it with the arguments of a task; itself where that takes nothing more, as most functions that are written.

    Args:
        what: what is called.
        name: what the person named.
    """
    function, known, paths, make = what
    is_written = (
        inspect.isfunction(function) and function.__qualname__ == name and not hasattr(function, "__wrapped__")
    )
    is_odd = known is None or any(one.kind is FIRST or one.kind in MORE for one in known.values())
    if is_written and make is None and not paths and not is_odd:
        return function

    def call(**arguments: Any) -> Any:
        target, by_position, by_name = bind(what, arguments)
        return target(*by_position, **by_name)

    return call


def _in_order(
    known: Mapping[str, inspect.Parameter] | None, arguments: dict[str, Any], is_followed: bool
) -> list[Any]:
    """Take out of the arguments those that can be given by position, as decorators and C may want it.

    Args:
        known: the parameters; where Python says nothing of them, as of classes in C, the first is given by position.
        arguments: by name.
        is_followed: whether others follow: then all must be there, with their defaults where they were left out.
    """
    if known is None:
        return [arguments.pop(next(iter(arguments)))] if arguments else []
    found: list[Any] = []
    count = 0
    for name, one in known.items():
        if one.kind not in {FIRST, EITHER}:
            break
        if name in arguments:
            found.append(arguments.pop(name))
            count = len(found)
        elif one.default is not one.empty and (one.kind is FIRST or is_followed):
            found.append(one.default)
        else:
            break  # the others by name; Python says itself what is missing
    return found if is_followed else found[:count]
