"""Keeps the queue of downloads in its file without the window noticing: job after job, in a thread of its own.

`QueueThread` lives in the GUI thread. Its thread is the only one here that opens the queue's file. It starts with the
first job; nothing of the queue is even imported before.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal, Slot

from gui.controllers.job_thread import JobThread, ThreadJob
from gui.downloads.queue_jobs import QueueJobs
from gui.downloads.state import State

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence
    from pathlib import Path

    from PySide6.QtCore import QObject

    from gui.downloads.queue_jobs import Opened
    from workers.utils.gil.polite import EventLoopGate

    Steps = Callable[[QueueJobs], Generator[None, None, Any]]


class QueueThread(JobThread):
    """Reads and changes the queue's file, which is safe at every moment, and releases it when it is closed.

    Attributes:
        path: the queue's file; empty before it is open.

    Signals:
        opened: the queue is this program's own now; how many of its items are left from last time, and of how many.
        refused: it cannot be, or another program has it: why, in a sentence.
        listed: a `Listing` of all that the file holds; after every change.
        added: an `Added`: what came of a text or a file with addresses.
        moved: how many items that wait go to which other folder now.
        prepared: the folder is there, and files can be written to it.
    """

    opened = Signal(int, int)
    refused = Signal(str)
    listed = Signal(object)
    added = Signal(object)
    moved = Signal(int, str)
    prepared = Signal(str)

    def __init__(
        self, path: Path | None, gate: EventLoopGate | None = None, parent: QObject | None = None
    ) -> None:
        """Make it; nothing is opened yet.

        Args:
            path: the queue's file; None for the usual one.
            gate: the GUI thread's; None where nobody shuts one.
            parent: its owner.
        """
        jobs = QueueJobs(path)
        super().__init__("downloads queue", gate, jobs.close, parent)
        self._queue_jobs = jobs
        self._is_stale = False
        self.path = ""

    # ---------------------------------------------------------------- what can be asked for

    def open(self) -> None:
        """Take the queue for this program; `opened` or `refused` follows, and then `listed`."""
        self._ask(QueueJobs.open, self._tell_opened)

    def add_addresses(self, what: str | Path, folder: str) -> None:
        """Add all addresses in a text, or in the file at a Path; `added` or `failed` follows."""
        self._change(partial(QueueJobs.add, what=what, folder=folder), self.added.emit)

    def retry(self, items: Sequence[int]) -> None:
        self._change(partial(QueueJobs.change, what=lambda queue: queue.retry(items)))

    def remove(self, items: Sequence[int]) -> None:
        """Take items off the list; files that are done stay where they are."""
        self._change(partial(QueueJobs.change, what=lambda queue: queue.remove(items)))

    def move(self, folder: str) -> None:
        """Let what waits go to another folder, but for files that have begun to come; `moved` follows."""
        self._change(partial(QueueJobs.move, folder=folder), lambda count: self.moved.emit(count, folder))

    @Slot()
    def clear_done(self) -> None:
        """Take all items that are done off the list; their files stay."""
        self._change(partial(QueueJobs.change, what=lambda queue: queue.clear_done()))

    def prepare(self, folder: str) -> None:
        """Make the folder for the files; `prepared` or `failed` follows."""
        self._ask(partial(QueueJobs.prepare, folder=folder), self.prepared.emit)

    def reload(self) -> None:
        """Read the file again; `listed` follows."""
        self._is_stale = True
        if not self.is_busy:
            self._settle()

    # ---------------------------------------------------------------- how it is done

    def _change(self, steps: Steps, done: Callable[[Any], object] | None = None) -> None:
        self._is_stale = True
        self._ask(steps, done)

    def _ask(self, steps: Steps, done: Callable[[Any], object] | None) -> None:
        self.add(ThreadJob(partial(steps, self._queue_jobs), done))

    def _settle(self) -> None:
        if self._is_stale:
            self._is_stale = False
            self._ask(QueueJobs.list, self.listed.emit)
        else:
            super()._settle()

    def _tell_opened(self, found: Opened) -> None:
        self.path = found.path
        if found.why_not:
            self.refused.emit(found.why_not)
        else:
            self.opened.emit(found.listing.states.count(State.WAITING), len(found.listing.items))
        self.listed.emit(found.listing)
