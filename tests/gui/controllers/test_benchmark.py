"""The leader of benchmarks: from cell to cell with the real session and runners, cancel, refusals, time left."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

import pytest

from gui.controllers import benchmark
from gui.controllers.benchmark import BenchmarkLeader
from gui.controllers.bridge import Bridge
from gui.controllers.catalog import Catalog
from gui.controllers.run import Director
from tests.support.image_site import NoServer
from tests.support.leaks import children_of
from tests.support.whole_app import PATIENCE_MS
from workers.benchmark import results
from workers.benchmark.choice import Choice
from workers.benchmark.findings import remarks
from workers.benchmark.matrix import Cell
from workers.engine.plan import BLOCKING
from workers.engine.session import Session
from workers.user_code import run_limit
from workers.user_code.limit import Left
from workers.utils.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from workers.benchmark.results import Benchmark

TINY = Choice(("thread_pool",), ("sleep",), (1, 2), 2, tasks=2, params=(("seconds", 0.02),))


class Led:
    """A leader with all that it leads, and what it told.

    Attributes:
        runs: the runs that were finished, by runner and workers.
        finished: the benchmarks that were.
        refusals: why one could not begin.
    """

    def __init__(self, qtbot: QtBot) -> None:
        self._qtbot = qtbot
        self.bridge = Bridge()
        self.session = Session(self.bridge.post, NoServer())
        self.director = Director(self.session, self.bridge)
        self.leader = BenchmarkLeader(self.session, self.director, Catalog(), has_window=False)
        self.runs: list[Cell] = []
        self.finished: list[Benchmark] = []
        self.refusals: list[str] = []
        self.director.finished.connect(
            lambda run: self.runs.append(Cell(run.settings.runner, run.settings.workload, run.settings.workers))
        )
        self.leader.finished.connect(self.finished.append)
        self.leader.refused.connect(self.refusals.append)

    def measure(self, choice: Choice) -> Benchmark:
        """Run a benchmark to its end."""
        self.leader.start(choice)
        self._qtbot.waitUntil(lambda: bool(self.finished), timeout=20_000)
        return self.finished[-1]

    def close(self) -> None:
        """Take it apart."""
        self.leader.close()
        self.director.cancel()
        self._qtbot.waitUntil(lambda: self.session.close(0))


@pytest.fixture
def led(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Led]:
    # The pauses let a machine calm down; what is told here does not depend on their length.
    monkeypatch.setattr(benchmark, "PAUSE_MS", 20)
    monkeypatch.setattr(benchmark, "AFTER_FREEZE_MS", 60)
    made = Led(qtbot)
    yield made
    made.close()


def test_every_cell_is_measured_as_often_as_was_asked(led: Led) -> None:
    benchmark = led.measure(TINY)
    assert led.runs == list(benchmark.matrix.order())
    assert {result.cell: result.runs for result in benchmark.results()} == dict.fromkeys(
        benchmark.matrix.cells, 2
    )
    assert (benchmark.done, benchmark.cancelled) == (6, False)
    two = benchmark.result(Cell("thread_pool", "sleep", 2)).speed_up
    assert two is not None
    assert two.low <= two.median <= two.high
    assert not led.leader.is_running
    assert led.leader.time_left_s is None


def test_its_runs_are_not_kept(led: Led) -> None:
    led.measure(TINY)
    assert led.session.runs == []


def test_a_cancel_keeps_what_is_done(led: Led, qtbot: QtBot) -> None:
    led.leader.start(TINY._replace(params=(("seconds", 0.2),)))
    qtbot.waitUntil(
        lambda: led.leader.benchmark is not None and led.leader.benchmark.done == 1, timeout=PATIENCE_MS
    )
    qtbot.waitUntil(lambda: led.session.is_running)
    led.leader.cancel()
    qtbot.waitUntil(lambda: bool(led.finished))
    benchmark = led.finished[0]
    assert (benchmark.done, benchmark.cancelled) == (1, True)
    assert [result.cell.runner for result in benchmark.results()] == [BLOCKING]
    assert not led.leader.is_running


def test_a_cancel_between_two_cells_and_before_the_first(led: Led, qtbot: QtBot) -> None:
    led.leader.start(TINY)
    led.leader.cancel()
    qtbot.waitUntil(lambda: bool(led.finished))
    assert (led.finished[0].done, led.finished[0].cancelled) == (0, True)
    with qtbot.waitSignal(led.leader.begun):
        led.leader.start(TINY)
    assert led.leader.is_running
    led.leader.cancel()
    assert len(led.finished) == 2
    assert led.runs == []


def test_a_run_that_somebody_cancels_ends_it(led: Led, qtbot: QtBot) -> None:
    led.leader.start(TINY._replace(params=(("seconds", 0.2),)))
    qtbot.waitUntil(lambda: led.session.is_running and led.leader.current == Cell("thread_pool", "sleep", 1))
    led.director.cancel()
    qtbot.waitUntil(lambda: bool(led.finished))
    assert (led.finished[0].done, led.finished[0].cancelled) == (1, True)


def test_a_second_start_has_no_effect(led: Led) -> None:
    led.leader.start(TINY)
    led.leader.start(TINY._replace(repeat=9))
    assert led.measure(TINY).matrix.choice.repeat == 2


def test_what_cannot_be_run_at_all_is_refused_with_its_reason(led: Led, qtbot: QtBot) -> None:
    led.leader.start(TINY._replace(runners=("qt_network",)))
    qtbot.waitUntil(lambda: bool(led.refusals))
    assert "only downloads" in led.refusals[0]
    assert not led.leader.is_running


def test_a_cell_that_fails_is_not_tried_again(led: Led) -> None:
    choice = TINY._replace(workloads=("download",), params=(("tries", 1),), workers=(1,), tasks=1, repeat=3)
    benchmark = led.measure(choice)
    assert all("tasks failed" in result.problem for result in benchmark.results())
    assert benchmark.done == benchmark.matrix.runs
    assert len(led.runs) == 2


def test_places_that_cannot_be_told_apart_run_again(led: Led, monkeypatch: pytest.MonkeyPatch) -> None:
    cell = Cell("thread_pool", "sleep", 2)
    monkeypatch.setattr(
        "workers.benchmark.advice.again", lambda results: [cell] if len(results.samples(cell)) < 4 else []
    )
    benchmark = led.measure(TINY._replace(until_told=True))
    assert benchmark.done == benchmark.runs == benchmark.matrix.runs + 2
    assert (benchmark.result(cell).runs, benchmark.result(cell._replace(workers=1)).runs) == (4, 2)


def test_places_that_run_again_do_so_there_and_back(led: Led, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else what comes later would have the warmer machine each time."""
    pair = [Cell("thread_pool", "sleep", workers) for workers in (1, 2)]
    monkeypatch.setattr(
        "workers.benchmark.advice.again", lambda results: pair if len(results.samples(pair[0])) < 5 else []
    )
    led.measure(TINY._replace(until_told=True))
    assert [cell.workers for cell in led.runs[-6:]] == [1, 2, 2, 1, 1, 2]


