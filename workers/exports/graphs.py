"""The graphs of the HTML report. All have the same time axis: what lies below each other happened together."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ..reports.labs.reasons import reason_words, reasons
from ..reports.lane import BLOCKED, CANCELLED, DONE, FAILED, PAUSED, RUNNING, WAITING, Floats, Lane
from ..reports.palette import BANDS, lag_word
from ..reports.scales import LAG_MS, WAIT_MS, LogScale, fitting_top, power_words, rate_ticks, time_ticks
from ..utils import formatting
from .svg import WIDTH, curve, element, plot

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence

    from ..engine.run import Run
    from ..engine.sharing import Reason
    from ..reports.labs.things import Strip
    from ..reports.lane import Bar
    from ..reports.series import Frozen

MAX_MARKS = 8
ROW, BAR = 18, 13
LABEL_CHARACTERS, TAIL = 14, 6
MIN_TASK = 4
"""A bar as many units wide as this is told apart from its neighbours, and says of what task it is."""

MAX_TASKS, MAX_MARKED = 2_000, 300
LETTER, NARROW, PAPER = 8, 250, 500
"""How wide a letter is at most, and a timeline on a phone and on paper at least, in pixels."""

STATES = {
    **{RUNNING: "running", DONE: "done", WAITING: "waiting", PAUSED: "paused"},
    **{BLOCKED: "blocked", CANCELLED: "cancelled", FAILED: "failed"},
}
"""A bar's kind -> its class, from the least to the most telling: where two share a pixel, the latter is drawn."""


class Curve(NamedTuple):
    """A line of a graph.

    Attributes:
        name: what it is called under the mouse; empty where it is the only one.
        style: its class: "a", "b" or "plain".
        times: in seconds since Start.
        values: one for each time; negative where nothing is known.
    """

    name: str
    style: str
    times: Floats
    values: Floats

    @property
    def peak(self) -> float:
        return float(self.values.max(initial=0.0))


def time_marks(span_s: float) -> list[tuple[float, str]]:
    """Marks in steps that are round in seconds or minutes, with their words, by their shares of the time axis."""
    marks = time_ticks(span_s, MAX_MARKS)
    return [(at / (span_s or 1.0), formatting.mark(at) if at else "Start") for at in marks]


def rate_graph(curves: Sequence[Curve], span_s: float, unit: str) -> str:
    """The throughput over time, from 0 on."""
    size, unit = (1e6, "MB") if unit == "bytes" else (1.0, unit)
    top = fitting_top(max(one.peak for one in curves) / size, 0.0)
    marks = [(mark / top, text) for mark, text in rate_ticks(top)]
    lines = _lines(curves, span_s, 150, [one.values / size / top for one in curves])
    scale = f"linear {top:g} {unit}/s"
    return plot(
        "Throughput over time",
        150,
        marks,
        time_marks(span_s),
        lines,
        span_s=span_s,
        scale=scale,
        has_lines=True,
    )


def lag_graph(curves: Sequence[Curve], span_s: float) -> str:
    """The lag on a logarithmic scale, and the bands of lag with their names."""
    scale, height = LAG_MS.reaching(max(one.peak for one in curves)), 190
    bands, names, below = "", [], 0.0
    for edge, word, _ in BANDS:
        above = scale.share(edge)
        bands += element(
            "rect",
            class_=f"band-{word}",
            width=WIDTH,
            y=height * (1 - above),
            height=height * (above - below),
        )
        names.append(((above + below) / 2, word))
        below = above
    return _log_graph("Lag of the window over time, in ms", scale, height, curves, span_s, bands, names)


def wait_graph(curves: Sequence[Curve], span_s: float, held: Sequence[tuple[float, float]] = ()) -> str:
    """The waits for the GIL on a logarithmic scale, and from when to when calls into C `held` it."""
    scale, height = WAIT_MS.reaching(max(one.peak for one in curves)), 150
    per_s = WIDTH / (span_s or 1.0)
    marks = "".join(
        element("rect", class_="held", x=begin * per_s, width=max(1.0, (end - begin) * per_s), height=height)
        for begin, end in held[:MAX_MARKED]
    )
    return _log_graph("Wait for the GIL over time, in ms", scale, height, curves, span_s, marks)


