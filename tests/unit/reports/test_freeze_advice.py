"""Where the work of a freeze should run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from workers.catalog import lookup
from workers.engine.plan import Settings
from workers.monitors.freeze import KINDS, Freeze
from workers.reports.freeze_advice import Known, advice

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workers.catalog.entry import Entry


def runners(*names: str, missing: str = "") -> Mapping[str, Entry]:
    return {name: entry._replace(missing=missing) for name, entry in lookup.runners().items() if name in names}


def frozen(kind: str) -> Freeze:
    return Freeze(0.0, 1.0, kind, "GUI thread", (), -1, (), 0, 0.0)


BLOCKING = Settings.named("gui_thread", "steps", 4, 2)
ALL = runners("gui_thread", "thread_pool", "process_pool")
NO_PROCESSES = runners("gui_thread", "thread_pool")


@pytest.mark.parametrize("kind", ["io", "sleep", "lock", "c"])
def test_what_needs_no_gil_belongs_on_threads(kind: str) -> None:
    found = advice(frozen(kind), BLOCKING, Known(ALL, {}, True))
    assert found.runner == "thread_pool"
    assert "ThreadPoolExecutor" in found.why, "by its title"


def test_python_belongs_on_processes_or_else_on_polite_threads() -> None:
    assert advice(frozen("python"), BLOCKING, Known(ALL, {}, True)).runner == "process_pool"
    without = advice(frozen("python"), BLOCKING, Known(NO_PROCESSES, {}, True))
    assert without.runner == "thread_pool"
    assert "no faster" in without.why


def test_c_that_keeps_the_gil_belongs_on_processes_or_nowhere() -> None:
    assert advice(frozen("c_gil"), BLOCKING, Known(ALL, {}, True)).runner == "process_pool"
    without = advice(frozen("c_gil"), BLOCKING, Known(NO_PROCESSES, {}, True))
    assert without.runner is None
    assert "a thread would freeze the window too" in without.why


def test_without_a_gil_threads_are_enough() -> None:
    for kind in ("python", "c_gil"):
        assert advice(frozen(kind), BLOCKING, Known(ALL, {}, False)).runner == "thread_pool"


def test_what_is_missing_is_not_advised() -> None:
    broken = {**NO_PROCESSES, **runners("process_pool", missing="needs the package x")}
    assert advice(frozen("c_gil"), BLOCKING, Known(broken, {}, True)).runner is None


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_sentence(kind: str) -> None:
    for some in (ALL, NO_PROCESSES, {}):
        assert advice(frozen(kind), BLOCKING, Known(some, {}, True)).why.endswith(".")
