"""Asks where a file is to be saved, and remembers folders. In the GUI thread."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog

from workers.utils.folder_files import home

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from gui.process.preferences import Preferences

KEPT = "folder"


def last_folder(preferences: Preferences, key: str = KEPT) -> str:
    """The folder that a person last took a file from or put one into, where it is still there; else the home."""
    kept = preferences.read(key)
    return kept if kept and Path(kept).is_dir() else str(home())


def remember_folder(preferences: Preferences, file: Path, key: str = KEPT) -> None:
    """Begin where this file is the next time."""
    preferences.write(key, str(file.parent))


def ask_path(parent: QWidget, title: str, first: Path, kind: str, suffix: str) -> Path | None:
    """Ask for a file to write.

    Args:
        parent: the dialog's.
        title: the dialog's.
        first: what the file is called at first.
        kind: what the dialog calls such files: "Picture (*.png)".
        suffix: how the file's name ends; it is added where a person left it out.

    Returns:
        The file; None where the person thought better of it.
    """
    chosen, _ = QFileDialog.getSaveFileName(parent, title, str(first), kind)
    if not chosen:
        return None
    path = Path(chosen)
    return path if path.name.lower().endswith(suffix.lower()) else path.with_name(path.name + suffix)


def ask_file(
    parent: QWidget, preferences: Preferences, title: str, name: str, kind: str, suffix: str
) -> Path | None:
    """The same in the folder that was used last, which is remembered; `name` is what the file is called at first."""
    path = ask_path(parent, title, Path(last_folder(preferences), name), kind, suffix)
    if path is not None:
        remember_folder(preferences, path)
    return path
