"""Who takes the GIL from the threads of a watched program: found out in a thread, for it takes longer than a frame.

In the GUI thread.
"""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from gui.controllers.background import Asker
from workers.reports.watched import starved
from workers.utils.errors import BadInput
from workers.utils.throttle import Throttle

if TYPE_CHECKING:
    from workers.engine.run import Run

LOOK_S, MAX_SHARE = 3.0, 1 / 300
"""So often it is looked for, and for so much of the time at the most: the longer the run, the more seldom."""


class Starvation(QObject):
    """Looks again and again while a run goes on.

    Attributes:
        words: who starves, and who takes the GIL; empty where nobody does, as far as is known.

    Signals:
        changed: there is a new answer.
    """

    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.words = ""
        self._run: Run | None = None
        self._throttle = Throttle(LOOK_S)
        self._asker = Asker("who starves", self)
        self._asker.answered.connect(self._take)

    def begin(self, run: Run) -> None:
        """Look at another run from now on."""
        self._run, self.words = run, ""
        self._throttle.reset()

    def look(self, at_once: bool = False) -> None:
        """Have a look, where that is due."""
        if self._run is not None and self._throttle.is_due(at_once):
            self._asker.ask(partial(_with_starved, self._run))

    @Slot(object)
    def _take(self, answer: tuple[Run, str, float] | Exception) -> None:
        if isinstance(answer, BadInput):
            return  # the system gives no thread for it just now
        if isinstance(answer, Exception):
            raise answer
        run, words, took_s = answer
        if run is self._run:
            self.words = words
            self._throttle.pause(max(LOOK_S, took_s / MAX_SHARE))
            self.changed.emit()


def _with_starved(run: Run) -> tuple[Run, str, float]:
    """A run, who starves in it, and how long it took to find out. Called in a thread."""
    began = time.perf_counter()
    return run, starved(run), time.perf_counter() - began
