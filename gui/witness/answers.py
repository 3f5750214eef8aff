"""How long the main window takes to answer, and for how long it has not. Plain data, no Qt; used in one thread."""

from __future__ import annotations

import math
from collections import deque
from itertools import takewhile
from typing import NamedTuple

from workers.monitors.freeze import CARD_OVER_S

FROZEN_OVER_S = CARD_OVER_S
"""From then on it is called frozen: the watchdog, too, takes its first stack then."""

DEAF_OVER_S = 0.3
"""When no thread of the program takes a ping for so long, nothing in it can act: C holds the GIL."""

BEFORE_PING_S = 0.5
"""No ping is sent much later than the one before it: a silence that began earlier is a different one."""

SPAN_S = 15.0
"""How far back the graph goes."""

SAMPLE_S = 0.075
"""The graph gets a point so often at the most."""


class Silence(NamedTuple):
    """A stretch in which the window did not answer, in seconds of `time.perf_counter`."""

    began: float
    ended: float


class Answers:
    """Pings that were sent, and what came of them. All times are in seconds of one clock.

    A round trip is that of the oldest ping without an answer; one that comes answers for all before it.

    Attributes:
        samples: for the graph, pairs of a moment and how long an answer took, or had been missing, then.
        silences: the freezes of the last SPAN_S that are over; the oldest first.
        took_s: how long the newest answer took; None before the first.
    """

    def __init__(self) -> None:
        self.samples: deque[tuple[float, float]] = deque()
        self.silences: deque[Silence] = deque()
        self.took_s: float | None = None
        self._count = 0
        self._sent: deque[tuple[int, float]] = deque()
        self._unheard: deque[tuple[int, float]] = deque()
        self._worst = 0.0
        self._before = math.inf  # when the first silence began, if that was before the first ping

    def ping(self, now: float) -> int:
        """One is sent now; returns its number."""
        self._count += 1
        self._sent.append((self._count, now))
        self._unheard.append((self._count, now))
        return self._count

    def take_start(self, began: float) -> None:
        """The window has been silent since then, as the watchdog knows: somewhat longer than the oldest ping waits.

        Where it has not answered at all, it may be much longer.
        """
        if began == self._before:
            return
        if self.took_s is None:
            self._before = began
            self.samples.clear()  # they counted from the first ping
        elif self._sent and 0 <= self._sent[0][1] - began < BEFORE_PING_S:
            self._before = began

    def take_heard(self, number: int) -> None:
        """A thread of the program has this ping and all before it."""
        for _ in list(takewhile(lambda one: one[0] <= number, self._unheard)):
            self._unheard.popleft()

    def take_pong(self, number: int, now: float) -> Silence | None:
        """The GUI thread has answered this ping and all before it; returns the freeze that this ended, if any."""
        self.take_heard(number)
        answered = list(takewhile(lambda one: one[0] <= number, self._sent))
        if not answered:
            return None
        for _ in answered:
            self._sent.popleft()
        began, self._before = min(answered[0][1], self._before), math.inf
        self._worst = max(self._worst, now - began)
        self.took_s = now - began
        if now - began <= FROZEN_OVER_S:
            return None
        silence = Silence(began, now)
        self.silences.append(silence)
        return silence

    def silent_s(self, now: float) -> float:
        """For how long an answer has been missing; 0.0 where none is."""
        return now - min(self._sent[0][1], self._before) if self._sent else 0.0

    def is_frozen(self, now: float) -> bool:
        return self.silent_s(now) > FROZEN_OVER_S

    def is_deaf(self, now: float) -> bool:
        """Whether no thread of the program has taken a ping for too long."""
        return bool(self._unheard) and now - self._unheard[0][1] > DEAF_OVER_S

    def sample(self, now: float) -> None:
        """Add to the graph how it is now, if that is due or a freeze is over, and forget what is out of sight."""
        if not self.samples or now - self.samples[-1][0] >= SAMPLE_S or self._worst > FROZEN_OVER_S:
            value = max(self.silent_s(now), self._worst, 0.0)
            if self.took_s is not None or value > 0:
                self.samples.append((now, value))
                self._worst = 0.0
        while self.samples and self.samples[0][0] < now - SPAN_S - 1:
            self.samples.popleft()
        while self.silences and self.silences[0].ended < now - SPAN_S - 1:
            self.silences.popleft()

    def worst_s(self, now: float) -> float:
        """The longest answer in sight, or silence."""
        return max([self.silent_s(now), *(value for _, value in self.samples)])
