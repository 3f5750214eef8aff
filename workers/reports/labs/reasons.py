"""Why tasks of a run waited, in words, and what its gauges showed: for exports, tips and tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from ...engine.run import Run
    from ...engine.sharing import Reason


def reasons(run: Run) -> dict[tuple[int, float], Reason]:
    """The reason of each wait that has one, by the task's index and the start of its bar, in seconds since Start."""
    sharing, changes = run.recorder.sharing, run.recorder.changes
    return {
        (changes.tasks[row], changes.times[row] - run.recorder.started): sharing.reasons[number]
        for row, number in zip(sharing.rows, sharing.reason_of, strict=True)
    }


def reason_at(run: Run, task: int, start: float) -> Reason | None:
    """The reason of the wait of a task that began at a moment, in seconds since Start; None where it has none."""
    sharing, changes = run.recorder.sharing, run.recorder.changes
    # The views are gone at the end: while there is one, an array cannot grow.
    rows = np.frombuffer(sharing.rows, np.uintc)
    is_it = np.frombuffer(changes.tasks, np.uintc)[rows] == task
    is_it &= np.frombuffer(changes.times)[rows] - run.recorder.started == start
    found = np.flatnonzero(is_it)
    return sharing.reasons[sharing.reason_of[int(found[0])]] if len(found) else None


def reason_words(run: Run, task: int, reason: Reason) -> str:
    """The end of the sentence "it waits for": "lock a, held by transfer 2"."""
    held = holder_words(run, task, reason)
    return f"{reason.what}, held by {held}" if held else reason.what


def holder_words(run: Run, task: int, reason: Reason) -> str:
    """Who holds what a task waits for: "transfer 2 and transfer 3"; empty where nobody does, or nobody knows."""
    known = [index for index in reason.holders if 0 <= index < run.recorder.count]
    return " and ".join("itself" if index == task else run.plan.title(index) for index in known)


def blocked_s(run: Run) -> dict[int, float]:
    """How long each task waited for what it shares with others, by its index, in seconds; none of the others."""
    found: dict[int, float] = {}
    for task, _, began, ended in run.recorder.sharing.waits(run.recorder.changes):
        found[task] = found.get(task, 0.0) + ended - began
    return found


def waited_for(run: Run) -> dict[str, tuple[int, float]]:
    """How often tasks waited for each thing, and for how long in all; the one that cost most is first."""
    found: dict[str, tuple[int, float]] = {}
    for _, reason, began, ended in run.recorder.sharing.waits(run.recorder.changes):
        count, total = found.get(reason.what, (0, 0.0))
        found[reason.what] = (count + 1, total + ended - began)
    return dict(sorted(found.items(), key=lambda item: -item[1][1]))


def waited_for_in(run: Run, began: float, ended: float) -> str:
    """What one of the tasks waited for longest between two moments of `time.perf_counter`; empty where none did."""
    longest, words = 0.0, ""
    for task, reason, since, until in run.recorder.sharing.waits(run.recorder.changes):
        seconds = min(ended, until) - max(began, since)
        if seconds > longest:
            longest, words = seconds, reason_words(run, task, reason)
    return words
