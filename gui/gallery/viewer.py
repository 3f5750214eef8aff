"""One picture of the gallery as large as its window, to be saved and copied, and then the next. In the GUI thread."""

from __future__ import annotations

import shutil
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QImage, QImageReader, QKeySequence, QPainter, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from gui.charts.picture import ask_and_save, ask_picture_path
from gui.widgets.fields import describe
from gui.widgets.panels import fill, pile
from workers.utils.atomic_file import part_file, why_not_written

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QPaintEvent

    from gui.controllers.background import Asker
    from workers.utils.picture import Picture

SIZE = QSize(960, 720)
MAX_SIZE = QSize(3840, 2160)
"""Larger ones are read smaller: a JPEG is decoded in a fraction of the time then."""


def image_of(picture: Picture) -> QImage:
    """The thumbnail's pixels. They point into the picture's bytes, which must stay."""
    line = 4 * picture.width
    return QImage(picture.pixels, picture.width, picture.height, line, QImage.Format.Format_RGB32)


def large(picture: Picture) -> QImage:
    """The file that a picture is a thumbnail of; where that is gone or was none, the thumbnail."""
    if not picture.path:
        return image_of(picture).copy()
    reader = QImageReader(picture.path)
    reader.setAutoTransform(True)
    size = reader.size()
    if size.width() > MAX_SIZE.width() or size.height() > MAX_SIZE.height():
        reader.setScaledSize(size.scaled(MAX_SIZE, Qt.AspectRatioMode.KeepAspectRatio))
    image = reader.read()
    return image_of(picture).copy() if image.isNull() else image


def copy(picture: Picture, image: QImage | None = None) -> str:
    """Put a picture on the clipboard, of which `image` may be decoded already; returns what to say of it."""
    QGuiApplication.clipboard().setImage(large(picture) if image is None else image)
    return f"Copied {picture.name}."


def save(parent: QWidget, picture: Picture, say: Callable[[str], object]) -> None:
    """Ask where a picture is to be saved, and save it there: its file as it is, or else its pixels as a PNG."""
    source, stem = Path(picture.path), Path(picture.name).stem or "picture"
    if not picture.path or not source.is_file():
        ask_and_save(parent, partial(image_of, picture), stem, say)
        return
    path = ask_picture_path(parent, f"{stem}{source.suffix}")
    if path is None:
        return
    try:
        with source.open("rb") as original, part_file(path) as file:
            shutil.copyfileobj(original, file)
    except OSError as error:
        say(why_not_written(path, error))
    else:
        say(f"Saved {path}.")


class _Canvas(QWidget):
    """Paints an image as large as fits, and not larger than it is twice."""

    def __init__(self) -> None:
        super().__init__()
        self.image = QImage()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.image.isNull():
            return
        room, own = self.size(), self.image.size()
        size = own.scaled(room, Qt.AspectRatioMode.KeepAspectRatio).boundedTo(own * 2)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.translate((room.width() - size.width()) // 2, (room.height() - size.height()) // 2)
            painter.scale(size.width() / own.width(), size.height() / own.height())
            painter.drawImage(0, 0, self.image)


class PictureViewer(QDialog):
    """Goes on by the arrow keys, and closes by Escape.

    Attributes:
        at: which of the pictures is shown.

    Signals:
        said: what was done, in a sentence.
    """

    said = Signal(str)

    def __init__(self, parent: QWidget, reader: Asker, pictures: Sequence[Picture], at: int) -> None:
        """Make it; `reader` decodes large pictures, and outlives it."""
        super().__init__(parent)
        self._pictures, self.at = pictures, at
        self._is_whole = False
        self._reader = reader
        self._reader.answered.connect(self._take)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(SIZE.boundedTo(parent.window().size()))
        self.canvas, self._where = _Canvas(), QLabel()
        bar = fill(QHBoxLayout(), self._where, None, margins=(12, 6, 12, 10), spacing=8)
        for title, tip, slot in (
            ("Previous", "The picture before (Left)", partial(self.turn, -1)),
            ("Next", "The picture after (Right)", partial(self.turn, 1)),
            ("Copy", "Copy the picture (Ctrl+C)", self.copy),
            ("Save…", "Save the picture (Ctrl+S)", self.save),
            ("Close", "Back to the gallery (Escape)", self.close),
        ):
            button = describe(QPushButton(title, autoDefault=False), title.removesuffix("…"), tip)
            button.clicked.connect(slot)
            bar.addWidget(button)
        pile(self, (self.canvas, 1), bar)
        for key, slot in (
            ("Left", partial(self.turn, -1)),
            ("Right", partial(self.turn, 1)),
            ("Ctrl+C", self.copy),
            ("Ctrl+S", self.save),
        ):
            QShortcut(QKeySequence(key), self).activated.connect(slot)
        self.turn(0)

    def turn(self, by: int, checked: bool = False) -> None:
        """Show the picture so many places on, where there is one."""
        self.at = min(max(self.at + by, 0), len(self._pictures) - 1)
        picture = self._pictures[self.at]
        self.canvas.setAccessibleName(picture.name)
        self.setWindowTitle(picture.name)
        self._show(image_of(picture).copy(), is_whole=not picture.path)
        # A photograph takes a quarter of a second, for which its thumbnail stands.
        if picture.path:
            self._reader.ask(partial(large, picture))
        else:
            self._reader.forget()

    @Slot(object)
    def _take(self, image: QImage | Exception) -> None:
        if isinstance(image, QImage):  # else its thumbnail stays
            self._show(image, is_whole=True)

    def _show(self, image: QImage, is_whole: bool) -> None:
        self.canvas.image, self._is_whole = image, is_whole
        self.canvas.update()
        size = f", {image.width():,} × {image.height():,}" if is_whole else ""
        place = f"{self.at + 1:,} of {len(self._pictures):,}"
        self._where.setText(f"{self._pictures[self.at].name}{size}: {place}")

    @Slot()
    def copy(self) -> None:
        self.said.emit(copy(self._pictures[self.at], self.canvas.image if self._is_whole else None))

    @Slot()
    def save(self) -> None:
        save(self, self._pictures[self.at], self.said.emit)
