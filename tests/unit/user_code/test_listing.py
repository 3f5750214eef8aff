"""What a file offers to be called is the same wherever it is listed, and the file is read once for all of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from workers.catalog import user_projects
from workers.catalog.callables.files import syntax_tree
from workers.catalog.user_imports import Scan
from workers.user_code import listing

if TYPE_CHECKING:
    from pathlib import Path

SOURCE = '''import json


class Box:
    """Holds something."""

    def fill(self, by: int = 1): ...


async def fetch(url: str): ...


def _hidden(): ...


if __name__ == "__main__":
    def guarded(): ...
'''


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "mine.py"
    made.write_text(SOURCE, encoding="utf-8")
    return made


def here(path: Path) -> tuple[listing.FoundFunction, ...]:
    source = path.read_text(encoding="utf-8")
    scan = Scan.whole(user_projects.of_path(path), syntax_tree(source, path.name))
    return listing.list_functions(path, source, scan, "")


def test_a_process_of_its_own_finds_the_same(path: Path) -> None:
    found = listing.list_apart(path, SOURCE, "")
    assert found == here(path)
    assert [one.name for one in found] == ["fetch", "Box", "Box.fill", "_hidden", "guarded"]
    assert "is written under" in found[-1].why_not


def test_what_is_wrong_comes_back_from_there_as_it_is(path: Path) -> None:
    with pytest.raises(SyntaxError) as caught:
        listing.list_apart(path, "def work(:\n", "")
    assert caught.value.lineno == 1
    path.write_text("x = 1\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"mine\.py has no function"):
        listing.list_apart(path, "x = 1\n", "")


def test_a_process_that_says_nothing_is_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "BEGIN", "pass")
    with pytest.raises(ValueError, match=r"^What mine\.py has could not be listed"):
        listing.list_apart(path, SOURCE, "")


def test_the_folders_around_a_file_are_looked_at_once_for_all_of_its_functions(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = list[object]()
    of_path = user_projects.of_path

    def look(where: str | Path) -> user_projects.Source:
        looked.append(where)
        return of_path(where)

    path.write_text("".join(f"def work_{at}(): ...\n" for at in range(9)), encoding="utf-8")
    source = path.read_text(encoding="utf-8")
    monkeypatch.setattr(user_projects, "of_path", look)
    assert len(listing.list_functions(path, source, Scan(), "")) == 9
    assert len(looked) == 1


def test_the_function_around_a_line_of_a_long_file_is_found_by_a_process_of_its_own(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert listing.function_around(path, 7) == "Box.fill"
    monkeypatch.setattr(listing, "function_at", lambda *about: "here")
    assert listing.function_around(path, 7) == "here"
    path.write_text(f"{SOURCE}{'# long' * listing.SHORT}\n", encoding="utf-8")
    assert listing.function_around(path, 7) == "Box.fill"
    assert listing.function_around(path, 1) == ""
    assert listing.function_around(path.with_name("nowhere.py"), 1) == ""
