"""The strip at the window's foot: overall progress and, after a run, the verdict. In the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QGuiApplication, QPainter
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from gui.widgets.elided import ShortLabel
from gui.widgets.fields import named
from gui.widgets.panels import fill
from workers.utils.formatting import about, plural

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from workers.benchmark.results import Benchmark
    from workers.engine.run import Run
    from workers.engine.time_left import TimeLeft

STEPS = 1000
"""The bar moves in thousandths, so that a hundred thousand tasks are no reason to repaint it as often."""


MAX_LINES = 3
"""Of a verdict: in a small window it ends in dots, and leaves the rooms their height."""

NOTHING_YET = "Nothing has run yet"


class RunBar(QProgressBar):
    """What is done of a run, and behind it what was cancelled, which is no progress."""

    def __init__(self) -> None:
        super().__init__(maximum=STEPS, textVisible=False)
        self.cancelled = 0
        self.setFixedHeight(8)
        self.setAccessibleName("Progress of the run")

    def show_parts(self, done: int, cancelled: int) -> None:
        """Show them, in thousandths; nothing is painted where they are shown already."""
        if (done, cancelled) == (self.value(), self.cancelled):
            return
        # Else it repaints at once, and with it everything in the window that is to be painted with the next frame.
        self.setUpdatesEnabled(False)
        self.cancelled = cancelled
        self.setValue(done)
        self.setUpdatesEnabled(True)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.cancelled:
            first, last = (
                round(self.width() * part / STEPS) for part in (self.value(), self.value() + self.cancelled)
            )
            with QPainter(self) as painter:
                painter.fillRect(
                    first + 1, 1, last - first - 2, self.height() - 2, self.palette().placeholderText()
                )


class StatusStrip(QWidget):
    """Progress, verdict, and a button that appears when something went wrong unseen.

    Attributes:
        offer: does what the sentence offers; only there while it does.
        progress: what holds the bar and the counts.
        buttons: what holds the two buttons.

    Signals:
        kept: whether what it says now is worth a copy.
    """

    kept = Signal(bool)

    def __init__(self, time_left: TimeLeft) -> None:
        super().__init__()
        self.bar = RunBar()
        self._time_left = time_left
        self.counts = named(QLabel(NOTHING_YET), "muted")
        self.verdict = ShortLabel(MAX_LINES)
        self.verdict.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.verdict.setAccessibleName("Verdict")
        self.copy_button = QPushButton("Copy verdict")
        self.copy_button.setToolTip("Copy this sentence to the clipboard")
        self.copy_button.hide()
        self.copy_button.clicked.connect(self.copy)
        self.offer = QPushButton()
        self.offer.hide()
        self.problems = QPushButton()
        self.problems.setToolTip("Something went wrong unseen: read what")
        self.problems.hide()
        # A button that comes and goes would wrap the sentence again each time.
        policy = self.copy_button.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.copy_button.setSizePolicy(policy)
        self.progress, self.buttons = QWidget(), QWidget()
        fill(QVBoxLayout(self.progress), None, self.bar, self.counts, None, spacing=4)
        fill(QHBoxLayout(self.buttons), self.offer, self.copy_button, self.problems, spacing=16)
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
        self.bar.setMinimumWidth(metrics.horizontalAdvance("888 of 888 done, about 88 s left"))
        self.counts.setMinimumWidth(self.bar.minimumWidth())

    def show_progress(self, run: Run) -> None:
        recorder = run.recorder
        text = f"{recorder.done:,} of {recorder.count:,} done"
        if recorder.failed:
            text += f", {recorder.failed:,} failed"
        if recorder.cancelled:
            text += f", {recorder.cancelled:,} cancelled"
        left = self._time_left.left_s(run) if run.ended is None else None
        if run.ended is None and run.control.paused:
            text += ", paused"
        elif left is not None:
            text += f", {about(left)} left"
        ended = recorder.done + recorder.failed
        self._show(ended * STEPS // recorder.count, recorder.cancelled * STEPS // recorder.count, text)

    def show_waiting(self, tasks: int | None) -> None:
        """A run will begin in a moment: what was shown of the one before is not to be seen any more.

        Args:
            tasks: how many it has; None where only the work itself will know.
        """
        self._show(0, 0, "0 done" if tasks is None else f"0 of {tasks:,} done")

    def show_nothing(self, has_run: bool) -> None:
        """The run that was to begin will not; `has_run` is whether there was any before."""
        self._show(0, 0, "" if has_run else NOTHING_YET)

    def show_measured(self, benchmark: Benchmark, is_running: bool) -> None:
        done, runs = benchmark.done, benchmark.runs
        text = f"Measuring {benchmark.number:,} of {runs:,}" if is_running else f"{done:,} of {runs:,} measured"
        self._show(done * STEPS // max(1, runs), 0, text)

    def _show(self, value: int, cancelled: int, text: str) -> None:
        self.bar.show_parts(value, cancelled)
        if text != self.counts.text():
            self.counts.setText(text)

    def say(self, sentence: str, keep: bool = True, offer: str = "") -> None:
        """Show a sentence; `keep` says whether it is worth a copy button, `offer` is a next step's."""
        self.verdict.setText(sentence)
        if keep and sentence and self.counts.text() == NOTHING_YET:
            self._show(0, 0, "")  # a verdict is of what has run
        self.offer.setText(offer)
        self.offer.setVisible(bool(offer))
        self.copy_button.setVisible(keep and bool(sentence))
        self.kept.emit(keep and bool(sentence))

    def copy(self) -> None:
        QGuiApplication.clipboard().setText(self.verdict.text())

    def show_problems(self, count: int) -> None:
        self.problems.setText(plural(count, "problem"))
        self.problems.setVisible(count > 0)
