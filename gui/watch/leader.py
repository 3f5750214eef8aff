"""Leads one watched program at a time from its start to its end. In the GUI thread; it needs no widgets.

What takes a moment (which Python is meant, the program's start) is done in a thread, and what a program tells comes in
the watcher's own.
"""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot

from gui.controllers.background import Asker
from gui.process.log import log
from workers.agent.messages import Beats, Held, Threads, Usage, Waits
from workers.utils.errors import ThawError, limit_of
from workers.watch.program import read_program
from workers.watch.watcher import Watcher

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from workers.agent.messages import Message
    from workers.engine.run import Run
    from workers.watch.program import Program

FIGURES = (Beats, Waits, Held, Threads, Usage)
"""What comes many times a second: whoever shows it looks at the run."""

CLOSE_S = 1.5
"""How long leaving waits until a program that goes on is let go, and nothing of the watching is left behind."""


class WatchLeader(QObject):
    """Watches programs, one after the other.

    Attributes:
        watcher: of the program that is watched, or of the last one; None before the first.

    Signals:
        begun: a Watcher, whose program has been started.
        told: a Message of the program, but for FIGURES.
        ended: the Run of a program that has ended, or is watched no more.
        refused: why a program cannot be watched, in a sentence.
    """

    begun = Signal(object)
    told = Signal(object)
    ended = Signal(object)
    refused = Signal(str)
    _came = Signal(object)
    _over = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.watcher: Watcher | None = None
        self._begins = self._closed = False
        self._asker = Asker("watch start", self)
        self._asker.answered.connect(self._take)
        self._early: Run | None = None
        self._came.connect(self.told, Qt.ConnectionType.QueuedConnection)
        self._over.connect(self._finish, Qt.ConnectionType.QueuedConnection)

    @property
    def is_busy(self) -> bool:
        """Whether a program is watched, or about to be."""
        return self._begins or (self.watcher is not None and self.watcher.run.ended is None)

    def start(self, words: Sequence[str], python: str | None, folder: str) -> None:
        """Watch a program; without effect while another one is watched.

        Args:
            words: as they stand after --watch.
            python: as after --python; None: the one that is found.
            folder: where it is to be started; empty: here.
        """
        self._ask(partial(_program, words, python, folder))

    def start_program(self, program: Program) -> None:
        """The same with one that is known already."""
        self._ask(lambda: program)

    def _ask(self, program: Callable[[], Program]) -> None:
        if not self.is_busy:
            self._begins = True
            self._asker.ask(partial(self._started, program))

    def _started(self, program: Callable[[], Program]) -> Watcher:
        """Start it. Called in a thread. Raises BadInput or OSError."""
        found = Watcher(program(), self._pass_on, self._end)
        found.start()
        if self._closed:  # meanwhile
            found.leave()
            found.wait(CLOSE_S)
        return found

    @Slot(object)
    def _take(self, answer: Watcher | Exception) -> None:
        self._begins = False
        if isinstance(answer, Watcher):
            self.watcher = answer
            log.info("watches %s, process %d", answer.program.name, answer.pid)
            self.begun.emit(answer)
        elif isinstance(answer, (ThawError, OSError)):
            self.refused.emit(limit_of(answer) or str(answer))
        else:
            self.refused.emit("It was not started. This is a fault of Thaw's own: please report it.")
            raise answer
        if (run := self._early) is not None:
            self._early = None
            self.ended.emit(run)

    # ---------------------------------------------------------------- what a person asks for

    def stop(self) -> None:
        """Ask the program to end; one that ran already is watched no more."""
        if self.watcher is not None:
            self.watcher.stop()

    def kill(self) -> None:
        """End the program, whatever it does."""
        if self.watcher is not None:
            self.watcher.kill()

    def dump(self) -> None:
        """Ask for the stacks of all of its threads, which come as a `Dumped`."""
        if self.watcher is not None:
            self.watcher.dump()

    def interrupt(self) -> None:
        """Ask for a KeyboardInterrupt in its main thread; an `Interrupted` comes back."""
        if self.watcher is not None:
            self.watcher.interrupt()

    def close(self) -> None:
        """Watch no more. A program that runs goes on by itself."""
        self._closed = True
        self._asker.close()
        if self.watcher is not None and not self.watcher.is_over:
            self.watcher.leave()
            self.watcher.wait(CLOSE_S)

    # ---------------------------------------------------------------- threads of the watcher

    def _pass_on(self, message: Message) -> None:
        if not isinstance(message, FIGURES):
            with suppress(RuntimeError):  # the window has gone meanwhile
                self._came.emit(message)

    def _end(self, run: Run) -> None:
        with suppress(RuntimeError):
            self._over.emit(run)

    @Slot(object)
    def _finish(self, run: Run) -> None:
        """It has ended; of one that was too short for that its begin is told first."""
        if self._begins:
            self._early = run
        else:
            self.ended.emit(run)


def _program(words: Sequence[str], python: str | None, folder: str) -> Program:
    return read_program(words, python)._replace(folder=folder)
