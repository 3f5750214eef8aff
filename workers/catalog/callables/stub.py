"""What Python itself says of something that can be called, as the source of a function that takes the same.

Imports the module, so this runs in a process of its own (`asked`), but for what is built into Python. Python 3.9.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import json
import sys
from typing import Any

from ...monitors.syntax import parse_expression

UNKNOWN = "made_later()"
"""Stands for a default that cannot be written down."""


def stub(module: str, function: str) -> dict[str, Any]:
    """Ask for it.

    Returns:
        Under "source" the source of a function, and whether it "is_method" whose object has to be made, and "is_class";
        or under "problem" why there is none, as a sentence.
    """
    try:
        owner: Any = None
        value: Any = importlib.import_module(module)
        for name in function.split("."):
            owner, value = value, getattr(value, name)
    except AttributeError:
        return {"problem": f"There is no function {function} in {module}."}
    except BaseException as error:  # whatever a module does when it is imported
        return {"problem": f"{module} cannot be imported: {type(error).__name__}: {error}."}
    if not callable(value):
        return {"problem": f"{function} in {module} is {_kind(value)}, and no function."}
    told = (inspect.getdoc(value) or "").strip()
    is_method = needs_object(owner, function.rpartition(".")[2])
    lines = f"    {told!r}\n" + ("    yield\n" if inspect.isgeneratorfunction(value) else "")
    is_async = inspect.iscoroutinefunction(value) or inspect.isasyncgenfunction(value)
    begin = "async def" if is_async else "def"
    return {
        "source": f"{begin} called({_parameters(value, is_method)}):\n{lines}",
        "is_method": is_method,
        "is_class": isinstance(value, type),
    }


def needs_object(owner: Any, name: str) -> bool:
    """Whether what a class has under a name is for its objects alone."""
    if not isinstance(owner, type):
        return False
    found = inspect.getattr_static(owner, name)
    if isinstance(found, (staticmethod, classmethod, type)) or not callable(found):
        return False
    return type(found).__name__ != "classmethod_descriptor" and hasattr(type(found), "__get__")


def _kind(value: Any) -> str:
    name = type(value).__name__
    return f"an {name}" if name[0] in "aeiou" else f"a {name}"


def _parameters(value: Any, is_method: bool) -> str:
    """The parameters as source; whatever it is given, where Python says nothing of them."""
    try:
        known = list(inspect.signature(value).parameters.values())[1 if is_method else 0 :]
    except (TypeError, ValueError):
        return "*args, **kwargs"
    return str(inspect.Signature([_plain(one) for one in known]))[1:-1]


class _Default:
    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return self.text


def _plain(one: inspect.Parameter) -> inspect.Parameter:
    """A parameter whose default and annotation can be read as source."""
    default, annotation = one.default, one.annotation
    if default is not one.empty:
        try:
            ast.literal_eval(repr(default))
        except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
            default = _Default(UNKNOWN)
    if annotation is not one.empty:
        said = annotation if isinstance(annotation, str) else inspect.formatannotation(annotation)
        try:
            parse_expression(said)
            annotation = _Default(said)
        except (SyntaxError, ValueError):
            annotation = one.empty
    return one.replace(default=default, annotation=annotation)


def main(module: str, function: str) -> None:
    """Print what is said; for a process of its own."""
    sys.stdout.write(f"\n{json.dumps(stub(module, function))}\n")
