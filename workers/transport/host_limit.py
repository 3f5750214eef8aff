"""How many downloads may be going on from one host at once, over threads and processes; nobody waits in here.

A place at a host is a lock on a small file in a folder of the run, and the system frees it however its process dies: a
counter in shared memory, or places handed out by the program, would be lost with a worker that is killed. Dividing the
places among processes would leave some idle. What this process holds itself is counted here too, so that whoever has to
wait asks the disk only where that can help. Whoever finds none looks again soon: a download takes far longer.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import threading

from ..utils.file_lock import is_at, lock
from ..utils.sockets import is_loopback

PER_HOST = 8
"""Downloads at once from a host in the network, where nobody asks for another number."""

LOOK_S = 0.016
"""How long to wait before asking for a place again, in seconds: a frame."""


def places_at(host: str, per_host: int) -> int:
    """How many downloads may be going on from a host at once; 0 is as many as there are.

    Args:
        host: its name or number.
        per_host: what was asked for; 0 is PER_HOST in the network, and no limit on this machine.
    """
    return per_host or (0 if is_loopback(host) else PER_HOST)


class HostSlot:
    """A place at a host, until it is left."""

    def __init__(self, gate: HostGate | None, host: str, file: int | None, path: str) -> None:
        self._gate = gate
        self._file, self._path = file, path
        self.host = host

    def leave(self) -> None:
        """Leave the place to others; may be called again."""
        gate, self._gate = self._gate, None
        if gate is None:
            return
        if self._file is not None:
            with contextlib.suppress(OSError):  # Windows leaves it for the folder's end
                os.unlink(self._path)  # while the lock is held: whoever opened it sees that it has gone
            os.close(self._file)
        gate.leave(self.host)


class HostGate:
    """The places that this process has at hosts. Any thread may call it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: dict[str, int] = {}

    def enter(self, host: str, most: int, folder: str) -> HostSlot | None:
        """A place at a host, or None if there is none just now.

        Args:
            host: its name or number.
            most: how many there may be; 0 is any number.
            folder: where the run's locks are; empty for a run within this process.
        """
        if not most:
            return HostSlot(None, host, None, "")
        with self._lock:
            held = self._held.get(host, 0)
            if held >= most:
                return None
            self._held[host] = held + 1
        try:
            found = _lock_one(host, most, folder)
        except BaseException:
            self.leave(host)
            raise
        if found is None:
            self.leave(host)
            return None
        return HostSlot(self, host, *found)

    def leave(self, host: str) -> None:
        """One place fewer is held; for `HostSlot.leave`."""
        with self._lock:
            held = self._held.pop(host, 0) - 1
            if held > 0:
                self._held[host] = held


def _lock_one(host: str, most: int, folder: str) -> tuple[int | None, str] | None:
    """Lock one of the `most` files of a host; no file where there is no folder for them."""
    if not folder:
        return None, ""
    stem = hashlib.sha256(host.encode()).hexdigest()[:20]
    for number in range(most):
        path = os.path.join(folder, f"{stem}-{number}")
        try:
            file = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
        except OSError:
            return None, ""  # the run's folder has gone: the program is leaving, or no more files can be opened
        if lock(file) and is_at(file, path):
            return file, path
        os.close(file)
    return None
