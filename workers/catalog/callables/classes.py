"""Classes as source tells of them: their methods, also those of their bases, and what their calls take. Any thread."""

from __future__ import annotations

import ast
import copy
from typing import TYPE_CHECKING, Any, NamedTuple

from ...utils.errors import BadInput
from ..user_syntax import statements
from .decorators import DEFS, INSIDE, decorated
from .parameters import Found, chain, last_name, without, written

if TYPE_CHECKING:
    from collections.abc import Callable

    from .parameters import Function, Source

    Look = Callable[[Source, tuple[str, ...]], "Class | None"]


class Class(NamedTuple):
    """A class, and the file in which it is written."""

    node: ast.ClassDef
    source: Source


def member(owner: Class, names: tuple[str, ...], look: Look, *, made: bool = False) -> Found | None:
    """What is called by names below a class.

    Args:
        owner: the class.
        names: a method's name; none for the class itself; of a class inside of it, that's before.
        look: finds the class that names in a file stand for.
        made: whether an object of the class is there already.

    Returns:
        None where source alone does not tell.

    Raises:
        BadInput: there is no such thing, or it cannot be called; a sentence.
    """
    if not names:
        return _constructor(owner, look)
    name, *rest = names
    found = _definition(owner, name, look)
    if found is None:
        return None
    at, node = found
    if node is None:
        if name.startswith("__"):
            return None  # of `object`, or of a metaclass
        raise BadInput(f"The class {owner.node.name} in {owner.source.path.name} has no method {name}.")
    if isinstance(node, ast.ClassDef):
        return member(Class(node, at.source), tuple(rest), look)
    if isinstance(node, ast.Assign) and len(other := chain(node.value)) == 1 and other != (name,):
        return member(at, (*other, *rest), look, made=made)
    if not isinstance(node, DEFS) or (rest and (len(rest) > 1 or rest[0] not in INSIDE)):
        return None
    kinds = {last_name(one) for one in node.decorator_list}
    called = decorated(at.source, node)
    if "staticmethod" in kinds:
        return Found(called, at.source)
    is_method = not made and "classmethod" not in kinds
    return Found(without(called, 1), at.source, is_method)


def _definition(owner: Class, name: str, look: Look, depth: int = 0) -> tuple[Class, ast.stmt | None] | None:
    """Where a class, or else one of its bases, says what a name is.

    Returns:
        The class and the statement, or no statement; None where it may be in a base that cannot be read.
    """
    for node in reversed(list(statements(owner.node.body))):
        if _binds(node, name):
            return owner, node
    for base in owner.node.bases:
        names = chain(base.value if isinstance(base, ast.Subscript) else base)
        if names in {("object",), ("Generic",), ("Protocol",), ("NamedTuple",), ("typing", "NamedTuple")}:
            continue
        there = look(owner.source, names) if names and depth < 20 else None
        found = _definition(there, name, look, depth + 1) if there is not None else None
        if found is None or found[1] is not None:
            return found
    return owner, None


def _binds(node: ast.stmt, name: str) -> bool:
    if isinstance(node, (*DEFS, ast.ClassDef)):
        return node.name == name
    return isinstance(node, ast.Assign) and any(chain(one) == (name,) for one in node.targets)


# ---------------------------------------------------------------- what makes an object


def _constructor(owner: Class, look: Look) -> Found | None:
    init = _definition(owner, "__init__", look)
    if init is not None and init[1] is None:
        init = _definition(owner, "__new__", look)
    if init is None and not _has_fields(owner.node):
        return None
    node: Any
    if init is not None and isinstance(init[1], DEFS):
        node = without(copy.copy(init[1]), 1)
    else:
        node = written("def made(): ...")
        if _has_fields(owner.node):
            node = _of_fields(owner, look)
    told = ast.get_docstring(owner.node) or (ast.get_docstring(node) if node.body else "") or ""
    node.name, node.decorator_list = owner.node.name, []
    node.body = [ast.Expr(ast.Constant(told))]
    node.lineno = owner.node.lineno
    return Found(node, owner.source, is_class=True)


def _has_fields(node: ast.ClassDef) -> bool:
    """Whether its call takes what its body annotates."""
    return any(last_name(one) == "dataclass" for one in node.decorator_list) or any(
        last_name(one) == "NamedTuple" for one in node.bases
    )


def _of_fields(owner: Class, look: Look) -> Function:
    """What such a class is called with."""
    found: dict[str, str] = {}
    star = ""
    for klass in reversed([owner, *_bases(owner, look)]):
        for node in klass.node.body:
            if not isinstance(node, ast.AnnAssign) or not isinstance(node.target, ast.Name):
                continue
            name, annotation, value = node.target.id, ast.unparse(node.annotation), node.value
            if annotation.rpartition(".")[2] == "KW_ONLY":
                star = name
                found[name] = "*"
            elif "ClassVar" not in annotation:
                given = _default(value)
                if given is not None:
                    found[name] = f"{name}: {annotation}{given}"
    if star:
        return written(f"def made({', '.join(found.values())}): ...")
    # Of several classes those with defaults come last: all are given by name.
    return written(f"def made({', '.join(sorted(found.values(), key=lambda one: ' = ' in one))}): ...")


def _default(value: ast.expr | None) -> str | None:
    """The default of a field as source, with " = " before it; None where the field is no parameter."""
    if value is None:
        return ""
    if not (isinstance(value, ast.Call) and last_name(value) == "field"):
        return f" = {ast.unparse(value)}"
    said = {one.arg: one.value for one in value.keywords}
    if isinstance(init := said.get("init"), ast.Constant) and init.value is False:
        return None
    if "default" in said:
        return f" = {ast.unparse(said['default'])}"
    return " = made_later()" if "default_factory" in said else ""


def _bases(owner: Class, look: Look) -> list[Class]:
    found = []
    for base in owner.node.bases:
        klass = look(owner.source, chain(base)) if chain(base) else None
        if klass is not None and _has_fields(klass.node):
            found += [klass, *_bases(klass, look)]
    return found
