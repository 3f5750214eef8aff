"""Beside other interpreters only the main thread of this one is looked at: to look at theirs would end the process."""

from __future__ import annotations

import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest

from workers.monitors.process import interpreters
from workers.monitors.stacks import processor_times, stack_of, thread_idents


@pytest.fixture
def beside_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interpreters, "are_several", lambda: True)
    # What nobody may call then.
    monkeypatch.delattr("sys._current_frames")


def test_the_main_thread_is_seen_from_another_one(beside_another: None) -> None:
    main = threading.main_thread().ident or 0
    with ThreadPoolExecutor(1) as pool:
        found = pool.submit(stack_of, main).result()
        mine = pool.submit(lambda: stack_of(threading.get_ident())).result()
        idents, times = pool.submit(thread_idents).result(), pool.submit(processor_times).result()
    assert "test_the_main_thread_is_seen_from_another_one" in [call.code.co_name for call in found]
    assert mine == []
    assert idents == {main}
    assert set(times) <= {main}


@pytest.mark.parametrize(("there", "several"), [([(0, 1)], False), ([(0, 1), (1, 5)], True)])
def test_they_are_counted_where_a_program_has_made_some(
    there: list[object], several: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.version_info", (3, 13, 0))
    monkeypatch.setitem(sys.modules, "_interpreters", SimpleNamespace(list_all=lambda: there))
    assert interpreters.are_several() is several


def test_one_gil_for_all_is_no_danger(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.version_info", (3, 11, 0))
    assert not interpreters.are_several()
