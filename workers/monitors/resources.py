"""What a run costs: processor time and memory, over all of its processes. Memory is sampled in a thread of its own.

A runner that starts processes has a method `processes` from its start on, which says what each of them has used so
far (`Costly`). Those of `workers.remote` tell it themselves with every batch of events, so nothing is missed when one
ends between two samples.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple, Protocol, runtime_checkable

from .probe import MeasuredRun, Probe

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

SAMPLE_S = 0.1
MIB = 1 << 20


@runtime_checkable
class Costly(Protocol):
    """A runner with processes of its own."""

    def processes(self) -> dict[int, float]:
        """The processor time of every process that it has, by the process's id, in seconds.

        One of another machine has a number below 0.
        """


class Resources(NamedTuple):
    """What a run cost.

    Attributes:
        cpu_s: processor time of the program and of the runner's processes, in seconds.
        peak_memory_mib: the most resident memory that all of them had at one time, in MiB. What processes share, such
            as the code of Python itself, is counted in each. None where the system does not tell.
        startup_s: from Start to the first task's beginning, in seconds; None where none began.
    """

    cpu_s: float
    peak_memory_mib: float | None
    startup_s: float | None


class CostlyRun(MeasuredRun, Protocol):
    """A run that costs something; see `workers.engine.run.Run`."""

    resources: Resources | None

    @property
    def startup_s(self) -> float | None:
        """From Start to the first task's beginning, in seconds; None where none began."""


class ResourceMeter(Probe[CostlyRun]):
    """Measures the whole program, and the runner's processes."""

    def __init__(self) -> None:
        self._runner: object = None
        self._cpu_before = 0.0
        self._peak: int | None = None
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def begin(self, run: CostlyRun, runner: object) -> None:
        self.abandon()
        self._runner, self._peak = runner, None
        self._cpu_before = time.process_time()
        self._stop = threading.Event()
        thread = threading.Thread(target=self._sample, args=(self._stop,), name="resource meter", daemon=True)
        with suppress(RuntimeError):  # no thread is left for it: then it looks at the end alone
            thread.start()
            self._thread = thread

    def finish(self, run: CostlyRun) -> None:
        self._look()
        self._stop.set()
        cpu = time.process_time() - self._cpu_before + sum(processes_of(self._runner).values())
        self._runner = None
        run.resources = Resources(cpu, None if self._peak is None else self._peak / MIB, run.startup_s)

    def abandon(self) -> None:
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _sample(self, stop: threading.Event) -> None:
        """Runs in the meter's thread."""
        while True:
            self._look()
            if stop.wait(SAMPLE_S):
                return

    def _look(self) -> None:
        memory = resident_bytes([os.getpid(), *processes_of(self._runner)])
        if memory is not None:
            self._peak = max(self._peak or 0, memory)


def processes_of(runner: object) -> dict[int, float]:
    """What a runner's processes have used so far, as `Costly` says; of one without any there are none."""
    return runner.processes() if isinstance(runner, Costly) else {}


def processor_seconds(processes: Mapping[int, float]) -> float:
    """What processes have used so far, in seconds: as each has told or, in a long task, as Linux says."""
    return sum(max(told, _used_s(process)) for process, told in processes.items())


def _used_s(process: int) -> float:
    try:
        with open(f"/proc/{process}/stat") as file:
            user, system = file.read().rpartition(")")[2].split()[11:13]  # the name before may have blanks
    except (OSError, ValueError):
        return 0.0
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def resident_bytes(processes: Iterable[int]) -> int | None:
    """The resident memory of processes, in bytes; those that have ended have none. None where the system says nothing.

    Those of other machines, below 0, are left out. Linux tells it in a file; elsewhere psutil does, where it is
    installed.
    """
    if sys.platform.startswith("linux"):
        page = os.sysconf("SC_PAGE_SIZE")
        return sum(_resident_pages(process) for process in processes if process > 0) * page
    try:
        import psutil
    except ImportError:
        return None
    total = 0
    for process in processes:
        if process < 0:
            continue
        try:
            total += psutil.Process(process).memory_info().rss
        except psutil.Error:
            continue
    return total


def _resident_pages(process: int) -> int:
    try:
        with open(f"/proc/{process}/statm") as file:
            return int(file.read().split()[1])
    except (OSError, IndexError):
        return 0
