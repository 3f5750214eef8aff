"""What stands below the lanes: what the colours of the GUI thread's lane mean, or what was clicked in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from gui.timeline.legend import Legend
from gui.widgets.elided import ElidedLabel
from gui.widgets.fields import named
from gui.widgets.panels import fill

if TYPE_CHECKING:
    from gui.theme.theme import Theme


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

    def tell(self, words: str, has_room: bool, is_threads: bool = False) -> None:
        if words:
            self.details.setText(words.replace("\n", "  ·  "))
        self.details.setVisible(bool(words))
        self.legend.setVisible(not words)
        self.setVisible(bool(words) or (has_room and not is_threads))
