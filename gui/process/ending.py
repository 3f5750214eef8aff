"""The end of the process, which comes whatever is left in it: threads that heed nothing, C that keeps the GIL."""

from __future__ import annotations

import atexit
import faulthandler
import os
import sys
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, NoReturn

from gui.process import streams

if TYPE_CHECKING:
    from collections.abc import Callable

AT_EXIT_S = 0.2
"""What exit handlers and the flushing of streams may take where Python's own end is passed over."""

FAILED = 2
"""The exit code for bad input, and where the program itself went wrong."""

IN_C_S = 1.45
"""When the process ends although no Python can run, in seconds after it was asked to."""

HANDLERS = "What was registered to run at the end of Python took too long and was ended with the program."

_owned = False


def begin() -> None:
    """The process is the program's own: its crashes are told, and `arm` may end it. Not so in tests, or a child."""
    global _owned
    _owned = True
    with suppress(OSError, ValueError):  # a standard error without a descriptor
        faulthandler.enable()


def arm() -> None:
    """End the process soon even where C keeps the GIL: then no Python can, and a timer of C says where it stands."""
    if _owned:
        with suppress(OSError, ValueError, RuntimeError):  # it has a thread, which there may be none for
            faulthandler.dump_traceback_later(IN_C_S, exit=True)


def disarm() -> None:
    """Take that back: all that might keep the GIL has ended."""
    if _owned:
        faulthandler.cancel_dump_traceback_later()


def with_problem(code: int, problem: str) -> int:
    """The exit code where there may be a problem, which is told: that of a signal comes first, then FAILED."""
    if problem:
        streams.complain(problem)
    return FAILED if problem and code < 128 else code


def end(code: int) -> NoReturn:
    """Leave with an exit code. A thread that somebody's code left, which Python would wait for, is told and passed."""
    own = threading.current_thread()
    left = [thread.name for thread in threading.enumerate() if thread is not own and not thread.daemon]
    if left:
        streams.complain(f"{_threads(left)} was still running and was ended with the program.")
        # In this thread, which made the application that one of them takes apart.
        with suppress(Exception):
            threading.Thread(target=_leave_later, args=(code,), daemon=True).start()
            atexit._run_exitfuncs()
            streams.flush()
        os._exit(code)
    before = streams.problem
    streams.flush()
    code = with_problem(code, streams.problem if streams.problem != before else "")
    with suppress(RuntimeError):  # the system gives no more threads
        threading.Thread(target=_leave_later, args=(code, IN_C_S, HANDLERS), daemon=True).start()
    sys.exit(code)


def _leave_later(code: int, seconds: float = AT_EXIT_S, why: str = "") -> None:
    time.sleep(seconds)
    if why:
        streams.complain(why)
    os._exit(code)


def force(code: int, *steps: Callable[[], object]) -> NoReturn:
    """Leave at once, past threads that will not end.

    Args:
        code: the exit code.
        steps: called before, in a thread that nobody waits for longer than AT_EXIT_S.
    """

    def tidy_up() -> None:
        for step in (*steps, streams.flush):
            with suppress(Exception):
                step()

    last = threading.Thread(target=tidy_up, name="exit", daemon=True)
    try:
        last.start()
    except RuntimeError:  # the system gives no more threads
        tidy_up()
    else:
        last.join(AT_EXIT_S)
    os._exit(code)


def _threads(names: list[str]) -> str:
    return f"The thread {names[0]}" if len(names) == 1 else f"One of {len(names)} threads, {names[0]},"
