"""The line of hint below the toggle."""

from __future__ import annotations

from gui.guide import BLOCKING_OFF, BLOCKING_ON, after_run, blocking_twin, is_same_work, while_running
from tests.unit.made import lag_of, made_run

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
    assert [is_same_work(run, other) for other in others] == [False, False, False, True, True]
