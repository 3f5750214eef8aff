"""Downloads pictures: almost all of the time is waiting, and waiting threads cost nothing, so more of them are faster.

Each picture is read with requests over the thread's own session, written to a part file that gets its name only when it
is whole, then decoded and scaled for the gallery in the same thread. A cancel ends it at once, also while the server
says nothing. The async form reads with aiohttp in its event loop, and leaves files and thumbnails to a thread.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import re
import shutil
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workers.net.client import Clients
from workers.net.part import ENDINGS, MOST_BYTES, Part, last_part
from workers.net.wire import Deadlines
from workers.task import Result

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Generator

    from workers.net.async_client import AsyncClients
    from workers.picture import Picture
    from workers.task import Control

TITLE = "Picture downloads"
ORDER = 0
UNIT = "bytes"
TASKS = 28
REQUIRES = ("requests", "PIL")
ASYNC_REQUIRES = "aiohttp"
PICTURES = True

HELD_BYTES = 2_000_000
"""The async form writes a file of more than this bit by bit, and smaller ones at once."""

SECONDS_A_PICTURE = 0.16
"""From Thaw's own server as it is set at first."""

# One session for each thread, kept between tasks and closed by `close`: the one thing here that outlives a task.
_clients = Clients()


def download(
    url: str,
    name: str,
    into: str,
    control: Control,
    *,
    connect_s: float = 5.0,
    stall_s: float = 10.0,
    total_s: float = 60.0,
) -> Generator[int, None, Picture]:
    """Download one picture; the result is its thumbnail.

    Args:
        url: the picture's address.
        name: its file's name; it gets the ending that its contents want.
        into: the folder for it.
        control: the run's, whose cancel ends the reading.
        connect_s: seconds to wait for a connection (0.1 to 600)
        stall_s: seconds to wait while the server sends nothing (0.1 to 600)
        total_s: seconds that the whole of one picture may take (0.1 to 3,600)

    Yields:
        How many bytes came since the last yield.

    Raises:
        DownloadError: it failed, with a sentence for people.
    """
    deadlines = Deadlines.checked(connect_s, stall_s, total_s)
    client = _clients.mine()
    client.begin(deadlines)
    with Part(url, into, name) as part, control.on_cancel(client.abort):
        yield 0
        with open(part.path, "w+b") as file:
            with contextlib.closing(client.read(url, MOST_BYTES)) as chunks:
                for chunk in chunks:
                    file.write(chunk)
                    yield len(chunk)
            return part.finish(file)


async def download_async(
    url: str, name: str, into: str, *, connect_s: float = 5.0, stall_s: float = 10.0, total_s: float = 60.0
) -> AsyncGenerator[Any, None]:
    """The same in an event loop: nothing here blocks it, for files and pictures are left to a thread."""
    deadlines = Deadlines.checked(connect_s, stall_s, total_s)
    with Part(url, into, name) as part:
        yield 0
        held: list[bytes] = []
        mode, size = "w+b", 0
        async with contextlib.aclosing(_async_clients().mine().read(url, MOST_BYTES, deadlines)) as chunks:
            async for chunk in chunks:
                held.append(chunk)
                size += len(chunk)
                if size > HELD_BYTES:
                    await _in_a_thread(part.write, mode, held)
                    held, mode, size = [], "a+b", 0
                yield len(chunk)
        picture = await _in_a_thread(part.write_last, mode, held)
    yield Result(picture)


async def _in_a_thread(function: Callable[..., Any], *arguments: Any) -> Any:
    """Like asyncio.to_thread, but a cancel waits for the thread: it must not write what was cleaned up already."""
    import asyncio  # loaded where this runs; elsewhere its 30 ms are better not spent

    running = asyncio.get_running_loop().run_in_executor(None, function, *arguments)
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        await asyncio.wait([running])
        raise


def plan(tasks: int, seed: int, server: Callable[[], str], *, urls: str = "", folder: str = "") -> list[dict[str, Any]]:
    """Choose addresses and names.

    Args:
        tasks: how many pictures.
        seed: chooses among the pictures of Thaw's own server.
        server: returns that server's address.
        urls: a text file with a web address on each line; empty: Thaw's own image server
        folder: where the pictures go; empty: a temporary folder that goes when Thaw ends

    Raises:
        ValueError: the file or the folder is unusable, with a sentence for people.
    """
    into = str(_usable(Path(folder).expanduser()) if folder else _temporary_folder())
    # In a folder of the person's nothing is overwritten; the temporary one is ours.
    taken = {path.stem.lower() for path in Path(into).iterdir()} if folder else set()
    if not urls:
        base, first = server(), abs(seed) * 101 % 1_000_000
        names = (_free_name(f"picture-{index + 1:04}.jpg", taken) for index in range(tasks))
        return [
            {"url": f"{base}/pictures/{first + index}", "name": name, "into": into} for index, name in enumerate(names)
        ]
    addresses = _read_addresses(Path(urls).expanduser())
    rows: list[dict[str, Any]] = []
    for index in range(tasks):
        url = addresses[index % len(addresses)]
        rows.append({"url": url, "name": _free_name(_safe_name(url), taken), "into": into})
    return rows


def _read_addresses(path: Path) -> list[str]:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else "it is no text file"
        raise ValueError(f"The list of web addresses {path} cannot be read: {why}.") from None
    found = [line.strip() for line in lines if re.match(r"\s*https?://[^\s/]", line, re.IGNORECASE)]
    if not found:
        raise ValueError(
            f"{path} has no web address in it: there must be one on a line, such as https://example.org/a.jpg."
        )
    return found


def _usable(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()  # only trying tells whether it can be written to
    except OSError as error:
        raise ValueError(f"The pictures cannot go to {folder}: {error.strerror or error}.") from None
    return folder.resolve()


def _safe_name(url: str) -> str:
    """A file name that every system takes, from an address."""
    name = re.sub(r"[^\w.-]+", "_", last_part(url), flags=re.ASCII).strip("._")
    if re.fullmatch(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", name, re.IGNORECASE):
        name = f"_{name}"
    return name or "picture"


def _free_name(name: str, taken: set[str]) -> str:
    """The name with a number if another picture of the run has it already, whatever its ending."""
    stem, ending = os.path.splitext(name)
    if ending.lower() not in ENDINGS:
        stem, ending = name, ""
    free, number = stem, 1
    while free.lower() in taken:
        number += 1
        free = f"{stem}-{number}"
    taken.add(free.lower())
    return free + ending


@lru_cache(maxsize=1)
def _temporary_folder() -> Path:
    """A folder of this process for pictures that nobody wants to keep; made at the first call."""
    folder = Path(tempfile.mkdtemp(prefix="thaw-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def leave() -> None:
    """Remove the temporary folder; for an end of the program that runs no exit handlers."""
    if _temporary_folder.cache_info().currsize:
        shutil.rmtree(_temporary_folder(), ignore_errors=True)
        _temporary_folder.cache_clear()


def seconds() -> float:
    """About how long one task takes on the GUI thread, in seconds."""
    return SECONDS_A_PICTURE


def close() -> None:
    """Close the sessions of all threads; the next task opens one again."""
    _clients.close()


@lru_cache(maxsize=1)
def _async_clients() -> AsyncClients:
    """One session for each event loop. Made when it is wanted: to import aiohttp takes 140 ms."""
    from workers.net.async_client import AsyncClients

    return AsyncClients()


async def close_async() -> None:
    """Close the session of the running event loop."""
    await _async_clients().close()
