"""What the threads of a watched program did, as lanes: a bar for each stretch, whose kind is the state."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...monitors.threads.history import CODES, ENDED, STATES
from ..lane import Lane

if TYPE_CHECKING:
    from ...engine.run import Run

KINDS = tuple(state for state in STATES if state != ENDED)
"""What a bar can be, by its kind."""

COLORS = {
    **{"python": "accent", "gil": "bad", "c": "painting", "io": "input", "network": "good"},
    **{"sleep": "line", "lock": "warn", "waits": "muted"},
}
"""What a thread does -> the role of its colour (`reports.palette`)."""


def thread_lanes(run: Run) -> list[Lane]:
    """A lane for each thread that did something, in the order in which they were first seen."""
    end = run.ended if run.ended is not None else max(run.threads.times, default=run.started)
    by_thread: dict[int, list[tuple[float, float, int]]] = {}
    for thread, state, start, until in run.threads.stretches(end):
        if until > start:
            by_thread.setdefault(thread, []).append((start - run.started, until - run.started, CODES[state]))
    found = []
    for thread in sorted(by_thread):
        starts, ends, kinds = (np.array(column) for column in zip(*by_thread[thread], strict=True))
        lane = Lane(run.threads.names[thread])
        lane.add(starts, ends, kinds.astype(np.uint8), np.zeros(len(starts), np.uint32))
        found.append(lane)
    return found
