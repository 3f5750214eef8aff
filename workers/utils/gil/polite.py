"""Turns for the GIL: how threads that compute in Python leave the GUI thread room to breathe. One file, to be copied.

A window that 'uses threads' can be as frozen as one that does not. Each call into Qt gives the GIL up, and taking it
back costs the GUI thread up to a switch interval for EACH thread that computes. Three things help, and none costs
the work anything that it could have had, for only one thread can run Python at a time anyway:

- **turns**: threads that hold the GIL take turns of 10 ms, first in, first out. So the GUI thread has one rival at
  the most, however many threads there are.
- the **gate**: it is shut while the GUI thread has events to handle. At its next step a thread waits there until the
  GUI thread waits for events again, but no longer than GATE_S: a window that is stuck must not stop the work.
- a **switch interval** of 0.5 ms in place of Python's 5.

In a program of one's own:

    polite = Polite()                  # in the GUI thread, when there is a QApplication

    def work(numbers):                 # in any other thread
        with polite.turn() as turn:
            for number in numbers:
                ...                    # about a millisecond of work
                turn.step()

Thaw's own tasks heed the same classes (`workers.engine.gil_scheduler`). Standard library only, Python 3.9 and later.
"""

from __future__ import annotations

import ctypes
import os
import sys
import threading
import time
from collections import deque
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TURN_S = 0.010
"""How long a turn lasts while others wait for theirs."""

GATE_S = 0.020
"""How long a task waits at the gate at the most."""

NICE = 10
"""Niceness of threads that compute without the GIL, as of a background job."""

NEVER = float("inf")

SWITCH_S = 0.0005
"""Python's switch interval while a program is polite."""


