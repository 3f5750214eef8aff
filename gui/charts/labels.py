"""Where names stand in a chart: beside their markers, over no other name and no marker. Plain geometry, no painting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QSizeF

RINGS = 14
"""So many distances are tried, each a step further from the marker."""

STEP = 7.0
"""Between two of them, in pixels."""

SIDES = ((1.0, 0.0), (-1.0, 0.0), (0.0, -1.0), (0.0, 1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, -1.0), (-1.0, 1.0))
"""Right of the marker is where a name is looked for first; then left, above, below, and the corners."""


def place_names(marks: Sequence[QPointF], sizes: Sequence[QSizeF], area: QRectF, marker: float) -> list[QRectF | None]:
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
    lines: list[tuple[QPointF, QPointF]] = []
    names: list[QRectF] = []
    found: list[QRectF | None] = []
    for mark, size in zip(marks, sizes, strict=True):
        # Once with a line of its own that crosses no name; where that cannot be, any free place will do.
        place = _first_free(mark, size, area, marker, [*around, *names], names, lines)
        if place is None:
            place = _first_free(mark, size, area, marker, [*around, *names], (), ())
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


def _first_free(
    mark: QPointF,
    size: QSizeF,
    area: QRectF,
    marker: float,
    taken: Sequence[QRectF],
    names: Sequence[QRectF],
    lines: Sequence[tuple[QPointF, QPointF]],
) -> QRectF | None:
    for ring in range(RINGS):
        away = marker + ring * STEP
        for x, y in SIDES:
            middle = mark + QPointF(x * (away + size.width() / 2), y * (away + size.height() / 2))
            box = QRectF(middle.x() - size.width() / 2, middle.y() - size.height() / 2, size.width(), size.height())
            if not area.contains(box) or any(box.intersects(other) for other in taken):
                continue
            end = nearest(box, mark)
            crosses = ring and any(_meets(mark, end, other) for other in names)
            if not crosses and not any(_meets(*line, box) for line in lines):
                return box
    return None


def _meets(start: QPointF, end: QPointF, box: QRectF) -> bool:
    """Whether a straight line touches a rectangle (Liang and Barsky's clipping)."""
    low, high = 0.0, 1.0
    for begin, length, least, most in (
        (start.x(), end.x() - start.x(), box.left(), box.right()),
        (start.y(), end.y() - start.y(), box.top(), box.bottom()),
    ):
        if length == 0:
            if not least <= begin <= most:
                return False
            continue
        one, other = (least - begin) / length, (most - begin) / length
        low, high = max(low, min(one, other)), min(high, max(one, other))
    return low < high
