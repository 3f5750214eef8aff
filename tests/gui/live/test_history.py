"""The lines of the live graphs: freezes as a saw, an hour in little memory, the same amount to draw at every span."""

from __future__ import annotations

import itertools
import math
from array import array
from collections import deque
from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from gui.charts.scales import HISTORY_S, MAX_SPAN_S, MIN_LAG_MS, MIN_SPAN_S
from gui.live.levels import LEAVES, LEVELS, MAX_BINS, Levels
from gui.live.run_strip import bins_per_point, thin_curve
from gui.live.traces import LagHistory, WaitHistory, saw
from tests.support.live_graphs import beats_of, monitor_of, run_of
from workers.engine.recorder import BIN_S
from workers.monitors.lag import PERIOD_S

if TYPE_CHECKING:
    from gui.live.levels import History

START = 1_000.0
MEMORY = 600_000
"""Bytes, for an hour and for ever."""


def line_of(beats: array[float]) -> LagHistory:
    history = LagHistory(monitor_of(beats))
    history.update()
    return history


def values(history: History, since: float, until: float) -> tuple[list[float], list[float]]:
    times, heights = history.points(since, until)
    return times.tolist(), (MIN_LAG_MS * 10**heights).tolist()


# ---------------------------------------------------------------- a saw


def test_five_freezes_in_a_row_are_five_ramps() -> None:
    """Lines between late beats would be one long climb."""
    edges = [START + 1.0 + 0.5 * number for number in range(6)]
    beats = beats_of(START, START + 5, list(itertools.pairwise(edges)))
    times, lags = saw(np.array(beats))
    tops = np.flatnonzero(lags > 480)
    assert len(tops) == 5
    for top in tops:
        assert lags[top] == pytest.approx(490, abs=10)
        assert lags[top + 1] == 0.0
        assert times[top + 1] == times[top]  # it falls with the beat
    assert np.all(np.diff(times) >= 0)


def test_a_ramp_rises_by_a_second_every_second() -> None:
    times, lags = saw(np.array([10.0, 10.01, 14.02, 14.03]))
    ramp = lags > 0.5
    assert times[ramp] - 10.01 - PERIOD_S == pytest.approx(lags[ramp] * 1e-3)
    assert lags.max() == pytest.approx(4_000.0)


def test_a_freeze_that_began_before_the_edge_is_seen_from_there_on() -> None:
    history = line_of(beats_of(START, START + 100, [(START + 50, START + 54)]))
    assert history.value_at(START + 53, START + 52, START + 60) == pytest.approx(
        3_000 - PERIOD_S * 1e3, rel=0.02
    )


# ---------------------------------------------------------------- where it begins


def test_the_windows_own_start_is_no_lag() -> None:
    history = line_of(array("d", [START, *beats_of(START + 0.9, START + 10)]))  # made, and at last shown
    assert history.begun == START + 0.9
    times, lags = values(history, START, START + 10)
    assert times[0] >= START + 0.9
    assert max(lags) < 2.0
    assert not len(line_of(array("d", [START])).times)


def test_a_run_that_begins_at_once_is_seen_from_its_start_on() -> None:
    history = LagHistory(monitor_of(array("d", [START, START + 0.3, START + 0.31, START + 4.42])))
    history.begin(START + 0.305)
    history.update()
    _, lags = values(history, START, START + 5)
    assert max(lags, default=0.0) <= 1.0  # its last bin may still grow
    history._lag._beats.extend([START + 4.43, START + 4.5])
    history.update()
    assert max(values(history, START, START + 5)[1]) == pytest.approx(4_100, abs=1)


# ---------------------------------------------------------------- an hour


@pytest.fixture(scope="module")
def hour() -> LagHistory:
    """A freeze of 2 s every minute for more than an hour, taken over now and then."""
    end = START + 1.1 * HISTORY_S
    freezes = [(START + 60.0 * number, START + 60.0 * number + 2) for number in range(1, 66)]
    monitor = monitor_of(array("d"))
    history = LagHistory(monitor)
    beats = beats_of(START, end, freezes)
    for at in range(0, len(beats), 5_000):
        monitor._beats.extend(beats[at : at + 5_000])
        history.update()
    return history


def test_a_frame_has_as_much_to_draw_at_every_span(hour: LagHistory) -> None:
    end = hour.times[-1]
    for span in np.geomspace(MIN_SPAN_S, MAX_SPAN_S, 40).tolist():
        for until in (end, end - 600.0):
            times, heights = hour.points(until - span, until)
            assert 0 < len(times) <= 2 * MAX_BINS + 120, span
            assert times[0] <= until - span + 3.3
            assert times[-1] >= until - 3.3
            assert np.all(np.diff(times) >= 0)
            assert heights.min() >= 0.0