def test_a_cell_that_the_session_refuses_does_not_end_the_others(
    led: Led, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = led.session.start

    def refuse_one(settings: object, begun: object) -> object:
        if getattr(settings, "workers", 0) == 2:
            raise BadInput("Not today.")
        return start(settings, begun)  # type: ignore[arg-type]  # the real one, whatever it is given

    monkeypatch.setattr(led.session, "start", refuse_one)
    benchmark = led.measure(TINY)
    assert benchmark.result(Cell("thread_pool", "sleep", 2)).problem == "Not today."
    assert benchmark.result(Cell("thread_pool", "sleep", 1)).runs == 2


def test_it_says_how_long_it_will_take(led: Led, qtbot: QtBot) -> None:
    told: list[float | None] = []
    led.leader.progressed.connect(lambda: told.append(led.leader.time_left_s))
    led.measure(TINY)
    known = [left for left in told if left is not None]
    assert len(known) == 6
    assert known[0] > known[-1] > 0


# ---------------------------------------------------------------- cells that do not end

MINE = """import multiprocessing, os, threading, time

def loops(index):
    if threading.current_thread() is not threading.main_thread():
        for_ever()

def for_ever():
    while True:
        try:
            pass
        except BaseException:
            pass

def waits(index, fd: int):
    if threading.current_thread() is not threading.main_thread():
        os.read(fd, 1)

def loops_in_the_gui_thread(index):
    if index and threading.current_thread() is threading.main_thread() and not multiprocessing.parent_process():
        for_ever()

def waits_in_a_process(index):
    if multiprocessing.parent_process():
        time.sleep(3600)
"""


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Choice]:
    """A benchmark of a function of `MINE`, whose cells may take half a second."""
    file = tmp_path / "mine.py"
    file.write_text(MINE)
    monkeypatch.setattr(results, "SPARE_S", 0.5)
    monkeypatch.setattr(results, "UNKNOWN_S", 0.5)
    monkeypatch.setattr(run_limit, "GRACE_S", 1.0)
    monkeypatch.setattr(run_limit, "GUI_GRACE_S", 0.2)
    return lambda function, *runners, **params: Choice(
        runners, (f"{file}:{function}",), (1,), 2, tasks=2, params=tuple(params.items())
    )


