"""How much processor time and memory a process uses, thread by thread, as Linux tells it in /proc. No Qt."""

from __future__ import annotations

import os
import time
from bisect import bisect_left
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import psutil

EVERY_S = 0.050
TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096
BEFORE_S = 0.1
"""A run's threads begin with it; what was there so long before is the program's own."""


class Look(NamedTuple):
    """What was seen at one moment.

    Attributes:
        time: when, by `time.time`.
        process_s: processor time of the whole process, with its threads that have ended.
        threads: processor time of each thread there is, by its number; the GUI thread has the process's own.
        memory: resident memory, in bytes.
    """

    time: float
    process_s: float
    threads: dict[int, float]
    memory: int


class Used(NamedTuple):
    """What a run used of the processors, in seconds, and of the memory.

    Attributes:
        workers_s: the threads that began with the run.
        gui_s: the GUI thread.
        others_s: all other threads of the program.
        raised: how much more memory was in use at the most than just before the run, in bytes.
        grown: how much more memory was in use at its end than after its first quarter, in bytes.
    """

    workers_s: float
    gui_s: float
    others_s: float
    raised: int
    grown: int


class Usage:
    """Looks at one process from time to time."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._looks: list[Look] = []

    def look(self) -> None:
        """Look, if it is time to; quick enough to be called every few milliseconds."""
        if not self._looks or time.time() - self._looks[-1].time >= EVERY_S:
            try:
                self._looks.append(_look(self._pid))
            except OSError:
                pass  # the process has gone

    def began_before(self, start: float) -> bool:
        """Whether it was looked at early enough to tell a run's threads from the program's own."""
        return bool(self._looks) and self._looks[0].time < start - BEFORE_S

    def between(self, start: float, end: float) -> Used:
        """What was used from `start` to `end`, by `time.time`: a run's time."""
        before = self._at(start - BEFORE_S).threads
        own = {number: self._thread_s(number, end) - self._thread_s(number, start) for number in before}
        process_s = self._process_s(end) - self._process_s(start)
        gui_s = own.get(self._pid, 0.0)
        raised = max(look.memory for look in self._looks) - self._at(start - BEFORE_S).memory
        grown = self._at(end).memory - self._at(start + (end - start) / 4).memory
        return Used(process_s - sum(own.values()), gui_s, sum(own.values()) - gui_s, raised, grown)

    def memory_at(self, moment: float) -> int:
        """The resident memory at a moment, by `time.time`, in bytes."""
        return self._at(moment).memory

    def _at(self, moment: float) -> Look:
        place = bisect_left(self._looks, moment, key=lambda look: look.time)
        return self._looks[min(place, len(self._looks) - 1)]

    def _process_s(self, moment: float) -> float:
        return self._interpolated(moment, [look.process_s for look in self._looks])

    def _thread_s(self, number: int, moment: float) -> float:
        last, values = 0.0, []
        for look in self._looks:
            last = look.threads.get(number, last)  # one that has ended keeps what it had
            values.append(last)
        return self._interpolated(moment, values)

    def _interpolated(self, moment: float, values: list[float]) -> float:
        place = bisect_left(self._looks, moment, key=lambda look: look.time)
        if place == 0 or place == len(values):
            return values[min(place, len(values) - 1)]
        before, after = self._looks[place - 1].time, self._looks[place].time
        return values[place - 1] + (values[place] - values[place - 1]) * (moment - before) / (after - before)


def cpu_s(process: psutil.Process) -> float:
    """Processor time that a process has had, in seconds."""
    times = process.cpu_times()
    return float(times.user + times.system)


def peak_memory(pid: int) -> int:
    """The most resident memory that a process has had, in bytes."""
    status = Path(f"/proc/{pid}/status").read_text()
    return 1024 * next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:"))


def _look(pid: int) -> Look:
    threads = {}
    for number in os.listdir(f"/proc/{pid}/task"):
        try:
            threads[int(number)] = _spent(f"/proc/{pid}/task/{number}/stat")
        except OSError:
            continue  # it has just ended
    memory = int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE
    return Look(time.time(), _spent(f"/proc/{pid}/stat"), threads, memory)


def _spent(path: str) -> float:
    # The name in brackets may have blanks in it, and even brackets.
    fields = Path(path).read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS
