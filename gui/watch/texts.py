"""What the room Watch says of a program at a moment: a word, a large figure, sentences. Plain data, no Qt."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from gui.witness.texts import DOING, LOOKING, big_figure
from workers.catalog.user_names import base
from workers.monitors.dump import guilty_line
from workers.monitors.freeze import CARD_OVER_S, GUI
from workers.monitors.lag import PERIOD_S, RECENT_S, LagMonitor
from workers.reports.palette import lag_word
from workers.reports.verdict import verdict
from workers.utils import formatting
from workers.watch.watched import loop_words

if TYPE_CHECKING:
    from workers.engine.run import Run
    from workers.monitors.freeze import Line
    from workers.watch.watched import Watched
    from workers.watch.watcher import Watcher

TOLD_S = 0.2
"""Beats come in batches: a loop whose newest one is no older than this besides is taken to be well."""

DEAF = "C code holds its GIL: none of its threads can respond."
STARTING, NO_LOOP, WELL, SLOW, FROZEN = "starting", "no loop", "well", "slow", "frozen"
LOST, ENDING, ENDED, NEVER, FAILED = "lost", "ending", "ended", "never", "failed"
LOOKS = {
    STARTING: ("◌", "Starting", "muted"),
    NO_LOOP: ("◌", "No event loop yet", "muted"),
    WELL: ("●", "Responding", "good"),
    SLOW: ("▲", "Slow", "slow"),
    FROZEN: ("■", "Frozen", "frozen"),
    LOST: ("–", "Lost contact", "warn"),
    ENDING: ("◌", "Ending", "muted"),
    ENDED: ("✓", "Ended", "good"),
    NEVER: ("–", "It ran no event loop", "warn"),
    FAILED: ("✕", "Failed", "bad"),
}
"""A state of a watched program -> its mark, its word and the role of its colour."""


class Told(NamedTuple):
    """All texts of a frame.

    Attributes:
        state: a key of LOOKS.
        figure: the big number; empty where there is none.
        sentence: what it means.
        blame: who did what; empty where nothing is known.
        where: the guilty line's place.
        source: its text.
    """

    state: str
    figure: str
    sentence: str
    blame: str = ""
    where: str = ""
    source: str = ""

    @property
    def is_alarm(self) -> bool:
        """Whether the loop is silent just now."""
        return self.state in {SLOW, FROZEN}

    @property
    def headline(self) -> str:
        mark, word, _ = LOOKS[self.state]
        return f"{mark} {word}"

    @property
    def role(self) -> str:
        return LOOKS[self.state][2]


def silent_s(watched: Watched, now: float) -> float:
    """For how long the event loop has been silent, in seconds; 0.0 where it is well or there is none."""
    beats = watched.run.beats
    if watched.run.ended is not None or not watched.loops or not beats:
        return 0.0
    silent = now - beats[-1] - PERIOD_S
    return silent if silent > CARD_OVER_S + TOLD_S or watched.sighting is not None else 0.0


def of_start(title: str) -> Told:
    """What there is to say of a program that is about to be started."""
    return Told(STARTING, "", f"{title} is starting.")


def told(watcher: Watcher, now: float, starved: str = "") -> Told:
    """What there is to say of a program now.

    Args:
        watcher: watches it.
        now: in seconds of `time.perf_counter`.
        starved: who takes the GIL from others, as a sentence; it is found out by whoever has the time.
    """
    watched, run = watcher.watched, watcher.run
    if run.ended is not None:
        return of_end(run, bool(watched.loops), starved)
    since = big_figure(now - run.started)
    if watched.hello is None:
        return of_start(watcher.program.title)._replace(figure=since)
    runs_on = f"{watcher.program.title} runs on Python {watched.hello.python}, process {watched.hello.pid}."
    if watched.said_bye:  # what comes now is no freeze
        return Told(ENDING, since, runs_on, so_far(run))
    if not watcher.is_linked:
        return Told(LOST, since, f"{runs_on} The connection to it is lost.")
    if not watched.loops:
        return Told(NO_LOOP, since, f"{runs_on} It is measured once a loop of Qt, tkinter or asyncio begins.")
    silent = silent_s(watched, now)
    if silent:
        return _of_freeze(watcher, silent)
    late = LagMonitor(run.beats).worst_ms(now - RECENT_S - TOLD_S, run.beats[-1]) if run.beats else 0.0
    sentence = f"{runs_on} {loop_words(watched.loops[-1])}."
    return Told(WELL, formatting.milliseconds(late), sentence, so_far(run), starved)


def _of_freeze(watcher: Watcher, silent: float) -> Told:
    watched, figure = watcher.watched, big_figure(silent)
    state = FROZEN if lag_word(silent * 1e3) == "frozen" else SLOW
    sentence = f"{watcher.program.title} has not responded for {figure}."
    seen = watched.sighting
    if seen is None:
        found = guilty_line(watcher.stacks, watched.loops[-1].thread)
        if found is None:
            return Told(state, figure, sentence, LOOKING)
        return _with_line(Told(state, figure, f"{sentence} {DEAF}"), found[0], "C code that holds the GIL:")
    kind, holder, line = seen.sighting.kind, seen.sighting.holder, seen.sighting.line
    who = "Its event loop's thread" if holder == GUI else f'Its thread "{holder}"'
    by = f", called by the {seen.delivery.kind} {seen.delivery.name}" if seen.delivery.kind else ""
    return _with_line(Told(state, figure, sentence), line, f"{who} is {DOING[kind] or 'here'}{by}:")


def _with_line(shown: Told, line: Line, blame: str) -> Told:
    where = f"{base(line.file)}, line {line.number}, in {line.function}"
    return shown._replace(blame=blame, where=where, source=line.text.strip())


def so_far(run: Run) -> str:
    """How often it stood still until now."""
    if not run.freezes:
        return f"So far it has never stood still for over {formatting.milliseconds(CARD_OVER_S * 1e3)}."
    total = formatting.seconds(sum(freeze.lag_s for freeze in run.freezes))
    return f"It stood still {formatting.plural(len(run.freezes), 'time')}, {total} in all."


def of_end(run: Run, had_loop: bool, starved: str) -> Told:
    """What there is to say of a program that has ended, or is watched no more."""
    failed = run.recorder.failed > 0
    state = FAILED if failed else ENDED if had_loop else NEVER
    figure = formatting.seconds(run.lag.blocked_s) if run.lag is not None else ""
    lines = [line.strip() for line in run.recorder.errors.get(0, "").splitlines() if line.strip()]
    # Of a traceback the last line says most, of what a fatal signal left the first; one line alone is the verdict's.
    what = lines[1 if lines[0].startswith("Ended by") else -1] if failed and len(lines) > 1 else ""
    return Told(state, figure, verdict(run), what, " ".join(filter(None, (starved, *run.notes))))
