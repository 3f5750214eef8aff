"""The lag of the GUI thread: what counts as late, and for how long."""

from __future__ import annotations

import math
from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.monitors import lag as lag_module
from workers.monitors.lag import PERIOD_S, LagMonitor, summarize


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 500.0

    def perf_counter(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(lag_module, "time", made)
    return made


@pytest.fixture
def monitor(clock: Clock) -> LagMonitor:
    return LagMonitor()


def beats(monitor: LagMonitor, clock: Clock, *gaps_ms: float) -> None:
    for gap in gaps_ms:
        clock.now += gap / 1e3
        monitor.beat()


# ---------------------------------------------------------------- summarize


def test_good_beats_have_no_lag() -> None:
    found = summarize([PERIOD_S] * 500, 500)
    assert found == (500, 0.0, 0.0, 0.0, 0.0, 0.0, 0, 0.0)


def test_nothing_at_all_has_no_lag() -> None:
    assert summarize([], 0) == (0, 0.0, 0.0, 0.0, 0.0, 0.0, 0, 0.0)


def test_a_gap_counts_for_each_ten_milliseconds_of_its_length() -> None:
    found = summarize([0.050], 1)  # 40, 30, 20, 10, 0
    assert (found.p50, found.max) == pytest.approx((20, 40))
    assert summarize([0.020] * 3, 3).p50 == pytest.approx(10)
    assert sum(summarize([PERIOD_S] * n + [0.050], 1).p50 > 1 for n in (0, 3, 4, 40)) == 2


def test_one_long_freeze_weighs_what_it_lasted() -> None:
    found = summarize([PERIOD_S] * 500 + [5.0], 501)
    assert found.p99 == pytest.approx(4900, abs=15)
    assert found.p50 == pytest.approx(0, abs=15)
    assert found.max == pytest.approx(4990)
    assert found.blocked_s == pytest.approx(4.99)
    assert (found.freezes, found.longest_freeze_s) == pytest.approx((1, 4.99))


@pytest.mark.parametrize(
    ("gap_ms", "blocked_ms", "freezes"),
    [(59, 0, 0), (62, 52, 0), (112, 102, 0), (709, 699, 0), (711, 701, 1), (1010, 1000, 1)],
)
def test_where_blocked_and_frozen_begin(gap_ms: float, blocked_ms: float, freezes: int) -> None:
    found = summarize([PERIOD_S, gap_ms / 1e3], 2)
    assert found.blocked_s * 1e3 == pytest.approx(blocked_ms)
    assert found.freezes == freezes


def test_freezes_are_counted_and_the_longest_is_kept() -> None:
    found = summarize([0.31, 0.01, 0.81, 0.06, 1.81], 5)
    assert (found.freezes, found.longest_freeze_s) == pytest.approx((2, 1.8))
    assert found.blocked_s == pytest.approx(0.3 + 0.8 + 1.8, abs=0.051)


@pytest.mark.examples
@given(st.lists(st.floats(0.0001, 3.0), min_size=1, max_size=40))
def test_a_summary_keeps_its_order_and_its_bounds(gaps: list[float]) -> None:
    found = summarize(gaps, len(gaps))
    worst = max(0.0, max(gaps) - PERIOD_S)
    assert 0 <= found.p50 <= found.p95 <= found.p99 <= found.max
    assert found.max == pytest.approx(worst * 1e3)
    assert found.blocked_s <= math.fsum(gaps)
    assert found.longest_freeze_s == pytest.approx(worst if found.freezes else 0.0)
    assert found.longest_freeze_s <= found.blocked_s + 1e-9


@pytest.mark.examples
@given(st.lists(st.integers(1, 300), min_size=1, max_size=30), st.floats(0.02, 0.98))
def test_percentiles_are_weighted_by_time(tens: list[int], level: float) -> None:
    """The share of time in which an event would have been later than p95 says is 5 % of the whole."""
    found = summarize([ten * PERIOD_S for ten in tens], len(tens))
    late = sum(max(0.0, ten * PERIOD_S - (found.p95 / 1e3 + PERIOD_S)) for ten in tens)
    assert late <= 0.05 * sum(tens) * PERIOD_S + 1e-6
    below = sum(min(ten * PERIOD_S, found.p50 / 1e3 + PERIOD_S) for ten in tens)
    assert below >= 0.5 * sum(tens) * PERIOD_S - 1e-6


# ---------------------------------------------------------------- the monitor


def test_a_freeze_without_any_beat_counts_in_full(monitor: LagMonitor, clock: Clock) -> None:
    start = clock.now + 0.5
    clock.now = start + 4.0
    found = monitor.summary(start, clock.now)
    assert (found.beats, found.freezes) == (0, 1)
    assert found.blocked_s == pytest.approx(3.99)


def test_gaps_count_as_far_as_they_lie_inside(monitor: LagMonitor, clock: Clock) -> None:
    beats(monitor, clock, 10, 10)
    start = clock.now + 1.0
    beats(monitor, clock, 3000)
    end = clock.now
    beats(monitor, clock, 10, 10)
    found = monitor.summary(start, end)
    assert found.longest_freeze_s == pytest.approx(1.99)
    assert monitor.summary(start, start + 0.8).longest_freeze_s == pytest.approx(0.79)
    assert monitor.summary(end, clock.now).blocked_s == 0


def test_a_summary_counts_its_own_beats_only(monitor: LagMonitor, clock: Clock) -> None:
    beats(monitor, clock, *[10] * 50)
    start = clock.now + 0.001
    beats(monitor, clock, *[10] * 20)
    found = monitor.summary(start, clock.now)
    beats(monitor, clock, *[10] * 30)
    assert found.beats == 20
    assert found.blocked_s == 0


def test_the_lag_of_this_moment_grows_with_the_silence(monitor: LagMonitor, clock: Clock) -> None:
    beats(monitor, clock, 10)
    clock.now += 0.005
    assert monitor.recent_ms() == 0.0
    clock.now += 0.305
    assert monitor.recent_ms() == pytest.approx(300)


def test_the_recent_lag_forgets_after_half_a_second(monitor: LagMonitor, clock: Clock) -> None:
    beats(monitor, clock, 10, 410, *[10] * 20)
    assert monitor.recent_ms() == pytest.approx(400)
    beats(monitor, clock, *[10] * 60)
    assert monitor.recent_ms() == pytest.approx(0, abs=0.001)


def test_the_worst_lag_of_a_stretch_is_that_of_the_gaps_which_touch_it(
    monitor: LagMonitor, clock: Clock
) -> None:
    beats(monitor, clock, 10, 90, 30)
    assert monitor.worst_ms(clock.now - 0.05, clock.now) == pytest.approx(80)
    assert monitor.worst_ms(clock.now - 0.05, clock.now, clock.now - 0.05) == pytest.approx(20), "from there on"
    assert monitor.worst_ms(clock.now - 0.02, clock.now) == pytest.approx(20)
    clock.now += 0.5
    assert monitor.worst_ms(clock.now - 0.1, clock.now) == pytest.approx(490), "also one that still lasts"
    assert monitor.worst_ms(clock.now - 0.6, clock.now - 0.3) == pytest.approx(190), (
        "as far as the stretch goes"
    )


def test_what_was_before_the_start_is_no_lag(monitor: LagMonitor, clock: Clock) -> None:
    assert not monitor.is_on
    clock.now += 5.0
    monitor.start()
    assert monitor.is_on
    beats(monitor, clock, 10)
    assert monitor.recent_ms() == pytest.approx(0, abs=0.001)


def test_old_beats_are_dropped_in_time(
    monitor: LagMonitor, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lag_module, "MAX_BEATS", 1000)
    beats(monitor, clock, *[10] * 2500)
    assert 850 <= len(monitor._beats) <= 1010
    assert monitor.summary(clock.now - 5, clock.now).beats == pytest.approx(500, abs=2)


# ---------------------------------------------------------------- at rest


def wait(monitor: LagMonitor, clock: Clock, took_ms: float, longest_ms: float = 400.0) -> None:
    monitor.wait(longest_ms / 1e3)
    clock.now += took_ms / 1e3
    monitor.wake()


def test_a_wait_for_events_is_no_lag(monitor: LagMonitor, clock: Clock) -> None:
    monitor.rest(True)
    start = clock.now
    for _ in range(20):
        wait(monitor, clock, 95)
        clock.now += 0.003
    found = monitor.summary(start, clock.now)
    assert found.beats == pytest.approx(196, abs=2)
    assert found.max <= 3
    assert not monitor.was_blocked


@pytest.mark.parametrize("busy_ms", [30.0, 60.0, 3000.0])
def test_what_keeps_an_idle_window_from_waiting_is_lag(
    monitor: LagMonitor, clock: Clock, busy_ms: float
) -> None:
    monitor.rest(True)
    wait(monitor, clock, 400)
    start = clock.now
    clock.now += busy_ms / 1e3
    assert monitor.worst_ms(start, clock.now) == pytest.approx(busy_ms, abs=10.1)
    assert clock.now - monitor.last_beat == pytest.approx(busy_ms / 1e3, abs=0.011), "the watchdog's silence"
    wait(monitor, clock, 100)
    assert monitor.summary(start, clock.now).max == pytest.approx(busy_ms, abs=10.1)
    assert monitor.was_blocked == (busy_ms > 50)


def test_an_idle_window_that_wakes_too_late_has_lag(monitor: LagMonitor, clock: Clock) -> None:
    monitor.rest(True)
    start = clock.now
    wait(monitor, clock, 600, longest_ms=400)
    wait(monitor, clock, 400)
    assert monitor.summary(start, clock.now).max == pytest.approx(190, abs=10.1)
    assert monitor.was_blocked


def test_while_an_idle_window_waits_it_is_not_silent(monitor: LagMonitor, clock: Clock) -> None:
    monitor.rest(True)
    monitor.wait(math.inf)
    clock.now += 2.0
    assert monitor.last_beat == clock.now
    monitor.wake()
    monitor.wait(0.4)
    clock.now += 1.0
    assert clock.now - monitor.last_beat == pytest.approx(0.6), "it was to wake long ago"
    monitor.wake()
    monitor.rest(False)
    assert clock.now - monitor.last_beat == pytest.approx(0.6, abs=0.011), "nothing has come since"


def test_the_beats_of_another_process_are_followed_as_they_come() -> None:
    beats = array("d", [1.0, 1.01])
    monitor = LagMonitor(beats)
    beats.append(2.02)
    assert monitor.worst_ms(1.0, 2.02) == pytest.approx(1000)
    assert list(monitor.beats_around(1.5, 1.6)) == [1.01, 2.02]
