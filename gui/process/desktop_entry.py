"""The entry in the desktop's menu: a file and icons where the freedesktop standards have a person's own. No Qt."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from workers.utils.atomic_file import part_file
from workers.utils.child import IS_INSTALLED, RESOURCES, ROOT
from workers.utils.errors import BadInput
from workers.utils.folder_files import home, tilde

NAME = "thaw"
"""Of the entry and of its icons. A window that says so is shown with them."""

ICONS = RESOURCES / "icons"
ENTRY = """\
[Desktop Entry]
Type=Application
Version=1.0
Name=Thaw
GenericName=Lab for responsive threading
Comment=See why a window freezes, and where work should run
Exec={command}
Icon=thaw
Categories=Development;
Keywords=python;threads;GIL;freeze;benchmark;
StartupWMClass=thaw
"""


def install() -> str:
    """Write the entry and its icons, in place of older ones; returns a sentence.

    Raises:
        BadInput: this system has no such entries, or they cannot be written.
    """
    entry, icons = _places()
    try:
        for path, source in icons.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, path)
        entry.parent.mkdir(parents=True, exist_ok=True)
        with part_file(entry) as file:  # last: what it names is there
            file.write(ENTRY.format(command=_exec_line(_command())).encode())
    except OSError as error:
        raise BadInput(f"The desktop entry cannot be written: {error}.") from error
    return f"Thaw is now in the desktop's menu: {tilde(str(entry))}."


def remove() -> str:
    """Take away what `install` has written; returns a sentence.

    Raises:
        BadInput: this system has no such entries, or they cannot be removed.
    """
    entry, icons = _places()
    there = [path for path in (entry, *icons) if os.path.lexists(path)]
    try:
        for path in there:
            path.unlink()
    except OSError as error:
        raise BadInput(f"The desktop entry cannot be removed: {error}.") from error
    return "Thaw is no longer in the desktop's menu." if there else "There was no desktop entry of Thaw."


def _places() -> tuple[Path, dict[Path, Path]]:
    """Where the entry stands, and where each icon does, with the file that it is a copy of."""
    if sys.platform in {"win32", "darwin"}:
        raise BadInput("Desktop entries are for Linux and its like: here, pin Thaw's window once it is open.")
    data = Path(os.environ.get("XDG_DATA_HOME") or home() / ".local" / "share")
    folder = data / "icons" / "hicolor"
    icons = {folder / "scalable" / "apps" / f"{NAME}.svg": ICONS / "thaw.svg"}
    for source in ICONS.glob("thaw-*.png"):
        side = source.stem.rpartition("-")[2]
        icons[folder / f"{side}x{side}" / "apps" / f"{NAME}.png"] = source
    return data / "applications" / f"{NAME}.desktop", icons


def _command() -> list[str]:
    """What the desktop is to start: by its whole path, for it may not know the folders that a terminal looks in."""
    if not IS_INSTALLED:
        return [str(ROOT / "scripts" / "run")]
    started = os.path.abspath(sys.argv[0])  # a link stays one: an upgrade may move what it leads to
    return [started] if os.access(started, os.X_OK) else [sys.executable, "-m", "thaw_lab"]


def _exec_line(words: list[str]) -> str:
    """The words as the value of a key Exec."""
    quoted = []
    for word in words:
        for letter in '\\"`$':
            word = word.replace(letter, f"\\{letter}")
        quoted.append(f'"{word}"')
    return " ".join(quoted).replace("\\", "\\\\").replace("%", "%%")
