"""Versions of a lab beside each other, and a copy that is a person's own."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import pytest

from workers.catalog import user_functions
from workers.catalog.lab_source import DIFFERS, INDENTED, Line, Row, compared, own_copy, save_copy, side_by_side
from workers.catalog.labs import labs

if TYPE_CHECKING:
    from pathlib import Path

LABS = labs()


def lines(*texts: str) -> list[Line]:
    return [Line(number, text) for number, text in enumerate(texts, 1)]


def rows_of(lab: str, left: str, right: str) -> list[Row]:
    found = {version.function: version for version in LABS[lab].versions}
    return compared(LABS[lab].path.read_text(encoding="utf-8"), found[left], found[right])


def differing(rows: list[Row]) -> tuple[list[str], list[str]]:
    """The texts of the lines that differ, of either side."""
    found = [row for row in rows if row.kind == DIFFERS]
    return (
        [row.left.text.strip() for row in found if row.left],
        [row.right.text.strip() for row in found if row.right],
    )


def test_what_both_have_stands_in_one_row_and_what_one_has_beside_nothing() -> None:
    rows = side_by_side(
        lines("def bad(x):", "    a = 1", "    return a"),
        lines("def good(x):", "    with x:", "        a = 1", "    return a"),
        ("bad", "good"),
    )
    assert [(row.left and row.left.number, row.right and row.right.number, row.kind) for row in rows] == [
        (1, 1, ""),
        (None, 2, DIFFERS),
        (2, 3, INDENTED),
        (3, 4, ""),
    ]


def test_lines_that_took_the_place_of_others_stand_beside_them() -> None:
    rows = side_by_side(lines("a", "b", "z"), lines("a", "c", "d", "z"), ("f", "g"))
    assert [(row.left and row.left.text, row.right and row.right.text, row.kind) for row in rows] == [
        ("a", "a", ""),
        ("b", "c", DIFFERS),
        (None, "d", DIFFERS),
        ("z", "z", ""),
    ]


def test_the_same_version_twice_does_not_differ() -> None:
    assert {row.kind for row in rows_of("counter", "broken", "broken")} == {""}


def test_a_version_is_shown_with_what_it_uses_and_without_docstrings() -> None:
    rows = rows_of("counter", "broken", "fixed")
    assert differing(rows) == ([], ["with shared.lock:"])
    left = [row.left.text for row in rows if row.left]
    assert "def make(waits: Waits) -> SimpleNamespace:" in left
    assert not [text for text in left if '"""' in text or "Args:" in text]
    called = [row.right.text for row in rows_of("counter", "broken", "call") if row.right]
    assert {"STEPS = 20", "def add(a: int, b: int) -> int:"} <= set(called)


def test_a_version_brings_what_it_shares_itself() -> None:
    left, right = differing(rows_of("twice", "lock", "rlock"))
    assert left == ["def make_lock() -> Log:", "return Log(Lock())"]
    assert right[:2] == ["def make_rlock() -> Log:", "return Log(RLock())"]


@pytest.mark.parametrize("name", LABS)
def test_numbers_are_those_of_the_file_and_all_versions_can_be_compared(name: str) -> None:
    text = LABS[name].path.read_text(encoding="utf-8").split("\n")
    first, *others = LABS[name].versions
    for other in others:
        rows = compared("\n".join(text), first, other)
        for side, version in (([row.left for row in rows], first), ([row.right for row in rows], other)):
            shown = [line for line in side if line is not None and line.number]
            assert all(text[line.number - 1] == line.text for line in shown)
            assert any(f"def {version.function}(" in line.text for line in shown)


@pytest.mark.parametrize("name", LABS)
def test_a_copy_needs_nothing_of_its_old_neighbours(name: str) -> None:
    copy = own_copy(LABS[name].path.read_text(encoding="utf-8"))
    tree = ast.parse(copy)
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert not [node for node in imports if node.level]
    assert not [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "figures"]
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    ours = [node for node in imports if (node.module or "").startswith("workers")]
    assert {alias.name for node in ours for alias in node.names} <= used
    assert ours


def test_a_copy_is_never_written_over_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THAW_DATA", str(tmp_path))
    first = save_copy(LABS["twice"])
    assert first == tmp_path / "labs" / "twice.py"
    first.write_text("mine = 1\n", encoding="utf-8")
    assert [save_copy(LABS["twice"]).name for _ in range(2)] == ["twice-2.py", "twice-3.py"]
    assert first.read_text(encoding="utf-8") == "mine = 1\n"
    entry = user_functions.entry(f"{tmp_path}/labs/twice-2.py:rlock")
    assert not entry.missing
    assert entry.constants["UNIT"] == "entries"
