"""Looks at one thread again and again, and tells for how long each thing lasted that its event loop delivered.

In a thread of its own. What is told is never longer than it was: the first and the last look at it are its ends, so up
to two looks' time is missing. The time in which the watched thread was ready and had no processor is left out (on
Linux, which alone counts it): a busy machine is nobody's fault.
"""

from __future__ import annotations

import sys
import threading
import time
from typing import TYPE_CHECKING, NamedTuple

from ..evidence import StackSample, verdict
from ..freeze import GUI
from ..guilt import Rank
from ..kinds import WORK, Kinds
from ..process import collector
from ..process.collector import OwnThread, Wake
from ..stacks import ProcessorWaits, goes_on_without_gil, processor_times, stack_of, thread_names
from .marks import CLICK, levels_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..freeze import Freeze
    from ..guilt import SourceFiles
    from ..stacks import Call
    from .marks import Level, Marks

KEEP_OVER_S = 0.020
"""What took less is not kept."""

LOOK_S = 0.005
MAX_LOOK_S = 0.25
LATE_S = 0.020
"""A look that comes so much too late waited for the GIL, or for a processor."""

MAX_KEPT = 1_000
SETTING_UP = frozenset({"setUp", "tearDown", "setUpClass", "tearDownClass", "asyncSetUp", "asyncTearDown"})
MANY = "keySequence"
"""A call that plays several events, so that what it takes says nothing of one."""


class Delivered(NamedTuple):
    """One thing that an event loop delivered, and that took long.

    Attributes:
        freeze: how long, and which line was to blame; the stack begins at the line that runs the loop.
        name: the function that the loop called; empty where nothing of Python ran inside of it.
        waited_s: how much of that the thread was ready and had no processor.
        used_s: how much processor time it used.
    """

    freeze: Freeze
    name: str
    waited_s: float
    used_s: float

    @property
    def lasted_s(self) -> float:
        """How long it took, in seconds, the waits for a processor left out."""
        return max(self.freeze.ended - self.freeze.started - self.waited_s, self.used_s)


class _Stretch:
    """Looks in a row that saw the same."""

    def __init__(self, key: tuple[object, ...], started: float, waited: float, used: float) -> None:
        self.key, self.started, self.ended = key, started, started
        self.used_before = self.used_after = used
        self.waits_before = waited
        self.waits_after: float | None = None  # while it lasts
        self.held_s = 0.0
        self.samples: list[StackSample] = []


