"""Says whether Start may start now: not for a click that was made in a freeze, nor into a long freeze unasked.

In the GUI thread.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMessageBox

from gui.late_input import LATE_S
from workers.engine.run import ASK_OVER_S, blocking_seconds
from workers.utils.formatting import seconds

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from gui.late_input import LateInput
    from workers.engine.plan import Settings
    from workers.engine.run import Run


class StartGuard:
    """Looks at the age of a click, and asks before a freeze that will last long.

    Attributes:
        late_input: tells clicks that were made during a freeze from others; None before the window is shown.
        thawed: when the last freeze by a run was over, in seconds of `time.perf_counter`.
    """

    def __init__(self, window: QWidget) -> None:
        """Make it; `window` is the parent of the question."""
        self._window = window
        self.late_input: LateInput | None = None
        self.thawed = 0.0

    def is_late(self) -> bool:
        """Whether what the window handles just now was, or may have been, made during a freeze."""
        late, now = self.late_input, time.perf_counter()
        if late is None:
            return False
        # The age of the very first event cannot be known. What comes right after a freeze was made in it: nobody is
        # as quick.
        first = late.known_since is not None and now - late.known_since < LATE_S and now - self.thawed < LATE_S
        return late.is_late or first

    def may_block(self, settings: Settings, runs: list[Run], witness: bool) -> bool:
        """Ask before a freeze that will last long; returns whether to go on.

        Args:
            settings: of the run that would block the window.
            runs: those before, by which its time is estimated.
            witness: whether a witness will be there, with its Stop button.
        """
        expected = blocking_seconds(settings, runs)
        if expected <= ASK_OVER_S:
            return True
        stop = "the witness's Stop button and Ctrl+C in the terminal" if witness else "Ctrl+C in the terminal"
        answer = QMessageBox.question(
            self._window,
            "Freeze the window?",
            f"On the GUI thread this will freeze the window for about {seconds(expected)}, and nothing but {stop} will "
            "stop it. Run it all the same?",
            QMessageBox.StandardButton.Yes | QMessageBox.StandardButton.No,
            QMessageBox.StandardButton.No,
        )
        return answer == QMessageBox.StandardButton.Yes
