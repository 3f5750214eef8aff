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

from ..catalog.compatibility import NOTHING, Told
from ..remote.elsewhere import needs_this_machine
from ..utils.errors import BadInput
from ..utils.formatting import listed, plural
from ..utils.sockets import is_loopback
from .address import meant
from .carried import lacks, machine
from .engine import asked, connected, page_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from ..catalog.entry import Entry
    from .address import Address

GOOD_S = 2.0
"""How long an answer is good for."""

ANSWER_S = 3.0
"""How long workers may take to say something."""

FIRST_S = 60.0
"""How long a run waits for the first worker of a cluster that has none: an adaptive one starts some for work alone."""

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
        page: its scheduler's own page, for a browser; empty where that tells of none.
    """

    places: tuple[Place, ...]
    is_here: bool
    page: str = ""

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
    """Look who works there, if anybody does.

    Raises:
        BadInput: some have another Python, which cannot read our pickles; with a sentence.
    """
    there = await client.scheduler.identity(n_workers=-1)
    page = page_of(address, there)
    places = [place for place in _places(there) if place.takes_tasks]
    if places:
        places = await asyncio.wait_for(with_versions(client, places), ANSWER_S)
    if not places:
        return Look((), is_here=False, page=page)
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
    return Look(tuple(places), is_here, page)


async def places_of(client: Any) -> list[Place]:
    """The workers that their scheduler knows now. Not all need be there any more: who asks one of those waits long."""
    return _places(await client.scheduler.identity(n_workers=-1))


def _places(there: Mapping[str, Any]) -> list[Place]:
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


def told(params: Mapping[str, Any]) -> Told:
    """What there is in the place that these parameters choose, for the form."""
    address = meant(str(params.get("cluster", "")))
    if address is None:
        return NOTHING
    found = look(address)
    if not found.places:
        return Told(f"{nobody(address)} A run waits for the first one, up to {FIRST_S:g} s.", 0, found.page)
    return Told(f"{address}: {found.words}", found.threads, found.page)


def nobody(address: Address) -> str:
    """That there are no workers, and what to do."""
    return f"Nobody works for {address} yet: start workers with: dask worker {address}."


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
    if not found.places:
        return ""  # nobody knows yet
    if not found.is_here and (why := needs_this_machine(workload, params, ELSEWHERE)):
        return why
    own = workload.own
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