class FairLock:
    """A lock that is handed on in the order of asking. A plain lock goes to whoever is quickest: some would starve.

    Attributes:
        is_taken: whether somebody has it.
        is_given_up: whether nobody waits for it any more.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._queue: deque[threading.Lock] = deque()
        self.is_taken = self.is_given_up = False

    @property
    def is_wanted(self) -> bool:
        return bool(self._queue)

    def take(self, before_waiting: Callable[[], object] = lambda: None) -> bool:
        """Take it, after a wait if need be; `before_waiting` is called before one. Returns whether there was one."""
        with self._guard:
            if not self.is_taken or self.is_given_up:
                self.is_taken = True
                return False
            mine = threading.Lock()
            mine.acquire()
            self._queue.append(mine)
        before_waiting()
        mine.acquire()
        return True

    def give(self) -> None:
        """Hand it to whoever has waited longest."""
        with self._guard:
            if self._queue:
                self._queue.popleft().release()
            else:
                self.is_taken = False

    def give_up(self) -> None:
        """Let all go on that wait, and whoever comes later: it was no good to wait."""
        with self._guard:
            self.is_given_up = True
            while self._queue:
                self._queue.popleft().release()


class EventLoopGate:
    """Shut while the GUI thread handles events, open while it waits for some. Make it in the GUI thread.

    Attributes:
        shut: whether a task is to `wait`. Read without a lock: it is a hint, and a late look costs one step.
    """

    def __init__(self) -> None:
        self.shut = False
        self._owner = threading.get_ident()
        # A lock for each who waits. One lock for all would be taken by whoever passes just when `close` wants it.
        self._waiting: deque[threading.Lock] = deque()

    def close(self) -> None:
        """Called by the GUI thread when it has something to do; never blocks."""
        self.shut = True

    def open(self) -> None:
        """Called by the GUI thread when it has nothing more to do."""
        self.shut = False
        while self._waiting:
            self._waiting.popleft().release()

    def wait(self) -> None:
        """Called by a task: wait until the gate is open, but no longer than GATE_S.

        After that nobody waits before it has been open again: a GUI thread that is stuck shall not stop the work.
        """
        mine = threading.Lock()
        mine.acquire()
        self._waiting.append(mine)
        # Looked at once more after queueing, as `open` looks at the queue after clearing the flag: one sees the other.
        if self.shut and not mine.acquire(timeout=GATE_S):
            self.shut = False

    @property
    def holds_up(self) -> bool:
        """Whether a task waits just now."""
        return self.shut and bool(self._waiting)

    @property
    def is_mine(self) -> bool:
        """Whether the calling thread is the GUI thread: work there would wait for itself."""
        return threading.get_ident() == self._owner


class Turn:
    """One task's part in the politeness of its run.

    Attributes:
        ends: when the task is to call `renew`, in seconds of `time.perf_counter`.
        has_it: whether it is this task's turn.
    """

    def __init__(self, fair_lock: FairLock | None) -> None:
        self._fair_lock = fair_lock
        self.has_it = False
        self.ends = NEVER if fair_lock is None else 0.0

    def renew(self, before_waiting: Callable[[], object]) -> bool:
        """Begin a turn, after all those who wait already.

        Args:
            before_waiting: is called if others come first.

        Returns:
            Whether others came first.
        """
        fair_lock = self._fair_lock
        if fair_lock is None:
            return False
        if self.has_it and fair_lock.is_wanted:
            self.leave()
        waited = not self.has_it and fair_lock.take(before_waiting)
        self.has_it = True
        self.ends = time.perf_counter() + TURN_S
        return waited

    def leave(self) -> None:
        """Let others have the turn: the task pauses or has ended."""
        if self.has_it and self._fair_lock is not None:
            self.has_it = False
            self.ends = 0.0
            self._fair_lock.give()


def step_back() -> None:
    """Give the calling thread a niceness of NICE, where threads have one of their own: on Linux."""
    if sys.platform.startswith("linux"):
        me = threading.get_native_id()
        if os.getpriority(os.PRIO_PROCESS, me) < NICE:
            os.setpriority(os.PRIO_PROCESS, me, NICE)


# glib reads errno after a poll that a signal ended; what Python does before it returns must not change it.
POLL = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_uint, ctypes.c_int, use_errno=True)


class LoopHook:
    """Opens a gate while the GUI thread's event loop waits, and shuts it when events have come.

    By glib's poll function: Qt's own `awake` comes too late, after the events were handled. On Linux Qt's event loop
    is glib's; elsewhere there is no such place, and `install` says so.
    """

    def __init__(self, gate: EventLoopGate) -> None:
        self._gate = gate
        self._glib: Any = None
        self._context: Any = None
        self._before: Any = None
        self._wait: Any = None  # that, or what tells of it besides
        self._hook = POLL(self._poll)  # kept: glib holds only its address

    def install(self) -> bool:
        """Put the hook in place, in the GUI thread; returns whether there was a place for it."""
        if not sys.platform.startswith("linux"):
            return False
        try:
            glib = ctypes.CDLL("libglib-2.0.so.0")
        except OSError:
            return False
        glib.g_main_context_default.restype = ctypes.c_void_p
        glib.g_main_context_get_poll_func.restype = ctypes.c_void_p
        glib.g_main_context_get_poll_func.argtypes = [ctypes.c_void_p]
        glib.g_main_context_set_poll_func.argtypes = [ctypes.c_void_p, ctypes.c_void_p]
        self._glib = glib
        self._context = glib.g_main_context_default()
        self._before = self._wait = POLL(glib.g_main_context_get_poll_func(self._context))
        glib.g_main_context_set_poll_func(self._context, ctypes.cast(self._hook, ctypes.c_void_p))
        return True

    def remove(self) -> None:
        if self._glib is not None:
            self._glib.g_main_context_set_poll_func(self._context, ctypes.cast(self._before, ctypes.c_void_p))
            self._glib = None
        self._gate.open()

    def _poll(self, descriptors: int | None, count: int, timeout: int) -> int:
        self._gate.open()
        happened: int = self._wait(descriptors, count, timeout)  # gives up the GIL while it waits
        self._gate.close()
        return happened


class PoliteTurn:
    """What a thread heeds while it computes; made by `Polite.turn`."""

    def __init__(self, turn: Turn, gate: EventLoopGate) -> None:
        self._turn, self._gate = turn, gate

    def step(self) -> None:
        """Let the GUI thread go first, and others whose turn it is. Call it about once a millisecond."""
        if time.perf_counter() >= self._turn.ends:
            self._turn.renew(lambda: None)
        if self._gate.shut:
            self._gate.wait()

    @contextmanager
    def away(self) -> Iterator[None]:
        """Within this block the thread waits for something, or is in C without the GIL: others may have its turn."""
        self._turn.leave()
        try:
            yield
        finally:
            self.step()


class Polite:
    """Politeness for a whole program, from now on; make it in the GUI thread, when there is a QApplication.

    Attributes:
        gate: shut while the GUI thread is busy.
        has_gate: whether anybody shuts it; where not (off Linux), turns serve alone.
    """

    def __init__(self) -> None:
        is_needed = getattr(sys, "_is_gil_enabled", lambda: True)()
        self.gate = EventLoopGate()
        self._lock = FairLock() if is_needed else None
        self._hook = LoopHook(self.gate)
        self.has_gate = is_needed and self._hook.install()
        self._interval_s = sys.getswitchinterval()
        sys.setswitchinterval(min(SWITCH_S, self._interval_s))

    @contextmanager
    def turn(self) -> Iterator[PoliteTurn]:
        """Within this block the calling thread, which is not the GUI thread, computes; it waits for its first turn."""
        if self.gate.is_mine:
            raise RuntimeError("The GUI thread would wait for itself: compute in another thread.")
        mine = Turn(self._lock)
        told = PoliteTurn(mine, self.gate)
        told.step()
        try:
            yield told
        finally:
            mine.leave()

    def close(self) -> None:
        self._hook.remove()
        sys.setswitchinterval(self._interval_s)
