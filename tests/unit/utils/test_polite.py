"""The file that people copy: turns in a program of one's own, and that nothing is left behind."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from workers.utils.gil import polite
from workers.utils.gil.polite import SWITCH_S, TURN_S, Polite

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PATIENCE_S = 5.0


@pytest.fixture
def made() -> Iterator[Polite]:
    with closing(Polite()) as made:
        yield made


def test_it_is_one_file_that_needs_nothing_of_thaw(tmp_path: Path) -> None:
    shutil.copy(polite.__file__, tmp_path)
    code = "import sys, polite; sys.exit(any(name.startswith(('workers', 'gui')) for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=False).returncode == 0


def test_one_thread_computes_at_a_time(made: Polite) -> None:
    inside: list[int] = []
    crowds: list[int] = []

    def work(number: int) -> None:
        with made.turn() as turn:
            for _ in range(3):
                inside.append(number)
                threading.Event().wait(TURN_S)  # others may run Python: it is the turn that keeps them out
                crowds.append(len(inside))
                inside.remove(number)
                turn.step()

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(work, range(3)))
    assert set(crowds) == {1}


def test_who_is_away_has_given_up_the_turn(made: Polite) -> None:
    def compute() -> str:
        with made.turn():
            return "computed"

    def wait(pool: ThreadPoolExecutor) -> str:
        with made.turn() as turn, turn.away():
            return pool.submit(compute).result(PATIENCE_S)

    with ThreadPoolExecutor(2) as pool:
        assert pool.submit(wait, pool).result(PATIENCE_S) == "computed"


def test_a_step_waits_at_the_gate_of_a_busy_window_but_not_for_ever(made: Polite) -> None:
    made.gate.close()

    def compute() -> bool:
        with made.turn() as turn:
            turn.step()
        return made.gate.shut

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(compute).result(PATIENCE_S) is False


def test_the_gui_thread_is_told_that_it_would_wait_for_itself(made: Polite) -> None:
    with pytest.raises(RuntimeError, match="in another thread"), made.turn():
        pass


def test_the_switch_interval_is_short_while_it_lasts() -> None:
    before = sys.getswitchinterval()
    with closing(Polite()):
        assert sys.getswitchinterval() == pytest.approx(SWITCH_S)
    assert sys.getswitchinterval() == before


def test_without_a_gil_nobody_takes_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "_is_gil_enabled", lambda: False, raising=False)
    with closing(Polite()) as made:
        assert not made.has_gate
        both = threading.Barrier(2, timeout=PATIENCE_S)

        def compute() -> int:
            with made.turn():
                return both.wait()

        with ThreadPoolExecutor(2) as pool:
            assert sorted(one.result(PATIENCE_S) for one in [pool.submit(compute), pool.submit(compute)]) == [
                0,
                1,
            ]
