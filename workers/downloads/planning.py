"""Plans a run of downloads: which addresses, in which order, under which names, into which folder; before the run."""

from __future__ import annotations

import atexit
import contextlib
import os
import shutil
import tempfile
from collections import defaultdict
from functools import lru_cache
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..transport.http.own_headers import read_headers
from ..transport.pace import read_rate
from ..transport.redaction import without_secrets
from ..utils import file_lock
from ..utils.errors import BadInput
from ..utils.folder_files import whole, writable
from . import addresses
from .finish import ENDINGS
from .names import Taken, last_part, safe_name, url_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .queue import DownloadQueue


PREFIX, LOCK = "thaw-", "lock"
"""Of a program's temporary folder: how its name begins, and the file in it that is locked while the program lives."""


CA_VARIABLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")
"""By these requests, curl and OpenSSL are told whom to trust; the first that names a file counts, for all clients."""


def own_pictures(tasks: int, seed: int, base: str, folder: str) -> list[dict[str, Any]]:
    """Rows for pictures from Thaw's own server at `base`."""
    into = folder_for(folder)
    taken = _taken(into) if folder else Taken((), ENDINGS)
    first = abs(seed) * 101 % 1_000_000
    return [
        {
            "url": f"{base}/pictures/{first + index}",
            "name": taken.give(f"picture-{index + 1:04}.jpg"),
            "into": into,
            "keep_name": True,
        }
        for index in range(tasks)
    ]


class Rows(list[dict[str, Any]]):
    """The arguments of each task.

    Attributes:
        notes: sentences on what of a list is not among them.
    """

    notes: tuple[str, ...] = ()


def listed_pictures(tasks: int, urls: str, folder: str, per_host: int) -> Rows:
    """Rows for the addresses that stand in a text file, each once, but for no more than `tasks` of them.

    Raises:
        BadInput: the file or the folder is unusable, with a sentence for people.
    """
    into = folder_for(folder)
    found, no_address = addresses.read_addresses(_list_file(urls))
    rows = _rows(((address, into, 0) for address in found[:tasks]), per_host)
    left = len(found) - len(rows)
    rows.notes = _notes(no_address, left)
    return rows


def asked_of_all(limit: str, limit_each: str, headers: str, ca_file: str) -> dict[str, Any]:
    """What every row of a plan has besides its address: speeds, headers, authorities; see `Order`.

    Raises:
        BadInput: something of it makes no sense, with a sentence for people.
    """
    ca_file = ca_file and whole(ca_file)
    if ca_file:
        _check_authorities(ca_file)
    found = {
        "limit": read_rate("limit", limit),
        "limit_each": read_rate("limit_each", limit_each),
        "headers": read_headers(headers),
        "ca_file": ca_file,
    }
    more: dict[str, Any] = {name: value for name, value in found.items() if value}
    if "limit" in more:
        more["gate"] = _gate()
    return more


def authorities() -> str:
    """The file of authorities that the environment names; empty where it names none."""
    named = filter(None, map(os.environ.get, CA_VARIABLES))
    return next(filter(os.path.isfile, named), "")


def _check_authorities(ca_file: str) -> None:
    import ssl  # most runs verify nobody by a file of their own

    try:
        ssl.create_default_context(cafile=ca_file)
    except OSError as error:  # an SSLError is one
        why = "it has no certificate in PEM" if isinstance(error, ssl.SSLError) else error.strerror
        raise BadInput(f"The CA file {ca_file} cannot be used: {why}.") from None


def _gate() -> str:
    """Where the run's processes lock their places at hosts, and tell each other how much has come."""
    return str(temporary_folder() / "places")


def _list_file(urls: str) -> Path:
    path = Path(whole(urls))
    if urls.strip().lower().startswith(("http://", "https://")) and not os.path.lexists(path):
        raise BadInput("The list of addresses is a file that they stand in, not an address: write it into one.")
    return path


def count(urls: str) -> int:
    """About how many addresses stand in a text file: some may be the same. Of a pipe nothing is read.

    Raises:
        BadInput: it cannot be read.
    """
    path = Path(whole(urls))
    if not os.path.isfile(path):
        raise BadInput(f"{path} is no file.")
    return addresses.count(addresses.read_text(path))


def _notes(no_address: Sequence[str], left: int = 0) -> tuple[str, ...]:
    notes = []
    if left > 0:
        are = "addresses of the list are" if left > 1 else "address of the list is"
        notes.append(f"{left:,} {are} left: more tasks would fetch them.")
    if no_address:
        hold = "lines hold" if len(no_address) > 1 else "line holds"
        example = without_secrets(no_address[0])
        notes.append(f"{len(no_address):,} {hold} no http or https address, such as {example!r}.")
    return tuple(notes)


