"""The table of tasks as it is painted: one `paintEvent` for all rows that can be seen.

With delegates Qt asks Python for each role of each cell, and every such call is a hand-off of the GIL: painting the
rows here takes about a tenth of the calls.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelection, QLine, Qt, Slot
from PySide6.QtGui import QBrush, QFontMetrics, QPainter
from PySide6.QtWidgets import QAbstractItemView, QTableView

from gui.tasks.model import COLUMNS, ERROR, PROGRESS, SPEED, STATE, TASK, THREAD, TIME
from gui.widgets.tables import set_row_height, set_up
from workers.engine.task import Phase
from workers.utils import formatting as words_of

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QWidget

    from gui.tasks.model import Cells, TaskModel
    from gui.theme.theme import Theme

WORDS = {TASK: "primes 8,888", STATE: "– Cancelled", THREAD: "QThread 88", ERROR: "Result or error"}
"""A text for which each column has room, at the least; the last one takes what is left."""

MOST_MEASURED = 50
"""So many names of tasks, and of threads, are measured: not a hundred thousand."""

WIDEST_NAME = 2
"""A long name is cut where it is so many times as long as an ordinary one."""

MOST_AMOUNT = 8_888
"""No amount of a unit takes more room than this one: larger ones are thousands (k), millions (M) or gigabytes."""

PADDING = 8
BAR_WIDTH, BAR_HEIGHT = 48, 6
LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
MOST_SHORTENED = 2_000


class TaskView(QTableView):
    """A table of rows that are all equally high, of which only the visible ones are ever looked at."""

    def __init__(self, theme: Theme, model: TaskModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._tasks = theme, model
        self._row_height = 24
        self._columns: list[tuple[int, int]] | None = None
        self._selected: list[tuple[int, int]] = []
        self._shortened: dict[tuple[str, int], str] = {}
        set_up(self, "Tasks of the run")
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setModel(model)
        columns = self.horizontalHeader()
        columns.setStretchLastSection(True)
        columns.sectionResized.connect(self._forget_columns)
        columns.geometriesChanged.connect(self._forget_columns)
        self.selectionModel().selectionChanged.connect(self._take_selection)
        model.modelReset.connect(self._forget_selection)
        model.rowsInserted.connect(self._read_selection)
        model.rowsRemoved.connect(self._read_selection)
        theme.changed.connect(self.restyle)
        self.restyle()

    @Slot()
    def restyle(self) -> None:
        """Take up the theme's colours and text size."""
        self._row_height = self.fontMetrics().height() + 8
        set_row_height(self, self._row_height)
        # Made once, not for each row: every one is a call into Qt.
        self._colors = {role: self._theme.color(role) for role in ("text", "muted", "bad", "line", "selection")}
        self._phase_colors = {phase: self._theme.phase_color(phase) for phase in Phase}
        self._numbers = self._theme.numbers_font()
        self.fit_columns()
        self._shortened.clear()
        self._columns = None
        self.viewport().update()

    def fit_columns(self) -> None:
        """Make the columns as wide as their contents can be, in the unit of the run that is shown."""
        words, numbers = self.fontMetrics(), QFontMetrics(self._numbers)
        headings = QFontMetrics(self.horizontalHeader().font())
        unit = self._tasks.unit
        # The longest words of bytes are not those of the largest amount.
        amounts = ("888 MB", "888 kB", "888 bytes") if unit == "bytes" else (words_of.amount(MOST_AMOUNT, unit), "8.8M")
        widths = {column: words.horizontalAdvance(text) for column, text in WORDS.items()}
        names = [words.horizontalAdvance(name) for name in self._tasks.first_names(MOST_MEASURED)]
        places = [words.horizontalAdvance(place) for place in self._tasks.first_places(MOST_MEASURED)]
        for column, texts in ((TASK, names), (THREAD, places)):
            widths[column] = min(max(widths[column], *texts, 0), WIDEST_NAME * widths[column])
        amount = max(numbers.horizontalAdvance(text) for text in amounts)
        widths[PROGRESS] = BAR_WIDTH + PADDING + amount
        widths[SPEED] = amount + numbers.horizontalAdvance("/s")
        widths[TIME] = numbers.horizontalAdvance("888 ms")
        for column, width in widths.items():
            fit = max(width, headings.horizontalAdvance(COLUMNS[column])) + 2 * PADDING + 1
            if self.columnWidth(column) != fit:
                self.setColumnWidth(column, fit)

    def visible_rows(self) -> tuple[int, int]:
        """The first and the last row that can be seen, or could be if there were that many."""
        top = self.verticalScrollBar().value()
        return top // self._row_height, (top + self.viewport().height() - 1) // self._row_height

    @Slot()
    def _forget_columns(self) -> None:
        self._columns = None

    @Slot(QItemSelection, QItemSelection)
    def _take_selection(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        self._read_selection()

    @Slot()
    def _read_selection(self) -> None:
        """Keep the selected stretches of rows: asking for each row while painting costs a call a row."""
        ranges = self.selectionModel().selection()
        stretches = (ranges.at(number) for number in range(ranges.size()))
        self._selected = [(stretch.top(), stretch.bottom()) for stretch in stretches]

    @Slot()
    def _forget_selection(self) -> None:
        self._selected = []

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Scroll as ever; sideways, the columns lie elsewhere."""
        if dx:
            self._columns = None
        super().scrollContentsBy(dx, dy)

    def selected_rows(self) -> list[tuple[int, int]]:
        """The selected rows as stretches (first, last), from the top."""
        return sorted(self._selected)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows that the event's region touches, column by column: so pens and fonts change seldom."""
        area = event.rect()
        top = self.verticalScrollBar().value()
        first = max(0, (area.top() + top) // self._row_height)
        last = min(self._tasks.rowCount() - 1, (area.bottom() + top) // self._row_height)
        if last < first:
            return
        if self._columns is None:
            self._columns = [
                (self.columnViewportPosition(column), self.columnWidth(column)) for column in range(len(COLUMNS))
            ]
        rows = [(row * self._row_height - top, self._tasks.cells(row)) for row in range(first, last + 1)]
        painter = QPainter(self.viewport())
        self._paint_background(painter, rows, first, area.width() + area.left())
        height = self._row_height
        left, width = self._columns[STATE]
        for y, cells in rows:
            painter.setPen(self._phase_colors[cells.phase])
            painter.drawText(left + PADDING, y, width - PADDING, height, LEFT, cells.texts[STATE])
        self._paint_bars(painter, rows)
        painter.setPen(self._colors["text"])
        self._paint_texts(painter, rows, TASK, LEFT, self.fontMetrics())
        painter.setPen(self._colors["muted"])
        self._paint_texts(painter, rows, THREAD, LEFT, self.fontMetrics())
        self._paint_texts(
            painter, [row for row in rows if row[1].phase is not Phase.FAILED], ERROR, LEFT, self.fontMetrics()
        )
        painter.setPen(self._colors["bad"])
        self._paint_texts(
            painter, [row for row in rows if row[1].phase is Phase.FAILED], ERROR, LEFT, self.fontMetrics()
        )
        painter.setFont(self._numbers)
        painter.setPen(self._colors["text"])
        left, width = self._columns[PROGRESS]
        for y, cells in rows:
            if cells.texts[PROGRESS]:
                painter.drawText(left, y, width - PADDING, height, RIGHT, cells.texts[PROGRESS])
        for column in (SPEED, TIME):
            self._paint_texts(painter, rows, column, RIGHT, None)
        painter.end()

    def _paint_background(self, painter: QPainter, rows: list[tuple[int, Cells]], first: int, right: int) -> None:
        for top, bottom in self._selected:
            for row in range(max(top, first), min(bottom, first + len(rows) - 1) + 1):
                painter.fillRect(0, rows[row - first][0], right, self._row_height, self._colors["selection"])
        painter.setPen(self._colors["line"])
        bottom = self._row_height - 1
        painter.drawLines([QLine(0, y + bottom, right, y + bottom) for y, _ in rows])

    def _paint_texts(
        self, painter: QPainter, rows: list[tuple[int, Cells]], column: int, align: int, metrics: QFontMetrics | None
    ) -> None:
        assert self._columns is not None
        left, width = self._columns[column]
        room = width - 2 * PADDING
        for y, cells in rows:
            text = cells.texts[column]
            if text:
                if metrics is not None:
                    text = self._shorten(text, room, metrics)
                painter.drawText(left + PADDING, y, room, self._row_height, align, text)

    def _shorten(self, text: str, room: int, metrics: QFontMetrics) -> str:
        found = self._shortened.get((text, room))
        if found is None:
            if len(self._shortened) >= MOST_SHORTENED:
                self._shortened.clear()
            found = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
            self._shortened[text, room] = found
        return found

    def _paint_bars(self, painter: QPainter, rows: list[tuple[int, Cells]]) -> None:
        assert self._columns is not None
        left = self._columns[PROGRESS][0] + PADDING
        down = (self._row_height - BAR_HEIGHT) // 2
        for y, cells in rows:
            if cells.phase is Phase.QUEUED:
                continue
            color = self._phase_colors[cells.phase]
            if cells.share is None:
                painter.fillRect(left, y + down, BAR_WIDTH, BAR_HEIGHT, QBrush(color, Qt.BrushStyle.BDiagPattern))
                continue
            full = round(BAR_WIDTH * cells.share)
            if full < BAR_WIDTH:
                painter.fillRect(left + full, y + down, BAR_WIDTH - full, BAR_HEIGHT, self._colors["line"])
            if full:
                painter.fillRect(left, y + down, full, BAR_HEIGHT, color)
