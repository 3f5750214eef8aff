"""Which statements of a file run when it is imported. Reads its syntax tree only."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


def statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """What runs when the file is imported, at its top level; also inside of `if`, `try` and `with`."""
    for node in body:
        yield node
        if isinstance(node, ast.If):
            if not is_guard(node):
                yield from statements(node.body)
            yield from statements(node.orelse)
        elif isinstance(node, ast.Try):
            for part in (node.body, *(handler.body for handler in node.handlers), node.orelse, node.finalbody):
                yield from statements(part)
        elif isinstance(node, ast.With):
            yield from statements(node.body)


def is_guard(node: ast.stmt) -> bool:
    """Whether it is `if __name__ == "__main__"`."""
    return isinstance(node, ast.If) and "__name__" in (test := ast.unparse(node.test)) and "__main__" in test
