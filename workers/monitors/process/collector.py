"""Holds the garbage collector off while a thread of ours runs Python: what it collects it destroys, and right there.

An allocation of ours may be the one with which the program's garbage is due, and in Python 3.12 any thread collects
what has become due in another. Widgets, and whatever else belongs to a thread, would be destroyed in ours then. So a
thread of ours begins and ends with the collector off, and has it on while it waits: all that is in one call into C,
which allocates nothing that counts. Who asks meanwhile, or says otherwise, is answered as if we were not there
(`share`).
"""

from __future__ import annotations

import _thread
import gc
import os
import sys
import time
from collections import deque
from contextlib import suppress
from functools import partial, wraps
from itertools import chain, islice, starmap
from operator import is_, methodcaller, or_
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

GOES_S = 0.1
"""For so long at the most a thread is waited for that has ended, until the system knows."""

Result = TypeVar("Result")

enable, disable, is_enabled = gc.enable, gc.disable, gc.isenabled

_off: list[bool] = []
"""For each of our threads that holds it off: whether it is to be on when all are gone; one of them knows at most."""

_lock = _thread.allocate_lock()  # for that, where there is no GIL; taken in C alone, where no signal is seen to
_ours: set[int] = set()  # the idents of those threads
_ALL, _LAST = slice(None), slice(-1, None)
_stop_trace, _stop_profile = partial(sys.settrace, None), partial(sys.setprofile, None)
_call = methodcaller("__call__")


def _take() -> Iterator[object]:
    """One thread more, when it is exhausted."""
    asked = map(_off.append, starmap(is_enabled, [()]))
    return _alone(asked, starmap(disable, [()]))


def _give() -> Iterator[object]:
    """One less: those that do not know go first."""
    chosen = map((int, enable).__getitem__, starmap(_off.pop, [(0,)]))
    return _alone(starmap(_off.sort, [()]), map(_call, chosen))


def _alone(*steps: Iterator[object]) -> Iterator[object]:
    return chain(starmap(_lock.acquire, [()]), *steps, starmap(_lock.release, [()]))


def _untraced() -> Iterator[Iterator[object]]:
    """The calling thread is traced and profiled no longer: from Python 3.12 on a program may have that done to all."""
    for get, stop in ((sys.gettrace, _stop_trace), (sys.getprofile, _stop_profile)):
        yield map(_call, map((stop, int).__getitem__, map(is_, starmap(get, [()]), [None])))


def _exhaust(steps: Iterator[object]) -> None:
    deque(steps, maxlen=0)


class OwnThread:
    """A thread with the collector off, of which `threading` does not know."""

    def __init__(self, live: Callable[[], object]) -> None:
        """Make it; `live` runs in it, and is not to raise."""
        self._live = live
        self._ended = _thread.allocate_lock()
        self._native: list[int] = []
        self._join: Callable[[], object] = self._wait_for_end

    def start(self) -> None:
        """Start it. Raises RuntimeError where there can be no more threads."""
        self._ended.acquire()
        steps = chain(starmap(self._run, [()]), _give(), starmap(self._ended.release, [()]))
        _exhaust(_take())
        try:
            if hasattr(_thread, "start_joinable_thread"):
                self._join = _thread.start_joinable_thread(partial(deque, steps, 0)).join
            else:
                _thread.start_new_thread(deque, (steps, 0))
        except BaseException:
            _exhaust(_give())
            self._ended.release()
            raise

    def is_alive(self) -> bool:
        return self._ended.locked()

    def join(self, longest_s: float = -1) -> None:
        """Wait for its end; afterwards the system has no such thread any more, or about."""
        if self._ended.acquire(True, longest_s):
            self._ended.release()
            self._join()

    def _run(self) -> None:
        ident = _thread.get_ident()
        _ours.add(ident)
        self._native.append(_thread.get_native_id())
        try:
            self._live()
        finally:
            _ours.discard(ident)

    def _wait_for_end(self) -> None:
        # Python 3.12 counts the system's threads at a fork, and warns of them.
        until = time.monotonic() + GOES_S
        while self._native and os.path.exists(f"/proc/self/task/{self._native[0]}"):
            if time.monotonic() > until:
                break


def unheld(function: Callable[..., Result], *arguments: object) -> Result:
    """Call a function in C that waits, with the collector on; in a thread that does not hold it off: just call it."""
    if _thread.get_ident() not in _ours:
        return function(*arguments)
    found: list[Any] = []
    try:
        found.extend(chain(_give(), starmap(function, [arguments]), _take(), *_untraced()))
    except BaseException:
        _exhaust(_take())
        raise
    result: Result = found[4]
    return result


class Wake:
    """Wakes one thread, which waits with the collector on. May be set in any thread, also before that waits."""

    def __init__(self) -> None:
        self._lock = _thread.allocate_lock()
        self._lock.acquire()

    def set(self) -> None:
        with suppress(RuntimeError):  # it is set
            self._lock.release()

    def wait(self, longest_s: float = _thread.TIMEOUT_MAX) -> bool:
        """Returns whether it was set; it is not, afterwards."""
        return unheld(self._lock.acquire, True, max(0.0, longest_s))


def share() -> Callable[[], None]:
    """Have `gc` answer as if nobody held it off, and heed what the program says; returns what ends that."""

    @wraps(enable)
    def told_enable() -> None:
        theirs = map((True, True).__getitem__, islice(_off, 1))
        later = starmap(_off.__setitem__, [(_LAST, theirs)])
        _exhaust(_alone(later, map(_call, map((enable, int).__getitem__, starmap(bool, [(_off,)])))))

    @wraps(disable)
    def told_disable() -> None:
        none = map((False, False).__getitem__, _off)
        _exhaust(_alone(starmap(_off.__setitem__, [(_ALL, none)]), starmap(disable, [()])))

    @wraps(is_enabled)
    def told_isenabled() -> bool:
        both = map(or_, starmap(is_enabled, [()]), starmap(_off.__contains__, [(True,)]))
        return list(_alone(both))[1]  # type: ignore[return-value]

    def put(*functions: Any) -> None:
        gc.enable, gc.disable, gc.isenabled = functions

    before = gc.enable, gc.disable, gc.isenabled
    put(told_enable, told_disable, told_isenabled)
    return lambda: put(*before)


def forsake() -> None:
    """Have it on again though threads of ours hold it off: they are left behind, or behind a fork."""
    global _lock
    _lock = _thread.allocate_lock()
    if True in _off:
        enable()
    _off[:] = [False] * len(_off)
    _ours.clear()
