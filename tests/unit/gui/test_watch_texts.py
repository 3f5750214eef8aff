"""What the room Watch says of a program in each of its states."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gui.watch.stacks import dump_text, leak_words
from gui.watch.texts import DEAF, ENDED, FAILED, FROZEN, LOST, NEVER, NO_LOOP, SLOW, STARTING, WELL, told
from tests.support.watched_programs import CALLS, SLEEPS, SOURCE, MadeWatcher, line_of
from workers.agent.messages import Dumped, ThreadStack
from workers.watch.program import Program

if TYPE_CHECKING:
    from pathlib import Path

PROGRAM = Program("my_app.py", arguments=("--its", "--arguments"))


@pytest.fixture
def watcher() -> MadeWatcher:
    return MadeWatcher(PROGRAM)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "my_app.py"
    file.write_text(SOURCE, encoding="utf-8")
    return file


def at(watcher: MadeWatcher, seconds: float) -> float:
    return watcher.run.started + seconds


def test_before_its_agent_says_anything_it_starts(watcher: MadeWatcher) -> None:
    shown = told(watcher, at(watcher, 1.5))
    assert (shown.state, shown.figure) == (STARTING, "1.5 s")
    assert shown.sentence == "my_app.py --its --arguments is starting."


def test_before_its_loop_it_runs_and_nothing_is_measured(watcher: MadeWatcher) -> None:
    watcher.greet()
    shown = told(watcher, at(watcher, 2.0))
    assert shown.state == NO_LOOP
    assert "runs on Python 3.12.1, process 4321." in shown.sentence


def test_a_loop_that_comes_round_is_well(watcher: MadeWatcher) -> None:
    watcher.greet()
    watcher.begin_loop()
    watcher.beat(0.1, 2.0)
    shown = told(watcher, at(watcher, 2.1))
    assert (shown.state, shown.figure, shown.is_alarm) == (WELL, "0 ms", False)
    assert shown.sentence.endswith("Qt (PySide6 6.11.2).")
    assert shown.blame == "So far it has never stood still for over 250 ms."


def test_the_worst_of_the_last_half_second_is_told(watcher: MadeWatcher) -> None:
    watcher.greet()
    watcher.begin_loop()
    watcher.beat(0.1, 1.0)
    watcher.beat(1.11, 1.3)
    assert told(watcher, at(watcher, 1.4)).figure == "100 ms"


def test_what_was_told_late_is_no_freeze_yet(watcher: MadeWatcher) -> None:
    watcher.greet()
    watcher.begin_loop()
    watcher.beat(0.1, 2.0)
    assert told(watcher, at(watcher, 2.4)).state == WELL
    assert told(watcher, at(watcher, 2.6)).state == SLOW
    assert told(watcher, at(watcher, 3.0)).state == FROZEN


def test_while_it_is_frozen_the_line_is_named_and_who_called_it(watcher: MadeWatcher, path: Path) -> None:
    watcher.greet()
    watcher.begin_loop()
    watcher.beat(0.1, 2.0)
    watcher.sight(path, 2.0, 0.3)
    shown = told(watcher, at(watcher, 5.41))
    assert (shown.state, shown.figure, shown.is_alarm) == (FROZEN, "3.4 s", True)
    assert shown.sentence == "my_app.py --its --arguments has not responded for 3.4 s."
    assert shown.blame == "Its event loop's thread is sleeping, called by the slot Window.on_click:"
    assert shown.where == f"my_app.py, line {SLEEPS}, in load"
    assert shown.source == "time.sleep(seconds)"


def test_while_c_holds_its_gil_what_faulthandler_wrote_names_the_line(watcher: MadeWatcher, path: Path) -> None:
    watcher.greet()
    watcher.begin_loop()
    watcher.beat(0.1, 2.0)
    watcher.written = f'Thread 0x01 (most recent call first):\n  File "{path}", line {CALLS} in on_click\n'
    shown = told(watcher, at(watcher, 4.0))
    assert shown.state == FROZEN
    assert shown.sentence.endswith(DEAF)
    assert (shown.where, shown.source) == (f"my_app.py, line {CALLS}, in on_click", "load(0.5)")


def test_a_link_that_is_gone_is_told(watcher: MadeWatcher) -> None:
    watcher.greet()
    watcher.linked = False
    assert told(watcher, at(watcher, 2.0)).state == LOST


def test_its_end_is_told_with_its_freezes(watcher: MadeWatcher, path: Path) -> None:
    watcher.greet()
    watcher.begin_loop()
    watcher.beat(0.1, 2.0)
    watcher.freeze(path, 2.0, 3.01)
    watcher.beat(3.01, 4.0)
    watcher.end()
    shown = told(watcher, at(watcher, 9.0))
    assert (shown.state, shown.figure) == (ENDED, "1.0 s")
    assert shown.sentence.startswith(
        "my_app.py --its --arguments ended after 4.0 s: the window was frozen for 1.0 s"
    )


def test_a_crash_is_told_with_the_last_line_of_what_is_known(watcher: MadeWatcher) -> None:
    watcher.greet()
    watcher.end(1, "Traceback (most recent call last):\n  File ...\nValueError: nothing there\n")
    shown = told(watcher, 0.0)
    assert (shown.state, shown.blame) == (FAILED, "ValueError: nothing there")


def test_a_fatal_signal_is_told_with_what_it_was(watcher: MadeWatcher) -> None:
    watcher.greet()
    watcher.end(139, "Ended by SIGSEGV.\n\nFatal Python error: Segmentation fault\n\n  File ...")
    assert told(watcher, 0.0).blame == "Fatal Python error: Segmentation fault"


def test_an_exit_code_is_told_but_once(watcher: MadeWatcher) -> None:
    watcher.greet()
    watcher.end(3, "Ended with exit code 3.")
    shown = told(watcher, 0.0)
    assert (shown.state, shown.blame) == (FAILED, "")
    assert "ended with exit code 3" in shown.sentence


def test_a_program_that_ran_no_loop_is_told_as_that(watcher: MadeWatcher) -> None:
    watcher.greet()
    watcher.watched.note("It ran no event loop that Thaw knows.")
    watcher.end()
    shown = told(watcher, 0.0)
    assert (shown.state, shown.figure) == (NEVER, "")
    assert "It ran no event loop that Thaw knows." in shown.where


def test_stacks_and_threads_that_were_left_are_told(watcher: MadeWatcher, path: Path) -> None:
    line = line_of(path, SLEEPS, "load")
    dumped = Dumped(at(watcher, 3.0), (ThreadStack(255, "loader", (line,)),))
    assert dump_text(dumped, watcher.run.started) == (
        "All threads, 3.0 s after the start\n\n"
        f"loader (0xff)\n    my_app.py:{SLEEPS} in load\n        time.sleep(seconds)"
    )
    assert leak_words(watcher.run) == ""
    watcher.run.threads.leaks = ["loader", "pool_0"]
    assert leak_words(watcher.run) == "2 threads were still running when it ended: loader and pool_0."
