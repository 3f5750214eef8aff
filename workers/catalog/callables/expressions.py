"""The line that makes the object of a method: calls of what its file has, with literals. Any thread; Python 3.9 too.

It may come from a run's file, that is from anybody. So it can call no more than the person has agreed to by the file:
its own classes and functions.
"""

from __future__ import annotations

import ast
import functools
from typing import TYPE_CHECKING, Any

from ...monitors.syntax import parse_expression
from ...utils.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Callable


@functools.lru_cache(maxsize=64)
def parsed(text: str) -> ast.expr:
    """The tree of such a line.

    Raises:
        BadInput: it is none; the rest of a sentence that says what it is for.
    """
    try:
        node = parse_expression(text.strip())
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise BadInput(f"is no line of Python ({getattr(error, 'msg', error)}): {text}") from None
    if not _may_be(node):
        raise BadInput(
            f"is made by a call of what stands in its file, with plain values, such as Class(3), and not by {text}"
        )
    return node


def _may_be(node: ast.expr) -> bool:
    if isinstance(node, ast.Call):
        values = [*node.args, *(one.value for one in node.keywords)]
        is_plain = all(one.arg for one in node.keywords) and not any(
            isinstance(one, ast.Starred) for one in values
        )
        return is_plain and _may_be(node.func) and all(map(_may_be, values))
    if isinstance(node, ast.Attribute):
        return not node.attr.startswith("_") and _may_be(node.value)
    return isinstance(node, ast.Name) or _is_literal(node)


def _is_literal(node: ast.expr) -> bool:
    try:
        ast.literal_eval(node)
    except (ValueError, TypeError, RecursionError, MemoryError):
        return False
    return True


def evaluate(node: ast.expr, look: Callable[[str], Any]) -> Any:
    """What such a line makes.

    Args:
        node: as `parsed` returns it.
        look: returns what a name stands for.
    """
    if isinstance(node, ast.Call):
        function = evaluate(node.func, look)
        return function(
            *(evaluate(one, look) for one in node.args),
            **{str(one.arg): evaluate(one.value, look) for one in node.keywords},
        )
    if isinstance(node, ast.Attribute):
        return getattr(evaluate(node.value, look), node.attr)
    return look(node.id) if isinstance(node, ast.Name) else ast.literal_eval(node)
