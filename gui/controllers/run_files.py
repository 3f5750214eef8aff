"""Saves, opens and exports runs without the window noticing: one after the other, in a thread of their own.

`RunFileIO` lives in the GUI thread. Its thread touches neither Qt nor a run that goes on.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from gui.controllers.job_thread import JobThread, ThreadJob
from workers.exports import export_run, kinds, write
from workers.run_files.members import SUFFIX
from workers.run_files.writer import save_run

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable
    from pathlib import Path

    from workers.engine.run import Run
    from workers.utils.gil.polite import EventLoopGate

RUN_FILTER = f"Run of Thaw (*{SUFFIX})"
EXPORT_FILTERS = {kind.suffix: f"{kind.title} (*{kind.suffix})" for kind in kinds()}
"""How an export's files end -> what file dialogs call them."""


def default_name(run: Run, suffix: str = SUFFIX) -> str:
    """A file's name for a run: "thaw-primes-thread_pool-4w-2026-11-20-1503.thaw"."""
    settings = run.settings
    began = datetime.fromtimestamp(run.began)
    name = f"thaw-{settings.workload}-{settings.runner}-{settings.workers}w-{began:%Y-%m-%d-%H%M}"
    return "".join(letter if letter.isalnum() or letter in "-_" else "_" for letter in name) + suffix


class RunFileIO(JobThread):
    """Reads and writes the files of runs. A file that is being written when it is closed leaves no part behind.

    Signals:
        saved: the path of a file that was written, of a run or of an export.
        opened: a Run that a file had kept, and the file's path.
        compared: after it, where it is the second of a comparison, that of the GUI thread and it.
    """

    saved = Signal(str)
    opened = Signal(object, object)
    compared = Signal(object, object)

    def __init__(self, gate: EventLoopGate) -> None:
        super().__init__("run files", gate)

    def save(self, run: Run, path: Path) -> None:
        """Save a run that has ended; `saved` or `failed` follows."""
        self._put(partial(save_run, run, path), path, "Saving")

    def export(self, run: Run, path: Path) -> None:
        """Export a run that has ended, as what the file's suffix says; `saved` or `failed` follows."""
        self._put(partial(export_run, run, path), path, "Exporting")

    def write(self, pieces: Iterable[str], path: Path) -> None:
        """Write a file, piece by piece; `saved` or `failed` follows."""
        self._put(partial(write, pieces, path), path, "Exporting")

    def open(self, path: Path) -> None:
        """Open a file with a run; `opened` or `failed` follows."""
        self.add(ThreadJob(partial(_open, path), partial(self._tell_opened, path), f"Opening {path.name} …"))

    def _put(self, steps: Callable[[], Generator[None, None, None]], path: Path, doing: str) -> None:
        self.add(ThreadJob(steps, partial(self._tell_saved, path), f"{doing} {path.name} …"))

    def _tell_opened(self, path: Path, run: Run) -> None:
        self.opened.emit(run, path)
        if run.compared_with is not None:
            self.compared.emit(run.compared_with, run)

    def _tell_saved(self, path: Path, nothing: None) -> None:
        self.saved.emit(str(path))


def _open(path: Path) -> Generator[None, None, Run]:
    from workers.run_files.reader import open_run  # in the thread: the reader of archives takes 20 ms to load

    return open_run(path)
