"""What the GUI thread did while it was awake: a track as the Main track of a browser's tools.

It is awake from the end of one wait for events to the beginning of the next: whoever owns the event loop calls `rest`
and `wake`. What is worth a name in between is told by `enter` and `leave`; what nobody tells is named by stacks, which
a thread takes once it has been awake for some milliseconds. The GUI thread calls everything but `look`.

Nothing that comes often is watched, and nothing gives the GIL up: to get it back beside threads that compute takes
0.1 to 0.4 ms. After each wait the processor has forgotten our code, and a line costs five times what it does in a
test: a short time awake with nothing in it is two numbers in a column. The thread sleeps meanwhile: its alarm is put
off each time that the GUI thread rests, and goes off only when that does not come to rest.
"""

from __future__ import annotations

import time
from bisect import bisect_left
from typing import TYPE_CHECKING, NamedTuple, Protocol

from .probe import Instrument, MeasuredRun
from .stacks import times_blocked
from .track.looks import Looks
from .track.marks import GIL, INPUT, MAX_NAMES, PAINT, PROCESSOR, QT, SLOT, Marks

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType

    from .track.looks import Sample

NAME = "main"
TITLE = "&Main thread: what the GUI thread did"

LONG_S = 0.001
"""A time awake that is longer than this is looked back at."""

WAIT_S = 0.000_5
"""From this time on it is worth a mark that the thread did not run though it had something to do."""

LONG_REST_S = 3_600.0
MAX_EDGES = 400_000
"""So many are kept, 3 MB: of half an hour of an idle window."""

PAINTS = ".paintEvent"


class MainThreadRun(MeasuredRun, Protocol):
    """A run beside a window; see `workers.engine.run.Run`."""

    main_thread: Marks


