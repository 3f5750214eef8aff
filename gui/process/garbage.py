"""Collects garbage in the GUI thread, a little at a time: nobody else may, and nobody is to wait for it.

A worker that collects the GUI thread's widgets crashes, so Python's own collection is off (`main.py`). What it would do
all at once, 100 ms of it, is cut into pieces by what has been made since: 1,000 objects take about a millisecond.
"""

from __future__ import annotations

import gc
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot

if TYPE_CHECKING:
    from collections.abc import Callable

    from workers.utils.gil.polite import EventLoopGate

RUNNING_MS, IDLE_MS = 100, 1_000
LOAD_S = 0.3
"""Patience at the program's end with what is being imported."""

YOUNG = 700
"""New objects that are worth a look."""


class YieldingFinder:
    """A finder of modules that finds none: in its thread each import waits first until the GUI thread is idle.

    Two threads that compute make every call of the GUI thread into Qt wait for the GIL: a frame of 2 ms took 50.
    """

    def __init__(self, gate: EventLoopGate, hurries: threading.Event) -> None:
        self._gate, self._hurries, self._mine = gate, hurries, threading.get_ident()

    def find_spec(self, name: str, path: object, target: object = None) -> None:
        if self._gate.shut and not self._hurries.is_set() and threading.get_ident() == self._mine:
            self._gate.wait()


class Garbage(QObject):
    """Looks for it from time to time.

    Args:
        gate: shut while the GUI thread is busy.
        is_running: whether a run goes on: then only the newest objects are looked through.
        is_new: whether no run has ended yet. Till then all that is there stays: what was imported, and the pages.
    """

    def __init__(self, gate: EventLoopGate, is_running: Callable[[], bool], is_new: Callable[[], bool]) -> None:
        super().__init__()
        self._gate, self._turn = gate, threading.Lock()
        self._is_running, self._is_new = is_running, is_new
        self._timer = QTimer(self, interval=IDLE_MS)
        self._timer.timeout.connect(self._look)
        self._loaders: list[threading.Thread] = []
        self._hurries = threading.Event()
        self._ended, self._looked_after, self._full_after = 0, 0, 0  # runs

    def begin(self) -> None:
        """Look from now on, but never through what is there: that alone would take 100 ms."""
        gc.freeze()
        self._timer.start()

    def load(self, target: Callable[..., object], *args: object) -> threading.Thread:
        """Import something in a thread, which is returned: all that is made meanwhile stays, and it is much."""
        loader = threading.Thread(target=self._load, args=(target, *args), name="preload", daemon=True)
        with suppress(RuntimeError):  # the system gives no more threads: the run imports it itself
            loader.start()
            self._loaders.append(loader)
        return loader

    @Slot()
    def hurry(self) -> None:
        """What is being imported gives way no more: the GUI thread needs it soon, and would wait for who waits."""
        if any(loader.is_alive() for loader in self._loaders):  # what begins later has time again
            self._hurries.set()

    def _load(self, target: Callable[..., object], *args: object) -> None:
        """Runs in a thread of its own, one after the other."""
        with self._turn:
            finder = YieldingFinder(self._gate, self._hurries)
            sys.meta_path.insert(0, finder)
            # Who needs it will tell why it cannot be imported; and at the program's own end nothing can any more.
            with suppress(Exception):
                target(*args)
            sys.meta_path.remove(finder)

    @Slot()
    def run_begun(self) -> None:
        self._timer.setInterval(RUNNING_MS)

    @Slot()
    def run_ended(self) -> None:
        self._ended += 1

    @Slot()
    def _look(self) -> None:
        if self._loaders:
            self._loaders = [loader for loader in self._loaders if loader.is_alive()]
            if not self._loaders:
                self._hurries.clear()
                gc.freeze()
            return
        if self._is_running():
            self._collect_young()
            return
        self._timer.setInterval(IDLE_MS)
        if self._looked_after == self._ended:
            self._collect_young()
        elif self._ended >= 2 * self._full_after:
            gc.collect()  # it takes the longer, the more runs there are, and comes the more seldom
            self._full_after = self._looked_after = self._ended
        else:
            gc.collect(1)
            self._looked_after = self._ended
        if self._is_new():
            gc.freeze()

    def _collect_young(self) -> None:
        if gc.get_count()[0] > YOUNG:
            gc.collect(0)

    def close(self) -> None:
        """Look no more; what is being imported is finished first, if that is soon."""
        self._timer.stop()
        for loader in self._loaders:
            loader.join(LOAD_S)
