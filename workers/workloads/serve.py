"""Serves clients at a socket: a thread for each of them, or one event loop for all; the result tells what it costs.

A task starts a server on 127.0.0.1 and makes the clients itself, so many at a time, and a new one for each that was
served. To answer a client takes a wait of 20 ms, as for a database. With `threads` it is `socketserver`, which starts a
thread for each client: simple to write, and hundreds of threads. With `loop` it is asyncio: one thread, in which all of
them wait. The result tells connections a second, the most threads, and how much more memory the process had.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import selectors
import socket
import socketserver
import threading
import time
from typing import TYPE_CHECKING, Any, NamedTuple

from ..monitors.resources import MIB, resident_bytes
from ..utils.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from ..engine.task import Control

TITLE = "Socket server"
ORDER = 52
UNIT = "connections"
TASKS = 4
GIL = "between"
LABELS = {
    "how": "Server (threads or loop)",
    "connections": "Connections per task",
    "at_once": "Clients at once",
}

ANSWER_S = 0.02
"""How long the server waits before it answers."""

STEP_S = 0.01
"""The longest wait between two chances to cancel, in seconds."""

LOOK = 16
"""Memory is looked at with each so many connections."""

WAITS_FOR_CLIENTS = "accept_coro"
"""What a task of Windows' event loop is called that lasts as long as the server."""

QUEUE = 512
"""Clients that may wait for the server to accept them: more than there are at once."""


class _Server(socketserver.ThreadingTCPServer):
    """Its end waits for the threads that are left: they are no daemons."""

    request_queue_size = QUEUE

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.answering: set[int] = set()  # no number: two threads that count at once may lose a step


class _Answer(socketserver.StreamRequestHandler):
    """Runs in a thread of its own for each client."""

    server: _Server

    def handle(self) -> None:
        me = threading.get_ident()
        self.server.answering.add(me)
        with contextlib.suppress(OSError):  # the client has gone
            line = self.rfile.readline()
            time.sleep(ANSWER_S)
            self.wfile.write(line)
        self.server.answering.discard(me)


class Served(NamedTuple):
    """A server that runs: its address, and how many threads it has just now."""

    address: Any
    threads: Callable[[], int]


@contextlib.contextmanager
def served_by_threads() -> Iterator[Served]:
    """A server with a thread for each client."""
    with _Server() as server:
        accepting = threading.Thread(target=server.serve_forever, args=(STEP_S,), name="server")
        accepting.start()
        try:
            yield Served(server.server_address, lambda: 1 + len(server.answering))
        finally:
            server.shutdown()
            accepting.join()


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Runs in the loop, for each client."""
    try:
        line = await reader.readline()
        await asyncio.sleep(ANSWER_S)
        writer.write(line)
        await writer.drain()
    except OSError:
        pass  # the client has gone
    finally:
        writer.close()


def _others() -> set[asyncio.Task[Any]]:
    """The tasks that answer clients or have just accepted one."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    return {one for one in others if getattr(one.get_coro(), "__name__", "") != WAITS_FOR_CLIENTS}


async def _serve(listener: socket.socket, begun: Callable[[Callable[[], object]], None]) -> None:
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    server = await asyncio.start_server(_answer, sock=listener, backlog=QUEUE)
    begun(lambda: loop.call_soon_threadsafe(ended.set))
    await ended.wait()
    while others := _others():  # they end soon, for the clients have gone
        await asyncio.wait(others)
    server.close()  # not before: a server that is closed drops who was just accepted, with the socket open


