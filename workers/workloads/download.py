"""Downloads pictures: almost all of the time is waiting, and waiting threads cost nothing, so more of them are faster.

Each picture is read with requests over the thread's own session, written to a part file that gets its name only when it
is whole, then decoded and scaled for the gallery in the same thread. What breaks off is tried again, from where it was
if the server allows that. A cancel ends it at once, also while the server says nothing. The async form reads with
aiohttp in its event loop, and leaves files and thumbnails to a thread.
"""

from __future__ import annotations

import contextlib
import os
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ..downloads import planning
from ..downloads.order import Order
from ..downloads.transfer import Shared
from ..engine.task import Result
from ..transport.client import Clients
from ..transport.errors import TransientError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Generator

    from ..downloads.order import Saved
    from ..engine.task import Control
    from ..transport.async_client import AsyncClients
    from ..utils.picture import Picture

TITLE = "Picture downloads"
ORDER = 0
UNIT = "bytes"
TASKS = 28
REQUIRES = ("requests", "PIL")
ASYNC_REQUIRES = "aiohttp"
PICTURES = True
GIL = "between"

SECONDS_A_PICTURE = 0.16
"""From Thaw's own server as it is set at first."""

# One session for each thread, places at hosts, open queues: kept between tasks and closed by `close`. They are the one
# thing here that outlives a task.
_clients = Clients()
_shared = Shared()


def download(
    url: str,
    name: str,
    into: str,
    control: Control,
    queue: str = "",
    item: int = 0,
    sha256: str = "",
    keep_name: bool = False,
    per_host: int = 0,
    gate: str = "",
    *,
    connect_s: float = 5.0,
    stall_s: float = 10.0,
    total_s: float = 60.0,
    tries: int = 4,
    most_mib: int = 100,
    most_megapixels: int = 80,
    only_pictures: bool = True,
) -> Generator[int, None, Picture | Saved]:
    """Download one picture; the result is its thumbnail.

    Args:
        url: the picture's address.
        name: its file's name, unless the server knows a better one; it gets the ending that its contents want.
        into: the folder for it. Nothing there is overwritten: where the name is taken it gets a number.
        control: the run's, whose cancel ends the reading.
        queue: the file of the queue that it is of; empty where it is of none.
        item: its number in the queue.
        sha256: what the hash of its contents must be, in hexadecimal digits; empty where nobody knows.
        keep_name: whether the name is kept whatever the server says.
        per_host: how many downloads may be going on from its host at once; 0 is 8 in the network, any on this machine
        gate: the folder in which the run's processes lock their places at hosts; empty where there is one process.
        connect_s: seconds to wait for a connection (0.1 to 600)
        stall_s: seconds to wait while the server sends nothing (0.1 to 600)
        total_s: seconds that the whole of one picture may take, without waiting for another try (0.1 to 3,600)
        tries: how often one is tried where the connection or the server fails (1 to 20)
        most_mib: a larger file is refused, in MiB (1 to 1,000,000)
        most_megapixels: a larger picture is refused, in millions of pixels (1 to 1,000)
        only_pictures: check that each is a whole picture, and show it; off: any file is kept as it comes

    Yields:
        How many bytes came since the last yield.

    Raises:
        DownloadError: it failed, with a sentence for people.
    """
    order = Order(
        *(url, name, into, queue, item, sha256, keep_name, per_host, gate),
        *(connect_s, stall_s, total_s, tries, most_mib, most_megapixels, only_pictures),
    )
    transfer = _shared.transfer(order)
    with _clients.lend(order.deadlines, control.away) as client, transfer, control.on_cancel(client.abort):
        yield 0
        while True:
            try:
                transfer.open()
                with contextlib.closing(client.read(transfer)) as chunks:
                    for chunk in chunks:
                        new = transfer.took(chunk)
                        transfer.write()
                        yield new
                transfer.ended()
                while transfer.has_to_hash:
                    with control.away():
                        transfer.hash_some()
                    yield 0
                with control.away():  # it decodes the picture, in C
                    return transfer.finish()
            except TransientError as failure:
                wait_s = transfer.wait_s(failure)
            for _ in client.rest(wait_s):
                yield 0


async def download_async(url: str, name: str, into: str, **options: Any) -> AsyncGenerator[Any, None]:
    """The same in an event loop: nothing here blocks it, for files, queues and pictures are left to a thread."""
    import asyncio  # loaded where this runs; elsewhere its 30 ms are better not spent

    order = Order(url, name, into, **options)
    transfer = _shared.transfer(order)
    try:
        yield 0
        while True:
            try:
                if order.queue:  # which may have a part of it; else the part has time until there is something in it
                    await _in_a_thread(transfer.open)
                async with contextlib.aclosing(_async_clients().mine().read(transfer)) as chunks:
                    async for chunk in chunks:
                        new = transfer.took(chunk)
                        if transfer.is_full:
                            await _in_a_thread(transfer.write)
                        yield new
                transfer.ended()
                while transfer.has_to_hash:
                    await _in_a_thread(transfer.hash_some)
                    yield 0
                picture = await _in_a_thread(transfer.finish)
                break
            except TransientError as failure:
                wait_s = transfer.wait_s(failure)
            await asyncio.sleep(wait_s)
            transfer.end += wait_s
    except BaseException as error:
        if (told := await _in_a_thread(transfer.leave, error)) is not None:
            raise told from error
        raise
    yield Result(picture)


async def _in_a_thread(function: Callable[..., Any], *arguments: Any) -> Any:
    """Like asyncio.to_thread, but a cancel waits for the thread: it must not write what was cleaned up already."""
    import asyncio

    running = asyncio.get_running_loop().run_in_executor(None, function, *arguments)
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        await asyncio.wait([running])
        raise


def plan(
    tasks: int,
    seed: int,
    server: Callable[[], str],
    *,
    urls: str = "",
    folder: str = "",
    queue: str = "",
    per_host: int = 0,
) -> list[dict[str, Any]]:
    """Choose addresses and names.

    Args:
        tasks: how many pictures.
        seed: chooses among the pictures of Thaw's own server.
        server: returns that server's address.
        urls: a file with web addresses anywhere in its text; empty: Thaw's own image server
        folder: where the pictures go; empty: a temporary folder that goes when Thaw ends
        queue: a file that keeps what is to be downloaded over restarts: all that is unfinished in it is downloaded
        per_host: downloads at once from one host; 0: 8 in the network, any number on this machine (0 to 256)

    Raises:
        BadInput: the file or the folder is unusable, with a sentence for people.
    """
    if queue:
        path = os.path.abspath(os.path.expanduser(queue))
        return planning.queued_pictures(_shared.queue(path), urls, folder, per_host)
    if urls:
        return planning.listed_pictures(tasks, urls, folder, per_host)
    return planning.own_pictures(tasks, seed, server(), folder)


def leave() -> None:
    """Remove the temporary folder; for an end of the program that runs no exit handlers."""
    planning.leave()


def seconds() -> float:
    """About how long one task takes on the GUI thread, in seconds."""
    return SECONDS_A_PICTURE


def close() -> None:
    """Close the sessions and queues of all threads; the next task opens them again."""
    _clients.close()
    _shared.close()


@lru_cache(maxsize=1)
def _async_clients() -> AsyncClients:
    """One session for each event loop. Made when it is wanted: to import aiohttp takes 140 ms."""
    from ..transport.async_client import AsyncClients

    return AsyncClients()


async def close_async() -> None:
    """Close the session of the running event loop."""
    await _async_clients().close()
