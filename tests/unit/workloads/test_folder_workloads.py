"""The workloads over a folder of files: hashes and thumbnails, and what they say of files that are broken."""

from __future__ import annotations

import hashlib
import inspect
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.support.steps import finish
from tests.support.system_words import NO_FOLDER
from workers.catalog import lookup
from workers.catalog.compatibility import lack, misfit, needed, refusal
from workers.engine.plan import Plan, Settings
from workers.utils import folder_files
from workers.utils.errors import BadInput
from workers.utils.folder_files import FileProblem
from workers.workloads import hash_files as hashes
from workers.workloads import thumbnails as thumbs
from workers.workloads.hash_files import PIECE, hash_files
from workers.workloads.thumbnails import thumbnails

ROOT = Path(__file__).parents[3]
PICTURE = ROOT / "resources" / "pictures" / "00.jpg"


@pytest.mark.parametrize("name", ["hash_files", "thumbnails"])
def test_the_menu_knows_them(name: str) -> None:
    entry = lookup.workloads()[name]
    assert not entry.missing
    assert entry.constants["GIL"] == "releases"
    assert entry.constants["NEEDS_FOLDER"] == "folder"
    assert "folder" in [field.name for field in entry.fields]
    for field in entry.fields:
        assert field.help, field


@pytest.mark.parametrize("name", ["hash_files", "thumbnails"])
def test_without_a_folder_it_does_not_fit_anywhere(name: str) -> None:
    place, work = lookup.runners()["thread_pool"], lookup.workloads()[name]
    assert refusal(place, work, {"folder": " "}) == refusal(place, work, {}) == folder_files.CHOOSE_FIRST
    assert refusal(place, work, {"folder": "/somewhere"}) == misfit(place, work, {}) == ""
    assert lack(work, {}) == ("folder", folder_files.CHOOSE_FIRST)
    assert needed(work) == ("folder",)
    assert lack(work, {"folder": "/somewhere"}) is None


@pytest.mark.parametrize("name", ["hash_files", "thumbnails"])
def test_without_a_folder_nothing_is_planned(name: str) -> None:
    with pytest.raises(ValueError, match=r"^Choose a folder first\.$"):
        Plan(Settings.named("gui_thread", name, 1, 1), server=str)


def test_there_is_a_task_for_each_file(tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / f"{number}.txt").write_bytes(b"x")
    (tmp_path / "other").write_bytes(b"x")
    params = (("folder", str(tmp_path)), ("pattern", "*.txt"), ("algorithm", "MD5"))
    plan = Plan(Settings.named("gui_thread", "hash_files", 24, 1, params), server=str)
    assert plan.count == 3
    assert plan.title(1) == "1.txt"
    assert dict(plan.task(1, 7).arguments) == {
        "path": str(tmp_path / "1.txt"),
        "name": "1.txt",
        "algorithm": "MD5",
    }


# ---------------------------------------------------------------- hashes


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, 2 * PIECE + 5])
def test_a_file_is_hashed_in_pieces(tmp_path: Path, size: int) -> None:
    content = os.urandom(size)
    (tmp_path / "a").write_bytes(content)
    amounts, result = finish(hash_files(str(tmp_path / "a"), "a", "sha256"))
    assert result == hashlib.sha256(content).hexdigest()
    assert sum(amounts) == size
    assert max(amounts, default=0) <= PIECE


@pytest.mark.parametrize("algorithm", sorted(hashes.ALGORITHMS.values()))
def test_all_algorithms_are_those_of_hashlib(tmp_path: Path, algorithm: str) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    result = finish(hash_files(str(tmp_path / "a"), "a", algorithm))[1]
    assert result == hashlib.new(algorithm, b"abc", usedforsecurity=False).hexdigest()


@pytest.mark.parametrize("written", ["SHA-256", " sha256 ", "Sha_256"])
def test_an_algorithm_may_be_written_as_people_do(written: str) -> None:
    assert hashes.new(written).name == "sha256"


def test_an_unknown_algorithm_is_refused_before_the_run(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"^There is no algorithm 'crc': choose one of blake2b, .*sha512\.$"):
        hashes.plan(folder=str(tmp_path), algorithm="crc")


