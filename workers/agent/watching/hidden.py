"""Threads of ours in somebody else's process: `threading.enumerate` does not tell of them, and no signal wakes them."""

from __future__ import annotations

import signal
import sys
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

idents: set[int] = set()
"""Of those that run."""


class HiddenThread(threading.Thread):
    """A thread that nobody sees, traces or profiles, and whose errors are not the program's."""

    def __init__(self, fail: Callable[[], None], **options: Any) -> None:
        """Make it.

        Args:
            fail: is called with an error of it, while that is handled: the program may have a `threading.excepthook`.
            options: those of any thread.
        """
        super().__init__(**options)
        self._fail = fail

    def start(self) -> None:
        with _no_signals():  # a thread has the mask of the one that starts it
            super().start()

    def run(self) -> None:
        sys.settrace(None)
        sys.setprofile(None)
        ident = threading.get_ident()
        known: dict[int, threading.Thread] = getattr(threading, "_active", {})
        idents.add(ident)
        me = known.pop(ident, None)
        try:
            super().run()
        except Exception:
            self._fail()
        finally:
            idents.discard(ident)
            if me is not None:
                known[ident] = me  # which `threading` takes out itself


@contextmanager
def _no_signals() -> Iterator[None]:
    """The calling thread gets none: they interrupt what the program's own threads wait for."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    faults = {getattr(signal, name) for name in ("SIGSEGV", "SIGFPE", "SIGILL", "SIGBUS", "SIGABRT", "SIGTRAP")}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals() - faults)
    try:
        yield
    finally:
        with suppress(OSError, ValueError):
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
