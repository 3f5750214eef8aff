"""Tells at the start of the program that downloads are left from last time. In the GUI thread."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from gui.controllers.background import Asker

if TYPE_CHECKING:
    from gui.controllers.core import Core


class LeftOver(QObject):
    """Looks once, when the window's own start is over, and in a thread of its own.

    Signals:
        found: how many downloads are left; not where there are none.
    """

    found = Signal(int)

    def __init__(self, core: Core, parent: QObject) -> None:
        super().__init__(parent)
        self._asker = Asker("downloads that are left", self)
        self._asker.answered.connect(self._take)
        core.settled.connect(self.look)

    @Slot()
    def look(self) -> None:
        """Ask for it; `found` may follow."""
        self._asker.ask(count_left)

    @Slot(object)
    def _take(self, answer: object) -> None:
        if isinstance(answer, int) and answer:  # of an error whoever opens the queue is told
            self.found.emit(answer)

    @Slot()
    def forget(self) -> None:
        """The queue is open now: whoever opened it knows better."""
        self._asker.forget()


def count_left() -> int:
    """How many downloads of the usual queue wait for somebody to go on; 0 where there is no queue. In a thread.

    Raises:
        QueueProblem: the queue cannot be read, or another program is at work on it.
    """
    from workers.downloads.queue import DownloadQueue, default_path  # in the thread: it brings a database

    path = default_path()
    if not path.is_file():
        return 0
    with closing(DownloadQueue(path)) as queue:
        queue.hold()
        return queue.counts().unfinished
