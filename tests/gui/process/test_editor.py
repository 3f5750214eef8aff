"""A line is opened in the editor that a person has set, in its own words, and every failure is a sentence."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QDesktopServices

from gui.process.editor import EditorProblem, editor_command, open_line
from workers.utils.errors import ThawError

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtCore import QUrl
    from pytestqt.qtbot import QtBot

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="editors here are shell scripts")

PROGRAMS = "code subl pycharm gvim vim nano emacs emacsclient kate gedit leafpad notepad++ editor"


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """A folder of editors, each of which writes its arguments into a file, one a line."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in PROGRAMS.split():
        add(folder, name)
    return folder


def add(folder: Path, name: str) -> None:
    program = folder / name
    program.write_text(
        f"#!/bin/sh\nprintf '%s\\n' \"$@\" > {folder}/told.part\n/bin/mv {folder}/told.part {folder}/told\n"
    )
    program.chmod(0o755)


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    file = tmp_path / "my work" / "mine.py"
    file.parent.mkdir()
    file.write_text("pass\n")
    return file


@pytest.mark.parametrize(
    ("editor", "rest"),
    [
        ("code", "-g|FILE:12"),
        ("code --wait", "--wait|-g|FILE:12"),
        ("subl -n", "-n|FILE:12"),
        ("pycharm", "--line|12|FILE"),
        ("gvim", "+12|FILE"),
        ("emacs", "+12|FILE"),
        ("emacsclient -c -a ''", "-c|-a||+12|FILE"),
        ("kate", "-l|12|FILE"),
        ("gedit", "+12|FILE"),
        ("notepad++", "-n12|FILE"),
        ("leafpad", "FILE"),
    ],
)
def test_editors_with_a_window_are_told_the_line_in_their_own_words(
    programs: Path, mine: Path, editor: str, rest: str
) -> None:
    command = editor_command(mine, 12, {"VISUAL": editor, "PATH": str(programs)})
    name = editor.partition(" ")[0]
    assert command == [str(programs / name), *rest.replace("FILE", str(mine)).split("|")]


def test_visual_comes_before_editor_and_an_empty_one_counts_for_nothing(programs: Path, mine: Path) -> None:
    both = {"VISUAL": "subl", "EDITOR": "code", "PATH": str(programs)}
    assert editor_command(mine, 1, both)[0] == str(programs / "subl")
    assert editor_command(mine, 1, {**both, "VISUAL": " "})[0] == str(programs / "code")


def test_a_path_to_an_editor_is_known_by_its_last_part(programs: Path, mine: Path) -> None:
    assert editor_command(mine, 3, {"EDITOR": f"{programs}/code", "PATH": ""})[1:] == ["-g", f"{mine}:3"]


@pytest.mark.parametrize("editor", ["vim", "nano", "emacs -nw", "emacsclient -t", "editor"])
def test_an_editor_without_a_window_is_started_in_a_terminal(programs: Path, mine: Path, editor: str) -> None:
    environment = {"EDITOR": editor, "PATH": str(programs)}
    with pytest.raises(
        EditorProblem, match=r"needs a terminal, and none was found: set VISUAL to an editor with"
    ):
        editor_command(mine, 12, environment)
    add(programs, "xterm")
    add(programs, "gnome-terminal")
    name, *options = editor.split()
    place = [str(mine)] if editor == "editor" else ["+12", str(mine)]
    assert editor_command(mine, 12, environment) == [
        *(str(programs / "gnome-terminal"), "--", str(programs / name), *options, *place)
    ]


def test_an_editor_that_is_not_there_is_told_and_so_is_a_quote_that_is_open(programs: Path, mine: Path) -> None:
    with pytest.raises(
        EditorProblem, match=r"EDITOR names ed-it, which is not installed: set it to your editor\."
    ):
        editor_command(mine, 1, {"EDITOR": "ed-it", "PATH": str(programs)})
    with pytest.raises(EditorProblem, match=r"VISUAL is no command, for a quote in it is not closed: code 'x"):
        editor_command(mine, 1, {"VISUAL": "code 'x", "PATH": str(programs)})


@pytest.mark.parametrize(
    ("platform", "command"), [("linux", []), ("darwin", ["open", "-t", "FILE"]), ("win32", ["notepad", "FILE"])]
)
def test_no_desktop_is_asked_that_would_run_the_file(
    mine: Path, monkeypatch: pytest.MonkeyPatch, platform: str, command: list[str]
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    assert editor_command(mine, 1, {}) == [part.replace("FILE", str(mine)) for part in command]


def test_the_editor_is_started_and_nobody_waits_for_it(programs: Path, mine: Path, qtbot: QtBot) -> None:
    open_line(str(mine), 12, {"VISUAL": "code", "PATH": str(programs)})
    told = programs / "told"
    qtbot.waitUntil(told.exists)
    assert told.read_text().splitlines() == ["-g", f"{mine}:12"]


def test_a_relative_file_lies_in_the_current_folder(
    programs: Path, mine: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(mine.parent)
    open_line("mine.py", 2, {"VISUAL": "subl", "PATH": str(programs)})
    qtbot.waitUntil((programs / "told").exists)
    assert (programs / "told").read_text() == f"{mine}:2\n"


def test_an_editor_that_cannot_be_started_is_told(programs: Path, mine: Path) -> None:
    (programs / "code").write_text("#!/no/such/shell\n")
    with pytest.raises(EditorProblem, match=r"code cannot be started \(.+\): set VISUAL to your editor\."):
        open_line(str(mine), 12, {"VISUAL": "code", "PATH": str(programs)})


def test_without_an_editor_the_desktop_opens_sources_and_nothing_else(
    mine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    opened: list[str] = []
    works = True

    def open_url(url: QUrl) -> bool:
        opened.append(url.toLocalFile())
        return works

    monkeypatch.setattr(QDesktopServices, "openUrl", open_url)
    open_line(str(mine), 12, {})
    assert opened == [str(mine)]
    works = False
    odd = mine.with_suffix(".desktop")
    odd.touch()
    for file in (mine, odd):
        with pytest.raises(EditorProblem, match=f"no editor for {file.name}: set VISUAL to yours"):
            open_line(str(file), 12, {})
    assert opened == [str(mine)] * 2


@pytest.mark.parametrize("file", ["/no/such/file.py", "<string>", "."])
def test_what_is_no_file_is_told(file: str) -> None:
    with pytest.raises(ThawError, match="is not there, so it cannot be opened"):
        open_line(file, 1, {"VISUAL": "code"})
