"""Event, Condition and Barrier, in the words of `threading`. Runs on Python 3.9."""

from __future__ import annotations

from threading import BrokenBarrierError
from typing import TYPE_CHECKING, Any

from .locks import Lock, RLock
from .thing import MUTEX, Thing

if TYPE_CHECKING:
    from collections.abc import Callable


class Event(Thing):
    """As `threading.Event`."""

    kind = "event"

    def __init__(self) -> None:
        super().__init__()
        self._flag = False
        self._sets = 0

    def is_set(self) -> bool:
        with MUTEX:
            return self._flag

    isSet = is_set  # as it was called once, and still is in much that people have

    def set(self) -> None:
        """Let all go on that wait, and whoever waits before it is cleared."""
        with MUTEX:
            self._touch()
            self._flag = True
            self._sets += 1
            self._wake_all()

    def clear(self) -> None:
        with MUTEX:
            self._touch()
            self._flag = False

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until it is set; returns whether it was, or else the time is over."""
        with MUTEX:
            member, before = self._touch(), self._sets
            # It may be cleared again before whoever waited has woken up.
            return self._until(lambda: self._flag or self._sets > before, self.phrase, timeout, member)


class _Ticket:
    """One wait for a notify."""

    called = False


class Condition(Thing):
    """As `threading.Condition`, around a `Lock` or `RLock` of this package."""

    kind = "condition"

    def __init__(self, lock: Lock | None = None) -> None:
        super().__init__()
        self._lock = RLock() if lock is None else lock
        self._tickets: list[_Ticket] = []
        self.acquire, self.release = self._lock.acquire, self._lock.release

    def __enter__(self) -> bool:
        return self._lock.__enter__()

    def __exit__(self, *error: object) -> None:
        self._lock.__exit__(*error)

    def wait(self, timeout: float | None = None) -> bool:
        """Let the lock go, wait for a notify, and take the lock again; returns whether the notify came in time."""
        with MUTEX:
            member = self._touch()
            if not self._lock._is_mine():
                raise RuntimeError("cannot wait on un-acquired lock")
            ticket = _Ticket()
            self._tickets.append(ticket)
            by_with = self._lock._by_with
            depth = self._lock._free()
            try:
                return self._until(lambda: ticket.called, f"a notify of {self.phrase}", timeout, member)
            finally:
                if ticket in self._tickets:
                    self._tickets.remove(ticket)
                self._lock._take_back(member, by_with, depth)

    def wait_for(self, predicate: Callable[[], Any], timeout: float | None = None) -> Any:
        """Wait until the predicate is true, which is asked at first and after each notify; returns what it says."""
        pace = self._pace
        ends = None if timeout is None else pace.now() + timeout
        result = predicate()
        while not result:
            rest = None if ends is None else ends - pace.now()
            if rest is not None and rest <= 0:
                break
            self.wait(rest)
            result = predicate()
        return result

    def notify(self, n: int = 1) -> None:
        """Let as many go on of those that wait just now; to nobody else it means anything."""
        with MUTEX:
            self._touch()
            if not self._lock._is_mine():
                raise RuntimeError("cannot notify on un-acquired lock")
            for ticket in self._tickets[:n]:
                ticket.called = True
            del self._tickets[:n]
            self._wake_all()

    def notify_all(self) -> None:
        """Let all go on that wait just now."""
        self.notify(len(self._tickets))

    notifyAll = notify_all  # likewise


class _Round:
    """Those who meet at a barrier at one time."""

    def __init__(self) -> None:
        self.count = 0
        self.is_over = self.is_broken = False


class Barrier(Thing):
    """As `threading.Barrier`."""

    kind = "barrier"

    def __init__(
        self, parties: int, action: Callable[[], object] | None = None, timeout: float | None = None
    ) -> None:
        if parties < 1:
            raise ValueError("parties must be >= 1")
        super().__init__()
        self.parties = parties
        self._action, self._timeout = action, timeout
        self._round = _Round()
        self._is_broken = False

    @property
    def n_waiting(self) -> int:
        with MUTEX:
            return self._round.count

    @property
    def broken(self) -> bool:
        with MUTEX:
            return self._is_broken

    def wait(self, timeout: float | None = None) -> int:
        """Wait until as many have come as there are parties; returns which of them this was, 0 the first.

        Raises:
            BrokenBarrierError: it was broken or reset, or the time was over, which breaks it.
        """
        timeout = self._timeout if timeout is None else timeout
        with MUTEX:
            member = self._touch()
            if self._is_broken:
                raise BrokenBarrierError
            mine = self._round
            index, mine.count = mine.count, mine.count + 1
            self._sample("level", mine.count)
            if mine.count < self.parties:
                what = f"the others at {self.phrase}"
                try:
                    if not self._until(lambda: mine.is_over or mine.is_broken, what, timeout, member):
                        if mine is self._round:
                            self._break()
                        else:  # all have come, and the last of them is about its action
                            self._until(lambda: mine.is_over or mine.is_broken, what, None, member)
                except BaseException:
                    mine.count -= 1
                    self._sample("level", mine.count)
                    raise
                if mine.is_broken:
                    raise BrokenBarrierError
                return index
            self._round = _Round()  # whoever comes from now on is of the next
        try:
            if self._action is not None:
                self._action()
        except BaseException:
            with MUTEX:
                self._break(mine)
            raise
        with MUTEX:
            mine.is_over = True
            self._sample("level", self._round.count)
            self._wake_all()
        return index

    def _break(self, *rounds: _Round) -> None:
        self._is_broken = True
        for one in (self._round, *rounds):
            one.is_broken = True
        self._round = _Round()
        self._sample("level", 0)
        self._wake_all()

    def abort(self) -> None:
        """Break it: whoever waits, and whoever comes, gets a BrokenBarrierError."""
        with MUTEX:
            self._touch()
            self._break()

    def reset(self) -> None:
        """Begin anew: only who waits gets a BrokenBarrierError."""
        with MUTEX:
            self._touch()
            self._break()
            self._is_broken = False
