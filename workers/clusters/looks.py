"""Who works in a cluster, and why a run could not use it: asked before a run by the form and the command line.

Asking takes up to some seconds, so it is done in a thread. An answer is good for a moment, in which several may ask.
"""

from __future__ import annotations

import asyncio
import platform
import threading
import time
from collections import Counter
from importlib import metadata
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from ..utils.errors import BadInput
from ..utils.formatting import listed, plural
from ..utils.sockets import is_loopback
from .address import meant
from .carried import lacks, machine
from .engine import asked, connected

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from ..catalog.entry import Entry
    from ..engine.task import Task
    from .address import Address

GOOD_S = 2.0
"""How long an answer is good for."""

ANSWER_S = 3.0
"""How long workers may take to say something."""

ELSEWHERE = "The workers are on other machines, and cannot reach what is on this one alone."

_lock = threading.Lock()
_kept: dict[Address, tuple[float, Look]] = {}


class Place(NamedTuple):
    """One worker, as its scheduler knows it.

    Attributes:
        address: where it listens.
        host: its machine.
        name: as its owner named it, or the address.
        threads: how many tasks it runs at once.
        python: its version; empty, as the next, before that was asked.
        dask: that of `distributed` there.
        pid: its process there; 0 before that is known.
        takes_tasks: whether it does just now: one that has little memory left does not.
    """

    address: str
    host: str
    name: str
    threads: int
    python: str = ""
    dask: str = ""
    pid: int = 0
    takes_tasks: bool = True

    @property
    def is_alike(self) -> bool:
        """Whether its Python can read what ours has pickled."""
        return tuple(self.python.split(".")[:2]) == platform.python_version_tuple()[:2]


class Look(NamedTuple):
    """What there is of a cluster.

    Attributes:
        places: its workers.
        is_here: whether all of them are on this machine, and reach it by its loopback.
    """

    places: tuple[Place, ...]
    is_here: bool

    @property
    def threads(self) -> int:
        return sum(place.threads for place in self.places)

    @property
    def hosts(self) -> list[str]:
        return sorted({place.host for place in self.places})

    @property
    def words(self) -> str:
        """As people say it: "3 workers, 12 threads, 2 hosts, Python 3.11.7"."""
        pythons = listed(sorted({place.python for place in self.places}))
        words = [
            plural(len(self.places), "worker"),
            plural(self.threads, "thread"),
            plural(len(self.hosts), "host"),
            f"Python {pythons}",
        ]
        if others := sorted({place.dask for place in self.places} - {metadata.version("distributed")}):
            words.append(f"Dask {listed(others)} (here {metadata.version('distributed')})")
        return ", ".join(words)


async def around(client: Any, address: Address) -> Look:
    """Look who works there.

    Raises:
        BadInput: nobody does, or nobody whom our own pickles could be sent to; with a sentence.
    """
    places = [place for place in await places_of(client) if place.takes_tasks]
    if places:
        places = await asyncio.wait_for(with_versions(client, places), ANSWER_S)
    if not places:
        raise BadInput(f"Nobody works for {address}: start workers with: dask worker {address}")
    others = Counter(place.python for place in places if not place.is_alike)
    if others:
        version, count = others.most_common(1)[0]
        ours = ".".join(platform.python_version_tuple()[:2])
        raise BadInput(
            f"{plural(count, 'worker')} of {address} {'has' if count == 1 else 'have'} Python {version}, and this is "
            f"{platform.python_version()}: Dask needs the same one, such as {ours}, everywhere."
        )
    is_here = all(is_loopback(place.host) for place in places)
    if is_here:  # unless that is the end of a tunnel
        machines = await client.run(machine, on_error="ignore")
        is_here = set(machines.values()) == {machine()}
    return Look(tuple(places), is_here)


async def places_of(client: Any) -> list[Place]:
    """The workers that their scheduler knows now. Not all need be there any more: who asks one of those waits long."""
    there = await client.scheduler.identity(n_workers=-1)
    return [
        Place(
            address, one["host"], str(one["name"]), int(one["nthreads"]), takes_tasks=one["status"] == "running"
        )
        for address, one in there["workers"].items()
    ]


