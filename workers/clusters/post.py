"""The program's end of messages that go by Dask's own means, for workers that cannot call the program back.

Up come events of a topic that has the client's name, so the scheduler lets go of them with the client. It keeps the
last thousand, and nobody would wait for the program there: so a worker sends no more than a window's bytes before the
program has said that it read some, and what is large comes as the result of its errand. Down goes a call out of band,
one at a time to each worker, with all there is to say.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from ..remote.shipping import SHIPPED, package
from . import worker_post

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

TRY_S, MAX_TRY_S = 0.02, 0.5
"""A worker that was handed its first errand may not have begun it: somebody else's may be before it, for how long
nobody knows. So it is asked again and again, less and less often."""


class Post:
    """A wire of `workers.remote` from the program to one worker. Its coroutine runs in the client's event loop."""

    def __init__(self, client: Any, worker: str, key: bytes) -> None:
        self._client, self._worker, self._key = client, worker, key
        self._loop = asyncio.get_running_loop()
        self._changed = threading.Condition()  # guards the next four
        self._parts: list[bytes] = []
        # Messages, each with how much of it is still to be counted as read.
        self._inbox: deque[tuple[bytes, int]] = deque()
        self._read = 0
        self._closed = False
        self._outbox: deque[bytes] = deque()
        self._wakes = asyncio.Event()
        self.delivery = asyncio.create_task(self._deliver())

    def send_bytes(self, message: bytes) -> None:
        """Send a message; returns at once."""
        if self._closed:
            raise EOFError
        self._outbox.append(message)
        self._wake()

    def recv_bytes(self) -> bytes:
        """Wait for a message."""
        with self._changed:
            while not self._inbox:
                if self._closed:
                    raise EOFError
                self._changed.wait()
            message, size = self._inbox.popleft()
            self._count(size)
        return message

    def poll(self, timeout: float) -> bool:
        """Wait for a message, so many seconds at most; returns whether there is one."""
        with self._changed:
            if not self._inbox and not self._closed:
                self._changed.wait(timeout)
            return bool(self._inbox) or self._closed

    def close(self) -> None:
        """End it; what is there can still be read."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._wake()

    def take(self, part: bytes, more: bool = False) -> None:
        """A message has come, or a part of one; `more`: and there are others."""
        with self._changed:
            self._parts.append(part)
            if more:
                self._count(len(part))
                return
            self._inbox.append((b"".join(self._parts), len(part)))
            self._parts.clear()
            self._changed.notify_all()

    def _count(self, read: int) -> None:
        self._read += read
        if self._read > worker_post.WINDOW // 2:
            self._wake()  # to say so

    def _wake(self) -> None:
        with suppress(RuntimeError):  # the loop has ended, and the run with it
            self._loop.call_soon_threadsafe(self._wakes.set)

    async def _deliver(self) -> None:
        pause_s = TRY_S
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wakes.wait(), worker_post.BEAT_S)
            self._wakes.clear()
            messages = [self._outbox.popleft() for _ in range(len(self._outbox))]
            with self._changed:
                read, self._read, is_end = self._read, 0, self._closed
            try:
                call = package().call(worker_post.deliver, self._key, messages, read, is_end)
                said = await self._client.run(SHIPPED, call, workers=[self._worker])
            except Exception:  # the worker has gone, or the scheduler
                break
            if is_end:
                return
            if said.get(self._worker) or not (messages or read):
                pause_s = TRY_S
                continue
            self._outbox.extendleft(reversed(messages))
            with self._changed:
                self._read += read
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, MAX_TRY_S)
            self._wake()
        self.close()


class PostOffice:
    """The posts of a run to all of its workers. All of it runs in the client's event loop."""

    def __init__(self, client: Any, key: bytes, result: Callable[[str], Awaitable[list[bytes]]]) -> None:
        """Begin to listen.

        Args:
            client: of the scheduler.
            key: the run's.
            result: waits for an errand's, by its name.
        """
        self._client, self._key, self._result = client, key, result
        self.topic = str(client.id)
        self._posts: dict[str, Post] = {}
        self._late: dict[str, deque[dict[str, Any]]] = {}
        self._waits: set[asyncio.Task[None]] = set()
        client.subscribe_topic(self.topic, self._receive)

    def open(self, worker: str) -> Post | None:
        """A post to a worker; None where there is one already."""
        if worker in self._posts:
            return None
        post = self._posts[worker] = Post(self._client, worker, self._key)
        return post

    def shut(self, worker: str) -> None:
        """A worker has gone."""
        if worker in self._posts:
            self._posts.pop(worker).close()

    async def close(self) -> None:
        """End all posts, and tell the workers so."""
        for post in self._posts.values():
            post.close()
        await asyncio.gather(*(post.delivery for post in self._posts.values()), *self._waits)

    def _receive(self, event: tuple[float, dict[str, Any]]) -> None:
        _, sent = event
        post = self._posts.get(sent.get("from", ""))
        if post is None or sent.get("key") != self._key:
            return
        late = self._late.get(sent["from"])
        if late is not None:
            late.append(sent)
        elif "errand" in sent:
            self._late[sent["from"]] = deque([sent])
            wait = asyncio.create_task(self._fetch(post, sent["from"]))
            self._waits.add(wait)
            wait.add_done_callback(self._waits.discard)
        else:
            post.take(sent["part"], sent.get("more", False))

    async def _fetch(self, post: Post, worker: str) -> None:
        """Pass on what is an errand's result; what came behind it waits for it."""
        late = self._late[worker]
        try:
            while late:
                sent = late.popleft()
                if "errand" not in sent:
                    post.take(sent["part"], sent.get("more", False))
                    continue
                for message in await self._result(sent["errand"]):
                    post.take(message)
        except Exception:  # it went with its worker
            post.close()
        finally:
            del self._late[worker]
