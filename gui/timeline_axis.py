"""The timeline's axis: round moments for its ticks, and how they are said. Plain functions, no Qt."""

from __future__ import annotations

import math

from workers.utils import formatting

STEPS = (1, 2, 5, 10)
LONG_STEPS_S = (15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1800.0, 3600.0, 7200.0)


def tick_step(span: float, most: int) -> float:
    """The least round distance of ticks, in seconds, of which at most `most` fit into `span` seconds."""
    least = span / max(1, most)
    if least > 10:
        return next((step for step in LONG_STEPS_S if step >= least), 7200.0 * math.ceil(least / 7200.0))
    power = 10.0 ** math.floor(math.log10(least))
    return next(step * power for step in STEPS if step * power >= least * (1 - 1e-9))


def ticks(low: float, high: float, step: float) -> list[float]:
    """The multiples of `step` from `low` to `high`, none of them before Start."""
    return [number * step for number in range(max(0, math.ceil(low / step)), math.floor(high / step) + 1)]


def moment(seconds: float, step: float) -> str:
    """A moment in as many digits as tell it from others that are `step` seconds away: 4 s, 4.25 s, 2 min 5 s.

    `workers.utils.formatting` rounds lengths of time as people say them; two ticks must not come out the same.
    """
    if step >= 1:
        return formatting.seconds(float(round(seconds))) if seconds else "0 s"
    digits = min(6, max(0, math.ceil(-math.log10(step) - 1e-9)))
    return f"{seconds:,.{digits}f} s" if seconds else "0 s"
