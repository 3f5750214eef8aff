"""Several runs, those of a benchmark or of lessons: who tells of them, and the program around them without a window.

Of a benchmark without a window no lag is measured.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from gui.controllers.core import Core

if TYPE_CHECKING:
    from gui.terminal.teller import Teller
    from workers.command_line.parser import Options


def teller_for(options: Options, core: Core) -> Teller | None:
    """Who tells of what the command line asks for on the terminal; None where that is one run, or a window shows it.

    What it needs is imported only here: a run alone starts sooner, and so does a window that prints nothing.
    """
    if options.benchmark is not None:
        from gui.terminal.benchmark import BenchmarkTerminal

        return BenchmarkTerminal(options, options.benchmark, core.leader)
    if options.teach is not None and options.exit_after_run:
        from gui.terminal.lessons import LessonTerminal

        return LessonTerminal(options, options.teach, core.lessons)
    return None


class HeadlessSeveral(QObject):
    """A benchmark, or lessons, on the terminal."""

    def __init__(self, options: Options) -> None:
        super().__init__()
        self.core = Core(options)
        made = teller_for(options, self.core)
        assert made is not None
        self.outcome = made
        made.done.connect(self._leave)
        self.core.leaving.begun.connect(made.tell)  # also after Ctrl+C: what is done is kept

    @Slot()
    def begin(self) -> None:
        self.core.begin()
        self.core.leaving.install()
        self.outcome.begin()

    @Slot()
    def _leave(self) -> None:
        if not self.core.leaving.is_leaving:
            self.core.leaving.leave_after(self.outcome.tell)

    def close(self) -> None:
        self.core.close()
