"""What the tests of `workers.remote` share: tasks that are away, and what is told of them."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

from workers.engine.task import Control, Phase, Task, TaskEvent
from workers.remote.in_flight import InFlight

if TYPE_CHECKING:
    from collections.abc import Callable


class Stage:
    """Tasks that are away, and what is told of them."""

    def __init__(self, count: int = 5) -> None:
        self.told: list[TaskEvent] = []
        self.control = Control()
        self.in_flight = InFlight(
            iter([Task(number, "work", ()) for number in range(count)]), self.told.append, self.control
        )

    def take(self, *events: tuple[int, Phase, float], link: int = 1, detail: Any = None) -> bool:
        rows = [(number, int(phase), 1.0, amount, "far", detail) for number, phase, amount in events]
        return self.in_flight.take(rows, link)

    def phases(self, number: int) -> list[Phase]:
        return [event.phase for event in self.told if event.number == number]


def wait_for(condition: Callable[[], object], why: str = "") -> None:
    deadline = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < deadline, why
        threading.Event().wait(0.002)
