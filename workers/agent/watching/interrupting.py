"""Ends a freeze that lasts: KeyboardInterrupt in what the event loop has called. In the teller's thread."""

from __future__ import annotations

import ctypes
import signal
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

from ...monitors.lag import SLOW_OVER_S
from ...monitors.stacks import stack_of
from ..messages import Interrupted

if TYPE_CHECKING:
    from types import TracebackType

    from .watched_loop import WatchedLoop


def interrupt(loop: WatchedLoop | None) -> Interrupted:
    """Raise it in the main thread, unless that is not frozen."""
    main = threading.main_thread().ident or 0
    if loop is None or loop.ident != main:
        return Interrupted(False, "The event loop does not run in the main thread.")
    if time.perf_counter() - loop.lag.last_beat < SLOW_OVER_S or loop.inside(stack_of(main)) <= 0:
        return Interrupted(False, "It is not frozen any more.")
    _keep_pyqt_from_aborting()
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # which ends a wait, too
        if hasattr(signal, "pthread_kill"):
            signal.pthread_kill(main, signal.SIGINT)
        else:  # Windows, where C's handler runs here, and Python's there
            signal.raise_signal(signal.SIGINT)
    else:  # the program does something else at Ctrl+C
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(main), ctypes.py_object(KeyboardInterrupt))
    return Interrupted(True, "")


def _keep_pyqt_from_aborting() -> None:
    """PyQt aborts a program for an exception that a slot did not catch, unless that has an `excepthook` of its own.

    So it has one, until the first exception comes there.
    """
    if sys.excepthook is not sys.__excepthook__ or not {"PyQt5", "PyQt6"} & set(sys.modules):
        return

    def excepthook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> Any:
        if sys.excepthook is excepthook:
            sys.excepthook = sys.__excepthook__
        return sys.__excepthook__(kind, error, trace)

    sys.excepthook = excepthook
