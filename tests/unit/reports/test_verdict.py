"""What is said of a run: each sentence true, and each number that of the run."""

from __future__ import annotations

import pytest

from tests.support.finished_runs import lag_of, made_run
from workers.reports.verdict import compare_verdict, first_error, speed_words, verdict, window_words

POOL = "ThreadPoolExecutor"


def test_frozen_once() -> None:
    said = verdict(made_run("gui_thread", wall_s=4.21, lag=lag_of(4210)), "GUI thread (blocking)")
    assert said == "4 tasks done in 4.2 s on the GUI thread: the window was frozen for 4.2 s."


def test_frozen_several_times() -> None:
    said = verdict(made_run(lag=lag_of(510, 1010, 310)), POOL)
    assert said == (
        "4 tasks done in 2.0 s on ThreadPoolExecutor: the window froze 3 times, 1.0 s at the longest and 1.8 s in all."
    )


@pytest.mark.parametrize(
    ("worst_ms", "said"),
    [
        (22, "the window never lagged more than 12 ms"),
        (58, "the window never lagged more than 48 ms"),
        (90, "the window lagged by up to 80 ms"),
        (10, "the window never lagged more than 0 ms"),
    ],
)
def test_never_frozen(worst_ms: float, said: str) -> None:
    assert window_words(made_run(lag=lag_of(worst_ms))) == said


def test_without_a_window_nothing_is_said_of_one() -> None:
    assert verdict(made_run(tasks=1), POOL) == "1 task done in 2.0 s on ThreadPoolExecutor."


def test_cancelled() -> None:
    run = made_run(tasks=1000, cancelled=990, wall_s=1.5, lag=lag_of(20))
    assert verdict(run, POOL).startswith(
        "Cancelled after 1.5 s with 10 of 1,000 tasks done on ThreadPoolExecutor: "
    )


def test_failed() -> None:
    run = made_run(failed=2)
    assert first_error(run) == "ValueError: nothing there"
    assert (
        verdict(run, POOL) == "2 of 4 tasks failed in 2.0 s (ValueError: nothing there) on ThreadPoolExecutor."
    )
    assert first_error(made_run()) == ""


@pytest.mark.parametrize(("idle_ms", "busy"), [(0, False), (30, False), (31, True), (200, True)])
def test_a_busy_machine_is_told(idle_ms: float, busy: bool) -> None:
    run = made_run(lag=lag_of(20))
    run.idle_lag_ms = idle_ms
    said = verdict(run, POOL)
    assert ("This machine is busy" in said) is busy
    if busy:
        assert said.endswith(f". This machine is busy: the idle window lagged {idle_ms:.0f} ms already.")


def test_a_comparison() -> None:
    blocking = made_run("gui_thread", wall_s=4.0, lag=lag_of(4010))
    said = compare_verdict(blocking, made_run(wall_s=2.0, lag=lag_of(22)), POOL)
    assert said == (
        "On the GUI thread the window was frozen for 4.0 s. On ThreadPoolExecutor it never lagged more than 12 ms, "
        "and the same work took 2.0 s in place of 4.0 s: 2.0 times as fast."
    )


def test_a_comparison_without_a_window() -> None:
    said = compare_verdict(made_run("gui_thread"), made_run(), POOL)
    assert "window" not in said
    assert said.endswith("as fast.")


@pytest.mark.parametrize("kind", ["failed", "cancelled"])
@pytest.mark.parametrize("which", [0, 1])
def test_an_unfair_comparison_is_none(kind: str, which: int) -> None:
    runs = [made_run("gui_thread", lag=lag_of(2010)), made_run(lag=lag_of(20))]
    runs[which] = made_run(runs[which].settings.runner, lag=lag_of(20), **{kind: 1})  # type: ignore[arg-type]
    said = compare_verdict(runs[0], runs[1], POOL)
    assert said.startswith("No fair comparison: ")
    assert ("1 of 4 tasks failed" if kind == "failed" else "cancelled after") in said
    assert "times as" not in said


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (4, 2, "2.0 times as fast"),
        (28, 2, "14 times as fast"),
        (2, 2.08, "as fast"),
        (2, 1.93, "as fast"),
        (2, 3, "1.5 times as long"),
        (0, 3, "as fast"),
    ],
)
def test_speeds(before: float, after: float, said: str) -> None:
    assert speed_words(before, after) == said
