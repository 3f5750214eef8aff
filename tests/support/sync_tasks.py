"""Functions as tasks of one run, each in a thread of its own, that share what `workers.sync` has."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from workers.engine.task import Control, Phase
from workers.sync.pace import PACE
from workers.sync.waits import Waits

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from workers.sync.pace import Pace

PATIENCE_S = 20.0


class Tasks:
    """One run.

    Attributes:
        told: what each task told, by its index: pairs of a phase and its detail.
    """

    def __init__(self, tasks: int = 0, places: int = 0, pace: Pace = PACE, stuck_s: float = 0.0) -> None:
        """Make it.

        Args:
            tasks: how many it has; 0: those that are begun together.
            places: how many threads there are for them; 0: enough.
            pace: how these wait.
            stuck_s: how long somebody has to be stuck before it is told so; at once, for a rule that is right needs no
                time to think.
        """
        self.control = Control()
        self.waits = Waits(self.control, 0, tasks, places or 1_000, pace=pace)
        self.waits.judge.stuck_s = stuck_s
        self.told: dict[int, list[tuple[Phase, Any]]] = {}
        self._began = 0

    def made(self, make: Callable[[], Any]) -> Any:
        """What the tasks share, made as for a run."""
        return self.waits.shared(make, {})

    def steps(self, function: Callable[[], Any]) -> Generator[float, None, Any]:
        """A task that makes one call in its first step."""
        number = self._began
        self._began += 1
        told = self.told[number] = []

        def work(shared: None) -> Generator[float, None, Any]:
            result = function()
            yield 1
            return result

        def tell(phase: int, detail: Any, moment: float) -> None:
            told.append((Phase(phase), detail))

        return self.waits.follow(number, "task", tell, work, _nothing, {})

    def start(self, *functions: Callable[[], Any]) -> list[Started]:
        """Begin tasks, each in a thread."""
        self.waits._tasks = max(self.waits._tasks, self._began + len(functions))
        started = [Started(self.steps(function)) for function in functions]
        for one in started:
            one.start()
        return started

    def run(self, *functions: Callable[[], Any]) -> list[Any]:
        """Run tasks to their ends; returns their results, and of those that failed the errors."""
        return [one.end() for one in self.start(*functions)]

    def deadlocks(self) -> list[str]:
        """What was said of those who were stuck."""
        return [
            name
            for told in self.told.values()
            for phase, rows in told
            if phase is Phase.PROGRESS
            for kind, name, _, _ in rows
            if kind == "deadlock"
        ]


def _nothing() -> None:
    return None


class Started(threading.Thread):
    """A task in its thread."""

    def __init__(self, steps: Generator[float, None, Any]) -> None:
        super().__init__()
        self._steps, self._end = steps, None

    def run(self) -> None:
        try:
            while True:
                next(self._steps)
        except StopIteration as end:
            self._end = end.value
        except BaseException as error:
            self._end = error  # type: ignore[assignment]  # either is what came of it

    def end(self) -> Any:
        """Wait for the end; returns the result, or the error."""
        self.join(PATIENCE_S)
        assert not self.is_alive(), "it hangs"
        return self._end


def until(condition: Callable[[], bool]) -> None:
    """Wait until something is so, in whatever thread makes it so."""
    tick = threading.Event()
    for _ in range(int(PATIENCE_S / 0.001)):
        if condition():
            return
        tick.wait(0.001)
    raise AssertionError("it never came")