def _log_graph(
    label: str,
    scale: LogScale,
    height: int,
    curves: Sequence[Curve],
    span_s: float,
    bands: str = "",
    names: Iterable[tuple[float, str]] = (),
) -> str:
    marks = [(scale.share(tick), power_words(tick)) for tick in scale.ticks()]
    shares = [np.where(one.values < 0, -1.0, [scale.share(value) for value in one.values]) for one in curves]
    return plot(
        label,
        height,
        marks,
        time_marks(span_s),
        _lines(curves, span_s, height, shares),
        span_s=span_s,
        scale=f"log {scale.low:g} {scale.high:g}",
        has_lines=True,
        bands=bands,
        names=names,
    )


def _lines(curves: Sequence[Curve], span_s: float, height: int, shares: Sequence[Floats]) -> str:
    return "".join(
        curve(one.times / (span_s or 1.0), share, height, one.style, one.name)
        for one, share in zip(curves, shares, strict=True)
    )


# -------------------------------------------------------------------- the timeline


def timeline(
    run: Run,
    lanes: Sequence[Lane],
    span_s: float,
    frozen: Sequence[Frozen],
    locks: Sequence[Lane] = (),
    strips: Sequence[Strip] = (),
) -> Generator[str, None, str]:
    """What each lane did, and over the bars of all lanes when the window stood still; below them what tasks shared.

    As many tasks as you like make no more bars than there are pixels; each is a pixel wide at least. Yields breaths,
    empty texts.

    Args:
        run: whose.
        lanes: one for each place.
        span_s: how long the axis of time is.
        frozen: when the window stood still.
        locks: one for each lock; its bars are the tasks that held it.
        strips: one for each other gauge.
    """
    why = reasons(run)
    rows = [lane.title for lane in (*lanes, *locks)] + [strip.name for strip in strips]
    height = ROW * len(rows)
    names = [(1 - (number + 0.5) / len(rows), label(name)) for number, name in enumerate(rows)]
    parts, left = [], MAX_TASKS
    for number, lane in enumerate((*lanes, *locks)):
        middle = ROW * (number + 0.5)
        for kind, bars in bars_of(lane, middle, span_s, STATES):
            parts.append(element("path", class_=f"bar {STATES[kind]}", stroke_width=BAR, d=bars))
        starts, ends, _ = lane.columns()
        wide = np.flatnonzero((ends - starts) * WIDTH >= MIN_TASK * span_s)[:left]
        left -= len(wide)
        reason_of = why if number < len(lanes) else None
        parts += [_task(run, lane.bar(int(row)), middle, span_s, reason_of) for row in wide]
        yield ""
    for number, strip in enumerate(strips, len(rows) - len(strips)):
        parts.append(_strip(run, strip, ROW * (number + 0.5) + BAR / 2, span_s))
        yield ""
    told = "What each place did over time"
    above = stops(frozen, span_s)
    return plot(told, height, names, time_marks(span_s), "".join(parts), span_s=span_s, above=above)


def stops(frozen: Sequence[Frozen], span_s: float) -> str:
    """What stands above lanes and is hatched over all of them: when the window stood still."""
    longest = sorted(frozen, key=lambda each: each.begin - each.end)[:MAX_MARKED]
    told = "".join(_stop(each, span_s) for each in longest)
    return f'<div class="stops">{told}</div>' if told else ""


def bars_of(lane: Lane, middle: float, span_s: float, order: Iterable[int]) -> Iterator[tuple[int, str]]:
    """The bars of a lane as they can be told apart: the path of all of each kind.

    Args:
        lane: whose.
        middle: of its row.
        span_s: how long the axis of time is.
        order: the kinds; where two share a pixel, the latter is drawn.
    """
    starts, ends, kinds = lane.columns()
    shown = np.full(WIDTH, -1)
    there = [kind for kind in order if kind in kinds]
    for kind in there:
        shown[_covered(starts[kinds == kind], ends[kinds == kind], span_s)] = kind
    for kind in there:
        yield kind, "".join(f"M{begin} {middle:g}h{end - begin}" for begin, end in _stretches(shown == kind))


