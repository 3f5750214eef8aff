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
from ..remote.elsewhere import stays_here, where_files_are, written_to
from ..remote.errors import failure
from ..remote.messages import BATCH_S, PROTOCOL
from ..remote.runner import RemoteRunner
from ..utils.errors import BadInput
from ..utils.gil.polite import NICE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..engine.task import Control, Emit, Task
    from ..queues.address import Broker
    from ..queues.connection import Queue
    from ..queues.watching import Watch
    from ..remote.link import Link

TITLE = "Celery"
SHORT = "celery"
WHEN = (
    "Work that outgrows this machine, or waits in a queue for whoever is free: tasks of 10 ms and more. "
    "Shorter ones are sooner done here, in a pool of processes."
)
ORDER = 85
KIND = "a task queue"
PLACE = "in Celery workers"
GIL = "own"
ADVISE = 0
COLOR = "#00b200"
MARKER = "▷"
REQUIRES = ("celery", "redis")
EXTRA = "queue"
NOT_MEASURED = (
    "Its gain is on several machines: on this one alone it does what processes do, and a task costs more."
)
REFUSES = "..queues.looking:refusal"
TELLS = "..queues.looking:told"

PATIENCE_S = 2.0
"""A task that nobody has begun for so long is looked for: who took it may have gone with it."""

END_S = 0.5
"""A broker of Thaw's own that does not answer is given so long to end, before that is told."""


def preload(workload: str) -> None:
    """Import Celery before Start: it takes a tenth of a second or more."""
    from ..queues import watching as watching


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
        self._sent: dict[int, tuple[str, float]] = {}  # what Celery calls each task, and when that was sent
        self._vanished: set[int] = set()
        self._notes: list[str] = []
        self._folders: set[str] = set()  # on other machines, into which tasks write
        super().start(tasks, workers, emit, control)
        self.processes = self._link_server.processes  # `workers.monitors.resources.Costly`, from now on

    def notes(self) -> list[str]:
        """What else is to be said of the run; `workers.engine.runner.HasNotes`."""
        return [*self._notes, *where_files_are(self._folders)]

    def _hear(self) -> None:
        self._changed.set()

    def _lose(self, link: Link) -> None:
        self._in_flight.requeue_link(link.number, f"The process that ran the task on {link.host} has gone.")
        self._changed.set()

    def _keep(self) -> str:
        # Not at the top: the runner is there in the menu where Celery is not, and a start must not wait for it.
        from ..queues.connection import opened
        from ..queues.watching import Watch

        broker = address.parse(self._wanted) if self._wanted.strip() else self._own_broker()
        self._notes += filter(None, (broker.warning,))
        self._link_server.listen(broker.own_host)
        try:
            with opened(broker) as queue, Watch(broker, self._waiting, self._hear) as watch:
                try:
                    while self._send_more(queue, watch):
                        self._link_server.relay()
                        self._see_to_lost(queue, watch)
                        self._see_to_cancelled(queue)
                        self._changed.wait(BATCH_S)
                        self._changed.clear()
                finally:
                    self._leave(queue)
        except BadInput as sentence:
            raise BadInput((here.ended(END_S) if broker.is_ours else "") or str(sentence)) from None
        return "There is nothing left to do."

    def _own_broker(self) -> Broker:
        polite = self._control.scheduler.fair_lock is not None
        processes = min(self._workers, self._control.crew.tasks or self._workers)
        return here.ready(processes, NICE if polite else 0, self._control)

    def _send_more(self, queue: Queue, watch: Watch) -> bool:
        """Keep as many tasks going as there are places, once a worker has answered; returns whether any are left."""
        if not watch.has_answered:
            return not self._control.cancelled
        while len(self._in_flight) < self._workers and (task := self._in_flight.next()) is not None:
            self._send(queue, task)
        return bool(self._in_flight)

    def _send(self, queue: Queue, task: Task) -> None:
        """One task is one message: the function's name, and what to call it with in whichever process takes it."""
        from ..queues.app import run_task

        if queue.broker.is_elsewhere:
            if why_not := stays_here(task, address.ELSEWHERE):
                self._in_flight.fail(task.number, why_not)
                return
            self._folders |= {folder for folder in (written_to(task),) if folder}
        try:
            message = pickle.dumps(tuple(task), PROTOCOL)
        except Exception as error:  # whatever a person's own class raises
            self._in_flight.fail(task.number, failure(error))
            return
        name = f"thaw-{secrets.token_hex(8)}"
        self._sent = {number: one for number, one in self._sent.items() if number in self._in_flight}
        self._sent[task.number] = name, time.monotonic()
        run_task.apply_async(
            (message, *self._link_server.call), task_id=name, connection=queue.connection, retry=False
        )

    def _waiting(self) -> list[str]:
        """What Celery calls the tasks that nobody has taken, though they were sent a while ago."""
        now, sent = time.monotonic(), self._sent
        ours = [sent[number] for number in self._in_flight.waiting() if number in sent]
        return [name for name, moment in ours if now - moment > PATIENCE_S]

    def _see_to_lost(self, queue: Queue, watch: Watch) -> None:
        """Send tasks once more that were lost with a worker. Raises BadInput where nobody is left to take any."""
        waiting = self._in_flight.waiting()
        if queue.broker.is_ours and not here.has_worker():
            queue.empty()
            self._own_broker()
            for number in waiting:
                self._in_flight.lost(number, was_tried=False)
        elif not queue.broker.is_ours and watch.silent and len(waiting) == len(self._in_flight):
            raise BadInput(queue.nobody)
        if watch.gone:
            raise BadInput(watch.gone)
        for number in waiting:
            if self._sent[number][0] in watch.vanished:
                # Where others have called back, it was killed with the task in its hand.
                was_tried = number in self._vanished or not self._link_server.ready_count
                self._vanished.add(number)
                self._in_flight.lost(
                    number, "A worker took the task, and did not call back.", was_tried=was_tried
                )

    def _see_to_cancelled(self, queue: Queue) -> None:
        """End tasks that nobody has taken, and soon those that heed no cancel: in a worker of ours with its process."""
        if not self._control.cancelled:
            return
        self._in_flight.cancel(unbegun=True)
        if self._in_flight and self._link_server.deadline_passed:
            deaf = [name for number, (name, _) in self._sent.items() if number in self._in_flight]
            if queue.broker.is_ours:
                queue.tell("revoke", task_id=deaf, terminate=True, signal="SIGKILL")
            else:
                self._notes.append(
                    f"{len(deaf)} of the tasks heeded no cancel, and may still run in workers of yours."
                )
            self._in_flight.cancel()

    def _leave(self, queue: Queue) -> None:
        """Take back what nobody has taken, and let those who have called go."""
        for link in self._link_server.links:
            link.say("cancel")  # what still runs there is for nobody any more
        self._link_server.say_close()
        if names := [name for name, _ in self._sent.values()]:
            queue.tell("revoke", task_id=names)
