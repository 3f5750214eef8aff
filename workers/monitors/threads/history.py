"""What the threads of a watched program did and when, as columns: 11 bytes for each change. For one thread."""

from __future__ import annotations

from array import array
from typing import NamedTuple

ENDED = "ended"
STATES = {
    "python": "ran Python",
    "gil": "waited for the GIL",
    "c": "was in C, without the GIL",
    "io": "waited for I/O",
    "network": "waited for the network",
    "sleep": "slept",
    "lock": "waited for a lock or another thread",
    "waits": "waited for events or the like",
    ENDED: "has ended",
}
"""What a thread can do -> in words; all but the last make a bar."""

CODES = {state: code for code, state in enumerate(STATES)}
MAX_THREADS = 2_000
MAX_CHANGES = 2_000_000
"""More are counted, not kept: some hours of ten threads that change ten times a second, and 22 MB."""


class Stretch(NamedTuple):
    """A thread in one state; times in seconds of `time.perf_counter`, `thread` is its place in `Threads.names`."""

    thread: int
    state: str
    start: float
    end: float


class Threads:
    """What the threads of a program did, as columns.

    Attributes:
        names: what each thread is called.
        leaks: the names of those that were left running when the program was about to end.
        times: when a thread changed, in seconds of `time.perf_counter`.
        which: which one: a place in `names`.
        states: to what: a code of CODES.
        lost: how many changes were not kept.
    """

    def __init__(self) -> None:
        self.names: list[str] = []
        self.leaks: list[str] = []
        self.times, self.which, self.states = array("d"), array("H"), bytearray()
        self.lost = 0
        self._numbers: dict[tuple[int, str], int] = {}

    def __len__(self) -> int:
        return len(self.times)

    def add(self, moment: float, ident: int, name: str, state: str) -> None:
        """A thread does something else from a moment on. The number of one that has ended may be another's later."""
        key = (ident, name)
        number = self._numbers.get(key, len(self.names))
        if len(self.times) >= MAX_CHANGES or number >= MAX_THREADS or state not in CODES:
            self.lost += 1
            return
        if number == len(self.names):
            self._numbers[key] = number
            self.names.append(name)
        self.times.append(moment)
        self.which.append(number)
        self.states.append(CODES[state])
        if state == ENDED:
            del self._numbers[key]

    def stretches(self, end: float) -> list[Stretch]:
        """What each thread did for how long, in the order in which it began; what still lasts ends at `end`."""
        states, found = tuple(STATES), []
        since: dict[int, tuple[str, float]] = {}
        for moment, thread, code in zip(self.times, self.which, self.states):  # noqa: B905 (Python 3.9)
            before = since.get(thread)
            if before is not None and before[0] != ENDED:
                found.append(Stretch(thread, *before, max(before[1], moment)))
            since[thread] = (states[code], moment)
        found += [
            Stretch(thread, state, start, max(start, end))
            for thread, (state, start) in since.items()
            if state != ENDED
        ]
        found.sort(key=lambda one: (one.start, one.thread))
        return found
