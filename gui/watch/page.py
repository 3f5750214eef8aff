"""The room Watch: a program of a person's own, and what freezes it, while it runs and afterwards. In the GUI thread."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QWidget

from gui.timeline.timeline import Timeline
from gui.watch.band import Band
from gui.watch.chooser import Chooser
from gui.watch.freezes import FreezeTable
from gui.watch.growing import graphs_of
from gui.watch.leader import WatchLeader
from gui.watch.panes import Panes, StackText
from gui.watch.stacks import dump_text, end_text, leak_words
from gui.watch.starvation import Starvation
from gui.watch.texts import Told, of_start, told
from gui.widgets.empty_state import EmptyState
from gui.widgets.fields import note
from gui.widgets.page import Page
from gui.widgets.panels import order_tabs, pile, set_ground, split, stack
from workers.agent.messages import Dumped, Interrupted, Uncaught
from workers.monitors.lag import LagMonitor
from workers.reports.verdict import verdict
from workers.reports.watched import compared, is_watched
from workers.utils.errors import BadInput

if TYPE_CHECKING:
    from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent

    from gui.controllers.core import Core
    from gui.live.graphs import LiveGraphs
    from gui.process.preferences import Preferences
    from gui.theme.theme import Theme
    from workers.agent.messages import Message
    from workers.engine.run import Run
    from workers.watch.program import Program
    from workers.watch.watcher import Watcher

FRAME_MS, HIDDEN_MS = 50, 1000
"""Between two frames; and where nobody looks, between two steps of the graphs, so that they have little to catch up."""

TITLE = "Which line freezes your program?"
HOW = (
    "Choose the file that starts it. Thaw starts it as you would, and watches its event loop (Qt through any binding, "
    "tkinter, asyncio). Each time that stands still, the guilty line appears here, during the freeze and after it."
)
SIZES = [288, 700]
NARROW, LOW = 820, 380
"""In a narrower page than this, in pixels at a text scale of 1, the chooser gives way while a program is watched; in a
lower one the graphs are a tab."""

NO_STACKS = "Dump now shows where all threads are. A crash leaves its last stacks here."


class WatchPage(Page):
    """The chooser on the left; on the right how the program is, its lag, and its freezes, threads and stacks.

    Attributes:
        leader: watches programs.
        chooser: the left.
        band: how the program is now.
        graphs: its lag and its waits for the GIL; None before the first program.
        freezes, threads, stacks: the tabs below.
        splitter: between left and right.
    """

    def __init__(self, core: Core, theme: Theme, preferences: Preferences) -> None:
        super().__init__()
        self._core, self._theme, self.leader = core, theme, WatchLeader(self)
        self._watcher: Watcher | None = None
        self._before: Run | None = None
        self._is_awaited = self._is_ending = False
        self._starvation = Starvation(self)
        self._starvation.changed.connect(self.show_now)
        self.chooser, self.band = Chooser(theme, preferences), Band(theme)
        self.freezes, self.stacks = FreezeTable(theme), StackText(NO_STACKS)
        self.graphs: LiveGraphs | None = None
        self.threads, self.leaks = Timeline(theme, None), note()
        self.leaks.setContentsMargins(12, 6, 12, 2)
        lanes = pile(QWidget(), self.leaks, (self.threads, 1))
        self.panes = Panes([(self.freezes, "Freezes"), (lanes, "Threads"), (self.stacks, "Stacks")])
        self.tabs = self.panes.tabs
        self.empty = EmptyState(theme, TITLE, HOW)
        self.empty.offer("Choose a program…", self.chooser.choose_file)
        self._stack = stack(self.empty, pile(QWidget(), self.band, self.panes))
        self.splitter = split(self.chooser, self._stack, sizes=SIZES)
        set_ground(pile(self, self.splitter), "Watch")
        self._frames = QTimer(self, interval=FRAME_MS)
        self._frames.timeout.connect(self.show_now)
        self._connect()

    def _connect(self) -> None:
        chooser, leader, band = self.chooser, self.leader, self.band
        chooser.start_requested.connect(self._start)
        chooser.cancel_requested.connect(self._stop)
        band.dump_requested.connect(leader.dump)
        band.interrupt_requested.connect(leader.interrupt)
        band.compare_requested.connect(self._compare)
        band.stop_requested.connect(self._stop)
        leader.begun.connect(self._begin)
        leader.told.connect(self._take)
        leader.ended.connect(self._core.list_watched)
        leader.ended.connect(self._end)
        leader.refused.connect(self._refuse)
        self.freezes.said.connect(self.said)
        self.freezes.export_requested.connect(self._core.run_files.write)
        self.freezes.function_wanted.connect(self.edit_requested)
        self._theme.changed.connect(self._restyle)
        self._restyle()

    # ---------------------------------------------------------------- what a person does

    def watch(self, program: Program) -> None:
        """Come to the front, and watch what the command line names."""
        self.wanted.emit()
        self.chooser.show_program(program)
        self._await()
        self.leader.start_program(program)

    @Slot()
    def _start(self) -> None:
        choice = self.chooser.choice
        try:
            words = choice.words()
        except BadInput as why:
            self._refuse(str(why))
            return
        self._await()
        self.leader.start(words, choice.python or None, choice.folder)

    def _await(self) -> None:
        self._is_awaited, self._is_ending = True, False
        self.chooser.set_running(True)
        self.chooser.say("Starting …")
        self.band.offer(False, False)
        self.band.show_now(of_start(self.chooser.choice.title), False)
        self.told.emit("")

    @Slot()
    def _stop(self) -> None:
        """Ask it to end, once it has been started; where that was done before, end it."""
        if not self._is_awaited:
            if self._is_ending:
                self.leader.kill()
                return
            self.leader.stop()
        self._is_ending = True
        self.chooser.show_ending()
        self._fit()

    @Slot(object, float)
    def _show_freeze(self, run: Run, moment: float) -> None:
        self.tabs.setCurrentWidget(self.freezes)
        self.freezes.show_freeze(moment)

    @Slot()
    def _compare(self) -> None:
        if self._before is not None and self._watcher is not None:
            self.pair_requested.emit(self._before, self._watcher.run)

    # ---------------------------------------------------------------- what happens

    @Slot(object)
    def _begin(self, watcher: Watcher) -> None:
        """Show a program from its start on."""
        run, name, is_unwanted = watcher.run, watcher.program.name, self._is_ending
        self._watcher, self._is_awaited, self._is_ending = watcher, False, False
        self._starvation.begin(run)
        known = (one for one in self._core.listed if is_watched(one) and one is not run)
        same = [one for one in known if one.lag is not None and one.recorder.row(0).place == name]
        self._before = same[-1] if same else None
        self._show_graphs(watcher)
        self.freezes.show_run(run)
        self.threads.show_run(run, LagMonitor(run.beats))
        self.leaks.hide()
        self.stacks.setPlainText(NO_STACKS)
        self.band.offer(run.ended is None, False)
        self._stack.setCurrentIndex(1)
        self.chooser.keep(self.chooser.choice)
        self.chooser.set_running(run.ended is None)
        self._fit()
        self._frames.start()
        self.show_now()
        if is_unwanted and run.ended is None:
            self._stop()

    def _show_graphs(self, watcher: Watcher) -> None:
        graphs = graphs_of(watcher, self._theme, len(self._core.listed) + 1)
        graphs.freeze_clicked.connect(self._show_freeze)
        if self.graphs is not None:
            self.graphs.hide()
            self.graphs.deleteLater()
        self.graphs = graphs
        self.panes.add_graphs(graphs)
        order_tabs(self.band, graphs.cards, graphs.live, graphs.copy_button, graphs.canvas, self.tabs)

    @Slot(object)
    def _take(self, message: Message) -> None:
        if isinstance(message, Dumped) and self._watcher is not None:
            self.stacks.setPlainText(dump_text(message, self._watcher.run.started))
            self.tabs.setCurrentWidget(self.stacks)
        elif isinstance(message, Uncaught):
            self.stacks.setPlainText(message.text)
        elif isinstance(message, Interrupted):
            self.said.emit("It was interrupted, as by Ctrl+C." if message.done else message.why)

    @Slot(object)
    def _end(self, run: Run) -> None:
        self._frames.stop()
        self._starvation.look(at_once=True)
        self.chooser.set_running(False)
        self._fit()
        if "\n" in (text := end_text(run)):  # one line of it stands above, and leaves what was shown before
            self.stacks.setPlainText(text)
        self.leaks.setText(leak_words(run))
        self.leaks.setVisible(bool(run.threads.leaks))
        self.band.offer(False, self._comparable is not None)
        if self.graphs is not None:
            self.graphs.fit_run()
        self.show_now()
        before = self._comparable
        self.told.emit(compared(before, run) if before is not None else verdict(run))

    @Slot(str)
    def _refuse(self, why: str) -> None:
        self._is_awaited = False
        self.band.offer(False, self._comparable is not None)
        self.chooser.set_running(False)
        self.chooser.say(f"✕ {why}")
        self.said.emit(why)
        self.show_now()

    # ---------------------------------------------------------------- what is shown

    @property
    def _comparable(self) -> Run | None:
        """The run before it, where both were measured to an end of their own."""
        run = self._watcher.run if self._watcher is not None else None
        return self._before if run is not None and run.lag is not None and not run.recorder.failed else None

    @Slot()
    def show_now(self) -> None:
        """Show how it is at this moment, where anybody can see it."""
        watcher, now = self._watcher, time.perf_counter()
        if watcher is None or self._is_awaited:
            return
        if not self.isVisible():
            if self.graphs is not None:
                self.graphs.scene.take_in(now)
            return
        self.band.show_now(self._told(watcher, now), watcher.is_linked)
        if self.graphs is not None:
            self.graphs.refresh()
        self.freezes.refresh()
        self.threads.refresh(at_once=watcher.run.ended is not None)

    def _told(self, watcher: Watcher, now: float) -> Told:
        run = watcher.run
        if run.ended is None:
            self._starvation.look()
        shown = told(watcher, now, self._starvation.words)
        before = self._comparable if run.ended is not None else None
        return shown if before is None else shown._replace(blame=compared(before, run))

    def refresh(self, at_once: bool = False) -> None:
        if at_once:
            self.show_now()

    def showEvent(self, event: QShowEvent) -> None:
        self._restyle()  # only what is shown keeps its font
        self._frames.setInterval(FRAME_MS)
        self.show_now()

    def hideEvent(self, event: QHideEvent) -> None:
        self._frames.setInterval(HIDDEN_MS)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()

    def _fit(self) -> None:
        """Give what is read most of a small page."""
        scale = self._theme.text_scale
        is_watching = self.chooser.is_running and not self._is_awaited
        is_alone = is_watching and self.width() < NARROW * scale
        self.chooser.setVisible(not is_alone)
        self.band.offer_stop(self.chooser.button.text() if is_alone else "")
        self.panes.set_low(self.height() < LOW * scale)

    @Slot()
    def _restyle(self) -> None:
        self.stacks.setFont(self._theme.code_font(0.94))
        self._fit()

    def shut(self) -> None:
        self._frames.stop()
        self.leader.close()
