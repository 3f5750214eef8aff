"""What is known of one freeze: how long it lasted, which line was guilty, and what that line did. Plain data."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from .lag import PERIOD_S
from .probe import MeasuredRun

if TYPE_CHECKING:
    from collections.abc import Iterable

CARD_OVER_S = 0.250
"""The window was still for longer than this: it gets a stack and a card, though only over 700 ms are a freeze."""

GUI = "GUI thread"
"""How the GUI thread is called, among the holders and the lanes."""

MAX_STACKS = 100
"""So many different stacks of a freeze are kept, those that stood longest."""

MAX_CALLS = 200
"""So many calls of each are kept: half of them the outermost, half the innermost."""

KINDS = {
    "python": "computed in Python",
    "c_gil": "was in C code that held the GIL",
    "c": "computed in C, without the GIL",
    "loop": "ran no Python: its event loop was busy itself, or waited in C",
    "io": "was waiting for I/O",
    "network": "was waiting for the network",
    "sleep": "slept",
    "lock": "was waiting for a lock or another thread",
    "unknown": "is not known",
}
"""What the guilty line did -> in words, after "it"."""


class Line(NamedTuple):
    """A line of a stack.

    Attributes:
        file: its path.
        number: which line of it, from 1 on.
        function: the function's name.
        text: the source of the line; empty where there is none.
    """

    file: str
    number: int
    function: str
    text: str


class Stack(NamedTuple):
    """A stack that was seen once or more.

    Attributes:
        calls: files, line numbers and functions, the outermost first.
        samples: in how many looks it was seen.
        seconds: for how long these stand.
    """

    calls: tuple[tuple[str, int, str], ...]
    samples: int
    seconds: float


def merged(stacks: Iterable[Stack]) -> tuple[Stack, ...]:
    """The stacks with equal ones added up, MAX_STACKS of MAX_CALLS calls at the most; what took longest comes first."""
    found: dict[tuple[tuple[str, int, str], ...], list[float]] = {}
    before, counted = None, [0.0, 0.0]
    for calls, samples, seconds in stacks:
        if calls is not before:  # to look them up takes long, and often many are one object
            before = calls
            if len(calls) > MAX_CALLS:
                calls = calls[: MAX_CALLS // 2] + calls[-MAX_CALLS // 2 :]
            counted = found.setdefault(calls, [0, 0.0])
        counted[0] += samples
        counted[1] += seconds
    longest = sorted(found, key=lambda calls: -found[calls][1])[:MAX_STACKS]
    return tuple(Stack(calls, int(found[calls][0]), found[calls][1]) for calls in longest)


class Sighting(NamedTuple):
    """What is seen of a freeze that still lasts.

    Attributes:
        started: the last beat before it, in seconds of `time.perf_counter`.
        silent_s: how long the GUI thread has been silent, in seconds.
        kind: a key of KINDS.
        holder: the name of the thread that does it.
        line: the guilty line.
    """

    started: float
    silent_s: float
    kind: str
    holder: str
    line: Line


class Freeze(NamedTuple):
    """A stretch in which the GUI thread handled no event for longer than CARD_OVER_S: what stands on a card.

    Attributes:
        started: the last beat before it, in seconds of `time.perf_counter`.
        ended: the first beat after it, or the end of its run; likewise.
        kind: a key of KINDS.
        holder: the name of the thread that did it: "GUI thread", or another that held the GIL.
        stack: where that thread was, the outermost call first.
        guilty: which line of `stack` is to blame: the innermost that is not a library's; -1 where no stack was taken.
        source: the guilty line's surroundings, as pairs of a line's number and its text.
        samples: how many stacks were taken.
        share: in which part of them the guilty line was this one, 0 to 1.
        stacks: the samples, whatever they blame, as `merged` leaves them; empty where an older file did not keep them.
        delivered: what the event loop had called, such as "slot Window.on_click (window.py:12)"; empty where nobody
            knows.
    """

    started: float
    ended: float
    kind: str
    holder: str
    stack: tuple[Line, ...]
    guilty: int
    source: tuple[tuple[int, str], ...]
    samples: int
    share: float
    stacks: tuple[Stack, ...] = ()
    delivered: str = ""

    @property
    def lag_s(self) -> float:
        """How late an event would have been at most, in seconds: the gap between two beats less their period."""
        return max(0.0, self.ended - self.started - PERIOD_S)

    @property
    def line(self) -> Line | None:
        """The guilty line; None where no stack was taken."""
        return self.stack[self.guilty] if self.guilty >= 0 else None


class FrozenRun(MeasuredRun, Protocol):
    """A run in which a window may freeze; see `workers.engine.run.Run`."""

    freezes: list[Freeze]
    held: list[tuple[float, float]]
