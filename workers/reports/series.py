"""The curves of a run as few points, however long it was: throughput, lag, waits, freezes. For any thread."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ..engine.recorder import BIN_S
from ..monitors.lag import PERIOD_S, SLOW_OVER_S

if TYPE_CHECKING:
    from array import array
    from collections.abc import Generator

    from ..engine.run import Run
    from ..monitors.freeze import Freeze
    from .lane import Floats

STEP = 2_000

MEAN_BINS = 3
MEAN_S = MEAN_BINS * BIN_S
"""A curve of throughput is the mean of so many seconds around each moment, in the window and in reports."""

SETTLED_S = 0.15
"""Younger bins of a run that goes on are left out: events of their time are still under way."""


POINT_S = 0.050
"""Of the waits in this time the worst is drawn, and of the lag likewise: a column of pixels is about as wide."""

RAMP_OVER_MS = 400.0
"""From here on a wait is drawn as it grew, as a freeze is in the graph of lag; busy threads alone take less."""

SILENT_S = 1.0
"""A meter that tells nothing for longer was off, but for the wait itself. Nothing is drawn there."""

RAMP = (0.0, 0.001, 0.004, 0.016, 0.0625, 0.125, 0.25, 0.4, 0.6, 0.8, 1.0)
"""Parts of a freeze or of a wait at which it is drawn as it grew: straight enough on an axis of logarithms."""


class Frozen(NamedTuple):
    """A freeze, from one beat of the window to the next; `card` says why, where a stack was taken."""

    begin: float
    end: float
    card: Freeze | None

    @property
    def lag_s(self) -> float:
        """How late the second beat was."""
        return self.end - self.begin - PERIOD_S


def rates(run: Run, columns: int, span_s: float) -> tuple[Floats, Floats]:
    """A run's throughput since Start, with at most two points for each column of pixels.

    Args:
        run: it has ended.
        columns: how many pixels wide the graph is.
        span_s: how many seconds that is.

    Returns:
        Seconds since Start, and amounts per second.
    """
    times, values = rate_curve(run.recorder.bins, run.started, run.ended, run.started)
    # The last bin may be shorter than its middle allows for.
    times = np.minimum(times - run.started, run.wall_s)
    if len(times) <= 2 * columns:
        return times, values
    # The mean of a column: the work that was done in its time stays what it was.
    at = np.clip((times / span_s * columns).astype(np.intp), 0, columns - 1)
    counts = np.bincount(at, minlength=columns)
    filled = counts > 0
    sums = np.bincount(at, values, minlength=columns)
    middles = (np.arange(columns) + 0.5) * span_s / columns
    # The fall to 0 where the run ended is kept as it is.
    return (
        np.concatenate((middles[filled], [times[-1], times[-1]])),
        np.concatenate(((sums[filled] / counts[filled]), [values[-2], values[-1]])),
    )


def lags(run: Run, columns: int, span_s: float) -> tuple[Floats, Floats]:
    """A run's lag since Start, the worst of each column of pixels: no freeze is too short to be seen.

    In a gap between two beats the lag rises by a second every second, and ends as high as the gap was too long.

    Args:
        run: it has ended, and its lag was measured.
        columns: how many pixels wide the graph is.
        span_s: how many seconds that is.

    Returns:
        Seconds since Start at the right edges of the columns up to the run's end, and the lag in ms.
    """
    moments = edges(run)
    peaks = np.maximum(0.0, np.diff(moments) - PERIOD_S)
    used = max(1, min(columns, math.ceil(run.wall_s / span_s * columns)))
    rights = np.minimum((np.arange(used) + 1) * span_s / columns, run.wall_s)
    # How long the silence had lasted at each column's right edge, and above that the gaps that ended inside.
    before = np.searchsorted(moments, rights, side="left") - 1
    worst = np.maximum(0.0, rights - moments[np.maximum(before, 0)] - PERIOD_S)
    # The gaps lie in the order of time, so those of a column lie side by side.
    at = np.clip((moments[1:] / span_s * columns).astype(np.intp), 0, used - 1)
    first = np.flatnonzero(np.diff(at, prepend=-1))
    worst[at[first]] = np.maximum(worst[at[first]], np.maximum.reduceat(peaks, first))
    return rights, worst * 1e3


def edges(run: Run) -> Floats:
    """The beats of the window in seconds since Start, between Start and the run's end."""
    return np.concatenate(([0.0], np.array(run.beats) - run.started, [run.wall_s]))


def freezes(run: Run) -> list[Frozen]:
    """All gaps between beats in which the window was slow or frozen, in seconds since Start; none without a window."""
    if run.lag is None:
        return []
    cards = [(card.started - run.started, card.ended - run.started, card) for card in run.freezes]
    return [
        Frozen(low, high, next((card for begin, end, card in cards if begin < high and low < end), None))
        for low, high in slow_gaps(edges(run)).tolist()
    ]


