"""Where the work of a freeze should run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from workers.catalog import lookup
from workers.monitors.freeze import KINDS, Freeze
from workers.reports.freeze_advice import advice

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workers.catalog.entry import Entry


def runners(*names: str, missing: str = "") -> Mapping[str, Entry]:
    return {name: entry._replace(missing=missing) for name, entry in lookup.runners().items() if name in names}


def frozen(kind: str) -> Freeze:
    return Freeze(0.0, 1.0, kind, "GUI thread", (), -1, (), 0, 0.0)


ALL = runners("gui_thread", "thread_pool", "process_pool")
NO_PROCESSES = runners("gui_thread", "thread_pool")


@pytest.mark.parametrize("kind", ["io", "sleep", "lock", "c"])
def test_what_needs_no_gil_belongs_on_threads(kind: str) -> None:
    found = advice(frozen(kind), ALL, gil_enabled=True)
    assert found.runner == "thread_pool"
    assert "ThreadPoolExecutor" in found.why, "by its title"


def test_python_belongs_on_processes_or_else_on_polite_threads() -> None:
    assert advice(frozen("python"), ALL, gil_enabled=True).runner == "process_pool"
    without = advice(frozen("python"), NO_PROCESSES, gil_enabled=True)
    assert without.runner == "thread_pool"
    assert "no faster" in without.why


def test_c_that_keeps_the_gil_belongs_on_processes_or_nowhere() -> None:
    assert advice(frozen("c_gil"), ALL, gil_enabled=True).runner == "process_pool"
    without = advice(frozen("c_gil"), NO_PROCESSES, gil_enabled=True)
    assert without.runner is None
    assert "in a thread too" in without.why


def test_without_a_gil_threads_are_enough() -> None:
    for kind in ("python", "c_gil"):
        assert advice(frozen(kind), ALL, gil_enabled=False).runner == "thread_pool"


def test_what_is_missing_is_not_advised() -> None:
    broken = {**NO_PROCESSES, **runners("process_pool", missing="needs the package x")}
    assert advice(frozen("c_gil"), broken, gil_enabled=True).runner is None


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_sentence(kind: str) -> None:
    for some in (ALL, NO_PROCESSES, {}):
        assert advice(frozen(kind), some, gil_enabled=True).why.endswith(".")
