"""How threads wait, and what time it is. Runs on Python 3.9."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import threading


class Pace:
    """The usual one. Tests, and runners that let one thread go on at a time, have their own.

    Attributes:
        stuck_s: tasks that have been stuck for so long are told so; None: as usual.
    """

    stuck_s: float | None = None

    def now(self) -> float:
        """In seconds of `time.perf_counter`."""
        return time.perf_counter()

    def block(self, woken: threading.Lock, seconds: float) -> None:
        """Block the calling thread until `wake` is called for the same lock, but no longer than so many seconds."""
        woken.acquire(timeout=seconds)

    def wake(self, woken: threading.Lock) -> None:
        """Let the thread go on that is blocked; MUTEX is held."""
        woken.release()

    def hold(self, thing: object, is_held: bool) -> None:
        """The calling thread has taken what only one may have, or lets it go; MUTEX is held."""

    def expire(self) -> None:
        """A wait has ended by its time-out; MUTEX is held."""

    def sleep(self, seconds: float) -> None:
        """Block the calling thread for so long."""
        time.sleep(seconds)


PACE = Pace()
