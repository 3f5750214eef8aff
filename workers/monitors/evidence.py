"""What was seen of a thread at one moment, and how many such moments become the verdict on a freeze. No threads."""

from __future__ import annotations

import linecache
from collections import defaultdict
from itertools import takewhile
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from .dump import line_of
from .freeze import GUI, Freeze, Sighting, Stack, merged

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from .freeze import Line
    from .stacks import Call

Key = TypeVar("Key")

AROUND = 4
"""How many lines are shown above and below the guilty one."""

OF_THEM_C = 0.5
"""From this part of the working samples on that were seen to work without the GIL, it was C that worked.

A thread that computes in Python seldom seems to: for a moment, when it is about to get the GIL back.
"""

OF_THEM_WORK = 0.1
"""From this part of the samples on, those that told nothing are taken to be the same, less well seen.

The thread had no processor just then, perhaps, and did not wait.
"""


SURE_SHARE, SURE_S = 0.2, 1.0
"""What was seen for such a part of a freeze that still lasts, or for so many seconds of it, is sure."""


class StackSample(NamedTuple):
    """One look at the thread that was to blame at that moment.

    Attributes:
        moment: when, in seconds of `time.perf_counter`.
        stood_for: the time since the one before, or since the freeze was not seen yet, in seconds: it speaks for that.
        kind: a key of `workers.monitors.freeze.KINDS`.
        holder: the thread's name.
        calls: its stack as files, line numbers and functions, the outermost first.
        guilty: which of them is to blame.
    """

    moment: float
    stood_for: float
    kind: str
    holder: str
    calls: tuple[tuple[str, int, str], ...]
    guilty: int

    @property
    def line(self) -> Line:
        return line_of(*self.calls[self.guilty])

    @property
    def blamed(self) -> tuple[bool, tuple[str, int, str]]:
        """Whose line it is, the GUI thread's or another's: threads of a pool take turns at the same one."""
        return self.holder == GUI, self.calls[self.guilty]


class Gap(NamedTuple):
    """The time between two looks of the watchdog.

    Attributes:
        length: in seconds.
        was_free: whether the GIL was free when the watchdog woke; None where that cannot be told.
        used: how much processor time each thread used meanwhile, by its ident; empty where that cannot be told.
        held: whether code in C held the GIL for most of it.
        dumped: the stack that faulthandler wrote, or else that in which C gave the GIL back; None without one.
        stacks: those of all threads when this look began, by their idents; only without a GIL, or else empty.
    """

    length: float
    was_free: bool | None
    used: dict[int, float]
    held: bool
    dumped: StackSample | None
    stacks: Mapping[int, list[Call]] = MappingProxyType({})

    def busiest(self, but: Iterable[int]) -> int:
        """The thread that used most: at least a fifth of the time, or all of them together a third; 0 without one."""
        others = {ident: used for ident, used in self.used.items() if ident not in but}
        found = max(others, key=others.__getitem__, default=0)
        enough = others.get(found, 0.0) >= self.length / 5 or sum(others.values()) >= self.length / 3
        return found if enough else 0


def verdict(started: float, ended: float, samples: Iterable[StackSample], held_s: float) -> Freeze:
    """Blame the line that was seen for the longest time.

    Args:
        started: the last beat before the freeze, in seconds of `time.perf_counter`.
        ended: the first beat after it.
        samples: those of about that time; what lies outside of it counts for nothing.
        held_s: how long code in C held the GIL meanwhile, in seconds.
    """
    weighed = _weighed(started, ended, samples)
    if not weighed:
        kind = "c_gil" if held_s > (ended - started) / 2 else "unknown"
        return Freeze(started, ended, kind, GUI, (), -1, (), 0, 0.0)
    lines = _totals((weight, sample.blamed) for weight, sample in weighed)
    chosen = _longest(lines)
    its = [(weight, sample) for weight, sample in weighed if sample.blamed == chosen]
    holders = _totals((weight, sample.holder) for weight, sample in its)
    calls, guilty = _longest(_totals((weight, (sample.calls, sample.guilty)) for weight, sample in its))
    kinds = _totals((weight, sample.kind) for weight, sample in its)
    return Freeze(
        started,
        ended,
        _longest(_together(kinds)),
        _longest(holders),
        tuple(line_of(*call) for call in calls),
        guilty,
        surroundings(*calls[guilty][:2]),
        len(weighed),
        lines[chosen] / sum(lines.values()),
        merged(Stack(sample.calls, 1, weight) for weight, sample in weighed),
    )


