"""Finds out what the GUI thread does while its event loop is silent. In a thread of its own.

While Python runs or waits, the watchdog takes stacks. While C holds the GIL it stands still itself, like everybody
else; then faulthandler writes the stacks down, and afterwards the watchdog's own gap tells for how long it was.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from typing import TYPE_CHECKING

from .dump import ARM_S, DUMP_AFTER_S, DumpFile, patience
from .evidence import Gap, Sightings, StackSample, verdict
from .freeze import CARD_OVER_S, FrozenRun
from .lag import PERIOD_S, SLOW_OVER_S
from .probe import Instrument
from .process.collector import Wake
from .stacks import has_gil, processor_times, processor_waits, thread_names, times_blocked
from .threads.standing import ASKED, COUNTS, ENOUGH_S, NEVER_ASKED, Standing
from .threads.watched import WatchedThread

if TYPE_CHECKING:
    from collections.abc import Callable

    from .freeze import Freeze, Sighting
    from .lag import LagMonitor
    from .probe import Joinable

NAME = "watchdog"
TITLE = "&Watchdog: which line froze the window"

LOOK_S, REST_LOOK_S = 0.100, 0.200
"""Between two looks at a window that is well; and at one that is idle besides, as the lag monitor says."""

SAMPLE_S = 0.025
"""Between two stacks of a freeze; less often in a long one, where each stands for 1/40 of it, but for MAX_S."""

MAX_S = 0.5
MAX_SAMPLES = 4_000
MAX_HELD = 10_000
HELD_OVER_S = 0.100
"""When the watchdog comes so much too late, C held the GIL, unless other threads used the time."""


class Watchdog(Instrument[FrozenRun]):
    """Looks at one GUI thread.

    Attributes:
        told: is called in the watchdog's thread with each new guilty line of a freeze that lasts; may be None.
        judged: likewise with each freeze, soon after its end.
        over_s: gaps over this are judged; a class attribute, as the next.
        look_s: how often it looks while all is well.
        sample_over_s: after such a silence it takes stacks.
    """

    over_s, look_s, sample_over_s = CARD_OVER_S, LOOK_S, SLOW_OVER_S

    def __init__(
        self,
        lag: LagMonitor,
        told: Callable[[Sighting], None] | None = None,
        make_dumps: Callable[[], DumpFile] | None = DumpFile,
        thread: WatchedThread | None = None,
    ) -> None:
        """Make it.

        Args:
            lag: that thread's beats.
            told: see the class.
            make_dumps: makes what serves while C holds the GIL, at the start; None for nothing. There is one such
                timer in a process, so a test that wants its runner's own gives None.
            thread: the one that is to be watched; None for the calling one, of Thaw's own.
        """
        self.told = told
        self.judged: Callable[[Freeze], None] | None = None
        self._judged_to = 0.0
        self._lag, self._make_dumps = lag, make_dumps
        self._one = thread or WatchedThread(threading.get_ident())
        self._dumps: DumpFile | None = None
        self._samples: deque[StackSample] = deque(maxlen=MAX_SAMPLES)
        self._held: deque[tuple[float, float]] = deque(maxlen=MAX_HELD)
        self._lock = threading.Lock()  # for all that follows, and both of the above
        self._looked = self._sampled = self._due = self._sample_due = self._arm_due = 0.0
        self._used: dict[int, float] = {}
        self._lateness = self._starved = self._asked = self._seen = 0.0
        self._was_free: bool | None = None
        self._standing = Standing(self._one.ident)
        self._sightings = Sightings()
        self._ends, self._news = False, Wake()
        self._thread: Joinable | None = None

    @property
    def dump_fd(self) -> int | None:
        """The file that faulthandler writes to while C holds the GIL, for `os.pread`; None unless it is started."""
        return None if self._dumps is None else self._dumps.fd

    def start(self) -> None:
        if self._thread is not None:
            return
        self._ends = False
        self._dumps = self._make_dumps() if self._make_dumps else None
        self._looked = self._sampled = self._due = self._judged_to = time.perf_counter()
        self._used = processor_times() if has_gil() else {}
        if self._dumps is not None:
            self._dumps.arm(DUMP_AFTER_S)  # C may take the GIL before the first look
        (thread := self.thread_class(target=self._watch, name="watchdog", daemon=True)).start()
        self._thread = thread

    def begin(self, run: FrozenRun, runner: object) -> None:
        self._news.set()  # the next look of an idle window's may be far away

    def close(self) -> None:
        self._ends = True
        self._news.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        with self._lock:
            dumps, self._dumps = self._dumps, None
            if dumps is not None:
                dumps.close()

    def finish(self, run: FrozenRun) -> None:
        run.freezes, run.held = self.freezes(*run.span), self.held(*run.span)

    def freezes(self, start: float, end: float) -> list[Freeze]:
        """The freezes from `start` to `end` (seconds of `time.perf_counter`) that were long enough for a card."""
        self._catch_up()
        found = []
        before = start
        for beat in (*self._lag.beats(start, end), end):
            if beat - before - PERIOD_S > self.over_s:
                found += [self._verdict(*one) for one in self._one.stretches(before, beat)]
            before = beat
        return found

    def _verdict(self, started: float, ended: float) -> Freeze:
        with self._lock:
            samples = [one for one in self._samples if started < one.moment < ended + one.stood_for]
        return verdict(
            started, ended, samples, sum(until - since for since, until in self.held(started, ended))
        )

    def held(self, start: float, end: float) -> list[tuple[float, float]]:
        """When code in C held the GIL, from `start` to `end` (seconds of `time.perf_counter`)."""
        self._catch_up()
        with self._lock:
            held = list(self._held)
        return [(max(start, since), min(end, until)) for since, until in held if since < end and until > start]

    # ------------------------------------------------------------ the watchdog's thread

    def _watch(self) -> None:
        own = threading.get_ident()
        self._one.ours.add(own)
        waits = processor_waits()
        try:
            while True:
                before = times_blocked()
                self._standing.begin(self._due)
                self._news.wait(self._due - time.perf_counter())
                if self._ends:
                    break
                # Once it blocked to sleep; a second time if it did not get the GIL at once.
                blocked = times_blocked() - before
                self._was_free = blocked == 1 if blocked and has_gil() else None
                self._asked = time.perf_counter()
                if has_gil() or self._asked - self._lag.last_beat >= self.sample_over_s:
                    self._standing.look()
                self._starved = next(waits)
                if (sighting := self._look()) is not None and self.told is not None:
                    self.told(sighting)
                self._judge()
        finally:
            waits.close()
            self._one.ours.discard(own)
            if self._dumps is not None:
                self._dumps.disarm()  # from now on nobody would see to it that it does not fire

    def _judge(self) -> None:
        """Tell of the freezes that are over since the last look; the beats of a rest are known at its end."""
        beats = self._lag.beats(self._judged_to, time.perf_counter())
        if self.judged is not None and beats:
            for freeze in self.freezes(self._judged_to, beats[-1]):
                self.judged(freeze)
            self._judged_to = beats[-1]

    def _look(self) -> Sighting | None:
        with self._lock:
            gap = self._close_gap()
            now = self._looked
            silent = now - self._lag.last_beat
            was_silent = bool(gap.stacks) or silent >= self.sample_over_s  # without a GIL it may beat by now
            if not was_silent or gap.held:  # whoever held it may have gone on since
                self._sampled = now
            elif now >= self._sample_due:
                if (sample := self._one.sample(self._seen, self._sampled, gap)) is not None:
                    if self._samples and self._samples[-1].calls == sample.calls:
                        sample = sample._replace(
                            calls=self._samples[-1].calls
                        )  # one object for many that are equal
                    self._samples.append(sample)
                self._sampled = now
                self._sample_due = now + min(max(SAMPLE_S, silent / 40), MAX_S) - SAMPLE_S / 2
            self._one.names = thread_names()
            usual = REST_LOOK_S if self._lag.is_resting else self.look_s
            if self._dumps is not None and (now >= self._arm_due or gap.held):
                self._dumps.arm(patience(len(self._used), self._lateness) + max(0.0, usual - LOOK_S))
                self._arm_due = now + ARM_S - LOOK_S / 2
            # C may take the GIL in the middle of a look too: then the next one, which comes at once, is late by that.
            base = now if (ended := time.perf_counter()) - now > HELD_OVER_S else ended
            self._due = base + (usual if silent < self.sample_over_s else SAMPLE_S)
            since = self._one.frozen_since(now - silent, now)
            return None if now - since < self.over_s else self._sightings.new(since, now, self._samples)

    # ------------------------------------------------------------ with the lock, in whichever thread comes first

    def _catch_up(self) -> None:
        """Any thread: see to what the watchdog's thread would see to, had it got the GIL before us."""
        with self._lock:
            is_here = self._thread is not None and has_gil()  # without one nobody can be before it
            if is_here and time.perf_counter() - self._due > HELD_OVER_S:
                if self._close_gap().held:
                    self._sampled = self._looked  # the next stack is taken after it, and does not speak for it
                self._due = self._arm_due = self._looked

    def _close_gap(self) -> Gap:
        """What happened since the last look; this is a new one."""
        text = self._dumps.take() if self._dumps is not None else ""
        is_own = has_gil() and threading.get_ident() in self._one.ours
        if is_own:
            self._standing.look()  # files and locks had us give the GIL up
        stood = self._standing.take()
        if stood.stacks and not text and self._dumps is not None:
            text = self._dumps.take()
        before, self._used = (
            self._used,
            (processor_times() if has_gil() else processor_times([self._one.ident])),
        )
        now = time.perf_counter()  # last, for C may have taken the GIL meanwhile
        since, late, self._looked, self._seen = self._looked, now - self._due, now, now
        if stood.stacks and not has_gil():  # it may have gone on since it was stopped, up to a beat
            self._seen = next(iter(self._lag.beats(self._asked, now)), now)
        used = {ident: total - before.get(ident, 0.0) for ident, total in self._used.items()}
        length, was_free, self._was_free = now - since, self._was_free, None
        starved, self._starved = self._starved, 0.0
        most, second, *_ = [*sorted(used.values(), reverse=True), 0.0, 0.0]
        crowd = second > most / 3 and second > length / 10
        beats = self._lag.beats(since, self._due)
        began = max(since, beats[-1] if beats else since)
        gap = Gap(length, was_free, used, True, None, {} if has_gil() else stood.stacks)
        dumped, held = None, False
        asked = stood.asked_s > min(ASKED * late, ENOUGH_S)
        never_asked = is_own and COUNTS and stood.asked_s < NEVER_ASKED * late
        if late > HELD_OVER_S and not crowd and (starved < late / 2 or asked or stood.was_in_c):
            stands = self._one.from_stacks(stood.stacks, began, self._seen, gap)
            if has_gil():
                dumped = self._one.from_dump(text, began, now, gap) or stands
                told = not used or bool(text) or most > length / 2
                held = (told and starved < late / 2 and not never_asked) or (asked and stands is not None)
            elif stood.was_in_c:  # a dump may be of threads that ran, and be wrong
                dumped, held = stands, stands is not None
        if not held:
            self._lateness = max(late, starved, self._lateness * 0.95)
            return gap._replace(held=False)
        if has_gil():
            self._held.append((began, now))
        if dumped is not None:
            self._samples.append(dumped)
        return gap._replace(dumped=dumped)
