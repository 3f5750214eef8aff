"""Whether the chosen work can be done in the chosen place. In the GUI thread; what takes time is asked elsewhere."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QWidget

from gui.controllers.background import Asker
from workers.catalog.compatibility import NOTHING, Told, is_over_a_network, misfit, takes_time, told

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from workers.catalog.entry import Entry

LOOKING = "Checking whether this runner can do the work …"
PATIENCE_MS = 250
"""What is known sooner is not announced as being looked for."""

TYPED_MS = 600
"""So long nothing may have been typed before a place is asked that is reached over a network: no half address is."""

AGAIN_MS = 3_000
"""Such a place is asked again after this time where it could not do the work."""


class Fit(QObject):
    """Keeps the answer for what is chosen.

    Attributes:
        why_not: why a run cannot start there, in a sentence, or that it is not known yet; empty where it can.
        is_known: whether that is final.
        is_slow: whether the answer takes so long that people should be told that it is looked for.
        told: what there is of the place, where others keep it.

    Signals:
        changed: another answer, or a new question.
    """

    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.why_not = ""
        self.is_known = True
        self.is_slow = False
        self.told = NOTHING
        self._chosen: tuple[object, ...] = ()
        self._question: Callable[[], tuple[str, Told]] | None = None
        self._is_over_a_network = False
        self._asker = Asker("fit", self)
        self._asker.answered.connect(self._take)
        self._slow = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        self._slow.timeout.connect(self._be_slow)
        self._pause = QTimer(self, singleShot=True)
        self._pause.timeout.connect(self._ask)

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
        was_elsewhere = self._chosen[:1] != chosen[:1]
        self._chosen = chosen
        self._asker.forget()
        self._pause.stop()
        self._question = None
        if runner is None or workload is None:
            self._settle("")
        elif (at_once := misfit(runner, workload, params, ask=False)) or not takes_time(runner, workload):
            self._settle(at_once)
        else:
            self._question = functools.partial(_answer, runner, workload, dict(params))
            self.why_not, self.is_known, self.told = LOOKING, False, NOTHING
            self._slow.start()
            self._is_over_a_network = is_over_a_network(runner)
            if self._is_over_a_network and not was_elsewhere:
                self._pause.start(TYPED_MS)
            else:
                self._ask()
            self.changed.emit()

    @Slot()
    def _ask(self) -> None:
        if self._question is not None:
            self._asker.ask(self._question)

    @Slot(object)
    def _take(self, answer: object) -> None:
        # An error of somebody's own function that looks: nobody knows, and the run itself will tell.
        why_not, told = answer if isinstance(answer, tuple) else ("", NOTHING)
        self._settle(why_not, told)
        owner = self.parent()
        if why_not and self._is_over_a_network and isinstance(owner, QWidget) and owner.isVisible():
            self._pause.start(AGAIN_MS)

    def _settle(self, why_not: str, told: Told = NOTHING) -> None:
        self._slow.stop()
        self.why_not, self.told, self.is_known, self.is_slow = why_not, told, True, False
        self.changed.emit()

    @Slot()
    def _be_slow(self) -> None:
        self.is_slow = True
        self.changed.emit()


def _answer(runner: Entry, workload: Entry, params: Mapping[str, Any]) -> tuple[str, Told]:
    """Why not, and what there is. Runs in the asker's thread."""
    return misfit(runner, workload, params), told(runner, params)
