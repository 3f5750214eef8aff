"""Folders of files: what is listed, in which order, and what is never opened."""

from __future__ import annotations

import errno
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from workers.utils import folder_files
from workers.utils.folder_files import FileProblem, listed, opened

if TYPE_CHECKING:
    from collections.abc import Iterable

needs_pipes = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no files of this system are pipes")


def fill(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())
    return folder


def names(found: Iterable[Any]) -> list[str]:
    return [row["name"].replace(os.sep, "/") for row in found]


def test_all_files_below_a_folder_are_listed_in_order(tmp_path: Path) -> None:
    fill(tmp_path, "b/2.txt", "a.txt", "B.txt", "b/1.txt", "b/c/x", ".hidden", "z/y.txt")
    found = listed(str(tmp_path))
    assert names(found) == [".hidden", "B.txt", "a.txt", "b/1.txt", "b/2.txt", "b/c/x", "z/y.txt"]
    assert [Path(row["path"]).read_text() for row in found] == names(found)


def test_more_arguments_are_the_same_for_each(tmp_path: Path) -> None:
    found = listed(str(fill(tmp_path, "a", "b")), size=3)
    assert [row["size"] for row in found] == [3, 3]


@pytest.mark.parametrize(
    ("pattern", "wanted"),
    [
        ("*", ["a.TXT", "b.jpg", "c.txt.gz"]),
        ("", ["a.TXT", "b.jpg", "c.txt.gz"]),
        ("*.txt", ["a.TXT"]),
        ("*.txt, *.JPG", ["a.TXT", "b.jpg"]),
        ("[ac]*", ["a.TXT", "c.txt.gz"]),
        ("?.jpg,", ["b.jpg"]),
    ],
)
def test_a_pattern_chooses_names(tmp_path: Path, pattern: str, wanted: list[str]) -> None:
    fill(tmp_path, "a.TXT", "b.jpg", "c.txt.gz")
    assert names(listed(str(tmp_path), pattern)) == wanted


@needs_pipes
def test_no_link_is_followed_and_no_pipe_is_listed(tmp_path: Path) -> None:
    outside = fill(tmp_path / "outside", "secret")
    folder = fill(tmp_path / "inside", "a")
    (folder / "file").symlink_to(outside / "secret")
    (folder / "folder").symlink_to(outside, target_is_directory=True)
    (folder / "round").symlink_to(folder, target_is_directory=True)
    (folder / "broken").symlink_to(folder / "nowhere")
    os.mkfifo(folder / "pipe")
    assert names(listed(str(folder))) == ["a"]


def test_the_folder_itself_may_be_a_link(tmp_path: Path) -> None:
    fill(tmp_path / "there", "a")
    (tmp_path / "link").symlink_to(tmp_path / "there")
    assert names(listed(str(tmp_path / "link"))) == ["a"]


def test_one_folder_can_be_left_out(tmp_path: Path) -> None:
    fill(tmp_path, "a", "out/b", "out/c/d", "outer/e")
    assert names(listed(str(tmp_path), but=str(tmp_path / "out"))) == ["a", "outer/e"]


def test_a_folder_that_cannot_be_listed_is_a_failure_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever runs the tests may be allowed everything: the system's refusal is played."""
    fill(tmp_path, "a", "shut/b")
    scan = os.scandir

    def refuse(path: str) -> Any:
        if str(path).endswith("shut"):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return scan(path)

    monkeypatch.setattr(os, "scandir", refuse)
    found = listed(str(tmp_path))
    assert names(found) == ["a", "shut"]
    with pytest.raises(FileProblem, match=r"^shut is a folder: it was not read\.$"), opened(**found[1]):
        pass

    def open_no_folder(path: str, flags: int) -> int:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(os, "open", open_no_folder)  # as Windows does
    with pytest.raises(FileProblem, match=r"^shut is a folder: it was not read\.$"), opened(**found[1]):
        pass


@pytest.mark.parametrize("folder", ["", "  "])
def test_without_a_folder_it_asks_for_one(folder: str) -> None:
    with pytest.raises(ValueError, match=r"^Choose a folder first\.$"):
        listed(folder)


