"""What the timeline says of the things under the mouse, and of moments. Plain functions, no Qt."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from workers.monitors.freeze import KINDS
from workers.monitors.lag import PERIOD_S
from workers.monitors.threads.history import STATES as THREAD_STATES
from workers.monitors.track.marks import GARBAGE, GIL, INPUT, PAINT, PROCESSOR, QT, SLOT, TASKS
from workers.monitors.track.marks import KINDS as MAIN_KINDS
from workers.reports.labs.reasons import reason_at, reason_words
from workers.reports.lane import BLOCKED, PAUSED, WAITING
from workers.reports.palette import STATES, lag_word
from workers.reports.watched.thread_lanes import KINDS as THREAD_KINDS
from workers.utils import formatting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workers.engine.run import Run
    from workers.monitors.freeze import Freeze
    from workers.reports.labs.things import Strip
    from workers.reports.lane import Bar
    from workers.reports.main_lane import Span

INSIDE = {WAITING: "Waiting for its turn", PAUSED: "Paused"}
UNTIL_NOW = "now"
ABOUT = {
    PAINT: "drawing a frame of the window",
    INPUT: "handling the mouse or a key",
    SLOT: "Python code that Qt called",
    TASKS: "taking up what the tasks tell",
    GARBAGE: "Python frees what nobody uses any more",
    GIL: "it had something to do, and another thread ran Python",
    PROCESSOR: "it had something to do, and no processor was free",
    QT: "layout, timers and events inside Qt, or code that could not be named",
}
"""What the GUI thread does, for those who do not know the words."""


def stretch(start: float, end: float, is_over: bool = True) -> str:
    """From when to when, and how long: "1.20 s to 1.25 s, 50 ms"."""
    step = max(1e-6, (end - start) / 20)
    until = moment(end, step) if is_over else UNTIL_NOW
    return f"{moment(start, step)} to {until}, {formatting.seconds(max(0.0, end - start))}"


def task_tip(run: Run, bar: Bar, others: int, is_open: bool) -> str:
    """A bar, its task, and how many others share its pixel.

    Args:
        run: the task's run.
        bar: what is under the mouse.
        others: how many further tasks the same pixel shows.
        is_open: whether the bar has not ended.
    """
    row = run.recorder.row(bar.task)
    sign, word = STATES[row.phase]
    start = row.started - run.started
    end = row.ended - run.started if row.ended else max(start, bar.end)
    title = run.plan.title(bar.task)
    lines = [title, f"{sign} {word} in {row.place}", stretch(start, end, bool(row.ended))]
    if bar.kind == BLOCKED or bar.kind in INSIDE:
        lines.append(wait_words(run, bar, is_open))
    if row.error:
        lines.append(formatting.error_line(row.error).removeprefix(f"{title}: "))
    if others:
        lines.append(f"and {formatting.plural(others, 'more task')} in this pixel: zoom in to part them")
    return "\n".join(lines)


def thread_tip(bar: Bar, is_open: bool) -> str:
    """What a thread did, from when to when."""
    words = THREAD_STATES[THREAD_KINDS[bar.kind]]
    return f"{words[0].upper()}{words[1:]}\n{stretch(bar.start, bar.end, not is_open)}"


def wait_words(run: Run, bar: Bar, is_open: bool) -> str:
    """What a task waits for inside of a bar, and from when to when."""
    reason = reason_at(run, bar.task, bar.start) if bar.kind == BLOCKED else None
    what = f"Waits for {reason_words(run, bar.task, reason)}" if reason is not None else INSIDE[bar.kind]
    return f"{what}: {stretch(bar.start, bar.end, not is_open)}"


def holder_tip(lock: str, run: Run, bar: Bar, others: int, is_open: bool) -> str:
    """A task that had a lock, and from when to when; the rest as `task_tip` has it."""
    lines = [run.plan.title(bar.task), f"Holds {lock}: {stretch(bar.start, bar.end, not is_open)}"]
    if others:
        lines.append(f"and {formatting.plural(others, 'more task')} in this pixel: zoom in to part them")
    return "\n".join(lines)


def strip_tip(strip: Strip, at: float, step: float) -> str:
    """What a gauge showed at a moment, what it was to show, and between what it was over the whole run."""
    value, expected = strip.values_at(at)
    if value is None:
        return f"{strip.name}: nothing yet at {moment(at, step)}"
    lines = [f"{strip.name}: {value_words(value)} at {moment(at, step)}"]
    if expected is not None:
        lines.append(f"Expected: {value_words(expected)}")
    return "\n".join([*lines, f"In the whole run: {range_words(*strip.range)}"])


def value_words(value: float) -> str:
    """What a gauge shows: most of them count something."""
    return f"{value:,.0f}" if value == round(value) else formatting.number(value)


def range_words(low: float, high: float) -> str:
    """Between what a gauge was: "0 to 5"; of one that stayed the same that."""
    return value_words(low) if low == high else f"{value_words(low)} to {value_words(high)}"


def late_s(band: Bar) -> float:
    """How late the window was at most, in seconds: without the wait for a beat that is on time."""
    return max(0.0, band.end - band.start - PERIOD_S)


def band_text(band: Bar) -> str:
    """What the window was meanwhile, and for how long: "frozen 4.2 s"."""
    return f"{lag_word(late_s(band) * 1e3)} {formatting.seconds(late_s(band))}"


def span_tip(span: Span) -> str:
    """Something that the GUI thread did: its name, when it was and for how long, what that is."""
    first = [span.name or MAIN_KINDS[span.kind], stretch(span.start, span.end)]
    return "\n".join(
        [*first, f"{MAIN_KINDS[span.kind]}: {ABOUT[span.kind]}" if span.name else ABOUT[span.kind]]
    )


def freeze_tip(band: Bar, cards: Sequence[Freeze], is_open: bool) -> str:
    """A stretch in which the window was slow or frozen, and which line was to blame where the watchdog knows."""
    lines = [
        f"The window was {lag_word(late_s(band) * 1e3)} for {formatting.seconds(late_s(band))}",
        stretch(band.start, band.end, not is_open),
    ]
    for card in cards:
        if card.line is not None:
            line = card.line
            file = line.file.replace("\\", "/").rpartition("/")[2]
            lines.append(f"Guilty: {file}, line {line.number}, in {line.function}; it {KINDS[card.kind]}")
            if line.text:
                lines.append(f"    {line.text.strip()}")
        elif card.kind in KINDS:
            lines.append(
                f"What it did {KINDS[card.kind]}" if card.kind == "unknown" else f"It {KINDS[card.kind]}"
            )
    return "\n".join(lines)


def queue_tip(waiting: int, at: float, step: float) -> str:
    """How long the queue was."""
    return f"{formatting.plural(waiting, 'task')} queued at {moment(at, step)}"


def moment(seconds: float, step: float) -> str:
    """A moment in as many digits as tell it from others that are `step` seconds away: 4 s, 4.25 s, 2 min 5 s.

    `workers.utils.formatting` rounds lengths of time as people say them; two ticks must not come out the same.
    """
    if step >= 1:
        return formatting.seconds(float(round(seconds))) if seconds else "0 s"
    digits = min(6, max(0, math.ceil(-math.log10(step) - 1e-9)))
    return f"{seconds:,.{digits}f} s" if seconds else "0 s"