def slow_gaps(beats: Floats) -> Floats:
    """Of the gaps between beats those in which the window was slow or frozen, as rows of begin and end."""
    at = np.flatnonzero(np.diff(beats) - PERIOD_S > SLOW_OVER_S)
    return np.stack((beats[at], beats[at + 1]), 1)


def waits(run: Run, columns: int, span_s: float) -> Generator[str, None, tuple[Floats, Floats]]:
    """A run's waits for the GIL since Start as the window draws them (`drawn_waits`), a few points a column at most.

    Empty where nobody measured. Yields breaths, empty texts: the samples are objects of Python's.

    Args:
        run: it has ended.
        columns: how many pixels wide the graph is.
        span_s: how many seconds that is.

    Returns:
        Seconds since Start, and waits in ms; -1 where nothing is known.
    """
    found = [np.empty((0, 2))]
    last = run.started
    for low in range(0, len(run.waits), STEP):
        found.append(drawn_waits(np.array(run.waits[low : low + STEP]), last))
        last = run.waits[min(low + STEP, len(run.waits)) - 1][0]
        yield ""
    moments, longest = np.concatenate(found).T
    moments = np.clip(moments - run.started, 0.0, run.wall_s)
    if len(moments) <= 4 * columns:
        return moments, longest
    # The worst of each column: no wait is too short to be seen.
    at = np.clip(moments / span_s * columns, 0, columns - 1).astype(np.intp)
    worst = np.full(columns, -1.0)
    np.maximum.at(worst, at, longest)
    filled = np.bincount(at, minlength=columns) > 0
    return ((np.arange(columns) + 0.5) * span_s / columns)[filled], worst[filled]


def drawn_waits(points: Floats, last: float) -> Floats:
    """What is drawn of waits: the worst of every `POINT_S`, long ones as they grew, and nothing while nobody looked.

    Args:
        points: rows of the moment when the thread woke (seconds of `time.perf_counter`) and how late that was (ms).
        last: the moment of the point before these, or -inf.

    Returns:
        Rows of a moment, rising, and a wait in ms; the wait is -1 where the meter was off.
    """
    bins = np.floor(points[:, 0] / POINT_S)
    firsts = np.flatnonzero(np.diff(bins, prepend=-np.inf))
    rows: list[tuple[float, float]] = []
    for first, end in zip(firsts, [*firsts[1:], len(points)], strict=True):
        moment, wait = points[first + int(np.argmax(points[first:end, 1]))].tolist()
        began = moment - wait * 1e-3
        if last + SILENT_S < began and math.isfinite(last):
            rows += [(last, -1.0), (began, -1.0)]
        if wait >= RAMP_OVER_MS:
            rows += [(max(last, began + part * wait * 1e-3), part * wait) for part in RAMP]
            rows.append((moment, 0.0))
        else:
            rows.append((moment, wait))
        last = moment
    return np.array(rows)


def rate_curve(
    bins: array[float], started: float, ended: float | None, now: float, since: float = 0.0
) -> tuple[Floats, Floats]:
    """A run's throughput over time, as the mean of MEAN_S around each moment.

    A curve begins at 0 where the run began, and returns to 0 where it ended. While the run goes on, what is not known
    yet is not drawn: neither the bin of the newest event nor the bins after it.

    Args:
        bins: amounts done in each `BIN_S` seconds since `started`; it may grow right after this.
        started: when the run began, in seconds of `time.perf_counter`; `ended` and `now` likewise.
        ended: None while the run goes on.
        now: where the graph's right edge is.
        since: where its left edge is; points that lie before it are left out.

    Returns:
        Times in seconds of `time.perf_counter`, and amounts per second.
    """
    if ended is None:
        count = min(len(bins) - 1, int((now - SETTLED_S - started) / BIN_S))
    else:
        count = max(len(bins), math.ceil((ended - started) / BIN_S), 1)
    if count < 1:
        return np.empty(0), np.empty(0)
    # One bin more than is seen, on the left, for the first mean.
    first = max(0, min(count - 1, int((since - started) / BIN_S) - 2))
    amounts = np.zeros(count - first)
    part = bins[first:count]  # a copy: a view of the array itself would forbid it to grow
    amounts[: len(part)] = part
    widths = np.full(count - first, BIN_S)
    left = started + BIN_S * np.arange(first, count)
    if ended is not None:
        widths[-1] = max(1e-3, ended - left[-1])
    around = np.ones(min(MEAN_BINS, count - first))
    rates = np.convolve(amounts, around, "same") / np.convolve(widths, around, "same")
    times = left + widths / 2
    if first == 0:
        times, rates = np.concatenate(([started], times)), np.concatenate(([0.0], rates))
    if ended is not None:
        times, rates = np.concatenate((times, [ended, ended])), np.concatenate((rates, [rates[-1], 0.0]))
    return times, rates
