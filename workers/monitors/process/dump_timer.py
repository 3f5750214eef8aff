"""faulthandler's one timer of a process, which writes all stacks down: ours, unless the program wants it."""

from __future__ import annotations

import faulthandler
import functools
import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

_later, _cancel = faulthandler.dump_traceback_later, faulthandler.cancel_dump_traceback_later
_lock = threading.RLock()
_is_theirs = False


def arm(after_s: float, fd: int) -> None:
    """In so many seconds all stacks are written into a file, unless this or `disarm` comes before."""
    with _lock:
        if not _is_theirs:
            _later(after_s, file=fd)


def disarm() -> None:
    """Write nothing; what is being written is finished first."""
    with _lock:
        if not _is_theirs:
            _cancel()


def share() -> Callable[[], None]:
    """Leave the timer to the program from when it sets it until it cancels it; returns what ends that."""
    functions = faulthandler.dump_traceback_later, faulthandler.cancel_dump_traceback_later

    @functools.wraps(functions[0])
    def dump_traceback_later(*arguments: Any, **named: Any) -> None:
        _set(theirs=True)
        _later(*arguments, **named)

    @functools.wraps(functions[1])
    def cancel_dump_traceback_later() -> None:
        _cancel()
        _set(theirs=False)

    def put(later: Any, cancel: Any) -> None:
        faulthandler.dump_traceback_later, faulthandler.cancel_dump_traceback_later = later, cancel

    put(dump_traceback_later, cancel_dump_traceback_later)
    return lambda: put(*functions)


def _set(*, theirs: bool) -> None:
    global _is_theirs
    with _lock:
        _is_theirs = theirs