def test_a_file_that_grows_while_it_is_read_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(bytes(PIECE))
    steps = hash_files(str(path), "a", "sha1")
    assert next(steps) == PIECE
    with path.open("ab") as file:
        file.write(b"more")
    amounts, result = finish(steps)
    assert amounts == [4]
    assert result == hashlib.sha1(bytes(PIECE) + b"more").hexdigest()


def test_a_file_is_closed_when_the_task_is_cancelled(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(bytes(2 * PIECE))
    steps = hash_files(str(tmp_path / "a"), "a", "sha256")
    next(steps)
    file = inspect.getgeneratorlocals(steps)["file"]
    steps.close()
    assert file.closed


def test_the_estimate_grows_with_the_folder(tmp_path: Path) -> None:
    assert hashes.seconds() == 0.0
    (tmp_path / "a").write_bytes(bytes(1000))
    small = hashes.seconds(folder=str(tmp_path))
    with open(tmp_path / "b", "wb") as file:
        file.truncate(10_000_000_000)
    assert 0 < small < 0.1
    assert hashes.seconds(folder=str(tmp_path)) > 1.0
    assert hashes.seconds(4, folder=str(tmp_path)) < hashes.seconds(2, folder=str(tmp_path))


def test_it_needs_nothing_that_an_older_python_has_not() -> None:
    """Another Python gets it by itself, with the standard library alone."""
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); import workers.workloads.hash_files; "
        "assert not {'PIL', 'requests', 'PySide6'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-I", "-S", "-c", code], check=True, timeout=30)


# ---------------------------------------------------------------- thumbnails


def photos(folder: Path) -> Path:
    """Three good pictures, and three that are none."""
    (folder / "sub").mkdir(parents=True)
    for name, size in (("a.jpg", (400, 300)), ("b.PNG", (90, 200)), ("sub/c.gif", (10, 10))):
        Image.new("RGB", size, (200, 30, 60)).save(folder / name)
    (folder / "empty.jpg").write_bytes(b"")
    (folder / "half.jpg").write_bytes(PICTURE.read_bytes()[:5_000])
    (folder / "page.jpg").write_bytes(b"<html><body>no</body></html>")
    (folder / "notes.txt").write_bytes(b"no picture")
    return folder


def tasks(folder: Path, **more: str) -> list[dict[str, Any]]:
    return list(thumbs.plan(folder=str(folder), **more))


def test_only_pictures_are_listed(tmp_path: Path) -> None:
    found = [row["name"] for row in tasks(photos(tmp_path))]
    assert found == ["a.jpg", "b.PNG", "empty.jpg", "half.jpg", "page.jpg", "sub/c.gif"]


def test_a_thumbnail_is_small_and_has_the_files_name(tmp_path: Path) -> None:
    amounts, picture = finish(thumbnails(**tasks(photos(tmp_path))[0]))
    assert sum(amounts) == 1
    assert (picture.name, picture.width, picture.height) == ("a.jpg", 160, 120)
    assert len(picture.pixels) == 160 * 120 * 4


@pytest.mark.parametrize("name", ["empty.jpg", "half.jpg", "page.jpg"])
def test_a_broken_picture_fails_with_a_sentence_of_its_own(tmp_path: Path, name: str) -> None:
    row = next(
        row for row in tasks(photos(tmp_path), into_folder=str(tmp_path / "small")) if row["name"] == name
    )
    with pytest.raises(FileProblem, match=rf"^{name}: \w.*\.$") as problem:
        finish(thumbnails(**row))
    assert "server" not in str(problem.value)
    assert not list((tmp_path / "small").iterdir())