def label(name: str) -> str:
    """A row's name, as far as there is room: its end tells one from the other."""
    return name if len(name) <= LABEL_CHARACTERS else f"{name[: LABEL_CHARACTERS - TAIL - 1]}…{name[-TAIL:]}"


def _strip(run: Run, strip: Strip, foot: float, span_s: float) -> str:
    """What a gauge showed, from `foot` up, and a line for what it was to show."""
    edges = np.linspace(0.0, span_s or 1.0, WIDTH + 1)
    whole = strip.high - strip.low or 1.0
    ground = foot + strip.low / whole * BAR

    def heights(levels: Floats) -> list[tuple[int, int, float]]:
        """Where it was the same for a while: from which pixel to which, and how high."""
        known = np.nan_to_num(levels, nan=np.inf)
        cuts = [0, *(np.flatnonzero(known[1:] != known[:-1]) + 1).tolist(), WIDTH]
        found = [(low, high, float(known[low])) for low, high in itertools.pairwise(cuts)]
        return [(low, high, ground - level / whole * BAR) for low, high, level in found if level != np.inf]

    def path(style: str, parts: Iterable[str]) -> str:
        return element("path", class_=style, d="".join(parts))

    steps = heights(strip.levels(edges, run.wall_s))
    drawn = path("strip", (f"M{low} {ground:.1f}V{top:.1f}H{high}V{ground:.1f}Z" for low, high, top in steps))
    if strip.has_expected:
        wanted = heights(strip.expected(edges, run.wall_s))
        drawn += path("expected", (f"M{low} {top:.1f}H{high}" for low, high, top in wanted))
    least, most = strip.range
    said = element("title", f"{strip.name}: from {least:,.6g} to {most:,.6g}")
    return drawn + element("rect", inside=said, class_="task", y=foot - BAR, width=WIDTH, height=BAR)


def _task(
    run: Run, bar: Bar, middle: float, span_s: float, why: Mapping[tuple[int, float], Reason] | None
) -> str:
    """A frame in the colour of the ground around a bar, which says what the bar is; without `why` a lock's holder."""
    state = STATES[bar.kind]
    if why is None:
        state = "holds it"
    elif reason := why.get((bar.task, bar.start)):
        state = f"waits for {reason_words(run, bar.task, reason)}"
    length, since = formatting.seconds(bar.end - bar.start), formatting.seconds(bar.start)
    title = f"{run.plan.title(bar.task)}: {state}, {length}, from {since} on"
    left, width = bar.start / span_s * WIDTH, (bar.end - bar.start) / span_s * WIDTH
    said = element("title", title)
    return element("rect", inside=said, class_="task", x=left, y=middle - BAR / 2, width=width, height=BAR)


def _stop(frozen: Frozen, span_s: float) -> str:
    """A slow or frozen stretch above the lanes, with its length where there is room, and its hatching over all."""
    length, since = formatting.seconds(frozen.lag_s), formatting.seconds(frozen.begin)
    share = (frozen.end - frozen.begin) / (span_s or 1.0)
    words = f"{lag_word(frozen.lag_s * 1e3)} {length}"
    needed = LETTER * len(words) / share if share else math.inf
    said = f"<b{' class=odd' if needed > NARROW else ''}>{words}</b>" if needed <= PAPER else ""
    place = f"left:{frozen.begin / (span_s or 1.0) * 100:.2f}%;width:{share * 100:.2f}%"
    return f'<span style="{place}" title="The window stood still for {length}, from {since} on">{said}</span>'


def _covered(begins: Floats, ends: Floats, span_s: float) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which pixels are covered by stretches of time, in seconds since Start."""
    per_s = WIDTH / span_s if span_s > 0 else 0.0
    first = np.clip(begins * per_s, 0, WIDTH - 1).astype(np.intp)
    last = np.clip(np.round(ends * per_s).astype(np.intp), first + 1, WIDTH)
    covers = np.bincount(first, minlength=WIDTH + 1) - np.bincount(last, minlength=WIDTH + 1)
    return np.cumsum(covers)[:WIDTH] > 0


def _stretches(pixels: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> list[tuple[int, int]]:
    changes = np.flatnonzero(np.diff(pixels, prepend=False, append=False))
    return [(int(begin), int(end)) for begin, end in changes.reshape(-1, 2)]
