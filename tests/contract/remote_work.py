"""Workloads for places outside of this interpreter, as `tests.contract.remote_work:NAME`. They run on Python 3.9."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

from workers.engine.task import Phase, TaskEvent

if TYPE_CHECKING:
    from collections.abc import Generator

UNIT = "steps"


def where(index: int) -> Generator[int, None, dict[str, Any]]:
    yield 1
    return {
        "pid": os.getpid(),
        "qt": sorted(name for name in sys.modules if name.startswith(("PySide6", "gui"))),
        "nice": os.nice(0) if hasattr(os, "nice") else None,
        "version": tuple(sys.version_info[:2]),
    }


def slow(index: int, *, steps: int = 20) -> Generator[int, None, int]:
    for _ in range(steps):
        threading.Event().wait(0.005)
        yield 1
    return os.getpid()


def ends_its_process(index: int, *, folder: str, times: int) -> Generator[int, None, str]:
    """Kills the process that runs it, the first few times."""
    yield 1
    name = os.path.join(folder, f"{index}-")
    before = sum(os.path.exists(name + str(number)) for number in range(times))
    if index == 0 and before < times:
        with open(name + str(before), "w"):
            pass
        os.kill(os.getpid(), signal.SIGKILL)
    yield 1
    return f"{index} after {before}"


def leaves(index: int) -> Generator[int, None, None]:
    yield 1
    os._exit(3)


class OneWay:
    """Can be sent, but not read."""

    def __reduce__(self) -> tuple[Any, ...]:
        return (int, ("no number",))


def cannot_travel(index: int) -> Generator[int, None, object]:
    yield 1
    return (threading.Lock(), OneWay(), "this one can")[index]


def deaf(index: int) -> Generator[int, None, None]:
    """Heeds nothing at all."""
    yield 0
    while True:
        time.sleep(0.05)


def leaves_a_thread(index: int) -> Generator[int, None, int]:
    """The interpreter waits for it at its end."""
    yield 1
    threading.Thread(target=threading.Event().wait).start()
    return os.getpid()


def flood(index: int, *, events: int = 200_000) -> Generator[int, None, float]:
    """Tells of progress as fast as it can; the result is how long that took, in seconds."""
    yield 0
    me = sys.modules["_thaw.remote.worker"]._workers[-1]  # as it is called there
    begun = time.perf_counter()
    for done in range(1, events + 1):
        me.emit(TaskEvent(index, Phase.PROGRESS, time.perf_counter(), done, "flood"))
    yield events
    return time.perf_counter() - begun