def test_thumbnails_are_saved_and_nothing_is_overwritten(tmp_path: Path) -> None:
    folder, into = photos(tmp_path / "pictures"), tmp_path / "small"
    (into / "sub").mkdir(parents=True)
    (into / "a.jpg").write_bytes(b"mine")
    (into / "sub" / "c.jpg").symlink_to(tmp_path / "nowhere")
    for row in tasks(folder, into_folder=str(into)):
        if row["name"] in {"a.jpg", "b.PNG", "sub/c.gif"}:
            finish(thumbnails(**row))
    found = sorted(str(path.relative_to(into)) for path in into.rglob("*") if path.is_file())
    assert found == ["a (2).jpg", "a.jpg", "b.jpg", "sub/c (2).jpg"]
    assert (into / "a.jpg").read_bytes() == b"mine"
    assert not (tmp_path / "nowhere").exists()
    with Image.open(into / "a (2).jpg") as picture:
        assert (picture.format, picture.size) == ("JPEG", (160, 120))
        assert picture.getpixel((80, 60))[0] > 150  # type: ignore[index]
    mode = (into / "b.jpg").stat().st_mode
    assert mode == (folder / "a.jpg").stat().st_mode


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names are made of letters")
@pytest.mark.parametrize("folder", [" a ", "~a", os.fsdecode(b"a\xff")])
def test_odd_names_of_folders_and_pictures_are_kept(folder: str, tmp_path: Path) -> None:
    odd = os.fsdecode(b" b\xff .jpg")
    inside = tmp_path / folder / "sub "
    inside.mkdir(parents=True)
    Image.new("RGB", (20, 20)).save(inside / "c.jpg")
    (inside / "c.jpg").rename(inside / odd)
    for row in tasks(tmp_path / folder, into_folder=f"{tmp_path}/small "):
        finish(thumbnails(**row))
    assert [path.relative_to(tmp_path) for path in (tmp_path / "small ").rglob("*.jpg")] == [
        Path("small ", "sub ", odd)
    ]


def test_pictures_of_one_name_but_for_their_ending_are_all_saved(tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    folder.mkdir()
    for ending in ("jpg", "png", "bmp"):
        Image.new("RGB", (20, 20)).save(folder / f"a.{ending}")
    for row in tasks(folder, into_folder=str(tmp_path / "small")):
        finish(thumbnails(**row))
    assert sorted(path.name for path in (tmp_path / "small").iterdir()) == ["a (2).jpg", "a (3).jpg", "a.jpg"]


def test_a_name_is_taken_also_where_there_are_no_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*what: Any, **how: Any) -> None:
        raise PermissionError(1, "no links here")

    monkeypatch.setattr(os, "link", refuse)
    (tmp_path / "small").mkdir()
    (tmp_path / "small" / "a.jpg").write_bytes(b"mine")
    row = tasks(photos(tmp_path / "pictures"), into_folder=str(tmp_path / "small"))[0]
    finish(thumbnails(**row))
    assert sorted(path.name for path in (tmp_path / "small").iterdir()) == ["a (2).jpg", "a.jpg"]
    assert (tmp_path / "small" / "a.jpg").read_bytes() == b"mine"


def test_a_full_disk_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    row = tasks(photos(tmp_path / "pictures"), into_folder=str(tmp_path / "small"))[0]

    def full(part: str, path: str) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(thumbs, "move", full)
    wanted = r"^The thumbnail of a\.jpg cannot be written: the disk is full: make room there, or choose another disk\.$"
    with pytest.raises(FileProblem, match=wanted):
        finish(thumbnails(**row))
    assert not list((tmp_path / "small").iterdir())


def test_thumbnails_of_an_earlier_run_are_no_pictures(tmp_path: Path) -> None:
    folder = photos(tmp_path)
    into = str(folder / "small")
    before = [row["name"] for row in tasks(folder, into_folder=into)]
    finish(thumbnails(**tasks(folder, into_folder=into)[0]))
    assert [row["name"] for row in tasks(folder, into_folder=into)] == before


def test_unusable_folders_for_thumbnails_are_refused(tmp_path: Path) -> None:
    folder = photos(tmp_path)
    with pytest.raises(ValueError, match=r"^The thumbnails cannot go where the pictures are: choose another"):
        tasks(folder, into_folder=str(folder))
    for name, why in (("a.jpg", NO_FOLDER), ("a\0b", "embedded null byte")):
        with pytest.raises(BadInput, match=rf"^The thumbnails cannot go to .*a.*: {why}\. To go on, choose"):
            tasks(folder, into_folder=str(folder / name))
    assert thumbs.seconds(folder=str(folder)) > 0
    assert thumbs.seconds() == 0.0


def test_links_are_not_followed_out_of_the_folder(tmp_path: Path) -> None:
    folder = photos(tmp_path / "pictures")
    (folder / "a.jpg").unlink()
    (folder / "a.jpg").symlink_to(PICTURE)
    assert "a.jpg" not in [row["name"] for row in tasks(folder)]
    with pytest.raises(FileProblem, match=r"^a\.jpg is a link: it was not followed\.$"):
        finish(thumbnails(str(folder / "a.jpg"), "a.jpg", ""))
