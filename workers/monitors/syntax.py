"""Parses Python source for all of this process, one thread at a time: the watchdog does so beside everybody else.

Python 3.11 keeps one depth for all threads while it makes a syntax tree. Two that do so at once can mix it up, and one
of them gets a SystemError. A traceback is parsed too, to point at part of a line. Runs on Python 3.9.
"""

from __future__ import annotations

import ast
import threading
import traceback
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import TracebackType

_lock = threading.Lock()


def parse(source: str | bytes, name: str = "<unknown>") -> ast.Module:
    """The syntax tree, as `ast.parse` makes it; in any thread. Raises SyntaxError or ValueError likewise."""
    with _lock:
        return ast.parse(source, name)


def parse_expression(source: str | bytes) -> ast.expr:
    """The syntax tree of one expression; in any thread. Raises SyntaxError or ValueError as `ast.parse` does."""
    with _lock:
        return ast.parse(source, mode="eval").body


def error_text(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> str:
    """The whole traceback of an error, with those of its causes; in any thread."""
    told = traceback.TracebackException(kind, error, trace)  # type: ignore[arg-type]  # runs the error's own code
    with _lock:
        return "".join(told.format())
