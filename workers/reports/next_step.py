"""What the window says of a run before it, during it and after it, and which step is offered next. Knows nothing of Qt.

The steps of the first minutes are no script: after each run the advice comes first that would have kept the window
alive, then a lesson that was not done yet. Who does something else is offered what is left from there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..catalog.lessons import title_of
from ..engine.plan import BLOCKING, MAX_WORKERS, Settings
from ..utils.formatting import milliseconds, seconds
from .differences import is_same_work
from .failures import why_meant
from .freeze_advice import FreezeAdvice, Known, advise, is_impolite
from .freeze_words import told_of
from .palette import lag_word
from .verdict import speed_words, window_words

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from ..engine.run import Run

STARTUP_SHARE = 0.3
"""Of a run's time; if the start of its place took more, that is told of."""

MUCH = 4.0
"""A window that lagged so many times as much before is told of, though it is slow still."""

OWN = "own"
"""The action that opens the page for a person's own function."""

PAUSE = "pause"

LESSON = "lesson"
"""The action that opens a lesson."""

LESSONS = ("frozen_window", "waiting_is_free", "computing_is_not", "thread_is_not_enough")
"""Where a tour leads, in this order. The first freeze in Live, and the same work elsewhere, are the first of them."""

LEARNED = "That was the tour: more lessons are in the room Lessons."

FIRST = "Press Start: the work runs on the GUI thread, and the window freezes. Try the slider on the left meanwhile."
"""The very first hint."""


class Hint(NamedTuple):
    """A sentence or two for people, and what its button does.

    Attributes:
        text: the sentences.
        label: what the button says; empty where nothing is offered.
        settings: the run that it starts; None where it starts none.
        action: what else it does: OWN, PAUSE or LESSON.
        is_tour: whether a tour is going on that may be ended.
        is_of_start: whether it speaks of the Start of the room Live; other rooms have one of their own.
        lesson: the name of the one that it opens.
    """

    text: str
    label: str = ""
    settings: Settings | None = None
    action: str = ""
    is_tour: bool = False
    is_of_start: bool = False
    lesson: str = ""


def first() -> Hint:
    """The very first hint; who would rather read than press Start is offered the first lesson."""
    title = title_of(LESSONS[0])
    if not title:  # the window begins all the same where that file is being rewritten
        return Hint(FIRST, is_of_start=True)
    offer = f"Or begin with lesson 1: {title}"
    return Hint(FIRST, offer, action=LESSON, is_of_start=True, lesson=LESSONS[0])


def before_run(settings: Settings) -> Hint:
    """What a run with these settings will do to the window."""
    if settings.runner == BLOCKING:
        promise = settings.runner_entry.traits.promise
        return Hint(f"The work will run on the GUI thread. {promise}", is_of_start=True)
    free = f"{_expected(settings) or 'The window stays free.'} Switch to GUI thread to see the same work freeze it."
    return Hint(f"The work will run {settings.runner_entry.where}. {free}", is_of_start=True)


def while_running(settings: Settings, which: str = "") -> Hint:
    """The hint from a moment before the first task on; `which` of several runs it is, in words."""
    running = f"{which}: {settings.runner_entry.title}." if which else f"Running {settings.runner_entry.where}."
    if settings.runner == BLOCKING:
        return Hint(f"{running} Frozen from now on.")
    return Hint(f"{running} {_expected(settings) or 'Try it: click, type, scroll.'}")


def _expected(settings: Settings) -> str:
    """What may be expected of the window, where the place or the work declares that it is not simply free."""
    place, work = settings.runner_entry.traits, settings.workload_entry.constants
    if place.gil == "shared" and work.get("GIL") == "keeps":
        return "It runs in a thread, but this call keeps the GIL: will the window answer?"
    if is_impolite(settings):
        return "Its threads take the GIL without taking turns: will the window answer?"
    return place.promise


def paused(run: Run) -> Hint:
    """The hint while a run waits."""
    recorder = run.recorder
    done = f"Paused after {seconds(run.wall_s)}, {recorder.done:,} of {recorder.count:,} done."
    return Hint(done, "Resume", action=PAUSE)


def after_run(
    run: Run,
    runs: Sequence[Run],
    known: Known,
    is_tour: bool,
    done: Collection[str] = (),
) -> Hint:
    """What a run showed, with its own figures, and the next step.

    Args:
        run: that has just ended.
        runs: all that have.
        known: what there is here.
        is_tour: whether a tour of the first minutes is going on.
        done: the names of the lessons that were done.
    """
    lag = run.lag
    if run.recorder.cancelled or lag is None:
        return before_run(run.settings)
    showed = _showed(run, runs)
    if run.recorder.failed:
        why = why_meant(run)
        ends = f", as intended: {why.rstrip('.')}." if why else ", so this run shows little."
        return Hint(f"{run.recorder.failed:,} of {run.recorder.count:,} tasks failed{ends} {showed}")
    step = _help(run, known)
    if step is not None and step.settings is not None:
        keeps = run.settings.workload_entry.constants.get("GIL") == "keeps"
        is_first = run.settings.runner == BLOCKING and not keeps
        why = "Now run exactly the same work off the GUI thread:" if is_first else step.why
        return Hint(f"{showed} {why}", step.label, step.settings, is_tour=is_tour)
    if step is not None:
        showed = f"{showed} {step.why}"
        if run.settings.runner == BLOCKING:
            return Hint(showed)
    if is_tour and run.settings.runner != BLOCKING:
        away = [one.settings for one in runs if one.settings.runner_entry.traits.gil != "gui"]
        is_seen = any(_was_blocking(settings, runs) for settings in away)
        return next_lesson({*done, LESSONS[0]} if is_seen else done, showed)
    return _further(run, runs, showed)


