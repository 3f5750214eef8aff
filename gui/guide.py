"""The one line of hint below the toggle, which leads through the first minute and says after each run what to try."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from workers.plan import BLOCKING
from workers.verdict import speed_words
from workers.words import milliseconds, seconds

if TYPE_CHECKING:
    from workers.run import Run


class Hint(NamedTuple):
    """A line for people, and what its button does: "runner" does the same work elsewhere."""

    text: str
    label: str = ""
    action: str = ""


FIRST = Hint(
    "Press Start: the work runs on the GUI thread, and the window freezes. Try the slider on the left meanwhile."
)
BLOCKING_ON = Hint("The work will run on the GUI thread: the window can neither repaint nor answer until it has ended.")
BLOCKING_OFF = Hint(
    "The work will run elsewhere, and the window stays free. Turn the toggle on to see the same work freeze it."
)
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
    if run.lag.longest_freeze_s > 0.25:
        why = (
            "this work keeps the GIL, the lock that lets only one thread run Python at a time."
            if run.settings.polite
            else "its threads take the GIL from the GUI thread at every turn. Switch Polite on again and compare."
        )
        return Hint(f"It ran in threads, and yet the window froze for {seconds(run.lag.longest_freeze_s)}: {why}")
    if before is None or before.lag is None:
        return BLOCKING_OFF
    return Hint(
        f"The same work: worst lag {milliseconds(run.lag.max)} in place of {milliseconds(before.lag.max)}, and "
        f"{speed_words(before.wall_s, run.wall_s)}. More workers, other work: what changes?"
    )


def blocking_twin(run: Run, runs: list[Run]) -> Run | None:
    """The latest finished blocking run of the same work as `run`."""
    for other in reversed(runs):
        if other.settings.runner == BLOCKING and is_same_work(run, other) and not other.recorder.cancelled:
            return other
    return None


def is_same_work(one: Run, other: Run) -> bool:
    """Whether two runs did the same tasks, wherever they ran."""
    return all(
        getattr(one.settings, name) == getattr(other.settings, name) for name in ("workload", "tasks", "params", "seed")
    )
