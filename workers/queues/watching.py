"""Watches over a broker while a run goes on.

A broker says nothing by itself: neither that it has gone, nor that no worker takes from its queue. So a run has a
thread that asks, once a second.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from ..utils.errors import BadInput
from .address import NO_ANSWER_S
from .connection import opened

if TYPE_CHECKING:
    from collections.abc import Callable

    from .address import Broker
    from .connection import Queue

LOOK_S = 1.0
"""How often it asks."""


class Watch:
    """A thread that asks, for the length of a run; a context manager.

    Attributes:
        gone: that the broker does not answer any more, as a sentence; empty while it does.
        silent: whether no worker has answered for NO_ANSWER_S.
        has_answered: whether any ever did.
        vanished: the ids of tasks that are neither in the queue nor with any worker: who took them has gone.
    """

    def __init__(self, broker: Broker, waiting: Callable[[], list[str]], changed: Callable[[], object]) -> None:
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
