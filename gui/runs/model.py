"""The figures of the runs that have ended, as a table model: texts, true numbers, explanations and colours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QModelIndex, QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap

from gui.tables.tables import Column, FiguresModel
from gui.widgets.panels import LEFT_SIDE, MIDDLE
from workers.engine.plan import BLOCKING
from workers.reports.differences import Side
from workers.reports.verdict import cost_words
from workers.reports.watched import is_watched
from workers.utils import formatting

if TYPE_CHECKING:
    from gui.tables.tables import Index
    from gui.theme.theme import Theme
    from workers.engine.run import Run


LATE = "How late the window was, in milliseconds, weighted by time. "
COLUMNS = (
    # The first one is a narrow column at the panel's edge.
    Column("Run", "Counts up from 1 since the program's start. A and B are the runs that are pinned", MIDDLE),
    Column("Runner", "Where the tasks ran", LEFT_SIDE),
    Column("Workload", "What the tasks did", LEFT_SIDE),
    Column("Workers", "How many tasks ran at once"),
    Column("Tasks", "How many tasks, and what became of them where not all ended well"),
    Column("Wall time", "From Start to the end of the last task", heading="Wall"),
    Column("Throughput", "Work done per second of wall time", heading="Speed"),
    Column("Lag p50", LATE + "p50: half of the time an event would have waited less than this."),
    Column("Lag p95", LATE + "p95: 95 % of the time an event would have waited less than this.", heading="p95"),
    Column("Lag p99", LATE + "p99: 99 % of the time an event would have waited less than this.", heading="p99"),
    Column("Lag max", LATE + "Max: the longest that any event would have waited.", heading="Max"),
    Column("Blocked", "Time in which the window could do nothing: all waits of over 50 ms, added up"),
    Column("Freezes", "How many times the window was frozen: still for over 700 ms"),
    Column(
        "Processor time",
        "What the program and the runner's processes used of the processors, added up",
        heading="CPU",
    ),
    Column("Memory", "The most that the program and the runner's processes had at one time, added up"),
    Column("Start-up", "From Start to the beginning of the first task"),
)
RUN, RUNNER, WORKLOAD, WORKERS, TASKS, WALL, THROUGHPUT, P50, P95, P99, WORST, BLOCKED, FREEZES = range(13)
CPU, MEMORY, STARTUP = range(13, len(COLUMNS))

ALWAYS = (RUN, RUNNER, WORKLOAD, FREEZES)
"""Columns that are always there, in this order, before the others."""

NOT_AT_FIRST = (P50, P95, STARTUP)
"""Columns that are there once somebody wants them."""

LAGS = {P50, P95, P99, WORST}
NO_WINDOW = "The lag of this run was not measured."
NOT_KNOWN = "–"


class RunRow(NamedTuple):
    """A finished run.

    Attributes:
        runner: the runner's name, for its colour.
        texts: a text for each column, for copying and for tips.
        values: what each column is sorted by.
        shown: what each cell shows: the same, but short where its column tells the rest.
        side: the run itself, with its names in full.
    """

    runner: str
    texts: tuple[str, ...]
    values: tuple[Any, ...]
    shown: tuple[str, ...]
    side: Side

    @property
    def number(self) -> int:
        return int(self.values[RUN])


def row_of(number: int, run: Run, runner: str, workload: str, unit: str) -> RunRow:
    """The figures of a finished run. Where there was no window, its lag is a dash."""
    settings, recorder, lag = run.settings, run.recorder, run.lag
    ends = {"done": recorder.done, "failed": recorder.failed, "cancelled": recorder.cancelled}
    parts = [f"{amount:,} {word}" for word, amount in ends.items() if amount]
    tasks = f"{recorder.count:,}" if recorder.done == recorder.count else ", ".join(parts)
    workers = 1 if settings.runner == BLOCKING else settings.workers
    file = f" (file {run.file})" if run.file else ""
    cells: list[tuple[str, Any]] = [
        (f"{number}{file}", number),
        (runner, runner),
        (workload, workload),
        (f"{workers:,}", workers),
        (tasks, recorder.done),
        (formatting.seconds(run.wall_s), run.wall_s),
        # Throughputs of different units cannot be compared: they are sorted by unit, then by number.
        (NOT_KNOWN if is_watched(run) else formatting.rate(run.per_s, unit), (unit, run.per_s)),
    ]
    if lag is None:
        cells += [(NOT_KNOWN, -1.0)] * 6
    else:
        cells += [(formatting.milliseconds(late), late) for late in (lag.p50, lag.p95, lag.p99, lag.max)]
        cells += [(formatting.seconds(lag.blocked_s), lag.blocked_s), (f"{lag.freezes:,}", lag.freezes)]
    costs = zip(cost_words(run.resources).values(), run.resources or (None, None, None), strict=True)
    cells += [(said or NOT_KNOWN, -1.0 if value is None else value) for said, value in costs]
    texts, values = zip(*cells, strict=True)
    shown = list(texts)
    shown[RUN] = f"{number} (file)" if run.file else str(number)
    shown[THROUGHPUT] = NOT_KNOWN if is_watched(run) else formatting.short_rate(run.per_s, unit)
    if recorder.done != recorder.count:
        shown[TASKS] = f"{formatting.count(recorder.done)} of {formatting.count(recorder.count)}"
    side = Side(run, runner, workload, unit)
    return RunRow(settings.runner, texts, values, tuple(shown), side)


class RunsModel(FiguresModel):
    """The rows, in the order of the runs.

    Attributes:
        rows: all of them.
        pins: which row is pinned as "A", and which as "B".
    """

    rows: list[RunRow]

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, COLUMNS, LAGS)
        self.pins: dict[str, int] = {}

    def append(self, row: RunRow) -> None:
        self.beginInsertRows(QModelIndex(), len(self.rows), len(self.rows))
        self.rows.append(row)
        self.endInsertRows()

    def pin(self, letter: str, at: int | None) -> None:
        """Pin a row as "A" or "B", or none as that; a row that was pinned as the other one moves."""
        self.pins = {other: row for other, row in self.pins.items() if row != at and other != letter}
        if at is not None:
            self.pins[letter] = at
        self.tell_all()

    def pin_of(self, at: int) -> str:
        return next((letter for letter, row in self.pins.items() if row == at), "")

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.AccessibleTextRole and index.column() == RUN:
            pin = self.pin_of(index.row())
            return f"{self.rows[index.row()].shown[RUN]}, pinned as {pin}" if pin else None
        return super().data(index, role)

    def picture(self, row: RunRow, column: int) -> QPixmap | None:
        if column == RUN:
            # The numbers of all runs stay in line: who is not pinned has the room of a badge.
            return self._badge(self.pin_of(row.number - 1)) if self.pins else None
        size = self.marker_size
        return self._theme.runner_icon(row.runner, size).pixmap(size) if column == RUNNER else None

    def tip(self, row: RunRow, column: int) -> str:
        tip, text = COLUMNS[column].tip, row.texts[column]
        if column in LAGS:
            lag = row.values[column]
            return f"{tip} Here: {self._theme.lag_word(lag)}." if lag >= 0 else NO_WINDOW
        if column == RUN and row.side.run.file:
            return f"Opened from {row.side.run.file}. {tip}."
        if column == RUNNER and row.side.run.notes:
            return " ".join((f"{text}.", *row.side.run.notes))
        return f"{text}. {tip}." if text != row.shown[column] else tip

    @property
    def marker_size(self) -> int:
        return round(16 * self._theme.text_scale)

    def _badge(self, letter: str) -> QPixmap:
        size = self.marker_size
        pixmap = QPixmap(size, size)
        pixmap.fill(Qt.GlobalColor.transparent)
        if not letter:
            return pixmap
        with QPainter(pixmap) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.color("accent"))
            painter.drawRoundedRect(QRectF(0, 0, size, size), 3, 3)
            painter.setPen(self._theme.color("on_accent"))
            font = self._theme.numbers_font(0.85)
            font.setBold(True)
            painter.setFont(font)
            painter.drawText(pixmap.rect(), Qt.AlignmentFlag.AlignCenter, letter)
        return pixmap
