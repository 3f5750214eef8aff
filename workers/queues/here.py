"""A broker and a Celery worker of Thaw's own on this machine, for who names no broker; kept from run to run.

The broker is a redis-server, where one is installed. It listens to a socket in a folder that only this user may enter,
and writes nothing to the disk. Without one, Celery's file system transport takes its place: messages are files, for
which everybody looks twenty times a second. That is for trying only.

Called in the runner's own thread. Both processes end with the program, whatever ends that, and their folder with them.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from ..catalog.user_names import without_ours
from ..remote.errors import how_it_ended
from ..utils.child import PRIVATE, private
from ..utils.errors import BadInput, limit_of
from ..utils.kept_process.process import KeptProcess
from .address import REDIS, Broker

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..engine.task import Control

SERVERS = ("redis-server", "valkey-server")
BEGIN = f"from {PRIVATE}.queues.own_worker import main; import sys; main(*sys.argv[1:])"
READY = "Thaw's worker is ready"
READY_S = 20.0
"""How long each of them may take to be ready."""

POLL_S = 0.02
LOOK_S = 0.05
"""How often a file system is looked through for messages."""

LONGEST = 70
"""Of a folder's path: for that of a socket systems take a hundred bytes or so."""


class _Here:
    """What there is; each part is made when it is first wanted.

    Attributes:
        broker: where it is; None where it has never been started.
        server: the broker's process.
        worker: the worker's process.
        is_ready: set when that is.
        made_for: what that worker was started for: processes, niceness, and where it looks for modules.
    """

    broker: Broker | None = None
    server: KeptProcess | None = None
    worker: KeptProcess | None = None
    is_ready = threading.Event()
    made_for: tuple[int, int, list[str]] = (0, 0, [])


_here = _Here()
_lock = threading.Lock()


def ended(within_s: float = 0.0) -> str:
    """That the broker has ended, or does so just now, as a sentence; empty while it runs."""
    server, until = _here.server, time.monotonic() + within_s
    if server is None:
        return ""
    while server.alive:
        if time.monotonic() >= until:
            return ""
        time.sleep(POLL_S)
    return f"Thaw's own broker {how_it_ended(server.code)}. Another one is started with the next run."


def has_worker() -> bool:
    """Whether the worker runs."""
    return _here.worker is not None and _here.worker.alive


def ready(workers: int, niceness: int, control: Control) -> Broker:
    """A broker with a worker; started where there is none, or none that suits the run.

    Args:
        workers: how many processes it needs at least.
        niceness: of these.
        control: a cancel ends the wait for them.

    Raises:
        BadInput: they could not be started, with a sentence.
    """
    if os.name != "posix":
        raise BadInput(NOT_HERE)
    with _lock:
        try:
            if _here.broker is None or ended():
                _start_broker(control)
            assert _here.broker is not None
            least, *rest = _here.made_for
            if not has_worker() or workers > least or rest != [niceness, without_ours()]:
                _start_worker(_here.broker, max(workers, least), niceness)
            assert _here.worker is not None
            _await(_here.worker, "Celery worker", _here.is_ready.is_set, control)
        except (OSError, RuntimeError) as error:
            raise BadInput(limit_of(error) or f"No Celery worker could be started: {error}.") from error
        return _here.broker


NOT_HERE = (
    "Celery has no workers on Windows: give the address of a broker whose workers are on other machines, or run it on "
    "another runner."
)


def _start_broker(control: Control) -> None:
    """Start a new one, in a folder of its own that goes with its process."""
    for process in (_here.worker, _here.server):
        if process is not None:
            process.close()
    _here.worker = _here.server = _here.broker = None
    usual = tempfile.gettempdir()
    folder = tempfile.mkdtemp(prefix="thaw-queue-", dir=usual if len(os.fsencode(usual)) < LONGEST else "/tmp")
    program = next(filter(None, map(shutil.which, SERVERS)), None)
    path = Path(folder, "broker")
    if program is None:
        path.mkdir()
        folders = ("data_folder_in", "data_folder_out", "control_folder")
        options = {**dict.fromkeys(folders, str(path)), "polling_interval": LOOK_S}
        broker = Broker("filesystem://localhost", options=options, is_ours=True)
        command = ["tail", "-f", "/dev/null"]  # has nothing to do but to end
    else:
        broker = Broker(f"redis+socket://{path}", options=REDIS, is_ours=True)
        command = [program, "--port", "0", "--unixsocket", str(path), "--unixsocketperm", "700"]
        command += ["--dir", folder, "--save", "", "--appendonly", "no"]
    server = _here.server = KeptProcess("broker", command, folder=folder)
    server.start()
    _await(server, "broker", path.is_dir if program is None else lambda: _listens(path), control)
    _here.broker = broker


def _listens(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as caller:
        return caller.connect_ex(str(path)) == 0


def _start_worker(broker: Broker, processes: int, niceness: int) -> None:
    if _here.worker is not None:
        _here.worker.close()
    is_ready = _here.is_ready = threading.Event()

    def hear(line: bytes) -> bool:
        found = line.decode(errors="replace").strip() == READY
        if found:
            is_ready.set()
        return found

    path = without_ours()
    worker = _here.worker = KeptProcess(
        "celery worker",
        private(BEGIN, READY, json.dumps(path), json.dumps(broker.options), str(processes)),
        hear,
        environment={**os.environ, "CELERY_BROKER_URL": broker.url},
        niceness=niceness,
    )
    _here.made_for = processes, niceness, path
    worker.start()


def _await(process: KeptProcess, what: str, is_ready: Callable[[], bool], control: Control) -> None:
    """Wait until it is ready. Raises BadInput where it never will be, or is not any more to be waited for."""
    until = time.monotonic() + READY_S
    while not is_ready():
        said = f" {process.complaints[-1]}" if process.complaints else ""
        if not process.alive:
            raise BadInput(f"Thaw's own {what} {how_it_ended(process.code)}.{said}")
        if time.monotonic() > until:
            raise BadInput(f"Thaw's own {what} was not ready within {READY_S:g} s.{said}")
        if control.cancelled:
            raise BadInput(f"The run was cancelled before Thaw's own {what} was ready.")
        time.sleep(POLL_S)
