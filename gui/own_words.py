"""What "Your function" says in words: what a press of its button would begin, how far it is, what came of it.

In the GUI thread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workers.benchmark.everywhere import REPEAT, places
from workers.benchmark.results import BETWEEN_S
from workers.engine.plan import BLOCKING
from workers.utils.formatting import seconds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workers.benchmark.matrix import Cell
    from workers.benchmark.results import Benchmark
    from workers.catalog.entry import Entry

CELL_S = 2.5
"""What a run takes on the GUI thread where nobody chose the number of calls, as `workers.benchmark.everywhere` says."""

MOST_LETTERS = 230
"""Of an answer in the strip at the window's foot, which has room for two lines."""

FREEZES = "The window freezes now and then."


def plan_words(entry: Entry, runners: Mapping[str, Entry], calls: int) -> str:
    """What the button would begin: "11 places, twice each, about 1 min."."""
    able = [name for name, why_not in places(entry, runners, {}, ask=False).items() if not why_not]
    count = len(able)
    each = "twice" if REPEAT == 2 else f"{REPEAT:,} times"
    time = f"{calls:,} call{'s' if calls != 1 else ''} a time" if calls else f"about {_all(count)}"
    words = f"{count:,} place{'s' if count != 1 else ''}, {each} each: {time}."
    return f"{words} {FREEZES}" if BLOCKING in able else words


def _all(count: int) -> str:
    return seconds(count * REPEAT * (CELL_S + BETWEEN_S))


def progress_words(benchmark: Benchmark, cell: Cell, left_s: float | None) -> str:
    """How far it is: "4 of 22, about 35 s left: QThread"."""
    left = f", about {seconds(left_s)} left" if left_s is not None else ""
    return f"{benchmark.done + 1:,} of {benchmark.matrix.runs:,}{left}: {benchmark.matrix.runner_titles[cell.runner]}"


def headline(title: str, benchmark: Benchmark) -> str:
    """The answer in a few words."""
    cut = " (as far as it was measured)" if benchmark.cancelled else ""
    return f"Run it on {title}{cut}" if title else f"No place can be advised{cut}"


def in_short(words: str) -> str:
    """The first sentences, as many as fit into the window's strip: where it grew, the page above would be moved."""
    kept, *others = words.split(". ")
    for sentence in others:
        if len(kept) + len(sentence) > MOST_LETTERS:
            return f"{kept}."
        kept = f"{kept}. {sentence}"
    return kept
