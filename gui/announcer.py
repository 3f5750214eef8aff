"""What the window says in words: the hint under the toggle, and the verdict at the foot. In the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from gui import guide
from workers.engine.plan import BLOCKING
from workers.reports.verdict import compare_verdict, verdict
from workers.utils.formatting import seconds

if TYPE_CHECKING:
    from collections.abc import Callable

    from gui.header import Header
    from gui.status_strip import StatusStrip
    from workers.catalog.entry import Entry
    from workers.engine.run import Run


class Announcer(QObject):
    """Finds the words for what happens, and shows them.

    Attributes:
        hint: the line that is shown under the toggle.
    """

    def __init__(
        self,
        header: Header,
        strip: StatusStrip,
        runners: dict[str, Entry],
        workloads: dict[str, Entry],
        is_busy: Callable[[], bool],
    ) -> None:
        """Make it.

        Args:
            header: shows the hint.
            strip: shows the verdict.
            runners: all of them, for their titles.
            workloads: likewise.
            is_busy: whether a run is going on or about to begin.
        """
        super().__init__()
        self._header, self._strip, self._is_busy = header, strip, is_busy
        self._runners, self._workloads = runners, workloads
        self._late_words = self._verdict = ""
        self.hint = guide.FIRST

    def say_hint(self, hint: guide.Hint) -> None:
        """Show a line under the toggle."""
        self.hint = hint
        self._header.set_hint(hint.text, hint.label)

    def title(self, runner: str) -> str:
        """What people call a runner; one that is not known here, of a file, by its name."""
        return self._runners[runner].title if runner in self._runners else runner

    def forget(self) -> None:
        """A new run is about to begin: what was said of the last one is not said again."""
        self._late_words = self._verdict = ""

    def run_begun(self, run: Run) -> None:
        """Say that a run goes on."""
        title = self.title(run.settings.runner)
        blocking = run.settings.runner == BLOCKING
        self.say_hint(guide.RUNNING_BLOCKED if blocking else guide.while_running(title))
        self._strip.say(f"Running {self._workloads[run.settings.workload].title} on {title} …", keep=False)

    def run_finished(self, run: Run, runs: list[Run], chosen: str) -> None:
        """Say how a run was.

        Args:
            run: that has just ended.
            runs: all that have, for a comparison.
            chosen: the runner that the menu has chosen.
        """
        self._pronounce(verdict(run, self.title(run.settings.runner)) + self._late_words)
        self.say_hint(guide.after_run(run, guide.blocking_twin(run, runs), self.title(chosen)))

    @Slot(object, object)
    def compared(self, blocking: Run, other: Run) -> None:
        """Say how two runs compare."""
        self._pronounce(compare_verdict(blocking, other, self.title(other.settings.runner)) + self._late_words)

    def run_opened(self, run: Run) -> None:
        """Say how a run was that a file had kept."""
        self._pronounce(f"{run.file}: {verdict(run, self.title(run.settings.runner))}")

    def _pronounce(self, sentence: str) -> None:
        self._verdict = sentence
        self._strip.say(sentence)

    @Slot(str)
    def say(self, sentence: str) -> None:
        """Say something that is no verdict, beside the one that there is."""
        if self._is_busy() or not self._verdict:
            self._strip.say(sentence, keep=False)
        else:
            self._strip.say(f"{self._verdict} {sentence}")

    @Slot(int, int, float)
    def tell_late_input(self, clicks: int, keys: int, age_s: float) -> None:
        """Say what was clicked and typed while the window was frozen."""
        parts = [f"{n} {what}{'s' if n != 1 else ''}" for n, what in ((clicks, "click"), (keys, "key")) if n]
        self._late_words = f" Your {' and '.join(parts)} came {seconds(age_s)} late."
        if not self._is_busy():  # else the verdict brings them
            self._strip.say(self._strip.verdict.text() + self._late_words)