def next_lesson(done: Collection[str], showed: str = "") -> Hint:
    """The next lesson of a tour, or where the others are.

    Args:
        done: the names of those that were done.
        showed: what is said before it.
    """
    for number, name in enumerate(LESSONS, 1):
        title = "" if name in done else title_of(name)
        if title:
            text = f"{showed} Next, lesson {number}: {title}.".lstrip()
            return Hint(text, f"Open lesson {number}", action=LESSON, is_tour=True, lesson=name)
    return Hint(f"{showed} {LEARNED}".lstrip(), "Try your own function", action=OWN)


def _was_blocking(settings: Settings, runs: Sequence[Run]) -> bool:
    """Whether one of these runs did the same work on the GUI thread."""
    return any(run.settings.runner == BLOCKING and is_same_work(run.settings, settings) for run in runs)


def _further(run: Run, runs: Sequence[Run], showed: str) -> Hint:
    """What to try where nothing went wrong: the same work on the GUI thread, or with more workers."""
    settings = run.settings
    if settings.runner == BLOCKING:
        return before_run(settings)
    if not _was_blocking(settings, runs):
        text = f"{showed} Next: the same work on the GUI thread."
        return Hint(text, "Run it on the GUI thread", settings.blocking())
    more = min(MAX_WORKERS, 2 * settings.workers)
    return Hint(
        f"{showed} Next: try more workers, or different work.",
        f"Run it with {more} workers",
        settings._replace(workers=more),
    )


def _help(run: Run, known: Known) -> FreezeAdvice | None:
    """What would have kept the window alive; None where it was."""
    assert run.lag is not None
    word = lag_word(run.lag.max)
    if word not in {"slow", "frozen"} and not (word == "noticeable" and is_impolite(run.settings)):
        return None
    freeze = told_of(run.freezes)
    return advise(freeze.kind if freeze is not None else "unknown", run.settings, known)


def _showed(run: Run, runs: Sequence[Run]) -> str:
    """What the window did, and against the run before it of the same work, where there was one."""
    assert run.lag is not None
    place = run.settings.runner_entry.traits
    did = window_words(run)
    notes = "".join(f" {note}" for note in run.notes)
    is_late = lag_word(run.lag.max) in {"slow", "frozen"}
    if run.settings.runner == BLOCKING:
        return f"{did[:1].upper()}{did[1:]}.{notes}"
    before = run_before(run, runs)
    is_better = before is not None and before.lag is not None and before.lag.max > MUCH * run.lag.max
    if is_late and not is_better:
        return f"{_although(run)}{did}.{notes}"
    if before is None or before.lag is None or run.recorder.failed:
        return f"It ran {run.settings.runner_entry.where}, and {did}.{notes}"
    there = before.settings.runner_entry.where
    if before.settings.runner == run.settings.runner:
        there = "politely" if before.settings.polite else "impolitely"
    startup = run.startup_s or 0.0
    slow_start = place.is_apart and startup > STARTUP_SHARE * run.wall_s
    start = f" {seconds(startup)} of it went by before the first task began." if slow_start else ""
    return (
        f"The same work: worst lag {milliseconds(run.lag.max)} instead of {milliseconds(before.lag.max)} {there}, and "
        f"{speed_words(before.wall_s, run.wall_s)}.{notes or start}"
    )


def _although(run: Run) -> str:
    """That the window was late though the work ran elsewhere: how that sentence begins."""
    place = run.settings.runner_entry.traits
    if place.gil == "gui":
        return f"{place.why_frozen}: "
    if place.is_apart:
        return f"It ran {place.place}, apart from the window's GIL, and yet "
    return f"It ran {'in threads' if place.gil == 'shared' else 'elsewhere'}, and yet "


def run_before(run: Run, runs: Sequence[Run]) -> Run | None:
    """The latest run of the same work that was done elsewhere, or with other manners, from start to end."""
    mine = run.settings.runner, run.settings.polite
    for other in reversed(runs):
        theirs = other.settings.runner, other.settings.polite
        same = is_same_work(run.settings, other.settings) and run.network == other.network
        if same and mine != theirs and not (other.recorder.cancelled or other.recorder.failed):
            return other
    return None
