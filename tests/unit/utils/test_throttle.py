"""A throttle lets something happen at once, and then at most once in its period."""

from __future__ import annotations

import pytest

from workers.utils.throttle import Throttle


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def throttle(clock: Clock) -> Throttle:
    return Throttle(0.5, clock)


def test_it_is_due_at_first_and_then_once_in_its_period(throttle: Throttle, clock: Clock) -> None:
    assert throttle.is_due()
    assert not throttle.is_due()
    clock.now += 0.25
    assert not throttle.is_due()
    assert throttle.left_s == 0.25
    clock.now += 0.25
    assert throttle.is_due()
    assert not throttle.is_due()


def test_asking_in_vain_makes_the_pause_no_longer(throttle: Throttle, clock: Clock) -> None:
    throttle.is_due()
    clock.now += 0.375
    assert not throttle.is_due()
    clock.now += 0.125
    assert throttle.is_due()


def test_at_once_is_always_allowed_and_begins_a_pause(throttle: Throttle, clock: Clock) -> None:
    assert throttle.is_due()
    clock.now += 0.25
    assert throttle.is_due(at_once=True)
    clock.now += 0.25
    assert not throttle.is_due(), "the pause began anew"


def test_a_pause_may_be_longer_than_usual(throttle: Throttle, clock: Clock) -> None:
    throttle.pause(2.0)
    clock.now += 1.0
    assert not throttle.is_due()
    clock.now += 1.0
    assert throttle.is_due()
    assert throttle.left_s == 0.5, "the next one is as usual"


def test_a_reset_ends_the_pause(throttle: Throttle) -> None:
    throttle.is_due()
    throttle.reset()
    assert throttle.is_due()
