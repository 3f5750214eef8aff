"""Lock, RLock, Semaphore and BoundedSemaphore, in the words of `threading`. Runs on Python 3.9.

Who took one by `with` gives it back, and nobody else; what was taken by `acquire` anybody may release, as `threading`
allows: so a task that waits for such a one is not stuck while any other runs.
"""

from __future__ import annotations

import threading
from collections import Counter
from typing import TYPE_CHECKING

from .samples import FREE, SOMEBODY
from .thing import MUTEX, Thing

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .thing import Member


def _timeout_of(blocking: bool, timeout: float) -> float | None:
    """How long to wait, as `threading` says it for locks: 0.0 where it is not to block; None: for ever."""
    if not blocking and timeout != -1:
        raise ValueError("can't specify a timeout for a non-blocking call")
    if timeout < 0 and timeout != -1:
        raise ValueError("timeout value must be positive")
    return 0.0 if not blocking else None if timeout == -1 else timeout


class Lock(Thing):
    """As `threading.Lock`."""

    kind = "lock"

    def __init__(self) -> None:
        super().__init__()
        self._depth = 0
        self._thread = 0
        self._holder: Member | None = None
        self._by_with = False
        self._excused: Counter[Member | int] = Counter()
        """How many releases of a task, or a thread that is no task's, are excused."""

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        """Take it, after a wait if need be; returns whether it was taken."""
        return self._acquire(_timeout_of(blocking, timeout), by_with=False)

    def _acquire(self, timeout: float | None, by_with: bool) -> bool:
        with MUTEX:
            member = self._touch()
            if not self._until(self._may_have(threading.get_ident()), self.phrase, timeout, member):
                return False
            self._take(member, by_with)
        return True

    def _may_have(self, thread: int) -> Callable[[], bool]:
        """What tells whether a thread may have it: any thread may ask, not only that one."""
        return lambda: not self._depth

    def _take(self, member: Member | None, by_with: bool, depth: int = 1) -> None:
        self._depth += depth
        self._thread, self._holder, self._by_with = threading.get_ident(), member, by_with
        self._pace.hold(self, True)
        self._sample("holder", SOMEBODY if member is None else member.index)

    def release(self) -> None:
        """Let it go. Any thread may.

        Raises:
            RuntimeError: nobody holds it.
        """
        with MUTEX:
            who = self._touch() or threading.get_ident()
            if self._excused[who]:
                self._excused[who] -= 1
                return
            self._check_release()
            self._depth -= 1
            if not self._depth:
                self._free()

    def _check_release(self) -> None:
        if not self._depth:
            raise RuntimeError("release unlocked lock")

    def _free(self) -> int:
        """Let it go altogether; returns how often it was taken."""
        depth, self._depth = self._depth, 0
        self._holder = None
        self._by_with = False
        self._pace.hold(self, False)
        self._sample("holder", FREE)
        self._wake()
        return depth

    def locked(self) -> bool:
        with MUTEX:
            return bool(self._depth)

    def __enter__(self) -> bool:
        return self._acquire(None, by_with=True)

    def __exit__(self, *error: object) -> None:
        self.release()

    def _givers(self) -> Sequence[Member] | None:
        return (self._holder,) if self._by_with and self._holder is not None else None

    def _holders(self) -> Sequence[Member]:
        return () if self._holder is None else (self._holder,)

    # ---------------------------------------------------------------- for conditions; MUTEX is held

    def _is_mine(self) -> bool:
        """Whether the calling thread has it, as far as that can be told: of a plain lock nobody knows who has it."""
        return bool(self._depth)

    def _take_back(self, member: Member | None, by_with: bool, depth: int) -> None:
        """Take it again after a wait for a condition.

        Where that must not be waited for, as the run was cancelled or nobody will ever let it go, as many a `release`
        is excused: a `with` around the wait makes one in any case.
        """
        try:
            self._until(self._may_have(threading.get_ident()), self.phrase, None, member)
        except BaseException:
            self._excused[member or threading.get_ident()] += depth
            raise
        self._take(member, by_with, depth)


class RLock(Lock):
    """As `threading.RLock`: who has it may take it again, and lets it go as often."""

    def _may_have(self, thread: int) -> Callable[[], bool]:
        return lambda: not self._depth or self._thread == thread

    def _check_release(self) -> None:
        if not self._is_mine():
            raise RuntimeError("cannot release un-acquired lock")

    def _is_mine(self) -> bool:
        return bool(self._depth) and self._thread == threading.get_ident()

    def _givers(self) -> Sequence[Member] | None:
        return self._holders() or None  # by `acquire` too: nobody else can release it


class Semaphore(Thing):
    """As `threading.Semaphore`, which is not fair: whoever asks at the right moment is before those who wait."""

    kind = "semaphore"

    def __init__(self, value: int = 1) -> None:
        if value < 0:
            raise ValueError("semaphore initial value must be >= 0")
        super().__init__()
        self._places = self._value = value
        self._inside: list[Member | None] = []
        self._are_by_with = True
        """Whether whoever is inside came by `with`: nobody else will let them out."""

    def acquire(self, blocking: bool = True, timeout: float | None = None) -> bool:
        """Take a place, after a wait if need be; returns whether one was taken."""
        if not blocking and timeout is not None:
            raise ValueError("can't specify timeout for non-blocking acquire")
        return self._acquire(timeout if blocking else 0.0, by_with=False)

    def _acquire(self, timeout: float | None, by_with: bool) -> bool:
        with MUTEX:
            member = self._touch()
            if not self._until(lambda: self._value > 0, self.phrase, timeout, member):
                return False
            self._value -= 1
            self._inside.append(member)
            self._forget()
            self._are_by_with &= by_with
            self._sample("level", self._places - self._value)
            if self._places == 1:
                self._pace.hold(self, True)
        return True

    def release(self, n: int = 1) -> None:
        """Give places back, or add some."""
        if n < 1:
            raise ValueError("n must be one or more")
        self._release(n, by_with=False)

    def _release(self, n: int, by_with: bool) -> None:
        with MUTEX:
            member = self._touch()
            self._check_release(n)
            self._value += n
            self._are_by_with &= by_with
            for _ in range(n):
                if member in self._inside:
                    self._inside.remove(member)
            self._forget()
            self._sample("level", self._places - self._value)
            if self._places == 1:
                self._pace.hold(self, False)
            self._wake(n)

    def _forget(self) -> None:
        """Of those who have taken places the last are inside, no more than are taken: others gave places back."""
        del self._inside[: len(self._inside) - max(0, self._places - self._value)]

    def _check_release(self, n: int) -> None:
        """A plain one takes back more than it gave."""

    def __enter__(self) -> bool:
        return self._acquire(None, by_with=True)

    def __exit__(self, *error: object) -> None:
        self._release(1, by_with=True)

    def _givers(self) -> Sequence[Member] | None:
        is_full = self._are_by_with and 0 < self._places == len(self._inside)
        return self._holders() if is_full else None

    def _holders(self) -> Sequence[Member]:
        return [member for member in dict.fromkeys(self._inside) if member is not None]


class BoundedSemaphore(Semaphore):
    """As `threading.BoundedSemaphore`: it takes back no more places than it gave."""

    def _check_release(self, n: int) -> None:
        if self._value + n > self._places:
            raise ValueError("Semaphore released too many times")
