"""Runs one run with a real event loop and keeps every event that came over the bridge."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import pytest
from PySide6.QtCore import QEventLoop, QObject, QTimer

from gui.controllers.bridge import Bridge
from tests.support.image_site import NoServer
from workers.catalog import compatibility, lookup
from workers.clusters.own import CLUSTER
from workers.engine.plan import Settings
from workers.engine.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from _pytest.mark import ParameterSet

    from workers.catalog.entry import Entry
    from workers.engine.run import Run
    from workers.engine.task import TaskEvent
    from workers.monitors.probe import Probe

    H = TypeVar("H", bound="Harness")

PATIENCE_S = 60.0
"""Only what fails takes so long: a busy machine may well hold a thread up, or start a process, for some seconds."""


class Harness(QObject):
    """A session with its bridge, on one runner.

    Attributes:
        events: all events, as the GUI thread got them.
        fold_threads: the threads that they were folded in.
        results: what tasks returned.
    """

    def __init__(
        self, runner: str, module: str = "tests.contract.work", *, probes: Sequence[Probe[Run]] = ()
    ) -> None:
        super().__init__()
        self.runner, self.module = runner, module
        if runner == "dask_cluster":
            CLUSTER.ready(2, lambda: False)  # kept for all tests: its start counts for none of them
        self.events: list[TaskEvent] = []
        self.results: list[Any] = []
        self.fold_threads: set[int] = set()
        self.bridge = Bridge()
        self.session = Session(self.bridge.post, NoServer(), probes=probes)
        self.bridge.arrived.connect(self._take)

    def _take(self, events: list[TaskEvent]) -> None:
        self.fold_threads.add(threading.get_ident())
        self.events += events
        self.results += self.session.fold(events)
        self.session.finish()

    def some(self, many: int) -> int:
        """So many tasks; fewer where the start of each takes long, as that of a process does."""
        place = lookup.entry("runners", self.runner)
        return (
            min(many, round(0.6 / place.traits.start_s)) if place is not None and place.traits.start_s else many
        )

    def start(self, /, workload: str, tasks: int = 4, workers: int = 2, **params: Any) -> Run:
        """Begin a run, once the place of the one before has been left; returns when the runner does."""
        if not self.session.is_running:
            self.until(lambda: self.session.is_free)
        return self.session.start(self.settings(workload, tasks, workers, **params))

    def settings(self, /, workload: str, tasks: int, workers: int, **params: Any) -> Settings:
        """The settings of a run. Of workloads in their async forms the catalog reads the others, which they import."""
        read = f"{self.module.replace('async_work', 'work')}:{workload}"
        found = Settings.named(self.runner, read, tasks, workers, tuple(params.items()))
        return found._replace(workload_entry=found.workload_entry._replace(name=f"{self.module}:{workload}"))

    def until(self, condition: Callable[[], bool], timeout: float = PATIENCE_S) -> bool:
        """Run the event loop until a condition holds; returns whether it did in time."""
        loop = QEventLoop()
        poll = QTimer(interval=2)
        deadline = time.monotonic() + timeout

        def look() -> None:
            self.session.finish()
            if condition() or time.monotonic() > deadline:
                loop.quit()

        poll.timeout.connect(look)
        poll.start()
        loop.exec()
        poll.stop()
        return condition()

    def finish(self) -> Run:
        """Wait for the end of the run."""
        run = self.session.run
        assert run is not None
        assert self.until(lambda: run.ended is not None), "the run did not end"
        return run

    def later(self, action: Callable[[], object], when: Callable[[], bool]) -> threading.Thread:
        """Do something from another thread once a condition holds: a runner may block the thread that starts it."""

        def wait() -> None:
            deadline = time.monotonic() + PATIENCE_S
            while not when() and time.monotonic() < deadline:
                threading.Event().wait(0.002)
            action()

        thread = threading.Thread(target=wait)
        thread.start()
        return thread

    def events_of(self, index: int) -> list[TaskEvent]:
        """The events of one task, in the order in which they came."""
        run = self.session.run
        assert run is not None
        return [event for event in self.events if event.number == run.recorder.first + index]


def case(name: str, entry: Entry) -> ParameterSet:
    """A runner; where it starts an interpreter for each task, here hundreds, the long run tries it."""
    there = pytest.mark.skipif(bool(entry.missing), reason=f"{name} {entry.missing}")
    return pytest.param(name, marks=[there, pytest.mark.long] if entry.traits.start_s > 0.05 else there)


_warm: set[str] = set()


def warm_up(runner: str) -> None:
    """Let a runner start what it keeps for the whole program: the first test that wants it may wait longer for that."""
    if runner not in _warm:
        _warm.add(runner)
        first = Harness(runner)
        run = first.start("steps", tasks=1)
        assert first.until(lambda: run.ended is not None, 60), "what is kept did not begin"
        assert first.until(lambda: first.session.close(0))


@contextmanager
def harness_on(param: str, kind: type[H]) -> Iterator[H]:
    """A harness on a runner, given as "name" or "name module"; skips the test where that cannot run primes."""
    name, *module = param.split()
    place, primes = lookup.entry("runners", name), lookup.entry("workloads", "primes")
    assert place is not None
    assert primes is not None
    if why_not := compatibility.refusal(place, primes, {}):
        pytest.skip(why_not)
    if "TELLS" in place.constants:
        warm_up(name)
    made = kind(name, *module)
    yield made
    assert made.until(lambda: made.session.close(0)), "its threads did not end"
