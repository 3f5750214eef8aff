"""What one thread did and when, as columns: plain data, for a live track, for a finished run and for its file."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right

REST, QT, PAINT, INPUT, SLOT, TASKS, GARBAGE, GIL, PROCESSOR = range(9)
"""What a thread can do. QT is the rest: what Qt did by itself, or for somebody who could not be named."""

KINDS = {
    REST: "Waiting for events",
    QT: "Qt",
    PAINT: "Painting",
    INPUT: "Input",
    SLOT: "Slot or timer",
    TASKS: "Events of tasks",
    GARBAGE: "Collecting garbage",
    GIL: "Waiting for the GIL",
    PROCESSOR: "Waiting for a processor",
}


FIXED = (*((kind, "") for kind in KINDS), (SLOT, "Beat of the lag monitor"))
"""What the first codes stand for."""

MAX_NAMES = 2_000
BEAT = len(KINDS)
"""In a column of codes: a beat of the lag monitor, which is told by its own times."""


class Marks:
    """What one thread did, as columns. All times are in seconds of `time.perf_counter`.

    Attributes:
        edges: when it woke, rested, woke, rested ...
        times: the moments from which on it did something that has a name; at each of `edges` that ends.
        codes: what that was: places in `names`.
        names: pairs of a key of KINDS and a name; the first are the kinds themselves, without a name.
        dropped: how many of the oldest edges were let go.
    """

    def __init__(self) -> None:
        self.edges, self.times, self.codes = array("d"), array("d"), array("H")
        self.names = list(FIXED)
        self.dropped = 0

    def __len__(self) -> int:
        return len(self.edges)

    def add(self, moment: float, code: int) -> None:
        """From `moment` on it did this."""
        self.times.append(moment)
        self.codes.append(code)

    def between(self, start: float, end: float) -> Marks:
        """A copy of what was done between two moments."""
        found = Marks()
        found.names = list(self.names)
        first, last = bisect_right(self.edges, start), bisect_left(self.edges, end)
        found.edges = self.edges[first:last]
        if first % 2:
            found.edges.insert(0, start)
        if len(found.edges) % 2:
            found.edges.append(end)
        low, high = bisect_left(self.times, start), bisect_left(self.times, end)
        found.times, found.codes = self.times[low:high], self.codes[low:high]
        if first % 2 and low and self.times[low - 1] >= self.edges[first - 1]:
            found.times.insert(0, start)
            found.codes.insert(0, self.codes[low - 1])
        return found

    def drop(self, count: int) -> None:
        """Let go of so many of the oldest edges, an even number, and of what was marked before them."""
        del self.edges[:count]
        self.dropped += count
        old = bisect_left(self.times, self.edges[0])
        del self.times[:old], self.codes[:old]
