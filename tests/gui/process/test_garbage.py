"""Garbage is collected in the GUI thread, and in small pieces."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING

import pytest

from gui.process import garbage
from gui.process.garbage import Garbage, YieldingFinder
from workers.utils.gil.polite import EventLoopGate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot


class Collector:
    """Stands in for the module `gc`, and keeps what it is asked for: generations, and "stay"."""

    def __init__(self) -> None:
        self.young = garbage.YOUNG + 1
        self.asked: list[int | str] = []

    def get_count(self) -> tuple[int, int, int]:
        return self.young, 0, 0

    def collect(self, generation: int = 2) -> None:
        self.asked.append(generation)

    def freeze(self) -> None:
        self.asked.append("stay")


class Program:
    """Says whether a run goes on, and whether one has ended."""

    is_running = is_new = False


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> Collector:
    made = Collector()
    monkeypatch.setattr(garbage, "gc", made)
    return made


@pytest.fixture
def program() -> Program:
    return Program()


@pytest.fixture
def looks(qtbot: QtBot, program: Program, collector: Collector) -> Iterator[Garbage]:
    made = Garbage(EventLoopGate(), lambda: program.is_running, lambda: program.is_new)
    yield made
    made.close()


def asked(looks: Garbage, collector: Collector) -> list[int | str]:
    collector.asked.clear()
    looks._look()
    return list(collector.asked)


def test_the_newest_alone_are_looked_through_and_only_where_there_are_some(
    looks: Garbage, collector: Collector, program: Program
) -> None:
    for program.is_running in (True, False):
        assert asked(looks, collector) == [0]
    collector.young = garbage.YOUNG
    for program.is_running in (True, False):
        assert asked(looks, collector) == []


def test_after_a_run_what_it_left_is_looked_through_once_and_all_the_more_seldom_the_more_there_is(
    looks: Garbage, collector: Collector, program: Program
) -> None:
    collector.young = 0
    found = []
    for _ in range(9):
        program.is_running = True
        looks.run_begun()
        looks.run_ended()
        assert asked(looks, collector) == [], "never beside the next run"
        program.is_running = False
        found += asked(looks, collector)
        assert asked(looks, collector) == []
    assert found == [2, 2, 1, 2, 1, 1, 1, 2, 1]


def test_up_to_the_first_run_all_stays(looks: Garbage, collector: Collector, program: Program) -> None:
    looks.begin()
    assert collector.asked == ["stay"]
    collector.young, program.is_new = 0, True
    assert asked(looks, collector) == ["stay"]
    program.is_new = False
    assert asked(looks, collector) == []


def test_what_is_imported_in_a_thread_is_not_looked_through(looks: Garbage, collector: Collector) -> None:
    over = threading.Event()
    looks.load(over.wait)
    assert asked(looks, collector) == []
    over.set()
    looks._loaders[0].join()
    assert asked(looks, collector) == ["stay"]
    assert asked(looks, collector) == [0]


def test_beside_a_run_it_looks_more_often(looks: Garbage, collector: Collector, program: Program) -> None:
    usual = looks._timer.interval()
    looks.run_begun()
    assert looks._timer.interval() < usual
    looks._look()
    assert looks._timer.interval() == usual


def test_an_import_in_a_thread_gives_way_to_the_gui_thread_and_no_other_does(
    looks: Garbage, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[str] = []
    monkeypatch.setattr(EventLoopGate, "wait", lambda gate: waits.append(threading.current_thread().name))
    looks._gate.close()

    def load() -> None:
        [finder] = [one for one in sys.meta_path if isinstance(one, YieldingFinder)]
        mine = threading.Thread(target=finder.find_spec, args=("json", None), name="another")
        mine.start()
        mine.join()
        finder.find_spec("json", None)
        looks._gate.open()
        finder.find_spec("json", None)

    looks.load(load)
    looks._loaders[0].join()
    assert waits == ["preload"]
    assert not [one for one in sys.meta_path if isinstance(one, YieldingFinder)]


def test_what_is_imported_after_a_run_began_gives_way_again(
    looks: Garbage, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[str] = []
    monkeypatch.setattr(EventLoopGate, "wait", lambda gate: waits.append("waited"))
    looks._gate.close()

    def load(let_go: threading.Event) -> None:
        let_go.wait(5)
        [finder] = [one for one in sys.meta_path if isinstance(one, YieldingFinder)]
        finder.find_spec("json", None)

    def loaded(*, hurries: bool) -> list[str]:
        waits.clear()
        let_go = threading.Event()
        loader = looks.load(load, let_go)
        if hurries:
            looks.hurry()
        let_go.set()
        loader.join()
        looks._look()
        return list(waits)

    assert loaded(hurries=True) == []
    looks.hurry()  # a run is announced, and all that it needs is there
    assert loaded(hurries=False) == ["waited"]
