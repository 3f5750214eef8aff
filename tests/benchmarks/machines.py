"""Several machines on one: network namespaces with an address each, and a cluster or a queue whose workers are there.

A namespace has a network of its own: as on another machine, nothing in it reaches the program by loopback or by an
abstract socket. All else is shared, so it shows neither more cores nor other clocks, files and Pythons. Where
namespaces may not be made, several addresses of the loopback stand in for machines.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.benchmarks.figures import Missing
from tests.benchmarks.program import ROOT
from workers.utils.kept_process.process import KeptProcess

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

NETWORK = "198.18.77"
"""Of the addresses that are kept for benchmarks."""

READY_S = 30.0
POLL_S = 0.05


class Machine(NamedTuple):
    """One of them.

    Attributes:
        address: its own.
        enter: what a command begins with that is to run there.
    """

    address: str
    enter: tuple[str, ...] = ()


def may_be_apart() -> bool:
    """Whether namespaces can be made here."""
    return hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("ip") is not None


@contextmanager
def machines(count: int) -> Iterator[list[Machine]]:
    """So many machines; the program itself stays outside of them, with an address that they reach."""
    if not may_be_apart():
        yield [Machine(f"127.0.0.{number + 2}") for number in range(count)]
        return
    bridge = f"thaw{os.getpid() % 100_000}"
    with ExitStack() as stack:
        _ip("link", "add", bridge, "type", "bridge")
        stack.callback(_ip, "link", "del", bridge)
        _ip("address", "add", f"{NETWORK}.1/24", "dev", bridge)
        _ip("link", "set", bridge, "up")
        yield [_namespace(stack, bridge, number) for number in range(count)]


def _namespace(stack: ExitStack, bridge: str, number: int) -> Machine:
    name, address = f"{bridge}m{number}", f"{NETWORK}.{number + 2}"
    _ip("netns", "add", name)
    stack.callback(_ip, "netns", "del", name)
    _ip("link", "add", f"{name}h", "type", "veth", "peer", "name", "eth0", "netns", name)
    _ip("link", "set", f"{name}h", "master", bridge, "up")
    _ip("-n", name, "address", "add", f"{address}/24", "dev", "eth0")
    for device in ("lo", "eth0"):
        _ip("-n", name, "link", "set", device, "up")
    return Machine(address, ("ip", "netns", "exec", name))


def _ip(*words: str) -> None:
    done = subprocess.run(["ip", *words], capture_output=True, text=True, check=False)
    if done.returncode:
        raise Missing(f"ip {' '.join(words)}: {done.stderr.strip()}")


# ---------------------------------------------------------------- what runs there


@contextmanager
def dask(middle: Machine, others: Sequence[Machine], places: int) -> Iterator[str]:
    """A scheduler on one machine, and a worker on each of others; gives the scheduler's address.

    Args:
        middle: has the scheduler.
        others: have the workers.
        places: so many tasks each of them runs at once.
    """
    import distributed

    client_of: Any = distributed.Client  # it has no types
    page = ("--no-dashboard", "--dashboard-address", ":0")
    with ExitStack() as stack, tempfile.TemporaryDirectory() as folder:
        port = _free_port(middle)
        url = f"tcp://{middle.address}:{port}"
        _start(stack, middle, "dask", "scheduler", "--host", middle.address, "--port", str(port), *page)
        _wait(lambda: _listens(middle.address, port), "Dask's scheduler")
        for one in others:
            alone = ("--nthreads", str(places), "--no-nanny", "--local-directory", folder, *page)
            _start(stack, one, "dask", "worker", url, "--host", one.address, *alone)
        with client_of(url, timeout=READY_S, set_as_default=False) as client:
            client.wait_for_workers(len(others), timeout=READY_S)
        yield url


@contextmanager
def celery(middle: Machine, others: Sequence[Machine], places: int) -> Iterator[str]:
    """A redis-server on one machine, and a Celery worker on each of others; gives the broker's address.

    Args:
        middle: has the broker.
        others: have the workers.
        places: so many tasks each of them runs at once.
    """
    from workers.queues.address import parse
    from workers.queues.connection import opened

    if shutil.which("redis-server") is None:
        raise Missing("there is no redis-server here")
    with ExitStack() as stack:
        port = _free_port(middle)
        url = f"redis://{middle.address}:{port}/0"
        kept = ("--port", str(port), "--save", "", "--appendonly", "no", "--protected-mode", "no")
        _start(stack, middle, "redis-server", "--bind", middle.address, *kept)
        _wait(lambda: _listens(middle.address, port), "redis-server")
        for one in others:
            line = ("celery", "-A", "thaw_lab.tasks", "-b", url, "worker", "-c", str(places))
            _start(stack, one, *line, "-n", f"worker@{one.address}")
        with opened(parse(url)) as queue:
            _wait(lambda: len(queue.ask("ping", len(others))) == len(others), "Celery's workers")
        yield url


CLUSTERS = {"dask_cluster": ("cluster", dask), "celery_queue": ("broker", celery)}
"""The runners of clusters: the parameter that names one, and what starts it."""


def _start(stack: ExitStack, machine: Machine, program: str, *arguments: str) -> None:
    beside = Path(sys.executable).with_name(program)
    command = [*machine.enter, str(beside) if beside.exists() else program, *arguments]
    # Where `thaw_lab` is in a checkout: nothing of Thaw is known to the workers of Dask.
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "scripts" / "package"), "PYTHONSAFEPATH": "1"}
    process = KeptProcess(program, command, environment=environment)
    process.start()
    stack.callback(process.close)


def _free_port(machine: Machine) -> int:
    """One that nobody has; in a namespace nobody has any."""
    if machine.enter:
        return 8786
    with socket.socket() as asked:
        asked.bind((machine.address, 0))
        return int(asked.getsockname()[1])


def _listens(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), 1.0).close()
    except OSError:
        return False
    return True


def _wait(is_ready: Callable[[], bool], what: str) -> None:
    until = time.monotonic() + READY_S
    while not is_ready():
        if time.monotonic() > until:
            raise Missing(f"{what} did not answer within {READY_S:.0f} s")
        time.sleep(POLL_S)
