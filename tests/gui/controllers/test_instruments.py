"""The instruments: which are on, what that starts and ends, and when the witness comes up."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QObject, Signal

from gui.controllers.core import Core
from gui.process.preferences import Preferences
from gui.theme.theme import Theme
from tests.support.whole_app import TINY
from workers.command_line.parser import parse
from workers.engine.plan import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

    from gui.controllers.instruments import Instruments
    from tests.support.whole_app import Stage

BLOCKING = Settings.named("gui_thread", "primes", 4, 2)
FREE = Settings.named("thread_pool", "primes", 4, 2)


class FakeWitness(QObject):
    made: list[FakeWitness] = []  # noqa: RUF012 (emptied by the fixture)
    stop_requested = Signal()
    on_top_changed = Signal(bool)
    closed = Signal(str)

    def __init__(self, *given: Any) -> None:
        super().__init__()
        self.given, self.is_running = given, False
        self.looks: list[tuple[str, float]] = []
        self.made.append(self)

    def start(self, frame: object) -> None:
        self.is_running = True

    def close(self) -> None:
        self.is_running = False

    def set_look(self, scheme: str, scale: float) -> None:
        self.looks.append((scheme, scale))


@pytest.fixture
def make(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Instruments]]:
    FakeWitness.made.clear()
    monkeypatch.setattr("gui.witness.handle.Witness", FakeWitness)
    preferences = Preferences(lasting=False)
    made = []

    def build(asked: frozenset[str] | None = None, interactive: bool = True) -> Instruments:
        arguments = [] if interactive else ["--offscreen"]
        if asked is not None:
            arguments += ["--instruments", ",".join(asked) or "none"]
        made.append(Core(parse(arguments), (Theme(qapp), preferences)))
        return made[-1].instruments

    yield build
    for core in made:
        core.close()


def running() -> set[str]:
    return {thread.name for thread in threading.enumerate()} & {"watchdog", "GIL meter"}


def test_all_are_on_at_first_and_their_threads_start_with_the_window(make: Callable[..., Instruments]) -> None:
    instruments = make()
    assert running() == set()
    instruments.begin()
    assert running() == {"watchdog", "GIL meter"}
    assert all(instruments.is_on(name) for name in ("timeline", "watchdog", "gil", "witness"))
    instruments.close()
    assert running() == set()


def test_one_is_turned_off_and_on_and_that_is_remembered(make: Callable[..., Instruments]) -> None:
    instruments = make()
    instruments.begin()
    instruments.set_on("gil", False)
    assert running() == {"watchdog"}
    assert not make().is_on("gil")
    instruments.set_on("gil", True)
    assert running() == {"watchdog", "GIL meter"}


def test_the_command_line_decides(make: Callable[..., Instruments]) -> None:
    instruments = make(frozenset({"gil"}))
    instruments.begin()
    assert running() == {"GIL meter"}
    instruments.run_announced(BLOCKING)
    assert not FakeWitness.made


def test_the_witness_comes_with_the_first_blocking_run(make: Callable[..., Instruments]) -> None:
    instruments = make()
    instruments.begin()
    instruments.run_announced(FREE)
    assert not FakeWitness.made
    instruments.run_announced(BLOCKING)
    [witness] = FakeWitness.made
    assert witness.given[1] == instruments._watchdog.dump_fd is not None
    instruments.run_announced(BLOCKING)
    assert len(FakeWitness.made) == 1, "it is still there"
    instruments.restyle()
    assert len(witness.looks) == 1
    instruments.set_on("witness", False)
    assert not witness.is_running


def test_whoever_closes_the_witness_has_unchecked_its_box(
    make: Callable[..., Instruments], qtbot: QtBot
) -> None:
    instruments = make()
    instruments.run_announced(BLOCKING)
    with qtbot.waitSignal(instruments.changed):
        FakeWitness.made[0].closed.emit("")
    assert not instruments.is_on("witness")


def test_a_witness_that_died_comes_back_with_the_next_run(make: Callable[..., Instruments]) -> None:
    instruments = make()
    instruments.run_announced(BLOCKING)
    FakeWitness.made[0].is_running = False
    FakeWitness.made[0].closed.emit("it crashed")
    assert instruments.is_on("witness")
    instruments.run_announced(BLOCKING)
    assert len(FakeWitness.made) == 2


def test_off_screen_nobody_looks_at_a_witness_unless_it_is_asked_for(make: Callable[..., Instruments]) -> None:
    make(interactive=False).run_announced(BLOCKING)
    assert not FakeWitness.made
    make(frozenset({"witness"}), interactive=False).begin()
    assert len(FakeWitness.made) == 1


def test_a_witness_of_another_watchdog_is_closed(make: Callable[..., Instruments]) -> None:
    instruments = make()
    instruments.begin()
    instruments.run_announced(BLOCKING)
    instruments.set_on("watchdog", False)
    assert not FakeWitness.made[0].is_running


def test_stop_in_the_witness_cancels_what_waits_as_well(core: Core, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gui.witness.handle.Witness", FakeWitness)
    core.instruments.set_on("witness", True)
    core.director.start(BLOCKING)
    assert core.director.is_busy
    FakeWitness.made[-1].stop_requested.emit()
    assert not core.director.is_busy


def test_menu_and_graphs_show_what_is_on(stage: Stage) -> None:
    with stage.app(["--instruments", "watchdog,gil", *TINY]) as app:
        window = app.window
        witness = window.menus._instruments["witness"]
        assert not witness.isChecked()
        assert window.graphs.is_gil_visible
        assert not window.pages.tasks.timeline.isVisibleTo(window.pages.tasks)
        witness.trigger()
        assert app.core.instruments.is_on("witness")
        app.core.instruments.set_on("gil", False)
        assert not window.graphs.is_gil_visible
        app.core.instruments.set_on("timeline", True)
        assert window.pages.tasks.timeline.isVisibleTo(window.pages.tasks)
