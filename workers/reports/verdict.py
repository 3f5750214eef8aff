"""Says in words what a run showed. Every number in a sentence is one that the report has too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..engine.plan import BLOCKING
from ..utils.formatting import error_line, memory, milliseconds, number, seconds

if TYPE_CHECKING:
    from ..engine.run import Run
    from ..monitors.resources import Resources

SMOOTH_MS = 50.0
"""Up to this lag nobody notices anything (design: 'a long task' begins here)."""

BUSY_IDLE_MS = 30.0
"""An idle window that lags more than this at its p95 stands on a busy machine: the run is not alone to blame."""


def window_words(run: Run, window: str = "the window") -> str:
    """What the window did during a run; empty without a window. `window` is what the sentence calls it."""
    lag = run.lag
    if lag is None:
        return ""
    if not lag.freezes:
        smooth = "never lagged more than" if lag.max <= SMOOTH_MS else "lagged by up to"
        return f"{window} {smooth} {milliseconds(lag.max)}"
    if lag.freezes == 1:
        return f"{window} was frozen for {seconds(lag.longest_freeze_s)}"
    return (
        f"{window} froze {lag.freezes} times, {seconds(lag.longest_freeze_s)} at the longest "
        f"and {seconds(lag.blocked_s)} in all"
    )


def outcome_words(run: Run) -> str:
    """How the run's tasks ended, with the time it took."""
    recorder = run.recorder
    total = f"{recorder.count:,} tasks" if recorder.count > 1 else "1 task"
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


def verdict(run: Run, runner_title: str) -> str:
    """One sentence on a finished run, and a second one where the machine was busy."""
    window = window_words(run)
    where = f" on {runner_title}" if run.settings.runner != BLOCKING else " on the GUI thread"
    return f"{outcome_words(run)}{where}{': ' if window else ''}{window}.{busy_words(run)}"


def compare_verdict(blocking: Run, other: Run, other_title: str) -> str:
    """What the same work did on the GUI thread and elsewhere: which froze for how long, and which was faster."""
    for run in (blocking, other):
        if run.recorder.cancelled or run.recorder.failed:
            return f"No fair comparison: {outcome_words(run)[0].lower()}{outcome_words(run)[1:]}."
    before, after = seconds(blocking.wall_s), seconds(other.wall_s)
    speed = speed_words(blocking.wall_s, other.wall_s)
    if blocking.lag is None:
        return f"On the GUI thread it took {before}. On {other_title} the same work took {after}: {speed}."
    return (
        f"On the GUI thread {window_words(blocking)}. On {other_title} {window_words(other, 'it')}, and the same work "
        f"took {after} in place of {before}: {speed}.{busy_words(other)}"
    )


def speed_words(before: float, after: float) -> str:
    """How two wall times compare; within 5 % they are the same."""
    if before <= 0 or after <= 0 or 0.95 <= before / after <= 1.05:
        return "as fast"
    if after < before:
        return f"{factor(before / after)} times as fast"
    return f"{factor(after / before)} times as long"


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
