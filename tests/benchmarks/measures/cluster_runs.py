"""What the scripts of `scripts/bench cluster` share: runs without a window, one after the other in one process.

So what they start on this machine is kept between them, as in the window. No Qt: the main thread takes the events.
"""

from __future__ import annotations

import time
from collections import deque
from typing import TYPE_CHECKING, Any

from tests.benchmarks.figures import Missing
from tests.support.image_site import NoServer
from workers.engine.plan import Settings
from workers.engine.session import Session
from workers.engine.task import Phase
from workers.remote.runner import RemoteRunner
from workers.utils.kept_process.process import end_all

if TYPE_CHECKING:
    from collections.abc import Callable

    from workers.engine.run import Run
    from workers.engine.task import TaskEvent

ENGINES = ("dask_cluster", "celery_queue")
PATIENCE_S = 300.0
POLL_S = 0.001


class Runs:
    """A session; closes what its runs have started at the end of a `with` block.

    Attributes:
        events: all of the run that goes on or went last.
        runner: that of the run.
    """

    runner: RemoteRunner

    def __init__(self) -> None:
        self._came: deque[TaskEvent] = deque()
        self.events: list[TaskEvent] = []
        self.session = Session(self._came.append, NoServer())

    def __enter__(self) -> Runs:
        return self

    def __exit__(self, *error: object) -> None:
        self.session.close(5.0)
        end_all()

    def start(self, runner: str, workload: str, tasks: int, workers: int, **params: Any) -> Run:
        """Begin a run. Nobody is to be polite: there is no window, and what it is compared with is not."""
        self.until(lambda: self.session.run is None or self.session.is_free)
        self.events = []
        settings = Settings.named(runner, workload, tasks, workers, tuple(params.items()), polite=False)
        run = self.session.start(settings)
        place = self.session._runner
        assert isinstance(place, RemoteRunner)
        self.runner = place
        return run

    def take(self) -> None:
        """Take the events that have come since, as the window does once a frame."""
        batch = [self._came.popleft() for _ in range(len(self._came))]
        self.events += batch
        self.session.fold(batch)
        self.session.finish()

    def until(self, condition: Callable[[], bool], patience_s: float = PATIENCE_S) -> None:
        """Take events until something is so. Raises Missing where that takes too long."""
        deadline = time.monotonic() + patience_s
        while not condition():
            if time.monotonic() > deadline:
                raise Missing(f"the run did not get there within {patience_s:.0f} s")
            time.sleep(POLL_S)
            self.take()

    def until_begun(self, tasks: int) -> None:
        """Take events until so many tasks have begun. Raises Missing where the run ends before that."""

        def is_so() -> bool:
            run = self.session.run
            if run is None or run.ended is not None:
                raise Missing(f"the run has ended already: {self.errors}")
            return len({event.number for event in self.events if event.phase is Phase.STARTED}) >= tasks

        self.until(is_so)

    @property
    def errors(self) -> list[str]:
        """What was said of tasks that failed, each sentence once."""
        return sorted({str(event.detail).strip() for event in self.events if event.phase is Phase.FAILED})

    def whole(self, runner: str, workload: str, tasks: int, workers: int, **params: Any) -> float:
        """A run to its end; returns the time from the first task's beginning to the last one's end, in seconds.

        Raises:
            Missing: not all of its tasks were done.
        """
        run = self.start(runner, workload, tasks, workers, **params)
        self.until(lambda: run.ended is not None)
        if run.recorder.done != tasks:
            raise Missing(f"{run.recorder.done} of {tasks} tasks were done on {runner}: {self.errors[:1]}")
        assert run.ended is not None
        return run.ended - min(event.time for event in self.events if event.phase is Phase.STARTED)


def centre(engine: str) -> int:
    """The process that all goes through: the scheduler, or the broker."""
    if engine == "dask_cluster":
        from workers.clusters.own import CLUSTER

        found = CLUSTER.members[0].process.pid
    else:
        from workers.queues import here

        found = here._here.server.pid if here._here.server is not None else None
    if found is None:
        raise Missing("there is no scheduler and no broker")
    return found
