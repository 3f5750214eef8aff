"""Leaves the program within a second and a half, whatever is in flight, on close, Ctrl+C and SIGTERM.

The signal handler is Python's: it runs in the main thread between two bytecodes, so also while the GUI thread is
blocked by a run, and in an idle event loop because the wake-up file descriptor rouses a socket notifier.
"""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, QSocketNotifier, QTimer, Signal, Slot

from gui.process import ending
from gui.process.log import log

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from workers.engine.session import Session

POLL_MS = 15
DEADLINE_S = 1.0
LAST_RESORT_S = 1.2
"""After this a thread of its own ends the process: the GUI thread is stuck in code that heeds no cancel."""


class Leaving(QObject):
    """Brings the program to its end, once.

    Signals:
        begun: the program is about to leave; hide windows and save what is to be kept.
    """

    begun = Signal()

    def __init__(self, session: Session, clean_up: Callable[[], None]) -> None:
        """Make it; nothing is installed yet.

        Args:
            session: its run is cancelled and its place freed.
            clean_up: closes the rest: servers and files. May be called from another thread, and must be quick.
        """
        super().__init__()
        self._session, self._clean_up = session, clean_up
        self._code: int | None = None
        self._deadline = 0.0
        self._poll = QTimer(self, interval=POLL_MS)
        self._poll.timeout.connect(self._look)
        self._read_end: socket.socket | None = None
        self._write_end: socket.socket | None = None
        self._kept: dict[int, object] = {}
        self._asked, self._over = threading.Event(), threading.Event()
        self._watcher = threading.Thread(target=self._last_resort, name="last resort", daemon=True)

    def install(self) -> None:
        # Now, not when it is needed: a signal handler that starts a thread may find threading's own lock taken.
        self._watcher.start()
        self._read_end, self._write_end = socket.socketpair()
        self._read_end.setblocking(False)
        self._write_end.setblocking(False)
        self._notifier = QSocketNotifier(self._read_end.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._drain)
        signal.set_wakeup_fd(self._write_end.fileno(), warn_on_full_buffer=False)
        for number in (signal.SIGINT, signal.SIGTERM):
            self._kept[number] = signal.signal(number, self._on_signal)

    def remove(self) -> None:
        self._poll.stop()
        if self._read_end is None or self._write_end is None:
            return
        for number in self._kept:
            signal.signal(number, signal.SIG_IGN)  # what still comes must not print a traceback on the way out
        signal.set_wakeup_fd(-1)
        self._notifier.setEnabled(False)
        self._read_end.close()
        self._write_end.close()
        self._over.set()
        self._asked.set()
        self._watcher.join()

    @Slot()
    def _drain(self) -> None:
        """Being called at all is the point: now Python runs the signal handler."""
        assert self._read_end is not None
        try:
            self._read_end.recv(64)
        except BlockingIOError:
            pass

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        if self._code is not None:
            os._exit(128 + number)  # asked twice
        self._code = 128 + number
        ending.arm()
        self._session.cancel()  # at once: the GUI thread may be in the middle of a blocking run
        self._asked.set()
        QTimer.singleShot(0, self, self._begin)

    def leave(self, code: int) -> None:
        """Begin to leave with an exit code; without effect when that has begun."""
        if self._code is None:
            self._code = code
            ending.arm()
            self._session.cancel()
            self._asked.set()
            self._begin()

    def leave_after(self, tell: Callable[[], int]) -> None:
        """Begin to leave with the exit code of what is still to be told; whatever goes wrong there, it is left."""
        code = ending.FAILED
        try:
            code = tell()
        finally:
            self.leave(code)

    @property
    def is_leaving(self) -> bool:
        return self._code is not None

    @Slot()
    def _begin(self) -> None:
        self._deadline = time.monotonic() + DEADLINE_S
        self.begun.emit()
        self._poll.start()
        self._look()

    @Slot()
    def _look(self) -> None:
        if self._session.close(0):
            self._poll.stop()
            ending.disarm()
            took = time.monotonic() - self._deadline + DEADLINE_S
            log.info("leaving with exit code %d after %.2f s", self._code or 0, took)
            QCoreApplication.exit(self._code or 0)
        elif time.monotonic() > self._deadline:
            log.info("leaving with exit code %d by force: something heeds no cancel", self._code or 0)
            self._force()

    def _last_resort(self) -> None:
        """Runs in a thread of its own: once the program is asked to leave, it may take so long and no longer."""
        self._asked.wait()
        if not self._over.wait(LAST_RESORT_S):
            self._force()

    def _force(self) -> None:
        """Leave at once, past threads that will not end: waiting for them is what executors do at exit, for ever."""
        ending.force(self._code or 0, self._clean_up)
