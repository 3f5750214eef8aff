"""Follows the run that goes on over the queue: what it does is shown, and what waits for the next one is counted.

In the GUI thread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gui.downloads.run_progress import Live
from gui.downloads.state import State
from gui.downloads.texts import Overall
from workers.utils.throttle import Throttle

if TYPE_CHECKING:
    from gui.downloads.list import DownloadsList
    from gui.downloads.queue_thread import QueueThread
    from workers.engine.run import Run
    from workers.engine.time_left import TimeLeft

RELOAD_S = 2.0
"""While a run's large files come the queue's is read so often, until it says how long they will be."""


class Follower(QObject):
    """Stands between the recorder of a run and the list.

    Attributes:
        run: the run that goes on; None where there is none over this queue.
        reload_throttle: when the queue's file may be read again.
        late: how many items wait that the run, or the one before, knew nothing of.
        has_retried: whether some of these are to be tried again.

    Signals:
        changed: figures, or what can be done now, may be others.
        left_changed: how many wait for a person to start a run: none of them while one goes on.
    """

    changed = Signal()
    left_changed = Signal(int)

    def __init__(
        self, queue_thread: QueueThread, rows: DownloadsList, time_left: TimeLeft, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._queue_thread, self._rows, self._time_left = queue_thread, rows, time_left
        self.reload_throttle = Throttle(RELOAD_S)
        self.run: Run | None = None
        self.late, self.has_retried = 0, False
        self._left = -1  # nobody was told yet

    @property
    def is_running(self) -> bool:
        return self.run is not None and self.run.ended is None

    @property
    def is_paused(self) -> bool:
        return self.run is not None and self.is_running and self.run.control.paused

    def follow(self, run: Run | None) -> bool:
        """Follow a run that begins, if it is one over this queue; returns whether it is."""
        path = self._queue_thread.path
        ours = run is not None and bool(path) and dict(run.settings.params).get("queue") == path
        self.run = run if ours else None
        self._rows.follow(Live(self.run) if self.run is not None else None)
        self.late, self.has_retried = 0, False
        if ours:
            self._queue_thread.reload()  # its plan may have added some, and settled what a crash had left
            self.refresh(at_once=True)
        self.changed.emit()
        return ours

    def refresh(self, at_once: bool = False) -> None:
        live = self._rows.model.live
        if self.run is None or live is None:
            return
        if not self.is_running:  # what became of it stands in the file now
            self._rows.refresh(at_once=True)
            self.run = None
            self._queue_thread.reload()
            self.changed.emit()
        elif self._rows.refresh(at_once):
            self.changed.emit()
            if self.reload_throttle.is_due() and live.lacks_lengths(self._rows.model.listing):
                self._queue_thread.reload()

    def count_late(self) -> None:
        """Count what waits that the run knows nothing of: it was added, or is to be tried again, meanwhile."""
        model = self._rows.model
        live = model.live
        if live is not None:
            items = model.listing.items
            new = live.new(
                items[place].id for place, state in enumerate(model.states) if state == State.WAITING
            )
            self.late, self.has_retried = len(new), any(item in live.tasks for item in new)

    def tell_left(self) -> None:
        left = 0 if self.is_running else self._rows.model.count((State.WAITING,))
        if left != self._left:
            self._left = left
            self.left_changed.emit(left)

    def overall(self) -> Overall:
        model = self._rows.model
        live = model.live if self.is_running else None
        counts = {state: model.count((state,)) for state in State}
        return Overall(
            total=len(model.states),
            done=counts[State.DONE],
            failed=counts[State.FAILED],
            running=counts[State.RUNNING],
            size=model.listing.done_bytes + (live.bytes_running if live is not None else 0.0),
            per_s=live.pace.per_s if live is not None else 0.0,
            left_s=self._time_left.left_s(live.run) if live is not None else None,
            is_running=self.is_running,
            is_paused=self.is_paused,
        )
