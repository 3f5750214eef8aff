"""What who watches may ask for: the stacks of all threads, and an end to a freeze. In the teller's thread."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from ..monitors.dump import line_of
from ..monitors.lag import SLOW_OVER_S
from ..monitors.stacks import stack_of, thread_idents, thread_names, unnamed
from .messages import Dumped, Interrupted, Left, ThreadStack
from .watching import hidden

if TYPE_CHECKING:
    from .watching.watched_loop import WatchedLoop


def dump() -> Dumped:
    """Where all threads are."""
    names = thread_names()
    found = []
    for ident in thread_idents() - hidden.idents - {threading.get_ident()}:
        lines = tuple(line_of(*call.place) for call in reversed(stack_of(ident)))
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


def interrupt(loop: WatchedLoop | None) -> Interrupted:
    """Raise KeyboardInterrupt in what the main thread's event loop has called."""
    import ctypes
    import signal

    main = threading.main_thread().ident or 0
    if loop is None or loop.ident != main:
        return Interrupted(False, "The event loop does not run in the main thread.")
    if time.perf_counter() - loop.lag.last_beat < SLOW_OVER_S or loop.inside(stack_of(main)) <= 0:
        return Interrupted(False, "It is not frozen any more.")
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # which ends a wait, too
        if hasattr(signal, "pthread_kill"):
            signal.pthread_kill(main, signal.SIGINT)
        else:  # Windows, where C's handler runs here, and Python's there
            signal.raise_signal(signal.SIGINT)
    else:  # the program does something else at Ctrl+C
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(main), ctypes.py_object(KeyboardInterrupt))
    return Interrupted(True, "")
