"""The parameters of a person's own function: fields for a form from its signature, and arguments from what was said.

Read from the source; nothing is imported. For any thread.
"""

from __future__ import annotations

import ast
import operator
import re
from typing import TYPE_CHECKING, Any

from ..monitors.syntax import parse_expression
from ..utils.errors import BadInput
from .fields import Field, bounds, descriptions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from .entry import Entry

    Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda

GIVEN = ("index", "tasks", "seed", "control")
"""Parameters that Thaw fills in by their names; `shared` too, where the file has a literal SHARED."""

KINDS = "int, float, bool, str or Path"
PATHS = {"Path", "pathlib.Path", "os.PathLike", "PathLike", "PurePath", "pathlib.PurePath"}
_SUMS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
}
FOLDER = re.compile("folder|directory", re.IGNORECASE)
MAX_POWER = 64
UNKNOWN = object()
"""A default that only Python can tell when it runs the file."""


def given(function: Function) -> tuple[str, ...]:
    """Those of its parameters that Thaw fills in."""
    args = function.args
    return tuple(one.arg for one in (*args.args, *args.kwonlyargs) if one.arg in GIVEN)


def fields(function: Function, constants: Mapping[str, Any]) -> tuple[Field, ...]:
    """The parameters that a person chooses, in their order.

    A parameter whose default is nothing that a form can take (None, a list, what is computed) and whose annotation
    says nothing either is left to that default.

    Args:
        function: its source.
        constants: the literals of its file, which defaults may name.

    Raises:
        BadInput: one must be given, and no form can; the end of a sentence that begins "its parameter".
    """
    docstring = "" if isinstance(function, ast.Lambda) else ast.get_docstring(function) or ""
    described = descriptions(docstring)
    found = []
    for argument, default, by_name in _parameters(function):
        name = argument.arg
        if not by_name and default is None:
            raise BadInput(f"{name} has no name for callers, for it stands before the /: take the / away")
        is_made = name == "shared" and isinstance(constants.get("SHARED"), str)
        if by_name and name not in GIVEN and not is_made:
            found.append(_field(argument, default, described.get(name, ""), constants))
    return tuple(field for field in found if field is not None)


def _parameters(function: Function) -> Iterator[tuple[ast.arg, ast.expr | None, bool]]:
    """Each parameter, its default, and whether it can be given by its name."""
    args = function.args
    plain = [*args.posonlyargs, *args.args]
    defaults = [*[None] * (len(plain) - len(args.defaults)), *args.defaults]
    for at, (argument, default) in enumerate(zip(plain, defaults, strict=True)):
        yield argument, default, at >= len(args.posonlyargs)
    for argument, default in zip(args.kwonlyargs, args.kw_defaults, strict=True):
        yield argument, default, True


def _field(
    argument: ast.arg, default: ast.expr | None, text: str, constants: Mapping[str, Any]
) -> Field | None:
    name = argument.arg
    value = None if default is None else evaluate(default, constants)
    kind = _kind_of(argument.annotation) or _kind_of_default(default, value)
    if kind is None:
        if default is not None:
            return None
        if argument.annotation is None:
            raise BadInput(f"{name} has neither a default nor an annotation: write {name}: {KINDS}")
        raise BadInput(
            f"{name} is a {ast.unparse(argument.annotation)}, which nobody can type into a form: give it a default, "
            f"or make it {KINDS}"
        )
    if kind == "file" and (FOLDER.search(text) or name.split("_")[-1] in {"folder", "directory", "dir"}):
        kind = "folder"
    low, high = bounds(text)
    if default is None:
        return Field(name, kind, None, text, low, high)
    if value is None or value is UNKNOWN or isinstance(value, (list, tuple, dict, set, bytes)):
        return Field(name, kind, None, text, low, high, optional=True)
    if kind == "float" and type(value) is int:
        value = float(value)
    if kind in {"str", "file", "folder"}:
        value = str(value)
    return Field(name, kind, value, text, low, high)


def _kind_of(annotation: ast.expr | None) -> str | None:
    """The kind of field that an annotation asks for; None where no field does."""
    if annotation is None:
        return None
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        try:
            return _kind_of(parse_expression(annotation.value))
        except SyntaxError:
            return None
    if isinstance(annotation, ast.BinOp) and isinstance(annotation.op, ast.BitOr):
        return _first(annotation.left, annotation.right)
    if isinstance(annotation, ast.Subscript):
        outer = ast.unparse(annotation.value).rpartition(".")[2]
        inner = annotation.slice.elts if isinstance(annotation.slice, ast.Tuple) else [annotation.slice]
        if outer in {"Optional", "Union", "Annotated"}:
            return _first(*(inner[:1] if outer == "Annotated" else inner))
        if outer == "Literal":
            kinds = {type(one.value).__name__ for one in inner if isinstance(one, ast.Constant)}
            return kinds.pop() if len(kinds) == 1 and kinds <= {"int", "str"} else None
        return "file" if outer == "PathLike" else None
    written = ast.unparse(annotation)
    if written in {"int", "float", "bool", "str"}:
        return written
    return "file" if written in PATHS else None


def _first(*annotations: ast.expr) -> str | None:
    """Of several that would do: a path before a text, or else the first."""
    kinds = [kind for kind in map(_kind_of, annotations) if kind is not None]
    return "file" if "file" in kinds else next(iter(kinds), None)


def _kind_of_default(default: ast.expr | None, value: Any) -> str | None:
    if isinstance(default, ast.Call) and ast.unparse(default.func) in PATHS:
        return "file"
    kind = type(value).__name__
    return kind if kind in {"int", "float", "bool", "str"} else None


def evaluate(node: ast.expr, constants: Mapping[str, Any]) -> Any:
    """What an expression is, where that can be said without running anything; else UNKNOWN."""
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError):
        pass
    if isinstance(node, ast.Name):
        return constants.get(node.id, UNKNOWN)
    if (
        isinstance(node, ast.Call)
        and ast.unparse(node.func) in PATHS
        and len(node.args) <= 1
        and not node.keywords
    ):
        return evaluate(node.args[0], constants) if node.args else "."
    if isinstance(node, ast.BinOp):
        left, right = evaluate(node.left, constants), evaluate(node.right, constants)
        if not all(type(side) in {int, float} for side in (left, right)):
            return UNKNOWN
        if isinstance(node.op, ast.Pow):
            return left**right if abs(right) <= MAX_POWER and abs(left) <= MAX_POWER else UNKNOWN
        if type(node.op) in _SUMS and not (isinstance(node.op, (ast.Div, ast.FloorDiv)) and not right):
            return _SUMS[type(node.op)](left, right)
    return UNKNOWN


def arguments(entry: Entry, params: Mapping[str, Any]) -> dict[str, Any]:
    """What a function is called with, out of what a person said; what may be left empty and is, is left out.

    Raises:
        BadInput: something that must be given is not, with a sentence.
    """
    if empty := empty_field(entry, params):
        name = entry.own.function if entry.own is not None else entry.name
        raise BadInput(f"{name} needs a value for its parameter {empty}.")
    found = {field.name: params.get(field.name, field.default) for field in entry.fields}
    may_be_empty = {field.name for field in entry.fields if field.optional}
    return {
        name: value
        for name, value in found.items()
        if value is not None and not (value == "" and name in may_be_empty)
    }


def empty_field(entry: Entry, params: Mapping[str, Any]) -> str:
    """The name of the first parameter that must be given and is not; empty where there is none."""
    return next(
        (field.name for field in entry.fields if field.is_required and params.get(field.name) in (None, "")), ""
    )
