"""The worker's end of messages that go by Dask's own means: up as events of a topic, down by calls out of band.

So the scheduler's port is all that has to be open, and TLS is around everything where the cluster has that. Runs in the
process of a worker of Dask; `post` is the other end, and says what bounds it.
"""

from __future__ import annotations

import os
import pickle
import sys
import threading
import time
from collections import deque
from typing import Any

from ..engine.task import Phase
from ..remote.worker import run_here
from ..user_code.loading import forget

WINDOW = 256 * 1024
"""So many bytes may be on their way to the program before it has said that it took any."""

LARGE = 16 * 1024
"""What is longer goes in parts, or as the result of the errand that it ends: a scheduler keeps the last events."""

BEAT_S, SILENT_S = 5.0, 60.0
"""How often the program says something at least; and after how long without a word it has gone, whatever ended it."""

_PATH = tuple(sys.path)
"""Where the worker itself looks."""

_posts: dict[bytes, WorkerPost] = {}
_errand = threading.local()


class WorkerPost:
    """A wire of `workers.remote` from a worker to the program."""

    def __init__(self, key: bytes, topic: str) -> None:
        from distributed import get_worker

        self._worker, self._key, self._topic = get_worker(), key, topic
        self._inbox: deque[bytes] = deque()
        self._changed = threading.Condition()
        self._unread = 0
        self._closed = False
        self._heard = time.monotonic()

    def send_bytes(self, message: bytes) -> None:
        """Send a message; waits while the program has read too little of those before."""
        results = getattr(_errand, "results", None)
        if len(message) > LARGE and results is not None and _ends_a_task(message):
            results.append(message)
            self._send(b"", errand=_errand.name)
            return
        for begin in range(0, len(message), LARGE):
            self._send(message[begin : begin + LARGE], more=begin + LARGE < len(message))

    def _send(self, part: bytes, **more: Any) -> None:
        with self._changed:
            while self._unread > WINDOW and not self._is_over():
                self._changed.wait(BEAT_S)
            if self._closed:
                raise EOFError
            self._unread += len(part)
            self._worker.log_event(
                self._topic, {"key": self._key, "from": self._worker.address, "part": part, **more}
            )

    def recv_bytes(self) -> bytes:
        """Wait for a message."""
        with self._changed:
            while not self._inbox and not self._closed:
                self._changed.wait()
            if not self._inbox:
                raise EOFError
            return self._inbox.popleft()

    def poll(self, timeout: float) -> bool:
        """Wait for a message, so many seconds at most; returns whether there is one, or will never be."""
        with self._changed:
            if not self._inbox and not self._closed:
                self._changed.wait(timeout)
            return bool(self._inbox) or self._is_over()

    def _is_over(self) -> bool:
        self._closed = self._closed or time.monotonic() - self._heard > SILENT_S
        return self._closed

    def close(self) -> None:
        """End it."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        _posts.pop(self._key, None)

    def take(self, messages: list[bytes], read: int) -> None:
        """What the program says, and how many bytes it has read since it said so last."""
        with self._changed:
            self._heard = time.monotonic()
            self._inbox += messages
            self._unread = max(0, self._unread - read)
            self._changed.notify_all()


def _ends_a_task(message: bytes) -> bool:
    word, *what = pickle.loads(message)
    return word == "events" and Phase(what[0][-1][1]).is_final


def arrive(path: list[str], niceness: int) -> int:
    """Before a run: look for modules where the program does, and import a person's own anew.

    Args:
        path: where the program looks, where that is on this machine.
        niceness: what this thread's is to be from now on, and so those of the threads that it starts for tasks; at
            least, for nobody can take any back. Not before: on a busy machine it would be long before it is ready.

    Returns:
        The worker's process.
    """
    sys.path[:] = [*_PATH, *(one for one in path if one not in _PATH)]
    forget()
    if hasattr(os, "nice"):
        os.nice(max(0, niceness - os.nice(0)))
    return os.getpid()


def errand(name: str, task: tuple[Any, ...], key: bytes, topic: str, host: str) -> list[bytes]:
    """Run one task on a worker; returns the messages that were too large for the topic.

    Args:
        name: the errand's key in the cluster.
        task: what to run.
        key: the run's.
        topic: what the program listens to.
        host: what this machine is called.
    """

    def reach() -> WorkerPost:
        post = _posts[key] = WorkerPost(key, topic)
        return post

    _errand.name, _errand.results = name, []
    try:
        run_here(task, key, reach, host)
        found: list[bytes] = _errand.results
        return found
    finally:
        _errand.results = None


def deliver(key: bytes, messages: list[bytes], read: int, is_end: bool) -> bool:
    """Called by the program, in the thread of the worker's event loop; returns whether anybody is there."""
    post = _posts.get(key)
    if post is None:
        return False
    post.take(messages, read)
    if is_end:
        post.close()
    return True
