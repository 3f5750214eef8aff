"""Runs without a window: Qt's event loop for the runners that signal, a progress bar and a table on the terminal."""

from __future__ import annotations

import itertools
import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Slot
from rich import box
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from gui.controllers.core import Core
from gui.process import ending, streams
from gui.process.log import log
from gui.terminal.outcome import Outcome
from gui.terminal.several import HeadlessSeveral
from workers.catalog import user_names
from workers.engine.loading import preload
from workers.engine.task import Phase
from workers.reports.differences import at_once
from workers.run_files.reader import open_run
from workers.run_files.writer import drain
from workers.utils.errors import limit_of
from workers.utils.formatting import rate, seconds

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from workers.command_line.parser import Options
    from workers.engine.run import Run
    from workers.engine.task import TaskEvent

BAR_S = 0.05
"""The progress bar moves at most once in this time."""

HEADINGS = ("runner", "workload", "tasks", "done", "failed", "cancelled", "workers", "wall time", "throughput")


class Headless(QObject):
    """One run, or a comparison, on the terminal."""

    def __init__(self, options: Options) -> None:
        super().__init__()
        self._options = options
        self.core = core = Core(options, emit=self._emit)
        self.outcome = Outcome(options)
        self._runs: list[Run] = []
        self._ended = itertools.count(1)
        self._bar_due = 0.0
        # The bar is drawn by a thread of its own, so it moves on the GUI-thread runner too; not into a pipe or a file.
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            disable=not sys.stderr.isatty(),
            transient=True,
        )
        self._bar = self._progress.add_task("", total=None)
        core.director.begun.connect(self._begun)
        core.director.finished.connect(self._keep_run)
        core.director.finished.connect(self.outcome.take_run)
        core.director.compared.connect(self.outcome.take_comparison)
        core.director.refused.connect(self._refused)
        core.director.idle.connect(self._idle)
        core.leaving.begun.connect(self._stop_bar)

    def _emit(self, event: TaskEvent) -> None:
        """Any thread: count what has ended for the bar, and pass it on.

        The bar is told now and then: that takes longer than many a task of which there are a hundred thousand.
        """
        if event.phase >= Phase.DONE:
            ended = next(self._ended)  # one call in C: two threads never get the same number
            # By the event's clock: to ask for the time is a fiftieth of a short task.
            if event.time >= self._bar_due:
                self._bar_due = event.time + BAR_S
                self._progress.update(self._bar, completed=ended)
        self.core.bridge.post(event)

    @Slot()
    def begin(self) -> None:
        self.core.begin()
        self.core.leaving.install()
        self._progress.start()
        # As the window does before Start.
        preload(self._options.settings.runner_entry, self._options.settings.workload_entry)
        if self._options.compare:
            self.core.director.compare(self._options.settings)
        else:
            self.core.director.start(self._options.settings)

    @Slot(object)
    def _begun(self, run: Run) -> None:
        self._ended = itertools.count(1)
        self._bar_due = 0.0
        self._progress.reset(
            self._bar,
            total=run.recorder.count,
            description=f"{user_names.title(run.settings.workload)} {run.settings.runner_entry.where}",
        )

    @Slot(object)
    def _keep_run(self, run: Run) -> None:
        self._runs.append(run)

    @Slot()
    def _stop_bar(self) -> None:
        self._progress.stop()

    @Slot(str)
    def _refused(self, why: str) -> None:
        self.outcome.problem = why

    @Slot()
    def _idle(self) -> None:
        self._progress.stop()
        if self.core.leaving.is_leaving:
            return
        self.core.leaving.leave_after(self._tell)

    def _tell(self) -> int:
        if self._runs and not self._options.json:
            _print(self._runs)
        return self.outcome.tell()

    def close(self) -> None:
        self._progress.stop()
        self.core.close()


def _print(runs: list[Run]) -> None:
    with streams.printing() as out:
        Console(file=out).print(_table(runs))


def _table(runs: list[Run]) -> Table:
    """A column for each run, so that it fits a terminal of 80 characters with all of its words."""
    table = Table(show_header=False, box=box.SIMPLE)
    columns = [_column(run) for run in runs]
    for row, heading in enumerate(HEADINGS):
        table.add_row(heading, *(Text(column[row]) for column in columns))
    return table


def _column(run: Run) -> tuple[str, ...]:
    recorder = run.recorder
    counts = (recorder.count, recorder.done, recorder.failed, recorder.cancelled)
    return (
        run.settings.runner_entry.title,
        user_names.title(run.settings.workload),
        *(f"{count:,}" for count in counts),
        at_once(run.settings),
        seconds(run.wall_s),
        rate(run.per_s, run.plan.unit),
    )


def run_headless(options: Options) -> int:
    """Run what the command line asks for without a window, or tell of a run in a file; returns the exit code.

    Raises:
        RunFileError: the file cannot be opened.
    """
    if options.open is not None:
        return _tell_of_file(options, options.open)
    application = QCoreApplication(["thaw"])
    headless: Headless | HeadlessSeveral = (
        Headless(options) if options.benchmark is None and options.teach is None else HeadlessSeveral(options)
    )

    def uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """Nothing that goes wrong in the event loop may leave it running."""
        told = limit_of(error)
        if not told:
            sys.__excepthook__(kind, error, trace)
        headless.outcome.problem = (
            headless.outcome.problem or told or "Thaw itself went wrong: please report it."
        )
        headless.core.leaving.leave(ending.FAILED)

    sys.excepthook = uncaught
    QTimer.singleShot(0, headless, headless.begin)
    code = application.exec()
    headless.close()
    sys.excepthook = sys.__excepthook__
    return ending.with_problem(code, headless.outcome.problem)


def _tell_of_file(options: Options, path: Path) -> int:
    """What `--open` does without a window; nothing is run."""
    run = drain(open_run(path))
    log.info("opened %s", path)
    outcome = Outcome(options)
    outcome.take_run(run)
    if run.compared_with is not None:
        outcome.take_comparison(run.compared_with, run)
    if outcome.problem:
        return ending.with_problem(0, outcome.problem)
    if not options.json:
        _print([run] if run.compared_with is None else [run.compared_with, run])
    return ending.with_problem(outcome.tell(), outcome.problem)