def test_unusable_folders_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(tmp_path, "file")
    with pytest.raises(ValueError, match=r"^There is no folder .*nowhere: choose one that is there\.$"):
        listed(str(tmp_path / "nowhere"))
    with pytest.raises(ValueError, match=r"[\\/]file is a file: choose the folder that it is in\.$"):
        listed(str(tmp_path / "file"))
    with pytest.raises(ValueError, match=r"cannot be opened \(.*null.*\): choose another one\.$"):
        listed("a\0b")
    with pytest.raises(
        ValueError, match=r"^There is no file whose name is like \*\.jpg in .*: choose another folder"
    ):
        listed(str(tmp_path), "*.jpg")
    (tmp_path / "empty" / "er").mkdir(parents=True)
    with pytest.raises(ValueError, match=r"^There is no picture in .*empty: choose another folder\.$"):
        listed(str(tmp_path / "empty"), what="picture")
    monkeypatch.setattr(folder_files, "MAX_FILES", 1)
    fill(tmp_path, "another")
    with pytest.raises(ValueError, match=r"^There are more than 1 files in .*: choose a folder with fewer\.$"):
        listed(str(tmp_path))


def test_a_persons_own_folder_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    fill(tmp_path, "music/a")
    assert names(listed(" ~/music ")) == ["a"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows' names are text")
def test_names_that_cannot_be_shown_can_be_opened(tmp_path: Path) -> None:
    try:
        (tmp_path / os.fsdecode(b"caf\xe9\n")).write_bytes(b"x")
    except OSError:
        pytest.skip("this file system takes no such names")
    (row,) = listed(str(tmp_path))
    assert row["name"] == "caf\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}"
    row["name"].encode()
    with opened(**row) as (file, size):
        assert (file.read(), size) == (b"x", 1)


def test_many_names_are_listed_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of 100,000 files, as the system would tell of it, costs a fraction of a second."""

    class Entry:
        def __init__(self, name: str) -> None:
            self.name = name

        def is_dir(self, *, follow_symlinks: bool) -> bool:
            return False

        def is_file(self, *, follow_symlinks: bool) -> bool:
            return True

    class Scan(list[Entry]):
        def __enter__(self) -> Scan:
            return self

        def __exit__(self, *what: object) -> None:
            pass

        def close(self) -> None:
            pass

    entries = Scan(Entry(f"{number}.txt") for number in range(100_000))
    monkeypatch.setattr(os, "scandir", lambda path: entries)
    began = time.process_time()
    found = listed("/", "*.txt")
    assert time.process_time() - began < 1.0
    assert len(found) == 100_000


# ---------------------------------------------------------------- opening


@needs_pipes
def test_what_took_a_files_place_is_not_read(tmp_path: Path) -> None:
    fill(tmp_path, "a", "b", "c")
    rows = listed(str(tmp_path))
    for name in "abc":
        (tmp_path / name).unlink()
    (tmp_path / "a").symlink_to("/etc/passwd")
    os.mkfifo(tmp_path / "b")
    before = len(os.listdir("/proc/self/fd")) if Path("/proc/self/fd").is_dir() else 0
    for row, why in zip(
        rows,
        (
            "a is a link: it was not followed.",
            "b is a device or a pipe: it was not read.",
            f"c cannot be read: {os.strerror(errno.ENOENT)}.",
        ),
        strict=True,
    ):
        with pytest.raises(FileProblem) as problem, opened(**row):
            pass
        assert str(problem.value) == why
    if before:
        assert len(os.listdir("/proc/self/fd")) == before


def test_an_error_while_reading_is_a_sentence(tmp_path: Path) -> None:
    (row,) = listed(str(fill(tmp_path, "a")))
    with pytest.raises(FileProblem, match=rf"^a cannot be read: {os.strerror(errno.EIO)}\.$"), opened(**row):
        raise OSError(errno.EIO, os.strerror(errno.EIO))


# ---------------------------------------------------------------- guessing


def test_a_guess_knows_number_and_size(tmp_path: Path) -> None:
    for number in range(10):
        (tmp_path / f"{number}.txt").write_bytes(bytes(1000 + number))
    fill(tmp_path, "other")
    found = folder_files.guess(str(tmp_path), "*.txt")
    assert (found.number, found.size) == (10, 10_045)
    assert folder_files.guess("") == (0, 0.0)
    assert folder_files.guess(str(tmp_path / "nowhere")) == (0, 0.0)
