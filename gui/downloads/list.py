"""The right side of the Downloads tab: what is in the list, how far it is, and what can be done with it. GUI thread."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QTabBar,
    QWidget,
)

from gui.downloads.actions import DownloadsActions
from gui.downloads.model import DownloadsModel
from gui.downloads.state import FILTERS, State, is_prefix
from gui.downloads.summary_bar import DownloadsBar
from gui.downloads.texts import Overall, details, selected
from gui.downloads.view import DownloadsView
from gui.widgets.empty_state import EmptyState
from gui.widgets.fields import describe, named
from gui.widgets.panels import fill_panel, pile, set_text_color
from gui.widgets.throttle import Throttle

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QUrl
    from PySide6.QtGui import QResizeEvent

    from gui.downloads.run_progress import Live
    from gui.downloads.state import Listing
    from gui.theme.theme import Theme

REFRESH_S = 0.2
"""What runs is painted at most 5 times a second: nobody reads numbers faster."""

FILTER_S = 0.5
"""A filter is brought up to date at most twice a second."""

EMPTY_TITLE = "Every address gets a row here"
EMPTY_HINT = (
    "Paste a text with addresses (Ctrl+V), drop a list, a page or a table on this tab, or take the sample list. Then "
    "press Start: how far each file is, and why it failed, appears here."
)
NONE_OF_THESE = ("Nothing here", "No address is in this state now.")


class DownloadsList(QWidget):
    """A filter with counts, the rows, what there is to say of the selected one, and the figures of all.

    Attributes:
        model: the items.
        view: the rows.
        refresh_throttle: when what runs is looked at again.
        filter: which of them are shown.
        actions_of_rows: what can be done with the selected ones.
        bar: the figures of all.

    Signals:
        retry_requested: the numbers of items that are to be tried again.
        clear_requested: all that is done is to leave the list.
    """

    retry_requested = Signal(list)
    clear_requested = Signal()

    def __init__(self, theme: Theme, open_url: Callable[[QUrl], bool] | None = None) -> None:
        super().__init__()
        self._theme = theme
        self.refresh_throttle, self._filter_throttle = Throttle(REFRESH_S), Throttle(FILTER_S)
        self._allowed = True
        self._counts: tuple[int, ...] = ()
        self.model = DownloadsModel()
        self.view = DownloadsView(theme, self.model)
        self.actions_of_rows = DownloadsActions(self.view, self.model, open_url)
        self.filter = QTabBar()
        self.filter.setDrawBase(False)
        self.filter.setExpanding(False)
        self.filter.setUsesScrollButtons(True)
        self.filter.setElideMode(Qt.TextElideMode.ElideNone)
        describe(self.filter, "Which addresses are shown", "Show only the addresses in this state")
        for title, _ in FILTERS:
            self.filter.addTab(title)
        self.retry, self.clear = named(QPushButton("Retry failed"), "link"), named(QPushButton("Clear done"), "link")
        self._buttons = {self.retry: "Retry failed", self.clear: "Clear done"}
        describe(self.retry, "Retry failed", "Try all again that failed; with no run going on this starts one")
        describe(self.clear, "Clear done", "Take all that is done off the list; the files stay where they are")
        self.details = QLabel()
        self.details.setWordWrap(True)
        self.details.setTextFormat(Qt.TextFormat.PlainText)
        self.details.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.details.setContentsMargins(8, 6, 12, 0)
        self.details.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.details.setAccessibleName("The selected address")
        self.details.hide()
        self.bar = DownloadsBar(theme)
        self._lay_out()
        self.view.selection_told.connect(self.show_details)
        self.filter.currentChanged.connect(self._filter_now)
        self.retry.clicked.connect(self._retry_all)
        self.clear.clicked.connect(self.clear_requested)
        self.actions_of_rows.retry_requested.connect(self.retry_requested)
        theme.changed.connect(self.restyle)
        self.restyle()
        self._show_counts()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 12, 0)
        row.setSpacing(8)
        row.addWidget(self.filter, 1)
        row.addWidget(self.retry)
        row.addWidget(self.clear)
        self._rows = QStackedWidget()
        self._rows.addWidget(EmptyState(self._theme, *NONE_OF_THESE))
        self._rows.addWidget(self.view)
        line = QFrame()
        line.setFrameShape(QFrame.Shape.HLine)
        line.setFrameShadow(QFrame.Shadow.Plain)
        line.setForegroundRole(QPalette.ColorRole.Mid)
        table = pile(QWidget(), row, self._rows, line, self.details, self.bar)
        self._stack = fill_panel(self, "List of downloads", EmptyState(self._theme, EMPTY_TITLE, EMPTY_HINT), table)
        self.setMinimumWidth(240)

    # ---------------------------------------------------------------- what is shown

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room the buttons beside the filter say less."""
        super().resizeEvent(event)
        self._fit_buttons()

    def _fit_buttons(self) -> None:
        room = self.width() - self.filter.sizeHint().width() - 36
        words = sum(button.fontMetrics().horizontalAdvance(text) + 18 for button, text in self._buttons.items())
        for button, text in self._buttons.items():
            button.setText(text if words <= room else text.partition(" ")[0])

    def show_listing(self, listing: Listing) -> None:
        rows_stay = not self.filter.currentIndex() and is_prefix(self.model.listing.items, listing.items)
        if not rows_stay:
            self.view.keep_selection()
        self.model.show_listing(listing)
        if not rows_stay:
            self.view.restore_selection()
        self._stack.setCurrentIndex(1 if listing.items else 0)
        self._show_counts()
        self._show_rows()
        self.show_details()

    def follow(self, live: Live | None) -> None:
        """Show what a run does with the items; None: no run."""
        self.model.follow(live)
        self.refresh_throttle.reset()
        self._show_counts()

    def set_allowed(self, allowed: bool) -> None:
        self._allowed = allowed
        self.actions_of_rows.set_allowed(allowed)
        self._show_counts()

    def refresh(self, at_once: bool = False) -> bool:
        """Bring what can be seen up to date, where that is due. Returns whether it was."""
        if self.model.live is None or not self.refresh_throttle.is_due(at_once):
            return False
        now = time.perf_counter()
        if self.model.advance(now):
            self.model.tell(*self.view.visible_rows())
            self._show_counts()
            self.show_details()
        if self.filter.currentIndex() and self._filter_throttle.is_due(at_once):
            self._filter_now()
        self.model.look(*self.view.visible_rows(), now)
        return True

    def show_overall(self, now: Overall) -> None:
        """Show the figures of all."""
        self.bar.show_overall(now)

    @Slot()
    def _filter_now(self) -> None:
        self.view.keep_selection()
        self.model.show_only(FILTERS[self.filter.currentIndex()][1])
        self.view.restore_selection()
        self._show_rows()

    def _show_rows(self) -> None:
        self._rows.setCurrentIndex(1 if self.model.rowCount() else 0)

    def _show_counts(self) -> None:
        counts = tuple(self.model.count(states) for _, states in FILTERS)
        if counts != self._counts:
            self._counts = counts
            for at, ((title, _), count) in enumerate(zip(FILTERS, counts, strict=True)):
                self.filter.setTabText(at, f"{title} {count:,}")
            self._fit_buttons()
        for button, state in ((self.retry, State.FAILED), (self.clear, State.DONE)):
            is_wanted = self._allowed and self.model.count((state,)) > 0
            if not is_wanted and button.hasFocus():
                self.view.setFocus()  # else the next one would get it, and the same key would press that
            button.setVisible(is_wanted)

    @Slot()
    def show_details(self) -> None:
        model = self.model
        rows = self.view.selected_rows()
        count = sum(bottom - top + 1 for top, bottom in rows)
        text = ""
        is_bad = False
        if count == 1:
            row = rows[0][0]
            text, is_bad = details(model.item(row), model.state(row), model.why(row)), bool(model.why(row))
        elif count:
            states = bytes(model.states[model.rows[row]] for top, bottom in rows for row in range(top, bottom + 1))
            text = selected({state: states.count(state) for state in State})
        if text != self.details.text():
            self.details.setText(text)
            self.details.setVisible(bool(text))
        set_text_color(self.details, self._theme.color("bad" if is_bad else "muted"))

    @Slot()
    def _retry_all(self) -> None:
        items = self.actions_of_rows.failed()
        if items:
            self.retry_requested.emit(items)

    @Slot()
    def restyle(self) -> None:
        self.show_details()
