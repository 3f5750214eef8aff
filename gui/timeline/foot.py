"""What stands below the lanes: what the colours of the GUI thread's lane mean, or what was clicked in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from gui.timeline.legend import Legend
from gui.timeline.texts import span_tip
from gui.widgets.elided import ElidedLabel
from gui.widgets.fields import named
from gui.widgets.panels import fill

if TYPE_CHECKING:
    from gui.theme.theme import Theme
    from workers.reports.main_lane import Span


class Foot(QWidget):
    """Shows one of the two; where there is little room, only what was clicked.

    Attributes:
        legend: of the GUI thread's lane.
        details: what was clicked.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.legend = Legend(theme, is_main=True)
        self.details = named(ElidedLabel(), "muted")
        self.details.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        fill(QHBoxLayout(self), (self.legend, 1), (self.details, 1), margins=(8, 0, 4, 0))

    def tell(self, span: Span | None, has_room: bool) -> None:
        if span is not None:
            self.details.setText(span_tip(span).replace("\n", "  ·  "))
        self.details.setVisible(span is not None)
        self.legend.setVisible(span is None)
        self.setVisible(span is not None or has_room)
