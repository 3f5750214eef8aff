"""What the runners of remote workers share: tasks in flight, a link server, and a thread that manages the workers."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, ClassVar

from ..utils.errors import BadInput, limit_of
from .errors import failure
from .in_flight import InFlight
from .link_server import LinkServer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..engine.task import Control, Emit, Task
    from .link import Link


class RemoteRunner:
    """Sees to it that all tasks come to their ends, whatever becomes of the remote workers.

    Attributes:
        place: what a remote worker is called; with {} for its number, where there are several, and {host} for the name
            of its machine.
        host: where remote workers call: see `LinkServer.listen`. None: the runner says it by that, when it knows.
    """

    place: ClassVar[str]
    host: ClassVar[str | None] = ""

    def start(self, tasks: Iterator[Task], workers: int, emit: Emit, control: Control) -> None:
        """Start the thread that manages the remote workers; returns at once."""
        self._workers, self._control = workers, control
        self._in_flight = InFlight(tasks, emit, control)
        self._link_server = LinkServer(
            self._in_flight, control, self.place, self._hear, lost=self._lose, host=self.host
        )
        self._thread = threading.Thread(target=self._manage, name="remote workers", daemon=True)
        self._thread.start()

    @property
    def standing(self) -> list[str]:
        """Where tasks stood when that was asked, as far as remote workers have told."""
        return self._link_server.standing

    def ask_standing(self) -> None:
        """Ask the remote workers where their tasks stand; returns at once."""
        self._link_server.asks = True

    def _hear(self) -> None:
        """A remote worker is ready, or tasks ended there; called in its link's thread."""

    def _lose(self, link: Link) -> None:
        """A remote worker went by itself; called in its link's thread. A pool sees to that by other means."""

    def _manage(self) -> None:
        """Runs in the manager thread, from the start to the end of the last remote worker."""
        try:
            with self._link_server:
                problem = self._keep()
            self._in_flight.fail_rest(problem)
        except BadInput as sentence:
            self._in_flight.fail_rest(str(sentence))
        except Exception as error:
            # No process or interpreter could be made, say: all tasks come to their ends even so.
            self._in_flight.fail_rest(limit_of(error) or failure(error))

    def _keep(self) -> str:
        """Run all tasks; returns why those that are left cannot be run."""
        raise NotImplementedError

    def close(self, timeout: float) -> bool:
        """Wait for the remote workers, at most `timeout` seconds; a process that heeds no cancel is killed soon."""
        self._control.cancel()
        self._thread.join(timeout)
        return not self._thread.is_alive()
