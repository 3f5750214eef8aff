"""What a test leaves behind: threads, processes, sockets and Qt timers, with the lines that started them."""

from __future__ import annotations

import contextlib
import gc
import itertools
import os
import sys
import threading
import time

import psutil

from tests.support.origins import note_starts, with_origin

LOOK_AT_ALL = 100
"""After so many tests the collector looks at what was put aside, too."""

LASTING = {"broker", "celery worker", "The scheduler on this machine", "A worker on this machine"}
"""The names of processes that a runner keeps from run to run: they are no test's alone."""

LASTING_THREADS = ("Dask-Offload", "Dask-Callback-Thread")
"""Pools of Dask's own, which keep their threads for as long as the program lasts."""

LEAVE_S = 2.0
"""What a test started may take this long to be gone after it."""

_tests = itertools.count(1)


def _threads() -> set[threading.Thread]:
    # A dummy stands for a thread that Python did not start, such as a QThread; it stays on the list for ever.
    found = {thread for thread in threading.enumerate() if not isinstance(thread, threading._DummyThread)}
    return {thread for thread in found if not thread.name.startswith(LASTING_THREADS)}


def children_of(process: int) -> set[int]:
    """The children of a process and theirs, by their ids; none where it has ended."""
    try:
        return _children(process)
    except OSError:  # not Linux, or it has just ended
        with contextlib.suppress(psutil.NoSuchProcess):
            return {child.pid for child in psutil.Process(process).children(recursive=True)}
        return set()


def _children(process: int) -> set[int]:
    """The same as Linux tells it, which asks nothing of the machine's other processes: in 0.1 ms, not in several."""
    found: set[int] = set()
    for thread in os.listdir(f"/proc/{process}/task"):
        try:
            with open(f"/proc/{process}/task/{thread}/children") as file:
                own = [int(word) for word in file.read().split()]
        except (FileNotFoundError, ProcessLookupError):
            if thread == str(process):
                raise  # not the end of a thread
            continue
        for child in own:
            found.add(child)
            with contextlib.suppress(OSError):  # it has just ended
                found |= _children(child)
    return found


def _kept() -> tuple[set[threading.Thread], set[int]]:
    """The threads and processes that a runner has started for the whole program: they are there for the next test."""
    process = sys.modules.get("workers.utils.kept_process.process")
    lasting = [one for one in process._all if one._name in LASTING and one.alive] if process is not None else []
    pids = {one._process.pid for one in lasting}
    return {one._reader for one in lasting}, pids.union(*map(children_of, pids))


def _sockets() -> set[tuple[int, str]]:
    found = psutil.Process().net_connections(kind="inet")
    return {(one.fd, str(one.laddr)) for one in found if one.status != psutil.CONN_NONE}


def _put_aside() -> None:
    """Collect the garbage of the test before, and put all that is there aside: the collector passes that over now.

    So `_new_timers` sees what the test made and no more; to look through all objects twice a test took half a minute.
    And no thread of this test collects what those before left of Qt: to destroy a timer there crashes the GUI thread.
    """
    if next(_tests) % LOOK_AT_ALL == 0:
        gc.unfreeze()
    gc.collect()
    gc.freeze()


def _new_timers() -> list[str]:
    """The Qt timers of this test that go on and on; a single shot ends by itself."""
    shiboken, kind = sys.modules["shiboken6"], sys.modules["PySide6.QtCore"].QTimer
    timers = [one for one in gc.get_objects() if type(one) is kind]
    running = [one for one in timers if shiboken.isValid(one) and one.isActive() and not one.isSingleShot()]
    return [with_origin(f"{one.interval()} ms of {one.parent()}", one) for one in running]


class Before:
    """What is there before a test.

    Args:
        is_qt_used: Qt timers count, too.
    """

    def __init__(self, is_qt_used: bool) -> None:
        self._is_qt_used = is_qt_used
        self._threads, self._processes, self._sockets = _threads(), children_of(os.getpid()), _sockets()
        if is_qt_used:
            note_starts(sys.modules["PySide6.QtCore"].QTimer)
            gc.disable()  # as in main.py: its threads may collect nothing of its own Qt objects either
        else:
            gc.enable()
        if "PySide6.QtCore" in sys.modules:
            _put_aside()

    def check(self, patience_s: float = LEAVE_S) -> None:
        """Raise an AssertionError that names what is new and has not gone within this time."""
        if _sockets() - self._sockets:
            gc.collect()  # a traceback that was kept holds its frames' sockets in a cycle
        deadline = time.monotonic() + patience_s
        while time.monotonic() < deadline and any(self._more()):
            threading.Event().wait(0.005)
        new, left, open_sockets = self._more()
        threads = [with_origin(thread.name, thread) for thread in new]
        assert not threads, f"threads were left running: {'; '.join(sorted(threads))}"
        assert not left, "processes were left running"
        assert not open_sockets, "sockets were left open"
        if self._is_qt_used:
            sys.modules["PySide6.QtCore"].QCoreApplication.sendPostedEvents(None, 52)  # deferred deletes
            timers = _new_timers()
            assert not timers, f"Qt timers were left running: {'; '.join(timers)}"

    def _more(self) -> tuple[set[threading.Thread], set[int], set[tuple[int, str]]]:
        """The threads, processes and sockets that are new."""
        threads, processes = _kept()
        return (
            _threads() - self._threads - threads,
            children_of(os.getpid()) - self._processes - processes,
            _sockets() - self._sockets,
        )
