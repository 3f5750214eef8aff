"""The page Downloads: addresses come in on the left, stay in a queue that outlives the program, and a run fetches them.

In the GUI thread. `QueueThread` keeps the queue's file in a thread of its own; a run is followed by its recorder.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, Slot
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut

from gui.controllers.job_thread import CLOSE_S
from gui.downloads import texts as say
from gui.downloads.follower import Follower
from gui.downloads.intake import DownloadsIntake, sources_in, text_in
from gui.downloads.list import DownloadsList
from gui.downloads.queue_jobs import SAMPLE
from gui.downloads.queue_thread import QueueThread
from gui.downloads.state import State
from gui.widgets.page import Page
from gui.widgets.panels import pile, set_ground, split
from workers.engine.plan import BLOCKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtCore import QUrl
    from PySide6.QtGui import QCloseEvent, QShowEvent

    from gui.controllers.core import Core
    from gui.downloads.queue_jobs import Added
    from gui.downloads.state import Listing
    from gui.process.preferences import Preferences
    from gui.theme.theme import Theme
    from workers.catalog.entry import Entry
    from workers.engine.run import Run


class DownloadsPage(Page):
    """The page. It opens nothing before it is seen, or is given something.

    Attributes:
        intake: where addresses come in.
        list: what is in the queue.
        follower: follows the run over it.
    """

    def __init__(
        self,
        core: Core,
        theme: Theme,
        preferences: Preferences,
        path: Path | None = None,
        open_url: Callable[[QUrl], bool] | None = None,
    ) -> None:
        """Make it.

        Args:
            core: runs the queue.
            theme: colours and fonts.
            preferences: remembers the folder.
            path: the queue's file; None for the usual one.
            open_url: opens a file or a folder; None for the desktop's own way.
        """
        super().__init__()
        self._core = core
        self._is_asked = self._is_mine = self._is_busy = self._starts = self._is_switch_on = False
        self._welcome = self._obstacle = ""
        self.queue_thread = QueueThread(path, core.gate, self)
        self.intake = DownloadsIntake(theme, core.catalog, preferences)
        self.list = DownloadsList(theme, self.intake.settings.kinds, open_url)
        self.follower = Follower(self.queue_thread, self.list, core.time_left, self)
        self.splitter = split(self.intake, self.list, sizes=[264, 676])
        set_ground(pile(self, self.splitter), "Downloads")
        # As long as the page is to be seen, whatever has the focus: a field that can take the text is asked first.
        QShortcut(QKeySequence(QKeySequence.StandardKey.Paste), self, self.paste)
        self._connect()
        self._show_state()

    def _connect(self) -> None:
        intake, queue_thread, rows = self.intake, self.queue_thread, self.list.actions_of_rows
        intake.given.connect(self.take)
        intake.paste.clicked.connect(self.paste)
        intake.sample.clicked.connect(self.take_sample)
        intake.show_folder.clicked.connect(self._open_folder)
        intake.folder.editingFinished.connect(self._move)
        intake.start.clicked.connect(self.start)
        intake.pause.clicked.connect(self._core.director.toggle_pause)
        intake.cancel.clicked.connect(self._core.cancel)
        intake.settings.changed.connect(self._show_state)
        intake.settings.chosen.connect(self.start_expected)
        self.list.empty.offer("Take the sample list", self.take_sample)
        self.list.clear.clicked.connect(queue_thread.clear_done)
        rows.retry_requested.connect(self.retry)
        rows.remove_requested.connect(queue_thread.remove)
        rows.pause_task.connect(self._core.session.pause_task)
        rows.resume_task.connect(self._core.session.resume_task)
        rows.said.connect(self.said)
        queue_thread.opened.connect(self._opened)
        queue_thread.refused.connect(self._refused)
        queue_thread.listed.connect(self._show_listing)
        queue_thread.added.connect(self._tell_added)
        queue_thread.moved.connect(self._tell_moved)
        queue_thread.failed.connect(self._tell_failed)
        self.follower.changed.connect(self._show_state)
        self.follower.left_changed.connect(self.left_changed)
        queue_thread.prepared.connect(self._go)

    # ---------------------------------------------------------------- addresses come in

    @Slot(object)
    def take(self, what: str | Path) -> None:
        """Add all addresses that stand in a text, or in the file at a Path."""
        self.open()
        if self._obstacle:
            self._answer(say.NOTHING_ADDED)  # why not, stands above Start
        else:
            self.queue_thread.add_addresses(what, self.intake.chosen_folder)

    @Slot()
    def take_sample(self) -> None:
        """Add the sample list. It is only a list until somebody presses Start."""
        self.take(SAMPLE)

    @Slot()
    def paste(self) -> None:
        data = QGuiApplication.clipboard().mimeData()
        if not self.take_mime(data):
            self._answer(say.NO_ADDRESS if text_in(data) else say.NO_TEXT)

    def take_mime(self, data: QMimeData) -> bool:
        """Add what was dropped or pasted: a text, addresses, or files with such. Returns whether it was any of that."""
        sources = sources_in(data)
        for source in sources:
            self.take(source)
        return bool(sources)

    @Slot(object)
    def _tell_added(self, what: Added) -> None:
        if what.found:
            self.intake.line.clear()
        self._answer(say.added(what))

    @Slot(int, str)
    def _tell_moved(self, count: int, folder: str) -> None:
        if count:
            self._answer(say.moved(count, folder))

    @Slot(str)
    def _tell_failed(self, why: str) -> None:
        self._starts = False
        self._answer(why)
        self._show_state()

    def _answer(self, text: str) -> None:
        self.intake.answer.setText(text)
        if not self.isVisible():  # else it would be read twice
            self.said.emit(text)

    # ---------------------------------------------------------------- the queue

    def open(self) -> None:
        """Open the queue, where that was not done yet; look again where another program had it."""
        if self._obstacle or not self._is_asked:
            self._is_asked = True
            self.queue_thread.open()
            self.start_expected.emit(*self.intake.settings.entries)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.open()
        self.refresh(at_once=True)

    @Slot(int, int)
    def _opened(self, left: int, count: int) -> None:
        self._welcome = say.left_from_last_time(left, count)
        self._take_over(True, "")

    @Slot(str)
    def _refused(self, why: str) -> None:
        self._take_over(False, why)

    def _take_over(self, is_mine: bool, obstacle: str) -> None:
        self._is_mine, self._obstacle = is_mine, obstacle
        self.intake.set_allowed(is_mine)
        self.list.set_allowed(is_mine)
        self._show_state()

    @Slot(object)
    def _show_listing(self, listing: Listing) -> None:
        self.list.show_listing(listing)
        self.follower.count_late()
        self._show_state()

    @Slot(list)
    def retry(self, items: list[int]) -> None:
        """Try items again: they wait, and where nothing goes on a run begins."""
        self.list.model.forget(items)
        self.queue_thread.retry(items)
        if not self.follower.is_running and not self._is_busy:
            self.start()

    @Slot()
    def _open_folder(self) -> None:
        self.list.actions_of_rows.open_folder(self.intake.chosen_folder)

    @Slot()
    def _move(self) -> None:
        """What waits goes to the new folder as well, unless a run has it in its hands."""
        self.intake.set_folder(self.intake.chosen_folder)
        if self._is_mine and not self.follower.is_running and not self._is_busy:
            self.queue_thread.move(self.intake.chosen_folder)

    # ---------------------------------------------------------------- runs

    def go_on(self) -> None:
        """Come to the front and start over what is left, once the list is open."""
        self.wanted.emit()
        self.intake.line.setFocus()
        self.open()
        self.start()

    @Slot()
    def start(self) -> None:
        """Ask for a run over the queue; where another program has that, look again whether it still does."""
        if self._obstacle:
            self.open()
        elif not (self.follower.is_running or self._is_busy or self._starts) and self._may_start():
            self._starts = True
            self.queue_thread.prepare(self.intake.chosen_folder)

    def _may_start(self) -> bool:
        """Whether the runner can do it, which is told at its menu, and the click is not from a freeze."""
        fit = self.intake.settings.fit
        return not (fit.is_known and fit.why_not) and self._core.may_start()

    @Slot(str)
    def _go(self, folder: str) -> None:
        self._starts = False
        if not self._is_mine:
            return  # it was asked for before that was known
        self._welcome = ""
        self.follower.late = 0
        waiting = max(1, self.list.model.count((State.WAITING,)))
        self.start_requested.emit(self.intake.settings.for_run(waiting, self.queue_thread.path, folder))
        self._show_state()

    def show_run(self, run: Run | None) -> None:
        """Follow a run that begins, if it is one over this queue; None: follow none any more."""
        if self.follower.follow(run):
            self._welcome = ""  # it is no news any more
            self._show_state()

    def show_choice(self, runner: Entry, workload: Entry) -> None:
        self._is_switch_on = runner.name == BLOCKING
        self._show_state()

    def set_free(self, is_free: bool) -> None:
        self._is_busy = not is_free
        self._show_state()

    def refresh(self, at_once: bool = False) -> None:
        if at_once or self.isVisible():
            self.follower.refresh(at_once)

    @Slot()
    def _show_state(self) -> None:
        """Show the figures of all, and let the buttons do what makes sense now."""
        follower = self.follower
        is_running = follower.is_running
        waiting = self.list.model.count((State.WAITING,))
        why_not = self._obstacle or self.intake.settings.fit.why_not
        why_not = why_not or say.why_not_start(waiting, self._is_busy and not is_running)
        self.intake.show_state(
            "Try again" if self._obstacle else say.start_text(waiting, follower.late, follower.has_retried),
            can_start=bool(self._obstacle) or not (why_not or self._starts),
            why_not=why_not,
            is_running=is_running,
            is_paused=follower.is_paused,
        )
        meanwhile = say.added_meanwhile(follower.late, follower.has_retried) if is_running else self._welcome
        self.intake.say_state(self._obstacle or meanwhile, self.intake.settings.where(self._is_switch_on))
        self.list.bar.show_overall(follower.overall())
        if self._is_mine:
            follower.tell_left()

    # ---------------------------------------------------------------- from one start to the next

    def remember(self) -> None:
        self.intake.remember()

    def shut(self) -> None:
        self.queue_thread.close(CLOSE_S)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.shut()
        super().closeEvent(event)
