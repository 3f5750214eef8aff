"""Run files are written and read in threads, one after the other, and what came of it is told here."""

from __future__ import annotations

import json
import threading
import time
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEventLoop, QTimer

from gui.controllers import run_files as module
from gui.controllers.catalog import Catalog
from gui.controllers.run_files import EXPORT_FILTERS, RUN_FILTER, RunFileIO, default_name
from gui.terminal import outcome as outcome_module
from gui.terminal.outcome import Outcome
from tests.support.finished_runs import made_run
from tests.support.full_runs import full_run
from tests.support.patience import AT_ONCE_S
from workers.catalog.lookup import named
from workers.command_line.parser import parse
from workers.engine.run import Run
from workers.run_files.reader import open_run
from workers.run_files.writer import drain, save_run
from workers.utils.gil.polite import EventLoopGate

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot


class Heard:
    """All that it tells, in order."""

    def __init__(self, run_files: RunFileIO) -> None:
        self.all: list[tuple[str, object]] = []
        self.threads: set[int] = set()
        run_files.progress.connect(lambda words: self.hear("progress", words))
        run_files.saved.connect(lambda path: self.hear("saved", path))
        run_files.opened.connect(lambda run: self.hear("opened", run))
        run_files.compared.connect(lambda blocking, other: self.hear("compared", (blocking, other)))
        run_files.failed.connect(lambda why: self.hear("failed", why))
        run_files.idle.connect(lambda: self.hear("idle", None))

    def hear(self, what: str, about: object) -> None:
        self.all.append((what, about))
        self.threads.add(threading.get_ident())


@pytest.fixture
def gate() -> EventLoopGate:
    return EventLoopGate()


@pytest.fixture
def run_files(qapp: object, gate: EventLoopGate) -> Iterator[RunFileIO]:
    made = RunFileIO(gate)
    yield made
    assert made.close(5.0)


def test_a_run_is_saved_and_opened(run_files: RunFileIO, qtbot: QtBot, tmp_path: Path) -> None:
    heard, path = Heard(run_files), tmp_path / "a.thaw"
    with qtbot.waitSignal(run_files.idle):
        run_files.save(full_run(), path)
        assert run_files.is_busy
        run_files.open(path)
    assert not run_files.is_busy
    assert [what for what, _ in heard.all] == ["progress", "saved", "progress", "opened", "progress", "idle"]
    assert heard.all[0][1] == "Saving a.thaw …"
    assert heard.all[1][1] == str(path)
    assert heard.all[2][1] == "Opening a.thaw …"
    run = heard.all[3][1]
    assert getattr(run, "file", None) == "a.thaw"
    assert heard.all[4][1] == ""
    assert heard.threads == {threading.get_ident()}, "told in the GUI thread only"


def test_a_comparison_is_opened_as_one(run_files: RunFileIO, qtbot: QtBot, tmp_path: Path) -> None:
    heard, run = Heard(run_files), full_run()
    run.compared_with = made_run("gui_thread")
    drain(save_run(run, tmp_path / "a.thaw"))
    with qtbot.waitSignal(run_files.idle):
        run_files.open(tmp_path / "a.thaw")
    (_, opened), (_, pair) = (each for each in heard.all if each[0] in {"opened", "compared"})
    assert isinstance(opened, Run)
    assert pair == (opened.compared_with, opened)


def test_what_fails_is_told_and_the_rest_goes_on(run_files: RunFileIO, qtbot: QtBot, tmp_path: Path) -> None:
    heard = Heard(run_files)
    with qtbot.waitSignal(run_files.idle):
        run_files.open(tmp_path / "nowhere.thaw")
        run_files.export(full_run(), tmp_path / "a.doc")
        run_files.export(full_run(), tmp_path / "a.csv")
    told = [(what, about) for what, about in heard.all if what in {"failed", "saved"}]
    assert [what for what, _ in told] == ["failed", "failed", "saved"]
    assert "nowhere.thaw cannot be opened" in str(told[0][1])
    assert "no kind of export" in str(told[1][1])
    assert (tmp_path / "a.csv").is_file()


