"""Draws the graphs of the HTML report as SVG texts. Colours are the page's, by class; see `workers.exports.html`."""

from __future__ import annotations

import math
from html import escape
from typing import TYPE_CHECKING

from ..utils import formatting

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .series import Frozen

WIDTH, LEFT, RIGHT, TOP, BOTTOM = 960, 120, 16, 8, 24
PLOT = WIDTH - LEFT - RIGHT
"""All graphs have the same time axis, of so many pixels: what lies below each other happened together."""

BANDS = ((16.7, "smooth"), (100.0, "noticeable"), (700.0, "slow"), (math.inf, "frozen"))
LOWEST_MS = 1.0
LABEL_CHARACTERS = 16


def x_of(moment: float, wall_s: float) -> float:
    """Where a moment lies, in pixels; both in seconds since Start."""
    return LEFT + PLOT * min(1.0, max(0.0, moment / wall_s if wall_s > 0 else 0.0))


def time_axis(wall_s: float, bottom: float) -> str:
    """Marks in steps of 1, 2 or 5 times a power of ten seconds (or of minutes), with their words."""
    step = next((step for step in _steps(wall_s) if wall_s / step <= 8), wall_s or 1.0)
    marks = []
    for number in range(int(wall_s / step + 1e-9) + 1):
        x = x_of(number * step, wall_s)
        label = formatting.seconds(number * step) if number else "0 s"
        marks.append(f'<path class="grid" d="M{x:.1f} {TOP}V{bottom}"/>')
        marks.append(f'<text x="{x:.1f}" y="{bottom + 16}" text-anchor="middle">{label}</text>')
    return "".join(marks)


def _steps(wall_s: float) -> Iterable[float]:
    power = 10.0 ** math.floor(math.log10(max(wall_s, 1e-6) / 10))
    if wall_s > 90:
        yield from (15, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400, 36000, 86400)
    yield from (power * digit for digit in (1, 2, 5, 10, 20, 50, 100))


def _svg(height: float, label: str, parts: Iterable[str]) -> str:
    return f'<svg viewBox="0 0 {WIDTH} {height:g}" role="img" aria-label="{escape(label)}">{"".join(parts)}</svg>\n'


def _y_marks(marks: Iterable[tuple[float, str]]) -> str:
    return "".join(
        f'<path class="grid" d="M{LEFT} {y:.1f}h{PLOT}"/>'
        f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{escape(text)}</text>'
        for y, text in marks
    )


def rate_graph(points: Sequence[tuple[float, float]], wall_s: float, unit: str) -> str:
    """The throughput over time, from 0 on."""
    height = 150
    bottom = height - BOTTOM
    peak = max((rate for _, rate in points), default=0.0)
    top = _round_up(peak) if peak > 0 else 1.0

    def y_of(rate: float) -> float:
        return bottom - (bottom - TOP) * rate / top

    line = " ".join(f"{x_of(moment, wall_s):.1f},{y_of(rate):.1f}" for moment, rate in points)
    if len(points) == 1:  # one stretch: a level line
        line = f"{LEFT},{y_of(points[0][1]):.1f} {LEFT + PLOT},{y_of(points[0][1]):.1f}"
    marks = [
        (y_of(top * share), formatting.short_rate(top * share, unit) if share else "0") for share in (0.0, 0.5, 1.0)
    ]
    parts = (time_axis(wall_s, bottom), _y_marks(marks), f'<polyline class="curve" points="{line}"/>')
    return _svg(height, "Throughput over time", parts)


def _round_up(value: float) -> float:
    power = 10.0 ** math.floor(math.log10(value))
    return next(power * digit for digit in (1, 2, 3, 4, 5, 6, 8, 10) if power * digit >= value * 0.999)


