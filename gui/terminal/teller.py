"""What tells of several runs on the terminal, once: what a benchmark and lessons have in common. In the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from PySide6.QtCore import QObject, Signal, Slot
from rich.console import Console

from gui.process.log import log
from workers.utils.atomic_file import why_not_written

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from workers.command_line.parser import Options

WIDTH = 100
"""Of what goes into a pipe or a file, in characters."""


class Teller(QObject):
    """Has run what the command line asks for, and tells of it.

    Attributes:
        problem: why something could not be run, or a file not be written; empty where all went well.

    Signals:
        done: nothing is left to be run.
    """

    done = Signal()

    def __init__(self, options: Options) -> None:
        super().__init__()
        self._options = options
        self._told, self._code = False, 0
        self.problem = ""

    def begin(self) -> None:
        """Run it."""
        raise NotImplementedError

    @Slot()
    def tell(self) -> int:
        """End what goes on, write the files that were asked for, and print the rest; returns the exit code.

        What is done by now counts: it may be told of before its end. Only the first call does anything.
        """
        if not self._told:
            self._told = True
            self._code = self._tell()
        return self._code

    def _tell(self) -> int:
        raise NotImplementedError

    def _save(self, path: Path, write: Callable[[], object]) -> None:
        try:
            write()
            log.info("saved %s", path)
        except OSError as error:
            self.problem = self.problem or why_not_written(path, error)


def console_for(out: TextIO) -> Console:
    """Prints on the terminal, as wide as that is, or into what else it may be."""
    console = Console(file=out, highlight=False)
    return console if console.is_terminal else Console(file=out, highlight=False, width=WIDTH)