async def with_versions(client: Any, places: Collection[Place]) -> list[Place]:
    """Those of these workers that answer, with what they run in."""
    asked = [place.address for place in places]
    said = await client.scheduler.broadcast(msg={"op": "versions"}, workers=asked, on_error="ignore")
    return [
        place._replace(
            python=str(said[place.address]["host"]["python"]).partition(".final")[0],
            dask=str(said[place.address]["packages"].get("distributed")),
        )
        for place in places
        if place.address in said
    ]


def look(address: Address) -> Look:
    """Ask a scheduler who works there; blocks. Raises BadInput with a sentence."""
    with _lock:
        moment, found = _kept.get(address, (0.0, None))
    if found is not None and time.monotonic() - moment < GOOD_S:
        return found

    async def ask() -> Look:
        async with connected(address) as client:
            return await around(client, address)

    found = asked(ask())
    with _lock:
        _kept[address] = (time.monotonic(), found)
    return found


def told(params: Mapping[str, Any]) -> str:
    """What there is in the place that these parameters choose, for the form; empty where there is nothing to tell."""
    address = meant(str(params.get("cluster", "")))
    return "" if address is None else f"{address}: {look(address).words}"


def refusal(workload: Entry, params: Mapping[str, Any]) -> str:
    """Why a workload cannot run in the cluster that `params` choose; empty where it can."""
    try:
        address = meant(str(params.get("cluster", "")))
        if address is None:
            return ""
        return _misses(workload, params, address, look(address))
    except BadInput as sentence:
        return str(sentence)


def _misses(workload: Entry, params: Mapping[str, Any], address: Address, found: Look) -> str:
    """What the work needs and other machines have not, as a sentence; empty where that is nothing."""
    own = workload.own
    if not found.is_here and (served_unless := workload.constants.get("SERVED_UNLESS")) is not None:
        # The form asks with the runner's own parameters alone: then the run itself will tell.
        if str(params.get("queue", "")).strip():
            return f"{ELSEWHERE} The queue is a file of this machine."
        if not str(params.get(served_unless, served_unless and "unknown")).strip():
            return f"{ELSEWHERE} The pictures come from this machine's own server: give a list of addresses."
    paths = [str(params.get(workload.constants.get("NEEDS_FOLDER", ""), "")).strip()]
    if own is not None and not own.is_installed and not own.in_c:
        paths.append(str(workload.path))
    packages = [*(own.imports if own is not None else ()), *workload.constants.get("REQUIRES", ())]

    async def ask() -> dict[str, tuple[list[str], list[str]]]:
        async with connected(address) as client:
            answers: dict[str, tuple[list[str], list[str]]] = await client.run(
                lacks, [path for path in paths if path], packages, on_error="ignore"
            )
            return answers

    for place, (no_paths, no_packages) in asked(ask()).items() if any(paths) or packages else ():
        if no_paths:
            return f"The worker {place} has no {listed(no_paths)}: put it there, at the same place, or run it here."
        if no_packages:
            return f"The worker {place} has no package {listed(no_packages)}, which {workload.function} needs."
    return ""


def stays_here(task: Task) -> str:
    """Why a task cannot be done on another machine, as its arguments tell; empty where they tell nothing of it."""
    arguments = dict(task.arguments)
    if str(arguments.get("queue") or ""):
        return f"{ELSEWHERE} The queue is a file of this machine."
    for value in arguments.values():
        if isinstance(value, str) and value.startswith(("http://", "https://")):
            host = urlsplit(value).hostname or ""
            if is_loopback(host):
                return f"{ELSEWHERE} {host} is there a server of their own."
    return ""


def written_to(task: Task) -> str:
    """The folder that a task writes into, as its arguments tell; empty where it writes none."""
    return str(dict(task.arguments).get("into") or "")
