"""The strip at the window's foot: overall progress and, after a run, the verdict. In the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from gui.widgets.elided import ShortLabel
from gui.widgets.fields import named
from gui.widgets.panels import fill
from workers.utils.formatting import plural, seconds

if TYPE_CHECKING:
    from workers.engine.run import Run

STEPS = 1000
"""The bar moves in thousandths, so that a hundred thousand tasks are no reason to repaint it as often."""


MAX_LINES = 3
"""Of a verdict: in a small window it ends in dots, and leaves the rooms their height."""


class StatusStrip(QWidget):
    """Progress, verdict, and a button that appears when something went wrong unseen.

    Attributes:
        progress: what holds the bar and the counts.
        buttons: what holds the two buttons.
    """

    def __init__(self) -> None:
        super().__init__()
        self.bar = QProgressBar(maximum=STEPS, textVisible=False)
        self.bar.setFixedHeight(8)
        self.bar.setAccessibleName("Progress of the run")
        self.counts = named(QLabel("Nothing has run yet"), "muted")
        self.verdict = ShortLabel(MAX_LINES)
        self.verdict.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.verdict.setAccessibleName("Verdict")
        self.copy_button = QPushButton("Copy verdict")
        self.copy_button.setToolTip("Copy this sentence to the clipboard")
        self.copy_button.hide()
        self.copy_button.clicked.connect(self.copy)
        self.problems = QPushButton()
        self.problems.setToolTip("Something went wrong unseen: read what")
        self.problems.hide()
        # A button that comes and goes would wrap the sentence again each time.
        policy = self.copy_button.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.copy_button.setSizePolicy(policy)
        self.progress, self.buttons = QWidget(), QWidget()
        fill(QVBoxLayout(self.progress), None, self.bar, self.counts, None, spacing=4)
        fill(QHBoxLayout(self.buttons), self.copy_button, self.problems, spacing=16)
        fill(
            QHBoxLayout(self),
            self.progress,
            (self.verdict, 1),
            self.buttons,
            margins=(12, 6, 12, 6),
            spacing=16,
        )
        self._keep_height()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._keep_height()

    def _keep_height(self) -> None:
        """Room for two lines and the usual counts, whatever is said: else the graphs above would be laid out again."""
        metrics = self.fontMetrics()
        self.verdict.setMinimumHeight(2 * metrics.lineSpacing())
        self.bar.setMinimumWidth(metrics.horizontalAdvance("888 of 888, about 88 s left"))
        self.counts.setMinimumWidth(self.bar.minimumWidth())

    def show_progress(self, run: Run) -> None:
        recorder = run.recorder
        text = f"{recorder.finals:,} of {recorder.count:,}"
        if recorder.failed:
            text += f", {recorder.failed:,} failed"
        if recorder.cancelled:
            text += f", {recorder.cancelled:,} cancelled"
        if run.ended is None and 0 < recorder.done < recorder.count and run.wall_s > 1:
            text += f", about {seconds(run.wall_s / recorder.done * (recorder.count - recorder.done))} left"
        self._show(recorder.finals * STEPS // recorder.count, text)

    def show_measured(self, done: int, runs: int) -> None:
        self._show(done * STEPS // max(1, runs), f"{done:,} of {runs:,} runs measured")

    def _show(self, value: int, text: str) -> None:
        if value != self.bar.value():
            # Else it repaints at once, and with it everything in the window that is to be painted with the next frame.
            self.bar.setUpdatesEnabled(False)
            self.bar.setValue(value)
            self.bar.setUpdatesEnabled(True)
        if text != self.counts.text():
            self.counts.setText(text)

    def say(self, sentence: str, keep: bool = True) -> None:
        """Show a sentence; `keep` says whether it is worth a copy button."""
        self.verdict.setText(sentence)
        self.copy_button.setVisible(keep and bool(sentence))

    def copy(self) -> None:
        QGuiApplication.clipboard().setText(self.verdict.text())

    def show_problems(self, count: int) -> None:
        self.problems.setText(plural(count, "problem"))
        self.problems.setVisible(count > 0)
