"""What every still chart is made of: a scene of pyqtgraph, its graphs and axes, and its picture. In the GUI thread."""

from __future__ import annotations

import math
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Slot
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QImage,
    QPainter,
    QPainterPath,
    QPen,
    QTransform,
)

from gui.charts.picture import add_picture_actions
from gui.charts.scales import lag_height

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from PySide6.QtGui import QFont, QPaintEvent

    from gui.theme.theme import Theme

    Ticks = Sequence[tuple[float, str]]

GAP = 8
SMALL = 0.88  # of ordinary text


class Axis(pg.AxisItem):  # type: ignore[misc]  # pyqtgraph has no types
    """Labels along a side of a graph, no line; none stands over another, and none beyond the chart's edge."""

    def generateDrawSpecs(self, painter: QPainter) -> tuple[Any, list[Any], list[Any]] | None:
        specs = super().generateDrawSpecs(painter)
        if specs is None:
            return None
        (_, *line), _, labels = specs
        kept: list[tuple[QRectF, Any, str]] = []
        for place, flags, text in labels:
            if self.orientation == "bottom":
                place.moveRight(min(max(place.right(), place.width() - GAP), self.width() + 2 * GAP))
                place.adjust(-GAP / 2, 0, GAP / 2, 0)
            if not any(place.intersects(other) for other, *_ in kept):
                kept.append((place, flags, text))
        return (QPen(Qt.PenStyle.NoPen), *line), [], kept