def test_no_freeze_is_lost_at_any_span(hour: LagHistory) -> None:
    end = hour.times[-1]
    for span in (100.0, 300.0, 900.0, 1800.0):
        _, heights = hour.points(end - span, end)
        assert 10 ** heights.max() == pytest.approx(2_000, rel=0.02)
    times, heights = hour.points(end - 1800.0, end)
    tops = times[heights > 3.2]
    assert len(np.unique(np.round((tops - START) / 60.0))) == 30  # one a minute


def test_what_is_zoomed_out_is_the_least_and_the_most_of_what_is_there() -> None:
    random = np.random.default_rng(1)
    levels = Levels()
    times = np.linspace(START + 0.013, START + 2_000.013, 40_000, endpoint=False)
    lags = random.uniform(1.0, 50.0, len(times))
    for at in range(0, len(times), 777):
        levels.add(times[at : at + 777], lags[at : at + 777])
    for level in range(LEVELS):
        middles, found = levels.read(level, START + 100, START + 1500)
        width = 0.1 * 2**level
        for middle, pair in zip(middles[::2], found.reshape(-1, 2), strict=True):
            inside = lags[(times >= middle - width / 2 - 1e-6) & (times < middle + width / 2 - 1e-6)]
            assert pair.max() >= inside.max() - 1e-3
            assert pair.min() <= inside.min() + 1e-3


def test_an_hour_takes_no_more_memory_than_a_minute(hour: LagHistory) -> None:
    rings = sum(ring.nbytes for ring in hour._levels._rings)
    kept = hour.times.nbytes + hour.heights.nbytes
    assert rings + kept < MEMORY + 100_000
    assert 0.1 * LEAVES >= HISTORY_S
    assert LEAVES % 2**LEVELS == 0


def test_a_short_span_of_the_past_is_as_exact_as_the_present(hour: LagHistory) -> None:
    freeze = START + 60.0 * 20
    times, heights = hour.points(freeze - 2, freeze + 3)
    top = int(np.argmax(heights))
    assert times[top] == pytest.approx(freeze + 2, abs=0.02)
    assert heights[top + 1] == 0.0
    assert hour.value_at(freeze + 1, freeze - 2, freeze + 3) == pytest.approx(1_000, abs=30)


def test_waits_of_the_past_come_from_the_meter() -> None:
    points = [(START + 0.1 * number, 0.3 if number % 50 else 30.0) for number in range(6_000)]
    asked = []

    def waits(start: float, end: float) -> list[tuple[float, float]]:
        asked.append((start, end))
        return [point for point in points if start <= point[0] <= end]

    history = WaitHistory(SimpleNamespace(trace=deque(points), waits=waits))
    history.update(START)
    end = points[-1][0]
    assert not asked
    history.points(end - 40, end)
    assert not asked
    times, heights = history.points(START + 100, START + 140)
    assert len(asked) == 1
    assert heights.max() == pytest.approx(math.log10(300))
    assert times[-1] >= START + 140
    # What lies near is known by then, and so is the stretch of another run that lies over it.
    for since in (START + 100, START + 250):
        assert history.value_at(since + 20, since, since + 40) == pytest.approx(30.0)
        history.points(since + 30, since + 70)
    history.points(START + 80, START + 120)
    assert len(asked) == 2
    history.points(START + 20, START + 60)
    assert len(asked) == 3


# ---------------------------------------------------------------- throughput


@pytest.mark.parametrize(("span", "bins"), [(5.0, 1), (40.0, 1), (80.0, 1), (160.0, 2), (1800.0, 32)])
def test_so_many_bins_are_one_point(span: float, bins: int) -> None:
    assert bins_per_point(span) == bins
    assert span / BIN_S / bins <= MAX_BINS


def test_a_thinned_curve_keeps_its_height_its_ends_and_its_points() -> None:
    run = run_of("qthread", 1000, 10, 5e6)
    assert run.ended is not None
    times, rates = thin_curve(run, run.ended + 10, run.started - 5, 16)
    assert times[0] == run.started
    assert times[-1] == run.ended
    assert rates[1:-1] == pytest.approx(5e6, rel=0.01)
    assert len(times) < 1000 / BIN_S / 16 + 8
    later, _ = thin_curve(run, run.ended + 10, run.started + 333.3, 16)
    assert set(np.round(later[1:], 6)) <= set(np.round(times, 6))  # the same bins together: it does not shimmer
