"""Jobs that are done one after the other in a thread of their own, without the window noticing.

`JobThread` lives in the GUI thread. Its thread starts with the first job and steps aside between two steps of about a
millisecond: it waits at the gate while the GUI thread has events to handle.
"""

from __future__ import annotations

import queue
import sys
import threading
import time
from collections import deque
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QObject, Qt, Signal, Slot

from workers.utils.errors import ThawError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from workers.utils.gil.polite import EventLoopGate

CLOSE_S = 0.5
"""How long leaving waits for the job that is being done; then it is given up."""


class ThreadJob(NamedTuple):
    """What the thread is to do.

    Attributes:
        steps: makes the generator of steps, in the thread; what that returns is the result.
        done: takes the result, in the GUI thread; None where nobody wants it.
        words: what is being done, for people.
    """

    steps: Callable[[], Generator[None, None, Any]]
    done: Callable[[Any], object] | None
    words: str = ""


class JobThread(QObject):
    """Does jobs in the order in which they come. All of it is called in the GUI thread, and answers there by signals.

    Signals:
        progress: what is being done, in a few words; empty when that is over.
        failed: why a job was not done, in a sentence.
        idle: nothing is to be done any more; after the last of the others.
    """

    progress = Signal(str)
    failed = Signal(str)
    idle = Signal()
    _came = Signal(object, str)

    def __init__(
        self,
        name: str,
        gate: EventLoopGate | None,
        at_end: Callable[[], None] | None = None,
        parent: QObject | None = None,
    ) -> None:
        """Make it; nothing is started yet.

        Args:
            name: the thread's.
            gate: the GUI thread's; None where nobody shuts one.
            at_end: called in the thread when that ends.
            parent: its owner.
        """
        super().__init__(parent)
        self._name, self._gate, self._at_end = name, gate, at_end
        self._jobs: deque[ThreadJob] = deque()
        self._job: ThreadJob | None = None
        self._orders: queue.SimpleQueue[ThreadJob | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._stop = threading.Event()
        self._came.connect(self._take, Qt.ConnectionType.QueuedConnection)

    @property
    def is_busy(self) -> bool:
        """Whether a job is being done or waits; `idle` comes when that is over."""
        return self._job is not None

    def add(self, job: ThreadJob) -> None:
        """Have a job done after all the others; after `close` nothing is."""
        if not self._stop.is_set():
            self._jobs.append(job)
            if self._job is None:
                self._begin_next()

    def close(self, timeout: float = CLOSE_S) -> bool:
        """Give up what waits, and what is being done after `timeout` seconds at the most; returns whether all ended.

        No signal comes any more.
        """
        self._jobs.clear()
        self._job = None
        self._stop.set()
        self._orders.put(None)
        if self._thread is None:
            return True
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def _begin_next(self) -> None:
        self._job = self._jobs.popleft()
        self.progress.emit(self._job.words)
        if self._thread is None:
            thread = threading.Thread(target=self._work, name=self._name, daemon=True)
            try:
                thread.start()
            except RuntimeError:  # the system gives no more threads: better late than not at all
                self._came.emit(*self._done(self._job))
                return
            self._thread = thread
        self._orders.put(self._job)

    @Slot(object, str)
    def _take(self, result: object, problem: str) -> None:
        job = self._job
        if job is None:  # closed meanwhile
            return
        if problem:
            self.failed.emit(problem)
        elif job.done is not None:
            job.done(result)
        if self._jobs:
            self._begin_next()
        else:
            self._job = None
            self._settle()

    def _settle(self) -> None:
        self.progress.emit("")
        self.idle.emit()

    # ---------------------------------------------------------------- in the thread

    def _work(self) -> None:
        try:
            while (job := self._orders.get()) is not None:
                came = self._done(job)
                if self._stop.is_set():
                    break
                self._came.emit(*came)
        except RuntimeError:
            pass  # the program has left its window behind, and this thread with it
        finally:
            if self._at_end is not None:
                self._at_end()

    def _done(self, job: ThreadJob) -> tuple[Any, str]:
        """Do a job; returns its result, and why there is none."""
        try:
            return self._go_through(job.steps()), ""
        except ThawError as why:  # all others are for the log of problems
            return None, str(why)
        except BaseException:
            # Nobody foresaw it: it goes on to the log of problems, and the thread to the next job.
            threading.excepthook(threading.ExceptHookArgs((*sys.exc_info(), threading.current_thread())))
            return None, f"{job.words} This was not finished.".lstrip()

    def _go_through(self, steps: Generator[None, None, Any]) -> Any:
        gate = self._gate
        try:
            while not self._stop.is_set():
                next(steps)
                if gate is not None and gate.shut:
                    gate.wait()
                else:
                    time.sleep(0)  # the GIL goes to whoever waits for it, also where nobody shuts the gate
        except StopIteration as end:
            return end.value
        finally:
            steps.close()
