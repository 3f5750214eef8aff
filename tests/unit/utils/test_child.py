"""A child process is run to its end, and not left behind by whoever stops waiting for it."""

from __future__ import annotations

import sys
import time

import psutil
import pytest

from workers.utils.child import private, run_child


def test_what_a_child_says_comes_back_with_its_exit_code() -> None:
    code = "print(sys.argv[1:]); print('wrong', file=sys.stderr); sys.exit(3)"
    ended = run_child(private(code, "a"), time.sleep)
    assert (ended.returncode, ended.stdout, ended.stderr) == (3, "['a']\n", "wrong\n")


def test_a_child_has_variables_of_its_own() -> None:
    ended = run_child(
        [sys.executable, "-c", "import os; print(os.environ['THAW_X'])"], time.sleep, {"THAW_X": "x"}
    )
    assert ended.stdout == "x\n"


def test_a_child_is_killed_when_its_task_is_cancelled() -> None:
    before = set(psutil.Process().children())

    def cancelled(seconds: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_child([sys.executable, "-c", "import time; time.sleep(60)"], cancelled)
    assert set(psutil.Process().children()) <= before
