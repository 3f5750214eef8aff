"""Opens a line of a file in the person's editor, and never waits for it. In the GUI thread.

$VISUAL and then $EDITOR say which; without them the desktop does, and opens the file at its begin.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QProcess, QUrl
from PySide6.QtGui import QDesktopServices

from workers.utils.errors import ThawError
from workers.utils.words import split_words

if TYPE_CHECKING:
    from collections.abc import Mapping

AT_COLON = ("{file}:{line}",)
PLUS = ("+{line}", "{file}")
ONLY_FILE = ("{file}",)
SYNTAX = {
    ("-g", *AT_COLON): "code code-insiders code-oss codium vscodium cursor windsurf positron",
    AT_COLON: "subl sublime_text zed zeditor qtcreator hx helix",
    ("--line", "{line}", "{file}"): "pycharm pycharm-community pycharm-professional charm idea clion",
    ("-l", "{line}", "{file}"): "kate kwrite mate mousepad",
    PLUS: "gvim mvim vim vi view nvim emacs emacsclient gedit pluma xed geany nano pico micro joe ne kak mcedit",
    ("-n{line}", "{file}"): "notepad++",
}
"""How an editor is told the line -> the editors that are told so. Any other one opens the file at its begin."""

IN_TERMINAL = frozenset(
    "vim vi view nvim nano pico micro joe ne kak mcedit hx helix ed editor sensible-editor".split()
)
"""Editors without a window; emacs may be one of them too."""

NO_WINDOW = frozenset({"-nw", "--no-window-system", "-t", "-tty", "--tty"})
"""What tells emacs and emacsclient to stay in the terminal."""

TERMINALS = (
    ("x-terminal-emulator", "-e"),
    ("gnome-terminal", "--"),
    ("konsole", "-e"),
    ("xfce4-terminal", "-x"),
    ("kitty", "--"),
    ("alacritty", "-e"),
    ("foot", "--"),
    ("xterm", "-e"),
)
"""Terminals, and what stands before the command that they are to run."""

SOURCES = frozenset({".py", ".pyi", ".pyw", ".pyx"})
"""Only these are handed to the desktop, which might run what it does not take for a text."""


class EditorProblem(ThawError):
    """A line cannot be opened; the message is a sentence that says what to do."""


def open_line(file: str, line: int, environment: Mapping[str, str] | None = None) -> None:
    """Open a file at a line, counted from 1.

    Args:
        file: its path; a relative one is looked for in the current folder.
        line: the number of the line.
        environment: names the editor; None for the program's own.

    Raises:
        EditorProblem: there is no such file, or no editor that could be started.
    """
    path = Path(file).absolute()
    if not path.is_file():
        raise EditorProblem(f"{file} is not there, so it cannot be opened.")
    command = editor_command(path, line, os.environ if environment is None else environment)
    if command:
        process = QProcess()
        process.setProgram(command[0])
        process.setArguments(command[1:])
        process.setStandardInputFile(QProcess.nullDevice())
        process.setStandardOutputFile(QProcess.nullDevice())
        process.setStandardErrorFile(QProcess.nullDevice())
        started: object = process.startDetached()  # a bool, though PySide's types say that it is a pair
        if not started:
            raise EditorProblem(
                f"{command[0]} cannot be started ({process.errorString()}): set VISUAL to your editor."
            )
    elif path.suffix not in SOURCES or not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
        raise EditorProblem(
            f"This desktop has no editor for {path.name}: set VISUAL to yours, such as VISUAL=code."
        )


def try_open(file: str, line: int) -> str:
    """Open a line as `open_line` does; returns why it cannot be opened, or nothing."""
    try:
        open_line(file, line)
    except EditorProblem as problem:
        return str(problem)
    return ""


def editor_command(path: Path, line: int, environment: Mapping[str, str]) -> list[str]:
    """The command that opens a line; empty where it is for the desktop to open the file.

    Raises:
        EditorProblem: the editor that the environment names is not there, or needs a terminal and there is none.
    """
    name = next((name for name in ("VISUAL", "EDITOR") if environment.get(name, "").strip()), "")
    if not name:
        # These desktops would run a Python file instead of showing it.
        return {"darwin": ["open", "-t", str(path)], "win32": ["notepad", str(path)]}.get(sys.platform, [])
    words = _words(environment[name], name)
    program = shutil.which(words[0], path=environment.get("PATH"))
    if program is None:
        raise EditorProblem(f"{name} names {words[0]}, which is not installed: set it to your editor.")
    editor = Path(words[0]).name.lower().removesuffix(".exe").removesuffix(".cmd").removesuffix(".sh")
    parts = next((parts for parts, editors in SYNTAX.items() if editor in editors.split()), ONLY_FILE)
    command = [program, *words[1:], *(part.format(file=path, line=line) for part in parts)]
    if editor not in IN_TERMINAL and not (editor.startswith("emacs") and NO_WINDOW.intersection(words)):
        return command
    for terminal, before in TERMINALS:
        if found := shutil.which(terminal, path=environment.get("PATH")):
            return [found, before, *command]
    raise EditorProblem(
        f"{name} names {words[0]}, which needs a terminal, and none was found: set VISUAL to an editor with a window."
    )


def _words(command: str, name: str) -> list[str]:
    try:
        return split_words(command)
    except ValueError:
        raise EditorProblem(f"{name} is no command, for a quote in it is not closed: {command}") from None
