"""Where names stand in a chart: beside their markers, over no other name and no marker. Plain geometry, no painting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from PySide6.QtCore import QSizeF

RINGS = 14
"""So many distances are tried, each a step further from the marker."""

STEP = 7.0
"""Between two of them, in pixels."""

SIDES = ((1.0, 0.0), (-1.0, 0.0), (0.0, -1.0), (0.0, 1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, -1.0), (-1.0, 1.0))
"""Right of the marker is where a name is looked for first; then left, above, below, and the corners."""


def place_names(
    marks: Sequence[QPointF], sizes: Sequence[QSizeF], area: QRectF, marker: float
) -> list[QRectF | None]:
    """Find a place for each name; the first in the list choose first.

    Args:
        marks: the middles of the markers.
        sizes: how large each one's name is.
        area: where names may stand.
        marker: half the width of a marker, in pixels.

    Returns:
        A rectangle for each name; None where there is no room for it.
    """
    around = [QRectF(mark.x() - marker, mark.y() - marker, 2 * marker, 2 * marker) for mark in marks]
    names: list[QRectF] = []
    lines: list[tuple[QPointF, QPointF]] = []
    found: list[QRectF | None] = []
    for mark, size in zip(marks, sizes, strict=True):
        taken = [*around, *names]
        # One with a line of its own that crosses no name; where there is none, any free place will do.
        clear = (
            box
            for box in _free(mark, size, area, marker, taken)
            if not any(_meets(mark, nearest(box, mark), other) for other in names)
            and not any(_meets(*line, box) for line in lines)
        )
        place = next(clear, None) or next(_free(mark, size, area, marker, taken), None)
        found.append(place)
        if place is not None:
            names.append(place)
            lines.append((mark, nearest(place, mark)))
    return found


def nearest(box: QRectF, point: QPointF) -> QPointF:
    """The point of a rectangle that is nearest to another point."""
    return QPointF(
        min(max(point.x(), box.left()), box.right()),
        min(max(point.y(), box.top()), box.bottom()),
    )


def _free(
    mark: QPointF, size: QSizeF, area: QRectF, marker: float, taken: Sequence[QRectF]
) -> Iterator[QRectF]:
    for ring in range(RINGS):
        away = marker + ring * STEP
        for x, y in SIDES:
            box = QRectF(QPointF(), size)
            box.moveCenter(mark + QPointF(x * (away + size.width() / 2), y * (away + size.height() / 2)))
            if area.contains(box) and not any(map(box.intersects, taken)):
                yield box


def _meets(start: QPointF, end: QPointF, box: QRectF) -> bool:
    path = QPainterPath(start)
    path.lineTo(end)
    return path.intersects(box)
