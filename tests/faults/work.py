"""Workloads for the tests of faults, named as `tests.faults.work:NAME`. They run in other processes too."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Generator

UNIT = "steps"


class Stubborn(Exception):
    """An exception that can neither be pickled nor put into words."""

    def __init__(self, lock: object) -> None:
        super().__init__(lock)
        self.lock = lock

    def __str__(self) -> str:
        raise RuntimeError("it has no words")

    def __reduce__(self) -> Any:
        raise TypeError("it stays where it is")


def bad() -> None:
    """Raise from a function of its own, so that its name is in the traceback."""
    raise ValueError("out of a thread of the task's own")


def exceptions(index: int) -> Generator[int, None, str]:
    """Tasks 1 to 3 raise in ways that get lost easily; the others are done."""
    yield 1
    if index == 1:
        raise Stubborn(threading.Lock())
    if index == 2:
        with ThreadPoolExecutor(1) as pool:
            pool.submit(bad).result()
    if index == 3:
        raise BaseExceptionGroup("several", [ValueError("one"), KeyboardInterrupt()])
    yield 1
    return f"{index} is done"


def flood(index: int, *, steps: int = 100_000) -> Generator[int, None, int]:
    """Task 0 tells of so many steps without a pause; the others of three."""
    count = steps if index == 0 else 3
    for _ in range(count):
        yield 1
    return count


def keeps_gil(index: int, *, seconds: float) -> Generator[int, None, int]:
    """Task 0 makes one call into C that keeps the GIL for about as long; the others take three steps."""
    yield 1
    if index == 0:
        hold_gil(seconds)
    yield 1
    return index


def hold_gil(seconds: float) -> None:
    """Call C for about so many seconds without giving up the GIL: a sum over a range is one call, of no bytecode."""
    size = 200_000
    while True:
        began = time.thread_time()  # on a busy machine the call may take longer than that, and never less
        sum(range(size))
        took = time.thread_time() - began
        if took >= min(seconds, 0.02):
            break
        size *= 2
    sum(range(int(size * seconds / took)))


def hungry(index: int) -> Generator[int, None, int]:
    """Task 1 asks for more memory than there is anywhere."""
    yield 1
    return len(bytearray(1 << 62 if index == 1 else 1))