@contextlib.contextmanager
def served_by_a_loop() -> Iterator[Served]:
    """A server with one event loop for all clients, in one thread."""
    with socket.create_server(("127.0.0.1", 0), backlog=QUEUE) as listener:
        address, ends = listener.getsockname(), []
        errors: list[BaseException] = []
        is_ready = threading.Event()

        def begun(end: Callable[[], object]) -> None:
            ends.append(end)
            is_ready.set()

        def run() -> None:
            try:
                asyncio.run(_serve(listener, begun))
            except BaseException as error:  # whoever waits for the server is to hear of it
                errors.append(error)
            finally:
                is_ready.set()

        looping = threading.Thread(target=run, name="server")
        looping.start()
        is_ready.wait()
        try:
            if ends:
                yield Served(address, lambda: 1)
        finally:
            for end in ends:
                end()
            looping.join()
        if errors:
            raise errors[0]


SERVERS = {"threads": served_by_threads, "loop": served_by_a_loop}


class _Clients:
    """Clients without threads of their own: all are looked after in one step.

    Attributes:
        served: how many got their answer.
    """

    def __init__(self, address: Any) -> None:
        self._address = address
        self._selector = selectors.DefaultSelector()
        self.served = 0

    def __len__(self) -> int:
        return len(self._selector.get_map())

    def come(self) -> None:
        """One more client connects, and asks."""
        client = socket.create_connection(self._address)
        self._selector.register(client, selectors.EVENT_READ)
        client.sendall(b"how late is it?\n")

    def wait(self) -> list[socket.socket]:
        """Those that have something to read, after a short wait."""
        return [
            key.fileobj for key, _ in self._selector.select(STEP_S) if isinstance(key.fileobj, socket.socket)
        ]

    def go(self, client: socket.socket) -> None:
        """A client has its answer."""
        self._selector.unregister(client)
        with client:
            if not client.recv(64):
                raise ConnectionError("The server closed the connection without an answer.")
        self.served += 1

    def close(self) -> None:
        for key in list(self._selector.get_map().values()):
            if isinstance(key.fileobj, socket.socket):
                key.fileobj.close()
        self._selector.close()


def serve(
    control: Control, how: str, *, connections: int = 1500, at_once: int = 64
) -> Generator[int, None, str]:
    """Serve clients that keep coming; the result says how many a second, and what that took.

    Args:
        control: the run's.
        how: one of SERVERS.
        connections: how many clients come to each task's server in all (1 to 1,000,000)
        at_once: how many of them at a time (1 to 500)

    Yields:
        How many clients were served since the last yield.
    """
    if connections < 1:
        raise ValueError(f"At least 1 client must come, not {connections:,}.")
    began, max_threads = time.perf_counter(), 0
    memory = max_memory = resident_bytes([os.getpid()]) or 0
    # The clients go first: what the server still does for them ends with them.
    with SERVERS[how]() as served, contextlib.closing(_Clients(served.address)) as clients:
        came = 0
        while clients.served < connections:
            while came < connections and len(clients) < at_once:
                clients.come()
                came += 1
            max_threads = max(max_threads, served.threads())
            with control.away():
                answered = clients.wait()
            for client in answered:
                clients.go(client)
                if clients.served % LOOK == 0:
                    max_memory = max(max_memory, resident_bytes([os.getpid()]) or 0)
            yield len(answered)
    speed = connections / (time.perf_counter() - began)
    more = (max_memory - memory) / MIB
    return (
        f"{speed:,.0f} connections/s, {max_threads:,} thread{'s' * (max_threads != 1)} at most, {more:+.1f} MiB"
    )


def plan(tasks: int, *, how: str = "threads") -> list[dict[str, Any]]:
    """Choose the server.

    Args:
        tasks: how many tasks; each has a server of its own.
        how: threads: a thread for each client; loop: one event loop for all

    Raises:
        BadInput: there is no such server, with a sentence for people.
    """
    if how not in SERVERS:
        raise BadInput(f"There is no server {how!r}: choose {' or '.join(SERVERS)}.")
    return [{"how": how}] * tasks


def seconds(*, connections: int = 1500, at_once: int = 64) -> float:
    """About how long one task takes on the GUI thread, in seconds."""
    return connections * max(ANSWER_S / at_once, 0.0006)
