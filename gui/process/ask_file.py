"""Asks where a file is to be saved, first in the folder that was used last. In the GUI thread."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog

from workers.utils.folder_files import home

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from gui.process.preferences import Preferences

KEPT = "folder"


def last_folder(preferences: Preferences) -> str:
    """The folder that a person last took a file from or put one into, where it is still there; else the home."""
    kept = preferences.read(KEPT)
    return kept if kept and Path(kept).is_dir() else str(home())


def remember_folder(preferences: Preferences, file: Path) -> None:
    """Begin where this file is the next time."""
    preferences.write(KEPT, str(file.parent))


def ask_file(
    parent: QWidget, preferences: Preferences, title: str, name: str, kind: str, suffix: str
) -> Path | None:
    """Ask for a file to write.

    Args:
        parent: the dialog's.
        preferences: remembers the folder.
        title: the dialog's.
        name: what the file is called at first.
        kind: what the dialog calls such files: "Picture (*.png)".
        suffix: how the file's name ends; it is added where a person left it out.

    Returns:
        The file; None where the person thought better of it.
    """
    chosen, _ = QFileDialog.getSaveFileName(parent, title, str(Path(last_folder(preferences), name)), kind)
    if not chosen:
        return None
    path = Path(chosen)
    if not path.name.lower().endswith(suffix.lower()):
        path = path.with_name(path.name + suffix)
    remember_folder(preferences, path)
    return path
