"""What a run leaves behind for the command line: report, files, budget, its verdict on the terminal, a picture."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from gui.process import ending, streams
from gui.process.log import log
from workers.exports import export_run
from workers.reports import failures
from workers.reports.budget import judge
from workers.reports.labs.claims import said
from workers.reports.summary import environment, report, write
from workers.reports.verdict import compare_verdict, verdict
from workers.reports.watched import is_watched
from workers.run_files.writer import drain, save_run
from workers.utils.atomic_file import why_not_written
from workers.utils.errors import ThawError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from PySide6.QtGui import QPixmap

    from gui.controllers.run_files import RunFileIO
    from workers.command_line.parser import Options
    from workers.engine.run import Run
    from workers.reports.budget import Judged


class Outcome(QObject):
    """Gathers what finished runs say, and tells it once.

    Attributes:
        problem: why the run could not begin, or its files not be written; empty where all went well.
        text: what is printed on standard output where no JSON is.
    """

    def __init__(self, options: Options, run_files: RunFileIO | None = None) -> None:
        """Make it.

        Args:
            options: what the command line asks for.
            run_files: writes the files of runs; None where nobody minds waiting for them. Its `idle` is to be waited
                for before `tell`.
        """
        super().__init__()
        self._options, self._run_files = options, run_files
        self._report: Callable[[], dict[str, object]] | None = (
            None  # made where it is wanted: it has all errors
        )
        self.text = ""
        self._judged: list[Judged] = []
        self._told = False
        self._failed: list[Run] = []
        self._notes: Sequence[str] = ()
        self.problem = ""

    @Slot(object)
    def take_run(self, run: Run) -> None:
        """Take in a finished run, or one from a file. What was asked for is written at once: the window may stay.

        Only the first: those that a person starts afterwards were not asked for on the command line.
        """
        if not run.environment:
            run.environment = environment()
        if self._told:
            return
        if self._options.open is None and failures.has_failed(run):
            self._failed.append(run)
        if self._options.compare or run.compared_with is not None:
            return
        self.text, self._notes = "\n".join((verdict(run), *said(run))), run.plan.notes
        self._judge(run)
        self._report = partial(report, run, self._judged)
        self._write(run)

    @Slot(object, object)
    def take_comparison(self, blocking: Run, other: Run) -> None:
        """Take in the two runs of a comparison. The budget is for the second one; files have both."""
        if self._told:
            return
        self.text, self._notes = compare_verdict(blocking, other), other.plan.notes
        self._judge(other)
        self._report = partial(_both, blocking, other, self._judged, self.text)
        self._write(other)

    def _judge(self, run: Run) -> None:
        self._judged = judge(self._options.budget, run)
        blind = [each.condition.name for each in self._judged if each.measured is None]
        if blind:
            had = "ran no event loop that Thaw knows" if is_watched(run) else "had no window"
            self.problem = f"{blind[0]} cannot be judged: the run {had}. Leave it out of --budget."

    def _write(self, run: Run) -> None:
        self._told = True
        options = self._options
        if options.report is not None and self._report is not None:
            try:
                write(options.report, self._report())
                log.info("saved %s", options.report)
            except OSError as error:
                self.problem = why_not_written(options.report, error)
        if self._run_files is not None and (options.save is not None or options.exports):
            self._run_files.failed.connect(self.take_problem)
            self._run_files.idle.connect(self._stop_listening)
            if options.save is not None:
                self._run_files.save(run, options.save)
            for path in options.exports:
                self._run_files.export(run, path)
            return
        try:
            if options.save is not None:
                drain(save_run(run, options.save))
                log.info("saved %s", options.save)
            for path in options.exports:
                drain(export_run(run, path))
                log.info("saved %s", path)
        except ThawError as error:
            self.problem = str(error)

    @Slot(str)
    def take_problem(self, why: str) -> None:
        self.problem = why

    @Slot()
    def _stop_listening(self) -> None:
        """All is written; what a person saves afterwards is no concern of the command line's."""
        if self._run_files is not None:
            self._run_files.failed.disconnect(self.take_problem)
            self._run_files.idle.disconnect(self._stop_listening)

    def save_screenshot(self, picture: QPixmap) -> None:
        path = self._options.screenshot
        if path is None:
            return
        from gui.charts.picture import save_picture  # only a window has one

        why = save_picture(picture.toImage(), path, path.suffix[1:] or "PNG")
        if why:
            self.problem = f"{why} Name a file that ends in .png, in a folder that you can write to."

    def tell(self) -> int:
        """Print the report or the verdict, what failed, and what came of the budget; returns the exit code."""
        with streams.printing() as out:
            if self._options.json and self._report is not None:
                print(json.dumps(self._report(), indent=2), file=out)
            elif self.text:
                print(self.text, file=out)
        if not self._report and not self.problem:
            self.problem = "There is nothing to tell of the run, which is a fault of Thaw's: please report it."
        for line in (*self._beside(), *(judged.words for judged in self._judged)):
            streams.say(line)
        self.problem = self.problem or streams.problem
        if self.problem:
            return ending.FAILED
        failed = self._failed and not self._options.exit_zero
        return 1 if failed or not all(judged.is_kept for judged in self._judged) else 0

    def _beside(self) -> Iterator[str]:
        """What is printed on standard output says either what went wrong in tasks or what was left out."""
        if self._options.json:
            yield from self._notes
        else:
            for run in self._failed:
                yield from failures.told(run)


def _both(blocking: Run, other: Run, judged: Sequence[Judged], text: str) -> dict[str, object]:
    return {"runs": [report(blocking), report(other, judged)], "verdict": text}
