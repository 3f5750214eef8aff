"""What tasks that share something tell: what they wait for, and what gauges show. Used in the GUI thread only.

Most runs tell none of it, and pay for none of it.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any, NamedTuple

from .task import Phase

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ..sync.samples import Sample
    from .changes import Changes

MAX_REASONS = 4_096
"""So many different ones are kept; of later ones who holds the thing is left out, and then they are one."""

MAX_GAUGES = 256
DEADLOCK = "deadlock"
LEFT_OUT = "something"


class Reason(NamedTuple):
    """Why a task waits.

    Attributes:
        what: the end of the sentence "it waits for": "lock a", "room in queue jobs".
        holders: the indices of the tasks that hold it, where that is known.
    """

    what: str
    holders: tuple[int, ...] = ()


class Gauge:
    """What one gauge showed.

    Attributes:
        kind: "holder": the values are indices of tasks, or `workers.sync.samples.FREE` or `SOMEBODY`; "level": of a
            queue, a semaphore or a barrier; "": what a workload samples itself.
        times: in seconds of `time.perf_counter`, in order.
        values: what it showed from each of these on.
    """

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.times = array("d")
        self.values = array("d")


class Sharing:
    """What came of one run.

    Attributes:
        reasons: the different reasons for which tasks waited.
        rows: the changes of the recorder that are waits with a reason, as their numbers, in order.
        reason_of: for each of these the index of its reason.
        gauges: by their names.
        deadlocks: a sentence for each.
        latest: the reason for which each task waited last, by its index.
        since: when it began to, in seconds of `time.perf_counter`.
    """

    def __init__(self) -> None:
        self.reasons: list[Reason] = []
        self.rows = array("I")
        self.reason_of = array("H")
        self.gauges: dict[str, Gauge] = {}
        self.deadlocks: list[str] = []
        self.latest: dict[int, Reason] = {}
        self.since: dict[int, float] = {}
        self._numbers: dict[Reason, int] = {}

    def take(self, task: int, phase: Phase, row: int | None, detail: Any) -> None:
        """Take in the detail of an event.

        Args:
            task: its index.
            phase: WAITING or PROGRESS.
            row: the number of the change that the event is; None where that was not kept.
            detail: what it waits for and the indices of those who hold that; or samples.
        """
        if phase == Phase.PROGRESS:
            self._take_samples(detail)
            return
        reason = self.latest[task] = Reason(*detail)
        if row is None:
            return
        number = self._numbers.get(reason)
        if number is None:
            if len(self.reasons) >= MAX_REASONS:
                reason = Reason(reason.what if len(self.reasons) < 2 * MAX_REASONS else LEFT_OUT)
            number = self._numbers.setdefault(reason, len(self.reasons))
            if number == len(self.reasons):
                self.reasons.append(reason)
        self.rows.append(row)
        self.reason_of.append(number)

    def _take_samples(self, samples: Iterable[Sample]) -> None:
        for kind, name, moment, value in samples:
            if kind == DEADLOCK:
                self.deadlocks.append(name)
                continue
            gauge = self.gauges.get(name)
            if gauge is None:
                if len(self.gauges) >= MAX_GAUGES:
                    continue
                gauge = self.gauges[name] = Gauge(kind)
            if gauge.times and moment < gauge.times[-1]:
                moment = gauge.times[-1]  # of another thread's batch
            gauge.times.append(moment)
            gauge.values.append(value)

    def waits(self, changes: Changes) -> Iterator[tuple[int, Reason, float, float]]:
        """Each wait that has a reason: the task's index, the reason, when it began, and the task's next change."""
        if not self.rows:
            return
        why = dict(zip(self.rows, self.reason_of, strict=True))
        open_waits: dict[int, tuple[int, float]] = {}
        for row, (task, moment) in enumerate(zip(changes.tasks, changes.times, strict=True)):
            if task in open_waits:
                number, began = open_waits.pop(task)
                yield task, self.reasons[number], began, max(began, moment)
            if row in why:
                open_waits[task] = (why[row], moment)

    def figure(self, name: str) -> float:
        """What a gauge showed last; 0.0 where there is none of that name."""
        gauge = self.gauges.get(name)
        return gauge.values[-1] if gauge is not None else 0.0

    def most(self, name: str) -> float:
        """The most that a gauge showed; 0.0 where there is none of that name."""
        gauge = self.gauges.get(name)
        return max(gauge.values) if gauge is not None else 0.0
