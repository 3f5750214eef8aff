"""What the witness says: all texts of a frame. Plain data, no Qt."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from gui.witness.answers import SPAN_S
from gui.witness.protocol import NOWHERE, UNNAMED
from workers.monitors.freeze import GUI
from workers.reports.palette import lag_word
from workers.utils import formatting
from workers.utils.child import ROOT

if TYPE_CHECKING:
    from gui.witness.answers import Answers
    from gui.witness.protocol import Guilt
    from workers.monitors.freeze import Line

SHAPES = {"starting": "◌", "answering": "●", "slow": "▲", "frozen": "■"}
WORDS = {"starting": "Starting", "answering": "Responding", "slow": "Slow", "frozen": "Frozen"}

DOING = {
    "python": "computing in Python",
    "c_gil": "in C code that holds the GIL",
    "c": "in C code, without the GIL",
    "loop": "busy in its event loop, without Python",
    "io": "waiting for I/O",
    "network": "waiting for the network",
    "sleep": "sleeping",
    "lock": "waiting for a lock or another thread",
    "unknown": "",
}
"""What a thread does, by the keys of `freeze.KINDS`: "The GUI thread is …", "Last freeze: 4.4 s, …"."""

HINT = "If the window freezes, the line responsible appears here, and Stop cancels the run."
LOOKING = "Looking for the line responsible …"
UNKNOWN_LINE = "The line responsible is not known."
DEAF = "No thread responds: Stop has to wait, too."
WAITING = "Waiting for the window's first response."


class Shown(NamedTuple):
    """All texts of a frame.

    Attributes:
        state: a key of WORDS: how it is now, or, as long as an answer is missing for long, the word for such a lag.
        figure: the big number.
        sentence: what it means.
        blame: what was done; empty where nothing is known.
        where: the guilty line's place.
        source: its text.
        hint: stands in place of these three where there is no `blame`.
    """

    state: str
    figure: str
    sentence: str
    blame: str = ""
    where: str = ""
    source: str = ""
    hint: str = ""

    @property
    def is_silent(self) -> bool:
        """Whether an answer is missing, and counted."""
        return self.state in {"slow", "frozen"}

    @property
    def headline(self) -> str:
        return f"{SHAPES[self.state]} {WORDS[self.state]}"

    @property
    def banner(self) -> str:
        """All that there is to say in one line."""
        return f"{SHAPES[self.state]} {self.blame or f'{WORDS[self.state]} ({self.figure})'}"


def texts(answers: Answers, guilt: Guilt | None, now: float) -> Shown:
    """What there is to say now.

    Args:
        answers: what came of the pings.
        guilt: which line froze the window, now or the last time; None where nothing is known of it.
        now: in seconds of `time.perf_counter`.
    """
    silent = answers.silent_s(now)
    if answers.is_frozen(now):
        figure = big_figure(silent)
        sentence = DEAF if answers.is_deaf(now) else f"The window has not responded for {figure}."
        shown = Shown(lag_word(silent * 1e3), figure, sentence, hint=LOOKING)
        if guilt is None:
            return shown
        who = {GUI: "The GUI thread", UNNAMED: "Another thread"}.get(guilt.holder, f'Thread "{guilt.holder}"')
        return _with_line(shown, guilt, f"{who} is {DOING[guilt.kind] or 'here'}:")
    if answers.took_s is None:
        return Shown("starting", "–", WAITING, hint=HINT)
    worst = formatting.seconds(answers.worst_s(now))
    sentence = f"Slowest response in the last {SPAN_S:.0f} s: {worst}."
    shown = Shown("answering", formatting.seconds(max(answers.took_s, silent)), sentence, hint=HINT)
    if answers.last is None:
        return shown
    length = formatting.seconds(answers.last.length)
    is_freeze = lag_word(answers.last.length * 1e3) == "frozen"
    last = f"Last freeze: {length}" if is_freeze else f"The window was slow for {length}"
    if guilt is None:
        return shown._replace(blame=f"{last}.", where=UNKNOWN_LINE)
    doing = DOING[guilt.kind].replace("holds", "held")  # it is over
    who = f' (thread "{guilt.holder}")' if doing and guilt.holder not in {GUI, UNNAMED} else ""
    return _with_line(shown, guilt, f"{last}{', ' if doing else ''}{doing}{who}.")


def _with_line(shown: Shown, guilt: Guilt, blame: str) -> Shown:
    where = UNKNOWN_LINE if guilt.line == NOWHERE else _place(guilt.line)
    return shown._replace(blame=blame, where=where, source=guilt.line.text)


def _place(line: Line) -> str:
    path = line.file
    if path.startswith(f"{ROOT}{os.sep}"):
        path = path[len(str(ROOT)) + 1 :]
    return f"{path}, line {line.number}, in {line.function}"


def big_figure(value_s: float) -> str:
    """A length of time that counts up: from a second on always with one decimal, so that it is seen to move."""
    return formatting.seconds(value_s) if value_s < 0.9995 or value_s >= 99.95 else f"{value_s:.1f} s"
