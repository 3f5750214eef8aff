"""The context menu of a graph: copy it as a picture, or save it as one. In the GUI thread."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QIODevice, QSaveFile, QStandardPaths, Qt
from PySide6.QtGui import QAction, QGuiApplication, QImageWriter
from PySide6.QtWidgets import QFileDialog, QMessageBox

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QImage
    from PySide6.QtWidgets import QWidget


def add_picture_menu(widget: QWidget, image: Callable[[], QImage], name: str) -> None:
    """Give a widget a context menu with two entries.

    Args:
        widget: it gets the menu; Shift+F10 opens it, where the widget has the keyboard.
        image: makes the picture.
        name: what a file of it is called at first, without ".png".
    """

    def copy() -> None:
        QGuiApplication.clipboard().setImage(image())

    def save() -> None:
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
        first = str(Path(folder) / f"{name}.png")
        chosen, _ = QFileDialog.getSaveFileName(widget, "Save picture", first, "Pictures (*.png)")
        if chosen:
            path = Path(chosen)
            why = save_picture(image(), path if path.suffix else path.with_suffix(".png"))
            if why:
                QMessageBox.warning(widget, "Save picture", why)

    for text, slot in (("Copy picture", copy), ("Save picture …", save)):
        action = QAction(text, widget)
        action.triggered.connect(slot)
        widget.addAction(action)
    widget.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)


def save_picture(image: QImage, path: Path) -> str:
    """Write a PNG; a reader sees the whole of it or what was there before. Returns why it failed, or nothing."""
    file = QSaveFile(str(path))
    if (
        file.open(QIODevice.OpenModeFlag.WriteOnly)
        and QImageWriter(file, QByteArray(b"PNG")).write(image)
        and file.commit()
    ):
        return ""
    return f"{path.name} cannot be written: {file.errorString()}."
