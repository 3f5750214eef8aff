"""The table of a benchmark's cells: sorts by the true figures, columns as wide as their contents. In the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QFontMetrics, QGuiApplication
from PySide6.QtWidgets import QTableView

from gui.tables.tables import Column, FiguresModel, FiguresProxy, add_copy, set_row_height, set_up
from gui.widgets.fields import named
from gui.widgets.panels import LEFT_SIDE
from workers.benchmark.figures import SHOWN, from_to
from workers.catalog.user_names import short

if TYPE_CHECKING:
    from PySide6.QtGui import QColor, QIcon

    from gui.theme.theme import Theme
    from workers.benchmark.results import Benchmark, CellResult


class BenchmarkTable(QTableView):
    """Every cell of the matrix, with dashes where nothing was measured yet."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.cells = BenchmarkModel(theme)
        self.proxy = FiguresProxy(self.cells)
        self.setModel(self.proxy)
        set_up(self, "Figures of the benchmark")
        headings = named(self.horizontalHeader(), "narrow")
        headings.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)
        add_copy(self, "Copy rows", self.copy)
        theme.changed.connect(self.restyle)
        self.restyle()

    def show_benchmark(self, benchmark: Benchmark) -> None:
        self.cells.show_benchmark(benchmark)
        self._fit_columns()

    @Slot()
    def copy(self) -> None:
        """Put all rows on the clipboard, as a spreadsheet takes them."""
        QGuiApplication.clipboard().setText(self.proxy.text())

    @Slot()
    def restyle(self) -> None:
        set_row_height(self, self.fontMetrics().height() + 10)
        self._fit_columns()
        self.cells.tell_all()

    def _fit_columns(self) -> None:
        texts, numbers = self.fontMetrics(), QFontMetrics(self._theme.numbers_font())
        headings = QFontMetrics(self.horizontalHeader().font())
        for at, column in enumerate(COLUMNS):
            # Measured here: Qt asks its delegate for each cell of each column, a quarter of a second for 120 cells.
            advance = (numbers if column.is_number else texts).horizontalAdvance
            width = max(map(advance, {row.shown[at] for row in self.cells.rows}), default=0)
            if at == RUNNER:
                width += round(14 * self._theme.text_scale) + 8
            width = max(width, headings.horizontalAdvance(column.title) + 4) + 16
            if self.columnWidth(at) != width:
                self.setColumnWidth(at, width)


FIGURES = [Column(figure.title, figure.tip) for figure in SHOWN]
COLUMNS = (
    Column("Work", "What the tasks did", LEFT_SIDE),
    Column("Runner", "Where the tasks ran", LEFT_SIDE),
    Column("Workers", "How many tasks ran at once"),
    FIGURES[0],
    Column("Spread", "From the slowest run to the fastest"),
    *FIGURES[1:],
    Column("Runs", "How many runs the medians are of"),
)
WORK, RUNNER, WORKERS, SPEED_UP, SPREAD, STARTED, SPEED, P99, WORST, CPU, MEMORY, START, RUNS = range(
    len(COLUMNS)
)
LAGS = (P99, WORST)


class CellRow(NamedTuple):
    """A cell: what people call its work, a text for each column, what each is sorted by, and what each cell shows."""

    result: CellResult
    work: str
    texts: tuple[str, ...]
    values: tuple[Any, ...]
    shown: tuple[str, ...]


def row_of(result: CellResult, benchmark: Benchmark) -> CellRow:
    """The figures of a cell. What was not measured is a dash."""
    matrix, cell = benchmark.matrix, result.cell
    texts = [short(cell.workload), matrix.runner_titles[cell.runner], f"{cell.workers:,}"]
    values: list[Any] = [*texts[:2], cell.workers]
    for figure in SHOWN:
        spread = figure.of(result)
        texts.append(figure.text(result))
        values.append(-1.0 if spread is None else spread.median)
    texts.insert(SPREAD, from_to(result))
    spread = result.gains
    values.insert(SPREAD, spread.high - spread.low if spread is not None and result.runs > 1 else -1.0)
    values[SPEED] = (result.unit, values[SPEED])  # speeds of different units cannot be compared
    texts.append(f"{result.runs:,}")
    values.append(result.runs)
    shown = texts.copy()
    if result.problem and not result.runs:
        shown[SPEED_UP] = "failed"
    return CellRow(result, matrix.workload_titles[cell.workload], tuple(texts), tuple(values), tuple(shown))


class BenchmarkModel(FiguresModel):
    """All cells of the matrix, measured or not yet.

    Attributes:
        rows: in the matrix's order.
    """

    rows: list[CellRow]

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, COLUMNS, LAGS)
        self._benchmark: Benchmark | None = None

    def show_benchmark(self, benchmark: Benchmark) -> None:
        rows = [row_of(benchmark.result(cell), benchmark) for cell in benchmark.matrix.cells]
        if benchmark is self._benchmark:
            before, self.rows = self.rows, rows
            for at, row in enumerate(rows):
                if row != before[at]:
                    self.tell(at, at)
            return
        self.beginResetModel()
        self._benchmark, self.rows = benchmark, rows
        self.endResetModel()

    def color(self, row: CellRow, column: int) -> QColor | None:
        is_bad = row.result.problem and column == SPEED_UP
        return self._theme.color("bad") if is_bad else super().color(row, column)

    def picture(self, row: CellRow, column: int) -> QIcon | None:
        size = round(14 * self._theme.text_scale)
        return self._theme.runner_icon(row.result.cell.runner, size) if column == RUNNER else None

    def tip(self, row: CellRow, column: int) -> str:
        text = row.work if column == WORK else row.texts[column]
        return row.result.problem or f"{text}. {COLUMNS[column].tip}."
