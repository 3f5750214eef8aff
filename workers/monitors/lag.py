"""How late the GUI thread's event loop is.

The GUI thread calls `beat` every 10 ms, or as near to that as it gets. While it is stuck there are no beats: a freeze
is the gap between two of them, and needs nobody who looks on.

A hundred beats a second cost an idle window more than all else in it. Whoever knows when its event loop waits for
events may say that in their place: `rest`, then `wait` and `wake` around each wait. A beat would have come at any
moment of a wait, so these are put in afterwards, up to the moment at which the wait was to end.
"""

from __future__ import annotations

import operator
import time
from array import array
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, NamedTuple, Protocol

from .probe import MeasuredRun, Probe

if TYPE_CHECKING:
    from collections.abc import Callable

PERIOD_S = 0.010
"""Time between two beats of a GUI thread that has nothing else to do."""

BLOCKED_OVER_S = 0.050
"""A gap whose lag passes this counts as time blocked (the 'long task' of the web's performance APIs)."""

SLOW_OVER_S = 0.1005
"""A gap whose lag passes this is slow: it is the first that is shown as 101 ms (`reports.palette`)."""

FREEZE_OVER_S = 0.7005
"""A gap whose lag passes this is a freeze, everywhere: it is the first that is shown as 701 ms, and called frozen."""

IDLE_S = 3.0
"""How much of the time before a run tells how the idle window does on this machine."""

MIN_IDLE_S = 0.5
"""Less idle time than this says nothing about the machine."""

RECENT_S = 0.5
MAX_BEATS = 1_000_000  # 2.7 hours, 8 MB
ROUNDING_S = 1e-9  # a gap of 30 ms is three samples, also where the difference of two times is a hair less


class LagSummary(NamedTuple):
    """The lag over a stretch of time, weighted by time.

    A gap of g ms between two beats counts as the samples g-10, g-20, ... 0, each of which stands for 10 ms: that is
    how late an event would have been that arrived then. Percentiles are of these samples (nearest rank).

    Attributes:
        beats: how many beats there were.
        p50: median lag, in ms; `p95`, `p99` and `max` likewise.
        blocked_s: the sum of (gap - 10 ms) over the gaps whose lag passes 50 ms, in seconds.
        freezes: how many gaps had a lag over 700 ms, which is what "frozen" means everywhere.
        longest_freeze_s: the longest of them, in seconds; 0.0 without any.
    """

    beats: int
    p50: float
    p95: float
    p99: float
    max: float
    blocked_s: float
    freezes: int
    longest_freeze_s: float


class LagRun(MeasuredRun, Protocol):
    """A run beside a window; see `workers.engine.run.Run`."""

    idle_since: float
    idle_lag_ms: float
    lag: LagSummary | None
    beats: array[float]


