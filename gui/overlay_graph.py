"""The widget that shows two runs over each other. Nothing in it moves. In the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Slot
from PySide6.QtWidgets import QWidget

from gui.chart import chart_image, paint_chart
from gui.overlay_paint import Overlay
from gui.picture_menu import add_picture_menu

if TYPE_CHECKING:
    from PySide6.QtGui import QImage, QPainter, QPaintEvent

    from gui.theme.theme import Theme
    from workers.reports.differences import Side

PICTURE = QSize(960, 600)
"""A picture for others is at least as large as this, in pixels."""


class OverlayGraph(QWidget):
    """Throughput and lag of runs A and B, aligned at their starts, in their runners' colours.

    B is dashed where both had the same runner, and so the same colour.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._overlay: Overlay | None = None
        self.setMinimumSize(160, 80)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName("Throughput and lag of runs A and B")
        add_picture_menu(self, self.image, "runs-a-and-b")
        theme.changed.connect(self.restyle)

    def show_runs(self, a: Side, b: Side, names: tuple[str, str]) -> None:
        """Show two runs that have ended, which people know by `names`."""
        self._overlay = Overlay(self._theme, (a, b), names)
        self.setAccessibleDescription(f"A is {names[0]}, B is {names[1]}")
        self.update()

    def image(self) -> QImage:
        """Both graphs as they are now, in the window's size or larger."""
        return chart_image(self.size().expandedTo(PICTURE), self._paint)

    def _paint(self, painter: QPainter, whole: QRectF) -> None:
        if self._overlay is None:
            painter.fillRect(whole, self._theme.color("panel"))
        else:
            self._overlay.paint(painter, whole)

    @Slot()
    def restyle(self) -> None:
        """Take up the theme's colours and text size."""
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint both graphs, and a frame where the keyboard is here."""
        paint_chart(self, self._theme, self._paint)
