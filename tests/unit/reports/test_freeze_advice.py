"""Where the work of a freeze should run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from workers.catalog import lookup
from workers.engine.plan import Settings
from workers.monitors.freeze import KINDS
from workers.reports.freeze_advice import FreezeAdvice, Known, advise

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workers.catalog.entry import Entry


def runners(*names: str, missing: str = "") -> Mapping[str, Entry]:
    return {name: entry._replace(missing=missing) for name, entry in lookup.runners().items() if name in names}


def place(advice: FreezeAdvice) -> str | None:
    """Where the work is sent; None where it is to stay."""
    return None if advice.settings is None else advice.settings.runner


BLOCKING = Settings.named("gui_thread", "steps", 4, 2)
ALL = runners("gui_thread", "thread_pool", "process_pool")
NO_PROCESSES = runners("gui_thread", "thread_pool")


@pytest.mark.parametrize("kind", ["io", "network", "sleep", "lock", "c"])
def test_what_needs_no_gil_belongs_on_threads(kind: str) -> None:
    found = advise(kind, BLOCKING, Known(ALL, {}, True))
    assert place(found) == "thread_pool"
    assert "ThreadPoolExecutor" in found.text, "by its title"


def test_python_belongs_on_processes_or_else_on_polite_threads() -> None:
    assert place(advise("python", BLOCKING, Known(ALL, {}, True))) == "process_pool"
    without = advise("python", BLOCKING, Known(NO_PROCESSES, {}, True))
    assert place(without) == "thread_pool"
    assert "no faster" in without.why


def test_c_that_keeps_the_gil_belongs_on_processes_or_nowhere() -> None:
    assert place(advise("c_gil", BLOCKING, Known(ALL, {}, True))) == "process_pool"
    without = advise("c_gil", BLOCKING, Known(NO_PROCESSES, {}, True))
    assert place(without) is None
    assert "a thread would freeze the window too" in without.why


def test_without_a_gil_threads_are_enough() -> None:
    for kind in ("python", "c_gil"):
        assert place(advise(kind, BLOCKING, Known(ALL, {}, False))) == "thread_pool"


def test_what_is_missing_is_not_advised() -> None:
    broken = {**NO_PROCESSES, **runners("process_pool", missing="needs the package x")}
    assert place(advise("c_gil", BLOCKING, Known(broken, {}, True))) is None


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_sentence(kind: str) -> None:
    for some in (ALL, NO_PROCESSES, {}):
        assert advise(kind, BLOCKING, Known(some, {}, True)).text.endswith(".")


@pytest.mark.parametrize("work", ["download", "hashing"])
def test_threads_that_declare_to_leave_the_gil_are_not_sent_to_processes_for_what_the_window_computed(
    work: str,
) -> None:
    found = advise("python", Settings.named("thread_pool", work, 4, 2), Known(ALL, {}, True))
    assert place(found) is None
    assert "something else was busy" in found.why, "the machine, or the window's own painting"
