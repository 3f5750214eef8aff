"""The figures of a cell: what each is called and means, and how it is written. One list for all tables and files.

Plain functions, for any thread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..utils.formatting import memory, milliseconds, seconds, short_rate
from .findings import times

if TYPE_CHECKING:
    from collections.abc import Callable

    from .results import CellResult, Spread

NOT_MEASURED = "–"


class Figure(NamedTuple):
    """One of a cell's figures.

    Attributes:
        name: of the attribute of `CellResult`; files call it so too.
        title: over a column of a table.
        tip: what it means.
        words: writes a value with its unit; None for one that is counted in the workload's unit.
    """

    name: str
    title: str
    tip: str
    words: Callable[[float], str] | None = None

    def of(self, result: CellResult) -> Spread | None:
        """Its spread over the runs of a cell; None where it was not measured."""
        spread: Spread | None = getattr(result, self.name)
        return spread

    def text(self, result: CellResult) -> str:
        """The median as a table shows it."""
        spread = self.of(result)
        if spread is None:
            return NOT_MEASURED
        return self.words(spread.median) if self.words is not None else short_rate(spread.median, result.unit)


FIGURES = (
    Figure("per_s", "Speed", "Work done per second of wall time"),
    Figure(
        "speed_up",
        "Speed-up",
        "How many times as fast as the GUI thread did the same work; the place's start is part of it",
        times,
    ),
    Figure("started_speed_up", "Once started", "The same without the time that the place took to start", times),
    Figure("wall_s", "Wall time", "From Start to the end of the last task", seconds),
    Figure(
        "lag_p99_ms",
        "Lag p99",
        "99 % of the time an event in the window would have waited less than this",
        milliseconds,
    ),
    Figure("lag_max_ms", "Lag max", "The longest that any event in the window would have waited", milliseconds),
    Figure(
        "cpu_s", "CPU", "Processor time of the program and of the processes that the runner started", seconds
    ),
    Figure(
        "peak_memory_mib",
        "Memory",
        "The most memory that all of these processes had at one time, the window's among it",
        memory,
    ),
    Figure("startup_s", "Start", "From Start to the first task's beginning", seconds),
)
"""In the order of the files."""

SPEED, SPEED_UP, STARTED, _, P99, WORST, CPU, MEMORY, START = FIGURES

GAINS = Figure("gains", "Speed-up", f"{SPEED_UP.tip}, but for a function of your own", times)
"""What is compared, for people."""

SHOWN = (GAINS, STARTED, SPEED, P99, WORST, CPU, MEMORY, START)
"""In the order of the tables for people."""


def from_to(result: CellResult) -> str:
    """A speed-up from the slowest run to the fastest: "1.8 to 2.0"; a dash where there are no two runs."""
    spread = result.gains
    if spread is None or result.runs < 2:
        return NOT_MEASURED
    return f"{times(spread.low)[:-1]} to {times(spread.high)[:-1]}"
