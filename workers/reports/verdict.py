"""Says in words what a run showed. Every number in a sentence is one that the report has too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..utils.formatting import error_line, memory, milliseconds, number, plural, seconds
from .palette import lag_word
from .watched import compared, end_words, is_watched, loop_name

if TYPE_CHECKING:
    from ..engine.run import Run
    from ..monitors.resources import Resources

BUSY_IDLE_MS = 30.0
"""An idle window that lags more than this at its p95 stands on a busy machine: the run is not alone to blame."""


def window_words(run: Run, window: str = "") -> str:
    """What the window did during a run; empty without a window. `window` is what the sentence calls it."""
    lag, window = run.lag, window or loop_name(run)
    if lag is None:
        return ""
    if not lag.freezes:
        return f"{window} {SAID[lag_word(lag.max)]} {milliseconds(lag.max)} late"
    longest, blocked = seconds(lag.longest_freeze_s), seconds(lag.blocked_s)
    if lag.freezes > 1:
        return f"{window} froze {lag.freezes} times, {longest} at the longest, late for {blocked} in all"
    more = f", and late for {blocked} in all" if lag.blocked_s > 1.2 * lag.longest_freeze_s else ""
    return f"{window} was frozen for {longest}{more}"


SAID = {
    "smooth": "stayed smooth, never more than",
    "noticeable": "lagged noticeably, up to",
    "slow": "was slow, up to",
}
"""The word for a window's worst lag -> how a sentence says it."""


def outcome_words(run: Run) -> str:
    """How the run's tasks ended, with the time it took."""
    if is_watched(run):
        return end_words(run)
    recorder = run.recorder
    total = plural(recorder.count, "task")
    if recorder.cancelled:
        return f"Cancelled after {seconds(run.wall_s)} with {recorder.done:,} of {total} done"
    if recorder.failed:
        return f"{recorder.failed:,} of {total} failed in {seconds(run.wall_s)} ({first_error(run)})"
    return f"{total} done in {seconds(run.wall_s)}"


def first_error(run: Run) -> str:
    """What went wrong in the first failed task; empty where none failed."""
    errors = run.recorder.errors
    return error_line(errors[min(errors)]) if errors else ""


def busy_words(run: Run) -> str:
    """A sentence on the machine, where the window lagged before the run too; else empty."""
    if run.idle_lag_ms <= BUSY_IDLE_MS:
        return ""
    return f" This machine is busy: the idle window lagged {milliseconds(run.idle_lag_ms)} already."


def verdict(run: Run) -> str:
    """One sentence on a finished run; more where the machine was busy, or something was left out."""
    window, where = window_words(run), "" if is_watched(run) else f" {run.settings.runner_entry.where}"
    said = first_error(run)  # which the outcome has
    deadlocks = [f"Deadlock: {one}." for one in run.recorder.sharing.deadlocks if one not in said]
    window = f"{': ' if window else ''}{window}"
    return f"{outcome_words(run)}{where}{window}.{busy_words(run)}{_notes(run, *deadlocks)}"


def compare_verdict(blocking: Run, other: Run) -> str:
    """What the same work did on the GUI thread and elsewhere: which froze for how long, and which was faster.

    Or what became better in a program that was watched twice.
    """
    if is_watched(blocking) and is_watched(other):
        return compared(blocking, other)
    for run in (blocking, other):
        if run.recorder.cancelled or run.recorder.failed:
            return f"No fair comparison: {outcome_words(run)[0].lower()}{outcome_words(run)[1:]}.{_notes(run)}"
    before, after = seconds(blocking.wall_s), seconds(other.wall_s)
    there = other.settings.runner_entry.where
    there = there[:1].upper() + there[1:]
    speed = speed_words(blocking.wall_s, other.wall_s)
    if blocking.lag is None:
        return (
            f"On the GUI thread it took {before}. {there} the same work took {after}: {speed}.{_notes(other)}"
        )
    return (
        f"On the GUI thread {window_words(blocking)}. {there} {window_words(other, 'it')}, and the same work "
        f"took {after} instead of {before}: {speed}.{busy_words(other)}{_notes(other)}"
    )


def _notes(run: Run, *more: str) -> str:
    """What was left out of a run, and more."""
    return "".join(f" {note}" for note in (*run.plan.notes, *more))


NOISE = 1.2
"""One run each tells no smaller difference: so much a run differs from itself on a busy machine."""


def speed_words(before: float, after: float) -> str:
    """How the wall times of one run each compare."""
    if before <= 0 or after <= 0 or 1 / NOISE < before / after < NOISE:
        return "as fast, within the noise"
    if after < before:
        return f"about {factor(before / after)}× as fast"
    return f"about {factor(after / before)}× as long"


def factor(value: float) -> str:
    """A ratio with two digits: 1.2, 2.0, 14."""
    return f"{value:.1f}" if value < 9.95 else number(value)


def cost_words(cost: Resources | None) -> dict[str, str]:
    """What a run cost, in words for people; empty where that is not known."""
    if cost is None:
        return dict.fromkeys(("processor time", "memory", "start-up"), "")
    mib, startup = cost.peak_memory_mib, cost.startup_s
    return {
        "processor time": seconds(cost.cpu_s),
        "memory": "" if mib is None else memory(mib),
        "start-up": "" if startup is None else seconds(startup),
    }