def test_a_cell_that_does_not_end_is_ended_and_told_with_where_it_stands(
    led: Led, own: Callable[..., Choice]
) -> None:
    benchmark = led.measure(own("loops", "thread_pool", "qthread"))
    base, *late = benchmark.results()
    assert (base.runs, base.problem) == (2, "")
    for result in late:
        assert result.runs == 0
        assert re.fullmatch(
            r"It had not ended after \d[\d.]* m?s: a call stands in for_ever \(mine\.py:\d+\), called by loops "
            r"\(mine\.py:5\)\.",
            result.problem,
        ), result.problem
    assert [cell.runner for cell in led.runs].count("qthread") == 1, "it is not tried again"
    assert (benchmark.cancelled, benchmark.done, benchmark.left) == (False, 6, [])
    assert led.session.is_free


def test_what_nothing_can_end_is_left_behind_and_told(
    led: Led, own: Callable[..., Choice], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_limit, "GRACE_S", 0.2)
    near, far = os.pipe()
    try:
        benchmark = led.measure(own("waits", "thread_pool", "qthread", fd=near))
        assert [cell.runner for cell in benchmark.left] == ["thread_pool", "qthread"]
        assert all(
            "a call stands in waits (mine.py:16)" in one.problem for one in benchmark.results() if one.problem
        )
        assert any("Calls that nothing could end" in line for line in remarks(benchmark))
        assert led.session.is_free, "the next run may come"
        assert not led.session.close(0), "who leaves waits for them"
    finally:
        os.write(far, b"xx")
        os.close(far)
        led.close()
        os.close(near)


def test_a_call_that_keeps_the_gui_thread_is_ended_too(led: Led, own: Callable[..., Choice]) -> None:
    benchmark = led.measure(own("loops_in_the_gui_thread", "cooperative", "process_events", "thread_pool"))
    problems = {result.cell.runner: result.problem for result in benchmark.results()}
    assert problems.pop("thread_pool") == ""
    assert set(problems) == {BLOCKING, "cooperative", "process_events"}
    for problem in problems.values():
        assert "a call stands in for_ever (mine.py:" in problem
    assert not benchmark.cancelled


def test_a_process_says_where_it_stands(
    led: Led, own: Callable[..., Choice], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(results, "SPARE_S", 4.0)  # an interpreter has to start
    benchmark = led.measure(own("waits_in_a_process", "process_pool", "thread_pool"))
    problems = {result.cell.runner: result.problem for result in benchmark.results()}
    assert "a call stands in waits_in_a_process (mine.py:" in problems["process_pool"]
    assert problems["thread_pool"] == ""


def test_where_the_end_comes_between_two_calls_the_others_go_on(
    led: Led, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python raises it at the next line, which may be one of ours."""
    start = led.session.start

    def end_one(settings: object, begun: Callable[[object], None]) -> object:
        if getattr(settings, "workers", 0) == 2:
            begun(None)
            led.leader._limit.why = "It had not ended."
            raise Left
        return start(settings, begun)  # type: ignore[arg-type]  # the real one, whatever it is given

    monkeypatch.setattr(led.session, "start", end_one)
    benchmark = led.measure(TINY)
    assert benchmark.result(Cell("thread_pool", "sleep", 2)).problem == "It had not ended."
    assert benchmark.result(Cell("thread_pool", "sleep", 1)).runs == 2


def test_a_cancel_ends_the_question_whether_it_is_thread_safe(
    led: Led, own: Callable[..., Choice], qtbot: QtBot
) -> None:
    before = children_of(os.getpid())
    led.leader.start(own("for_ever", "thread_pool")._replace(workers=(4,)))
    qtbot.waitUntil(lambda: children_of(os.getpid()) > before, timeout=PATIENCE_MS)
    led.leader.cancel()
    qtbot.waitUntil(lambda: bool(led.finished), timeout=3_000)
    assert (led.finished[0].cancelled, led.runs) == (True, [])
    assert children_of(os.getpid()) == before


def test_a_cancel_ends_such_a_cell_soon(
    led: Led, own: Callable[..., Choice], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(results, "SPARE_S", 60.0)
    led.leader.start(own("loops", "thread_pool"))
    qtbot.waitUntil(
        lambda: led.session.is_running and getattr(led.leader.current, "runner", "") == "thread_pool",
        timeout=PATIENCE_MS,
    )
    led.leader.cancel()
    qtbot.waitUntil(lambda: bool(led.finished), timeout=PATIENCE_MS)
    assert led.finished[0].cancelled
