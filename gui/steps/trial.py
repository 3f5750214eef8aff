"""One order of a function's threads, and how far into it one looks. In the GUI thread; it is played in another.

An order is played to its end each time, and its steps are kept: to go back is to look at fewer of them, and to let
another thread on is to play it again up to there, with that thread next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, Signal, Slot

from gui.controllers.job_thread import JobThread, ThreadJob
from workers.stepping.judging import judge
from workers.stepping.orders import Listed, Seeded, text_of
from workers.stepping.play import play
from workers.stepping.played import job_of
from workers.stepping.short import shorten
from workers.stepping.verdict import WRONG
from workers.utils.errors import ThawError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from workers.catalog.entry import Entry
    from workers.stepping.played import Job, Played
    from workers.stepping.short import Reduced
    from workers.stepping.verdict import Verdict
    from workers.utils.gil.polite import EventLoopGate

SHOWN_EVERY = 5
"""Orders are counted in these steps, or to tell of them would take longer than they do."""


class CannotPlay(ThawError):
    """A file cannot be stepped; the message is a sentence."""


class Trial(QObject):
    """What is played, and what of it is seen.

    Attributes:
        job: what is played; None before anything is.
        reduced: which of its parameters were made smaller, for else an order takes too many steps.
        played: the order; None likewise.
        at: how many of its steps one has seen.
        verdict: what came of trying many; None where nobody has, or something else was played since.
        is_busy: whether something is being played: an order, for a moment, or many of them.
        is_seeking: whether many are tried, which takes long.

    Signals:
        changed: any of these has.
        counted: so many orders have been tried.
        failed: why something could not be played, in a sentence.
    """

    changed = Signal()
    counted = Signal(int)
    failed = Signal(str)
    _tried = Signal(int)

    def __init__(self, gate: EventLoopGate | None, parent: QObject) -> None:
        super().__init__(parent)
        self.job: Job | None = None
        self.reduced: Reduced = ()
        self.played: Played | None = None
        self.verdict: Verdict | None = None
        self.at = self._schedule = 0
        self._is_cancelled = self._opens = self._seeks = False
        self._first = 0
        self._thread = JobThread("steps", gate, parent=self)
        self._thread.failed.connect(self._fail)
        self._thread.idle.connect(self.changed)
        self._tried.connect(self.counted, Qt.ConnectionType.QueuedConnection)

    @property
    def is_busy(self) -> bool:
        return self._thread.is_busy

    @property
    def is_seeking(self) -> bool:
        return self._seeks and self.is_busy

    @property
    def next_thread(self) -> int | None:
        """Whose step comes next in the order; None at its end."""
        played = self.played
        return played.order[self.at] if played is not None and self.at < len(played.steps) else None

    @property
    def can_go_back(self) -> bool:
        return self.played is not None and self.at > self._first

    @property
    def order(self) -> str:
        """The steps that were seen, as a text."""
        return "" if self.played is None else text_of(self.played.order[: self.at])

    # ---------------------------------------------------------------- what a person does

    def open(
        self, entry: Entry, params: dict[str, Any], tasks: int, schedule: int, *, opcodes: bool, is_free: bool
    ) -> None:
        """Begin with a function: each of its threads stands before its first line.

        Args:
            entry: the function.
            params: its parameters.
            tasks: how often it is called at once.
            schedule: by which seed its threads go on where nobody chooses.
            opcodes: whether they stop within lines.
            is_free: whether it is to be called but once where it starts threads itself.
        """
        self._schedule = schedule

        def make() -> tuple[Job, Reduced, Played]:
            job, reduced = shorten(job_of(entry, params, tasks), params, is_free=is_free)
            job = job._replace(opcodes=opcodes)
            return job, reduced, play(job, Listed(range(job.places), Seeded(schedule)), watch=True)

        self._do(make, self._take_first, opens=True)

    def step(self, thread: int) -> None:
        """Let a thread go on to its next line."""
        if self.played is None or self.job is None or self.is_busy:
            return
        if thread == self.next_thread:
            self.move(self.at + 1)
            return
        order, job = [*self.played.order[: self.at], thread], self.job
        choose = Listed(order, Seeded(self._schedule))
        self._do(lambda: play(job, choose, watch=True), self._take_played)

    def move(self, at: int) -> None:
        """Look at so many steps."""
        if self.played is not None and not self.is_busy:
            self.at = max(self._first, min(at, len(self.played.steps)))
            self.changed.emit()

    def find(self, entry: Entry, params: dict[str, Any], tasks: int | None, orders: int) -> None:
        """Try many orders; the shortest that goes wrong is shown."""

        def told(done: int) -> bool:
            if done % SHOWN_EVERY == 0:
                self._tried.emit(done)
            return not self._is_cancelled

        def seek() -> Verdict:
            return judge(entry, params, orders=orders, tasks=tasks, told=told)

        self._do(seek, self._take_verdict, seeks=True)

    def cancel(self) -> None:
        """Try no more orders: what was found so far is the answer."""
        self._is_cancelled = True

    def close(self) -> None:
        self._is_cancelled = True
        self._thread.close()

    # ---------------------------------------------------------------- what comes of it

    def _do(
        self,
        make: Callable[[], Any],
        done: Callable[[Any], object],
        *,
        opens: bool = False,
        seeks: bool = False,
    ) -> None:
        self._is_cancelled, self._opens, self._seeks = False, opens, seeks

        def steps() -> Generator[None, None, Any]:
            yield
            try:
                return make()
            except ThawError:
                raise
            except (Exception, SystemExit) as error:  # whatever the file raises when it is imported
                raise CannotPlay(f"It cannot be stepped: {type(error).__name__}: {error}") from None

        self._thread.add(ThreadJob(steps, done))
        self.changed.emit()

    @Slot(str)
    def _fail(self, why: str) -> None:
        if self._opens:  # what was opened before is not shown under the name of this one
            self.job = self.played = self.verdict = None
            self.at = 0
        self.failed.emit(why)

    def _take_first(self, made: tuple[Job, Reduced, Played]) -> None:
        self.job, self.reduced, self.played = made
        self._first = self.at = min(self.job.places, len(self.played.steps))
        self.verdict = None

    def _take_played(self, played: Played) -> None:
        self.played = played
        self.at += 1

    def _take_verdict(self, verdict: Verdict) -> None:
        self.verdict = verdict
        if verdict.kind == WRONG and verdict.failing is not None:
            self.job, self.reduced, self.played = verdict.job, verdict.reduced, verdict.failing
            self._first = self.at = 0
