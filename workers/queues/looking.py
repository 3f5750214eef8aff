"""Who answers at a broker: asked before a run by the form and the command line, and in a run once a second.

A broker says nothing by itself: neither that it has gone, nor that no worker takes from its queue. So a run has a
thread that asks, by Celery's control commands: these reach all workers at once, also those that are busy.
"""

from __future__ import annotations

import logging
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from kombu.pidbox import Mailbox

from ..transport.redaction import secrets_of, without_secrets
from ..utils.errors import BadInput
from .address import ANSWER_S, parse
from .app import app

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ..catalog.entry import Entry
    from .address import Broker

LOOK_S = 1.0
"""How often a run asks."""

NO_ANSWER_S = 2.0
"""When no worker has answered for so long, there is none."""


class Queue:
    """A connection to a broker, for one thread.

    Attributes:
        connection: kombu's own.
    """

    def __init__(self, broker: Broker, connection: Any) -> None:
        self.broker, self.connection = broker, connection
        # That of `app.control` would take its own connections, to a broker that the environment may name.
        self._mailbox = Mailbox(app.conf.control_exchange, "fanout", connection, accept=["json"])

    def ask(self, command: str, limit: int | None = None, **arguments: Any) -> dict[str, Any]:
        """What the workers that have Thaw's app answer to a control command, by their names.

        Args:
            command: as in `celery inspect`.
            limit: how many answers are enough; None: all that come within ANSWER_S.
            arguments: the command's.
        """
        answers = self._mailbox.multi_call(command, arguments, ANSWER_S, limit)
        return {name: said for answer in answers for name, said in answer.items()}

    def tell(self, command: str, **arguments: Any) -> None:
        """Give all workers a control command."""
        self._mailbox.abcast(command, arguments)

    @property
    def nobody(self) -> str:
        """That no worker answers, and what to do."""
        return (
            f"No worker has answered at {self.broker.shown} within {NO_ANSWER_S:g} s. Start one on a machine that has "
            f"Thaw: {self.broker.line}"
        )

    @property
    def length(self) -> int:
        """How many tasks nobody has taken."""
        queue = app.amqp.queues[app.conf.task_default_queue]
        return int(queue(self.connection.default_channel).queue_declare().message_count)


@contextmanager
def opened(broker: Broker) -> Iterator[Queue]:
    """Connect to a broker, for the length of this block.

    Raises:
        BadInput: it does not answer, or not any more; with a sentence.
    """
    connection = app.connection_for_write(
        broker.url, transport_options=dict(broker.options), connect_timeout=ANSWER_S, heartbeat=0
    )
    try:
        connection.connect()
        yield Queue(broker, connection)
    except (OSError, *connection.connection_errors, *connection.channel_errors) as error:
        said = without_secrets(str(error), secrets_of(broker.url)).strip().rstrip(".")
        raise BadInput(f"No broker answers at {broker.shown}: {said or type(error).__name__}.") from None
    finally:
        _close(connection)


def _close(connection: Any) -> None:
    """Close a connection, whatever its broker does by now."""
    try:
        connection.release()
    except Exception:
        logging.getLogger("kombu").debug("not closed", exc_info=True)


def refusal(workload: Entry, params: Mapping[str, Any]) -> str:
    """Why work cannot run by the broker that `params` name; empty where it can. Takes two seconds at most."""
    written = str(params.get("broker", ""))
    if not written.strip():
        return ""
    try:
        broker = parse(written)
        with opened(broker) as queue:
            until = time.monotonic() + NO_ANSWER_S
            while time.monotonic() < until:
                if queue.ask("ping", 1):
                    return ""
        return queue.nobody
    except BadInput as sentence:
        return str(sentence)


class Watch:
    """A thread that asks, for the length of a run; a context manager.

    Attributes:
        gone: that the broker does not answer any more, as a sentence; empty while it does.
        silent: whether no worker has answered for NO_ANSWER_S.
        has_answered: whether any ever did.
        vanished: the ids of tasks that are neither in the queue nor with any worker: who took them has gone.
    """

    def __init__(
        self, broker: Broker, waiting: Callable[[], list[str]], changed: Callable[[], object]
    ) -> None:
        """Begin to ask.

        Args:
            broker: whom.
            waiting: the ids of tasks that nobody has begun, though they were sent a while ago.
            changed: called in the thread when there is something new.
        """
        self._broker, self._waiting, self._changed = broker, waiting, changed
        self._over = threading.Event()
        self.gone = ""
        self.silent = self.has_answered = False
        self.vanished: set[str] = set()
        self._thread = threading.Thread(target=self._run, name="broker watch", daemon=True)
        self._thread.start()

    def __enter__(self) -> Watch:
        return self

    def __exit__(self, *error: object) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        """Runs in the thread."""
        try:
            with opened(self._broker) as queue:
                self._ask(queue)
        except BadInput as sentence:
            self.gone = str(sentence)
        self._changed()

    def _ask(self, queue: Queue) -> None:
        answered = time.monotonic()
        missing: set[str] = set()
        while not self._over.is_set():
            begun = time.monotonic()
            if queue.ask("ping", 1):
                answered = time.monotonic()
                self.silent, self.has_answered = False, True
                self._changed()
            elif time.monotonic() - answered >= NO_ANSWER_S:
                self.silent = True
                self._changed()
            ids = self._waiting()
            if ids and not self.silent:
                # Twice: one that was on its way just now is none.
                missing, before = self._missing(queue, ids), missing
                self.vanished |= missing & before
            self._over.wait(begun + LOOK_S - time.monotonic())

    def _missing(self, queue: Queue, ids: list[str]) -> set[str]:
        if queue.length:
            return set()  # they wait for a worker that is free
        found = queue.ask("query_task", ids=ids)
        return set(ids).difference(*found.values())
