"""The panel that comes up where tasks wait for each other: the graph, its sentence, and Break it. In the GUI thread."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from gui.wait_graph.view import WaitGraphView
from gui.widgets.elided import ElidedLabel, ShortLabel
from gui.widgets.fields import describe, named, pass_focus
from gui.widgets.panels import fill, set_ground
from workers.reports.labs.wait_graph import WaitGraph, deadlock_words, present_waits, told_graph, wait_graph
from workers.utils.throttle import Throttle

if TYPE_CHECKING:
    from gui.theme.theme import Theme
    from workers.engine.run import Run

TITLE = "Who waits for whom"
REFRESH_S = 1 / 10
WIDTH = 280
LINES = 4
ELSEWHERE = "Its tasks run in another process: only a cancel of the run ends their waits"


class WaitPanel(QWidget):
    """Hidden until somebody has waited for long; then it stays, and keeps what it showed, until another run is shown.

    Attributes:
        view: the picture.
        sentence: all of it in words.
        break_button: ends a wait.

    Signals:
        task_clicked: the index of a task that is to be shown.
        said: what was done, as a sentence.
    """

    task_clicked = Signal(int)
    said = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._run: Run | None = None
        self._is_final = self._is_left = False
        self._waits = WaitGraph()
        """What lasts just now."""
        self._throttle = Throttle(REFRESH_S)
        self.view = WaitGraphView(theme)
        self.sentence = ShortLabel(LINES)
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.break_button = describe(QPushButton("&Break it"), "Break it")
        policy = self.break_button.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # nothing below it moves when it goes
        self.break_button.setSizePolicy(policy)
        title = named(ElidedLabel(), "section")
        title.setText(TITLE)
        head = fill(QHBoxLayout(), (title, 1), self.break_button, spacing=6)
        fill(QVBoxLayout(self), head, (self.view, 1), self.sentence, margins=(8, 3, 8, 6), spacing=4)
        set_ground(self, TITLE)
        self.view.task_clicked.connect(self.task_clicked)
        self.view.choice_changed.connect(self._follow)
        self.break_button.clicked.connect(self._break)
        self.hide()
        self._fit()
        theme.changed.connect(self._fit)

    @Slot()
    def _fit(self) -> None:
        """Keep room for the whole sentence: the picture above it is not to move."""
        self.sentence.setFixedHeight(LINES * self.fontMetrics().lineSpacing())

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, super().sizeHint().height())

    def show_run(self, run: Run | None, is_left: bool = False) -> None:
        """Look at another run; None for none. With `is_left` who is stuck is left so while this is refreshed."""
        self._run, self._is_final, self._waits = run, False, WaitGraph()
        self._is_left = is_left
        self.view.clear()
        self.hide()
        self.refresh(at_once=True)

    def refresh(self, at_once: bool = False) -> None:
        """Bring it up to date: with every frame, and with `at_once` when the run has ended."""
        run = self._run
        if run is None or self._is_final or not run.recorder.sharing.reasons:
            return
        if run.ended is not None:
            self._is_final = True
            self._waits = WaitGraph()
            self._show(told_graph(run))
        elif self._throttle.is_due(at_once):
            self._waits = wait_graph(run, present_waits(run, time.perf_counter()))
            self._show(self._waits)
            # From the first wait on, though it is hidden yet: else nobody could be quick enough for Break it.
            if self._is_left and run.control.has_waits:
                run.control.waits.judge.leave()
        self._follow()

    def _show(self, graph: WaitGraph) -> None:
        """Show a graph; an empty one leaves what was there."""
        if not graph.nodes or self._run is None:
            return
        self.view.show_graph(graph)
        words = deadlock_words(self._run, graph)
        if words != self.sentence.text():
            self.sentence.setText(words)
            self.sentence.setAccessibleName(words)
        self.show()

    @property
    def member(self) -> int:
        """The task whose wait is ended by Break it: the one that is chosen, or the last that came; -1 for none."""
        tasks = self._waits.tasks
        if self.view.chosen in tasks:
            return self.view.chosen
        circle = {node.task for node in self._waits.circle}
        return next((task for task in reversed(tasks) if task in circle or not circle), -1)

    @Slot()
    def _follow(self) -> None:
        """Show the button while there is something to end, and say what."""
        run, member = self._run, self.member
        if run is None or member < 0:
            pass_focus(self.view, self.break_button)
            self.break_button.hide()
            return
        self.break_button.show()
        is_here = run.control.has_waits
        title = run.plan.title(member)
        tip = f"End the wait of {title} by an error, so that others can go on" if is_here else ELSEWHERE
        if tip != self.break_button.toolTip():
            self.break_button.setEnabled(is_here)
            describe(self.break_button, f"Break it: {tip}", tip)

    @Slot()
    def _break(self) -> None:
        run, member = self._run, self.member
        if run is not None and member >= 0 and run.control.waits.end_wait(member):
            self.said.emit(f"The wait of {run.plan.title(member)} was ended.")
