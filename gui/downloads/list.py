"""The right side of the page Downloads: what is in the list, how far it is, what can be done with it. GUI thread."""

from __future__ import annotations

import time
from contextlib import nullcontext
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QTabBar,
    QWidget,
)

from gui.downloads.actions import DownloadsActions
from gui.downloads.model import WHY, DownloadsModel
from gui.downloads.state import FILTERS, State, is_prefix
from gui.downloads.summary_bar import DownloadsBar
from gui.downloads.texts import details, selected
from gui.downloads.view import DownloadsView
from gui.widgets.empty_state import EmptyState
from gui.widgets.fields import describe, named, note, pass_focus
from gui.widgets.panels import fill, line, pile, set_ground, set_text_color, stack
from workers.utils.throttle import Throttle

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QUrl
    from PySide6.QtGui import QResizeEvent

    from gui.downloads.run_progress import Live
    from gui.downloads.state import Listing
    from gui.forms.form import Form
    from gui.theme.theme import Theme

REFRESH_S = 0.2
"""What runs is painted at most 5 times a second: nobody reads numbers faster."""

FILTER_S = 0.5
"""A filter is brought up to date at most twice a second."""

NOTHING_YET = (
    "Every address gets a row here",
    "Add some at the left, and press Start downloads: how far each file is, and why it failed, appears here.",
)
REFUSED, KEPT_AS_IT_IS = "What is no picture is refused.", "Any file is kept as it comes."
NONE_OF_THESE = ("Nothing here", "No address is in this state.")


class DownloadsList(QWidget):
    """A filter with counts, the rows, what there is to say of the selected one, and the figures of all.

    Attributes:
        empty: what is shown before there is any.
        kinds: the switch for which files are kept, in sight at all times.
        model: the items.
        view: the rows.
        refresh_throttle: when what runs is looked at again.
        filter: which of them are shown.
        actions_of_rows: what can be done with the selected ones.
        retry, clear: the buttons for all that failed, and for all that is done.
        bar: the figures of all.
    """

    def __init__(self, theme: Theme, kinds: Form, open_url: Callable[[QUrl], bool] | None = None) -> None:
        """Make it.

        Args:
            theme: colours and fonts.
            kinds: the switch for which files are kept.
            open_url: opens a file or a folder; None for the desktop's own way.
        """
        super().__init__()
        self.kinds, self._refusal = kinds, note()
        self.empty = EmptyState(theme, *NOTHING_YET)
        self._theme = theme
        self.refresh_throttle, self._filter_throttle = Throttle(REFRESH_S), Throttle(FILTER_S)
        self._counts: tuple[int, ...] = ()
        self.model = DownloadsModel()
        self.view = DownloadsView(theme, self.model)
        self.actions_of_rows = DownloadsActions(self.view, self.model, open_url)
        self.filter = QTabBar(
            drawBase=False, expanding=False, usesScrollButtons=True, elideMode=Qt.TextElideMode.ElideNone
        )
        describe(self.filter, "Which addresses are shown", "Show only the addresses in this state")
        for title, _ in FILTERS:
            self.filter.addTab(title)
        self.retry, self.clear = (
            named(QPushButton("Retry failed"), "low"),
            named(QPushButton("Clear done"), "low"),
        )
        self._buttons = {self.retry: "Retry failed", self.clear: "Clear done"}
        describe(self.retry, "Retry failed", "Try all again that failed; with no run going on this starts one")
        describe(self.clear, "Clear done", "Take all that is done off the list; the files stay where they are")
        self.details = QLabel(
            wordWrap=True,
            textFormat=Qt.TextFormat.PlainText,
            textInteractionFlags=Qt.TextInteractionFlag.TextSelectableByMouse,
        )
        self.details.setContentsMargins(8, 6, 12, 0)
        self.details.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.details.setAccessibleName("The selected address")
        self.details.hide()
        self.bar = DownloadsBar(theme)
        self._lay_out()
        self.view.selection_told.connect(self.show_details)
        self.filter.currentChanged.connect(self._filter_now)
        self.retry.clicked.connect(self.actions_of_rows.retry_failed)
        kinds.changed.connect(self._show_kinds)
        self._show_kinds()
        theme.changed.connect(self.show_details)
        self.show_details()
        self._show_counts()

    def _lay_out(self) -> None:
        row = fill(QHBoxLayout(), (self.filter, 1), self.retry, self.clear, margins=(0, 0, 12, 0), spacing=8)
        self._rows = stack(EmptyState(self._theme, *NONE_OF_THESE), self.view)
        table = pile(QWidget(), row, self._rows, line(), self.details, self.bar)
        self._stack = stack(self.empty, table)
        head = fill(QHBoxLayout(), self.kinds, (self._refusal, 1), margins=(8, 6, 12, 2), spacing=12)
        set_ground(pile(self, head, self._stack), "List of downloads")
        self.setMinimumWidth(240)

    # ---------------------------------------------------------------- what is shown

    @Slot()
    def _show_kinds(self) -> None:
        self._refusal.setText(REFUSED if all(self.kinds.values().values()) else KEPT_AS_IT_IS)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room the buttons beside the filter say less."""
        super().resizeEvent(event)
        self._fit_buttons()

    def _fit_buttons(self) -> None:
        room = self.width() - self.filter.sizeHint().width() - 36
        wanted = sum(
            button.fontMetrics().horizontalAdvance(text) + 18 for button, text in self._buttons.items()
        )
        for button, text in self._buttons.items():
            button.setText(text if wanted <= room else text.partition(" ")[0])

    def show_listing(self, listing: Listing) -> None:
        rows_stay = not self.filter.currentIndex() and is_prefix(self.model.listing.items, listing.items)
        with nullcontext() if rows_stay else self.view.keeping_selection():
            self.model.show_listing(listing)
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
        self.actions_of_rows.is_allowed = allowed
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

    @Slot()
    def _filter_now(self) -> None:
        with self.view.keeping_selection():
            self.model.show_only(FILTERS[self.filter.currentIndex()][1])
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
            if self.view.isColumnHidden(WHY) is self.model.has_failed:
                self.view.fit_columns()
        for button, state in ((self.retry, State.FAILED), (self.clear, State.DONE)):
            is_wanted = self.actions_of_rows.is_allowed and self.model.count((state,)) > 0
            if not is_wanted:
                pass_focus(self.view, button)
            button.setVisible(is_wanted)

    @Slot()
    def show_details(self) -> None:
        model, rows = self.model, self.view.every_selected_row()
        text = why = ""
        if len(rows) == 1:
            why = model.why(rows[0])
            text = details(model.item(rows[0]), model.state(rows[0]), why)
        elif rows:
            states = bytes(model.states[model.rows[row]] for row in rows)
            text = selected({state: states.count(state) for state in State})
        if text != self.details.text():
            self.details.setText(text)
            self.details.setVisible(bool(text))
        set_text_color(self.details, self._theme.color("bad" if why else "muted"))
