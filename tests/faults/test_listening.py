"""Nothing listens beyond this machine: the sockets of the program's processes, during a run on every runner."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

import psutil
import pytest

from tests.contract.harness import Harness
from workers import discover, fitting
from workers.server_process import ImageServer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QApplication


def listeners(process: psutil.Process) -> set[str]:
    """The addresses that a process and its children take connections at."""
    found = set()
    for one in (process, *process.children(recursive=True)):
        try:
            found |= {each.laddr.ip for each in one.net_connections("inet") if each.status == psutil.CONN_LISTEN}
            found |= {each.laddr.ip for each in one.net_connections("udp") if not each.raddr}
        except psutil.NoSuchProcess:
            continue  # it has just ended
    return found


@pytest.fixture(scope="module")
def image_server() -> Iterator[ImageServer]:
    server = ImageServer()
    server.start()
    server.url()
    yield server
    server.close()


@pytest.mark.parametrize("runner", discover.runners())
def test_only_this_machine_can_call(runner: str, qapp: QApplication, image_server: ImageServer) -> None:
    place, primes = discover.entry("runners", runner), discover.entry("workloads", "primes")
    assert place is not None
    assert primes is not None
    why_not = place.missing or fitting.refusal(place, primes, {})
    if why_not and not place.constants.get("ONLY"):
        pytest.skip(why_not)
    harness = Harness(runner)
    harness.session._server = image_server.url
    seen: list[set[str]] = []

    def look() -> None:
        seen.append(listeners(psutil.Process()))
        harness.session.cancel()

    looker = harness.later(look, lambda: bool(harness.session.run and harness.session.run.source.pulled))
    if place.constants.get("ONLY"):
        from workers.plan import Settings

        harness.session.start(Settings(runner, "download", 200, 2))
    else:
        harness.start("endless", tasks=4)
    harness.finish()
    looker.join()
    assert harness.until(lambda: harness.session.close(0))
    (addresses,) = seen
    assert addresses, "the image server was not seen"
    assert all(ipaddress.ip_address(address).is_loopback for address in addresses), addresses