class Looks:
    """Looks at the thread that makes it, from `start` to `stop`; both are called there."""

    def __init__(self, marks: Marks, files: SourceFiles, look_s: float = LOOK_S) -> None:
        """Make it.

        Args:
            marks: what that thread's event loop tells.
            files: tells libraries from the program.
            look_s: between two looks.
        """
        self._marks, self._files, self._look_s = marks, files, look_s
        self._ident, self._kinds = threading.get_ident(), Kinds()
        self._own_ident, self._waited = 0, 0.0
        self._waits = ProcessorWaits(f"self/task/{threading.get_native_id()}")
        self._stop, self._ready = Wake(), Wake()
        self._thread = OwnThread(self._watch)
        self._unshare: Callable[[], object] = int
        self._stretch: _Stretch | None = None
        self._kept: list[_Stretch] = []
        self._used: dict[int, float] = {}
        self.is_paused = False
        self.trouble: BaseException | None = None

    def start(self) -> None:
        """Begin to look; returns when the thread looks."""
        self._unshare = collector.share()
        # `threading` does not know of it: a test that counts threads finds those that it knows.
        self._thread.start()
        self._ready.wait()

    def stop(self) -> None:
        """Look no more; returns when the thread has ended."""
        self._stop.set()
        self._thread.join()
        self._unshare()
        self._close(self._stretch)
        self._stretch = None
        self._waits.close()
        if self.trouble is not None:
            raise self.trouble

    def delivered(self, over_s: float = KEEP_OVER_S) -> list[Delivered]:
        """What took longer than so many seconds until now, in the order of time."""
        found = []
        for stretch in [*self._kept, *([self._stretch] if self._stretch is not None else [])]:
            if stretch.ended - stretch.started > over_s and stretch.samples:
                one = self._told(stretch)
                if one.lasted_s > over_s:
                    found.append(one)
        return found

    def _told(self, stretch: _Stretch) -> Delivered:
        after = self._waits.total_s() if stretch.waits_after is None else stretch.waits_after
        waited = after - stretch.waits_before
        name = str(stretch.key[2])
        freeze = verdict(stretch.started, stretch.ended, stretch.samples, stretch.held_s)
        return Delivered(freeze, name, waited, stretch.used_after - stretch.used_before)

    # ------------------------------------------------------------ the thread that looks

    def _watch(self) -> None:
        self._own_ident = threading.get_ident()
        self._own_waits = ProcessorWaits()
        try:
            self._used = processor_times()
            self._waited = self._own_waits.total_s()
            due = time.perf_counter() + self._look_s
            self._ready.set()
            while not self._stop.wait(due - time.perf_counter()):
                now = time.perf_counter()
                lasted = 0.0 if self._stretch is None else self._stretch.ended - self._stretch.started
                # From now on, for to read a file gives the GIL up, which may come back too late.
                late, due = now - due, now + min(max(self._look_s, lasted / 40), MAX_LOOK_S)
                self._look(now, late)
        except BaseException as error:
            self.trouble = error  # raised by `stop`, in the thread that is watched
        finally:
            self._ready.set()
            self._own_waits.close()

    def _look(self, now: float, late: float) -> None:
        # First of all where it is: whatever follows may let it go on.
        marks, marked = self._marks.count, self._marks.moment
        levels = levels_of(self._ident)
        loop = -1 if self.is_paused else self._marks.loop_of(levels, marks)
        before, self._used = self._used, processor_times()
        used = {ident: total - before.get(ident, 0.0) for ident, total in self._used.items()}
        used.pop(self._own_ident, None)
        others = sum(used.values()) - used.get(self._ident, 0.0)
        starved = self._own_waits.total_s() - self._waited if late > LATE_S else 0.0
        # From when it asked for the GIL on, nobody who had it came to another line. Others who had it used processors.
        asked = late - starved
        held = asked > LATE_S and others < asked / 2
        key = self._key(levels, loop, marks)
        stretch = self._stretch
        if key is None:
            self._stretch = None
            self._close(stretch)
            self._waited = self._own_waits.total_s()
            return
        is_new = stretch is None or stretch.key != key
        if stretch is None or is_new:
            self._close(stretch)
            started = max(now - asked + sys.getswitchinterval(), marked) if held else now
            mine = self._used.get(self._ident, 0.0)
            stretch = self._stretch = _Stretch(key, started, self._waits.total_s(), mine)
        since = stretch.ended if not is_new else stretch.started
        stretch.ended, stretch.used_after = now, self._used.get(self._ident, 0.0)
        if held:
            stretch.held_s += now - since
        if now > since:
            stretch.samples.append(self._sample(now, since, levels, loop, held, used))
        if is_new:
            self._waited = self._own_waits.total_s()

    def _key(self, levels: list[Level], loop: int, marks: int) -> tuple[object, ...] | None:
        """What is the same as long as one thing is delivered; None outside of the loop."""
        if loop < 0 or any(level.call.code.co_name in SETTING_UP for level in levels):
            return None
        if loop:
            inside = levels[loop - 1]
            return inside.frame, marks, getattr(inside.call.code, "co_qualname", inside.call.code.co_name)
        if levels[0].call.code is CLICK and MANY in _text(levels):
            return None
        return levels[0].frame, marks, ""

    def _close(self, stretch: _Stretch | None) -> None:
        if stretch is not None and stretch.ended - stretch.started > KEEP_OVER_S and len(self._kept) < MAX_KEPT:
            stretch.waits_after = self._waits.total_s()
            self._kept.append(stretch)

    def _sample(
        self, now: float, since: float, levels: list[Level], loop: int, held: bool, used: dict[int, float]
    ) -> StackSample:
        length = now - since
        mine = used.get(self._ident, 0.0)
        rival = max((one for one in used if one != self._ident), key=used.__getitem__, default=0)
        ident, stack, holder = self._ident, [level.call for level in levels[: loop + 1]], GUI
        innermost = self._kinds.of(stack[0])[0]
        if rival and used[rival] > length / 2 and mine < length / 5 and innermost == WORK:
            if other := stack_of(rival):
                ident, stack, holder = rival, other, thread_names().get(rival, "another thread")
        kind = self._kind(ident, stack[0], held, used.get(ident, 0.0), length)
        calls = [call.place for call in reversed(stack)]
        inside = calls[1:] if ident == self._ident and len(calls) > 1 else calls
        guilty = self._files.guilty([call[0] for call in inside]) - len(inside)
        if ident == self._ident:  # the loop may be run by a library: who called that
            for level in levels[loop + 1 :]:
                if calls[0][0] != CLICK.co_filename and self._files.rank(calls[0][0]) != Rank.LIBRARY:
                    break
                calls.insert(0, level.call.place)
        return StackSample(now, length, kind, holder, tuple(calls), guilty + len(calls))

    def _kind(self, ident: int, innermost: Call, held: bool, used: float, length: float) -> str:
        kind, in_c = self._kinds.of(innermost)
        if kind != WORK and self._kinds.is_certain(innermost):
            return kind
        if held:
            return "c_gil"
        if kind != WORK:  # by its name, which may be that of a method that only computes
            return kind if used < length / 2 else "python"
        if goes_on_without_gil(ident):
            return "c"
        return "python" if used > length / 2 or not in_c else "unknown"


def _text(levels: list[Level]) -> str:
    import linecache

    place = levels[1].call.place if len(levels) > 1 else ("", 0, "")
    return linecache.getline(*place[:2])
