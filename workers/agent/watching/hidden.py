"""Threads of ours in somebody else's process: `threading.enumerate` does not tell of them, and no signal wakes them."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from ...monitors.process.collector import OwnThread

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

idents: set[int] = set()
"""Of those that run."""


class HiddenThread(OwnThread):
    """A thread that nobody sees, traces or profiles, and whose errors are not the program's."""

    def __init__(self, fail: Callable[[], None], target: Callable[[], object], **_named: Any) -> None:
        """Make it.

        Args:
            fail: is called with an error of it, while that is handled: the program may have a `threading.excepthook`.
            target: runs in it.
        """
        super().__init__(target)
        self._fail = fail

    def start(self) -> None:
        with _no_signals():  # a thread has the mask of the one that starts it
            super().start()

    def _run(self) -> None:
        ident = threading.get_ident()
        idents.add(ident)
        try:
            super()._run()
        except Exception:
            self._fail()
        finally:
            idents.discard(ident)


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
