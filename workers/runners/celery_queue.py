"""Celery: tasks go through a message broker to workers that anybody has started, on this machine or on others.

Each task is one message. A worker that is free takes it from the broker's queue and runs it in one of its processes;
who has sent it neither knows nor asks which. The runner sends as many as are to run at once, and the next one whenever
one ends. Celery itself would tell of a result, and of little else: all that happens to a task comes over
`workers.remote`, by a call from the process that runs it.
"""

from __future__ import annotations

import pickle
import secrets
import threading
import time
from typing import TYPE_CHECKING

from ..queues import address, here
from ..remote.errors import failure
from ..remote.messages import BATCH_S, PROTOCOL
from ..remote.runner import RemoteRunner
from ..utils.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..queues.looking import Queue, Watch
    from ..engine.task import Control, Emit, Task
    from ..remote.link import Link

TITLE = "Celery"
SHORT = "celery"
WHEN = "Work that outgrows this machine, or is to wait in a queue: tasks of 10 ms and more, on workers anywhere."
ORDER = 85
KIND = "a task queue"
PLACE = "in Celery workers"
GIL = "own"
ADVISE = 96
COLOR = "#5b7f2b"
MARKER = "▷"
REQUIRES = ("celery", "redis")
EXTRA = "queue"
REFUSES = "..queues.looking:refusal"

PATIENCE_S = 2.0
"""A task that nobody has begun for so long is looked for: who took it may have gone with it."""


class CeleryQueueRunner(RemoteRunner):
    """Sends a message for each task that is to run, and hears of it from whoever took it."""

    place = "{host}, process {}"
    host = None

    def __init__(self, *, broker: str = "") -> None:
        """Choose a broker.

        Args:
            broker: its address, such as redis://HOST:6379 or amqp://HOST, where your own workers take tasks; empty: one
                of Thaw's own on this machine, with a worker
        """
        self._wanted = broker

    def start(self, tasks: Iterator[Task], workers: int, emit: Emit, control: Control) -> None:
        self._changed = threading.Event()
        self._sent: dict[str, tuple[int, float]] = {}  # the tasks' numbers, and when that was, by Celery's ids
        super().start(tasks, workers, emit, control)
        self.processes = self._link_server.processes  # `workers.monitors.resources.Costly`, from now on

    def _hear(self) -> None:
        self._changed.set()

    def _lose(self, link: Link) -> None:
        self._in_flight.requeue_link(link.number, f"The process that ran the task on {link.host} has gone.")
        self._changed.set()

    def _keep(self) -> str:
        # Not at the top: to import Celery takes a tenth of a second, and this thread has it.
        from ..queues import looking

        broker = address.parse(self._wanted) if self._wanted.strip() else here.ready(self._workers, self._control)
        self._link_server.listen(broker.own_host)
        with looking.opened(broker) as queue, looking.Watch(broker, self._waiting, self._hear) as watch:
            try:
                while self._hand_out(queue, watch):
                    self._link_server.relay()
                    self._look(queue, watch)
                    self._changed.wait(BATCH_S)
                    self._changed.clear()
            finally:
                self._leave(queue)
        return "There is nothing left to do."

    def _hand_out(self, queue: Queue, watch: Watch) -> bool:
        """Keep as many tasks going as there are places, once a worker has answered; returns whether any are left."""
        if not watch.has_answered:
            return not self._control.cancelled
        while len(self._in_flight) < self._workers and (task := self._in_flight.next()) is not None:
            self._send(queue, task)
        return bool(self._in_flight)

    def _send(self, queue: Queue, task: Task) -> None:
        from ..queues.app import run_task

        try:
            message = pickle.dumps(tuple(task), PROTOCOL)
        except Exception as error:  # it cannot be sent anywhere
            self._in_flight.fail(task.number, failure(error))
            return
        name = f"thaw-{secrets.token_hex(8)}"
        self._sent[task.number] = name, time.monotonic()
        run_task.apply_async(
            (message, *self._link_server.call), task_id=name, connection=queue.connection, retry=False
        )

    def _waiting(self) -> list[str]:
        """The ids of tasks that nobody has taken, though they were sent a while ago."""
        now = time.monotonic()
        sent = [self._sent[number] for number in self._in_flight.waiting() if number in self._sent]
        return [name for name, moment in sent if now - moment > PATIENCE_S]

    def _look(self, queue: Queue, watch: Watch) -> None:
        """See to what has gone: a worker, all of them, the broker; and to what heeds no cancel."""
        waiting = self._in_flight.waiting()
        if watch.gone:
            raise BadInput(watch.gone)
        if watch.silent and len(waiting) == len(self._in_flight):
            raise BadInput(queue.nobody)
        for number in waiting:
            if self._sent[number][0] in watch.vanished:
                self._in_flight.lost(number, "A worker took the task, and never called back.")
        if self._control.cancelled:
            self._in_flight.cancel(unbegun=True)
            if self._link_server.deadline_passed:
                self._end_deaf(queue)

    def _end_deaf(self, queue: Queue) -> None:
        """Leave tasks that heed no cancel. In a worker of ours the process ends that runs one; others are not ours."""
        deaf = [name for number, (name, _) in self._sent.items() if number in self._in_flight]
        if queue.broker.is_ours:
            queue.tell("revoke", task_id=deaf, terminate=True, signal="SIGKILL")
        self._in_flight.cancel()

    def _leave(self, queue: Queue) -> None:
        """Take back what nobody has taken, and tell those who have to end."""
        if waiting := [self._sent[number][0] for number in self._in_flight.waiting()]:
            queue.tell("revoke", task_id=waiting)
        for link in self._link_server.links:
            if self._in_flight:
                link.say("cancel")
        self._link_server.say_close()
