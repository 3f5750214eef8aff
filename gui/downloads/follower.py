"""Follows the run that goes on over the queue: what it does is shown, and what waits for the next one is counted.

In the GUI thread.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from gui.downloads.run_progress import Live
from gui.downloads.state import State
from gui.downloads.texts import Overall

if TYPE_CHECKING:
    from gui.downloads.list import DownloadsList
    from gui.downloads.queue_thread import Clerk
    from workers.engine.run import Run

RELOAD_S = 2.0
"""While a run goes on the file is read so often, for the names that files got and the reasons of what failed."""


class Follower(QObject):
    """Stands between the recorder of a run and the list.

    Attributes:
        run: the run that goes on; None where there is none over this queue.
        late: how many items wait that the run, or the one before, knew nothing of.

    Signals:
        changed: figures, or what can be done now, may be others.
    """

    changed = Signal()

    def __init__(self, clerk: Clerk, rows: DownloadsList, parent: QObject) -> None:
        super().__init__(parent)
        self._clerk, self._rows = clerk, rows
        self._reloaded = 0.0
        self.run: Run | None = None
        self.late = 0
        clerk.mapped.connect(self._follow_mapped)

    @property
    def is_running(self) -> bool:
        """Whether a run over this queue goes on."""
        return self.run is not None and self.run.ended is None

    @property
    def is_paused(self) -> bool:
        """Whether it waits."""
        return self.run is not None and self.is_running and self.run.control.paused

    @property
    def has_retried(self) -> bool:
        """Whether some of the `late` ones are to be tried again."""
        live = self._rows.model.live
        return live is not None and live.has_retried

    def follow(self, run: Run | None) -> bool:
        """Follow a run that begins, if it is one over this queue; returns whether it is."""
        path = self._clerk.path
        ours = run is not None and bool(path) and dict(run.settings.params).get("queue") == path
        self.run = run if ours else None
        self._rows.follow(None)
        self.late = 0
        if self.run is not None:
            self._clerk.map_run(self.run.plan, self.run)
        self.changed.emit()
        return ours

    @Slot(object, object)
    def _follow_mapped(self, run: Run, tasks: dict[int, int]) -> None:
        if run is self.run:
            self._rows.follow(Live(run, tasks, self._rows.model.listing.sizes))
            self.refresh(at_once=True)

    def refresh(self, at_once: bool = False) -> None:
        """Bring the list up to date, where that is due."""
        if self.run is None:
            return
        if not self.is_running:  # what became of it stands in the file now
            self._rows.refresh(at_once=True)
            self.run = None
            self._clerk.reload()
            self.changed.emit()
        elif self._rows.refresh(at_once):
            self.changed.emit()
            now = time.perf_counter()
            if now - self._reloaded >= RELOAD_S and not self._clerk.is_busy:
                self._reloaded = now
                self._clerk.reload()

    def count_late(self) -> None:
        """Count what waits that the run knows nothing of: it was added, or is to be tried again, meanwhile."""
        model = self._rows.model
        live = model.live
        if live is not None:
            items = model.listing.items
            waiting = (place for place, state in enumerate(model.states) if state == State.WAITING)
            self.late = sum(live.is_new(items[place].id) for place in waiting)

    def overall(self) -> Overall:
        """The figures of all."""
        model = self._rows.model
        live = model.live if self.is_running else None
        counts = {state: model.count((state,)) for state in State}
        return Overall(
            total=len(model.states),
            done=counts[State.DONE],
            failed=counts[State.FAILED],
            running=counts[State.RUNNING],
            size=model.listing.done_bytes + (live.bytes_besides if live is not None else 0.0),
            per_s=live.pace.per_s if live is not None else 0.0,
            left_s=live.left_s(counts[State.WAITING] - self.late) if live is not None else None,
            is_running=self.is_running,
            is_paused=self.is_paused,
        )
