"""What every test stands on: Qt off screen, and no thread or process left behind by a test."""

from __future__ import annotations

import contextlib
import gc
import itertools
import os
import sys
import threading
import time
from multiprocessing import resource_tracker
from typing import TYPE_CHECKING

import psutil
import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from collections.abc import Iterator

os.environ["QT_QPA_PLATFORM"] = "offscreen"
# One process of Python's own goes with the first pool of processes and lasts as long as the program: no test's leak.
if os.name == "posix":  # Windows has none
    resource_tracker.ensure_running()
# In the suite the same few examples each time; `scripts/test --long` names the other profile, which looks for new ones.
settings.register_profile("suite", max_examples=30, deadline=None, derandomize=True, database=None)
settings.register_profile("long", max_examples=1000, deadline=None, print_blob=True)
settings.load_profile("suite")
LOOK_AT_ALL = 100
"""After so many tests the collector looks at what was put aside, too."""

_tests = itertools.count(1)
LEAVE_S = 2.0
"""What a test started may take this long to be gone after it."""


def _threads() -> set[threading.Thread]:
    # A dummy stands for a thread that Python did not start, such as a QThread; it stays on the list for ever.
    return {thread for thread in threading.enumerate() if not isinstance(thread, threading._DummyThread)}


def _processes() -> set[int]:
    """The children of this process and theirs, by their ids."""
    try:
        return _children(os.getpid())
    except OSError:  # not Linux
        return {child.pid for child in psutil.Process().children(recursive=True)}


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


def _sockets() -> set[tuple[int, str]]:
    found = psutil.Process().net_connections(kind="inet")
    return {(one.fd, str(one.laddr)) for one in found if one.status != psutil.CONN_NONE}


def _put_aside() -> None:
    """Collect the garbage of the test before, and put all that is there aside: the collector passes that over now.

    So `_new_timers` sees what the test made and no more; to look through all objects twice a test took half a minute.
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
    return [f"{one.interval()} ms of {one.parent()}" for one in running]


@pytest.fixture(autouse=True)
def nothing_left_behind(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that leaves a thread, a process, a socket or a Qt timer behind."""
    threads, processes, sockets = _threads(), _processes(), _sockets()
    if "qapp" in request.fixturenames:
        _put_aside()
    yield
    if _sockets() - sockets:
        gc.collect()  # a traceback that was kept holds its frames' sockets in a cycle
    deadline = time.monotonic() + LEAVE_S
    while time.monotonic() < deadline and (_threads() - threads or _processes() - processes or _sockets() - sockets):
        threading.Event().wait(0.005)
    assert not _threads() - threads, "threads were left running"
    assert not _processes() - processes, "processes were left running"
    assert not _sockets() - sockets, "sockets were left open"
    if "qapp" in request.fixturenames:
        sys.modules["PySide6.QtCore"].QCoreApplication.sendPostedEvents(None, 52)  # deferred deletes
        assert not _new_timers(), "Qt timers were left running"
