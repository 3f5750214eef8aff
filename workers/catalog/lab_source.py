"""The source of a lab's versions: what belongs to one of them, how two of them differ, and a copy of one's own.

Read, and never imported. For any thread.
"""

from __future__ import annotations

import ast
import re
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import TYPE_CHECKING, NamedTuple

from ..monitors.syntax import parse
from ..utils.atomic_file import new_file
from ..utils.folder_files import data_folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from .labs import Lab, Version

TOLD = re.compile(r"^# -+ what is to be seen\n", re.M)
"""From here on a lab's file says what its runs show; that is no part of its versions."""

DIFFERS, INDENTED = "differs", "indented"


class Line(NamedTuple):
    """A line of a file: its number, from 1 on, and its text; 0 where it only stands between two parts."""

    number: int
    text: str


class Row(NamedTuple):
    """A line of one version beside the same of another; None where one of them has no such line.

    Attributes:
        left: of the one.
        right: of the other.
        kind: DIFFERS; INDENTED, where only its indentation is another; or empty.
    """

    left: Line | None
    right: Line | None
    kind: str = ""


# ---------------------------------------------------------------- what belongs to a version


def compared(source: str, left: Version, right: Version) -> list[Row]:
    """Two versions of a lab side by side.

    Args:
        source: the lab's file.
        left: one of its versions.
        right: another, or the same.
    """
    tree = parse(source)
    one, other = (excerpt(source, tree, version) for version in (left, right))
    return side_by_side(one, other, (left.function, right.function))


def excerpt(source: str, tree: ast.Module, version: Version) -> list[Line]:
    """The function of a version with all that it uses of its file, in the file's order; without docstrings."""
    text = source.split("\n")
    parts = {name: node for node in tree.body for name in _names_of(node)}
    wanted = [version.function, str(version.entry.constants.get("SHARED", ""))]
    used: set[str] = set()
    while wanted:
        name = wanted.pop()
        if name in parts and name not in used:
            used.add(name)
            wanted += [one.id for one in ast.walk(parts[name]) if isinstance(one, ast.Name)]
    found: list[Line] = []
    for node in sorted({parts[name] for name in used}, key=lambda node: node.lineno):
        if found and isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.append(Line(0, ""))
        left_out = set(_docstring_lines(node))
        found += [Line(at, text[at - 1]) for at in _lines(node) if at not in left_out]
    return found


def _names_of(node: ast.stmt) -> list[str]:
    """What a statement at the top of a file defines; imports are not asked for."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    return [target.id for target in targets if isinstance(target, ast.Name)]


def _lines(node: ast.stmt) -> range:
    first = min(one.lineno for one in (node, *getattr(node, "decorator_list", ())))
    return range(first, (node.end_lineno or node.lineno) + 1)


def _docstring_lines(node: ast.stmt) -> Iterator[int]:
    """The lines of the docstrings in a part of a file, each with the blank line that follows it."""
    for one in ast.walk(node):
        if not isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        if ast.get_docstring(one) is not None and len(one.body) > 1:
            follows = min(_lines(one.body[1]))
            yield from range(one.body[0].lineno, follows)


# ---------------------------------------------------------------- how two of them differ


def side_by_side(left: Sequence[Line], right: Sequence[Line], names: tuple[str, str]) -> list[Row]:
    """Two versions in rows, so that what they have in common stands beside each other.

    Args:
        left: the lines of one.
        right: those of the other.
        names: of their functions: that they are called otherwise is no difference.
    """
    either = re.compile(rf"\bdef ({'|'.join(map(re.escape, names))})\(")
    one, other = ([either.sub("def (", line.text.strip()) for line in side] for side in (left, right))
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    rows: list[Row] = []
    for tag, *(first, last, begin, end) in matcher.get_opcodes():
        pairs = zip_longest(left[first:last], right[begin:end])
        rows += [Row(*pair, _kind(tag, *pair)) for pair in pairs]
    return rows


def _kind(tag: str, one: Line | None, other: Line | None) -> str:
    if tag == "equal" and one is not None and other is not None:
        return INDENTED if _indentation(one) != _indentation(other) else ""
    return DIFFERS if any(line is not None and line.text.strip() for line in (one, other)) else ""


def _indentation(line: Line) -> int:
    return len(line.text) - len(line.text.lstrip())


# ---------------------------------------------------------------- a copy of one's own


def own_copy(source: str) -> str:
    """A lab's file as a person's own: it imports what it needs by `workers`, and says nothing of its runs."""
    text = TOLD.split(source)[0].rstrip()
    tree, lines = parse(text), text.split("\n")
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    gone = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level:
            kept = ", ".join(alias.name for alias in node.names if alias.name in used)
            where = ".".join(filter(None, ("workers", "labs" * (node.level == 1), node.module)))
            at = _lines(node)
            lines[at[0] - 1] = f"{' ' * node.col_offset}from {where} import {kept}"
            gone |= set(at[1:] if kept else at)
    return "".join(f"{line}\n" for at, line in enumerate(lines, 1) if at not in gone)


def save_copy(lab: Lab) -> Path:
    """Save a copy of a lab that a person may change, under a name that is free; returns where.

    Raises:
        OSError: it cannot be read or written.
    """
    return new_file(data_folder() / "labs", lab.name, own_copy(lab.path.read_text(encoding="utf-8")))
