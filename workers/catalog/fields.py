"""Turns the signature and docstring of a function or a dataclass, as source, into the fields of a form."""

from __future__ import annotations

import ast
import math
import re
from typing import Any, NamedTuple

from ..utils.errors import BadInput
from .callables import expressions, literals

_ARGUMENT = re.compile(r"^\s+\*{0,2}(\w+)(?: ?\([^)]*\))?: (.*)$")
_HEADING = re.compile(r"^(?:Args|Arguments|Attributes|Parameters):\n", re.MULTILINE)
YES, NO = {"true", "yes", "1", "on"}, {"false", "no", "0", "off"}
_RANGE = re.compile(r"\(([\d.,]+) to ([\d.,]+)\)")


class Field(NamedTuple):
    """One parameter that a person may choose.

    Attributes:
        name: the parameter's name.
        kind: "int", "float", "bool", "str", "file" or "folder" (annotated `Path`: by the word in its description),
            "literal" (a value as Python writes it), or "expression" (the line that makes a method's object).
        default: the value without a choice; None where there must be one.
        help: its line of the docstring's `Args:` or `Attributes:`.
        low: the least value, from "(LOW to HIGH)" in that line; None where it names none.
        high: the largest value, likewise.
        optional: whether it may be left empty, as None: then the function's own default is used.
        label: what a form calls it, by the literal LABELS of its file; empty where its name says it.
        wants: of a literal the names of the types that will do; none where any will.
        choices: the only values that will do; none where others do.
        by: how it is given: empty: by name or position; "=" and "/": by one of them only; "*" and "**": as so many.
    """

    name: str
    kind: str
    default: Any
    help: str
    low: float | None = None
    high: float | None = None
    optional: bool = False
    label: str = ""
    wants: tuple[str, ...] = ()
    by: str = ""
    choices: tuple[Any, ...] = ()

    @property
    def is_required(self) -> bool:
        return self.default is None and not self.optional

    def text(self, value: Any) -> str:
        """The text that means a value."""
        return repr(value) if self.kind == "literal" else str(value)

    def parse(self, text: str) -> Any:
        """The value that `text` means. Raises BadInput with a sentence that says what would be right."""
        value = self._read(text)
        if self.choices and (type(value), value) not in [(type(one), one) for one in self.choices]:
            if not (self.optional and text == ""):
                raise BadInput(f"{self.name} is {' or '.join(map(repr, self.choices))}, not {text}")
        return value

    def _read(self, text: str) -> Any:
        if self.kind == "bool":
            if text.lower() not in YES | NO:
                raise BadInput(f"{self.name} is yes or no, not {text!r}")
            return text.lower() in YES
        if self.kind == "literal":
            return literals.read(self.name, text, self.wants)
        if self.kind == "expression":
            try:
                expressions.parsed(text)
            except BadInput as error:
                raise BadInput(f"{self.name} {error}") from None
        if self.kind not in {"int", "float"}:
            return text
        try:
            value = int(text) if self.kind == "int" else float(text)
            if not math.isfinite(value):
                raise ValueError
        except (ValueError, OverflowError):
            example = self.default if self.default is not None else 3 if self.kind == "int" else 0.5
            raise BadInput(f"{self.name} is a number like {example}, not {text!r}") from None
        return self.check(value)

    def check(self, value: Any) -> Any:
        """The value itself. Raises BadInput where it is outside of the range."""
        if self.low is not None and not self.low <= value:
            raise BadInput(f"{self.name} is at least {self.low:,.15g}, not {value:,}")
        if self.high is not None and not value <= self.high:
            raise BadInput(f"{self.name} is at most {self.high:,.15g}, not {value:,}")
        return value


def fields_of(maker: ast.FunctionDef | ast.ClassDef) -> list[Field]:
    """The keyword-only parameters of a function or a dataclass, with their descriptions, in the order of the source."""
    if isinstance(maker, ast.ClassDef):
        nodes = [node for node in maker.body if isinstance(node, ast.AnnAssign)]
        first = [ast.unparse(node.annotation) for node in nodes].index("KW_ONLY") + 1
        parts = [(ast.unparse(node.target), node.annotation, node.value) for node in nodes[first:]]
    else:
        given = zip(maker.args.kwonlyargs, maker.args.kw_defaults, strict=True)
        parts = [(argument.arg, argument.annotation or ast.Name("str"), default) for argument, default in given]
    described = descriptions(ast.get_docstring(maker) or "")
    found = []
    for name, annotation, default in parts:
        text = described.get(name, "")
        value = None if default is None else _literal(name, default)
        found.append(Field(name, _kind(ast.unparse(annotation), text), value, text, *bounds(text)))
    return found


def bounds(text: str) -> tuple[float | None, float | None]:
    """The least and the largest value, from "(LOW to HIGH)" in a description; None where it names none."""
    found = _RANGE.search(text)
    try:
        return (float(found[1].replace(",", "")), float(found[2].replace(",", ""))) if found else (None, None)
    except ValueError:  # such as "(... to 3)"
        return None, None


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
        raise BadInput(
            f"the default of the parameter {name} is not a literal: {ast.unparse(default)}"
        ) from None


def descriptions(docstring: str) -> dict[str, str]:
    """What a docstring says of each argument, in the style of Google or of NumPy."""
    return _google(docstring) or _numpy(docstring)


def _google(docstring: str) -> dict[str, str]:
    """The entries of an `Args:` section; a line that is indented further goes on with the one before."""
    found: dict[str, str] = {}
    name = ""
    indent = 0
    heading = _HEADING.search(docstring)
    for line in docstring[heading.end() :].splitlines() if heading else ():
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


def _numpy(docstring: str) -> dict[str, str]:
    """The entries of a section `Parameters` that is underlined: a name, its type, and indented lines on it."""
    found: dict[str, str] = {}
    names: list[str] = []
    lines = docstring.splitlines()
    begin = next((at for at, line in enumerate(lines) if line == "Parameters" and lines[at + 1 : at + 2]), None)
    if begin is None or not set(lines[begin + 1].strip()) == {"-"}:
        return {}
    for at in range(begin + 2, len(lines)):
        line = lines[at]
        if lines[at + 1 : at + 2] and set(lines[at + 1].strip()) == {"-"}:
            break  # the next section's heading
        if line and not line[0].isspace():
            names = [name.strip(" *") for name in line.partition(":")[0].split(",")]
        elif line.strip():
            for name in names:
                found[name] = f"{found.get(name, '')} {line.strip()}".strip()
    return found
