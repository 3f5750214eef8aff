"""A figure that was measured, whether it holds, and the table of all of them. Plain data, no Qt."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

from workers.utils.formatting import milliseconds, number

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class Missing(Exception):
    """Something could not be measured; the message is a sentence that says what happened."""


class Wanted(NamedTuple):
    """One figure, and what it must be.

    Attributes:
        key: its name in the JSON object.
        title: what was measured, for people.
        limit: the most that it may be, or the least; None where it is only told.
        unit: one of `SAY`.
        at_least: whether `limit` is the least.
    """

    key: str
    title: str
    limit: float | None
    unit: str
    at_least: bool = False


class Result(NamedTuple):
    """What came of a figure.

    Attributes:
        wanted: the figure.
        values: one for each process, or for each pair of them.
        problem: why it could not be measured; empty where it was.
    """

    wanted: Wanted
    values: tuple[float, ...]
    problem: str = ""

    @property
    def median(self) -> float | None:
        """The figure itself; None where it could not be measured."""
        return median(self.values) if self.values and not self.problem else None

    @property
    def holds(self) -> bool:
        """Whether it is what it must be. A figure that could not be measured is not."""
        value = self.median
        if value is None:
            return False
        if self.wanted.limit is None:
            return True
        return value >= self.wanted.limit if self.wanted.at_least else value <= self.wanted.limit

    @property
    def verdict(self) -> str:
        """One word, or the reason why there is no figure."""
        if self.problem:
            return f"ERROR: {self.problem}"
        return "" if self.wanted.limit is None else "pass" if self.holds else "MISSED"

    @property
    def worst(self) -> float:
        """The worst of the values: the greatest, or the least of what must be large."""
        return min(self.values) if self.wanted.at_least else max(self.values)


SAY: dict[str, Callable[[float], str]] = {
    "ratio": lambda value: f"{value:.2f}",
    "share": lambda value: f"{value * 100:.1f} %",
    "ms": milliseconds,
    "us": lambda value: f"{value:.1f} µs",
    "ns": lambda value: f"{value:.0f} ns",
    "bytes": lambda value: f"{number(value)} bytes",
    "MiB": lambda value: f"{value:.1f} MiB",
    "MB": lambda value: f"{value:.1f} MB",
    "s": lambda value: f"{value:.2f} s",
    "a second": lambda value: f"{number(value)}/s",
    "calls": lambda value: f"{value:.0f}",
    "KiB": lambda value: f"{value:.2f} KiB" if abs(value) < 9.95 else f"{number(value)} KiB",
}


def must_be(wanted: Wanted) -> str:
    """A figure's limit for people; empty where there is none."""
    return "" if wanted.limit is None else f"{'≥' if wanted.at_least else '≤'} {SAY[wanted.unit](wanted.limit)}"


def table(results: list[Result]) -> str:
    """The figures for a terminal, a line each."""
    rows = [("what", "must be", "median", "min to max", "")]
    for result in results:
        wanted, value = result.wanted, result.median
        say = SAY[wanted.unit]
        found = (
            ("", "")
            if value is None
            else (say(value), f"{say(min(result.values))} to {say(max(result.values))}")
        )
        rows.append((wanted.title, must_be(wanted), *found, result.verdict))
    return lined_up(rows)


def lined_up(rows: Sequence[Sequence[str]]) -> str:
    """Rows of cells for a terminal, the first of them a headline; the last cell of each may be as long as it likes."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]) - 1)]
    lines = ["  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=False)) for row in rows]
    lines = [f"{line}  {row[-1]}".rstrip() for line, row in zip(lines, rows, strict=True)]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])


def as_json(results: list[Result]) -> list[dict[str, Any]]:
    """The figures as plain data: `null` for the median of one that could not be measured."""
    return [
        {
            "name": result.wanted.key,
            "title": result.wanted.title,
            "unit": result.wanted.unit,
            "must_be": None
            if result.wanted.limit is None
            else "at least"
            if result.wanted.at_least
            else "at most",
            "limit": result.wanted.limit,
            "median": result.median,
            "min": min(result.values, default=None),
            "max": max(result.values, default=None),
            "values": list(result.values),
            "holds": result.holds,
            "problem": result.problem or None,
        }
        for result in results
    ]