class Graph(pg.ViewBox):  # type: ignore[misc]  # pyqtgraph has no types
    """Values from 0 on in a cell of a chart's grid; title and axes stand in the cells above, beside and below it."""

    def __init__(self, chart: Chart, row: int, column: int, width: int, across: float, up: float) -> None:
        """Make it, `width` pixels wide, for values up to `across` and `up`."""
        super().__init__(enableMouse=False, enableMenu=False)
        self._chart, self._row, self._column, self._width = chart, row, column, width
        self.setRange(xRange=(0.0, across), yRange=(0.0, up), padding=0)
        chart.grid.layout.setColumnFixedWidth(column, width)
        chart.grid.addItem(self, row, column)

    def show_title(self, title: str, note: str = "") -> None:
        bold = self._chart.colored(title, "text", "font-weight: 600")
        muted = self._chart.colored(note, "muted")
        self._chart.label(f"{bold}&nbsp; {muted}", self._row - 1, self._column, self._width)

    def show_axis(self, side: str, ticks: Ticks, width: int = 0, *, lines: bool = True) -> None:
        """Add an axis, "left" and so many pixels wide or at the "bottom", and a faint line across for each mark."""
        theme = self._chart.theme
        axis = Axis(side, linkView=self, maxTickLength=0)
        axis.setStyle(hideOverlappingLabels=100, tickTextOffset=GAP // 2, autoExpandTextSpace=False)
        axis.setTickFont(self._chart.small)
        axis.setTextPen(theme.color("muted"))
        axis.setTicks([ticks])
        axis.setRange(*self.viewRange()[side == "left"])
        if side == "left":
            axis.setWidth(width)
            self._chart.grid.addItem(axis, self._row, self._column - 1)
        else:
            axis.setHeight(self._chart.line + GAP // 2)
            self._chart.grid.addItem(axis, self._row + 1, self._column)
        if lines:
            self.show_lines([at for at, _ in ticks], level=side == "left")

    def show_lines(self, places: Sequence[float], *, level: bool) -> None:
        """Draw faint lines from side to side, or from the top to the bottom."""
        faint = self._chart.theme.color("line")
        faint.setAlphaF(0.6)
        at = np.repeat(places, 2)
        ends = np.tile(self.viewRange()[not level], len(places))
        line = pg.PlotCurveItem(*((ends, at) if level else (at, ends)), connect="pairs", pen=QPen(faint, 0))
        line.setZValue(-5)
        self.addItem(line)

    def show_bands(self, across: float, top: float, *, upright: bool = False) -> None:
        """Fill the graph with the bands of lag, whose axis ends at `top`; `upright` where that one is at the bottom."""
        bands = self._chart.theme.bands()
        edges = [0.0, *(top if math.isinf(edge) else min(top, lag_height(edge)) for edge, _ in bands)]
        along, aside = ("x", "y") if upright else ("y", "x")
        ends = {f"{along}0": edges[:-1], f"{along}1": edges[1:], f"{aside}0": 0.0, f"{aside}1": across}
        item = pg.BarGraphItem(**ends, brushes=[color for _, color in bands], pen=None)
        item.setZValue(-10)
        self.addItem(item)

    def spot(self, x: float, y: float) -> QPointF:
        """Where values lie, in pixels of the chart, once all of its grid is there."""
        self._chart.grid.layout.activate()
        return self.mapViewToScene(QPointF(x, y))  # type: ignore[no-any-return]  # pyqtgraph has no types


class Chart(pg.GraphicsView):  # type: ignore[misc]  # pyqtgraph has no types
    """Nothing in it moves: when its data, its size or its theme changes, all of it is made again to be painted.

    Attributes:
        theme: colours and fonts.
        shown: what is to be seen, an entry for each row, line or marker.
        grid: the layout of its items, new each time.
        small: the font of its texts.
        line: how high a line of text is, in pixels.
        picture_actions: copy and save its picture.
    """

    NAME: str
    """What it is called for those who cannot see it."""

    FILE: str
    """What a file of its picture is called at first, without ".png"."""

    PICTURE = QSize(960, 540)
    """A picture for others is at least as large as this, in pixels."""

    MIN_SIZE = QSize(200, 120)

    def __init__(self, theme: Theme) -> None:
        super().__init__(background=None)
        self.theme = theme
        self.shown: Sequence[Any] = ()
        self._made = QSize()
        self.setMinimumSize(self.MIN_SIZE)
        self.setAccessibleName(self.NAME)
        self.picture_actions = add_picture_actions(self, self.image, self.FILE)
        theme.changed.connect(self.restyle)

    @property
    def is_empty(self) -> bool:
        return not self.shown

    def show_all(self, shown: Sequence[Any], told: Iterable[str]) -> None:
        """Show these, of each of which a sentence is told to those who cannot see it."""
        self.shown = shown
        self.setAccessibleDescription(". ".join(told))
        self.restyle()

    def fill(self, width: int, height: int) -> None:
        """Add what is `shown` to the empty `grid`, which has so many pixels within its margins."""
        raise NotImplementedError

    @Slot()
    def restyle(self) -> None:
        self._made = QSize()
        self.viewport().update()

    def make(self, size: QSize) -> None:
        self._made = QSize(size)
        self.small = self.theme.numbers_font(SMALL)
        self.line = math.ceil(QFontMetricsF(self.small).height())
        self.setBackground(self.theme.color("panel"))
        self.centralWidget = None
        self.scene().clear()  # at once, not when the garbage is collected
        self.grid = pg.GraphicsLayout()
        self.grid.layout.setContentsMargins(GAP, GAP / 2, 2 * GAP, GAP / 2)
        self.grid.layout.setSpacing(0)
        self.scene().addItem(self.grid)
        self.grid.setGeometry(QRectF(0, 0, size.width(), size.height()))
        if self.shown:
            self.fill(size.width() - 3 * GAP, size.height() - GAP)
        self.grid.layout.activate()

    def wide(self, texts: Iterable[str]) -> int:
        """How many pixels the widest of these takes."""
        metrics = QFontMetricsF(self.small)
        return math.ceil(max(metrics.horizontalAdvance(text) for text in texts))

    def elided(self, text: str, width: float) -> str:
        return QFontMetricsF(self.small).elidedText(text, Qt.TextElideMode.ElideRight, width)

    def colored(self, text: str, color: str | QColor, style: str = "") -> str:
        """HTML of a text in a colour."""
        name = (self.theme.color(color) if isinstance(color, str) else color).name()
        return f"<span style='color: {name}; {style}'>{escape(text)}</span>"

    def label(self, html: str, row: int, column: int, width: float, columns: int = 1) -> None:
        """Add a text to the grid, in as many lines as it takes in `width` pixels."""
        label = pg.LabelItem(justify="left")
        label.item.setFont(self.small)
        label.item.document().setDocumentMargin(1)
        label.item.setTextWidth(max(1.0, width))
        label.setText(html)
        self.grid.addItem(label, row, column, 1, columns)

    def write(
        self,
        text: str,
        place: QPointF,
        color: str | QColor = "text",
        left: float = 0.0,
        font: QFont | None = None,
    ) -> None:
        """Write at a place in pixels, of which so much of the text is to stand left, from 0 to 1."""
        item = self.scene().addSimpleText(text, font or self.small)
        item.setBrush(self.theme.color(color) if isinstance(color, str) else color)
        box = item.boundingRect()
        item.setPos(round(place.x() - left * box.width()), round(place.y() - box.height() / 2))

    def markers(self, x: Sequence[float], y: Sequence[float], runners: Sequence[str], **about: Any) -> Any:
        """Markers of runners at these values of a graph; `about` is what pyqtgraph's ScatterPlotItem takes."""
        font = self.theme.numbers_font()
        side = QFontMetricsF(font).height()
        shapes = {}
        for runner in set(runners):
            shape = QPainterPath()
            shape.addText(0, 0, font, self.theme.runner_marker(runner))
            middle = shape.boundingRect().center()
            shapes[runner] = (
                QTransform.fromScale(1 / side, 1 / side).translate(-middle.x(), -middle.y()).map(shape)
            )
        about |= {
            "brush": [self.theme.runner_color(runner) for runner in runners],
            "pen": None,
            "antialias": True,
        }
        return pg.ScatterPlotItem(x, y, symbol=[shapes[runner] for runner in runners], size=side, **about)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._made != self.size():
            self.make(self.size())
        super().paintEvent(event)
        if self.hasFocus():
            with QPainter(self.viewport()) as painter:
                painter.setPen(QPen(self.theme.color("accent"), 0))
                painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.viewport().update()
        return bool(super().event(event))

    # ---------------------------------------------------------------- its picture

    def image(self) -> QImage:
        """All of it as it is now, in the window's size or larger; a null picture where there is nothing to be seen."""
        if self.is_empty:
            return QImage()
        size = self.size().expandedTo(self.PICTURE).expandedTo(QSize(0, self.minimumHeight()))
        self.make(size)
        picture = QImage(size, QImage.Format.Format_RGB32)
        picture.fill(self.theme.color("panel"))
        whole = QRectF(picture.rect())
        with QPainter(picture) as painter:
            self.scene().render(painter, whole, whole)
        self.restyle()
        return picture
