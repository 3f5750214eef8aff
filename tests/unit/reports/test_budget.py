"""The budget: what a person may write, what a run is measured by, and a useful sentence for the rest."""

from __future__ import annotations

import re

import pytest

from tests.support.finished_runs import lag_of, made_run
from workers.reports.budget import WINDOW, WORK, Condition, judge, measured, parse_budget


def words(text: str, **about: object) -> list[str]:
    return [each.words for each in judge(parse_budget(text), made_run(**about))]  # type: ignore[arg-type]


def test_conditions_are_parted_by_commas_and_may_have_spaces() -> None:
    assert parse_budget("lag_p95<50,failed=0") == (
        Condition("lag_p95", "<", 50.0),
        Condition("failed", "=", 0.0),
    )
    assert parse_budget(" wall_s <= 1.5 ,done>=3, freezes == 0,per_s>1e3") == (
        *(Condition("wall_s", "<=", 1.5), Condition("done", ">=", 3.0), Condition("freezes", "=", 0.0)),
        Condition("per_s", ">", 1000.0),
    )


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "conditions like lag_p95<50"),
        ("lag_p95<50,", "conditions like"),
        ("lag_p95", "conditions like"),
        ("<50", "conditions like"),
        ("speed<50", "knows no 'speed'. It knows: lag_p50, lag_p95"),
        ("failed!=0", "by <, <=, >, >= or =, not !="),
        ("failed=>0", "not =>"),
        ("failed=none", "a plain number such as 50, not 'none'"),
        ("failed=", "not ''"),
        ("lag_p95<50ms", "not '50ms'"),
        ("lag_p95<nan", "not 'nan'"),
        ("lag_p95<inf", "not 'inf'"),
        ("lag_p95<1e999", "not '1e999'"),
        ("lag_p95<1_0", "not '1_0'"),
    ],
)
def test_what_means_nothing_is_told_in_a_sentence(text: str, part: str) -> None:
    with pytest.raises(ValueError, match=re.escape(part)):
        parse_budget(text)


def test_every_name_is_measured() -> None:
    run = made_run(tasks=5, failed=1, cancelled=1, wall_s=2.0, lag=lag_of(1010))
    run.frames = 50
    found = {name: measured(run, name) for name in (*WINDOW, *WORK)}
    assert run.lag is not None
    assert found == {
        **{"lag_p50": run.lag.p50, "lag_p95": run.lag.p95, "lag_p99": run.lag.p99, "lag_max": run.lag.max},
        **{"blocked_s": 1.0, "freezes": 1.0, "longest_freeze_s": 1.0, "frames_per_s": 25.0},
        **{"done": 3.0, "failed": 1.0, "cancelled": 1.0, "wall_s": 2.0, "per_s": 15.0, "tasks_per_s": 1.5},
    }


@pytest.mark.parametrize(
    ("operator", "kept"),
    [("<", "no"), ("<=", "yes"), (">", "no"), (">=", "yes"), ("=", "yes"), ("==", "yes")],
)
def test_each_comparison_at_the_limit(operator: str, kept: str) -> None:
    (judged,) = judge(parse_budget(f"done{operator}4"), made_run(tasks=4))
    assert judged.is_kept == (kept == "yes")


def test_each_condition_is_told_with_what_was_measured() -> None:
    assert words("lag_max<50, failed=0, wall_s<1", lag=lag_of(1010)) == [
        "missed: lag_max is 1,000 ms, the budget says < 50",
        "kept: failed is 0, the budget says = 0",
        "missed: wall_s is 2.0 s, the budget says < 1",
    ]


def test_rounding_never_hides_why_it_was_missed() -> None:
    assert words("wall_s<2", wall_s=2.0004) == ["missed: wall_s is 2.0004 s, the budget says < 2"]


def test_what_was_not_measured_was_not_kept() -> None:
    assert words("lag_p95<50") == ["missed: lag_p95 was not measured, for the run had no window"]
    (judged,) = judge(parse_budget("lag_p95<50"), made_run())
    assert judged.as_dict() == {
        **{"name": "lag_p95", "operator": "<", "limit": 50.0, "measured": None, "kept": False},
    }


def test_a_run_that_took_no_time_has_no_rates() -> None:
    run = made_run(tasks=3, cancelled=3, wall_s=0.0, lag=lag_of())
    assert [measured(run, name) for name in ("per_s", "tasks_per_s", "frames_per_s")] == [0.0, 0.0, 0.0]
