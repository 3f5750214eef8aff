"""What the window says: the hint under the toggle and the verdict at the foot. In the GUI thread.

The hint is one line; it leads through the first minute and says after each run what to try.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, Slot

from workers.catalog.lookup import traits
from workers.engine.plan import BLOCKING
from workers.reports.differences import is_same_work
from workers.reports.verdict import compare_verdict, speed_words, verdict
from workers.utils.formatting import milliseconds, plural, seconds

if TYPE_CHECKING:
    from gui.controllers.core import Core
    from gui.window.header import Header
    from gui.window.status_bar import StatusStrip
    from workers.engine.run import Run


class Announcer(QObject):
    """Says what happens, and what to try next.

    Attributes:
        hint: the line that is shown under the toggle.
    """

    def __init__(self, header: Header, strip: StatusStrip, core: Core) -> None:
        super().__init__()
        self._header, self._strip, self._core = header, strip, core
        self._late = self._verdict = ""
        self.hint = FIRST

    def say_hint(self, hint: Hint) -> None:
        self.hint = hint
        self._header.set_hint(hint.text, hint.label)

    @Slot()
    def begin_tour(self) -> None:
        """Lead through the first minute, from its beginning."""
        self.say_hint(FIRST)

    def forget(self) -> None:
        """A new run is about to begin: what was said of the last one is not said again."""
        self._late = self._verdict = ""

    def run_begun(self, run: Run) -> None:
        title = self._core.catalog.runner_title(run.settings.runner)
        blocking = run.settings.runner == BLOCKING
        self.say_hint(RUNNING_BLOCKED if blocking else while_running(title))
        self._strip.say(
            f"Running {self._core.catalog.workload_title(run.settings.workload)} on {title} …", keep=False
        )

    def run_finished(self, run: Run, runs: list[Run], chosen: str) -> None:
        """Say how a run was.

        Args:
            run: that has just ended.
            runs: all that have, for a comparison.
            chosen: the runner that the menu has chosen.
        """
        self._pronounce(verdict(run, self._core.catalog.runner_title(run.settings.runner)) + self._late)
        self.say_hint(after_run(run, blocking_twin(run, runs), self._core.catalog.runner_title(chosen)))

    @Slot(object, object)
    def compared(self, blocking: Run, other: Run) -> None:
        self._pronounce(
            compare_verdict(blocking, other, self._core.catalog.runner_title(other.settings.runner))
            + self._late
        )

    def run_opened(self, run: Run) -> None:
        self._pronounce(f"{run.file}: {verdict(run, self._core.catalog.runner_title(run.settings.runner))}")

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
        self._late = f" Your {' and '.join(parts)} came {seconds(age_s)} late."
        if not self._core.is_busy:  # else the verdict brings them
            self._strip.say(self._strip.verdict.text() + self._late)


class Hint(NamedTuple):
    """A line for people, and what its button does: "runner" does the same work elsewhere."""

    text: str
    label: str = ""
    action: str = ""


FIRST = Hint(
    "Press Start: the work runs on the GUI thread, and the window freezes. Try the slider on the left meanwhile."
)
BLOCKING_ON = Hint(
    "The work will run on the GUI thread: the window can neither repaint nor answer until it has ended."
)
BLOCKING_OFF = Hint(
    "The work will run elsewhere, and the window stays free. Turn the toggle on to see the same work freeze it."
)
NOTICED_S = 0.25
"""A freeze of a run elsewhere that is told of."""

STARTUP_SHARE = 0.3
"""Of a run's time; if the start of its place took more, that is told of."""

RUNNING_BLOCKED = Hint("Running on the GUI thread: nothing repaints before it ends …")


def while_running(runner_title: str) -> Hint:
    """The hint during a run that leaves the window free."""
    return Hint(f"Running on {runner_title}: move the slider, type, click. The window answers.")


def after_run(run: Run, before: Run | None, runner_title: str) -> Hint:
    """The hint after a run.

    Args:
        run: the run that has just ended.
        before: the latest blocking run of the same work, if there was one.
        runner_title: the runner that the menu has chosen.
    """
    if run.recorder.cancelled or run.lag is None:
        return BLOCKING_ON if run.settings.runner == BLOCKING else BLOCKING_OFF
    if run.settings.runner == BLOCKING:
        if not run.lag.freezes:
            return BLOCKING_ON  # too short for anybody to notice
        frozen = seconds(run.lag.longest_freeze_s)
        return Hint(
            f"The window was frozen for {frozen}. Now the very same work elsewhere:",
            f"Run it on {runner_title}",
            "runner",
        )
    notes = "".join(f" {note}" for note in run.notes)
    if run.lag.longest_freeze_s > NOTICED_S:
        return Hint(_frozen_elsewhere(run) + notes)
    if before is None or before.lag is None:
        return Hint(notes.strip()) if notes else BLOCKING_OFF
    return Hint(
        f"The same work: worst lag {milliseconds(run.lag.max)} in place of {milliseconds(before.lag.max)}, and "
        f"{speed_words(before.wall_s, run.wall_s)}.{notes or _about_startup(run)}"
    )


def _frozen_elsewhere(run: Run) -> str:
    """That the window froze though the work ran elsewhere, and why, as far as the place itself tells."""
    place = traits(run.settings.runner)
    frozen = f"the window froze for {seconds(run.lag.longest_freeze_s if run.lag else 0)}"
    if place.gil == "gui":
        return f"{place.why_frozen}: {frozen}."
    where = "The line that the GUI thread was in is told in the Runs tab." if run.freezes else ""
    if place.is_apart:
        return f"It ran {place.place}, apart from the window's GIL, and yet {frozen}. {where}".rstrip()
    if place.gil != "shared":
        return f"It ran elsewhere, and yet {frozen}. {where}".rstrip()
    if run.settings.polite:
        why = "this work keeps the GIL, the lock that lets only one thread run Python at a time."
    else:
        why = "its threads take the GIL from the GUI thread at every turn. Switch Polite on again and compare."
    return f"It ran in threads, and yet {frozen}: {why}"


def _about_startup(run: Run) -> str:
    """What to look at next: the start of the place, where that was much of the run."""
    startup = run.startup_s or 0.0
    if traits(run.settings.runner).is_apart and startup > STARTUP_SHARE * run.wall_s:
        return f" {seconds(startup)} of it went by before the first task began."
    return " More workers, other work: what changes?"


def blocking_twin(run: Run, runs: list[Run]) -> Run | None:
    """The latest finished blocking run of the same work as `run`."""
    for other in reversed(runs):
        same = is_same_work(run.settings, other.settings) and run.network == other.network
        if same and other.settings.runner == BLOCKING and not other.recorder.cancelled:
            return other
    return None
