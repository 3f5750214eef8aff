"""What is kept of functions: by their contents, for this start or for the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from workers.catalog.user_functions import entry
from workers.engine.turns import kept

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("THAW_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(kept, "_known", {})
    return tmp_path


def anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """The program starts once more."""
    monkeypatch.setattr(kept, "_known", {})


def test_it_is_kept_for_this_start_and_where_that_is_wanted_for_the_next(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.keep("a", "holds", is_lasting=False)
    assert kept.verdict("a", is_lasting=False) == "holds"
    assert not (folder / "data").exists()
    kept.keep("b", "free", is_lasting=True)
    anew(monkeypatch)
    assert kept.verdict("a", is_lasting=True) == ""
    assert kept.verdict("b", is_lasting=True) == "free"
    assert kept.verdict("b", is_lasting=False) == ""


def test_what_is_not_clear_any_more_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    kept.keep("a", "holds", is_lasting=True)
    kept.keep("a", "", is_lasting=True)
    assert kept.verdict("a", is_lasting=True) == ""
    anew(monkeypatch)
    assert kept.verdict("a", is_lasting=True) == ""


@pytest.mark.parametrize("content", ["", "{", "[1]", '{"a": "other"}', '{"a": []}', '{"a": {}}'])
def test_a_file_that_says_something_else_says_nothing(folder: Path, content: str) -> None:
    (folder / "data").mkdir()
    (folder / "data" / kept.FILE).write_text(content)
    assert kept.verdict("a", is_lasting=True) == ""
    kept.keep("a", "holds", is_lasting=True)
    assert '"a": "holds"' in (folder / "data" / kept.FILE).read_text()


def test_only_so_many_are_kept(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST", 3)
    for name in "abcd":
        kept.keep(name, "holds", is_lasting=True)
    anew(monkeypatch)
    assert [kept.verdict(name, is_lasting=True) for name in "abcd"] == ["", "holds", "holds", "holds"]


def test_a_folder_that_cannot_be_written_loses_nothing_else(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "data").write_text("no folder")
    kept.keep("a", "holds", is_lasting=True)
    assert kept.verdict("a", is_lasting=True) == "holds"


def test_another_function_and_an_edited_file_are_others(folder: Path) -> None:
    path = folder / "work.py"
    path.write_text("def one(): ...\ndef two(): ...\n")
    first = kept.key(entry(f"{path}:one"))
    assert first == kept.key(entry(f"{path}:one"))
    assert first != kept.key(entry(f"{path}:two"))
    path.write_text("def one(): return 1\ndef two(): ...\n")
    known = entry(f"{path}:one")
    assert first != kept.key(known)
    path.unlink()
    assert kept.key(known) == ""
    kept.keep("", "holds", is_lasting=True)
    assert kept.verdict("", is_lasting=True) == ""
