"""The instruments: which are on, what that starts and ends, and when the witness comes up."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import pytest
from PySide6.QtCore import QObject, QPoint, QRect, QSize, Signal

from gui.controllers.core import Core
from gui.controllers.instruments import IN_SIGHT
from gui.process.preferences import Preferences
from gui.theme.theme import Theme
from tests.support.whole_app import TINY
from workers.command_line.parser import parse
from workers.engine.plan import Settings
from workers.monitors.freeze import Freeze

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

    from gui.controllers.instruments import Instruments
    from gui.live.graphs import LiveGraphs
    from tests.support.whole_app import Stage
    from workers.engine.run import Run

BLOCKING = Settings.named("gui_thread", "primes", 4, 2)
FREE = Settings.named("thread_pool", "primes", 4, 2)


class FrozenRun(NamedTuple):
    """A run with these freezes."""

    freezes: list[Freeze]


class FakeWitness(QObject):
    made: list[FakeWitness] = []  # noqa: RUF012 (emptied by the fixture)
    stop_requested = Signal()
    on_top_changed = Signal(bool)
    closed = Signal(str)

    def __init__(self, *given: Any) -> None:
        super().__init__()
        self.given, self.is_running = given, False
        self.looks: list[tuple[str, float]] = []
        self.places: list[list[QRect]] = []
        self.verdicts: list[Freeze] = []
        self.made.append(self)

    def start(self, beside: list[QRect]) -> None:
        self.is_running = True
        self.places.append(beside)

    def tell(self, sighting: object) -> None:
        """The window of a test stands still too, on a busy machine."""

    def tell_verdict(self, freeze: Freeze) -> None:
        self.verdicts.append(freeze)

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
    return {thread.name for thread in threading.enumerate()} & {"watchdog", "GIL meter", "main thread"}


def test_all_are_on_at_first_and_their_threads_start_with_the_window(make: Callable[..., Instruments]) -> None:
    instruments = make()
    assert running() == set()
    instruments.begin()
    assert running() == {"watchdog", "GIL meter", "main thread"}
    assert all(instruments.is_on(name) for name in ("timeline", "watchdog", "gil", "main", "witness"))
    instruments.close()
    assert running() == set()


def test_one_is_turned_off_and_on_and_that_is_remembered(make: Callable[..., Instruments]) -> None:
    instruments = make()
    instruments.begin()
    instruments.set_on("gil", False)
    assert running() == {"watchdog", "main thread"}
    assert not make().is_on("gil")
    instruments.set_on("gil", True)
    assert running() == {"watchdog", "GIL meter", "main thread"}


def test_the_command_line_decides(make: Callable[..., Instruments]) -> None:
    instruments = make(frozenset({"gil"}))
    instruments.begin()
    assert running() == {"GIL meter"}
    instruments.run_announced(BLOCKING)
    assert not FakeWitness.made


@pytest.mark.parametrize(
    ("settings", "is_risky"),
    [
        (Settings.named("gui_thread", "sleep", 4, 2), True),
        (Settings.named("process_events", "primes", 4, 2), True),
        (Settings.named("cooperative", "hold_gil", 4, 2), True),
        (Settings.named("thread_pool", "hold_gil", 4, 2), True),
        (Settings.named("qthread", "primes", 4, 2, polite=False), True),
        (Settings.named("thread_pool", "/my/own.py:work", 4, 2), True),
        (Settings.named("a_runner_of_somebody", "sleep", 4, 2), True),
        (Settings.named("thread_pool", "primes", 4, 2), False),
        (Settings.named("thread_pool", "hashing", 4, 2, polite=False), False),
        (Settings.named("asyncio_loop", "download", 4, 2), False),
        (Settings.named("thread_per_task", "sleep", 4, 2, polite=False), False),
        (Settings.named("process_pool", "hold_gil", 4, 2, polite=False), False),
        (Settings.named("process_pool", "/my/own.py:work", 4, 2), False),
    ],
)
def test_the_witness_comes_with_each_run_that_may_freeze_the_window(
    settings: Settings, is_risky: bool, make: Callable[..., Instruments]
) -> None:
    make().run_announced(settings)
    assert len(FakeWitness.made) == is_risky


def test_whoever_ticks_its_box_has_it_with_every_run(make: Callable[..., Instruments]) -> None:
    instruments = make()
    instruments.begin()
    instruments.run_announced(BLOCKING)
    FakeWitness.made[0].is_running = False
    FakeWitness.made[0].closed.emit("")  # by its cross
    instruments.run_announced(BLOCKING)
    assert len(FakeWitness.made) == 1, "it stays away"
    instruments.set_on("witness", True)
    assert len(FakeWitness.made) == 2, "it comes at once"
    assert FakeWitness.made[1].is_running
    FakeWitness.made[1].is_running = False
    instruments.run_announced(FREE)
    assert len(FakeWitness.made) == 3


def test_it_is_told_where_the_window_is_at_each_run(make: Callable[..., Instruments]) -> None:
    instruments = make()
    frame, graphs = QRect(0, 0, 800, 600), QRect(300, 0, 500, 200)
    instruments.frame = lambda: frame
    instruments.read = lambda: [graphs]
    instruments.run_announced(BLOCKING)
    instruments.run_announced(BLOCKING)
    assert FakeWitness.made[0].places == [[frame, graphs]] * 2


def test_it_says_of_freezes_what_the_window_says(make: Callable[..., Instruments]) -> None:
    instruments = make()
    run = FrozenRun([Freeze(began, began + 1.0, "io", "GUI thread", (), -1, (), 0, 0.0) for began in range(30)])
    instruments.run_finished(cast("Run", run))  # there is none yet
    instruments.run_announced(BLOCKING)
    instruments.run_finished(cast("Run", run))
    assert FakeWitness.made[0].verdicts == run.freezes[-IN_SIGHT:]


def test_it_says_of_a_freeze_in_the_middle_of_a_run_what_the_window_says(
    make: Callable[..., Instruments],
) -> None:
    instruments = make()
    told: list[Freeze] = []
    instruments.judged.connect(told.append)
    instruments.run_announced(BLOCKING)
    freeze = Freeze(1.0, 2.0, "c_gil", "GUI thread", (), -1, (), 0, 0.0)
    assert instruments._watchdog.judged is not None
    instruments._watchdog.judged(freeze)
    assert FakeWitness.made[0].verdicts == told == [freeze]


def test_a_freeze_that_outlasts_its_run_is_as_long_as_the_window_says(
    make: Callable[..., Instruments],
) -> None:
    instruments = make()
    instruments.run_announced(BLOCKING)
    in_run = Freeze(1.0, 5.5, "io", "GUI thread", (), -1, (), 0, 0.0)
    instruments.run_finished(cast("Run", FrozenRun([in_run])))
    assert instruments._watchdog.judged is not None
    instruments._watchdog.judged(in_run._replace(started=0.98, ended=5.6))
    later = in_run._replace(started=7.0, ended=8.0)
    instruments._watchdog.judged(later)
    assert FakeWitness.made[0].verdicts == [in_run, later]


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


def oldest(graphs: LiveGraphs) -> QPoint:
    """A point of the older half of its first graph's curve."""
    at = graphs.axes.geometry
    [top, bottom], *_ = at.areas
    return QPoint(at.left + 20, (top + at.label_height + bottom) // 2)


def test_menu_and_graphs_show_what_is_on(stage: Stage, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> None:
    monkeypatch.setattr("gui.witness.handle.Witness", FakeWitness)
    monkeypatch.setattr(FakeWitness, "made", [])
    with stage.app(["--instruments", "watchdog,gil", *TINY]) as app:
        window = app.window
        witness = window.menus._instruments["witness"]
        assert not witness.isChecked()
        assert "gil" in window.graphs.axes.wanted
        assert not window.pages.tasks.timeline.isVisibleTo(window.pages.tasks)
        witness.trigger()
        assert app.core.instruments.is_on("witness")
        qtbot.waitUntil(lambda: bool(FakeWitness.made))
        main, *read = FakeWitness.made[-1].places[0]
        assert main == window.frameGeometry()
        assert all(main.contains(part) for part in read)
        assert len(read) > 5
        graphs = window.graphs
        title = QRect(graphs.mapToGlobal(QPoint(8, 2)), QSize(200, 20))
        assert any(part.contains(title) for part in read)
        assert not any(part.contains(graphs.mapToGlobal(oldest(graphs))) for part in read)
        window.menus.presentation.trigger()
        qtbot.waitUntil(lambda: len(FakeWitness.made[-1].places) > 1)
        main, *read = FakeWitness.made[-1].places[-1]
        for shown in (window.strip.verdict, window.header.now, window.header.toggle):
            middle = shown.mapToGlobal(shown.rect().center())
            assert any(part.contains(middle) for part in read)
        at = graphs.axes.geometry
        run_name = graphs.mapToGlobal(QPoint(at.left + 20, at.top + at.label_height // 2))
        assert any(part.contains(run_name) for part in read)
        # All of the graph: a small witness goes. A large one hides the past, which is among these parts but once.
        past, corner = (graphs.mapToGlobal(place) for place in (oldest(graphs), QPoint(8, 2)))
        assert sum(part.contains(past) for part in read) == 1
        assert sum(part.contains(corner) for part in read) > 1
        window.menus.presentation.trigger()
        app.core.instruments.set_on("gil", False)
        assert "gil" not in window.graphs.axes.wanted
        app.core.instruments.set_on("timeline", True)
        assert window.pages.tasks.timeline.isVisibleTo(window.pages.tasks)
