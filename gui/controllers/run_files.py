"""Saves, opens and exports runs without the window noticing: one after the other, each in a thread of its own.

`Keeper` lives in the GUI thread. Its threads step aside between two steps of about a millisecond: they wait at the
gate while the GUI thread has events to handle, and touch neither Qt nor a run that goes on.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QObject, Qt, Signal, Slot

from workers.exports import export_run, kinds
from workers.reports.run_file import SUFFIX, save_run
from workers.utils.errors import ThawError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path

    from workers.engine.gil_scheduler import Gate
    from workers.engine.run import Run

RUN_FILTER = f"Run of Thaw (*{SUFFIX})"
EXPORT_FILTERS = {kind.suffix: f"{kind.title} (*{kind.suffix})" for kind in kinds()}
"""How an export's files end -> what file dialogs call them."""

CLOSE_S = 0.5
"""How long leaving waits for a file that is being written; then it is given up, and no part of it is left."""


def default_name(run: Run, suffix: str = SUFFIX) -> str:
    """A file's name for a run: "thaw-primes-thread_pool-4w-2026-11-20-1503.thaw"."""
    settings = run.settings
    began = datetime.fromtimestamp(run.began)
    words = f"thaw-{settings.workload}-{settings.runner}-{settings.workers}w-{began:%Y-%m-%d-%H%M}"
    return "".join(letter if letter.isalnum() or letter in "-_" else "_" for letter in words) + suffix


class _Job(NamedTuple):
    """What a thread is to do: its words for people, the steps, and what takes their result."""

    words: str
    steps: Callable[[], Generator[None, None, Any]]
    done: Callable[[Any], None]


class _Given(NamedTuple):
    """What a thread brings back: a result, or why there is none."""

    result: Any
    problem: str


class Keeper(QObject):
    """Reads and writes the files of runs. All of it is called in the GUI thread.

    Signals:
        progress: what is being done, in a few words; empty when that is over.
        saved: the path of a file that was written, of a run or of an export.
        opened: a Run that a file had kept.
        failed: why a file could not be written or read, in a sentence.
        idle: nothing is to be done any more; after the last of the others.
    """

    progress = Signal(str)
    saved = Signal(str)
    opened = Signal(object)
    failed = Signal(str)
    idle = Signal()
    _given = Signal(object)

    def __init__(self, gate: Gate) -> None:
        """Make it; `gate` is the GUI thread's."""
        super().__init__()
        self._gate = gate
        self._jobs: deque[_Job] = deque()
        self._job: _Job | None = None
        self._thread: threading.Thread | None = None
        self._stop = threading.Event()
        self._given.connect(self._take, Qt.ConnectionType.QueuedConnection)

    @property
    def is_busy(self) -> bool:
        """Whether a file is being read or written, or waits for that; `idle` comes when that is over."""
        return self._job is not None

    def save(self, run: Run, path: Path) -> None:
        """Save a run that has ended; `saved` or `failed` follows."""
        self._add(_Job(f"Saving {path.name} …", partial(save_run, run, path), partial(self._tell_saved, path)))

    def export(self, run: Run, path: Path) -> None:
        """Export a run that has ended, as what the file's suffix says; `saved` or `failed` follows."""
        self._add(_Job(f"Exporting {path.name} …", partial(export_run, run, path), partial(self._tell_saved, path)))

    def open(self, path: Path) -> None:
        """Open a file with a run; `opened` or `failed` follows."""
        self._add(_Job(f"Opening {path.name} …", partial(_open, path), self.opened.emit))

    def close(self, timeout: float = CLOSE_S) -> bool:
        """Give up what waits, and what is being done after `timeout` seconds at the most; returns whether all ended.

        No signal comes any more.
        """
        self._jobs.clear()
        thread, self._thread = self._thread, None
        self._job = None
        if thread is None:
            return True
        self._stop.set()
        thread.join(timeout)
        return not thread.is_alive()

    def _add(self, job: _Job) -> None:
        if not self._stop.is_set():
            self._jobs.append(job)
            if self._job is None:
                self._begin_next()

    def _begin_next(self) -> None:
        self._job = self._jobs.popleft()
        self.progress.emit(self._job.words)
        self._thread = threading.Thread(target=self._work, args=(self._job,), name="keeper", daemon=True)
        self._thread.start()

    def _work(self, job: _Job) -> None:
        """Runs in a thread of its own: the steps of one job, politely."""
        steps = job.steps()
        gate, given = self._gate, _Given(None, f"{job.words} This was not finished.")
        try:
            while not self._stop.is_set():
                next(steps)
                if gate.shut:
                    gate.wait()
                else:
                    time.sleep(0)  # the GIL goes to whoever waits for it, also where nobody shuts the gate
        except StopIteration as end:
            given = _Given(end.value, "")
        except ThawError as error:
            given = _Given(None, str(error))
        finally:  # also after an error that nobody foresaw, which goes on to the log of problems
            steps.close()
            if not self._stop.is_set():
                try:
                    self._given.emit(given)
                except RuntimeError:
                    pass  # the program has left its window behind, and this thread with it

    @Slot(object)
    def _take(self, given: _Given) -> None:
        job = self._job
        if job is None:  # closed meanwhile
            return
        if self._thread is not None:
            self._thread.join()  # its last line was this signal
        self._thread = None
        if given.problem:
            self.failed.emit(given.problem)
        else:
            job.done(given.result)
        if self._jobs:
            self._begin_next()
        else:
            self._job = None
            self.progress.emit("")
            self.idle.emit()

    def _tell_saved(self, path: Path, nothing: None) -> None:
        self.saved.emit(str(path))


def _open(path: Path) -> Generator[None, None, Run]:
    from workers.reports.run_reader import open_run  # in the thread: the reader of archives takes 20 ms to load

    return open_run(path)
