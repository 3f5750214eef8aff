"""Runs one function everywhere by the benchmark's leader, and keeps the first error of each run. In the GUI thread.

What "Your function" says in words: what a press of its button would begin, how far it is, what came of it.

In the GUI thread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from gui.your_function.error_view import FunctionError
from workers.benchmark import everywhere
from workers.benchmark.everywhere import REPEAT, places
from workers.benchmark.results import BETWEEN_S
from workers.catalog.user_parameters import arguments
from workers.engine.plan import BLOCKING
from workers.utils.formatting import plural, seconds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gui.controllers.benchmark import BenchmarkLeader
    from workers.benchmark.matrix import Cell
    from workers.benchmark.results import Benchmark
    from workers.catalog.entry import Entry
    from workers.engine.plan import Settings
    from workers.engine.run import Run


class OwnMeasure(QObject):
    """One function at a time.

    Attributes:
        entry: the function that is measured, or was last; None before the first.
        trouble: what went wrong first since it began; None where nothing did.

    Signals:
        begun: the first results can come.
        progressed: a place was measured, or its turn has come.
        finished: the Benchmark that has ended or was cancelled.
        refused: why it could not begin, in a sentence.
        failed: a run of an own function failed, here or by Start: its Trouble.
    """

    begun = Signal()
    progressed = Signal()
    finished = Signal(object)
    refused = Signal(str)
    failed = Signal(object)

    def __init__(self, leader: BenchmarkLeader, runners: Mapping[str, Entry]) -> None:
        super().__init__()
        self._leader, self._runners = leader, runners
        self.entry: Entry | None = None
        self.trouble: FunctionError | None = None
        self._is_ours = False
        leader.begun.connect(self._begin)
        leader.progressed.connect(self._progress)
        leader.finished.connect(self._end)
        leader.refused.connect(self._refuse)

    @property
    def is_running(self) -> bool:
        """Whether the benchmark that is going on, or being prepared, is one of a function of a person's own."""
        return self._is_ours and self._leader.is_running

    def start(self, entry: Entry, like: Settings, calls: int) -> None:
        """Begin; `begun` or `refused` follows. Without effect while anything else is going on.

        Args:
            entry: the function's.
            like: politeness, seed, workers, and where they are the function's the parameters.
            calls: how many calls each run has; 0 for as many as suit.

        Raises:
            BadInput: a parameter needs a value, with a sentence.
        """
        if self._leader.is_running:
            return
        params = like.params if like.workload == entry.name else ()
        arguments(entry, dict(params))  # before anything is tried: else every place would say the same
        chosen = everywhere.choice(entry, self._runners, params, like.workers)
        chosen = chosen._replace(
            seed=like.seed, polite=like.polite, switch_interval_ms=like.switch_interval_ms, tasks=calls or chosen.tasks
        )
        self.entry, self.trouble, self._is_ours = entry, None, True
        self._leader.start(chosen, "Your function")
        self._is_ours = self._leader.is_running

    @Slot()
    def cancel(self) -> None:
        """End it: what is done is kept."""
        if self.is_running:
            self._leader.cancel()

    def take_run(self, run: Run, name: str) -> None:
        """A run of the function `name` has ended, by whomever it was started; its first error is kept."""
        if run.settings.workload != name:
            return
        errors = run.recorder.errors
        if not errors:
            if not self.is_running:
                self.trouble = None
            return
        title = self._runners[run.settings.runner].title if run.settings.runner in self._runners else ""
        trouble = FunctionError(f"on {title}" if title else "", errors[min(errors)])
        if self.trouble is None or not self.is_running:
            self.trouble = trouble
        self.failed.emit(trouble)

    @Slot(object)
    def _begin(self, benchmark: Benchmark) -> None:
        if self._is_ours:
            self.begun.emit()

    @Slot()
    def _progress(self) -> None:
        if self.is_running:
            self.progressed.emit()

    @Slot(object)
    def _end(self, benchmark: Benchmark) -> None:
        if self._is_ours:
            self._is_ours = False
            self.finished.emit(benchmark)

    @Slot(str)
    def _refuse(self, why: str) -> None:
        if self._is_ours:
            self._is_ours = False
            self.refused.emit(why)


CELL_S = 2.5
"""What a run takes on the GUI thread where nobody chose the number of calls, as `workers.benchmark.everywhere` says."""

MAX_LETTERS = 230
"""Of an answer in the strip at the window's foot, which has room for two lines."""

FREEZES = "The window freezes now and then."


def plan_words(entry: Entry, runners: Mapping[str, Entry], calls: int) -> str:
    """What the button would begin: "11 places, twice each, about 1 min."."""
    able = [name for name, why_not in places(entry, runners, {}, ask=False).items() if not why_not]
    count = len(able)
    each = "twice" if REPEAT == 2 else f"{REPEAT:,} times"
    time = f"{plural(calls, 'call')} a time" if calls else f"about {_all(count)}"
    words = f"{plural(count, 'place')}, {each} each: {time}."
    return f"{words} {FREEZES}" if BLOCKING in able else words


def _all(count: int) -> str:
    return seconds(count * REPEAT * (CELL_S + BETWEEN_S))


def progress_words(benchmark: Benchmark, cell: Cell, left_s: float | None) -> str:
    """How far it is: "4 of 22, about 35 s left: QThread"."""
    left = f", about {seconds(left_s)} left" if left_s is not None else ""
    return f"{benchmark.done + 1:,} of {benchmark.matrix.runs:,}{left}: {benchmark.matrix.runner_titles[cell.runner]}"


def headline(title: str, benchmark: Benchmark) -> str:
    """The answer in a few words."""
    cut = " (as far as it was measured)" if benchmark.cancelled else ""
    return f"Run it on {title}{cut}" if title else f"No place can be advised{cut}"


def in_short(words: str) -> str:
    """The first sentences, as many as fit into the window's strip: where it grew, the page above would be moved."""
    kept, *others = words.split(". ")
    for sentence in others:
        if len(kept) + len(sentence) > MAX_LETTERS:
            return f"{kept}."
        kept = f"{kept}. {sentence}"
    return kept
