"""Parses Python source for all of this process, one thread at a time: the watchdog does so beside everybody else.

Python 3.11 keeps one depth for all threads while it makes a syntax tree. Two that do so at once can mix it up, and one
of them gets a SystemError.
"""

from __future__ import annotations

import ast
import threading
from typing import Any

LOCK = threading.Lock()
"""Hold it to parse in another way, as a traceback does that points at part of a line; run nobody's code meanwhile."""


def parse(source: str | bytes, name: str = "<unknown>", mode: str = "exec") -> Any:
    """The syntax tree, as `ast.parse` makes it; in any thread. Raises SyntaxError or ValueError likewise."""
    with LOCK:
        return ast.parse(source, name, mode)
