"""What every workload promises: it comes to its end in each kind of place, and a cancel ends it soon.

All are taken that need nothing of a person, but for those that make pictures: these have tests of their own.
"""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.image_site import FAST
from tests.support.patience import AT_ONCE_S
from tests.support.runner_harness import Harness
from workers.catalog import lookup
from workers.catalog.compatibility import needed, refusal
from workers.engine.plan import Settings
from workers.engine.task import Phase
from workers.image_server.process import ImageServer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QApplication

    from workers.engine.run import Run

WORK = [
    name
    for name, entry in lookup.workloads().items()
    if not (entry.missing or needed(entry) or entry.constants.get("PICTURES"))
]
PLACES = ["gui_thread", "thread_pool", "asyncio_loop", "cooperative"]
APART = [
    pytest.param(name, marks=pytest.mark.long) for name in ("process_pool", "process_per_task", "other_python")
]


@pytest.fixture(scope="module")
def server() -> Iterator[ImageServer]:
    with ImageServer(settings=FAST) as made:
        yield made


@pytest.fixture
def harness(request: pytest.FixtureRequest, qapp: QApplication, server: ImageServer) -> Iterator[Harness]:
    made = Harness(request.param)
    made.session._server = server
    yield made
    assert made.until(partial(made.session.close, 0)), "it did not end"


def start(harness: Harness, workload: str, tasks: int, bound: str) -> Run:
    """Begin a run in which each task is as small, or as large, as the first of its numbers allows."""
    work = lookup.workloads()[workload]
    knob = next(field for field in work.fields if field.kind in {"int", "float"})
    value: Any = getattr(knob, bound)
    params = ((knob.name, int(value) if knob.kind == "int" else value),)
    return harness.session.start(Settings.named(harness.runner, workload, tasks, 2, params))


@pytest.mark.parametrize("workload", WORK)
@pytest.mark.parametrize("harness", [*PLACES, *APART], indirect=True)
def test_it_comes_to_its_end(harness: Harness, workload: str) -> None:
    if harness.runner == "other_python":
        place, work = lookup.runners()[harness.runner], lookup.workloads()[workload]
        if why := refusal(place, work, {}):
            pytest.skip(why)
    start(harness, workload, 3, "low")
    run = harness.finish()
    assert run.recorder.errors == {}
    assert run.recorder.done == 3


@pytest.mark.parametrize(
    "workload", [name for name in WORK if lookup.workloads()[name].constants.get("GIL") != "keeps"]
)
@pytest.mark.parametrize("harness", ["thread_pool", "asyncio_loop"], indirect=True)
def test_a_cancel_ends_it_soon(harness: Harness, workload: str) -> None:
    run = start(harness, workload, 3, "high")
    assert harness.until(lambda: any(event.phase is Phase.PROGRESS for event in harness.events))
    cancelled = time.perf_counter()
    harness.session.cancel()
    harness.finish()
    assert run.recorder.cancelled == 3
    assert run.recorder.errors == {}
    assert run.recorder.last_final - cancelled < AT_ONCE_S
