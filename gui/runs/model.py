"""The figures of the runs that have ended, as a table model: texts, true numbers, explanations and colours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap

from gui.widgets.tables import SORT_ROLE, heading
from workers.reports.differences import Side
from workers.reports.verdict import cost_words
from workers.utils import formatting

if TYPE_CHECKING:
    from gui.theme.theme import Theme
    from gui.widgets.tables import Index
    from workers.engine.run import Run


class Column(NamedTuple):
    """One column: its name, what its figures mean, its heading where that is shorter, and whether they are numbers."""

    title: str
    tip: str
    heading: str
    is_number: bool = True


LATE = "How late the window was, in milliseconds, weighted by time. "
COLUMNS = (
    Column("Run", "Counts up from 1 since the program's start. A and B are the runs that are pinned", "Run", False),
    Column("Runner", "Where the tasks ran", "Runner", False),
    Column("Workload", "What the tasks did", "Workload", False),
    Column("Workers", "How many tasks ran at once", "Workers"),
    Column("Tasks", "How many tasks, and what became of them where not all ended well", "Tasks"),
    Column("Wall time", "From Start to the end of the last task", "Wall"),
    Column("Throughput", "Work done per second of wall time", "Speed"),
    Column("Lag p50", LATE + "p50: half of the time an event would have waited less than this.", "Lag p50"),
    Column("Lag p95", LATE + "p95: 95 % of the time an event would have waited less than this.", "p95"),
    Column("Lag p99", LATE + "p99: 99 % of the time an event would have waited less than this.", "p99"),
    Column("Lag max", LATE + "Max: the longest that any event would have waited.", "Max"),
    Column("Blocked", "Time in which the window could do nothing: all waits of over 50 ms, added up", "Blocked"),
    Column("Freezes", "How many times the window stood still for over 100 ms, which a person notices", "Freezes"),
    Column("Processor time", "What the program and the runner's processes used of the processors, added up", "CPU"),
    Column("Memory", "The most that the program and the runner's processes had at one time, added up", "Memory"),
    Column("Start-up", "From Start to the beginning of the first task", "Start-up"),
)
RUN, RUNNER, WORKLOAD, WORKERS, TASKS, WALL, THROUGHPUT, P50, P95, P99, WORST, BLOCKED, FREEZES = range(13)
CPU, MEMORY, STARTUP = range(13, len(COLUMNS))
LAGS = {P50: "p50", P95: "p95", P99: "p99", WORST: "max"}
NO_WINDOW = "The lag of this run was not measured."
NOT_KNOWN = "–"


class Row(NamedTuple):
    """A finished run.

    Attributes:
        runner: the runner's name, for its colour.
        texts: a text for each column, for copying and for tips.
        values: what each column is sorted by.
        shown: what each cell shows: the same, but short where a column would be wide.
        side: the run itself, with its names in full.
    """

    runner: str
    texts: tuple[str, ...]
    values: tuple[Any, ...]
    shown: tuple[str, ...]
    side: Side

    @property
    def number(self) -> int:
        """What the run is called: 1 is the first."""
        return int(self.values[RUN])


class Titles(NamedTuple):
    """What a runner or workload is called, in full and where there is little room."""

    full: str
    short: str


def row_of(number: int, run: Run, runner: Titles, workload: Titles, unit: str) -> Row:
    """The figures of a finished run. Where there was no window, its lag is a dash."""
    settings, recorder, lag = run.settings, run.recorder, run.lag
    parts = [
        f"{amount:,} {word}"
        for amount, word in (
            (recorder.done, "done"),
            (recorder.failed, "failed"),
            (recorder.cancelled, "cancelled"),
        )
        if amount
    ]
    tasks = f"{recorder.count:,}" if recorder.done == recorder.count else ", ".join(parts)
    file = f" (file {run.file})" if run.file else ""
    texts = [f"{number}{file}", runner.full, workload.full, f"{settings.workers:,}", tasks]
    texts += [formatting.seconds(run.wall_s), formatting.rate(run.per_s, unit)]
    # Throughputs of different units cannot be compared: they are sorted by unit, then by number.
    values: list[Any] = [number, runner.full, workload.full, settings.workers, recorder.done, run.wall_s]
    values.append((unit, run.per_s))
    if lag is None:
        texts += [NOT_KNOWN] * 6
        values += [-1.0] * 6
    else:
        figures = (lag.p50, lag.p95, lag.p99, lag.max)
        texts += [*map(formatting.milliseconds, figures), formatting.seconds(lag.blocked_s), f"{lag.freezes:,}"]
        values += [*figures, lag.blocked_s, lag.freezes]
    texts += [said or NOT_KNOWN for said in cost_words(run.resources).values()]
    values += [-1.0 if value is None else value for value in run.resources or (None, None, None)]
    shown = texts.copy()
    shown[RUN] = f"{number} (file)" if run.file else str(number)
    shown[RUNNER], shown[WORKLOAD] = runner.short, workload.short
    shown[THROUGHPUT] = formatting.short_rate(run.per_s, unit)
    if recorder.done != recorder.count:
        shown[TASKS] = f"{formatting.count(recorder.done)} of {formatting.count(recorder.count)}"
    side = Side(run, runner.full, workload.full, unit)
    return Row(settings.runner, tuple(texts), tuple(values), tuple(shown), side)


class RunsModel(QAbstractTableModel):
    """The rows, in the order of the runs.

    Attributes:
        rows: all of them.
        pins: which row is pinned as "A", and which as "B".
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.rows: list[Row] = []
        self.pins: dict[str, int] = {}

    def append(self, row: Row) -> None:
        """Add a run."""
        self.beginInsertRows(QModelIndex(), len(self.rows), len(self.rows))
        self.rows.append(row)
        self.endInsertRows()

    def pin(self, letter: str, at: int | None) -> None:
        """Pin a row as "A" or "B", or none; a row that was the other one is that no more."""
        if at is not None:
            self.pins = {other: row for other, row in self.pins.items() if row != at}
            self.pins[letter] = at
        else:
            self.pins.pop(letter, None)
        self.restyle()

    def pin_of(self, at: int) -> str:
        """As what a row is pinned; empty where it is not."""
        return next((letter for letter, row in self.pins.items() if row == at), "")

    def restyle(self) -> None:
        """Have every colour and marker asked for again."""
        if self.rows:
            last = self.index(len(self.rows) - 1, len(COLUMNS) - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own default, and never changed)
        """How many runs have ended."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own default, and never changed)
        """Always the same."""
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Headings, and what each figure means."""
        column = COLUMNS[section]
        return heading(orientation, role, column.heading, column.tip, _align(section))

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A cell's text and what it is sorted by; the runner's marker; a lag in the colour of its band."""
        row, column = self.rows[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return row.shown[column]
        if role == SORT_ROLE:
            return row.values[column]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _align(column)
        if role == Qt.ItemDataRole.FontRole:
            return self._theme.numbers_font() if COLUMNS[column].is_number else None
        if column == RUN and (pin := self.pin_of(index.row())):
            if role == Qt.ItemDataRole.DecorationRole:
                return self._badge(pin)
            if role == Qt.ItemDataRole.AccessibleTextRole:
                return f"{row.shown[RUN]}, pinned as {pin}"
        if role == Qt.ItemDataRole.DecorationRole and column == RUNNER:
            return self._marker(row.runner)
        if column in LAGS:
            lag = row.values[column]
            if role == Qt.ItemDataRole.ForegroundRole and lag >= 0:
                return self._theme.lag_color(lag)
            if role == Qt.ItemDataRole.ToolTipRole:
                return f"{COLUMNS[column].tip} Here: {self._theme.lag_word(lag)}." if lag >= 0 else NO_WINDOW
        if role != Qt.ItemDataRole.ToolTipRole:
            return None
        if column == RUN and row.side.run.file:
            return f"Opened from {row.side.run.file}. {COLUMNS[column].tip}."
        if column == RUNNER and row.side.run.notes:
            return " ".join((f"{row.texts[column]}.", *row.side.run.notes))
        if row.texts[column] != row.shown[column]:
            return f"{row.texts[column]}. {COLUMNS[column].tip}."
        return COLUMNS[column].tip

    @property
    def marker_size(self) -> int:
        """Of a runner's marker, in pixels."""
        return round(16 * self._theme.text_scale)

    def _badge(self, letter: str) -> QPixmap:
        """The letter of a pinned run."""
        size = self.marker_size
        pixmap = QPixmap(size, size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("accent"))
        painter.drawRoundedRect(QRectF(0, 0, size, size), 3, 3)
        painter.setPen(self._theme.color("on_accent"))
        font = self._theme.numbers_font(0.85)
        font.setBold(True)
        painter.setFont(font)
        painter.drawText(pixmap.rect(), Qt.AlignmentFlag.AlignCenter, letter)
        painter.end()
        return pixmap

    def _marker(self, runner: str) -> QPixmap:
        """The runner's shape in its colour, as large as the text."""
        size = self.marker_size
        pixmap = QPixmap(size, size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setPen(self._theme.runner_color(runner))
        painter.setFont(self._theme.numbers_font(1.1))
        painter.drawText(pixmap.rect(), Qt.AlignmentFlag.AlignCenter, self._theme.runner_marker(runner))
        painter.end()
        return pixmap


def _align(column: int) -> Qt.AlignmentFlag:
    if column == RUN:  # a narrow column at the panel's edge
        return Qt.AlignmentFlag.AlignCenter
    side = Qt.AlignmentFlag.AlignRight if COLUMNS[column].is_number else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
