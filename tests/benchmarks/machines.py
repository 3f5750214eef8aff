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
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.benchmarks.figures import Missing
from tests.benchmarks.program import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

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
def dask(workers: int, threads: int) -> Iterator[str]:
    """A scheduler on one machine, and workers on others; gives the scheduler's address.

    Args:
        workers: so many machines have a worker.
        threads: so many tasks each of them runs at once.
    """
    import distributed

    client_of: Any = distributed.Client  # it has no types
    with machines(workers + 1) as (first, *others), ExitStack() as stack:
        url = f"tcp://{first.address}:8786"
        page = ("--no-dashboard",)
        stack.enter_context(_running(first, "dask", "scheduler", "--host", first.address, *page))
        _wait(lambda: _listens(first.address, 8786), "Dask's scheduler")
        for one in others:
            alone = ("--nthreads", str(threads), "--no-nanny", *page)
            stack.enter_context(_running(one, "dask", "worker", url, "--host", one.address, *alone))
        with client_of(url, timeout=READY_S, set_as_default=False) as client:
            client.wait_for_workers(workers, timeout=READY_S)
        yield url


@contextmanager
def celery(workers: int, processes: int) -> Iterator[str]:
    """A redis-server on one machine, and Celery workers on others; gives the broker's address.

    Args:
        workers: so many machines have a worker.
        processes: so many tasks each of them runs at once.
    """
    from celery import Celery

    if shutil.which("redis-server") is None:
        raise Missing("there is no redis-server here")
    with machines(workers + 1) as (first, *others), ExitStack() as stack:
        url = f"redis://{first.address}:6379/0"
        quiet = ("--save", "", "--appendonly", "no", "--protected-mode", "no")
        stack.enter_context(_running(first, "redis-server", "--bind", first.address, *quiet))
        _wait(lambda: _listens(first.address, 6379), "redis-server")
        for number, one in enumerate(others):
            line = ("celery", "-A", "thaw_lab.tasks", "-b", url, "worker", "-c", str(processes))
            stack.enter_context(_running(one, *line, "-n", f"worker{number}@{one.address}"))
        with Celery(broker=url) as app:
            app.conf.control_exchange = "thaw"
            _wait(lambda: len(app.control.ping(timeout=0.5)) == workers, "Celery's workers")
        yield url


@contextmanager
def _running(machine: Machine, program: str, *arguments: str) -> Iterator[None]:
    beside = Path(sys.executable).with_name(program)
    folder = str(ROOT / "scripts" / "package")  # where `thaw_lab` is in a checkout
    command = [*machine.enter, str(beside) if beside.exists() else program, *arguments]
    process = subprocess.Popen(
        command,
        env={**os.environ, "PYTHONPATH": folder},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


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
