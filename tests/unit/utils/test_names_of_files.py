"""A name that a person gave is the name of a file, whatever is in it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from workers.utils.folder_files import expanded, listed, usable, whole

NAMES = ["~list.txt", "~", " a", "a ", " a ", "~root b", "a\n", "-a", "a;b", "ä🖼"]
if sys.platform == "linux":
    NAMES += [os.fsdecode(b"a\xff"), os.fsdecode(b"\xffa ")]
if sys.platform == "win32":
    NAMES = ["~list.txt", " a", "ä🖼"]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_is_there_is_itself(here: Path, name: str) -> None:
    os.mkdir(name)
    Path(name, "b").write_bytes(b"")
    path = os.path.join(here, name)
    assert whole(name) == whole(path) == path
    assert usable(name) == usable(path) == path
    assert listed(name)[0]["path"] == os.path.join(path, "b")


@pytest.mark.parametrize("name", [name for name in NAMES if name not in {"~", "~root b"}])
def test_a_new_name_is_itself(here: Path, name: str) -> None:
    assert whole(name) == whole(os.path.join(here, name)) == os.path.join(here, name)


def test_the_own_folder_and_blanks_around_a_name(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(here))
    monkeypatch.setenv("USERPROFILE", str(here))
    (here / "a").mkdir()
    assert whole("~") == str(here)
    for name in ("~/a", " ~/a", "a\n", " a ", f"  {here / 'a'}\n"):
        assert whole(name) == str(here / "a")
    assert whole("~/new") == str(here / "new")
    assert whole(f" {here / 'new'}") == str(here / "new")


def test_on_windows_a_name_that_begins_with_a_tilde_is_no_other_persons_folder(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    for name in ("~root", "~root/a", "~$report.doc"):
        assert expanded(name) == name
    assert Path(expanded("~/a")) == Path.home() / "a"
