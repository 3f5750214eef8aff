"""threading.Thread, one line at a time: real threads in an order that a seed chooses, the same each time."""

from __future__ import annotations

import threading
import time
from functools import partial
from typing import TYPE_CHECKING

from ..engine.task import drive
from ..stepping.orders import Listed, Seeded, order_of
from ..stepping.stepper import Stepper
from ..stepping.world import Loader

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..engine.task import Control, Emit, Task
    from ..stepping.stand_ins.stepped import Stepped

TITLE = "Threads, step by step"
SHORT = "stepped"
WHEN = (
    "To see what goes wrong between threads, and every time: the same schedule makes the same order. For little work: "
    "only one thread runs at a time, and each line takes a few µs more."
)
ORDER = 35
KIND = "threads, step by step"
PLACE = "in threads, step by step"
GIL = "shared"
ADVISE = 0
NOT_MEASURED = "It takes as long as you make it: threads run line by line there."
TAKES_ORDER = True
COLOR = "#2e3f8f"
MARKER = "◈"


class SteppedRunner:
    """A thread for each place, which runs a task after the other; all of them stop before each line of the file.

    Only functions of the work's own file are stepped, helpers too, and no library. A thread that waits for something of
    `workers.sync` is never chosen, and where nobody can go on the order's own time passes. In a person's file, and in
    labs, `threading`, `queue` and `time` are of that kind as well.
    """

    def __init__(
        self, *, schedule: int = 1, opcodes: bool = False, naps: bool = True, rounds: int = 0, order: str = ""
    ) -> None:
        """Take the order.

        Args:
            schedule: which order, a number (1 to 1,000,000,000)
            opcodes: stop within lines too, before each instruction: what the language allows, not what this Python does
            naps: a sleep lasts as long as the others have something to do; else it may be over at once
            rounds: of a range() of over 100 so many numbers are left, for short orders; 0 leaves all (0 to 100)
            order: this one in place of a schedule, such as 1x12 2x5: a thread, how many steps it makes; then one by one

        Raises:
            BadInput: the order is none.
        """
        self._opcodes, self._naps, self._rounds = opcodes, naps, rounds
        self._choose = Listed(order_of(order)) if order.strip() else Seeded(schedule)

    def start(self, tasks: Iterator[Task], workers: int, emit: Emit, control: Control) -> None:
        """Start the threads; returns at once."""
        self._tasks, self._emit, self._control = tasks, emit, control
        loader = control.load = Loader(control, self._rounds)
        self._stepper = Stepper(
            self._choose,
            loader.files,
            opcodes=self._opcodes,
            naps=self._naps,
            is_cancelled=lambda: control.cancelled,
        )
        control.crew = control.crew._replace(places=workers, pace=self._stepper)
        self._threads: list[threading.Thread] = []
        for number in range(1, workers + 1):
            # Here, and not by whose turn it is: the first has the first task in each order.
            task = next(tasks, None)
            if task is None:
                break
            one = self._stepper.add(f"thread {number}")
            work = partial(self._work, one, task)
            self._threads.append(threading.Thread(target=self._stepper.carry_out, args=(one, work)))
        for thread in self._threads:
            thread.start()
        if self._threads:
            self._stepper.begin()

    def _work(self, one: Stepped, first: Task) -> None:
        task: Task | None = first
        while task is not None:
            for is_paused in drive(task, self._emit, self._control, one.name):
                if is_paused:  # the others go on meanwhile
                    self._stepper.leave(one)
                    self._control.wait_while_paused(task.number)
                    self._stepper.come_back(one)
            task = next(self._tasks, None)

    def close(self, timeout: float) -> bool:
        """Wait for the threads, at most `timeout` seconds in all: each ends at its task's next yield, or soon."""
        self._control.cancel()
        ends = time.perf_counter() + timeout
        for thread in self._threads:
            thread.join(max(0.0, ends - time.perf_counter()))
        return not any(thread.is_alive() for thread in self._threads)
