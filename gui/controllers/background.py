"""Asks what takes time to find out in a thread of its own, so that the GUI thread never waits for an answer.

The thread lives only while there is something to ask. What is asked while another question is being answered takes the
place of whatever waited: only the newest question matters, and only its answer is told.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal, Slot

from workers.utils.errors import BadInput, limit_of

if TYPE_CHECKING:
    from collections.abc import Callable

LEAVE_S = 0.3
"""How long the program's end waits for a thread that still asks; it is a daemon, and holds up nothing longer."""


class Asker(QObject):
    """Asks one thing after the other.

    Signals:
        answered: what the newest question returned; where it raised an error, or there was no thread for it, that
            error. In the GUI thread.
    """

    answered = Signal(object)
    _came = Signal(int, object)

    def __init__(self, name: str, parent: QObject) -> None:
        """Make it; `name` is the thread's, `parent` its owner, with which it ends."""
        super().__init__(parent)
        self._name = name
        self._lock = threading.Lock()
        self._question: Callable[[], Any] | None = None
        self._number = 0
        self._thread: threading.Thread | None = None
        self._closed = False
        self._came.connect(self._tell, Qt.ConnectionType.QueuedConnection)
        app = QCoreApplication.instance()
        if app is not None:
            app.aboutToQuit.connect(self.close)

    def ask(self, question: Callable[[], Any]) -> None:
        """Have a question answered in the thread: it is called there, and touches no widgets."""
        with self._lock:
            if self._closed:
                return
            self._number += 1
            self._question = question
            if self._thread is None:
                thread = threading.Thread(target=self._work, name=self._name, daemon=True)
                try:
                    thread.start()
                    self._thread = thread
                except RuntimeError as error:  # the system gives no more threads
                    self._came.emit(self._number, BadInput(limit_of(error) or str(error)))

    def forget(self) -> None:
        """Nobody wants to know any more: no answer to what was asked so far is told."""
        with self._lock:
            self._number += 1
            self._question = None

    def _work(self) -> None:
        """Runs in the thread."""
        while True:
            with self._lock:
                question, number, self._question = self._question, self._number, None
                if question is None or self._closed:
                    self._thread = None
                    return
            try:
                answer = question()
            except Exception as error:  # whoever asked decides what that means
                answer = error
            try:
                self._came.emit(number, answer)
            except RuntimeError:  # the window has gone meanwhile
                return

    @Slot(int, object)
    def _tell(self, number: int, answer: object) -> None:
        if number == self._number and not self._closed:
            self.answered.emit(answer)

    @Slot()
    def close(self) -> None:
        """Ask nothing any more, and wait a moment for the thread to end; may be called again."""
        with self._lock:
            self._closed, self._question = True, None
            thread = self._thread
        if thread is not None:
            thread.join(LEAVE_S)
