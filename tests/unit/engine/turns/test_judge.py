"""What looks are made of: which work takes turns, from when on, and until when."""

from __future__ import annotations

import random

import pytest

from workers.engine.turns.judge import LOOKS, OPEN_LOOKS, TRIES, Judge, Look, Stage

MS = 1e-3
HOLDS = Look(2, 1.0 * MS, 1.8 * MS, 0, beside=0.04)
"""Python computes, and does not let go of the GIL by itself; the window paints, too."""

WAITS = Look(0, 0.0, 0.1 * MS, 0)
IN_C = Look(0, 1.0 * MS, 1.1 * MS, 0)
WINDOW = Look(3, 0.0, 1.5 * MS, 0)
"""The call waits while the window has the GIL."""

WINDOW_AND_C = Look(3, 1.5 * MS, 3.0 * MS, 0, beside=0.5)
LETS_GO = Look(1, 1.4 * MS, 1.5 * MS, 0)
"""The GIL was taken, and given up by itself: between many short calls into C."""


def judged(judge: Judge, *looks: Look) -> Judge:
    for look in looks:
        judge.look(look)
    return judge


def test_calls_that_hold_the_gil_take_turns_from_the_first_one_on() -> None:
    judge = Judge()
    assert judge.take_turns
    assert judged(judge, *[HOLDS] * (LOOKS - 1)).verdict == "", "it is on probation"
    judged(judge, HOLDS)
    assert judge.verdict == "holds"
    assert judged(judge, *[HOLDS] * 500).take_turns


@pytest.mark.parametrize("look", [WAITS, IN_C])
def test_three_looks_that_have_the_gil_at_once_end_the_probation(look: Look) -> None:
    judge = judged(Judge(), look, look)
    assert judge.take_turns
    assert not judged(judge, look).take_turns
    judged(judge, *[look] * OPEN_LOOKS)
    assert judge.stage is Stage.OVER
    assert judge.verdict == "free"


@pytest.mark.parametrize("look", [WINDOW, WINDOW_AND_C, LETS_GO])
def test_where_another_may_have_had_the_gil_there_are_no_turns(look: Look) -> None:
    judge = judged(Judge(), *[look] * LOOKS)
    assert not judge.take_turns
    judged(judge, *[look] * OPEN_LOOKS)
    assert judge.stage is Stage.OVER
    assert judge.verdict == "", "nobody knows"


def test_short_calls_take_no_turns() -> None:
    look = HOLDS._replace(calls=200)
    judge = judged(Judge(), look)
    assert not judge.take_turns, "at once: each turn costs such a call dearly"
    assert judged(judge, *[look] * OPEN_LOOKS).stage is Stage.OVER
    assert judge.verdict == ""


def test_calls_of_a_millisecond_take_none_either() -> None:
    assert judged(Judge(), *[HOLDS._replace(calls=1)] * LOOKS).stage is Stage.OPEN


def test_a_call_that_waits_first_and_computes_for_long_takes_turns_later() -> None:
    judge = judged(Judge(), *[WAITS] * 3)
    assert not judge.take_turns
    judged(judge, *[HOLDS] * LOOKS)
    assert judge.stage is Stage.PROBATION
    assert judged(judge, *[HOLDS] * LOOKS).verdict == "holds"


@pytest.mark.parametrize("look", [WAITS, IN_C])
def test_turns_end_where_calls_hold_nothing_any_more(look: Look) -> None:
    judge = judged(Judge(), *[HOLDS] * LOOKS, look, look)
    assert judge.take_turns
    assert not judged(judge, look).take_turns


def test_half_computed_and_half_waited_is_no_holding() -> None:
    """Queueing would cost it half of its speed, and it is without turns that all of its waits are at the same time."""
    chance = random.Random(7)
    for _ in range(200):
        judge = Judge(is_known=True)
        for _ in range(5 * LOOKS):
            judge.look(chance.choice([HOLDS, WAITS]))
            if not judge.take_turns:
                break
        assert not judge.take_turns


def test_now_and_then_a_free_moment_changes_nothing() -> None:
    judge = judged(Judge(), *[HOLDS] * LOOKS)
    assert judged(judge, *[*[HOLDS] * 7, WAITS, LETS_GO] * 50).take_turns


def test_a_window_that_is_busy_all_the_time_does_not_end_turns() -> None:
    """These looks were seen at a loop in pure Python, in a slow machine's window with all of its graphs."""
    waits = (3, 2, 0, 1, 1, 1, 1, 4, 2, 1, 0, 1)
    looks = [Look(one, 34 * MS, 43 * MS, 0) for one in waits]
    assert judged(Judge(is_known=True), *looks * 20).take_turns


def test_it_is_not_tried_for_ever() -> None:
    judge = Judge()
    for _ in range(TRIES):
        judged(judge, *[WAITS] * 3, *[HOLDS] * LOOKS)
        assert judge.stage is Stage.PROBATION
    judged(judge, *[WAITS] * 3, *[HOLDS] * OPEN_LOOKS)
    assert judge.stage is Stage.OVER


def test_what_is_known_takes_turns_without_probation() -> None:
    judge = Judge(is_known=True)
    assert judge.verdict == "holds"
    assert judged(judge, WAITS, WAITS).take_turns, "its first call may begin with a file to be read"
    assert not judged(judge, WAITS).take_turns


def test_no_work_that_waits_or_is_in_c_ever_queues_for_long() -> None:
    """Whatever the looks are: one in five is disturbed by the window, which paints without a pause."""
    for seed in range(100):
        chance = random.Random(seed)
        judge = Judge()
        looks = 0
        while judge.take_turns:
            look = chance.choice([WAITS, IN_C])
            judge.look(look if chance.random() > 0.2 else WINDOW_AND_C)
            looks += 1
        assert looks <= LOOKS
        for _ in range(300):
            judge.look(chance.choice([WAITS, IN_C, IN_C, LETS_GO, WINDOW_AND_C]))
            assert judge.verdict != "holds"
