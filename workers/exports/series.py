"""The curves of a finished run as few points, whatever its length: throughput, lag, waits, freezes. For the exports.

Generators: they yield breaths, empty texts, and return what they found. Times are in seconds since Start.
"""

from __future__ import annotations

import math
from array import array
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from ..engine.recorder import BIN_S
from ..monitors.lag import FREEZE_OVER_S, PERIOD_S

if TYPE_CHECKING:
    from collections.abc import Generator

    from ..engine.run import Run
    from ..monitors.freeze import Freeze

STEP = 2_000


class Frozen(NamedTuple):
    """A freeze, from one beat of the window to the next; `card` says why, where a stack was taken."""

    begin: float
    end: float
    card: Freeze | None


def lag_bins(run: Run, count: int) -> Generator[str, None, array[float]]:
    """The worst lag in each of `count` equal parts of the run, in ms; while the window is frozen it rises steadily."""
    width = run.wall_s / count
    worst = array("d", bytes(8 * count))
    if run.lag is None or width <= 0:
        return worst
    for number, (before, after) in enumerate(_gaps(run)):
        if number % STEP == 0:
            yield ""
        if after - before <= PERIOD_S:
            continue
        first, last = int(before / width), min(count - 1, int(after / width))
        for index in range(first, last + 1):
            lag_ms = (min(after, (index + 1) * width) - before - PERIOD_S) * 1e3
            if lag_ms > worst[index]:
                worst[index] = lag_ms
    return worst


def freezes(run: Run) -> Generator[str, None, list[Frozen]]:
    """All gaps between beats of more lag than a freeze has; none where there was no window."""
    found: list[Frozen] = []
    if run.lag is None:
        return found
    cards = [(card.started - run.started, card.ended - run.started, card) for card in run.freezes]
    for number, (before, after) in enumerate(_gaps(run)):
        if number % STEP == 0:
            yield ""
        if after - before - PERIOD_S > FREEZE_OVER_S:
            card = next((card for begin, end, card in cards if begin < after and before < end), None)
            found.append(Frozen(before, after, card))
    return found


def _gaps(run: Run) -> pairwise[tuple[float, float]]:
    return pairwise([0.0, *(beat - run.started for beat in run.beats), run.wall_s])


def rates(run: Run, most: int) -> Generator[str, None, list[tuple[float, float]]]:
    """The throughput as `most` points at the most: the middle of a stretch of time, and its amount per second."""
    bins, wall_s = run.recorder.bins, run.wall_s
    count = max(len(bins), math.ceil(wall_s / BIN_S))  # nothing at all was done in those that are not there
    lows = list(range(0, count, max(1, -(-count // most))))
    if len(lows) > 1 and wall_s - lows[-1] * BIN_S < BIN_S / 2:
        lows.pop()  # a stretch that is a hair long has any rate at all: it belongs to the one before it
    found = []
    for low, high in pairwise([*lows, count]):
        begin, end = low * BIN_S, min(high * BIN_S, wall_s)
        found.append(((begin + end) / 2, sum(bins[low:high]) / max(end - begin, 1e-3)))
        yield ""
    return found


def waits(run: Run, count: int) -> Generator[str, None, array[float]]:
    """The longest wait for the GIL in each of `count` equal parts of the run, in ms; -1.0 in those without a sample.

    Empty where nobody measured.
    """
    width = run.wall_s / count
    longest = array("d")
    if not run.waits or width <= 0:
        return longest
    longest = array("d", [-1.0] * count)
    for number, (moment, wait_ms) in enumerate(run.waits):
        index = min(count - 1, max(0, int((moment - run.started) / width)))
        longest[index] = max(longest[index], wait_ms)
        if number % STEP == 0:
            yield ""
    return longest
