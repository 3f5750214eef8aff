"""The GUI thread itself: the window can do nothing else until the last task has ended. It is what freezes programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..engine.task import drive_to_end

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..engine.task import Control, Emit, Task

TITLE = "GUI thread"
SHORT = "GUI"
WHEN = "Never for work of more than a few milliseconds."
ORDER = 0
KIND = "the GUI thread"
GIL = "gui"
WHERE = "on the GUI thread"
PROMISE = "The window can neither repaint nor answer until it has ended."
ADVISE = 0
COLOR = "#d55e00"
MARKER = "■"


class GuiThreadRunner:
    """Runs every task in the thread that calls `start`, and returns when all have ended."""

    def start(self, tasks: Iterator[Task], workers: int, emit: Emit, control: Control) -> None:
        """Carry out all tasks, one after the other, in this one call."""
        for task in tasks:
            drive_to_end(task, emit, control, "GUI thread")

    def close(self, timeout: float) -> bool:
        """Nothing is left to free: the tasks ran in the caller's thread."""
        return True
