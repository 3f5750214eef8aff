"""Where the threads of the program are: what may be asked for at any time, and is told at its end."""

from __future__ import annotations

import threading
import time

from ...monitors.dump import line_of
from ...monitors.freeze import MAX_CALLS
from ...monitors.stacks import stack_of, thread_idents, thread_names, unnamed
from ..messages import Dumped, Left, ThreadStack
from . import hidden

MAX_THREADS = 500
"""Of so many it is told where they are: all of a dump fits into one message."""


def dump() -> Dumped:
    """Where all threads are."""
    names = thread_names()
    found = []
    others = thread_idents() - hidden.idents - {threading.get_ident()}
    main = threading.main_thread().ident
    for ident in sorted(others, key=lambda ident: ident != main)[:MAX_THREADS]:
        calls = [call.place for call in reversed(stack_of(ident))]
        if len(calls) > MAX_CALLS:
            calls = calls[: MAX_CALLS // 2] + calls[-MAX_CALLS // 2 :]
        lines = tuple(line_of(*call) for call in calls)
        found.append(ThreadStack(ident, names.get(ident) or unnamed(), lines))
    return Dumped(time.perf_counter(), tuple(found))


def left_threads() -> tuple[Left, ...]:
    """The threads that run beside the main one, at the program's end."""
    main = threading.main_thread().ident
    threads = {one.ident: one for one in threading.enumerate()}
    found = []
    for stack in dump().threads:
        thread = threads.get(stack.ident)
        if stack.ident != main and thread is not None and stack.stack:
            found.append(Left(stack.ident, stack.name, thread.daemon, stack.stack[-1]))
    return tuple(found)
