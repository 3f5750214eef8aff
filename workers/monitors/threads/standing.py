"""Where all threads stand at the first moment after a wait for them, and whether C was what kept us waiting.

With a GIL we wait for it. Whoever had it in C gives it up right behind that call, and stands there until we give it
away in turn. Without one, a look at the stacks waits until every thread can be stopped, which is behind such a call,
too. Who runs Python lets others on at once. All is for the watchdog's thread.
"""

from __future__ import annotations

import sys
import threading
import time
from typing import TYPE_CHECKING, NamedTuple

from ..stacks import all_stacks, has_gil, processor_waits, times_blocked

if TYPE_CHECKING:
    from collections.abc import Generator

    from ..stacks import Call

LONG_S = 0.100
"""A wait that is longer is worth a look."""

ASKED, ENOUGH_S, NEVER_ASKED = 0.2, 0.040, 0.04
"""Who waits for the GIL asks again after each switch interval. Asked for the first part of a wait, or for so long, it
was kept from us: who runs Python would have given it up. Below the last part of it nobody had it: we had no processor,
or the process stood still."""

COUNTS = sys.platform == "linux"
"""Whether the system tells how often we asked."""

COMPUTED_S = 0.020
"""So much processor time nobody uses who runs Python, and is to stop."""


class Stood(NamedTuple):
    """What was seen since the last time.

    Attributes:
        stacks: of all threads but ours, by their idents; empty where nobody was waited for. Without a GIL the newest.
        asked_s: for how long at least we asked for the GIL, and did not get it.
        was_in_c: without a GIL: whether the watched thread was in C for long.
    """

    stacks: dict[int, list[Call]]
    asked_s: float
    was_in_c: bool


class Standing:
    """Call `look` first of all after each wait."""

    def __init__(self, ident: int) -> None:
        """Make it.

        Args:
            ident: of the thread that is watched.
        """
        self._ident = ident
        self._had, self._blocked = 0.0, 0
        self._stood = Stood({}, 0.0, False)
        self._delays: tuple[Generator[float, None, None], ...] = ()

    def begin(self, due: float) -> None:
        """We are to wait, and to go on at that moment."""
        self._had, self._blocked = due, times_blocked()
        if not has_gil():
            self._had = max(due, time.perf_counter())  # the look before this one had no processor
            self._read_delays()

    def look(self) -> None:
        """We may have waited since the last look, or since `begin` told."""
        now, blocked = time.perf_counter(), times_blocked()
        stacks, asked_s, was_in_c = self._stood
        if not has_gil():
            stacks, was_in_c = self._stop()
        elif now - self._had > LONG_S:
            stacks = all_stacks(self._ident)
        asked_s += max(0, blocked - self._blocked - 1) * sys.getswitchinterval()
        self._stood = Stood(stacks, asked_s, was_in_c)
        self._had, self._blocked = time.perf_counter(), times_blocked()

    def take(self) -> Stood:
        """All that was seen since the last time."""
        stood, self._stood = self._stood, Stood({}, 0.0, False)
        return stood

    def _stop(self) -> tuple[dict[int, list[Call]], bool]:
        used, stacks = self._used(), all_stacks(self._ident)
        used, took = self._used() - used, time.perf_counter() - self._had
        # One that cannot be stopped computes, or sleeps; that it had no processor, or we, is nobody's call.
        own, its = self._read_delays()
        return stacks, took > LONG_S and took - own > LONG_S / 2 and (used > COMPUTED_S or its < took / 2)

    def _used(self) -> float:
        try:
            return time.clock_gettime(time.pthread_getcpuclockid(self._ident))
        except (AttributeError, OSError):  # nobody counts; or it has ended
            return 0.0

    def _read_delays(self) -> tuple[float, float]:
        """For how long we, and the watched thread, were ready and had no processor since the last time."""
        if not self._delays:
            native = next((one.native_id for one in threading.enumerate() if one.ident == self._ident), None)
            its = "thread-self" if native is None else f"self/task/{native}"
            self._delays = processor_waits(), processor_waits(its)
        own, its_own = map(next, self._delays)
        return own, its_own
