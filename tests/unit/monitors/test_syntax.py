"""Python source is parsed by one thread at a time, in all of the program."""

from __future__ import annotations

import ast
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from workers.monitors import syntax
from workers.user_code.tracebacks import error_text

if TYPE_CHECKING:
    import pytest

ROOT = Path(syntax.__file__).parents[2]
PARSING = {"parse", "PyCF_ONLY_AST"}


def test_nobody_else_makes_syntax_trees() -> None:
    files = [ROOT / "main.py", *(path for name in ("gui", "workers") for path in (ROOT / name).rglob("*.py"))]
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in files}
    calling = {
        path.relative_to(ROOT).as_posix()
        for path, tree in trees.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "ast" and node.attr in PARSING
    }
    assert calling == {"workers/monitors/syntax.py"}


def test_a_thread_waits_for_the_tree_of_another(monkeypatch: pytest.MonkeyPatch) -> None:
    first_is_in, go_on = threading.Event(), threading.Event()
    parsed: list[str] = []

    def slow(source: str, name: str, mode: str) -> str:
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
    assert syntax.LOCK.locked()
    assert parsed == ["first"]
    go_on.set()
    for thread in (first, second):
        thread.join(10)
    assert parsed == ["first", "second"]


def test_a_traceback_points_at_its_columns_while_nobody_parses(monkeypatch: pytest.MonkeyPatch) -> None:
    held: list[bool] = []
    points = ast.parse

    def parse(*arguments: object, **more: object) -> ast.AST:
        held.append(syntax.LOCK.locked())
        return points(*arguments, **more)  # type: ignore[call-overload, no-any-return]

    monkeypatch.setattr(ast, "parse", parse)
    try:
        [1][0] + [][2]
    except IndexError:
        assert "IndexError" in error_text("primes")
    assert all(held)
