"""Where the frames of a flame graph lie, their colours, and how they are painted. In the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from workers.monitors.guilt import Rank

if TYPE_CHECKING:
    from gui.theme.theme import Theme
    from workers.monitors.call_tree import CallTree, Frame

MIN_SHARE = 1 / 2000
"""A frame with less of the time that is shown is left out, and so is all that it called: it has no pixel of its own."""

FINEST = 1 / MIN_SHARE
"""At this width, in pixels, and at every greater one, all other frames have a box."""

LABEL_PX = 24
"""A narrower box has no room for a name."""

PAD = 4

KINDS = {
    Rank.WORK: ("warn", "The work"),
    Rank.MACHINERY: ("accent", "Thaw"),
    Rank.LIBRARY: ("muted", "Libraries"),
}
"""What a frame is -> its colour, and what the legend calls it."""

GUILTY = ("bad", "The guilty line")
ALL = "All samples"


class Box(NamedTuple):
    """A frame and where it lies: its left edge and its width in pixels, its row counted from the top."""

    frame: Frame
    left: float
    width: float
    row: int


def lay_out(top: Frame, width: float) -> list[list[Box]]:
    """Rows of boxes: the callers of the topmost frame, itself, and below each frame what it called, the longest first.

    Args:
        top: the frame that has the whole width.
        width: of that, in pixels.
    """
    rows = [[Box(frame, 0.0, width, row)] for row, frame in enumerate((*top.callers, top))]
    least = max(1.0, width * MIN_SHARE)
    per_second = width / top.seconds if top.seconds else 0.0
    while rows[-1]:
        below = []
        for box in rows[-1]:
            left = box.left
            for frame in sorted(box.frame.children.values(), key=lambda frame: -frame.seconds):
                wide = frame.seconds * per_second
                if wide < least:
                    break
                below.append(Box(frame, left, wide, len(rows)))
                left += wide
        rows.append(below)
    return rows[:-1]


def fitted(rows: list[list[Box]], width: float) -> list[list[Box]]:
    """Rows that were laid out `FINEST` wide, at another width: what has no pixel there is left out again."""
    factor = width / FINEST
    least = max(1.0, 1.0 / factor)
    scaled = (
        [Box(box.frame, box.left * factor, box.width * factor, box.row) for box in row if box.width >= least]
        for row in rows
    )
    return [row for row in scaled if row]


class Flames(QGraphicsItem):
    """Paints the boxes of a call tree.

    Attributes:
        rows: the boxes, from the top.
    """

    def __init__(
        self,
        tree: CallTree,
        rows: list[list[Box]],
        top: Frame,
        guilty: Frame | None,
        theme: Theme,
        font: QFont,
        size: tuple[float, int],
    ) -> None:
        """Make it.

        Args:
            tree: the samples.
            rows: the boxes as they are laid out `FINEST` wide.
            top: the frame that has the whole width.
            guilty: the frame that is to blame; None for none.
            theme: the colours.
            font: of the names.
            size: the whole width, and the height of a row, in pixels.
        """
        super().__init__()
        self._tree, self._guilty, self._theme, self._row_height = tree, guilty, theme, size[1]
        self.rows = fitted(rows, size[0])
        self._chosen: Box | None = None
        self._above = set(top.callers)
        self._bounds = QRectF(0.0, 0.0, size[0], len(self.rows) * self._row_height)
        self._plain, self._bold = font, QFont(font)
        self._bold.setBold(True)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)

    def boundingRect(self) -> QRectF:
        return self._bounds

    def colors(self, frame: Frame) -> tuple[QColor, QColor]:
        """What a frame is filled with, and its text's colour."""
        # The callers of what is shown are as wide as that, not as they took long.
        is_above = frame in self._above and frame is not self._guilty
        if frame.parent is None or is_above:
            return self._theme.color("selection"), self._theme.color("text")
        role, _ = GUILTY if frame is self._guilty else KINDS[self._tree.rank(frame)]
        return self._theme.color(role), self._theme.color("on_accent")

    def choose(self, frame: Frame | None) -> None:
        """Mark the frame that was clicked or reached by keys; None for none."""
        self._chosen = self.box_of(frame)

    def box_at(self, place: QPointF) -> Box | None:
        """The box at a place of this item."""
        row = int(place.y() // self._row_height)
        boxes = self.rows[row] if 0 <= row < len(self.rows) else []
        return next((box for box in boxes if box.left <= place.x() < box.left + box.width), None)

    def box_of(self, frame: Frame | None) -> Box | None:
        """Where a frame lies; None where it has no box."""
        return next((box for row in self.rows for box in row if box.frame is frame), None)

    def next_to(self, frame: Frame | None, key: Qt.Key) -> Box:
        """Where an arrow key leads to from a frame: its caller, what it called longest, or the box beside it."""
        box = self.box_of(frame)
        if box is None:
            return self.rows[0][0]
        if key is Qt.Key.Key_Up:
            return self.box_of(box.frame.parent) or box
        if key is Qt.Key.Key_Down:
            below = self.rows[box.row + 1] if box.row + 1 < len(self.rows) else []
            return next((one for one in below if one.frame.parent is box.frame), box)
        row = self.rows[box.row]
        at = row.index(box) + (1 if key is Qt.Key.Key_Right else -1)
        return row[at] if 0 <= at < len(row) else box

    def rect(self, box: Box) -> QRectF:
        """What a box fills, with a gap to its neighbours; the least is a pixel wide."""
        gap = 1.0 if box.width >= 3 else 0.0
        return QRectF(box.left, box.row * self._row_height, max(1.0, box.width - gap), self._row_height - 1)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Paint the rows that are exposed."""
        seen = option.exposedRect
        first, last = (int(edge // self._row_height) for edge in (seen.top(), seen.bottom()))
        for box in (box for row in self.rows[max(0, first) : last + 1] for box in row):
            fill, ink = self.colors(box.frame)
            rect = self.rect(box)
            painter.fillRect(rect, fill)
            if text := self.label(box):
                painter.setFont(self._font(box.frame))
                painter.setPen(ink)
                painter.drawText(rect.adjusted(PAD, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, text)
        if self._chosen is not None:
            painter.setPen(QPen(self._theme.color("text"), 2))
            painter.drawRect(self.rect(self._chosen).adjusted(1, 1, -1, -1))

    def _font(self, frame: Frame) -> QFont:
        return self._bold if frame is self._guilty else self._plain

    def label(self, box: Box) -> str:
        """The function and its part of all time, or as much of its name as there is room for."""
        frame, room = box.frame, box.width - 2 * PAD
        if box.width < LABEL_PX:
            return ""
        metrics = QFontMetricsF(self._font(frame))
        name = ("> " if frame is self._guilty else "") + (frame.function or ALL)
        whole = f"{name}  {100 * frame.seconds / self._tree.root.seconds:.0f} %"
        if metrics.horizontalAdvance(whole) <= room:
            return whole
        text = metrics.elidedText(name, Qt.TextElideMode.ElideRight, room)
        return text if len(text) > 1 or text == name else ""

    def legend(self) -> list[tuple[str, str]]:
        """The colours that are seen, and what each means."""
        frames = {box.frame for row in self.rows for box in row if box.frame.parent is not None} - self._above
        ranks = {self._tree.rank(frame) for frame in frames if frame is not self._guilty}
        kinds = [kind for rank, kind in KINDS.items() if rank in ranks]
        return [GUILTY, *kinds] if self._guilty in frames else kinds
