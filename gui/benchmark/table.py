"""The table of a benchmark's cells: sorts by the true figures, columns as wide as their contents. In the GUI thread.

The cells of a benchmark as a table model: texts, true numbers, explanations and colours. In the GUI thread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QAbstractTableModel, QModelIndex, Qt, Slot
from PySide6.QtGui import QFontMetrics, QGuiApplication
from PySide6.QtWidgets import QTableView

from gui.widgets.fields import named
from gui.widgets.tables import SORT_ROLE, FiguresProxy, add_copy, heading, set_row_height, set_up
from workers.benchmark.findings import times
from workers.catalog.user_names import short
from workers.utils import formatting

if TYPE_CHECKING:
    from collections.abc import Callable

    from gui.theme.theme import Theme
    from gui.widgets.tables import Index
    from workers.benchmark.results import Benchmark, Result, Spread

ROOM = 16
"""Pixels beside a column's widest text."""


class BenchmarkTable(QTableView):
    """Every cell of the matrix, with dashes where nothing was measured yet."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.cells = BenchmarkModel(theme)
        self._proxy = FiguresProxy()
        self._proxy.setSourceModel(self.cells)
        self.setModel(self._proxy)
        set_up(self, "Figures of the benchmark")
        headings = named(self.horizontalHeader(), "narrow")
        headings.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)
        add_copy(self, "Copy rows", self.copy)
        theme.changed.connect(self.restyle)
        self.restyle()

    def show_benchmark(self, benchmark: Benchmark) -> None:
        """Show its cells as they are now."""
        self.cells.show_benchmark(benchmark)
        self._fit_columns()

    def text(self) -> str:
        """All rows as they are sorted now, with tabs and a line of headings."""
        lines = ["\t".join(column.title for column in COLUMNS)]
        for row in range(self._proxy.rowCount()):
            at = self._proxy.mapToSource(self._proxy.index(row, 0)).row()
            lines.append("\t".join(self.cells.rows[at].texts))
        return "\n".join(lines) + "\n"

    @Slot()
    def copy(self) -> None:
        """Put all rows on the clipboard, as a spreadsheet takes them."""
        QGuiApplication.clipboard().setText(self.text())

    @Slot()
    def restyle(self) -> None:
        """Take up the theme's colours and text size."""
        set_row_height(self, self.fontMetrics().height() + 10)
        self._fit_columns()
        self.cells.restyle()

    def _fit_columns(self) -> None:
        headings = QFontMetrics(self.horizontalHeader().font())
        words, numbers = self.fontMetrics(), QFontMetrics(self._theme.numbers_font())
        for at, column in enumerate(COLUMNS):
            metrics = numbers if column.is_number else words
            texts = {row.texts[at] for row in self.cells.rows}
            width = max((metrics.horizontalAdvance(text) for text in texts), default=0)
            if at == RUNNER:
                width += round(14 * self._theme.text_scale) + 8
            width = max(width, headings.horizontalAdvance(column.title) + 4) + ROOM
            if self.columnWidth(at) != width:
                self.setColumnWidth(at, width)


NOT_YET = "–"


class Column(NamedTuple):
    """One column: its name, what its figures mean, and whether they are numbers."""

    title: str
    tip: str
    is_number: bool = True


COLUMNS = (
    Column("Work", "What the tasks did", False),
    Column("Runner", "Where the tasks ran", False),
    Column("Workers", "How many tasks ran at once"),
    Column("Speed-up", "How many times as fast as the GUI thread did the same work; the place's start is part of it"),
    Column("Spread", "From the slowest run to the fastest"),
    Column("Once started", "The same without the time that the place took to start"),
    Column("Speed", "Work done per second of wall time"),
    Column("Lag p99", "99 % of the time an event in the window would have waited less than this"),
    Column("Lag max", "The longest that any event in the window would have waited"),
    Column("CPU", "Processor time of the program and of the processes that the runner started"),
    Column("Memory", "The most memory that all of these processes had at one time, the window's among it"),
    Column("Start", "From Start to the first task's beginning"),
    Column("Runs", "How many runs the medians are of"),
)
WORK, RUNNER, WORKERS, SPEED_UP, SPREAD, STARTED, SPEED, P99, WORST, CPU, MEMORY, START, RUNS = range(len(COLUMNS))
LAGS = (P99, WORST)


