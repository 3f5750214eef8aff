"""What gauges showed, on its way to the program: of very many samples some, and always the last. Runs on Python 3.9."""

from __future__ import annotations

Sample = tuple[str, str, float, float]
"""A kind, a gauge's name, a time of `time.perf_counter`, and a value.

Kinds: "holder" where the value is the index of the task that holds a lock, or FREE or SOMEBODY; "level" of other
things; "" of what a workload samples itself; "deadlock", where the name is the sentence, and the value how many are
stuck.
"""

FREE, SOMEBODY = -1, -2
"""Values of a "holder": nobody, and something that is no task of the run."""

MAX_SAMPLES = 20_000
"""So many are told of a run, about."""

EACH_S = 1 / 30
"""They are told this often: a screen shows no more."""


class Samples:
    """Takes samples; at first it keeps them all, and after half of what may be told ever fewer. MUTEX guards it.

    Args:
        where: what this process is called, for the names of gauges, where a run has several; else empty.
    """

    def __init__(self, where: str = "") -> None:
        self._where = f" ({where})" if where else ""
        self._rows: list[Sample] = []
        self._kept = 0
        self._every, self._until = 1, MAX_SAMPLES // 2
        self._counts: dict[str, int] = {}
        self._skipped: dict[str, Sample] = {}
        self._told_at = 0.0

    def add(self, kind: str, name: str, moment: float, value: float) -> None:
        if kind == "deadlock":
            self._rows.append((kind, name, moment, float(value)))
            return
        name += self._where
        row = (kind, name, moment, float(value))
        count = self._counts[name] = self._counts.get(name, 0) + 1
        if count % self._every:
            self._skipped[name] = row
            return
        self._skipped.pop(name, None)
        self._rows.append(row)
        self._kept += 1
        if self._kept >= self._until:
            self._every *= 8
            self._until += (MAX_SAMPLES - self._until) // 2

    def is_due(self, now: float) -> bool:
        return bool(self._rows) and now - self._told_at >= EACH_S

    def take(self, now: float, are_last: bool = False) -> tuple[Sample, ...]:
        """What has come since the last call; with the latest of each gauge where nothing more will come."""
        self._told_at = now
        rows, self._rows = self._rows, []
        if are_last:
            rows += self._skipped.values()
            self._skipped.clear()
        return tuple(rows)
