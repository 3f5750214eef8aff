"""Runs versions of labs at the settings of their claims, without a window or an event loop."""

from __future__ import annotations

import queue
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.support.image_site import NoServer
from workers.catalog import labs
from workers.engine.plan import Settings
from workers.engine.session import Session
from workers.reports.labs.claims import Claim, claims

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workers.engine.run import Run
    from workers.engine.task import TaskEvent

PATIENCE_S = 60.0


def run_lab(name: str, runner: str = "", **params: object) -> Run:
    """A finished run of a version such as "counter.fixed", on its lab's own runner or on another one."""
    return run_of(Settings.of_lab(labs.versions()[name], runner)._replace(params=tuple(params.items())))


def run_of(settings: Settings) -> Run:
    """A finished run of any settings; its runner needs no event loop."""
    events: queue.SimpleQueue[TaskEvent] = queue.SimpleQueue()
    session = Session(events.put, NoServer())
    with _switch_interval():
        run = session.start(settings)
        until = time.monotonic() + PATIENCE_S
        while not session.finish():
            if time.monotonic() > until:
                session.cancel()
                raise AssertionError(f"{settings.workload} does not end")
            try:
                session.fold([events.get(timeout=0.02)])
            except queue.Empty:
                pass
        while not session.close(1.0):
            pass
    return run


@contextmanager
def _switch_interval() -> Iterator[None]:
    before = sys.getswitchinterval()
    try:
        yield
    finally:
        sys.setswitchinterval(before)


def claims_of(lab: str, runner: str = "") -> list[Claim]:
    """Run all versions of a lab, each once; returns what it says of them."""
    found = labs.labs()[lab]
    return claims(lab, {one.function: run_lab(one.entry.name, runner) for one in found.versions})
