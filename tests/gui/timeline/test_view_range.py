"""Zooming, panning and following as plain numbers, and the ticks of the axis."""

from __future__ import annotations

import pytest

from gui.timeline.texts import moment
from gui.timeline.view_range import MIN_SPAN_S, STAGES_S, TimeWindow
from workers.reports.scales import multiples, time_step


def window(extent: float) -> TimeWindow:
    made = TimeWindow()
    made.extent = extent
    made.fit()
    return made


def test_all_of_a_run_fits() -> None:
    made = window(10.0)
    assert made.low < 0
    assert 10.0 < made.high < 10.5


def test_zooming_keeps_the_moment_under_the_mouse() -> None:
    made = window(10.0)
    share = (4.0 - made.low) / made.span
    made.zoom(0.5, 4.0)
    assert (4.0 - made.low) / made.span == pytest.approx(share)
    assert made.span == pytest.approx(5.2)


def test_zooming_ends_somewhere() -> None:
    made = window(10.0)
    for _ in range(200):
        made.zoom(0.5, 5.0)
    assert made.span == pytest.approx(MIN_SPAN_S)
    for _ in range(200):
        made.zoom(2.0, 5.0)
    assert 10.0 < made.span < 11.0


@pytest.mark.parametrize("seconds", [1e9, -1e9])
def test_some_of_the_run_stays_in_sight(seconds: float) -> None:
    made = window(10.0)
    made.zoom(0.1, 5.0)
    made.pan(seconds)
    assert made.low < 10.0
    assert made.high > 0.0


def test_a_young_run_is_seen_whole_and_an_old_one_at_its_end() -> None:
    made = TimeWindow()
    spans = []
    for tenth in range(300):
        made.extent = tenth / 10
        made.follow()
        assert made.low <= made.extent <= made.high
        spans.append(round(made.span, 6))
    assert sorted(set(spans)) == list(STAGES_S)
    assert made.low == pytest.approx(29.9 - 0.98 * 10)


def test_the_picture_of_a_young_run_stands_still_between_two_steps() -> None:
    made = TimeWindow()
    made.extent = 2.1
    made.follow()
    before = (made.low, made.high)
    made.extent = 4.5
    made.follow()
    assert (made.low, made.high) == before


def test_zooming_while_following_stays_with_the_present() -> None:
    made = TimeWindow()
    made.extent = 60.0
    made.follow()
    made.zoom_following(0.5)
    assert made.span == pytest.approx(5.0)
    assert made.low < 60.0 < made.high


def test_what_is_in_sight_is_not_moved() -> None:
    made = window(100.0)
    assert not made.bring(40.0, 41.0)
    made.zoom(0.1, 0.0)
    assert made.bring(80.0, 81.0)
    assert made.low < 80.0
    assert made.high > 81.0


@pytest.mark.parametrize("span", [1e-4, 0.003, 0.5, 1.0, 7.0, 60.0, 400.0, 5000.0, 90_000.0])
def test_ticks_are_round_few_and_differ(span: float) -> None:
    step = time_step(span / 8)
    found = multiples(3.0, 3.0 + span, step)
    assert len(found) <= 9
    assert step >= span / 8 * (1 - 1e-9)
    texts = [moment(at, step) for at in found]
    assert len(set(texts)) == len(texts)


def test_ticks_begin_at_start() -> None:
    assert multiples(-0.3, 1.0, 0.5) == [0.0, 0.5, 1.0]


@pytest.mark.parametrize(
    ("at", "step", "text"),
    [
        (0.0, 0.1, "0 s"),
        (0.5, 0.1, "0.5 s"),
        (1.25, 0.05, "1.25 s"),
        (12.0, 2.0, "12 s"),
        (120.0, 60.0, "2 min"),
    ],
)
def test_a_moment_has_the_digits_that_it_needs(at: float, step: float, text: str) -> None:
    assert moment(at, step) == text
