"""How long the main window takes to answer, and for how long it has not. Plain data, no Qt; used in one thread."""

from __future__ import annotations

import math
from collections import deque
from itertools import takewhile
from typing import NamedTuple

from workers.monitors.freeze import CARD_OVER_S

FROZEN_OVER_S = CARD_OVER_S
"""From then on it counts up: the watchdog, too, takes its first stack then. Its word is that of all lag as long."""

DEAF_OVER_S = 0.3
"""When no thread of the program takes a ping for so long, nothing in it can act: C holds the GIL."""

BEFORE_PING_S = 0.5
"""No ping is sent much later than the one before it: a silence that began earlier is a different one."""

SPAN_S = 15.0
"""How far back the graph goes."""

SAMPLE_S = 0.075
"""The graph gets a point so often at the most."""

AFTERMATH_S = 3.0
"""So soon after a freeze a much shorter one belongs to it: the window catches up."""

MAX_MEASURED = 100
"""So many freezes are kept as the program measured them."""

RAMP_S = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05)
"""So long after its start a silence has its first points: the scale is logarithmic."""


class Silence(NamedTuple):
    """A stretch in which the window did not answer, in seconds of `time.perf_counter`."""

    began: float
    ended: float

    @property
    def length(self) -> float:
        return self.ended - self.began

    def is_part_of(self, other: Silence) -> bool:
        """Whether the shorter of both lies for the most part in the other."""
        shared = min(self.ended, other.ended) - max(self.began, other.began)
        return shared > min(self.length, other.length) / 2


class Answers:
    """Pings that were sent, and what came of them. All times are in seconds of one clock.

    A round trip is that of the oldest ping without an answer; one that comes answers for all before it.

    Attributes:
        samples: for the graph, pairs of a moment and how long an answer took, or had been missing, then.
        redrawn: how often samples were changed afterwards, and not only added.
        silences: the freezes of the last SPAN_S that are over; the oldest first. Each is as the program measured it:
            an answer may have been missing for several, where the window went on in between without one.
        last: the newest freeze that is over, but for one in which the window only caught up; None before the first.
        took_s: how long the newest answer took; None before the first.
    """

    def __init__(self) -> None:
        self.samples: deque[tuple[float, float]] = deque()
        self.redrawn = 0
        self.silences: deque[Silence] = deque()
        self.last: Silence | None = None
        self.took_s: float | None = None
        self._drawn = math.nan  # when the silence began whose ramp is in the samples
        self._missing: deque[Silence] = deque()  # `silences` as they were before anything was measured
        self._measured: deque[Silence] = deque(maxlen=MAX_MEASURED)
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
            if began - self._before > FROZEN_OVER_S:
                # That one is over, though no answer has come: all pings wait for the end of this one.
                self._note(Silence(self._before, began))
                self._sent = deque((number, max(sent, began)) for number, sent in self._sent)
            self._before = began
        elif self._sent and 0 <= self._sent[0][1] - began < BEFORE_PING_S:
            self._before = began

    def take_heard(self, number: int) -> None:
        """A thread of the program has this ping and all before it."""
        for _ in list(takewhile(lambda one: one[0] <= number, self._unheard)):
            self._unheard.popleft()

    def take_pong(self, number: int, now: float) -> Silence | None:
        """The GUI thread has answered this ping and all before it; returns the freeze that is now `last`, if so."""
        self.take_heard(number)
        answered = list(takewhile(lambda one: one[0] <= number, self._sent))
        if not answered:
            return None
        for _ in answered:
            self._sent.popleft()
        began, self._before = min(answered[0][1], self._before), math.inf
        self.took_s = now - began
        if now - began <= FROZEN_OVER_S:
            self._worst = max(self._worst, now - began)
            return None
        before = self.last
        self._note(Silence(began, now))
        return self.last if self.last != before else None

    def _is_aftermath(self, silence: Silence) -> bool:
        """Whether the window only catches up, after a freeze that was much longer."""
        if self.last is None or silence.began - self.last.ended > AFTERMATH_S:
            return False
        return silence.length < self.last.length / 4

    def _note(self, silence: Silence) -> None:
        self._missing.append(silence)
        self._agree()

    def take_length(self, began: float, length: float) -> None:
        """The program itself has measured a freeze, maybe one whose last answer is still under way: it was so long."""
        self._measured.append(Silence(began, began + length))
        self._agree()

    def _agree(self) -> None:
        known = set(self.silences)
        self.silences.clear()
        for missing in self._missing:
            freezes = [one for one in self._measured if one.is_part_of(missing)] or [missing]
            self.silences.extend(freezes)
            if not known.issuperset(freezes):
                self._draw(freezes[0], missing)
                for one in freezes[1:]:
                    self._draw(one)
        if known != set(self.silences):
            self.last = None
            for one in self.silences:
                self.last = self.last if self._is_aftermath(one) else one

    @property
    def _began(self) -> float:
        """Since when an answer has been missing; infinite where none is."""
        return min(self._sent[0][1], self._before) if self._sent else math.inf

    def silent_s(self, now: float) -> float:
        """For how long an answer has been missing; 0.0 where none is."""
        return max(0.0, now - self._began)

    def is_frozen(self, now: float) -> bool:
        return self.silent_s(now) > FROZEN_OVER_S

    def is_deaf(self, now: float) -> bool:
        """Whether no thread of the program has taken a ping for too long."""
        return bool(self._unheard) and now - self._unheard[0][1] > DEAF_OVER_S

    def sample(self, now: float) -> None:
        """Add to the graph how it is now, if that is due, and forget what is out of sight."""
        silent = self.silent_s(now)
        if silent > FROZEN_OVER_S and self._drawn != self._began:
            self._drawn = self._began
            self._draw(Silence(self._began, now))
        elif not self.samples or now - self.samples[-1][0] >= SAMPLE_S:
            value = max(silent, self._worst)
            if self.took_s is not None or value > 0:
                self.samples.append((now, value))
                self._worst = 0.0
        while self.samples and self.samples[0][0] < now - SPAN_S - 1:
            self.samples.popleft()
        for silences in (self.silences, self._missing):
            while silences and silences[0].ended < now - SPAN_S - 1:
                silences.popleft()

    def _draw(self, silence: Silence, before: Silence | None = None) -> None:
        """Draw a silence as the ramp that it was, now that its start is known.

        Args:
            silence: as it was.
            before: as it was drawn the last time.
        """
        began, ended = silence
        first, last = before or silence
        old = list(self.samples)
        ramp = [began + grown for grown in RAMP_S if grown < ended - began]
        moment = max(began, ended - SPAN_S) + SAMPLE_S
        while moment < ended:
            ramp.append(moment)
            moment += SAMPLE_S
        self.samples.clear()
        self.samples.extend(one for one in old if one[0] < min(began, first))
        self.samples.extend((moment, moment - began) for moment in [*ramp, ended])
        self.samples.extend(one for one in old if one[0] > max(ended, last))
        self.redrawn += 1

    def worst_s(self, now: float) -> float:
        """The longest answer in sight, or silence."""
        return max([self.silent_s(now), *(value for _, value in self.samples)])
