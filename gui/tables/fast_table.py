"""A table of a hundred thousand rows that is painted by one `paintEvent` for all that can be seen. In the GUI thread.

With delegates Qt asks Python for each role of each cell, and every such call is a hand-off of the GIL: painting the
rows here takes about a tenth of the calls.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelectionModel, QLine, QRect, Qt, Signal, Slot
from PySide6.QtGui import QBrush, QFontMetrics, QPainter
from PySide6.QtWidgets import QAbstractItemView, QTableView

from gui.tables.tables import set_row_height, set_up
from gui.widgets.panels import LEFT_SIDE, RIGHT_SIDE
from workers.reports.palette import COLORS

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from gui.tables.fast_model import Cells, FastModel
    from gui.theme.theme import Theme

MAX_STRETCH = 2
"""No column is more than this many times as wide as its usual texts: longer ones are cut."""

PADDING, BAR_HEIGHT = 8, 6
MAX_SHORTENED = 2_000
ON_THE_LEFT, ON_THE_RIGHT = int(LEFT_SIDE), int(RIGHT_SIDE)


class FastTable(QTableView):
    """A table of rows that are all equally high, of which only the visible ones are ever looked at.

    Signals:
        selection_told: other rows are selected.
    """

    selection_told = Signal()

    def __init__(self, theme: Theme, model: FastModel, name: str) -> None:
        super().__init__()
        self._theme, self._model = theme, model
        self._spans: list[tuple[int, int]] | None = None
        self._selected: list[tuple[int, int]] = []
        self._shortened: dict[tuple[str, int, int], str] = {}
        set_up(self, name)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setModel(model)
        headings = self.horizontalHeader()
        # A header asks of each column whether all of its cells are selected: 150 ms, where 10,000 rows are.
        headings.setSelectionModel(QItemSelectionModel(model, self))
        headings.sectionResized.connect(self._forget_spans)
        headings.geometriesChanged.connect(self._forget_spans)
        selected = self.selectionModel().selectionChanged
        for changed in (selected, model.modelReset, model.rowsInserted, model.rowsRemoved):
            changed.connect(self._read_selection)
        theme.changed.connect(self.restyle)
        self.restyle()

    @Slot()
    def restyle(self) -> None:
        self._row_height = self.fontMetrics().height() + 8
        set_row_height(self, self._row_height)
        # Made once, not for each row: every one is a call into Qt.
        self._colors = {role: self._theme.color(role) for role in COLORS}
        self._numbers = self._theme.numbers_font()
        self._shortened.clear()
        self.fit_columns()
        self.viewport().update()

    # ---------------------------------------------------------------- columns

    def fits(self) -> dict[int, int]:
        """How many pixels wide each column is to be for its heading and for the texts that it can have."""
        words, numbers = self.fontMetrics(), QFontMetrics(self._numbers)
        headings = QFontMetrics(self.horizontalHeader().font())
        fits = {}
        for at, column in enumerate(self._model.columns):
            metrics = numbers if column.is_number else words
            width = max(map(metrics.horizontalAdvance, column.widest), default=0)
            sample = max(map(metrics.horizontalAdvance, self._model.samples(at)), default=0)
            width = max(width, min(sample, MAX_STRETCH * width) if width else sample)
            width += column.bar + PADDING if column.bar else 0
            fits[at] = max(width, headings.horizontalAdvance(column.title)) + 2 * PADDING + 1
        return fits

    def fit_columns(self) -> None:
        self.set_widths(self.fits())

    def set_widths(self, widths: dict[int, int]) -> None:
        for at, width in widths.items():
            if self.columnWidth(at) != width:
                self.setColumnWidth(at, width)
        self._spans = None

    @Slot()
    def _forget_spans(self) -> None:
        self._spans = None

    # ---------------------------------------------------------------- rows

    def visible_rows(self) -> tuple[int, int]:
        """The first and the last row that can be seen, or could be if there were that many."""
        top = self.verticalOffset()
        return top // self._row_height, (top + self.viewport().height() - 1) // self._row_height

    def selected_rows(self) -> list[tuple[int, int]]:
        """The selected rows as stretches (first, last), from the top."""
        return sorted(self._selected)

    def every_selected_row(self) -> list[int]:
        """The selected rows one by one, from the top."""
        return [row for top, bottom in self.selected_rows() for row in range(top, bottom + 1)]

    @Slot()
    def _read_selection(self) -> None:
        """Keep the selected stretches of rows: asking for each row while painting costs a call a row."""
        ranges = self.selectionModel().selection()
        stretches = (ranges.at(number) for number in range(ranges.size()))
        self._selected = [(stretch.top(), stretch.bottom()) for stretch in stretches]
        self.selection_told.emit()

    # ---------------------------------------------------------------- painting

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Scroll as ever; sideways, the columns lie elsewhere."""
        if dx:
            self._spans = None
        super().scrollContentsBy(dx, dy)
        self._show_whole_rows()

    def updateGeometries(self) -> None:
        super().updateGeometries()
        self._show_whole_rows()

    def _show_whole_rows(self) -> None:
        """Let a whole row stand at the top at the end of the table too, where Qt lets the last one end at the foot."""
        bar, headings = self.verticalScrollBar(), self.verticalHeader()
        place = self.rowViewportPosition(bar.value()) if bar.value() == bar.maximum() > 0 else 0
        if place:
            headings.setOffsetToSectionPosition(bar.value())
            self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows that the event's region touches, column by column: so pens and fonts change seldom."""
        area, height, columns = event.rect(), self._row_height, self._model.columns
        top = self.verticalOffset()
        first = max(0, (area.top() + top) // height)
        last = min(len(self._model.rows) - 1, (area.bottom() + top) // height)
        if last < first:
            return
        if self._spans is None:
            self._spans = [
                (self.columnViewportPosition(at), self.columnWidth(at)) for at in range(len(columns))
            ]
        rows = [(row * height - top, self._model.cells(row)) for row in range(first, last + 1)]
        with QPainter(self.viewport()) as painter:
            self._paint_background(painter, rows, first, area.right() + 1)
            for is_number in (False, True):
                if is_number:
                    painter.setFont(self._numbers)
                for at, (left, width) in enumerate(self._spans):
                    if width and columns[at].is_number is is_number:
                        self._paint_column(painter, rows, at, left, width)
            if self.hasFocus():
                self._paint_focus(painter)

    def _paint_focus(self, painter: QPainter) -> None:
        """Show which row the arrow keys go from; where that is out of sight, that they go to this table."""
        row = self.visualRect(self.currentIndex())
        ring = self.viewport().rect()
        if ring.intersects(row):
            ring = QRect(0, row.top(), ring.width(), self._row_height - 1)
        painter.setPen(self._colors["accent"])
        painter.drawRect(ring.adjusted(0, 0, -1, -1))

    def _paint_background(
        self, painter: QPainter, rows: list[tuple[int, Cells]], first: int, right: int
    ) -> None:
        for top, bottom in self._selected:
            for row in range(max(top, first), min(bottom, first + len(rows) - 1) + 1):
                painter.fillRect(0, rows[row - first][0], right, self._row_height, self._colors["selection"])
        painter.setPen(self._colors["line"])
        bottom = self._row_height - 1
        painter.drawLines([QLine(0, y + bottom, right, y + bottom) for y, _ in rows])

    def _paint_column(
        self, painter: QPainter, rows: list[tuple[int, Cells]], at: int, left: int, width: int
    ) -> None:
        column = self._model.columns[at]
        if column.bar:
            self._paint_bars(painter, rows, left + PADDING, column.bar)
        pen, room, is_number = "", width - 2 * PADDING, column.is_number
        for y, cells in rows:
            text = cells.texts[at]
            if not text:
                continue
            role = cells.role if cells.role in column.row_roles else column.role
            if role != pen:
                pen = role
                painter.setPen(self._colors[role])
            if is_number:
                painter.drawText(left, y, width - PADDING, self._row_height, ON_THE_RIGHT, text)
            else:
                text = self._shorten(text, room, at)
                painter.drawText(left + PADDING, y, room, self._row_height, ON_THE_LEFT, text)

    def _shorten(self, text: str, room: int, at: int) -> str:
        found = self._shortened.get((text, room, at))
        if found is None:
            if len(self._shortened) >= MAX_SHORTENED:
                self._shortened.clear()
            found = self.fontMetrics().elidedText(text, self._model.columns[at].cut, room)
            self._shortened[text, room, at] = found
        return found

    def _paint_bars(self, painter: QPainter, rows: list[tuple[int, Cells]], left: int, width: int) -> None:
        down = (self._row_height - BAR_HEIGHT) // 2
        for y, cells in rows:
            if not cells.has_bar:
                continue
            color = self._colors[cells.role]
            if cells.share is None:
                painter.fillRect(left, y + down, width, BAR_HEIGHT, QBrush(color, Qt.BrushStyle.BDiagPattern))
                continue
            full = round(width * cells.share)
            if full < width:
                painter.fillRect(left + full, y + down, width - full, BAR_HEIGHT, self._colors["line"])
            if full:
                painter.fillRect(left, y + down, full, BAR_HEIGHT, color)
