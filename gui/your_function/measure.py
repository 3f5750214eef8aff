"""Runs one function everywhere by the benchmark's leader, and keeps the first error of each run. In the GUI thread.

And what "Your function" says in words: what a press of its button would begin, how far it is, what came of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gui.your_function.error_view import FunctionError
from workers.benchmark.choice import REPEAT, everywhere
from workers.benchmark.results import BETWEEN_S
from workers.catalog.compatibility import refusal
from workers.catalog.user_parameters import arguments
from workers.engine.plan import BLOCKING
from workers.utils.formatting import about, listed, plural

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gui.controllers.benchmark import BenchmarkLeader
    from gui.forms.run_options import Options
    from workers.catalog.entry import Entry
    from workers.engine.run import Run


OWNER = "Your function"
"""What its benchmarks are called among all."""


class OwnMeasure:
    """One function at a time.

    Attributes:
        entry: the function that is measured, or was last; None before the first.
        trouble: what went wrong first since it began; None where nothing did.
    """

    def __init__(self, leader: BenchmarkLeader, runners: Mapping[str, Entry]) -> None:
        self._leader, self._runners = leader, runners
        self.entry: Entry | None = None
        self.trouble: FunctionError | None = None

    @property
    def is_ours(self) -> bool:
        """Whether the benchmark that is going on, or was last, is one of a function of a person's own."""
        return self._leader.owner == OWNER

    @property
    def is_running(self) -> bool:
        """Whether such a one is going on, or being prepared."""
        return self.is_ours and self._leader.is_running

    def start(
        self,
        entry: Entry,
        params: tuple[tuple[str, Any], ...],
        *,
        calls: int,
        workers: int,
        options: Options,
    ) -> None:
        """Begin; the leader tells how it goes on. Without effect while anything else is going on.

        Args:
            entry: the function's.
            params: the function's, by name.
            calls: how many calls each run has; 0 for as many as suit.
            workers: how many of them at once.
            options: seed, switch interval and politeness.

        Raises:
            BadInput: a parameter needs a value, with a sentence.
        """
        if self._leader.is_running:
            return
        arguments(entry, dict(params))  # before anything is tried: else every place would say the same
        chosen = everywhere(entry, self._runners, params, workers)
        chosen = chosen._replace(tasks=calls or chosen.tasks, **options)
        self.entry, self.trouble = entry, None
        self._leader.start(chosen, OWNER)

    def cancel(self) -> None:
        """End it: what is done is kept."""
        if self.is_running:
            self._leader.cancel()

    def take_run(self, run: Run) -> FunctionError | None:
        """A run of the chosen function has ended, whoever started it; returns its first error, and keeps that."""
        errors = run.recorder.errors
        if not errors:
            if not self.is_running:
                self.trouble = None
            return None
        runner = self._runners.get(run.settings.runner)
        found = FunctionError(f"on {runner.title}" if runner is not None else "", errors[min(errors)])
        if self.trouble is None or not self.is_running:
            self.trouble = found
        return found


CELL_S = 2.5
"""What a run takes on the GUI thread where nobody chose the number of calls, as `workers.benchmark.sizes` says."""

MAX_LETTERS = 230
"""Of an answer in the strip at the window's foot, which has room for two lines."""


def plan_words(entry: Entry, runners: Mapping[str, Entry], calls: int, is_polite: bool) -> str:
    """What the button would begin: "11 places, twice each, polite: about 1 min."."""
    able = [name for name, runner in runners.items() if not refusal(runner, entry, {}, ask=False)]
    time = f"{plural(calls, 'call')} a time" if calls else about(len(able) * REPEAT * (CELL_S + BETWEEN_S))
    manner = "polite" if is_polite else "not polite"
    words = f"{plural(len(able), 'place')}, twice each, {manner}: {time}."
    return f"{words} The window freezes now and then." if BLOCKING in able else words


def nowhere(entry: Entry, problem: str) -> str:
    """Why a function finds no place as it is, in a sentence; `problem` is what is wrong with its project's Python."""
    if problem:
        return "The Python of your project cannot be used: see above."
    needs = entry.own
    if needs is None or not needs.lacks or needs.python:
        return ""
    return f"Not installed here: {listed(needs.lacks)}. Name the Python of your project above."


def in_short(words: str) -> str:
    """The first sentences, as many as fit into the window's strip: where it grew, the page above would be moved."""
    kept, *others = words.split(". ")
    for sentence in others:
        if len(kept) + len(sentence) > MAX_LETTERS:
            return f"{kept}."
        kept = f"{kept}. {sentence}"
    return kept
