"""A connection to a broker: what lies in its queue, and who answers there to Celery's control commands.

These reach all workers at once, also those that are busy.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from kombu.messaging import Producer
from kombu.pidbox import Mailbox

from ..transport.redaction import secrets_of, without_secrets
from ..utils.errors import BadInput
from .address import ANSWER_S, NO_ANSWER_S
from .app import app

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .address import Broker


class _Once(Producer):
    """Sends or fails: kombu's own mailbox wants it to try again for ever, also to reach a broker that has gone."""

    def publish(self, *arguments: Any, retry: bool = False, **more: Any) -> Any:
        return super().publish(*arguments, **more)


class _Control(Mailbox):
    """Control commands, by one connection: those of `app.control` go to the broker that the environment may name."""

    @contextmanager
    def producer_or_acquire(self, producer: Any = None, channel: Any = None) -> Iterator[Any]:
        yield _Once(channel, auto_declare=False)


class Queue:
    """A connection to a broker, for one thread.

    Attributes:
        connection: kombu's own.
    """

    def __init__(self, broker: Broker, connection: Any) -> None:
        self.broker, self.connection = broker, connection
        self._control = _Control(app.conf.control_exchange, "fanout", connection, accept=["json"])

    def ask(self, command: str, limit: int | None = None, **arguments: Any) -> dict[str, Any]:
        """What the workers that have Thaw's app answer to a control command, by their names.

        Args:
            command: as in `celery inspect`.
            limit: how many answers are enough; None: all that come within ANSWER_S.
            arguments: the command's.
        """
        answers = self._control.multi_call(command, arguments, ANSWER_S, limit)
        return {name: said for answer in answers for name, said in answer.items()}

    def tell(self, command: str, **arguments: Any) -> None:
        """Give all workers a control command."""
        self._control.abcast(command, arguments)

    def empty(self) -> None:
        """Take all tasks out of the queue, those of others too."""
        app.amqp.queues[app.conf.task_default_queue](self.connection.default_channel).purge()

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