class MainThread(Instrument[MainThreadRun]):
    """The track of one GUI thread. Make it there.

    Attributes:
        is_on: whether it is started.
        switched: is called in the GUI thread when `is_on` or `records` may have changed.
        marks: all that is kept.
        doing: the code of what it does; QT at each wake.
        in_slot: whether a slot is being carried out that has told its name; what it calls is part of it.
        looks: takes stacks of it.
    """

    def __init__(self, lag: object = None) -> None:
        self.is_on = self.in_slot = self._is_run = False
        self.switched: Callable[[], None] = _nobody
        self.marks = Marks()
        self.doing = QT
        self._codes = {pair: code for code, pair in enumerate(self.marks.names)}
        self._since = self._due = 0.0  # up to where all is settled; when the last rest was to end
        self._base: tuple[float, float, int] | None = None  # when the thread's clock was read, and what it said
        self._others = (0.0, 0.0)  # when the others' processor time was last read, and what it was
        self.looks = Looks()

    def start(self) -> None:
        if self.is_on:
            return
        self.is_on = True
        self.looks.start()
        self.switched()
        self._record()

    def close(self) -> None:
        if not self.is_on:
            return
        self._rest_for_good()
        self.is_on = False
        self.looks.close()
        self.switched()

    def begin(self, run: MainThreadRun, runner: object) -> None:
        self._is_run = True
        self._record()

    def finish(self, run: MainThreadRun) -> None:
        self.abandon()
        run.main_thread = self.marks.between(*run.span)

    def abandon(self) -> None:
        self._is_run = False
        self._rest_for_good()

    @property
    def records(self) -> bool:
        """Whether it is on, and a run goes on: without one nobody could look at the track, and it costs nothing."""
        return self.is_on and self._is_run

    def _record(self) -> None:
        """Begin to keep what is done, in the midst of a slot, or in that of a run where it is turned on."""
        if not self.records or self.looks.woke:
            return
        now = time.perf_counter()
        self._since, self._base = now, (now, *_used())
        self._others = (now, time.process_time() - time.thread_time())
        self.marks.edges.append(now)
        self.looks.woke, self.looks.loop = now, None
        if self.doing != QT:
            self._mark(self.doing)
        self.switched()

    def _rest_for_good(self) -> None:
        if self.looks.woke:
            now, doing, in_slot = time.perf_counter(), self.doing, self.in_slot
            self.looks.woke = 0.0
            self.settle(now)
            self.marks.edges.append(now)
            self.doing, self.in_slot = doing, in_slot
        self.switched()

    # ------------------------------------------------------------ the GUI thread, at its event loop

    def rest(self, timeout: int) -> None:
        """It will wait for events, for so many milliseconds at most; -1 for as long as there are none.

        A look for events that a slot takes by the way is a part of the slot.
        """
        looks = self.looks
        if not looks.woke or (self.in_slot and not timeout):
            return
        # Garbage may be collected from here on, too.
        now, woke, looks.woke = time.perf_counter(), looks.woke, 0.0
        if now - woke > LONG_S:
            self.settle(now)
        elif self.doing != QT:
            self.doing, self.in_slot = QT, False
        self.marks.edges.append(now)
        self._due = now + (timeout / 1e3 if timeout >= 0 else LONG_REST_S)
        looks.rest(self._due)

    def wake(self, loop: CodeType, happened: int) -> None:
        """There are events now, or the wait has timed out: `loop` is the function that runs the event loop."""
        if self.looks.woke:
            return
        now, due = time.perf_counter(), self._due
        if not happened and now - due > WAIT_S:
            self.late(due, now)
        self.marks.edges.append(now)
        self.looks.wake(now, loop)

    def settle(self, now: float) -> None:
        """A long time awake ends: name what nobody told, and part the waits from the rest.

        A thread that gave its processor up without a wait of its own waited for the GIL, where others computed; one
        that lost its processor waited for that. A slot may have waited for anything, where nobody competes for the GIL.
        Where in a stretch it waited nobody knows: it is marked at its beginning. It counts as at rest meanwhile: what
        a collection of garbage tells would change the columns that are read here.
        """
        marks, base = self.marks, self._base
        since = max(self._since, marks.edges[-1])
        used, blocks = _used()
        idle, wait = 0.0, QT
        # After short times awake, which do not look at it, the thread's clock tells nothing of this one.
        if base is not None and (len(marks) < 2 or base[0] >= marks.edges[-2]):
            idle = now - since - (used - base[1])
            if idle > WAIT_S:
                wait = self._waited_for(now, blocks > base[2] + (base[0] < since))
        if idle > WAIT_S or self.looks.samples:
            self._look_back(since, now, idle, wait)
        if len(marks) > MAX_EDGES:
            marks.drop(MAX_EDGES // 20 * 2)
        self._since, self._base = now, (now, used, blocks)
        self.doing, self.in_slot = QT, False

    def late(self, due: float, now: float) -> None:
        """The thread wakes later than it was to, at `now`: it had no GIL, or no processor."""
        base = self._base
        was_blocked = base is not None and base[0] >= self.marks.edges[-1] and _used()[1] > base[2] + 1
        wait = self._waited_for(now, was_blocked)
        self.marks.add(due, PROCESSOR if wait == QT else wait)

    def _waited_for(self, now: float, was_blocked: bool) -> int:
        if not was_blocked:
            return PROCESSOR
        others, (asked, before) = time.process_time() - time.thread_time(), self._others
        self._others = (now, others)
        return GIL if others - before > (now - asked) / 4 else QT

    def code(self, kind: int, name: str) -> int:
        """What stands for a kind and a name in the marks, for `enter`; beyond MAX_NAMES new names have none."""
        found = self._codes.get((kind, name))
        if found is None:
            if len(self._codes) >= MAX_NAMES:
                return kind
            found = self._codes[kind, name] = len(self.marks.names)
            self.marks.names.append((kind, name))
        return found

    def enter(self, code: int) -> int:
        """From now on it does this; returns what it did before, for `leave`, or else it ends with what comes next."""
        before = self.doing
        self._mark(code)
        return before

    def leave(self, before: int) -> None:
        """What began last has ended. Input and painting end where the first thing ends that came in between."""
        self._mark(before if self.marks.names[before][0] not in (INPUT, PAINT) else QT)

    def _mark(self, code: int) -> None:
        self.doing = code
        if not self.looks.woke:
            return
        self.marks.add(time.perf_counter(), code)

    def _look_back(self, since: float, now: float, idle: float, wait: int) -> None:
        """Mark the time from `since` to `now` once more, with names by stacks and `idle` seconds of a wait."""
        marks = self.marks
        first = bisect_left(marks.times, since)
        edges = [since, *marks.times[first:], now]
        samples = [self.looks.samples.popleft() for _ in range(len(self.looks.samples))]
        parts: list[_Part] = []
        for at, code in enumerate([QT, *marks.codes[first:]]):
            start, end = edges[at : at + 2]
            parts += self._named(start, end, code, [one for one in samples if start < one.moment <= end])
        waits = self._waits(parts, idle, wait) if wait != QT else {}
        del marks.times[first:], marks.codes[first:]
        for at, part in enumerate(parts):
            if at in waits:
                marks.add(part.start, wait)
            marks.add(part.start + waits.get(at, 0.0), part.code)

    def _waits(self, parts: list[_Part], idle: float, wait: int) -> dict[int, float]:
        """How long it waited in which parts, if it did for `idle` seconds in all: in the longest first."""
        waits: dict[int, float] = {}
        for at in sorted(range(len(parts)), key=lambda at: -parts[at].length):
            if idle <= WAIT_S:
                break
            may_wait = wait == GIL or self.marks.names[parts[at].code][0] in (QT, PAINT)
            if may_wait and not parts[at].waits:
                waits[at] = min(idle, parts[at].length)
            idle -= parts[at].length
        return waits

    def _named(self, start: float, end: float, code: int, samples: list[Sample]) -> list[_Part]:
        """A stretch, or its parts, by the stacks that were taken in it."""
        if self.marks.names[code][0] not in (QT, PAINT) or not samples:
            return [_Part(start, end, code, any(one.waits for one in samples))]
        parts: list[_Part] = []
        for at, one in enumerate(samples):
            until = end if at == len(samples) - 1 else (one.moment + samples[at + 1].moment) / 2
            found = self._code_of(one.slot, code)
            if parts and parts[-1].code == found:
                start, waits = parts[-1].start, parts.pop().waits or one.waits
            else:
                waits = one.waits
            parts.append(_Part(start, until, found, waits))
            start = until
        return parts

    def _code_of(self, slot: str, code: int) -> int:
        """The code of a slot that was seen where `code` was told: of painting that is the same, or a name for it."""
        if slot.endswith(PAINTS):
            return code if self.marks.names[code][0] == PAINT else PAINT
        return self.code(SLOT, slot) if slot else code


class _Part(NamedTuple):
    """A part of a time awake; `waits` says whether a stack shows that what was done in it waited by itself."""

    start: float
    end: float
    code: int
    waits: bool

    @property
    def length(self) -> float:
        return self.end - self.start


def _used() -> tuple[float, int]:
    """The processor time of this thread, and how often it gave its processor up to wait for something."""
    return time.thread_time(), times_blocked()


def _nobody() -> None:
    """Who is told of a switch while nobody wants to know."""
