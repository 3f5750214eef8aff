"""The tasks of one run as a table model: reads the recorder when a row is looked at, so a task costs nothing here."""

from __future__ import annotations

import time
from array import array
from bisect import bisect_left
from itertools import compress
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from workers.engine.task import Phase
from workers.reports.palette import STATES
from workers.utils import formatting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workers.engine.run import Run

COLUMNS = ("Task", "State", "Progress", "Speed", "Time", "Thread", "Result or error")
TASK, STATE, PROGRESS, SPEED, TIME, THREAD, ERROR = range(len(COLUMNS))

RUNNING = (Phase.STARTED, Phase.WAITING, Phase.PAUSED, Phase.RESUMED, Phase.PROGRESS)

PROGRESS_TIP = (
    "How much is done. The bar is measured against the largest task of this run that has ended so far, for a task's "
    "own size is known only at its end; hatched: nothing to measure against yet."
)
LINE_END = {True: Qt.AlignmentFlag.AlignRight, False: Qt.AlignmentFlag.AlignLeft}

Index = QModelIndex | QPersistentModelIndex


class Cells(NamedTuple):
    """One row as it is painted.

    Attributes:
        texts: a text for each column.
        phase: what happened last.
        share: how much of its bar is full, from 0 to 1; None while there is nothing to measure against.
    """

    texts: tuple[str, ...]
    phase: Phase
    share: float | None


class TaskModel(QAbstractTableModel):
    """All tasks of a run, or those that a filter lets through.

    Attributes:
        run: the run that is shown; None before the first.
        unit: what its amounts count.
    """

    def __init__(self) -> None:
        super().__init__()
        self.run: Run | None = None
        self.unit = ""
        self._count = 0
        self._shown: Sequence[int] | None = None

    def show_run(self, run: Run, unit: str) -> None:
        """Show another run, all of its tasks; amounts are in `unit`."""
        self.beginResetModel()
        self.run, self.unit = run, unit
        self._count, self._shown = run.recorder.count, None
        self.endResetModel()

    def show_only(self, phases: Sequence[Phase] | None) -> None:
        """Show the tasks that are in one of `phases` now; None shows all. Call again to bring it up to date.

        Rows go and come from the first that differs on; what is before it stays, also selected.
        """
        if self.run is None or (phases is None and self._shown is None):
            return
        before: Sequence[int] = range(self.run.recorder.count) if self._shown is None else self._shown
        after: Sequence[int] = range(self.run.recorder.count)
        if phases is not None:
            # One byte a task becomes 1 where it is let through; all of it in C, 2 ms for 100,000 tasks.
            marks = self.run.recorder.phases().translate(bytes(value in phases for value in range(256)))
            after = array("I", compress(range(len(marks)), marks))
        same = _common(before, after)
        if same < len(before):
            self.beginRemoveRows(QModelIndex(), same, len(before) - 1)
            self._shown, self._count = before[:same], same
            self.endRemoveRows()
        if same < len(after):
            self.beginInsertRows(QModelIndex(), same, len(after) - 1)
            self._shown, self._count = after, len(after)
            self.endInsertRows()
        self._shown, self._count = (None if phases is None else after), len(after)

    def refresh(self, first: int, last: int) -> bool:
        """Tell the view which of its visible rows, `first` to `last`, may look different now.

        Running tasks do, for their time goes on. Returns whether there were any.
        """
        run = self.run
        if run is None:
            return False
        changed = run.recorder.take_changed()
        last = min(last, self._count - 1)
        if last < first or (changed is None and not run.recorder.running):
            return False
        phases = run.recorder.phases()
        low, high = changed or (run.recorder.count, -1)
        rows = [
            row
            for row in range(first, last + 1)
            if low <= (index := self.task_index(row)) <= high or Phase.QUEUED < phases[index] < Phase.DONE
        ]
        if rows:
            self.dataChanged.emit(self.index(rows[0], 0), self.index(rows[-1], len(COLUMNS) - 1))
        return bool(rows)

    def task_index(self, row: int) -> int:
        """Which task of the run a row shows."""
        return row if self._shown is None else self._shown[row]

    def first_names(self, most: int) -> list[str]:
        """The names of the run's first tasks, `most` of them at most; none before the first run."""
        return [] if self.run is None else [self.run.plan.title(index) for index in range(min(self._count, most))]

    def first_places(self, most: int) -> list[str]:
        """Where the first tasks ran, `most` threads or processes at most; none before the first run."""
        return [] if self.run is None else self.run.recorder.places[:most]

    def row_of(self, index: int) -> int:
        """The row that shows a task of the run, by its index; -1 where the filter does not let it through."""
        if self._shown is None:
            return index
        row = bisect_left(self._shown, index)
        return row if row < len(self._shown) and self._shown[row] == index else -1

    def cells(self, row: int) -> Cells:
        """One row, ready to be painted."""
        assert self.run is not None
        recorder = self.run.recorder
        index = self.task_index(row)
        task = recorder.row(index)
        phase = task.phase
        sign, word = STATES[phase]
        is_running = Phase.QUEUED < phase < Phase.DONE
        ended = task.ended or (time.perf_counter() if is_running else 0.0)
        spent = max(0.0, ended - task.started) if task.started else 0.0
        share: float | None = 0.0
        if phase is Phase.DONE:
            share = 1.0
        elif phase is not Phase.QUEUED:
            # Never quite full before the end: a task may well be the largest of all.
            share = min(0.98, task.amount / recorder.largest) if recorder.largest else None if is_running else 0.0
        texts = (
            self.run.plan.title(index),
            f"{sign} {word}",
            formatting.amount(task.amount, self.unit) if task.started else "",
            formatting.rate(task.speed, self.unit) if task.speed else "",
            formatting.seconds(spent) if task.started else "",
            task.place,
            formatting.error_line(task.error) if task.error else recorder.texts.get(index, ""),
        )
        return Cells(texts, phase, share)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own default, and never changed)
        """How many tasks are shown."""
        return 0 if parent.isValid() else self._count

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own default, and never changed)
        """The same for every run."""
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The columns' names, over numbers on the right as the numbers are."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return LINE_END[section in {SPEED, TIME}] | Qt.AlignmentFlag.AlignVCenter
        return PROGRESS_TIP if role == Qt.ItemDataRole.ToolTipRole and section == PROGRESS else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A cell's text and tooltip, for screen readers, for copying and for tips; `TaskView` paints by `cells`."""
        if self.run is None or not index.isValid():
            return None
        column = index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self.cells(index.row()).texts[column]
        if role == Qt.ItemDataRole.ToolTipRole:
            if column == ERROR:
                return self.error(index.row()) or self.data(index) or None
            if column == THREAD:  # a long one is cut
                return self.data(index) or None
            return PROGRESS_TIP if column == PROGRESS else None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return LINE_END[column in {SPEED, TIME}] | Qt.AlignmentFlag.AlignVCenter
        return None

    def error(self, row: int) -> str:
        """The whole traceback of a task that failed; empty for the others."""
        return self.run.recorder.errors.get(self.task_index(row), "") if self.run is not None else ""


def _common(before: Sequence[int], after: Sequence[int]) -> int:
    """How many elements two rising sequences have in common at their start; by halving, each half compared in C."""
    low, high = 0, min(len(before), len(after))
    while low < high:
        middle = (low + high + 1) // 2
        # Both rise strictly from 0 or more, but equal ends do not prove equal middles: compare the stretch itself.
        if array("I", before[low:middle]) == array("I", after[low:middle]):
            low = middle
        else:
            high = middle - 1
    return low
