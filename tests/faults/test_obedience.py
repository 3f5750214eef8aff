"""Nothing is run, followed or overwritten because a server said so: its names are names, its contents are files."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

import psutil
import pytest

from tests.support.download_session import FOUR, ONCE
from tests.support.misbehaving_server import closing, picture, response

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.support.download_session import House

JPEG = picture()
NAMES = (
    "../../outside.jpg",
    "/etc/outside.jpg",
    r"..\..\outside.jpg",
    r"C:\outside.jpg",
    "outside.jpg:stream",
    ".bashrc",
    "..",
    ".",
    "",
    "CON.jpg",
    "aux",
    "run me.desktop",
    "setup.exe",
    "x.jpg.lnk",
    "a\x00b.jpg",
    "\u202egpj.exe",
    "long" * 200 + ".jpg",
    "ä" * 200 + ".jpg",
    "-rf.jpg",
    "$(touch outside).jpg",
    "`touch outside`.jpg",
    "a|touch outside.jpg",
    "x.part",
)
SCRIPTS = {
    "starter.desktop": b"[Desktop Entry]\nType=Application\nExec=touch outside\n",
    "program.exe": b"MZ" + bytes(5000),
    "script.sh": b"#!/bin/sh\ntouch outside\n",
    "page.html": b"<script>alert(1)</script>",
    "drawing.svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "picture.ps": b"%!PS\n(outside) (w) file\n",
}


def tree(folder: Path, but: Path) -> dict[str, bytes]:
    """Every file under a folder with its contents, but for those in another one."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and but not in path.parents:
            found[str(path)] = path.read_bytes()
    return found


def is_of_the_pool(process: psutil.Process) -> bool:
    """Whether it is a process of the pool, or has ended meanwhile."""
    try:
        return "multiprocessing" in " ".join(process.cmdline())
    except psutil.NoSuchProcess:
        return True


@pytest.mark.parametrize("runner", FOUR)
def test_names_stay_in_the_folder_and_are_only_names(
    runner: str, house: Callable[[str], House], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    made = house(runner)
    answers = []
    for name in NAMES:
        header = f'attachment; filename="{name}"'.encode("utf-8", "surrogateescape").decode("latin-1")
        plain = response(JPEG, Content_Disposition=header.replace("\0", ""))
        answers.append(plain)
    urls = made.serve(*answers)
    quoted = [f"%{name.encode().hex('%')}" for name in NAMES if name.strip(".")]
    made.server.otherwise = response(JPEG)  # on its way an address is written in another form
    urls += [f"{made.server.url}/by-url/{name}" for name in quoted]
    children = set(psutil.Process().children(recursive=True))
    made.download(urls, workers=2, **ONCE)
    before = tree(tmp_path, made.folder)
    run = made.finish()
    assert run.recorder.done == len(urls), run.recorder.errors
    assert tree(tmp_path, made.folder) == before
    started = set(psutil.Process().children(recursive=True)) - children
    assert [one for one in started if not is_of_the_pool(one)] == []
    paths = list(made.folder.iterdir())
    assert len(paths) == len(urls)
    for path in paths:
        assert path.is_file()
        assert path.name.lower().endswith((".jpg", ".jpeg"))
        assert len(os.fsencode(path.name)) <= 255
        assert not path.name.startswith(".")
        assert not set(path.name) & set('<>:"/\\|?*\0')
        assert not path.stat().st_mode & (stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
        assert path.read_bytes() == JPEG


@pytest.mark.parametrize("runner", FOUR)
def test_what_lies_in_the_folder_stays_as_it_is_and_links_are_not_followed(
    runner: str, house: Callable[[str], House], tmp_path: Path
) -> None:
    made = house(runner)
    secret = tmp_path / "secret.jpg"
    secret.write_bytes(b"a person's own")
    made.folder.mkdir()
    mine = {
        made.folder / "0.jpg": "a file",
        made.folder / "1.jpg": "a link to a file",
        made.folder / "2.jpg.part": "a link to a file",
        made.folder / "3.jpg": "a link to nowhere",
        made.folder / "4.jpg.part": "a link to nowhere",
        made.folder / "5.jpg": "a folder",
    }
    for path, what in mine.items():
        if what == "a file":
            path.write_bytes(b"mine")
        elif what == "a folder":
            path.mkdir()
        else:
            path.symlink_to(secret if what == "a link to a file" else tmp_path / "made")
    made.download(made.serve(*[response(JPEG)] * 6), **ONCE)
    run = made.finish()
    assert secret.read_bytes() == b"a person's own"
    assert not (tmp_path / "made").exists(), "a link to nowhere was written through"
    assert (made.folder / "0.jpg").read_bytes() == b"mine"
    assert (made.folder / "1.jpg").is_symlink()
    assert (made.folder / "3.jpg").is_symlink()
    assert (made.folder / "5.jpg").is_dir()
    whole = [
        path for path in made.folder.iterdir() if path.is_file() and not path.is_symlink() and path not in mine
    ]
    assert all(path.read_bytes() == JPEG for path in whole)
    assert len(whole) == run.recorder.done
    assert run.recorder.done + run.recorder.failed == 6
    for index in range(6):
        assert made.error(index) == "" or made.error(index).endswith("."), made.error(index)


def test_programs_pages_and_other_addresses_bring_no_file(
    house: Callable[[str], House], tmp_path: Path
) -> None:
    made = house("thread_pool")
    (tmp_path / "page.jpg").write_bytes(JPEG)
    elsewhere = [
        f"file://{tmp_path}/page.jpg",
        f"file://localhost{tmp_path}/page.jpg",
        "ftp://127.0.0.1/page.jpg",
        "data:image/jpeg;base64,/9j/4AAQ",
        "javascript:alert(1)",
        "smb://127.0.0.1/share/page.jpg",
        "//",
        "http://",
    ]
    answers = [closing(response(b"", "302 Found", Location=location)) for location in elsewhere]
    answers += [closing(response(body, Content_Type="image/jpeg")) for body in SCRIPTS.values()]
    made.download(made.serve(*answers), **ONCE)
    run = made.finish()
    assert (run.recorder.done, run.recorder.failed) == (0, len(answers))
    for index in range(len(answers)):
        assert made.error(index).endswith("."), made.error(index)
    assert made.files == []
