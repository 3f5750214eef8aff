"""Downloads pictures: almost all of the time is waiting, and waiting threads cost nothing, so more of them are faster.

Each picture is read with requests over the thread's own session, written to a part file that gets its name only when it
is whole, then decoded and scaled for the gallery in the same thread. What breaks off is tried again, from where it was
if the server allows that. A cancel ends it at once, also while the server says nothing. The async form reads with
aiohttp in its event loop, and leaves files and thumbnails to a thread.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from ..downloads import planning
from ..downloads.order import Order, Saved
from ..downloads.shared import Shared
from ..downloads.transfer import HELD_BYTES
from ..engine.task import Control, Result
from ..transport.client import Clients
from ..transport.errors import TransientError
from ..utils.errors import ThawError
from ..utils.folder_files import whole

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Generator

    from ..utils.picture import Picture

TITLE = "Picture downloads"
ORDER = 0
UNIT = "bytes"
TASKS = 28
REQUIRES = ("requests", "PIL")
ASYNC_REQUIRES = "aiohttp"
PICTURES = True
GIL = "between"
FILES = 3
BENCHMARKED = 3
SERVED_UNLESS = "urls"
TASKS_ARE = {"queue": "One for each address that is left", "urls": "One for each address"}
PARAMETERS = "..downloads.order:Order"
LABELS = {
    "urls": "List of addresses",
    "per_host": "Downloads per host",
    "limit": "Speed limit (bytes/s)",
    "limit_each": "Speed limit of each (bytes/s)",
    "headers": "Headers",
    "ca_file": "CA file",
    "connect_s": "Connect timeout (s)",
    "stall_s": "Read timeout (s)",
    "total_s": "Total timeout (s)",
    "tries": "Attempts",
    "max_mib": "Max size (MiB)",
    "max_megapixels": "Max megapixels",
}
RENAMED = {"most_mib": "max_mib", "most_megapixels": "max_megapixels"}

SECONDS_A_PICTURE = 0.16
"""From Thaw's own server as it is set at first."""

# One session for each thread, places at hosts, open queues: kept between tasks and closed by `close`. They are the one
# thing here that outlives a task.
_clients = Clients()
_shared = Shared()


def download(control: Control, **order: Any) -> Generator[int, None, Picture | Saved]:
    """Download one picture; the result is its thumbnail.

    Args:
        control: the run's, whose cancel ends the reading.
        order: the fields of an `Order`.

    Yields:
        How many bytes came since the last yield.

    Raises:
        DownloadError: it failed, with a sentence for people.
    """
    transfer = _shared.transfer(Order(**order))
    with (
        _clients.lend(transfer.deadlines, control.away) as client,
        transfer,
        control.on_cancel(client.wire.abort),
    ):
        return (yield from transfer.steps(client.read, client.rest, control.away, control.scheduler.leave))


async def download_async(**order: Any) -> AsyncGenerator[Any, None]:
    """The same in an event loop: nothing here blocks it, for files, queues and pictures are left to a thread."""
    import asyncio  # loaded where this runs; elsewhere its 30 ms, and the 140 ms of aiohttp, are better not spent

    from ..transport.async_client import client_of_loop

    transfer = _shared.transfer(Order(**order))
    try:
        yield 0
        while True:
            try:
                # It may have a part; else that has time until something is to be in it.
                if transfer.order.queue:
                    await _in_a_thread(transfer.open)
                async with contextlib.aclosing(client_of_loop().read(transfer)) as chunks:
                    async for chunk in chunks:
                        new = transfer.took(chunk)
                        if transfer.held_size > HELD_BYTES:
                            await _in_a_thread(transfer.write)
                        yield new
                transfer.ended()
                while transfer.has_to_hash:
                    await _in_a_thread(transfer.hash_some)
                    yield 0
                picture = await _in_a_thread(transfer.finish)
                break
            except (TransientError, OSError, RuntimeError, MemoryError) as error:
                wait_s = transfer.wait_s(error)
            await asyncio.sleep(wait_s)
            transfer.end += wait_s
    except BaseException as error:
        if (told := await _in_a_thread(transfer.leave, error)) is not None:
            raise told from None  # as in `Transfer.__exit__`
        raise
    yield Result(picture)


async def _in_a_thread(function: Callable[..., Any], *arguments: Any) -> Any:
    """Like asyncio.to_thread, but a cancel waits for the thread: it must not write what was cleaned up already."""
    import asyncio

    from ..engine.drive_async import in_a_thread

    running = asyncio.ensure_future(in_a_thread(None, function, *arguments))
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
    limit: str = "",
    limit_each: str = "",
    headers: str = "",
    ca_file: str = "",
    retry_failed: bool = False,
) -> list[dict[str, Any]]:
    """Choose addresses and names.

    Args:
        tasks: how many pictures; of a list no more than that, of a queue all.
        seed: chooses among the pictures of Thaw's own server.
        server: returns that server's address.
        urls: a file with web addresses anywhere in its text; empty: Thaw's own image server
        folder: where the pictures go; empty: a temporary folder that goes when Thaw ends
        queue: a file that keeps what is to be downloaded over restarts: all that is unfinished in it is downloaded
        per_host: downloads at once from one host; 0: 8 in the network, any number on this machine (0 to 256)
        limit: bytes a second for all downloads together, such as 500k or 2M; empty: no limit
        limit_each: bytes a second for each download, such as 500k or 2M; empty: no limit
        headers: lines `Name: value` that every request says, or @FILE with such lines; empty: none
        ca_file: certificates in PEM of the authorities that servers are verified against; empty: the usual ones
        retry_failed: try again what failed in the queue before

    Raises:
        BadInput: the file or the folder is unusable, with a sentence for people.
    """
    more = planning.asked_of_all(limit, limit_each, headers, ca_file)
    if (queue or urls) and not ca_file and (named := planning.authorities()):
        more["ca_file"] = named
    rows: list[dict[str, Any]]
    if queue:
        rows = planning.queued_pictures(_shared.queue(whole(queue)), urls, folder, per_host, retry_failed)
    elif urls:
        rows = planning.listed_pictures(tasks, urls, folder, per_host)
    else:
        rows = planning.own_pictures(tasks, seed, server(), folder)
    if more:
        for row in rows:
            row |= more
    return rows


def leave() -> None:
    """Remove the temporary folder; for an end of the program that runs no exit handlers."""
    planning.leave()


def seconds() -> float:
    """About how long one task takes on the GUI thread, in seconds."""
    return SECONDS_A_PICTURE


def count(*, urls: str = "", queue: str = "") -> int:
    """About how many tasks a list or a queue makes, as far as that is known before the run; no pipe is read."""
    with contextlib.suppress(ThawError, OSError):  # which the run itself will tell
        if queue:
            return _shared.queue(whole(queue)).counts().unfinished
        return planning.count(urls)
    return TASKS


def close() -> None:
    """Close the sessions and queues of all threads; the next task opens them again."""
    _clients.close()
    _shared.close()


async def close_async() -> None:
    """Close the session of the running event loop."""
    from ..transport.async_client import close_client

    await close_client()
