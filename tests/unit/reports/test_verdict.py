"""What is said of a run: each sentence true, and each number that of the run."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.finished_runs import lag_of, made_run
from workers.monitors.lag import SLOW_OVER_S
from workers.reports.palette import lag_word
from workers.reports.verdict import compare_verdict, first_error, speed_words, verdict, window_words
from workers.utils.formatting import milliseconds


def test_frozen_once() -> None:
    said = verdict(made_run("gui_thread", wall_s=4.21, lag=lag_of(4210)))
    assert said == "4 tasks done in 4.2 s on the GUI thread: the window was frozen for 4.2 s."


def test_frozen_several_times() -> None:
    said = verdict(made_run(lag=lag_of(910, 2910, 310)))
    assert said.endswith("the window froze 2 times, 2.9 s at the longest, late for 4.1 s in all.")


def test_frozen_once_among_slow_stretches() -> None:
    said = verdict(made_run(lag=lag_of(510, 1010, 310)))
    assert said == (
        "4 tasks done in 2.0 s on ThreadPoolExecutor: the window was frozen for 1.0 s, and late for 1.8 s in all."
    )


@pytest.mark.parametrize(
    ("worst_ms", "said"),
    [
        (22, "the window stayed smooth, never more than 12 ms late"),
        (58, "the window lagged noticeably, up to 48 ms late"),
        (110.4, "the window lagged noticeably, up to 100 ms late"),
        (264, "the window was slow, up to 254 ms late"),
        (710.4, "the window was slow, up to 700 ms late"),
        (711, "the window was frozen for 701 ms"),
        (10, "the window stayed smooth, never more than 0 ms late"),
    ],
)
def test_never_frozen(worst_ms: float, said: str) -> None:
    assert window_words(made_run(lag=lag_of(worst_ms))) == said


def test_without_a_window_nothing_is_said_of_one() -> None:
    assert verdict(made_run(tasks=1)) == "1 task done in 2.0 s on ThreadPoolExecutor."


def test_cancelled() -> None:
    run = made_run(tasks=1000, cancelled=990, wall_s=1.5, lag=lag_of(20))
    assert verdict(run).startswith("Cancelled after 1.5 s with 10 of 1,000 tasks done on ThreadPoolExecutor: ")


def test_failed() -> None:
    run = made_run(failed=2)
    assert first_error(run) == "ValueError: nothing there"
    assert verdict(run) == "2 of 4 tasks failed in 2.0 s (ValueError: nothing there) on ThreadPoolExecutor."
    assert first_error(made_run()) == ""


@pytest.mark.parametrize(("idle_ms", "busy"), [(0, False), (30, False), (31, True), (200, True)])
def test_a_busy_machine_is_told(idle_ms: float, busy: bool) -> None:
    run = made_run(lag=lag_of(20))
    run.idle_lag_ms = idle_ms
    said = verdict(run)
    assert ("This machine is busy" in said) is busy
    if busy:
        assert said.endswith(f". This machine is busy: the idle window lagged {idle_ms:.0f} ms already.")


def test_a_comparison() -> None:
    blocking = made_run("gui_thread", wall_s=4.0, lag=lag_of(4010))
    said = compare_verdict(blocking, made_run(wall_s=2.0, lag=lag_of(22)))
    assert said == (
        "On the GUI thread the window was frozen for 4.0 s. On ThreadPoolExecutor it stayed smooth, never more than "
        "12 ms late, and the same work took 2.0 s instead of 4.0 s: about 2.0× as fast."
    )


def test_a_comparison_without_a_window() -> None:
    said = compare_verdict(made_run("gui_thread"), made_run())
    assert "window" not in said
    assert said.endswith("as fast, within the noise.")


@pytest.mark.parametrize(
    ("runner", "said"),
    [
        ("cooperative", "done in 2.0 s in cooperative slices."),
        ("process_events", "done in 2.0 s with processEvents."),
        ("gui_thread", "done in 2.0 s on the GUI thread."),
        ("somebodys_own", "done in 2.0 s on somebodys_own."),
    ],
)
def test_where_it_ran_is_said_as_one_says_it(runner: str, said: str) -> None:
    assert verdict(made_run(runner)).endswith(said)


@pytest.mark.parametrize("lag_ms", [16.4, 16.6, 99.4, 100.4, 100.6, 101, 699.4, 700.4, 700.6, 4000])
def test_what_is_counted_is_called_so_and_judged_as_it_is_shown(lag_ms: float) -> None:
    lag = lag_of(lag_ms + 10)
    word = lag_word(lag.max)
    assert lag_word(float(milliseconds(lag.max).split()[0]) if lag.max < 999 else lag.max) == word
    assert bool(lag.freezes) == (word == "frozen")
    assert (lag.max / 1e3 > SLOW_OVER_S) == (word in {"slow", "frozen"})
    said = window_words(made_run(lag=lag))
    assert ("froze" in said) == (word == "frozen")
    assert word in said or word == "noticeable"


@pytest.mark.parametrize("kind", ["failed", "cancelled"])
@pytest.mark.parametrize("which", [0, 1])
def test_an_unfair_comparison_is_none(kind: str, which: int) -> None:
    runs = [made_run("gui_thread", lag=lag_of(2010)), made_run(lag=lag_of(20))]
    how: dict[str, Any] = {kind: 1}
    runs[which] = made_run(runs[which].settings.runner, lag=lag_of(20), **how)
    said = compare_verdict(runs[0], runs[1])
    assert said.startswith("No fair comparison: ")
    assert ("1 of 4 tasks failed" if kind == "failed" else "cancelled after") in said
    assert "× as" not in said


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (4, 2, "about 2.0× as fast"),
        (28, 2, "about 14× as fast"),
        (2, 2.3, "as fast, within the noise"),
        (2, 1.7, "as fast, within the noise"),
        (2, 3, "about 1.5× as long"),
        (0, 3, "as fast, within the noise"),
    ],
)
def test_speeds(before: float, after: float, said: str) -> None:
    assert speed_words(before, after) == said
