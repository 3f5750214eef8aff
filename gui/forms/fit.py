"""Whether the chosen work can be done in the chosen place. In the GUI thread; what takes time is asked elsewhere."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from gui.controllers.background import Asker
from workers.catalog.compatibility import misfit, takes_time

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workers.catalog.entry import Entry

LOOKING = "Checking whether this runner can do the work …"
PATIENCE_MS = 250
"""What is known sooner is not announced as being looked for."""


class Fit(QObject):
    """Keeps the answer for what is chosen.

    Attributes:
        why_not: why a run cannot start there, in a sentence, or that it is not known yet; empty where it can.
        is_known: whether that is final.
        is_slow: whether the answer takes so long that people should be told that it is looked for.

    Signals:
        changed: another answer, or a new question.
    """

    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.why_not = ""
        self.is_known = True
        self.is_slow = False
        self._chosen: tuple[object, ...] = ()
        self._asker = Asker("fit", self)
        self._asker.answered.connect(self._take)
        self._slow = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        self._slow.timeout.connect(self._be_slow)

    def look(self, runner: Entry | None, workload: Entry | None, params: Mapping[str, Any]) -> None:
        """Find out whether a workload can be done in a place.

        Args:
            runner: the place; None where there is none.
            workload: the work; None likewise.
            params: the runner's own; what the work lacks is told by its own fields.
        """
        chosen = (runner and runner.name, workload, dict(params))
        if chosen == self._chosen:
            return
        self._chosen = chosen
        if runner is None or workload is None:
            self._asker.forget()
            self._settle("")
        elif (at_once := misfit(runner, workload, params, ask=False)) or not takes_time(runner, workload):
            self._asker.forget()
            self._settle(at_once)
        else:
            self.why_not, self.is_known = LOOKING, False
            self._slow.start()
            self._asker.ask(functools.partial(misfit, runner, workload, dict(params)))
            self.changed.emit()

    @Slot(object)
    def _take(self, answer: object) -> None:
        # An error of somebody's own function that looks: nobody knows, and the run itself will tell.
        self._settle(answer if isinstance(answer, str) else "")

    def _settle(self, why_not: str) -> None:
        self._slow.stop()
        self.why_not, self.is_known, self.is_slow = why_not, True, False
        self.changed.emit()

    @Slot()
    def _be_slow(self) -> None:
        self.is_slow = True
        self.changed.emit()
