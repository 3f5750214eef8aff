"""Python source is parsed by one thread at a time, in all of the program."""

from __future__ import annotations

import ast
import re
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from workers.monitors import syntax

if TYPE_CHECKING:
    import pytest

ROOT = Path(syntax.__file__).parents[2]
PARSING = {"ast": ("parse", "PyCF_ONLY_AST"), "traceback": ("format", "print", "Traceback")}
"""What makes syntax trees, by modules and how its names begin: a traceback does, to point at part of a line."""

IMPORTS = rf"\b(?:import|from) (?:{'|'.join(PARSING)})\b"
"""Whoever uses one of them imports it: no other file needs to be parsed."""

APART = {"workers/remote/worker.py", "workers/agent/inject/sitecustomize.py"}
"""Runs in other processes, where no watchdog is, or none yet."""


def named(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def test_nobody_else_makes_syntax_trees() -> None:
    files = [ROOT / "main.py", *(path for name in ("gui", "workers") for path in (ROOT / name).rglob("*.py"))]
    sources = {path: path.read_text(encoding="utf-8") for path in files}
    trees = {path: ast.parse(source) for path, source in sources.items() if re.search(IMPORTS, source)}
    calling = {
        path.relative_to(ROOT).as_posix()
        for path, tree in trees.items()
        for node in ast.walk(tree)
        if (isinstance(node, ast.ImportFrom) and node.module in PARSING)
        or (isinstance(node, ast.Attribute) and node.attr.startswith(PARSING.get(named(node.value), ())))
    }
    assert calling == {"workers/monitors/syntax.py", *APART}


def test_a_thread_waits_for_the_tree_of_another(monkeypatch: pytest.MonkeyPatch) -> None:
    first_is_in, go_on = threading.Event(), threading.Event()
    parsed: list[str] = []

    def slow(source: str, name: str) -> str:
        parsed.append(source)
        first_is_in.set()
        assert go_on.wait(10)
        return source.upper()

    monkeypatch.setattr(ast, "parse", slow)
    first = threading.Thread(target=syntax.parse, args=("first",))
    second = threading.Thread(target=syntax.parse, args=("second",))
    first.start()
    assert first_is_in.wait(10)
    second.start()
    assert syntax._lock.locked()
    assert parsed == ["first"]
    go_on.set()
    for thread in (first, second):
        thread.join(10)
    assert parsed == ["first", "second"]


def test_a_traceback_points_at_its_columns_while_nobody_parses(monkeypatch: pytest.MonkeyPatch) -> None:
    held: list[str] = []
    points = ast.parse

    def parse(*arguments: object, **more: object) -> ast.AST:
        held.append("parsing" if syntax._lock.locked() else "parsing beside others")
        return points(*arguments, **more)  # type: ignore[call-overload, no-any-return]

    class Odd(IndexError):
        def __str__(self) -> str:
            held.append("locked" if syntax._lock.locked() else "free")
            return "odd"

    monkeypatch.setattr(ast, "parse", parse)
    try:
        1 + raises(Odd())
    except Odd as error:
        text = syntax.error_text(type(error), error, error.__traceback__)
    assert text.startswith("Traceback (most recent call last):\n")
    assert text.endswith("Odd: odd\n")
    assert set(held) <= {"parsing", "free"}  # a person's own code runs while others may parse


def test_an_error_may_have_no_value() -> None:
    assert syntax.error_text(KeyError, None, None) == "KeyError: None\n"


def raises(error: Exception) -> int:
    raise error