class Sightings:
    """Tells of freezes that last, of each line and what it does once. For one thread at a time."""

    def __init__(self) -> None:
        self._weighed: StackSample | None = None
        self._told: tuple[object, ...] = ()

    def new(self, started: float, now: float, samples: Sequence[StackSample]) -> Sighting | None:
        """What is new of a freeze that has lasted since `started`; the newest of the samples comes last."""
        sample = samples[-1] if samples else None
        if sample is None or sample is self._weighed or sample.moment < started:
            return None
        self._weighed = sample
        kind = kind_so_far(started, now, takewhile(lambda one: one.moment > started, reversed(samples)))
        what = (started, kind, sample.holder, sample.calls[sample.guilty])
        if what == self._told:
            return None
        self._told = what
        return Sighting(started, now - started, kind, sample.holder, sample.line)


def kind_so_far(started: float, now: float, samples: Iterable[StackSample]) -> str:
    """What the line of the newest of these samples does in a freeze that still lasts: "unknown" unless it is sure.

    In the midst of a call that holds the GIL the others run for a moment too, and are seen then.
    """
    weighed = _weighed(started, now, samples)
    newest = max((sample for _, sample in weighed), key=lambda sample: sample.moment, default=None)
    if newest is None:
        return "unknown"
    its = ((weight, sample.kind) for weight, sample in weighed if sample.blamed == newest.blamed)
    kind = _longest(_together(_totals(its)))
    seen_s = _together(_totals((weight, sample.kind) for weight, sample in weighed)).get(kind, 0.0)
    return kind if seen_s >= min(SURE_SHARE * (now - started), SURE_S) else "unknown"


def _weighed(started: float, ended: float, samples: Iterable[StackSample]) -> list[tuple[float, StackSample]]:
    """Those that speak for a part of this time, each with the length of that."""
    weighed = (
        (min(ended, sample.moment) - max(started, sample.moment - sample.stood_for), sample)
        for sample in samples
    )
    return [(weight, sample) for weight, sample in weighed if weight > 0]


def _together(kinds: dict[str, float]) -> dict[str, float]:
    """How long each kind was seen, where some of it was seen less well than the rest."""
    c, python = kinds.get("c", 0.0), kinds.get("python", 0.0)
    if c + python >= OF_THEM_WORK * sum(kinds.values()):
        works = "c" if c >= OF_THEM_C * (c + python) else "python"
        others = {kind: weight for kind, weight in kinds.items() if kind not in ("c", "python", "unknown")}
        kinds = {**others, works: c + python + kinds.get("unknown", 0.0)}
    return kinds


def _longest(totals: dict[Key, float]) -> Key:
    return max(totals, key=totals.__getitem__)


def surroundings(file: str, number: int) -> tuple[tuple[int, str], ...]:
    """The lines around one, as pairs of a number and a text; empty where there is no source."""
    lines = linecache.getlines(file)
    first = max(1, number - AROUND)
    return tuple(
        (first + index, text.rstrip()) for index, text in enumerate(lines[first - 1 : number + AROUND])
    )


def _totals(pairs: Iterable[tuple[float, Key]]) -> dict[Key, float]:
    found: dict[Key, float] = defaultdict(float)
    for weight, key in pairs:
        found[key] += weight
    return found