def lag_graph(lags_ms: Sequence[float], wall_s: float, what: str) -> str:
    """The worst lag in each of equal parts of the run, on a logarithmic scale and on the bands of lag.

    A negative one was not measured: the line goes straight on to the next that was.
    """
    height = 190
    bottom = height - BOTTOM
    top_ms = 10.0 ** max(3, math.ceil(math.log10(max(LOWEST_MS, *lags_ms, 0.0)) - 1e-9))

    def y_of(lag_ms: float) -> float:
        share = math.log10(max(lag_ms, LOWEST_MS) / LOWEST_MS) / math.log10(top_ms / LOWEST_MS)
        return bottom - (bottom - TOP) * min(1.0, share)

    parts, low = [], LOWEST_MS
    for edge, word in BANDS:
        if low >= top_ms:
            break
        upper, lower = y_of(min(edge, top_ms)), y_of(low)
        parts.append(
            f'<rect class="band-{word}" x="{LEFT}" y="{upper:.1f}" width="{PLOT}" height="{lower - upper:.1f}"/>'
        )
        low = edge
    decades = range(round(math.log10(top_ms)) + 1)
    parts.append(time_axis(wall_s, bottom))
    parts.append(_y_marks((y_of(10.0**power), formatting.milliseconds(10.0**power)) for power in decades))
    width = wall_s / max(1, len(lags_ms))
    points = (f"{x_of((n + 0.5) * width, wall_s):.1f},{y_of(lag):.1f}" for n, lag in enumerate(lags_ms) if lag >= 0)
    parts.append(f'<polyline class="curve" points="{" ".join(points)}"/>')
    return _svg(height, f"{what} over time, in ms", parts)


class Timeline:
    """Bars of what each lane did, pixel by pixel: as many tasks as you like make no more bars than there are pixels.

    Attributes:
        height: of the picture, in pixels.
    """

    STATES = ("running", "done", "waiting", "paused", "cancelled", "failed")
    """From the least to the most telling: where two share a pixel, the latter is drawn."""

    def __init__(self, lanes: Sequence[str], wall_s: float) -> None:
        self._lanes, self._wall_s = lanes, wall_s
        self._row = 18 if len(lanes) <= 24 else 12
        self._rows = [bytearray(PLOT) for _ in lanes]
        self.height = TOP + self._row * max(1, len(lanes)) + BOTTOM

    def add(self, lane: int, begin: float, end: float, state: str) -> None:
        """A bar on a lane, in seconds since Start; it is at least a pixel wide."""
        first = min(PLOT - 1, int(x_of(begin, self._wall_s) - LEFT))
        last = min(PLOT, max(first + 1, round(x_of(end, self._wall_s) - LEFT)))
        code, row = self.STATES.index(state) + 1, self._rows[lane]
        for pixel in range(first, last):
            if row[pixel] < code:
                row[pixel] = code

    def svg(self, frozen: Sequence[Frozen]) -> str:
        """The picture, with the window's freezes behind the bars of all lanes."""
        bottom = self.height - BOTTOM
        parts = [time_axis(self._wall_s, bottom)]
        shades: list[tuple[int, int]] = []
        for each in frozen:
            left, right = (round(x_of(moment, self._wall_s)) for moment in (each.begin, each.end))
            if shades and left <= shades[-1][1]:
                shades[-1] = (shades[-1][0], max(right, shades[-1][1]))
            else:
                shades.append((left, max(right, left + 1)))
        parts += [
            f'<rect class="freeze" x="{left}" y="{TOP}" width="{right - left}" height="{bottom - TOP}"/>'
            for left, right in shades
        ]
        for number, (name, row) in enumerate(zip(self._lanes, self._rows, strict=True)):
            y = TOP + self._row * (number + 0.5)
            label = name if len(name) <= LABEL_CHARACTERS else f"{name[: LABEL_CHARACTERS - 1]}…"
            parts.append(f'<text x="{LEFT - 8}" y="{y + 4:g}" text-anchor="end">{escape(label)}</text>')
            for code, state in enumerate(self.STATES, 1):
                bars = "".join(f"M{LEFT + begin} {y:g}h{end - begin}" for begin, end in _stretches(row, code))
                if bars:
                    parts.append(f'<path class="bar {state}" stroke-width="{self._row - 4}" d="{bars}"/>')
        return _svg(self.height, "What each place did over time", parts)


def _stretches(row: bytearray, code: int) -> list[tuple[int, int]]:
    """Where in a row one code stands: pairs of a begin and an end."""
    found, byte, end = [], bytes([code]), 0
    while (begin := row.find(byte, end)) >= 0:
        end = begin
        while end < len(row) and row[end] == code:
            end += 1
        found.append((begin, end))
    return found
