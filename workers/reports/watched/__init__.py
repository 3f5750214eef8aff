"""What a watched program showed, in words: its end, its freezes by lines, who starved, what another run changed."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from ...catalog.lookup import WATCH
from ...monitors.freeze import GUI
from ...monitors.lag import FREEZE_OVER_S
from ...utils.formatting import listed, milliseconds, plural, seconds
from ..freeze_advice import watched_advice
from ..freeze_words import Group, groups, what_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...engine.run import Run

STARVED_MS = 10.0
"""Whoever waits longer than this for the GIL starves: alone it takes a third of a millisecond."""

STARVED_SHARE, STARVED_S = 0.1, 0.5
"""It is told where that was so for this part of the run, and for so many seconds of it."""

SAMPLE_S = 0.4
"""A sample of the GIL meter stands for the time since the one before, but for no more than this and its own wait."""

MAX_NAMES = 3
POLITE = "Let them take turns: docs/politeness.md says how, with FairLock and a gate to copy."


class Row(NamedTuple):
    """A line of a program at which it stood still, for over 250 ms each time.

    Attributes:
        group: the freezes, the longest first.
        times: how often.
        total_s: for how long in all, in seconds; `longest_s` likewise.
        what: which thread did what, as a sentence.
        delivered: what the event loop had called; empty where that is not known.
        advice: what would have kept it from that.
    """

    group: Group
    times: int
    total_s: float
    longest_s: float
    what: str
    delivered: str
    advice: str


def is_watched(run: Run) -> bool:
    """Whether a run is that of a program that was watched."""
    return run.settings.workload == WATCH


def loop_name(run: Run) -> str:
    """What it was that could freeze: "the window", or "the event loop" of a server."""
    return (
        "the event loop" if str(run.environment.get("event_loop", "")).startswith("asyncio") else "the window"
    )


def rows(run: Run) -> list[Row]:
    """The lines at which a program stood still, the worst first: the one that took most time in all."""
    gil_enabled = bool(run.environment.get("gil_enabled", True))
    found = []
    for group in groups(run.freezes):
        longest = group.longest
        found.append(
            Row(
                group,
                len(group.freezes),
                sum(freeze.lag_s for freeze in group.freezes),
                longest.lag_s,
                what_text(group, run),
                next((freeze.delivered for freeze in group.freezes if freeze.delivered), ""),
                watched_advice(longest.kind, longest.holder == GUI, gil_enabled),
            )
        )
    found.sort(key=lambda row: -row.total_s)
    return found


def end_words(run: Run) -> str:
    """How a watched program ended, with the time it took: "my_app.py ended after 12 s"."""
    took, name, code = seconds(run.wall_s), run.plan.title(0), run.exit_code
    if code is None:
        return f"{name} was watched for {took}"
    if run.recorder.cancelled:
        return f"{name} was stopped after {took}"
    if not code:
        return f"{name} ended after {took}"
    how = run.recorder.errors.get(0, "").partition(".")[0]
    how = f"was e{how[1:]}" if how.startswith("Ended by ") else f"ended with exit code {code}"
    return f"{name} {how} after {took}"


def starved(run: Run) -> str:
    """That threads of a program wait long for the GIL, how long, and for whom; empty where they do not."""
    if not is_watched(run):
        return ""
    moments = [run.started, *(moment for moment, _ in run.waits)]
    late = [
        (moment, wait, min(moment - before, SAMPLE_S + wait / 1e3))
        for before, (moment, wait) in zip(moments, run.waits, strict=False)
        if wait > STARVED_MS
    ]
    hungry_s = sum(stood_for for *_, stood_for in late)
    if hungry_s < max(STARVED_S, STARVED_SHARE * run.wall_s):
        return ""
    takers = _takers(run, [moment for moment, *_ in late])
    if not takers:
        return ""
    waits = sorted(wait for _, wait, _ in late)
    named = [f'"{name}"' for name in takers[:MAX_NAMES]]
    if len(takers) > MAX_NAMES:
        named.append(plural(len(takers) - MAX_NAMES, "other"))
    middle, worst = milliseconds(waits[len(waits) // 2]), milliseconds(waits[-1])
    verb = "computes" if len(takers) == 1 else "compute"
    return (
        f"It starved: for {seconds(hungry_s)} whoever wanted the GIL waited for it, {middle} as a rule and {worst} at "
        f"the longest, while {_threads(len(takers))} {listed(named)} {verb} in Python. {POLITE}"
    )


def _threads(count: int) -> str:
    return "thread" if count == 1 else "threads"


def _takers(run: Run, moments: Sequence[float]) -> list[str]:
    """The threads that ran Python, or were to, at these moments or just before, but those that seldom did.

    The event loop's own is none of them: it is who waits.
    """
    own = run.environment.get("loop_thread", "MainThread")
    found: Counter[str] = Counter()
    for one in run.threads.stretches(run.ended or run.started):
        name = run.threads.names[one.thread]
        if one.state in {"python", "gil"} and name != own:
            low, high = bisect_left(moments, one.start - SAMPLE_S), bisect_right(moments, one.end + SAMPLE_S)
            found[name] += high - low
    most = max(found.values(), default=0)
    return sorted(name for name, count in found.items() if count and count >= most / 10)


def compared(before: Run, after: Run) -> str:
    """What another run of a program changed: "It froze 7 times, 5.5 s in all; now it never does"."""
    if before.lag is None or after.lag is None:
        return (
            f"Before, {end_words(before)}; now, {end_words(after)}. One of them ran no event loop to compare."
        )
    was, now = _froze(before), _froze(after)
    then = was or f"was {_at_most(before)}"
    return f"Before, {loop_name(before)} {then}; now, it {now or f'never freezes, and is {_at_most(after)}'}."


def _froze(run: Run) -> str:
    """Such as "froze 7 times, 5.5 s in all"; empty where it never did."""
    lag = run.lag
    if lag is None or not lag.freezes:
        return ""
    times = "once" if lag.freezes == 1 else f"{lag.freezes:,} times"
    frozen_s = sum(freeze.lag_s for freeze in run.freezes if freeze.lag_s > FREEZE_OVER_S)
    return f"froze {times}, {seconds(frozen_s)} in all"


def _at_most(run: Run) -> str:
    return f"at most {milliseconds(run.lag.max if run.lag is not None else 0.0)} late"
