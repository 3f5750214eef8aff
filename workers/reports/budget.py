"""A budget: what a run may cost at the most, as a person wrote it, and whether a run kept it. Knows nothing of Qt."""

from __future__ import annotations

import math
import operator
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from ..utils import formatting
from ..utils.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ..engine.run import Run

_OPERATORS: dict[str, Callable[[float, float], bool]] = {
    **{"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge},
    **{"=": operator.eq, "==": operator.eq},
}
_CONDITION = re.compile(r"(\w*)\s*([<>=!]*)\s*(.*)", re.DOTALL)
_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?")

WINDOW = {
    "lag_p50": "median lag of the window in ms",
    "lag_p95": "lag that 95 % of the time was less, in ms",
    "lag_p99": "lag that 99 % of the time was less, in ms",
    "lag_max": "longest lag in ms",
    "blocked_s": "time blocked in s",
    "freezes": "how many freezes, each of over 700 ms",
    "longest_freeze_s": "the longest of them in s",
    "frames_per_s": "frames of the graphs a second",
}
"""What only a window has -> what it means."""

WORK = {
    "done": "tasks that ended well",
    "failed": "tasks that failed",
    "cancelled": "tasks that were cancelled",
    "wall_s": "time from Start to the last task's end in s",
    "per_s": "work done a second, in the workload's unit",
    "tasks_per_s": "tasks done a second",
}
"""What every run has -> what it means."""


COUNTS = ("done", "failed", "cancelled")


class Condition(NamedTuple):
    """One condition of a budget.

    Attributes:
        name: a key of WINDOW or of WORK.
        operator: "<", "<=", ">", ">=" or "=".
        limit: what is compared with.
    """

    name: str
    operator: str
    limit: float


class Judged(NamedTuple):
    """A condition that a run was measured by; `measured` is None where the run had no window to measure."""

    condition: Condition
    measured: float | None

    @property
    def is_kept(self) -> bool:
        """Whether the run kept it; what was not measured was not kept."""
        _, comparison, limit = self.condition
        return self.measured is not None and _OPERATORS[comparison](self.measured, limit)

    @property
    def words(self) -> str:
        """What came of it: "missed: lag_p95 is 812 ms, the budget says < 50"."""
        name, comparison, limit = self.condition
        if self.measured is None:
            return f"missed: {name} was not measured, for the run had no window"
        told = f"{'kept' if self.is_kept else 'missed'}: {name} is {_told(name, self.measured, limit)}"
        return f"{told}, the budget says {comparison} {limit:.15g}"

    def as_dict(self) -> dict[str, Any]:
        return {**self.condition._asdict(), "measured": self.measured, "kept": self.is_kept}


def parse_budget(text: str) -> tuple[Condition, ...]:
    """The conditions in a text such as "lag_p95<50, failed=0".

    Raises:
        BadInput: it has none, or one that means nothing; with a sentence for people.
    """
    return tuple(_condition(part.strip()) for part in text.split(","))


def _condition(text: str) -> Condition:
    match = _CONDITION.fullmatch(text)
    name, comparison, number = match.groups() if match is not None else (text, "", "")
    if not text or not comparison or not name:
        raise BadInput(f"A budget has conditions like lag_p95<50, parted by commas, not {text!r}.")
    if name not in WINDOW and name not in WORK:
        raise BadInput(f"A budget knows no {name!r}. It knows: {', '.join((*WINDOW, *WORK))}.")
    if comparison not in _OPERATORS:
        raise BadInput(f"A budget compares by <, <=, >, >= or =, not {comparison} ({text!r}).")
    limit = float(number) if _NUMBER.fullmatch(number) else math.nan
    if not math.isfinite(limit):
        raise BadInput(f"A budget compares {name} with a plain number such as 50, not {number!r}.")
    return Condition(name, "=" if comparison == "==" else comparison, limit)


def judge(budget: Sequence[Condition], run: Run) -> list[Judged]:
    """Measure a finished run by each condition."""
    return [Judged(condition, measured(run, condition.name)) for condition in budget]


def measured(run: Run, name: str) -> float | None:
    """The figure of a finished run; None where it needs a window and the run had none."""
    if name in WINDOW and run.lag is None:
        return None
    if name in COUNTS:
        return float(getattr(run.recorder, name))
    owner = run if name in WORK or name == "frames_per_s" else run.lag
    return float(getattr(owner, name.removeprefix("lag_")))


def _told(name: str, value: float, limit: float) -> str:
    """The figure in words, in the unit of the limit; with more digits where rounding would make it look like it."""
    if name == "freezes" or name in COUNTS:
        return f"{value:,.0f}"
    unit = " ms" if name.startswith("lag_") else "" if name.endswith("per_s") else " s"
    is_near = limit and abs(value / limit - 1) < 0.05
    return f"{value:.6g}{unit}" if is_near else f"{formatting.number(value)}{unit}"
