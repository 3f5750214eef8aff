"""The file of a program that was watched: its threads, its exit code, and what was delivered when it froze."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.watched_runs import STARTED, busy_threads, frozen, watched_run
from tests.unit.run_files.test_run_file import refused, rewritten
from workers.agent import messages
from workers.monitors.threads.history import MAX_THREADS, Threads
from workers.reports.summary import report
from workers.reports.verdict import verdict
from workers.run_files.members import LEAKS, THREAD_OF, THREAD_STATES, THREAD_TIMES, THREADS
from workers.run_files.reader import open_run
from workers.run_files.writer import drain, save_run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from workers.engine.run import Run


@pytest.fixture
def run() -> Run:
    left = messages.Left(11, "counter 1", False, frozen(1, 2).freeze.stack[0])
    return watched_run(frozen(2.0, 3.5), told=[*busy_threads(2), messages.Leaks((left,))], code=3, why="Ended.")


@pytest.fixture
def file(run: Run, tmp_path: Path) -> Path:
    path = tmp_path / "run.thaw"
    drain(save_run(run, path))
    return path


def test_all_of_it_comes_back(run: Run, file: Path) -> None:
    found = drain(open_run(file))
    assert (found.threads.names, found.threads.leaks) == (run.threads.names, ["counter 1"])
    ours, theirs = (
        [
            (one.thread, one.state, round(one.start - each.started, 6), round(one.end - each.started, 6))
            for one in told
        ]
        for each, told in (
            (run, run.threads.stretches(STARTED + 10)),
            (found, found.threads.stretches(found.span[1])),
        )
    )
    assert theirs == ours
    assert (found.exit_code, found.freezes[0].delivered) == (3, "slot Window.on_click (app.py:10)")
    assert found.settings.workload_entry.title == "Your own program"
    assert verdict(found) == verdict(run)
    assert report(found)["program"]["lines"] == report(run)["program"]["lines"]


def _without_one(members: dict[str, bytes]) -> None:
    members[THREAD_STATES] = members[THREAD_STATES][1:]


def _of_nobody(members: dict[str, bytes]) -> None:
    members[THREAD_OF] = b"\xff\xff" * (len(members[THREAD_OF]) // 2)


def _of_no_kind(members: dict[str, bytes]) -> None:
    members[THREAD_STATES] = b"\x63" * len(members[THREAD_STATES])


def _without_names(members: dict[str, bytes]) -> None:
    members[THREADS] = b"1\n"


def _without_leaks(members: dict[str, bytes]) -> None:
    del members[LEAKS]


def _late(members: dict[str, bytes]) -> None:
    members[THREAD_TIMES] = b"\xff" * len(members[THREAD_TIMES])


@pytest.mark.parametrize(
    "change", [_without_one, _of_nobody, _of_no_kind, _without_names, _without_leaks, _late]
)
def test_threads_that_cannot_be_are_refused(file: Path, change: Callable[[dict[str, bytes]], None]) -> None:
    assert "is damaged" in refused(rewritten(file, change))


def test_too_many_threads_and_states_that_nobody_knows_are_counted_alone() -> None:
    threads = Threads()
    for ident in range(MAX_THREADS + 2):
        threads.add(1.0, ident, f"thread {ident}", "python")
    threads.add(2.0, 0, "thread 0", "dances")
    assert (len(threads.names), len(threads), threads.lost) == (MAX_THREADS, MAX_THREADS, 3)
