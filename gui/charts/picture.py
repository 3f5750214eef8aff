"""A chart's picture: the context menu that copies or saves it, and how it is written. In the GUI thread."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QStandardPaths, Qt
from PySide6.QtGui import QAction, QGuiApplication, QImageWriter
from PySide6.QtWidgets import QMessageBox

from gui.process.ask_file import ask_path
from workers.utils.atomic_file import part_file

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QImage
    from PySide6.QtWidgets import QWidget

    Say = Callable[[str], object]


def add_picture_actions(
    chart: QWidget, image: Callable[[], QImage], file: str, say: Say | None = None
) -> tuple[QAction, QAction]:
    """Give a chart a context menu whose first lines copy its `image` and save it; returns these.

    Args:
        chart: or whatever else shows a picture.
        image: makes it.
        file: what it is called at first, and ".png".
        say: is told what was done, in a sentence; without it a box says why something was not.
    """
    actions = QAction("Copy picture", chart), QAction("Save picture…", chart)
    actions[0].triggered.connect(partial(copy_picture, image, say))
    actions[1].triggered.connect(partial(ask_and_save, chart, image, file, say))
    chart.addActions(actions)
    chart.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
    return actions


def copy_picture(image: Callable[[], QImage], say: Say | None = None, checked: bool = False) -> None:
    """Put a picture on the clipboard; `checked` is what a signal of an action says."""
    QGuiApplication.clipboard().setImage(image())
    if say is not None:
        say("Copied the picture.")


def ask_and_save(
    parent: QWidget, image: Callable[[], QImage], file: str, say: Say | None = None, checked: bool = False
) -> None:
    """Ask where a picture is to be saved, and save it there as a PNG; see `add_picture_actions`."""
    path = ask_picture_path(parent, f"{file}.png")
    if path is None:
        return
    why = save_picture(image(), path)
    if say is not None:
        say(why or f"Saved {path}.")
    elif why:
        QMessageBox.warning(parent, "Save picture", why)


def ask_picture_path(parent: QWidget, name: str) -> Path | None:
    """Ask where a picture is to be saved that is called so at first; None where a person thought better of it."""
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
    suffix = Path(name).suffix
    return ask_path(parent, "Save picture", Path(folder, name), f"Picture (*{suffix})", suffix)


def save_picture(image: QImage, path: Path, kind: str = "PNG") -> str:
    """Write a picture; a reader sees the whole of it or what was there before. Returns why it failed, or nothing."""
    made = QBuffer()
    writer = QImageWriter(made, QByteArray(kind.encode()))
    if not writer.write(image):
        return f"{path.name} cannot be written: {writer.errorString()}."
    try:
        with part_file(path) as file:
            file.write(made.data().data())
    except OSError as error:
        return f"{path.name} cannot be written: {error.strerror or error}."
    return ""
