"""The state changes of a run's tasks, as columns: 13 bytes for each. Used in one thread only, the GUI thread."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .task import Phase

MAX_CHANGES = 4_000_000
"""More are counted, not kept: an hour and a half of tasks that take turns every 10 ms, and 52 MB."""


class Changes:
    """What happened, in the order in which it was told; for each task that is the order in which it happened.

    Attributes:
        tasks: the index of the task.
        phases: what it changed to: a `Phase`, never QUEUED, and never PROGRESS, which is no change.
        times: when, in seconds of `time.perf_counter`.
        lost: how many were not kept.
    """

    def __init__(self) -> None:
        self.tasks = array("I")
        self.phases = bytearray()
        self.times = array("d")
        self.lost = 0

    def __len__(self) -> int:
        return len(self.phases)

    def add(self, task: int, phase: Phase, time: float) -> None:
        if len(self.phases) >= MAX_CHANGES:
            self.lost += 1
            return
        self.tasks.append(task)
        self.phases.append(phase)
        self.times.append(time)
