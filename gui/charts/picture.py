"""Writes a chart's picture to a file. In the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QIODevice, QSaveFile
from PySide6.QtGui import QImageWriter

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtGui import QImage


def save_picture(image: QImage, path: Path) -> str:
    """Write a PNG; a reader sees the whole of it or what was there before. Returns why it failed, or nothing."""
    file = QSaveFile(str(path))
    writer = QImageWriter(file, QByteArray(b"PNG"))
    if file.open(QIODevice.OpenModeFlag.WriteOnly) and writer.write(image) and file.commit():
        return ""
    return f"{path.name} cannot be written: {file.errorString()}."
