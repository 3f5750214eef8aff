"""What the window says: the hint below the toggle and the verdict at the foot. In the GUI thread.

What the sentences are, `workers.reports.next_step` and `workers.reports.verdict` say; here is when they are said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from workers.engine.plan import BLOCKING
from workers.reports import next_step
from workers.reports.next_step import FIRST, Hint
from workers.reports.verdict import compare_verdict, verdict
from workers.utils.formatting import plural, seconds

if TYPE_CHECKING:
    from gui.controllers.core import Core
    from gui.process.preferences import Preferences
    from gui.window.header import Header
    from gui.window.status_bar import StatusStrip
    from workers.engine.plan import Settings
    from workers.engine.run import Run


class Announcer(QObject):
    """Says what happens, and what to try next.

    Attributes:
        hint: what is shown below the toggle.
        is_tour: whether the hints lead through the first minutes.
    """

    def __init__(self, header: Header, strip: StatusStrip, core: Core, preferences: Preferences) -> None:
        super().__init__()
        self._header, self._strip, self._core, self._preferences = header, strip, core, preferences
        self._late = self._verdict = self._running = ""
        self._before_pause: Hint | None = None
        self._told: tuple[Run, list[Run]] | None = None
        self._settled: Settings | None = None
        self.is_tour, self._in_live, self._in_lessons = False, True, False
        self.hint = Hint("")
        core.leader.progressed.connect(self._show_measuring)

    def say_hint(self, hint: Hint) -> None:
        self.hint = hint
        is_out_of_place = (hint.is_of_start and not self._in_live) or (hint.lesson and self._in_lessons)
        shown = Hint("") if is_out_of_place else hint
        self._header.set_hint(shown.text, shown.label, shown.is_tour)

    def show_room(self, is_live: bool, is_lessons: bool) -> None:
        """Another room is in front: what the Start of Live would do is said there alone; Lessons have a Next."""
        self._in_live, self._in_lessons = is_live, is_lessons
        self.say_hint(self.hint)

    def greet(self, is_blocking: bool) -> None:
        """At the first start the hints lead through the first minutes, unless the toggle is off."""
        self.is_tour = not self._preferences.read("guided")
        if is_blocking and self.is_tour:
            self.say_hint(next_step.first())

    @Slot()
    def begin_tour(self) -> None:
        """Lead through the first minute, from its beginning; while something runs, from what comes after it."""
        self.is_tour, self._told = True, None
        if not self._core.is_busy:
            self.say_hint(next_step.first())

    def forget(self) -> None:
        """Another run, or a benchmark, is about to begin: what was said of the last one is not said any more."""
        self._strip.say("", keep=False)
        self._late = self._verdict = ""
        self._before_pause = self._told = None

    def show_choice(self, settings: Settings) -> None:
        """Say what a run would do to the window now; an offer that was not used stays, and the very first hint."""
        stays = settings.runner == BLOCKING if self.hint.text == FIRST else bool(self.hint.label)
        if not (self._core.is_busy or stays):
            self.say_hint(next_step.before_run(settings))

    # ---------------------------------------------------------------- before, during and after a run

    def run_announced(self, settings: Settings) -> None:
        """A run begins in a moment; what is said now may be in the last frame for a while."""
        self.forget()
        self.say_hint(next_step.while_running(settings, self._core.director.which))
        work = self._core.catalog.workload_title(settings.workload)
        where = settings.runner_entry.where
        self._running = f"Running {work} {where} …"
        self._strip.say(self._running, keep=False)

    def run_paused(self, run: Run, is_paused: bool) -> None:
        if is_paused:
            self._before_pause = self._before_pause or self.hint
            self.say_hint(next_step.paused(run))
            self._strip.say("", keep=False)
        elif self._before_pause is not None:
            self.say_hint(self._before_pause)
            self._strip.say(self._running, keep=False)
            self._before_pause = None

    def run_finished(self, run: Run, runs: list[Run]) -> None:
        """Say how a run was; `runs` are all that have ended, for a comparison."""
        self._pronounce(verdict(run) + self._late)
        if self._core.has_lesson:
            self.say_hint(Hint(""))  # what it shows is said by the lesson
        else:
            self._told = run, runs
            self._say_next()

    def _say_next(self) -> None:
        assert self._told is not None
        run, runs = self._told
        self._lead(next_step.after_run(run, runs, self._core.known, self.is_tour, self._done))

    def _lead(self, hint: Hint) -> None:
        self.is_tour = self.is_tour and hint.action != next_step.OWN  # that was its last step
        self.say_hint(hint)

    @property
    def _done(self) -> set[str]:
        """The names of the lessons that were done. They are read for a tour alone, which asks once after a run."""
        if not self.is_tour:
            return set()
        from workers.teaching.kept import done  # needed late, if at all

        return done(self._preferences.is_lasting) | self._core.lessons_done

    @Slot()
    def end_tour(self) -> None:
        """Offer no further step of the tour; what helps against a freeze is offered as ever."""
        self.is_tour = False
        if self._told is not None:
            self._say_next()
        elif self._settled is not None:
            self.settle(self._settled)

    def settle(self, settings: Settings) -> None:
        """Nothing goes on any more; where no run came to its end, say what one would do, or which lesson is next."""
        self._settled = settings
        if self._told is None or self._told[0].recorder.cancelled:
            done = self._done
            if done.intersection(next_step.LESSONS):
                self._lead(next_step.next_lesson(done))
            else:
                self.say_hint(next_step.before_run(settings))
            if self._strip.verdict.text() == self._running:  # it was cancelled before its first task
                self._strip.say("", keep=False)

    @Slot(object, object)
    def compared(self, blocking: Run, other: Run) -> None:
        self._pronounce(compare_verdict(blocking, other) + self._late)

    def run_opened(self, run: Run) -> None:
        self._pronounce(f"{run.file}: {verdict(run)}")

    @Slot()
    def _show_measuring(self) -> None:
        """Of a benchmark, which of its runs goes on."""
        leader = self._core.leader
        if leader.benchmark is None or leader.current is None:
            return
        from workers.benchmark.findings import cell_title, progress_words  # needed late, if at all

        which = cell_title(leader.benchmark.matrix, leader.current)
        self.say_hint(Hint(f"Measuring {progress_words(leader.benchmark, leader.time_left_s, which)}"))

    # ---------------------------------------------------------------- beside it

    @Slot(int)
    def tell_left(self, count: int) -> None:
        """Say that downloads are left from last time, where nothing newer is said."""
        if not self._strip.verdict.text():
            text = f"{plural(count, 'download')} {'is' if count == 1 else 'are'} left from last time."
            self._strip.say(text, keep=False, offer="Go on")

    @Slot()
    def take_back_left(self) -> None:
        """Their room says it now."""
        if not self._strip.offer.isHidden():
            self._strip.say("", keep=False)

    def _pronounce(self, sentence: str) -> None:
        self._verdict = sentence
        self._strip.say(sentence)

    @Slot(str)
    def say(self, sentence: str) -> None:
        """Say something that is no verdict, beside the one that there is."""
        if self._core.is_busy or not self._verdict:
            self._strip.say(sentence, keep=False)
        else:
            self._strip.say(f"{self._verdict} {sentence}")

    @Slot(int, int, float)
    def tell_late_input(self, clicks: int, keys: int, age_s: float) -> None:
        """Say what was clicked and typed while the window was frozen."""
        parts = [plural(n, what) for n, what in ((clicks, "click"), (keys, "key")) if n]
        self._add_late(f" Your {' and '.join(parts)} came {seconds(age_s)} late.")

    def tell_dropped(self, what: str, age_s: float) -> None:
        """Say that what a person asked for in a freeze is not done: it was meant for what was to be seen then.

        Args:
            what: "Your click on Start".
            age_s: how long ago that was, in seconds; 0.0 where nobody knows.
        """
        old = f"{seconds(age_s)} old" if age_s else "made in a freeze"
        self._add_late(f" {what} was {old} and not followed.")

    def _add_late(self, sentence: str) -> None:
        if sentence in self._late:
            return
        self._late += sentence
        if not self._core.is_busy:  # else the verdict brings it
            self._strip.say((self._strip.verdict.text() + sentence).strip(), keep=bool(self._verdict))
