"""A benchmark without a window: Qt's event loop for the runners that signal, and the terminal. No lag is measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from gui.controllers.core import Core
from gui.terminal.benchmark import BenchmarkTerminal

if TYPE_CHECKING:
    from workers.benchmark.matrix import Choice
    from workers.command_line.parser import Options


class HeadlessBenchmark(QObject):
    """One benchmark on the terminal."""

    def __init__(self, options: Options, choice: Choice) -> None:
        super().__init__()
        self._choice = choice
        self.core = Core(options)
        self.leader, self.leaving = self.core.leader, self.core.leaving
        self.outcome = BenchmarkTerminal(options, self.leader)
        self.leader.finished.connect(self._leave)
        self.leader.refused.connect(self._leave)
        self.leaving.begun.connect(self._tell)

    @Slot()
    def begin(self) -> None:
        self.core.begin()
        self.leaving.install()
        self.leader.start(self._choice)

    @Slot()
    def _leave(self) -> None:
        if not self.leaving.is_leaving:
            self.leaving.leave_after(self.outcome.tell)

    @Slot()
    def _tell(self) -> None:
        """Also after Ctrl+C: what is done is kept."""
        self.leader.cancel()
        self.outcome.tell()

    def close(self) -> None:
        self.outcome.stop()
        self.core.close()
