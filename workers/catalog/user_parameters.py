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
from .callables.literals import Unread
from .callables.parameters import by_position
from .fields import Field, bounds, descriptions

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from .callables.parameters import Function
    from .entry import Entry

GIVEN = ("index", "tasks", "seed", "control")
"""Parameters that Thaw fills in by their names; `shared` too, where the file has a literal SHARED."""

SIMPLE = ("int", "float", "bool", "str")
"""Types that have fields of their own; all others are written as Python does."""

TYPES = {
    **{name: (name,) for name in (*SIMPLE, "list", "tuple", "dict", "set", "bytes")},
    **dict.fromkeys(("List", "MutableSequence"), ("list",)),
    **dict.fromkeys(("Dict", "Mapping", "MutableMapping"), ("dict",)),
    **dict.fromkeys(("Set", "AbstractSet", "MutableSet", "frozenset", "FrozenSet"), ("set",)),
    **dict.fromkeys(("bytearray", "memoryview", "ByteString", "Buffer", "ReadableBuffer"), ("bytes",)),
    "Tuple": ("tuple",),
    "complex": ("complex", "float", "int"),
    "None": ("NoneType",),
}
"""Names in annotations -> the types of literals that do for them; any does for all others."""

OBJECT, MADE_BY = "Made by", "a line that makes the object, such as {}(3); it is made anew for each call"
MORE = {"*": "more arguments, as a tuple or a list", "**": "more arguments by their names, as a dict"}

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
    return tuple(one.arg for one in (*args.posonlyargs, *args.args, *args.kwonlyargs) if one.arg in GIVEN)


def fields(
    function: Function,
    constants: Mapping[str, Any],
    filled: Collection[str],
    owner: str = "",
    *,
    is_loose: bool = False,
) -> tuple[Field, ...]:
    """The parameters that a person chooses, in their order.

    Args:
        function: its source.
        constants: the literals of its file, which defaults may name.
        filled: parameters that are filled in.
        owner: of a method the class of its object, which comes first: as `self`, by a line that makes it.
        is_loose: whether a default does not say of which kind a value must be.
    """
    docstring = "" if isinstance(function, ast.Lambda) else ast.get_docstring(function) or ""
    described = descriptions(docstring)
    found = [Field("self", "expression", None, MADE_BY.format(owner), label=OBJECT)] if owner else []
    args = function.args
    for argument, default in (*by_position(args), *zip(args.kwonlyargs, args.kw_defaults, strict=True)):
        if argument.arg not in filled:
            field = _field(argument, default, described.get(argument.arg, ""), constants)
            if is_loose and argument.annotation is None and field.kind in {"int", "float", "str"}:
                field = field._replace(kind="literal")
            found.append(
                field._replace(
                    by="/" if argument in args.posonlyargs else "=" if argument in args.kwonlyargs else ""
                )
            )
    for star, more in (("*", args.vararg), ("**", args.kwarg)):
        if more is not None:
            wants = ("tuple", "list") if star == "*" else ("dict",)
            text = described.get(more.arg, "") or MORE[star]
            name = more.arg if more.arg not in {field.name for field in found} else f"more_{more.arg}"
            found.append(
                Field(
                    name, "literal", None, text, optional=True, label=f"{star}{more.arg}", wants=wants, by=star
                )
            )
    return tuple(found)


def _field(argument: ast.arg, default: ast.expr | None, text: str, constants: Mapping[str, Any]) -> Field:
    name = argument.arg
    value = None if default is None else evaluate(default, constants)
    kind, wants = _kind(argument.annotation, default, value)
    if kind == "file" and (FOLDER.search(text) or name.split("_")[-1] in {"folder", "directory", "dir"}):
        kind = "folder"
    low, high = bounds(text)
    choices = _choices(argument.annotation)
    if default is None:
        return Field(name, kind, None, text, low, high, wants=wants, choices=choices)
    is_odd = kind != "literal" and isinstance(value, (list, tuple, dict, set, bytes))
    if value is None or value is UNKNOWN or is_odd:
        return Field(name, kind, None, text, low, high, optional=True, wants=wants, choices=choices)
    if kind == "float" and type(value) is int:
        value = float(value)
    if kind in {"str", "file", "folder"}:
        value = str(value)
    return Field(name, kind, value, text, low, high, wants=wants, choices=choices)


