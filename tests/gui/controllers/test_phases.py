"""The log: a line for each phase of runs, benchmarks and their files, from the level on that was asked for."""

from __future__ import annotations

import io
import logging
import sys
import time
from typing import TYPE_CHECKING

import pytest

from gui.controllers import benchmark as benchmark_module
from gui.controllers.benchmark import BenchmarkLeader
from gui.controllers.bridge import Bridge
from gui.controllers.catalog import Catalog
from gui.controllers.phases import PhaseLog
from gui.controllers.run import Director
from gui.controllers.run_files import RunFileIO
from gui.process import log as log_module
from gui.process.log import begin, log, since_start
from tests.support import finished_runs
from tests.support.image_site import NoServer
from workers.benchmark.choice import Choice
from workers.command_line.declaration import LOG_LEVELS
from workers.engine.plan import Settings
from workers.engine.session import Session
from workers.utils.gil.polite import EventLoopGate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], io.StringIO]]:
    """Begins a log of some level; returns what standard error gets. All is as before afterwards."""

    def start(level: str) -> io.StringIO:
        # In the test itself: pytest's own handlers and streams come after fixtures.
        error = io.StringIO()
        monkeypatch.setattr(sys, "stderr", error)
        monkeypatch.setattr(log, "handlers", [])
        monkeypatch.setattr(logging, "raiseExceptions", True)
        monkeypatch.setattr(log_module, "_began", 0.0)
        begin(level, time.perf_counter())
        return error

    yield start
    log.setLevel(logging.NOTSET)


class Stage:
    """The controllers that the log hears."""

    def __init__(self) -> None:
        bridge = Bridge()
        self.session = Session(bridge.post, NoServer())
        self.director = Director(self.session, bridge)
        self.leader = BenchmarkLeader(self.session, self.director, Catalog(), has_window=False)
        self.run_files = RunFileIO(EventLoopGate())
        self.phases = PhaseLog(self.director, self.leader, self.run_files)


@pytest.fixture
def stage(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    monkeypatch.setattr(benchmark_module, "PAUSE_MS", 0)
    monkeypatch.setattr(benchmark_module, "AFTER_FREEZE_MS", 0)
    made = Stage()
    yield made
    made.leader.close()
    made.run_files.close()
    qtbot.waitUntil(lambda: made.session.close(0))


def lines(error: io.StringIO) -> list[str]:
    """What was written, without times."""
    return [line.partition(" ")[2] for line in error.getvalue().splitlines()]


def test_a_run_and_its_file(
    qtbot: QtBot, stage: Stage, written: Callable[[str], io.StringIO], tmp_path: Path
) -> None:
    error, path = written("info"), tmp_path / "run.thaw"
    with qtbot.waitSignal(stage.director.idle):
        stage.director.start(Settings.named("thread_pool", finished_runs.WORK, 3, 2))
    run = stage.session.run
    assert run is not None
    with qtbot.waitSignal(stage.run_files.idle):
        stage.run_files.save(run, path)
    with qtbot.waitSignal(stage.run_files.idle):
        stage.run_files.open(path)
    begins, *told = lines(error)
    assert begins.startswith("INFO Thaw ")
    assert "Python" in begins
    what = f"{finished_runs.WORK} on thread_pool"
    assert told == [
        f"INFO run begun: {what}, 3 tasks",
        f"INFO run ended: {what}, 3 done, 0 failed, 0 cancelled in {run.wall_s:.3f} s",
        f"INFO saved {path}",
        f"INFO opened a run: {what}, 3 tasks",
    ]


def test_a_run_that_cannot_begin(qtbot: QtBot, stage: Stage, written: Callable[[str], io.StringIO]) -> None:
    error = written("info")
    with qtbot.waitSignal(stage.director.idle):
        stage.director.start(Settings.named("thread_pool", finished_runs.WORK, 0, 2))
    assert lines(error)[1:] == ["INFO not done: There is nothing to do: the run has no tasks."]


@pytest.mark.parametrize(("level", "of_runs"), [("info", 0), ("debug", 6)])
def test_the_runs_of_a_benchmark_are_for_debugging(
    level: str, of_runs: int, qtbot: QtBot, stage: Stage, written: Callable[[str], io.StringIO]
) -> None:
    error = written(level)
    with qtbot.waitSignal(stage.leader.finished, timeout=20_000):
        stage.leader.start(
            Choice(("thread_pool",), ("sleep",), (1, 2), 1, tasks=2, params=(("seconds", 0.01),))
        )
    told = lines(error)[1:]
    assert told[0] == "INFO benchmark begun: 3 runs"
    assert told[-1].startswith("INFO benchmark ended: 3 runs in ")
    assert len([line for line in told if line.startswith("DEBUG run ")]) == of_runs
    assert len(told) == 2 + of_runs


@pytest.mark.parametrize("level", ["", *LOG_LEVELS])
def test_the_level_says_what_is_written(level: str, written: Callable[[str], io.StringIO]) -> None:
    error = written(level)
    for each in LOG_LEVELS:
        getattr(log, each)("words of %s", each)
    first = LOG_LEVELS.index(level or "warning")
    said = [line for line in error.getvalue().splitlines() if "words of" in line]
    assert [line.rpartition(" ")[2] for line in said] == list(LOG_LEVELS[first:])
    assert bool(log.handlers) == bool(level), "nobody asked for one"


def test_time_is_counted_from_the_start(written: Callable[[str], io.StringIO]) -> None:
    written("")
    assert 0 <= since_start() < 60
