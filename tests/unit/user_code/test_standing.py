"""Which threads run the work, where they stand, and how one is ended."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from workers.engine.task import Control
from workers.user_code.limit import Left, end_thread
from workers.user_code.standing import at_work, words

if TYPE_CHECKING:
    from collections.abc import Callable

LIBRARY = threading.__file__


def test_a_place_is_told_by_its_own_lines() -> None:
    calls = ((__file__, 1, "outer"), (LIBRARY, 2, "run"), (__file__, 3, "inner"), (LIBRARY, 4, "wait"))
    assert words(calls) == "inner (test_standing.py:3), called by outer (test_standing.py:1)"
    assert words([(LIBRARY, 2, "run"), (LIBRARY, 4, "wait")]) == "wait (threading.py:4)"
    assert words(()) == ""


def started(work: Callable[[], object]) -> threading.Thread:
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


def test_only_who_runs_a_task_is_taken_to_do_so() -> None:
    """Whoever hands tasks out calls into the same file, and must not be ended for that."""
    control = Control()
    control.pause()
    hands_out = started(control.wait_while_paused)
    begun, over = threading.Event(), threading.Event()

    def own() -> None:
        begun.set()
        over.wait(10)

    works = started(own)
    assert begun.wait(10)
    found = at_work()
    control.resume()
    over.set()
    hands_out.join(10)
    works.join(10)
    assert words(found[works.ident or 0]).startswith("own (test_standing.py:")
    assert hands_out.ident not in found


def test_python_code_is_ended_wherever_it_is() -> None:
    begun, ended = threading.Event(), []

    def loops() -> None:
        try:
            while True:
                begun.set()
        except Left:
            ended.append(True)

    thread = started(loops)
    assert begun.wait(10)
    end_thread(thread.ident or 0)
    thread.join(10)
    assert ended == [True]
