"""What a run leaves behind for the command line: its report, its verdict on the terminal, a picture of the window."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from workers.report import comparison, report, write
from workers.verdict import compare_verdict, verdict

if TYPE_CHECKING:
    from PySide6.QtGui import QPixmap

    from workers.command_line import Options
    from workers.discover import Entry
    from workers.run import Run


class Outcome(QObject):
    """Gathers what finished runs say, and tells it once.

    Attributes:
        problem: why the run could not begin, or its files not be written; empty where all went well.
    """

    def __init__(self, options: Options, runners: dict[str, Entry]) -> None:
        super().__init__()
        self._options, self._runners = options, runners
        self._report: dict[str, object] | None = None
        self._words = ""
        self._told = False
        self.problem = ""

    @Slot(object)
    def take_run(self, run: Run) -> None:
        """Take in a finished run. A report that was asked for is written at once, in case the window stays."""
        if self._options.compare:
            return
        self._words = verdict(run, self._runners[run.settings.runner].title)
        self._report = report(run)
        self._write()

    @Slot(object, object)
    def take_comparison(self, blocking: Run, other: Run) -> None:
        """Take in the two runs of a comparison."""
        self._words = compare_verdict(blocking, other, self._runners[other.settings.runner].title)
        self._report = comparison([report(blocking), report(other)], self._words)
        self._write()

    def _write(self) -> None:
        """The first run's only: those that a person starts afterwards were not asked for on the command line."""
        if self._options.report is None or self._report is None or self._told:
            return
        self._told = True
        try:
            write(self._options.report, self._report)
        except OSError as error:
            self.problem = f"The report could not be written to {self._options.report} ({error.strerror})."

    def save_screenshot(self, picture: QPixmap) -> None:
        """Save a picture of the window."""
        path = self._options.screenshot
        if path is not None and not picture.save(str(path)):
            self.problem = f"The picture could not be saved to {path}: name a file that ends in .png."

    def tell(self) -> int:
        """Print the report or the verdict; returns the exit code."""
        if self._options.json and self._report is not None:
            print(json.dumps(self._report, indent=2))  # noqa: T201 (asked for on the command line)
        elif self._words:
            print(self._words)  # noqa: T201 (the verdict, for the terminal)
        return 2 if self.problem else 0
