"""Nothing listens beyond this machine: the sockets of the program's processes, during a run on every runner."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psutil
import pytest

from tests.support.download_session import beyond_this_machine
from tests.support.runner_harness import Harness
from workers.catalog import compatibility, lookup
from workers.engine.plan import Settings
from workers.image_server.process import ImageServer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QApplication


@pytest.fixture(scope="module")
def image_server() -> Iterator[ImageServer]:
    server = ImageServer()
    server.start()
    server.url()
    yield server
    server.close()


SLOW = frozenset({"other_python"})
"""It takes two seconds to start; what listens for it is the same as for process_pool."""


@pytest.mark.parametrize(
    "runner", [pytest.param(name, marks=pytest.mark.long if name in SLOW else ()) for name in lookup.runners()]
)
def test_only_this_machine_can_call(runner: str, qapp: QApplication, image_server: ImageServer) -> None:
    place, primes = lookup.entry("runners", runner), lookup.entry("workloads", "primes")
    assert place is not None
    assert primes is not None
    why_not = place.missing or compatibility.refusal(place, primes, {})
    if why_not and not place.constants.get("ONLY"):
        pytest.skip(why_not)
    harness = Harness(runner)
    harness.session._server = image_server
    seen: list[tuple[int, list[str]]] = []

    def look() -> None:
        seen.append(beyond_this_machine(psutil.Process()))
        harness.session.cancel()

    looker = harness.later(look, lambda: bool(harness.session.run and harness.session.run.source.pulled))
    if place.constants.get("ONLY"):
        harness.session.start(Settings.named(runner, "download", 200, 2))
    else:
        harness.start("endless", tasks=4)
    harness.finish()
    looker.join()
    assert harness.until(lambda: harness.session.close(0))
    ((count, beyond),) = seen
    assert count, "not even the image server was seen"
    assert beyond == []