def test_an_error_that_nobody_foresaw_does_not_keep_it_busy(
    run_files: RunFileIO, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(run: Run, path: Path) -> Generator[None, None, None]:
        yield
        raise ZeroDivisionError("nobody foresaw this")

    seen = []
    monkeypatch.setattr(threading, "excepthook", lambda about: seen.append(about.exc_type))
    monkeypatch.setattr(module, "save_run", broken)
    heard = Heard(run_files)
    with qtbot.waitSignal(run_files.idle):
        run_files.save(full_run(), tmp_path / "a.thaw")
    assert seen == [ZeroDivisionError], "and the log of problems has it"
    assert ("failed", "Saving a.thaw … This was not finished.") in heard.all


def test_the_files_are_written_in_a_thread_of_their_own(
    run_files: RunFileIO, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads = []

    def slow(run: Run, path: Path) -> Generator[None, None, None]:
        threads.append(threading.current_thread().name)
        yield

    monkeypatch.setattr(module, "save_run", slow)
    with qtbot.waitSignal(run_files.idle):
        run_files.save(full_run(), tmp_path / "a.thaw")
    assert threads == ["run files"]


def test_it_waits_at_the_gate(
    run_files: RunFileIO, gate: EventLoopGate, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits = []

    def wait() -> None:
        waits.append(threading.current_thread().name)
        gate.open()

    monkeypatch.setattr(gate, "wait", wait)
    gate.close()
    with qtbot.waitSignal(run_files.idle):
        run_files.save(full_run(), tmp_path / "a.thaw")
    assert waits == ["run files"]


def test_closing_gives_up_and_leaves_no_part(
    run_files: RunFileIO, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = threading.Event()

    def endless(run: Run, path: Path) -> Generator[None, None, None]:
        steps = save_run(run, path)
        next(steps)
        try:
            while True:
                begun.set()
                yield
        finally:
            steps.close()

    monkeypatch.setattr(module, "save_run", endless)
    heard = Heard(run_files)
    run_files.save(full_run(), tmp_path / "a.thaw")
    run_files.save(full_run(), tmp_path / "b.thaw")
    assert begun.wait(5)
    began = time.perf_counter()
    assert run_files.close()
    assert time.perf_counter() - began < AT_ONCE_S
    assert not run_files.is_busy
    assert not list(tmp_path.iterdir())
    run_files.save(full_run(), tmp_path / "c.thaw")  # too late
    loop = QEventLoop()
    QTimer.singleShot(0, loop.quit)
    loop.exec()
    assert [what for what, _ in heard.all] == ["progress"]
    assert not list(tmp_path.iterdir())


def test_files_have_names_that_tell_the_run() -> None:
    run = made_run("thread_pool")
    run.settings = run.settings._replace(workload_entry=named("workloads", "primes"), workers=4)
    run.began = time.mktime((2026, 11, 20, 15, 3, 12, 0, 0, -1))
    assert default_name(run) == "thaw-primes-thread_pool-4w-2026-11-20-1503.thaw"
    assert default_name(run, ".trace.json").endswith("-1503.trace.json")
    run.settings = run.settings._replace(workload_entry=named("workloads", "a/b:c.d"))
    assert default_name(run).startswith("thaw-a_b_c_d-thread_pool-4w")


def test_file_dialogs_know_every_kind() -> None:
    assert set(EXPORT_FILTERS) == {".csv", ".html", ".trace.json"}
    for suffix, text in EXPORT_FILTERS.items():
        assert text.endswith(f" (*{suffix})")
    assert RUN_FILTER == "Run of Thaw (*.thaw)"


# -------------------------------------------------------------------- what the command line asks for


def test_the_outcome_writes_what_was_asked_for_once(run_files: RunFileIO, qtbot: QtBot, tmp_path: Path) -> None:
    run, table = tmp_path / "a.thaw", tmp_path / "a.csv"
    options = parse(["--offscreen", "--save", str(run), "--export", str(table)])
    outcome = Outcome(options, run_files)
    with qtbot.waitSignal(run_files.idle):
        outcome.take_run(full_run())
    assert drain(open_run(run)).plan.count == 7
    assert table.is_file()
    run.unlink()
    outcome.take_run(full_run())
    assert not run_files.is_busy
    assert not run.exists()
    assert outcome.tell() == 0


def test_a_report_that_nobody_asked_for_is_not_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """It has the error of every task that failed, of 10,000 downloads, say; and the window waits for it."""
    made: list[Run] = []
    monkeypatch.setattr(outcome_module, "report", lambda run, judged: made.append(run))
    Outcome(parse(["--offscreen"])).take_run(full_run())
    assert made == []


def test_what_could_not_be_written_is_the_outcomes_problem(
    run_files: RunFileIO, qtbot: QtBot, tmp_path: Path
) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()
    options = parse(["--offscreen", "--save", str(folder / "a.thaw")])
    folder.rmdir()
    folder.write_text("what stands in the way of making it again")
    outcome = Outcome(options, run_files)
    with qtbot.waitSignal(run_files.idle):
        outcome.take_run(full_run())
    assert "cannot be written" in outcome.problem
    assert outcome.tell() == 2
    outcome.problem = ""
    with qtbot.waitSignal(run_files.idle):
        run_files.save(full_run(), folder / "b.thaw")
    assert outcome.problem == "", "what a person saves afterwards is no concern of the command line's"


def test_a_finished_run_knows_where_it_was_made(tmp_path: Path) -> None:
    run = made_run()
    Outcome(parse(["--offscreen"])).take_run(run)
    assert run.environment["python"]


@pytest.mark.parametrize(("budget", "code"), [("freezes=0,failed<2", 0), ("lag_max<50,failed=0", 1)])
def test_a_budget_decides_the_exit_code(budget: str, code: int, capsys: pytest.CaptureFixture[str]) -> None:
    outcome = Outcome(parse(["--offscreen", "--budget", budget]))
    outcome.take_run(full_run())
    assert outcome.tell() == code
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 2
    assert all(line.startswith("missed: " if code else "kept: ") for line in lines)


def test_of_a_comparison_the_runners_run_is_judged_and_saved(tmp_path: Path) -> None:
    path = tmp_path / "a.thaw"
    options = parse(["--offscreen", "--compare", "--budget", "failed=1", "--save", str(path)])
    outcome = Outcome(options)
    blocking, other = made_run("gui_thread"), full_run()
    outcome.take_run(blocking)
    outcome.take_run(other)
    other.compared_with = blocking
    outcome.take_comparison(blocking, other)
    assert outcome.tell() == 0
    found = drain(open_run(path))
    assert found.settings.runner == "thread_pool"
    assert found.compared_with is not None
    assert found.compared_with.settings.runner == "gui_thread"


def test_a_comparison_from_a_file_is_told_as_one(capsys: pytest.CaptureFixture[str]) -> None:
    outcome, run = Outcome(parse(["--headless", "--json"])), full_run()
    run.compared_with = made_run("gui_thread")
    outcome.take_run(run)
    outcome.take_comparison(run.compared_with, run)
    assert outcome.tell() == 0
    assert list(json.loads(capsys.readouterr().out)) == ["runs", "verdict"]


def test_a_budget_that_cannot_be_judged_is_a_problem() -> None:
    outcome = Outcome(parse(["--offscreen", "--budget", "lag_p95<50"]))
    outcome.take_run(made_run())
    assert "lag_p95 cannot be judged" in outcome.problem
    assert outcome.tell() == 2


def test_a_run_of_an_unknown_runner_has_its_name(capsys: pytest.CaptureFixture[str]) -> None:
    outcome = Outcome(parse(["--offscreen"]))
    outcome.take_run(made_run("of_tomorrow"))
    outcome.tell()
    assert capsys.readouterr().out.endswith(" on of_tomorrow.\n")
    assert Catalog().runner_title("of_tomorrow") == "of_tomorrow"
