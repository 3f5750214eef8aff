"""The places that a function was run in, as rows: marker and name, speed, lag. In the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTreeWidget, QTreeWidgetItem

from gui.widgets.fields import named
from gui.widgets.panels import RIGHT_SIDE
from workers.utils import formatting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QEvent

    from gui.theme.theme import Theme
    from workers.benchmark.advice import Point

MARKER = 12
"""Pixels of a runner's marker at a text scale of 1."""

NOT_MEASURED = "–"


class PlaceList(QTreeWidget):
    """As high as its rows; the one that is advised is bold.

    Signals:
        picked: the name of the runner whose row was chosen by a person.
    """

    picked = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._places: tuple[Point, ...] = ()
        self._best, self._unit = "", "calls"
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Places with their speed and lag")
        self.setColumnCount(3)
        header = named(self.header(), "narrow")
        header.setStretchLastSection(False)
        header.setSectionsClickable(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.itemSelectionChanged.connect(self._tell)
        theme.changed.connect(self.restyle)

    def show_places(self, places: Sequence[Point], best: str, unit: str) -> None:
        """Show these; `best` is the runner that is advised, `unit` what is counted."""
        self._places, self._best, self._unit = tuple(places), best, unit
        self.restyle()

    def choose(self, runner: str) -> None:
        """Choose a row, and tell nobody."""
        with QSignalBlocker(self):
            self.clearSelection()
            for at, place in enumerate(self._places):
                item = self.topLevelItem(at)
                if place.runner == runner and item is not None:
                    self.setCurrentItem(item)

    @property
    def chosen(self) -> str:
        """The runner of the chosen row; empty where none is."""
        found = self.selectedItems()
        return str(found[0].data(0, Qt.ItemDataRole.UserRole)) if found else ""

    def sizeHint(self) -> QSize:
        """All rows: the column around it scrolls."""
        rows = sum(self.sizeHintForRow(at) for at in range(self.topLevelItemCount()))
        return QSize(240, self.header().sizeHint().height() + rows + 4)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, self.sizeHint().height())

    @Slot()
    def restyle(self) -> None:
        chosen = self.chosen
        self.blockSignals(True)
        self.clear()
        size = round(MARKER * self._theme.text_scale)
        self.setIconSize(QSize(size, size))
        per_second = formatting.per_second(self._unit)
        self.setHeaderLabels(["Place", f"{per_second[:1].upper()}{per_second[1:]}", "Lag p95"])
        for column in (1, 2):
            self.headerItem().setTextAlignment(column, RIGHT_SIDE)
        for place in self._places:
            speed = NOT_MEASURED if place.per_s is None else formatting.short_rate(place.per_s, self._unit)
            lag = NOT_MEASURED if place.lag_ms is None else formatting.milliseconds(place.lag_ms)
            item = QTreeWidgetItem([place.title, speed.removesuffix("/s"), lag])
            is_best = place.runner == self._best
            item.setToolTip(0, f"{place.title}: advised" if is_best else place.title)
            bold = self._theme.numbers_font()
            bold.setWeight(QFont.Weight.Bold if is_best else QFont.Weight.Normal)
            item.setFont(0, bold)
            item.setData(0, Qt.ItemDataRole.UserRole, place.runner)
            item.setIcon(0, self._theme.runner_icon(place.runner, size, self.devicePixelRatioF()))
            for column in (1, 2):
                item.setTextAlignment(column, RIGHT_SIDE)
                item.setFont(column, bold)
            if place.lag_ms is not None:
                item.setForeground(2, self._theme.lag_color(place.lag_ms))
                item.setToolTip(2, self._theme.lag_word(place.lag_ms))
            self.addTopLevelItem(item)
        self.blockSignals(False)
        self.choose(chosen)
        self.setFixedHeight(self.sizeHint().height())

    def changeEvent(self, event: QEvent) -> None:
        """Another size of texts wants other rows."""
        super().changeEvent(event)
        if event.type() == event.Type.FontChange and self._places:
            self.setFixedHeight(self.sizeHint().height())

    @Slot()
    def _tell(self) -> None:
        if self.chosen:
            self.picked.emit(self.chosen)
