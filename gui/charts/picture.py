"""A chart's picture: the context menu that copies or saves it, and how it is written. In the GUI thread."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QIODevice, QSaveFile, QStandardPaths, Qt
from PySide6.QtGui import QAction, QGuiApplication, QImageWriter
from PySide6.QtWidgets import QFileDialog, QMessageBox

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QImage
    from PySide6.QtWidgets import QWidget


def add_picture_actions(chart: QWidget, image: Callable[[], QImage], file: str) -> None:
    """Give a chart a context menu whose first lines copy its `image` and save it, at first as `file` and ".png"."""
    for text, slot in (
        ("Copy picture", partial(copy_picture, image)),
        ("Save picture …", partial(_ask_and_save, chart, image, file)),
    ):
        action = QAction(text, chart)
        action.triggered.connect(slot)
        chart.addAction(action)
    chart.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)


def copy_picture(image: Callable[[], QImage], checked: bool = False) -> None:
    """Put a picture on the clipboard; `checked` is what a signal of an action says."""
    QGuiApplication.clipboard().setImage(image())


def _ask_and_save(chart: QWidget, image: Callable[[], QImage], file: str, checked: bool = False) -> None:
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
    first = str(Path(folder) / f"{file}.png")
    chosen, _ = QFileDialog.getSaveFileName(chart, "Save picture", first, "Pictures (*.png)")
    if chosen:
        path = Path(chosen)
        why = save_picture(image(), path if path.suffix else path.with_suffix(".png"))
        if why:
            QMessageBox.warning(chart, "Save picture", why)


def save_picture(image: QImage, path: Path) -> str:
    """Write a PNG; a reader sees the whole of it or what was there before. Returns why it failed, or nothing."""
    file = QSaveFile(str(path))
    writer = QImageWriter(file, QByteArray(b"PNG"))
    if file.open(QIODevice.OpenModeFlag.WriteOnly) and writer.write(image) and file.commit():
        return ""
    return f"{path.name} cannot be written: {file.errorString()}."