class Row(NamedTuple):
    """A cell: what people call its work, a text for each column, and what each is sorted by."""

    result: Result
    work: str
    texts: tuple[str, ...]
    values: tuple[Any, ...]


def row_of(result: Result, benchmark: Benchmark) -> Row:
    """The figures of a cell. What was not measured is a dash."""
    matrix, cell, unit = benchmark.matrix, result.cell, result.unit
    texts = [short(cell.workload), matrix.runner_titles[cell.runner], f"{cell.workers:,}"]
    values: list[Any] = [*texts[:2], cell.workers]
    spread = result.speed_up
    ranged = spread is not None and result.runs > 1
    figures: tuple[tuple[Spread | None, Callable[[float], str]], ...] = (
        (result.speed_up, times),
        (result.started_speed_up, times),
        (result.per_s, lambda value: formatting.short_rate(value, unit)),
        (result.lag_p99_ms, formatting.milliseconds),
        (result.lag_max_ms, formatting.milliseconds),
        (result.cpu_s, formatting.seconds),
        (result.peak_memory_mib, formatting.memory),
        (result.startup_s, formatting.seconds),
    )
    for one, said in figures:
        texts.append(NOT_YET if one is None else said(one.median))
        values.append(-1.0 if one is None else one.median)
    low_high = f"{times(spread.low)[:-1]} to {times(spread.high)[:-1]}" if ranged and spread is not None else NOT_YET
    texts.insert(SPREAD, low_high)
    values.insert(SPREAD, spread.high - spread.low if ranged and spread is not None else -1.0)
    values[SPEED] = (unit, values[SPEED])  # speeds of different units cannot be compared
    texts.append(f"{result.runs:,}")
    values.append(result.runs)
    return Row(result, matrix.workload_titles[cell.workload], tuple(texts), tuple(values))


class BenchmarkModel(QAbstractTableModel):
    """All cells of the matrix, measured or not yet.

    Attributes:
        rows: in the matrix's order.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.rows: list[Row] = []
        self._benchmark: Benchmark | None = None

    def show_benchmark(self, benchmark: Benchmark) -> None:
        """Show its cells as they are now."""
        rows = [row_of(benchmark.result(cell), benchmark) for cell in benchmark.matrix.cells]
        if benchmark is self._benchmark:
            changed = [at for at, row in enumerate(rows) if row.texts != self.rows[at].texts]
            self.rows = rows
            for at in changed:
                self.dataChanged.emit(self.index(at, 0), self.index(at, len(COLUMNS) - 1))
            return
        self.beginResetModel()
        self._benchmark, self.rows = benchmark, rows
        self.endResetModel()

    def restyle(self) -> None:
        """Have every colour asked for again."""
        if self.rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows) - 1, len(COLUMNS) - 1))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own default, and never changed)
        """How many cells there are."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own default, and never changed)
        """Always the same."""
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Headings, and what each figure means."""
        column = COLUMNS[section]
        return heading(orientation, role, column.title, column.tip, _align(section))

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A cell's text and what it is sorted by; a lag in the colour of its band; why a cell went wrong."""
        row, column = self.rows[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            if row.result.problem and column == SPEED_UP and not row.result.runs:
                return "failed"
            return row.texts[column]
        if role == SORT_ROLE:
            return row.values[column]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _align(column)
        if role == Qt.ItemDataRole.FontRole:
            return self._theme.numbers_font() if COLUMNS[column].is_number else None
        if role == Qt.ItemDataRole.DecorationRole and column == RUNNER:
            return self._theme.runner_icon(row.result.cell.runner, round(14 * self._theme.text_scale))
        if role == Qt.ItemDataRole.ForegroundRole:
            if row.result.problem and column == SPEED_UP:
                return self._theme.color("bad")
            if column in LAGS and row.values[column] >= 0:
                return self._theme.lag_color(row.values[column])
        if role == Qt.ItemDataRole.ToolTipRole:
            text = row.work if column == WORK else row.texts[column]
            return row.result.problem or f"{text}. {COLUMNS[column].tip}."
        return None


def _align(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if COLUMNS[column].is_number else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
