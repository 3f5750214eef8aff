"""The line of hint below the toggle."""

from __future__ import annotations

import pytest

from gui.window.announcer import BLOCKING_OFF, BLOCKING_ON, after_run, blocking_twin, while_running
from tests.support.finished_runs import lag_of, made_run
from workers.reports.differences import is_same_work

POOL = "ThreadPoolExecutor"


def test_after_a_freeze_the_same_work_elsewhere_is_offered() -> None:
    hint = after_run(made_run("gui_thread", lag=lag_of(4210)), None, POOL)
    assert hint.text == "The window was frozen for 4.2 s. Now the very same work elsewhere:"
    assert (hint.label, hint.action) == (f"Run it on {POOL}", "runner")


def test_a_blocking_run_that_nobody_noticed_is_called_no_freeze() -> None:
    assert after_run(made_run("gui_thread", wall_s=0.05, lag=lag_of(60)), None, POOL) == BLOCKING_ON


def test_after_the_same_work_elsewhere_the_difference_is_told() -> None:
    before = made_run("gui_thread", wall_s=4.0, lag=lag_of(4010))
    hint = after_run(made_run(wall_s=2.0, lag=lag_of(22)), before, POOL)
    assert "worst lag 12 ms in place of 4.0 s, and 2.0 times as fast" in hint.text
    assert hint.action == ""


def test_a_thread_that_did_not_help_is_explained() -> None:
    hint = after_run(made_run(lag=lag_of(910)), made_run("gui_thread", lag=lag_of(4010)), POOL)
    assert "froze for 900 ms" in hint.text
    assert "GIL" in hint.text


def test_without_a_blocking_run_before_there_is_nothing_to_compare() -> None:
    assert after_run(made_run(lag=lag_of(22)), None, POOL) == BLOCKING_OFF
    assert after_run(made_run(lag=lag_of(22)), made_run("gui_thread"), POOL) == BLOCKING_OFF


def test_a_cancelled_run_teaches_nothing() -> None:
    assert after_run(made_run("gui_thread", cancelled=1, lag=lag_of(4010)), None, POOL) == BLOCKING_ON
    assert after_run(made_run(cancelled=1, lag=lag_of(22)), None, POOL) == BLOCKING_OFF


def test_while_it_runs_the_runner_is_named() -> None:
    assert POOL in while_running(POOL).text


def test_the_twin_is_the_latest_blocking_run_of_the_same_work() -> None:
    run = made_run()
    twin, older = made_run("gui_thread"), made_run("gui_thread")
    others = [
        made_run("gui_thread", tasks=5),
        made_run("gui_thread", seed=2),
        made_run("gui_thread", params=(("count", 1),)),
        made_run("gui_thread", cancelled=1),
        made_run("thread_pool"),
    ]
    assert blocking_twin(run, [older, twin, *others]) is twin
    assert blocking_twin(run, others) is None
    same = [is_same_work(run.settings, other.settings) for other in others]
    assert same == [False, False, False, True, True]


def test_a_parameter_of_the_place_makes_no_other_work() -> None:
    elsewhere = made_run("other_python", params=(("python", "pypy3"), ("count", 3)))
    compared = made_run("gui_thread", params=(("count", 3), ("python", "")))
    alone = made_run("gui_thread", params=(("count", 3),))
    assert is_same_work(elsewhere.settings, compared.settings)
    assert is_same_work(elsewhere.settings, alone.settings)
    assert not is_same_work(elsewhere.settings, made_run("gui_thread", params=(("count", 4),)).settings)


@pytest.mark.parametrize(
    ("runner", "said", "not_said"),
    [
        (
            "thread_pool",
            "It ran in threads, and yet the window froze for 900 ms: this work keeps the GIL",
            "processes",
        ),
        ("asyncio_loop", "It ran in threads", "processes"),
        ("process_pool", "It ran in a process pool, apart from the window's GIL, and yet", "threads"),
        ("other_python", "It ran in another Python, apart", "threads"),
        ("interpreters", "It ran in a pool of interpreters", "threads"),
        ("cooperative", "It ran on the GUI thread in slices", "threads"),
        ("process_events", "processEvents helps only as often as it is called", "threads"),
        ("qt_network", "what is made of them is made on the GUI thread", "in threads"),
        ("somebodys_own", "It ran elsewhere, and yet the window froze", "threads"),
    ],
)
def test_why_a_place_did_not_help_is_told_as_it_is_there(runner: str, said: str, not_said: str) -> None:
    text = after_run(made_run(runner, lag=lag_of(910)), None, POOL).text
    assert said in text
    assert "froze for 900 ms" in text
    assert not_said not in text


def test_what_the_runner_had_to_say_is_said() -> None:
    for lag, before in (
        (lag_of(22), None),
        (lag_of(22), made_run("gui_thread", lag=lag_of(4010))),
        (lag_of(910), None),
    ):
        run = made_run("process_events", lag=lag)
        run.notes = ["Up to 4 tasks stood inside one another."]
        assert after_run(run, before, POOL).text.endswith("Up to 4 tasks stood inside one another.")


def test_a_slow_start_of_processes_is_told() -> None:
    before = made_run("gui_thread", wall_s=4.0, lag=lag_of(4010))
    run = made_run("process_pool", wall_s=2.0, lag=lag_of(22))
    assert "before the first task" not in after_run(run, before, POOL).text
    run.recorder.changes.times[0] += 0.9
    assert after_run(run, before, POOL).text.endswith("900 ms of it went by before the first task began.")
