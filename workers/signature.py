"""Turns a function's signature and docstring, as source, into the fields of a form."""

from __future__ import annotations

import ast
import math
import re
from typing import Any, NamedTuple

_ARGUMENT = re.compile(r"^\s+(\w+): (.*)$")
_RANGE = re.compile(r"\(([\d.,]+) to ([\d.,]+)\)")


class Field(NamedTuple):
    """One parameter that a person may choose.

    Attributes:
        name: the parameter's name.
        kind: "int", "float", "bool", "str", "file" or "folder" (annotated `Path`: by the word in its description).
        default: the value without a choice; None where there must be one.
        help: its line of the docstring's `Args:`.
        low: the least value, from "(LOW to HIGH)" in that line; None where it names none.
        high: the largest value, likewise.
    """

    name: str
    kind: str
    default: Any
    help: str
    low: float | None = None
    high: float | None = None

    def parse(self, text: str) -> Any:
        """The value that `text` means. Raises ValueError with a sentence that says what would be right."""
        if self.kind == "bool":
            words = {
                "true": True,
                "yes": True,
                "1": True,
                "on": True,
                "false": False,
                "no": False,
                "0": False,
                "off": False,
            }
            if text.lower() not in words:
                raise ValueError(f"{self.name} is yes or no, not {text!r}")
            return words[text.lower()]
        if self.kind not in {"int", "float"}:
            return text
        try:
            value = int(text) if self.kind == "int" else float(text)
        except ValueError:
            raise ValueError(f"{self.name} is a number like {self.default}, not {text!r}") from None
        if not math.isfinite(value):
            raise ValueError(f"{self.name} is a number like {self.default}, not {text!r}")
        return self.check(value)

    def check(self, value: Any) -> Any:
        """The value itself. Raises ValueError where it is outside of the range."""
        if self.low is not None and not self.low <= value:
            raise ValueError(f"{self.name} is at least {self.low:,.15g}, not {value:,}")
        if self.high is not None and not value <= self.high:
            raise ValueError(f"{self.name} is at most {self.high:,.15g}, not {value:,}")
        return value


def fields_of(function: ast.FunctionDef) -> list[Field]:
    """The keyword-only parameters of a function, with their descriptions, in the order of the signature."""
    described = _descriptions(ast.get_docstring(function) or "")
    found = []
    for argument, default in zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True):
        text = described.get(argument.arg, "")
        annotation = ast.unparse(argument.annotation) if argument.annotation else "str"
        bounds = _RANGE.search(text)
        low, high = (float(bound.replace(",", "")) for bound in bounds.groups()) if bounds else (None, None)
        found.append(
            Field(
                argument.arg,
                _kind(annotation, text),
                None if default is None else _literal(argument.arg, default),
                text,
                low,
                high,
            )
        )
    return found


def _kind(annotation: str, description: str) -> str:
    if annotation in {"int", "float", "bool"}:
        return annotation
    if annotation in {"Path", "pathlib.Path"}:
        return "folder" if "folder" in description.lower() else "file"
    return "str"


def _literal(name: str, default: ast.expr) -> Any:
    try:
        return ast.literal_eval(default)
    except ValueError:
        raise ValueError(f"the default of the parameter {name} is not a literal: {ast.unparse(default)}") from None


def _descriptions(docstring: str) -> dict[str, str]:
    """The entries of a docstring's `Args:` section; a line that is indented further goes on with the one before."""
    found: dict[str, str] = {}
    name = ""
    indent = 0
    for line in docstring.partition("Args:\n")[2].splitlines():
        if not line.strip():
            break
        match = _ARGUMENT.match(line)
        depth = len(line) - len(line.lstrip())
        if match and (not found or depth <= indent):
            name, indent = match[1], depth
            found[name] = match[2].strip()
        elif name:
            found[name] += " " + line.strip()
    return found
