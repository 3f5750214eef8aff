"""What a chart consists of: its items and its words, for tests that look at these instead of pixels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QGraphicsSimpleTextItem, QGraphicsTextItem

from gui.charts.chart import Axis

if TYPE_CHECKING:
    from gui.charts.chart import Chart


def items_of(chart: Chart, kind: type) -> list[Any]:
    """All items of a class, in the order in which they were added."""
    return [item for item in chart.items() if isinstance(item, kind)][::-1]


def texts_of(chart: Chart) -> set[str]:
    """All words that stand in a chart, and the marks on its axes."""
    texts = {item.text() for item in items_of(chart, QGraphicsSimpleTextItem)}
    texts |= {item.toPlainText() for item in items_of(chart, QGraphicsTextItem)}
    return texts | {text for axis in items_of(chart, Axis) for _, text in axis._tickLevels[0]}