def _kind(annotation: ast.expr | None, default: ast.expr | None, value: Any) -> tuple[str, tuple[str, ...]]:
    """The kind of field that a parameter asks for, and of a literal the types that will do."""
    types = _types(annotation)
    if types is None:
        if isinstance(default, ast.Call) and ast.unparse(default.func) in PATHS:
            return "file", ()
        kind = type(value).__name__
        return (kind, ()) if kind in SIMPLE else ("literal", ())
    if "Path" in types:
        return "file", ()
    others = [one for one in types if one != "NoneType"]
    if (
        len(others) == 1
        and others[0] in SIMPLE
        and (len(types) == 1 or (default is not None and value is None))
    ):
        return others[0], ()
    return "literal", () if "" in types else tuple(types)


def _types(annotation: ast.expr | None) -> list[str] | None:
    """The types that an annotation allows, by their names; an empty one stands for any. None without an annotation."""
    if annotation is None:
        return None
    if isinstance(annotation, ast.Constant):
        if not isinstance(annotation.value, str):
            return ["NoneType"] if annotation.value is None else [""]
        try:
            return _types(parse_expression(annotation.value))
        except SyntaxError:
            return [""]
    if isinstance(annotation, ast.BinOp) and isinstance(annotation.op, ast.BitOr):
        return _any_of(annotation.left, annotation.right)
    if not isinstance(annotation, ast.Subscript):
        return _named(ast.unparse(annotation))
    outer = ast.unparse(annotation.value).rpartition(".")[2]
    inner = annotation.slice.elts if isinstance(annotation.slice, ast.Tuple) else [annotation.slice]
    if outer in {"Optional", "Union", "Annotated", "Final"}:
        found = _any_of(*(inner[:1] if outer == "Annotated" else inner))
        return list(dict.fromkeys([*found, "NoneType"])) if outer == "Optional" else found
    if outer == "Literal":
        return list(dict.fromkeys(type(one.value).__name__ for one in inner if isinstance(one, ast.Constant)))
    return _named(outer)


def _choices(annotation: ast.expr | None) -> tuple[Any, ...]:
    """The values of a `Literal`; none for all else."""
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        try:
            annotation = parse_expression(annotation.value)
        except SyntaxError:
            return ()
    if not isinstance(annotation, ast.Subscript):
        return ()
    if ast.unparse(annotation.value).rpartition(".")[2] != "Literal":
        return ()
    inner = annotation.slice.elts if isinstance(annotation.slice, ast.Tuple) else [annotation.slice]
    found = tuple(one.value for one in inner if isinstance(one, ast.Constant))
    return found if len(found) == len(inner) else ()


def _any_of(*annotations: ast.expr) -> list[str]:
    return list(dict.fromkeys(name for one in annotations for name in _types(one) or [""]))


def _named(written: str) -> list[str]:
    if written in PATHS:
        return ["Path"]
    return list(TYPES.get(written.rpartition(".")[2], ("",)))


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

    What is given as so many arguments is under "*" and "**".

    Raises:
        BadInput: something that must be given is not, with a sentence.
    """
    if empty := empty_field(entry, params):
        if isinstance(text := params.get(empty), Unread):
            raise BadInput(f"{text.why}.")
        name = entry.own.function if entry.own is not None else entry.name
        is_object = next(field.kind == "expression" for field in entry.fields if field.name == empty)
        what = f"a line that makes its object ({OBJECT})" if is_object else f"a value for its parameter {empty}"
        raise BadInput(f"{name} needs {what}.")
    return said(entry, params)


def said(entry: Entry, params: Mapping[str, Any]) -> dict[str, Any]:
    """The same where something may be missing."""
    found: dict[str, Any] = {}
    is_installed = entry.own is not None and entry.own.is_installed
    for field in entry.fields:
        value = params.get(field.name, field.default)
        if is_installed and not field.is_required and repr(value) == repr(field.default):
            continue  # in C it may have another default than its source says
        if field.kind == "literal" and field.name in params:
            found[field.by if "*" in field.by else field.name] = value
        elif value is not None and not (field.optional and value == ""):
            found[field.by if "*" in field.by else field.name] = value
    return found


def empty_field(entry: Entry, params: Mapping[str, Any]) -> str:
    """The name of the first parameter that must be given and is not, or not well; empty where there is none."""
    for field in entry.fields:
        if isinstance(params.get(field.name), Unread):
            return field.name
        if field.is_required and (
            field.name not in params if field.kind == "literal" else params.get(field.name) in (None, "")
        ):
            return field.name
    return ""
