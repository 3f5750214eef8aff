"""Downloads pictures: almost all of the time is waiting, and waiting threads cost nothing, so more of them are faster.

Each picture is read with requests over the thread's own session, written to a part file that gets its name only when it
is whole, then decoded and scaled for the gallery in the same thread. A cancel ends it at once, also while the server
says nothing.
"""

from __future__ import annotations

import atexit
import contextlib
import math
import os
import re
import shutil
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from workers.net.client import Clients
from workers.net.wire import Deadlines, DownloadError
from workers.thumbnail import SUFFIXES, NoPicture, thumbnail

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from workers.picture import Picture
    from workers.task import Control

TITLE = "Picture downloads"
ORDER = 0
UNIT = "bytes"
TASKS = 28
REQUIRES = ("requests", "PIL")
PICTURES = True

MOST_BYTES = 100_000_000
SECONDS_A_PICTURE = 0.16
"""From Thaw's own server as it is set at first."""

ENDINGS = frozenset(ending for endings in SUFFIXES.values() for ending in endings)

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
    deadlines = Deadlines(connect_s, stall_s, total_s)
    for field, value in deadlines._asdict().items():
        if not (value > 0 and math.isfinite(value)):
            raise ValueError(f"{field} is a number of seconds above 0, not {value:g}.")
    client = _clients.mine()
    client.begin(deadlines)
    part = os.path.join(into, f"{name}.part")
    try:
        with control.on_cancel(client.abort):
            yield 0
            with open(part, "w+b") as file:
                with contextlib.closing(client.read(url, MOST_BYTES)) as chunks:
                    for chunk in chunks:
                        file.write(chunk)
                        yield len(chunk)
                name, picture = _finished(file, name)
        final = os.path.join(into, name)
        with contextlib.suppress(OSError):  # mostly there is none of that name yet
            os.unlink(final)  # first: ext4 waits for the disk when one file takes the place of another
        os.replace(part, final)
        part = ""
    except (DownloadError, NoPicture) as error:
        raise DownloadError(f"{_last_part(url)}: {error}") from error
    except OSError as error:
        raise DownloadError(f"{name} cannot be written: {error.strerror or error}.") from error
    finally:
        if part:
            with contextlib.suppress(OSError):  # it may never have been made
                os.unlink(part)
    return picture


def _finished(file: Any, name: str) -> tuple[str, Picture]:
    """The name that the file's contents want, and its thumbnail."""
    picture, kind = thumbnail(file, name)
    stem, ending = os.path.splitext(name)
    if ending.lower() not in SUFFIXES[kind]:
        name = (stem if ending.lower() in ENDINGS else name) + SUFFIXES[kind][0]
    return name, picture._replace(name=name)


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


def _last_part(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return url[:80]
    return unquote(parts.path).rstrip("/").rpartition("/")[2][:80] or parts.netloc


def _safe_name(url: str) -> str:
    """A file name that every system takes, from an address."""
    name = re.sub(r"[^\w.-]+", "_", _last_part(url), flags=re.ASCII).strip("._")
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
