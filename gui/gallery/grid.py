"""Paints many small pictures as a grid that grows at its end: one widget, and only cells that can be seen."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Slot
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractScrollArea, QFrame

from gui.gallery.viewer import image_of
from workers.utils.formatting import plural

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtGui import (
        QImage,
        QPaintEvent,
        QResizeEvent,
        QWheelEvent,
    )
    from PySide6.QtWidgets import QWidget

    from gui.theme.theme import Theme
    from workers.utils.picture import Picture

KEPT = 200
"""Older pictures are forgotten: 200 thumbnails are 15 MB."""

CELL_WIDTH, CELL_HEIGHT = 160, 120
"""Of a picture at most, in pixels."""

SMALLEST = 0.6
"""So much smaller it may be, where one more row fits whole then."""

GAP = 12
_CENTRED = int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)


class GridPicture:
    """A picture with the image around its bytes and its shortened name, both made when it is first painted."""

    __slots__ = ("image", "label", "picture")

    def __init__(self, picture: Picture) -> None:
        self.picture = picture  # keeps the bytes alive that the image points into
        self.image: QImage | None = None
        self.label = ""


class PictureGrid(QAbstractScrollArea):
    """The newest pictures, the last one at the end of the last row, which stays in view unless somebody scrolls back.

    It scrolls by whole rows. A picture's place comes from its serial number, so the rest stays where it is when the
    oldest are forgotten.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._thumbnails: deque[GridPicture] = deque(maxlen=KEPT)
        self._cell = QSize(CELL_WIDTH, CELL_HEIGHT)
        self._columns, self._column_width, self._row_height = 1, CELL_WIDTH + GAP, CELL_HEIGHT + GAP
        self._top = 0  # of the view, in pixels below the top of row 0, whether that is still kept or not
        self._view_height = self._view_width = 0
        self.is_following, self._placing = True, False
        self._drawn = self._turned = 0
        self.total = 0
        self.setFrameShape(QFrame.Shape.NoFrame)
        # Always there: a bar that comes and goes changes the number of columns, and with it every cell.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Pictures")
        theme.changed.connect(self.restyle)
        self.restyle()

    @property
    def has_any(self) -> bool:
        return self.total > 0

    @property
    def caption(self) -> str:
        kept = f", the newest {KEPT} are kept" if self.total > KEPT else ""
        return f"{plural(self.total, 'picture')}{kept}"

    def clear(self) -> None:
        self._thumbnails.clear()
        self.total = self._drawn = self._top = 0
        self.is_following = True
        self._place()
        self.viewport().update()

    def append(self, pictures: Iterable[Picture]) -> None:
        """Take pictures in at the end; they are painted with the next `show_new`. Makes no Qt call."""
        for picture in pictures:
            self._thumbnails.append(GridPicture(picture))
            self.total += 1

    def show_new(self) -> None:
        """Scroll to what was appended, unless somebody scrolled back, and have just the new cells painted."""
        before = self._top
        self._place()
        moved = before - self._top
        if abs(moved) >= self._view_height:
            self.viewport().update()
        else:
            if moved:
                self.viewport().scroll(0, moved)  # the pixels that stay are copied, not painted again
            first, last = self._drawn // self._columns, (self.total - 1) // self._columns
            top = GAP + first * self._row_height - self._top
            self.viewport().update(0, top, self._view_width, (last - first + 1) * self._row_height)
        self._drawn = self.total

    def _place(self) -> None:
        """Set the scroll bar to the rows that are kept, and find out where the view begins."""
        first_row = (self.total - len(self._thumbnails)) // self._columns
        rows = -(-self.total // self._columns) - first_row
        highest = max(0, rows - self.whole_rows)
        value = (
            highest if self.is_following else min(highest, max(0, self._top // self._row_height - first_row))
        )
        bar = self.verticalScrollBar()
        self._placing = True
        bar.setRange(0, highest)
        bar.setValue(value)
        self._placing = False
        self._top = (value + first_row) * self._row_height

    @property
    def whole_rows(self) -> int:
        """How many rows can be seen whole at a time."""
        return max(1, (self._view_height - GAP) // self._row_height)

    @Slot()
    def restyle(self) -> None:
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        size = self.viewport().size()
        self._view_width, self._view_height = size.width(), size.height()
        self._arrange()

    def _arrange(self) -> None:
        """Find the size of a cell with which whole rows fit best, and the number of columns; spare width is shared."""
        below = self.fontMetrics().height() + 6 + GAP
        room = self._view_height - GAP
        rows = max(1, -(-room // (CELL_HEIGHT + below)))
        height = min(CELL_HEIGHT, room // rows - below)
        if height < SMALLEST * CELL_HEIGHT:
            height = CELL_HEIGHT
        self._cell = QSize(CELL_WIDTH * height // CELL_HEIGHT, height)
        self._row_height = height + below
        wide = self._cell.width() + GAP
        self._columns = max(1, (self._view_width - GAP) // wide)
        self._column_width = max(wide, (self._view_width - GAP) // self._columns)
        for thumbnail in self._thumbnails:
            thumbnail.label = ""
        self.verticalScrollBar().setPageStep(self.whole_rows)
        self._place()
        self.viewport().update()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Move what is painted; somebody who scrolls back is left in peace until they return to the end."""
        if not self._placing:
            bar = self.verticalScrollBar()
            self.is_following = bar.value() >= bar.maximum()
            self._top -= dy * self._row_height
            self.viewport().update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """A row for each notch: Qt would go on by three."""
        self._turned += event.angleDelta().y()
        notches = int(self._turned / 120)  # a touchpad turns by a few degrees, either way
        self._turned -= 120 * notches
        self.verticalScrollBar().setValue(self.verticalScrollBar().value() - notches)
        event.accept()

    # ---------------------------------------------------------------- one of them

    def at(self, place: QPoint) -> int | None:
        """The serial number of the picture at a place of the viewport; None where there is none."""
        row = (place.y() + self._top - GAP) // self._row_height
        column = (place.x() - GAP) // self._column_width
        serial = row * self._columns + column
        known = self.first_kept <= serial < self.total and 0 <= column < self._columns
        return serial if known and self.cell(serial).contains(place) else None

    @property
    def first_kept(self) -> int:
        """The serial number of the oldest that is kept."""
        return self.total - len(self._thumbnails)

    def picture(self, serial: int) -> Picture:
        return self._thumbnails[serial - self.first_kept].picture

    def cell(self, serial: int) -> QRect:
        """Where the picture with this serial number, counted from 0, lies in the viewport now."""
        row, column = divmod(serial, self._columns)
        x = GAP + column * self._column_width + (self._column_width - GAP - self._cell.width()) // 2
        return QRect(x, GAP + row * self._row_height - self._top, self._cell.width(), self._row_height - GAP)

    def paintEvent(self, event: QPaintEvent) -> None:
        area = event.rect()
        first_kept = self.total - len(self._thumbnails)
        first_row = max(0, (area.top() + self._top - GAP) // self._row_height)
        last_row = (area.bottom() + self._top - GAP) // self._row_height
        first = max(first_kept, first_row * self._columns)
        last = min(self.total, (last_row + 1) * self._columns)
        if last <= first:
            return
        metrics = self.fontMetrics()
        with QPainter(self.viewport()) as painter:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.setPen(self._theme.color("muted"))
            wide, high = self._cell.width(), self._cell.height()
            spare = (self._column_width - GAP - wide) // 2
            for serial in range(first, last):
                thumbnail = self._thumbnails[serial - first_kept]
                picture = thumbnail.picture
                if thumbnail.image is None:
                    thumbnail.image = image_of(picture)
                if not thumbnail.label:
                    thumbnail.label = (
                        metrics.elidedText(picture.name, Qt.TextElideMode.ElideMiddle, wide) or " "
                    )
                row, column = divmod(serial, self._columns)
                x = GAP + column * self._column_width + spare
                y = GAP + row * self._row_height - self._top
                fit = min(1.0, wide / picture.width, high / picture.height)
                across, down = max(1, round(picture.width * fit)), max(1, round(picture.height * fit))
                place = QRect(x + (wide - across) // 2, y + (high - down) // 2, across, down)
                painter.drawImage(place, thumbnail.image)
                painter.drawText(x, y + high + 4, wide, self._row_height, _CENTRED, thumbnail.label)
