"""A person's file, or a lab's, read and compiled: what of it is stepped, and what it says itself."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path
from typing import TYPE_CHECKING

from ..catalog import lookup, user_functions, user_names, user_projects
from ..catalog.compatibility import user_refusal
from ..engine.loading import load_workload
from ..monitors.syntax import parse
from ..utils.errors import BadInput

if TYPE_CHECKING:
    from types import CodeType


class File:
    """A person's file, compiled.

    Attributes:
        path: where it is.
        module: what it is imported as.
        source: what it says.
        function: the function's name.
        files: all whose functions are stepped: it alone.
        has_check: whether it says itself what is right: by a function check(shared), check(results) or check().
        stored: the names that its functions give another value: of the file's variables, and of attributes.
        beside: files beside it that it imports, compiled.
    """

    def __init__(self, name: str) -> None:
        """Read it; `name` is that of a function of it, or of a lab's version.

        Raises:
            BadInput, SyntaxError, OSError: it cannot be read.
        """
        if user_names.is_own(name):
            entry = user_functions.entry(name)
            if why_not := user_refusal(lookup.named("runners", "stepped"), entry):
                raise BadInput(why_not)
            self.found = user_projects.source(name)
            self.path, self.module = self.found.path, self.found.near
            self.function = user_names.parse(name).function
            if entry.own is not None and entry.own.in_c:
                raise BadInput(f"{self.function} is written in C: it has no lines, and cannot be stepped.")
        else:
            module = inspect.getmodule(load_workload(name).function)
            assert module is not None
            self.path, self.module = Path(str(module.__file__)), module.__name__
            self.found = user_projects.Source(self.path, self.module, ())
            self.function = name.rpartition(".")[2]
        self.source = self.path.read_text(encoding="utf-8")
        tree = parse(self.source, str(self.path))
        self.has_check = any(getattr(node, "name", "") == "check" for node in tree.body)
        self.stored = stored(tree)
        self.code = compile(tree, str(self.path), "exec", dont_inherit=True)
        self.files = frozenset({str(self.path)})
        self.beside: dict[str, CodeType] = {}

    def line_of(self, error: BaseException) -> int:
        """The last of its lines that an error came through; 0 where there is none."""
        found, trace = 0, error.__traceback__
        while trace is not None:
            if trace.tb_frame.f_code.co_filename in self.files:
                found = trace.tb_lineno
            trace = trace.tb_next
        return found


def stored(tree: ast.AST) -> frozenset[str]:
    """The names of variables of a file, and of attributes, that its functions give another value."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.Global, ast.Nonlocal)):
            found.update(node.names)
        elif isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load):
            found.add(node.attr)
    return frozenset(found)
