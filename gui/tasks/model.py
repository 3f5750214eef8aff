"""The tasks of one run as a table model: reads the recorder when a row is looked at, so a task costs nothing here."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from gui.tables.fast_model import Cells, FastModel, let_through
from gui.tables.tables import Column
from gui.widgets.panels import LEFT_SIDE
from workers.engine.task import Phase
from workers.reports.palette import PHASES, STATES
from workers.utils import formatting

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from workers.engine.run import Run

PROGRESS_TIP = (
    "How much is done. The bar is measured against the largest task of this run that has ended so far, for a task's "
    "own size is known only at its end; hatched: nothing to measure against yet."
)
COLUMNS = (
    Column("Task", align=LEFT_SIDE, widest=("primes 8,888",)),
    Column(
        "State",
        align=LEFT_SIDE,
        widest=tuple(f"{sign} {word}" for sign, word in STATES.values()),
        row_roles=frozenset(PHASES.values()),
    ),
    Column("Progress", PROGRESS_TIP, LEFT_SIDE, bar=48),
    Column("Speed"),
    Column("Time", widest=("888 ms",)),
    Column("Thread", align=LEFT_SIDE, widest=("QThread 88",), role="muted"),
    Column("Result or error", align=LEFT_SIDE, role="muted", row_roles={PHASES[Phase.FAILED]}),
)
TASK, STATE, PROGRESS, SPEED, TIME, THREAD, ERROR = range(len(COLUMNS))

RUNNING = (Phase.STARTED, Phase.WAITING, Phase.PAUSED, Phase.RESUMED, Phase.PROGRESS)

MAX_MEASURED = 50
"""Names of tasks, and of threads, that are measured: not all hundred thousand."""

MAX_AMOUNT = 8_888
"""No amount of a unit takes more room than this one: larger ones are thousands (k), millions (M) or gigabytes."""

MIN_RATE = 0.088
"""A rate has no longer figure than this one."""


class TaskModel(FastModel):
    """All tasks of a run, or those that a filter lets through.

    Attributes:
        run: the run that is shown; None before the first.
        unit: what its amounts count.
    """

    def __init__(self) -> None:
        super().__init__(COLUMNS)
        self.run: Run | None = None
        self.unit = ""

    def show_run(self, run: Run, unit: str) -> None:
        self.beginResetModel()
        self.run, self.unit = run, unit
        self.rows = range(run.recorder.count)
        self.endResetModel()

    def clear(self) -> None:
        """Show no run."""
        self.beginResetModel()
        self.run, self.rows = None, range(0)
        self.endResetModel()

    def show_only(self, phases: Sequence[Phase] | None) -> None:
        """Show the tasks that are in one of `phases` now; None shows all. Call again to bring it up to date."""
        if self.run is not None:
            self.show_places(let_through(self.run.recorder.phases(), phases))

    def refresh(self, first: int, last: int) -> None:
        """Tell the view which of its visible rows, `first` to `last`, may look different now.

        Running tasks do, for their time goes on.
        """
        run = self.run
        if run is None:
            return
        changed = run.recorder.take_changed()
        last = min(last, len(self.rows) - 1)
        if last < first or (changed is None and not run.recorder.running):
            return
        phases = run.recorder.phases()
        low, high = changed or (run.recorder.count, -1)
        rows = [
            row
            for row in range(first, last + 1)
            if low <= (index := self.rows[row]) <= high or Phase.QUEUED < phases[index] < Phase.DONE
        ]
        if rows:
            self.tell(rows[0], rows[-1])

    def samples(self, column: int) -> Iterable[str]:
        """Names of the run's first tasks and places, and the longest amounts of its unit."""
        # The longest words of bytes are not those of the largest amount.
        if column == PROGRESS:
            is_bytes = self.unit == "bytes"
            amount = formatting.amount(MAX_AMOUNT, self.unit)
            return ("888 MB", "888 kB", "888 bytes") if is_bytes else (amount, "8.8M")
        if column == SPEED:
            # Not the amounts with "/s": a rate of seconds has other words.
            return [formatting.rate(value, self.unit) for value in (MIN_RATE, 888, MAX_AMOUNT, 88e6)]
        if self.run is None:
            return ()
        if column == TASK:
            return map(self.run.plan.title, range(min(self.run.recorder.count, MAX_MEASURED)))
        return self.run.recorder.places[:MAX_MEASURED] if column == THREAD else ()

    def cells(self, row: int) -> Cells:
        assert self.run is not None
        recorder = self.run.recorder
        index = self.rows[row]
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
            share = None if is_running else 0.0
            if recorder.largest:
                share = min(0.98, task.amount / recorder.largest)
        title = self.run.plan.title(index)
        texts = (
            title,
            f"{sign} {word}",
            formatting.amount(task.amount, self.unit) if task.started else "",
            formatting.rate(task.speed, self.unit) if task.speed else "",
            formatting.seconds(spent) if task.started else "",
            task.place,
            formatting.error_line(task.error).removeprefix(f"{title}: ")
            if task.error
            else recorder.texts.get(index, ""),
        )
        return Cells(texts, PHASES[phase], share, phase is not Phase.QUEUED)

    def tip(self, row: int, column: int) -> str:
        """The whole of an error, or of what is cut where it is long."""
        if column in {THREAD, ERROR}:
            return (column == ERROR and self.error(row)) or self.cells(row).texts[column]
        return super().tip(row, column)

    def error(self, row: int) -> str:
        """The whole traceback of a task that failed; empty for the others."""
        return self.run.recorder.errors.get(self.rows[row], "") if self.run is not None else ""
