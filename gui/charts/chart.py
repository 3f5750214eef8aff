"""What every chart that paints itself has in common: its picture, and its frame for the keyboard. In the GUI thread.

The context menu of a graph: copy it as a picture, or save it as one. In the GUI thread.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QIODevice, QRectF, QSaveFile, QStandardPaths, Qt
from PySide6.QtGui import QAction, QGuiApplication, QImage, QImageWriter, QPainter, QPen
from PySide6.QtWidgets import QFileDialog, QMessageBox

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QSize
    from PySide6.QtWidgets import QWidget

    from gui.theme.theme import Theme

    Paint = Callable[[QPainter, QRectF], None]


def chart_image(size: QSize, paint: Paint) -> QImage:
    """A picture of `size` pixels; `paint` paints all of it."""
    picture = QImage(size, QImage.Format.Format_RGB32)
    painter = QPainter(picture)
    paint(painter, QRectF(picture.rect()))
    painter.end()
    return picture


def paint_chart(chart: QWidget, theme: Theme, paint: Paint) -> None:
    """Paint a chart, which calls this in its paintEvent, with a frame where the keyboard is there."""
    painter = QPainter(chart)
    paint(painter, QRectF(chart.rect()))
    if chart.hasFocus():
        painter.setPen(QPen(theme.color("accent"), 0))
        painter.drawRect(chart.rect().adjusted(0, 0, -1, -1))
    painter.end()


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