def queued_pictures(
    queue: DownloadQueue, urls: str, folder: str, per_host: int, retry_failed: bool = False
) -> Rows:
    """Rows for all of a queue that is not finished. What an earlier run left is settled first.

    Args:
        queue: it; held by this program from now on.
        urls: a text file: addresses in it that the queue has not are put into it first.
        folder: where those go.
        per_host: as in the plan.
        retry_failed: whether what has failed is tried again.

    Raises:
        BadInput: the queue, the file or a folder is unusable, with a sentence for people.
    """
    queue.hold()
    queue.settle()
    no_address: Sequence[str] = ()
    if retry_failed:
        queue.retry()
    if urls:
        if not folder:
            raise BadInput("A queue outlives this run: choose a folder for its pictures, too.")
        into = folder_for(folder)
        known = {(item.url, item.folder) for item in queue.items()}
        found, no_address = addresses.read_addresses(_list_file(urls))
        queue.add([one for one in found if (one.url, into) not in known], into)
    items = queue.unfinished()
    if not items:
        counts = queue.counts()
        raise BadInput(
            f"Nothing is left to do in the queue {queue.path}: {counts.done:,} are done, {counts.failed:,} have failed."
            " Add addresses, or have those that failed tried again (retry_failed)."
        )
    for into in {item.folder for item in items}:
        folder_for(into)
    wanted = ((addresses.Address(item.url, item.sha256, item.name), item.folder, item.id) for item in items)
    rows = _rows(wanted, per_host, queue.path)
    rows.notes = _notes(no_address)
    return rows


def _rows(wanted: Iterable[tuple[addresses.Address, str, int]], per_host: int, queue: str = "") -> Rows:
    """The arguments of each task, by its address, its folder and its item's number in the queue, 0 where it has none.

    Hosts take turns, so that one that lets few in does not hold up the others.
    """
    taken: dict[str, Taken] = {}
    turns: defaultdict[str, int] = defaultdict(int)
    gate = _gate()
    rows: list[tuple[int, dict[str, Any]]] = []
    for (url, sha256, asked), into, item in wanted:
        if into not in taken:
            taken[into] = _taken(into)
        name = safe_name(asked) if asked else url_name(url) or safe_name(last_part(url))
        row = {"url": url, "name": taken[into].give(name), "into": into, "gate": gate, "per_host": per_host}
        if queue:
            row |= {"queue": queue, "item": item}
        if sha256:
            row["sha256"] = sha256
        if asked:
            row["keep_name"] = True
        host = url.partition("://")[2].partition("/")[0].lower()
        rows.append((turns[host], row))
        turns[host] += 1
    rows.sort(key=itemgetter(0))
    return Rows(row for _, row in rows)


def _taken(folder: str) -> Taken:
    return Taken((name for name in os.listdir(folder) if not name.endswith(".part")), ENDINGS)


def folder_for(folder: str) -> str:
    """The absolute path of a folder that can be written to; empty gives a temporary one.

    Raises:
        BadInput: it cannot be written to, with a sentence for people.
    """
    if not folder:
        return _new_temporary_folder()
    return os.path.realpath(writable(folder, "pictures"))


@lru_cache(maxsize=1)
def temporary_folder() -> Path:
    """A folder of this process for what nobody wants to keep; made at the first call."""
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    with contextlib.suppress(OSError):  # a disk that knows no locks: then nobody clears up after a kill
        file_lock.take(str(folder / LOCK))
    (folder / "places").mkdir()
    atexit.register(_remove, folder)
    _clear_up_after_the_killed(folder)
    return folder


def _clear_up_after_the_killed(mine: Path) -> None:
    """Remove such folders of programs that did not come to their end: the lock of a killed one is free."""
    for lock in mine.parent.glob(f"{PREFIX}*/{LOCK}"):
        if lock.parent == mine:
            continue
        with contextlib.suppress(OSError):  # another person's
            if file_lock.take(str(lock)):
                _remove(lock.parent)


def _remove(folder: Path) -> None:
    """Remove one whose lock we have. Windows removes no open file: there the lock and the folder go at last."""
    shutil.rmtree(folder, ignore_errors=True)
    with contextlib.suppress(KeyError):
        file_lock.give(str(folder / LOCK))
    shutil.rmtree(folder, ignore_errors=True)


def _new_temporary_folder() -> str:
    """An empty folder in it; the one of the run before goes, or the disk would fill up."""
    for old in temporary_folder().glob("pictures-*"):
        shutil.rmtree(old, ignore_errors=True)
    return tempfile.mkdtemp(prefix="pictures-", dir=temporary_folder())


def leave() -> None:
    """Remove the temporary folder; for an end of the program that runs no exit handlers."""
    if temporary_folder.cache_info().currsize:
        _remove(temporary_folder())
        temporary_folder.cache_clear()
