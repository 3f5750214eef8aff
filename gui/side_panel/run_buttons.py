"""Start, Compare, Pause and Cancel: which of them can be pressed now. In the GUI thread."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QPushButton, QWidget

from gui.widgets.fields import describe, named


class RunButtons(QWidget):
    """The four buttons of the side panel; what they do, the window connects.

    Attributes:
        start, compare, pause, cancel: the buttons.

    Signals:
        changed: others of them can be pressed now.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._usual_tips: dict[QPushButton, str] = {}
        self.start = named(QPushButton("Start"), "primary")
        self.compare = QPushButton("Compare")
        self.pause = QPushButton("Pause")
        self.cancel = QPushButton("Cancel")
        describe(self.start, "Start", "Run the work with these settings")
        describe(self.compare, "Compare", "Run the same work on the GUI thread, then on the runner in the menu")
        describe(self.pause, "Pause", "Pause the tasks where they are, or resume them")
        describe(self.cancel, "Cancel", "End the run and keep what is done")
        layout = QGridLayout(self)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.setSpacing(8)
        for at, button in enumerate((self.start, self.compare, self.pause, self.cancel)):
            layout.addWidget(button, at // 2, at % 2)
        layout.setColumnStretch(0, 1)
        layout.setColumnStretch(1, 1)

    def show_state(
        self,
        state: str,
        *,
        blocking: bool,
        can_pause: bool,
        can_start: bool,
        can_compare: bool,
        why_not: tuple[str, str],
    ) -> None:
        """Let the buttons do what makes sense now.

        Args:
            state: "idle", "waiting", "running" or "paused".
            blocking: whether the GUI thread would do the work.
            can_pause: whether the work that goes on leaves the window free to be clicked.
            can_start: whether there is something to run, and a place for it.
            can_compare: whether there is a second place to compare with.
            why_not: why the work cannot be done on the GUI thread, and why on the runner in the menu, in a sentence
                each, which is then the tooltip of the buttons that want that.
        """
        for button, reason in ((self.start, why_not[not blocking]), (self.compare, why_not[1])):
            self._explain(button, reason)
        self.start.setEnabled(state == "idle" and can_start)
        self.compare.setEnabled(state == "idle" and can_compare)
        self.pause.setEnabled(state in {"running", "paused"} and can_pause)
        self.cancel.setEnabled(state != "idle")
        self.pause.setText("Resume" if state == "paused" else "Pause")
        self.pause.setAccessibleName(self.pause.text())
        self.changed.emit()

    def _explain(self, button: QPushButton, reason: str) -> None:
        if reason:
            self._usual_tips.setdefault(button, button.toolTip())
            button.setToolTip(reason)
        elif button in self._usual_tips:
            button.setToolTip(self._usual_tips.pop(button))
