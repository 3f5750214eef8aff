"""The cluster on this machine: a scheduler and workers, a process each, kept between runs and ended with the program.

They are started when a run wants them, and one that has died is started anew. Any thread may call.
"""

from __future__ import annotations

import atexit
import json
import os
import shutil
import signal
import tempfile
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from ..remote.errors import how_it_ended
from ..utils.child import PRIVATE, private
from ..utils.errors import BadInput
from ..utils.kept_process.process import KeptProcess
from .address import Address, read
from .pair import write_pair

if TYPE_CHECKING:
    from collections.abc import Callable

BEGIN = f"from {PRIVATE}.clusters.member import main; main()"

START_S = 60.0
"""How long each may take to be ready, which takes a second or two where the machine is not busy."""

LOOK_S = 0.02

USELESS = 3
"""So many workers in a row that end before they are ready, and there is no use in another."""


class Member:
    """A process of the cluster.

    Attributes:
        address: where it listens; empty before it is ready.
        folder: its own, for what it keeps.
        pair: the file that all of the cluster show each other; empty where another member has it.
        process: itself.
    """

    def __init__(self, what: str, *arguments: str) -> None:
        """Start it.

        Args:
            what: what it is, as a sentence begins.
            arguments: see `member.main`.
        """
        self._what, self._begun = what, time.monotonic()
        self.address = ""
        self.folder = tempfile.mkdtemp(prefix="thaw-dask-")
        self.pair = "" if arguments else write_pair(self.folder)
        # What a person has set up for other clusters is not for this one.
        variables = {name: value for name, value in os.environ.items() if not name.startswith("DASK_")}
        command = private(BEGIN, self.folder, *arguments)
        self.process = KeptProcess(what, command, self._hear, environment=variables, folder=self.folder)
        self.process.start()

    def _hear(self, line: bytes) -> bool:
        try:
            self.address = json.loads(line)["address"]
        except (ValueError, TypeError, KeyError):
            return False
        return True

    @property
    def is_coming(self) -> bool:
        """Whether it is being started."""
        return self.process.alive and not self.address and time.monotonic() - self._begun < START_S

    def check(self) -> None:
        """Raise BadInput, with a sentence, where it has ended or is late."""
        if not self.process.alive:
            said = self.process.complaints[-1] if self.process.complaints else ""
            raise BadInput(f"{self._what} {how_it_ended(self.process.code)}. {said}".strip())
        if not self.address and time.monotonic() - self._begun > START_S:
            raise BadInput(
                f"{self._what} was not ready within {START_S:g} s: the machine may be busy, try again."
            )

    def kill(self) -> None:
        """End it by force, at once."""
        if self.process.pid is not None:
            with suppress(ProcessLookupError):  # it has ended by itself
                os.kill(self.process.pid, getattr(signal, "SIGKILL", signal.SIGTERM))

    def close(self) -> None:
        """End it, and remove what it has left."""
        self.process.close()
        shutil.rmtree(self.folder, ignore_errors=True)


class OwnCluster:
    """The scheduler and the workers of this program."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._scheduler: Member | None = None
        self._workers: list[Member] = []
        self._count = self._useless = 0

    def ready(self, workers: int, gives_up: Callable[[], bool]) -> Address | None:
        """Have at least so many workers, and not many more; blocks until they are ready.

        Args:
            workers: how many.
            gives_up: is asked again and again; when it says so nobody waits any more, and None is returned.

        Raises:
            BadInput: they cannot be started, with a sentence.
        """
        with self._lock:
            if self._scheduler is None or not self._scheduler.process.alive:
                self._close()
                self._scheduler = Member("The scheduler on this machine")
            while len(self._workers) > max(workers, os.cpu_count() or 1):
                self._workers.pop().close()
            self._fill(workers)
            if not _are_ready(self.members, gives_up):
                return None
            return read(self._scheduler.address)

    def _fill(self, workers: int) -> None:
        assert self._scheduler is not None
        for dead in [one for one in self._workers if not one.process.alive]:
            self._workers.remove(dead)
            dead.close()
            self._useless = 0 if dead.address else self._useless + 1
            if self._useless >= USELESS:
                self._useless = 0
                dead.check()  # which raises
        while len(self._workers) < workers:
            self._count += 1
            name = f"worker {self._count}"
            self._workers.append(Member("A worker on this machine", self._scheduler.folder, name))

    def refill(self, workers: int) -> bool:
        """Start workers in the place of those that have died; returns at once, with whether any are on their way.

        Raises:
            BadInput: they end before they are ready, one after the other; with a sentence.
        """
        with self._lock:
            if self._scheduler is None or not self._scheduler.process.alive:
                return False
            self._fill(workers)
            return any(worker.is_coming for worker in self._workers)

    def kill(self, workers: set[str]) -> None:
        """End workers by force, by their addresses."""
        for member in self._workers:
            if member.address in workers:
                member.kill()

    @property
    def pair(self) -> str:
        """The file that its members and clients show each other; empty where there is no cluster."""
        return self._scheduler.pair if self._scheduler is not None else ""

    @property
    def members(self) -> list[Member]:
        """The scheduler and the workers that there are; a copy."""
        return [*([self._scheduler] if self._scheduler is not None else []), *self._workers]

    def close(self) -> None:
        """End all of it; the next run has another."""
        with self._lock:
            self._close()

    def leave(self) -> None:
        """At the program's end: tell all of it to end, and wait for none."""
        for member in self.members:
            member.process.dismiss()
            shutil.rmtree(member.folder, ignore_errors=True)  # it may not have come so far as to do that

    def _close(self) -> None:
        for member in reversed(self.members):
            member.process.dismiss()
        for member in reversed(self.members):
            member.close()
        self._workers, self._scheduler = [], None


def _are_ready(members: list[Member], gives_up: Callable[[], bool]) -> bool:
    while not all(member.address for member in members):
        for member in members:
            member.check()
        if gives_up():
            return False
        time.sleep(LOOK_S)
    return True


CLUSTER = OwnCluster()
atexit.register(CLUSTER.leave)
