"""threading.Thread: a thread for each task, started for it and joined after it."""

from __future__ import annotations

import queue
import threading
from typing import TYPE_CHECKING

from ..engine.task import drive_to_end

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..engine.task import Control, Emit, Task

TITLE = "Thread per task"
SHORT = "threads"
WHEN = "A few long tasks. Thousands of short ones spend their time starting threads; thousands at once choke on them."
ORDER = 30
KIND = "threads"
PLACE = "in a thread for each call"
GIL = "shared"
THREADS = 1
ADVISE = 50
COLOR = "#56b4e9"
MARKER = "✚"


class ThreadPerTaskRunner:
    """One thread waits for a free place, joins the thread that left it, and starts the next task's thread there.

    There are `workers` places. To start all threads at once is what this idiom is known for: a thousand of them fight
    for the GIL, and each takes memory for its stack and a connection of its own.
    """

    def start(self, tasks: Iterator[Task], workers: int, emit: Emit, control: Control) -> None:
        """Start the thread that starts the others; returns at once."""
        self._tasks, self._workers, self._emit, self._control = tasks, workers, emit, control
        self._left: queue.SimpleQueue[tuple[str, threading.Thread | None]] = queue.SimpleQueue()
        self._starter = threading.Thread(target=self._start_threads, name="starter")
        self._starter.start()

    def _start_threads(self) -> None:
        for number in range(1, self._workers + 1):
            self._left.put((f"thread {number}", None))
        for _ in iter(self._start_next, False):
            pass
        for _ in range(self._workers - 1):  # one place was free when the tasks ran out
            self._next_place()

    def _start_next(self) -> bool:
        place = self._next_place()
        task = next(self._tasks, None)
        if task is None:
            return False
        try:
            threading.Thread(target=self._work, args=(task, place), name=place).start()
        except RuntimeError:  # the system gives no more threads
            drive_to_end(task, self._emit, self._control, place)
            self._left.put((place, None))
        return True

    def _next_place(self) -> str:
        """Wait until a task has left its place, and its thread has ended."""
        place, thread = self._left.get()
        if thread is not None:
            thread.join()
        return place

    def _work(self, task: Task, place: str) -> None:
        drive_to_end(task, self._emit, self._control, place)
        self._left.put((place, threading.current_thread()))

    def close(self, timeout: float) -> bool:
        """Wait for the starter, at most `timeout` seconds: it ends when it has joined the last thread."""
        self._control.cancel()
        self._starter.join(timeout)
        return not self._starter.is_alive()
