"""What came of trying a function in many orders of its threads, as data."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from .played import RIGHT

if TYPE_CHECKING:
    from .played import Job, Played
    from .short import Reduced

WRONG, CANNOT = "wrong", "cannot judge"

NOTHING_LEFT = "It leaves nothing behind that could be compared from one order to the other."
CHANCE = "What it leaves behind is another thing each time, by chance or by the clock: it cannot be compared."
ORDERED = (
    "What it leaves hangs on the order of parts that each hold a lock: only a check can tell what is right."
)
ENDLESS_FILE = (
    "Its file does not come to an end when it is imported: what it does by itself belongs below if __name__ == "
    '"__main__".'
)
LATE = "In some orders a wait ended by its time-out, and something else was left: only a check can tell what is right."


class Verdict(NamedTuple):
    """What came of it.

    Attributes:
        kind: "right", "wrong" or "cannot judge".
        why: what was wrong, or why nobody can judge, in a sentence.
        orders: how many orders were tried.
        by_lines: how many of them switch between lines only; in the others it is within them, too.
        compared: with how many orders of whole tasks the results were compared; 0: with none.
        has_check: whether the file says itself what is right.
        job: what was tried, as the failing order has it; None where nothing was.
        failing: the shortest order that is wrong, step by step.
        is_shortest: whether no order with fewer switches is wrong.
        is_always: whether it is wrong without any switch, too.
        order: the beginning of the failing one that leads to the rest of it, as a text.
        calls: how many calls were made at once in threads that ran as they liked, where no orders were tried.
        reduced: parameters that were made smaller, with their values.
    """

    kind: str
    why: str = ""
    orders: int = 0
    by_lines: int = 0
    compared: int = 0
    has_check: bool = False
    job: Job | None = None
    failing: Played | None = None
    is_shortest: bool = False
    is_always: bool = False
    reduced: Reduced = ()
    order: str = ""
    calls: int = 0

    @property
    def is_wrong(self) -> bool:
        return self.kind == WRONG

    @property
    def exit_code(self) -> int:
        return {RIGHT: 0, WRONG: 1}.get(self.kind, 2)