class LagMonitor(Probe[LagRun]):
    """Takes the beats of one GUI thread and keeps their times.

    Attributes:
        is_on: whether it measures.
        is_resting: whether waits are told in place of beats.
        was_blocked: whether a lag has passed BLOCKED_OVER_S since it rests.
    """

    def __init__(self, beats: array[float] | None = None) -> None:
        """Make one; `beats` are those of another process, to which somebody else adds."""
        self._beats = array("d", [time.perf_counter()]) if beats is None else beats
        self.is_on = self.is_resting = self.was_blocked = False
        self._free_until = 0.0  # while the loop waits: until when it means to

    def start(self) -> None:
        """Measure from now on: what came before, such as the start of a window, is nobody's lag."""
        self._beats = array("d", [time.perf_counter()])
        self.is_on = True

    def begin(self, run: LagRun, runner: object) -> None:
        """Put in the p95 of the lag since the last run ended, over IDLE_S at most, unless that is too short to tell."""
        start = run.span[0]
        since = max(start - IDLE_S, run.idle_since)
        if start - since >= MIN_IDLE_S:
            run.idle_lag_ms = self.summary(since, start).p95

    def finish(self, run: LagRun) -> None:
        run.lag, run.beats = self.summary(*run.span), self.beats(*run.span)

    def beat(self) -> None:
        """Called by the GUI thread, every 10 ms if it can."""
        self._beats.append(time.perf_counter())
        self.trim()

    @property
    def taker(self) -> Callable[[float], None]:
        """What takes the moment of a beat, until the next `start`; who calls it in place of `beat` sees to `trim`."""
        return self._beats.append

    def trim(self) -> None:
        """Let the oldest beats go, where there are too many."""
        if len(self._beats) > MAX_BEATS:
            del self._beats[: MAX_BEATS // 10]

    def rest(self, on: bool) -> None:
        """From now on waits are told, or beats again."""
        self.is_resting, self.was_blocked = on, False

    def wait(self, longest_s: float) -> None:
        """Called by the GUI thread while it rests: its event loop begins to wait, for so long at the most."""
        now = time.perf_counter()
        gap = now - self._beats[-1]
        if gap >= PERIOD_S:
            self.beat()
            self.was_blocked |= gap - PERIOD_S > BLOCKED_OVER_S
        self._free_until = now + longest_s

    def wake(self) -> None:
        """Called by the GUI thread while it rests: the wait has ended, in time or too late."""
        last = self._beats[-1]
        free_s = min(time.perf_counter(), self._free_until) - last
        self._beats.extend([last + number * PERIOD_S for number in range(1, int(free_s / PERIOD_S) + 1)])
        self._free_until = 0.0  # last, for `last_beat` is asked meanwhile

    def recent_ms(self) -> float:
        """The worst lag of the last half second, in ms, with a silence that still lasts."""
        now = time.perf_counter()
        return self.worst_ms(now - RECENT_S, now)

    def worst_ms(self, start: float, end: float, not_before: float = 0.0) -> float:
        """The worst lag of the gaps that touch a stretch, in ms, none of them seen beyond its end.

        Args:
            start: of the stretch, in seconds of `time.perf_counter`.
            end: likewise.
            not_before: a gap counts from here on at most, such as from the beginning of a run.
        """
        first = max(0, bisect_right(self._beats, start) - 1)
        edges = [max(not_before, self._beats[first]), *self.beats(max(start, not_before), end), end]
        longest: float = max(PERIOD_S, *map(operator.sub, edges[1:], edges))
        return (longest - PERIOD_S) * 1e3

    def beats(self, start: float, end: float) -> array[float]:
        """The times of the beats from `start` to `end` (seconds of `time.perf_counter`), of which this is a copy."""
        return between(self._beats, start, end)

    def beats_around(self, start: float, end: float) -> array[float]:
        """The same with the beat before them and the one after them, so that no gap is left out."""
        return self._beats[max(0, bisect_left(self._beats, start) - 1) : bisect_right(self._beats, end) + 1]

    @property
    def last_beat(self) -> float:
        """When the newest beat came, or would have come, in seconds of `time.perf_counter`. Ask it in any thread."""
        free_until = self._free_until
        return max(self._beats[-1], min(time.perf_counter(), free_until))

    def summary(self, start: float, end: float) -> LagSummary:
        """The lag from `start` to `end` (seconds of `time.perf_counter`). Gaps count as far as they lie inside."""
        return summarize_beats(self.beats(start, end), start, end)


def between(beats: array[float], start: float, end: float) -> array[float]:
    """A copy of the beats from `start` to `end`."""
    return beats[bisect_left(beats, start) : bisect_right(beats, end)]


def summarize_beats(beats: array[float], start: float, end: float) -> LagSummary:
    """The lag from `start` to `end` in which these beats came; all in seconds of one clock."""
    edges = [start, *beats, end]
    return summarize(list(map(operator.sub, edges[1:], edges)), len(beats))


def with_freezes(lag: LagSummary, gaps: list[float]) -> LagSummary:
    """The same lag with the freezes that are among these gaps, given in seconds."""
    late = [gap - PERIOD_S for gap in gaps if gap - PERIOD_S > FREEZE_OVER_S]
    return lag._replace(freezes=len(late), longest_freeze_s=max(late, default=0.0))


def summarize(gaps: list[float], beats: int) -> LagSummary:
    """The summary of gaps between beats, given in seconds."""
    samples: list[float] = []
    blocked = 0.0
    for gap in gaps:
        lag = gap - PERIOD_S
        if lag > BLOCKED_OVER_S:
            blocked += lag
        samples.append(max(0.0, lag))
        while lag > PERIOD_S - ROUNDING_S:
            lag -= PERIOD_S
            samples.append(max(0.0, lag))
    samples.sort()

    def rank(share: float) -> float:
        return samples[min(len(samples) - 1, int(share * len(samples)))] * 1e3 if samples else 0.0

    worst = samples[-1] * 1e3 if samples else 0.0
    found = LagSummary(beats, rank(0.50), rank(0.95), rank(0.99), worst, blocked, 0, 0.0)
    return with_freezes(found, gaps)
