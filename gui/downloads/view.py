"""The list of downloads as it is painted: one `paintEvent` for all rows that can be seen. In the GUI thread.

With a delegate Qt would ask Python for every cell, and each such call is a hand-off of the GIL, five times a second.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QLine, Qt, Signal, Slot
from PySide6.QtGui import QBrush, QFontMetrics, QPainter
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView

from gui.downloads.model import COLUMNS, LEFT, NAME, PROGRESS, SIZE, SPEED, STATE
from gui.downloads.state import COLORS, State

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtCore import QModelIndex
    from PySide6.QtGui import QKeyEvent, QPaintEvent, QResizeEvent
    from PySide6.QtWidgets import QWidget

    from gui.downloads.model import Cells, DownloadsModel
    from gui.theme.theme import Theme

WIDEST = {STATE: "► Running", PROGRESS: "888 MB", SIZE: "888 MB", SPEED: "888 MB/s", LEFT: "88 min 88 s"}
"""Texts for which the columns have room; the address, the first one, takes what is left."""

LEAST_NAME = "images.unsplash…c41f4a759"
"""The address keeps so much room: where there is less, columns go, these first."""

GO_FIRST = (LEFT, SIZE, SPEED)
PADDING = 8
BAR_WIDTH, BAR_HEIGHT = 56, 6
LEFT_SIDE = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
RIGHT_SIDE = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
MOST_SHORTENED = 2_000


class DownloadsView(QTableView):
    """A table of rows that are all equally high, of which only the visible ones are ever looked at.

    Signals:
        pause_pressed: the space bar: pause the selected items, or let them go on.
        selection_told: other rows are selected.
    """

    pause_pressed = Signal()
    selection_told = Signal()

    def __init__(self, theme: Theme, model: DownloadsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._downloads = theme, model
        self._row_height = 24
        self._columns: list[tuple[int, int]] | None = None
        self._selected: list[tuple[int, int]] = []
        self._kept: list[int] = []
        self._shortened: dict[tuple[str, int], str] = {}
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        rows = self.verticalHeader()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.hide()
        self.setModel(model)
        columns = self.horizontalHeader()
        columns.setHighlightSections(False)
        # A header asks of each column whether all of its cells are selected: 150 ms, where 10,000 rows are.
        columns.setSelectionModel(QItemSelectionModel(model, self))
        columns.setSectionsClickable(False)
        columns.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        columns.sectionResized.connect(self._forget_columns)
        columns.geometriesChanged.connect(self._forget_columns)
        self.selectionModel().selectionChanged.connect(self._take_selection)
        model.modelReset.connect(self._forget_selection)
        model.rowsInserted.connect(self._read_selection)
        model.rowsRemoved.connect(self._read_selection)
        self.setAccessibleName("Addresses and their files")
        theme.changed.connect(self.restyle)
        self.restyle()

    @Slot()
    def restyle(self) -> None:
        """Take up the theme's colours and text size."""
        self._row_height = self.fontMetrics().height() + 8
        rows = self.verticalHeader()
        rows.setMinimumSectionSize(self._row_height)
        rows.setDefaultSectionSize(self._row_height)
        # Made once, not for each row: every one is a call into Qt.
        self._colors = {role: self._theme.color(role) for role in ("text", "muted", "line", "selection")}
        self._state_colors = {state: self._theme.color(role) for state, role in COLORS.items()}
        self._numbers = self._theme.numbers_font()
        self._shortened.clear()
        self.fit_columns()
        self.viewport().update()

    def fit_columns(self) -> None:
        """Make the columns of figures as wide as these can be, and give the address what is left."""
        words, numbers = self.fontMetrics(), QFontMetrics(self._numbers)
        headings = QFontMetrics(self.horizontalHeader().font())
        widths = {
            column: (words if column == STATE else numbers).horizontalAdvance(text) for column, text in WIDEST.items()
        }
        widths[PROGRESS] += BAR_WIDTH + PADDING
        fits = {
            column: max(width, headings.horizontalAdvance(COLUMNS[column])) + 2 * PADDING + 1
            for column, width in widths.items()
        }
        least, room = words.horizontalAdvance(LEAST_NAME) + 2 * PADDING, self.viewport().width()
        for column in GO_FIRST:
            is_too_much = sum(fits.values()) + least > room
            if is_too_much:
                del fits[column]
            self.setColumnHidden(column, is_too_much)
        fits[NAME] = max(least, room - sum(fits.values()))
        for column, width in fits.items():
            if self.columnWidth(column) != width:
                self.setColumnWidth(column, width)
        self._columns = None

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the address what is left."""
        super().resizeEvent(event)
        self.fit_columns()

    def visible_rows(self) -> tuple[int, int]:
        """The first and the last row that can be seen, or could be if there were that many."""
        top = self.verticalScrollBar().value()
        return top // self._row_height, (top + self.viewport().height() - 1) // self._row_height

    # ---------------------------------------------------------------- what is selected

    def selected_rows(self) -> list[tuple[int, int]]:
        """The selected rows as stretches (first, last), from the top."""
        return sorted(self._selected)

    def selected_ids(self) -> list[int]:
        """The numbers of the selected items."""
        model = self._downloads
        return [model.item(row).id for top, bottom in self.selected_rows() for row in range(top, bottom + 1)]

    def keep_selection(self) -> None:
        """Remember which items are selected, before rows come and go."""
        self._kept = self.selected_ids()

    def restore_selection(self) -> None:
        """Select the items again that `keep_selection` has seen, where they are still there."""
        kept, self._kept = self._kept, []
        if kept and kept != self.selected_ids():
            self.select_ids(kept)

    def select_ids(self, items: Iterable[int]) -> None:
        """Select the items with these numbers."""
        rows = sorted(row for row in map(self._downloads.row_of, items) if row >= 0)
        chosen = QItemSelection()
        begin = 0
        for at in range(1, len(rows) + 1):
            if at == len(rows) or rows[at] != rows[at - 1] + 1:
                model = self._downloads
                chosen.select(model.index(rows[begin], 0), model.index(rows[at - 1], len(COLUMNS) - 1))
                begin = at
        self.selectionModel().select(chosen, QItemSelectionModel.SelectionFlag.ClearAndSelect)

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
        self.selection_told.emit()

    @Slot()
    def _forget_selection(self) -> None:
        self._selected = []
        self.selection_told.emit()

    def moveCursor(self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """Home and End go to the first and the last row; Qt would go along the row, where nothing can be chosen."""
        if action is QAbstractItemView.CursorAction.MoveHome:
            return self._downloads.index(0, NAME)
        if action is QAbstractItemView.CursorAction.MoveEnd:
            return self._downloads.index(self._downloads.rowCount() - 1, NAME)
        return super().moveCursor(action, modifiers)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The space bar pauses; Qt would select with it, which the arrows do already."""
        if event.key() == Qt.Key.Key_Space and not event.modifiers():
            self.pause_pressed.emit()
            event.accept()
            return
        super().keyPressEvent(event)

    # ---------------------------------------------------------------- painting

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Scroll as ever; sideways, the columns lie elsewhere."""
        if dx:
            self._columns = None
        super().scrollContentsBy(dx, dy)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows that the event's region touches, column by column: so pens and fonts change seldom."""
        area = event.rect()
        top = self.verticalScrollBar().value()
        first = max(0, (area.top() + top) // self._row_height)
        last = min(self._downloads.rowCount() - 1, (area.bottom() + top) // self._row_height)
        if last < first:
            return
        if self._columns is None:
            self._columns = [(self.columnViewportPosition(at), self.columnWidth(at)) for at in range(len(COLUMNS))]
        rows = [(row * self._row_height - top, self._downloads.cells(row)) for row in range(first, last + 1)]
        painter = QPainter(self.viewport())
        self._paint_background(painter, rows, first, area.right() + 1)
        height = self._row_height
        painter.setPen(self._colors["text"])
        left, width = self._columns[NAME]
        room = width - 2 * PADDING
        for y, cells in rows:
            painter.drawText(left + PADDING, y, room, height, LEFT_SIDE, self._shorten(cells.texts[NAME], room))
        left, width = self._columns[STATE]
        for y, cells in rows:
            painter.setPen(self._state_colors[cells.state])
            painter.drawText(left + PADDING, y, width - PADDING, height, LEFT_SIDE, cells.texts[STATE])
        self._paint_bars(painter, rows)
        painter.setFont(self._numbers)
        painter.setPen(self._colors["text"])
        for column in (PROGRESS, SIZE, SPEED, LEFT):
            left, width = self._columns[column]
            for y, cells in rows if width else ():
                if cells.texts[column]:
                    painter.drawText(left, y, width - PADDING, height, RIGHT_SIDE, cells.texts[column])
        painter.end()

    def _paint_background(self, painter: QPainter, rows: list[tuple[int, Cells]], first: int, right: int) -> None:
        for top, bottom in self._selected:
            for row in range(max(top, first), min(bottom, first + len(rows) - 1) + 1):
                painter.fillRect(0, rows[row - first][0], right, self._row_height, self._colors["selection"])
        painter.setPen(self._colors["line"])
        bottom = self._row_height - 1
        painter.drawLines([QLine(0, y + bottom, right, y + bottom) for y, _ in rows])

    def _shorten(self, text: str, room: int) -> str:
        """An address says most at its ends: the host, and the file."""
        found = self._shortened.get((text, room))
        if found is None:
            if len(self._shortened) >= MOST_SHORTENED:
                self._shortened.clear()
            found = self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, room)
            self._shortened[text, room] = found
        return found

    def _paint_bars(self, painter: QPainter, rows: list[tuple[int, Cells]]) -> None:
        assert self._columns is not None
        left = self._columns[PROGRESS][0] + PADDING
        down = (self._row_height - BAR_HEIGHT) // 2
        for y, cells in rows:
            if cells.state is State.WAITING:
                continue
            color = self._state_colors[cells.state]
            if cells.share is None:
                painter.fillRect(left, y + down, BAR_WIDTH, BAR_HEIGHT, QBrush(color, Qt.BrushStyle.BDiagPattern))
                continue
            full = round(BAR_WIDTH * cells.share)
            if full < BAR_WIDTH:
                painter.fillRect(left + full, y + down, BAR_WIDTH - full, BAR_HEIGHT, self._colors["line"])
            if full:
                painter.fillRect(left, y + down, full, BAR_HEIGHT, color)
