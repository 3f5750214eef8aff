"""The freeze cards of one run, the longest freeze first. In the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.freezes.card import FreezeCard, separator
from gui.freezes.into_view import IntoView
from gui.widgets.empty_state import EmptyState
from gui.widgets.fields import note
from gui.widgets.panels import fill, order_tabs, pile, scroll_down, stack
from workers.monitors.freeze import CARD_OVER_S
from workers.reports.freeze_words import groups
from workers.reports.verdict import window_words
from workers.utils import formatting

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from PySide6.QtGui import QShowEvent

    from gui.runs.model import RunRow
    from gui.theme.theme import Theme
    from workers.catalog.entry import Entry
    from workers.engine.plan import Settings
    from workers.engine.run import Run
    from workers.monitors.freeze import Freeze
    from workers.reports.freeze_advice import FreezeAdvice
    from workers.reports.freeze_words import Group

MAX_CARDS = 20
AT_ONCE = 4
"""More cards follow in the next rounds of the event loop: to make twenty in one would take longer than a frame."""

LONG = formatting.milliseconds(CARD_OVER_S * 1e3)
NOTHING_YET = (
    "Why the window froze",
    f"Each time that the window stood still for over {LONG} gets a card: how long, the guilty line, what it did, "
    "and where the work would run better.",
)


class FreezeList(QWidget):
    """Cards for the run that is selected; they are made when they can be seen.

    Attributes:
        cards: those that are shown.

    Signals:
        run_again: a run is to be made with these settings.
        said: a sentence on why a line could not be opened.
        export_requested: the pieces of a file, and its path.
    """

    run_again = Signal(object)
    said = Signal(str)
    export_requested = Signal(object, object)

    def __init__(
        self,
        theme: Theme,
        workloads: Mapping[str, Entry],
        advise: Callable[[Freeze, Settings], FreezeAdvice],
    ) -> None:
        super().__init__()
        self._theme, self._workloads, self._advise = theme, workloads, advise
        self._row: RunRow | None = None
        self._is_due = False
        self.cards: list[FreezeCard] = []
        self._waiting: list[Group] = []
        self._moment: float | None = None
        self._column = QVBoxLayout()
        self._next = QTimer(self, singleShot=True, interval=0)
        self._next.timeout.connect(self._add_more)
        self._empty = EmptyState(theme, *NOTHING_YET)
        self._scroll = scroll_down()
        self._scroll.setAccessibleName("Freezes of the selected run")
        self._view = IntoView(self._scroll)
        self._stack = stack(self._empty, self._scroll)
        pile(self, self._stack)
        theme.changed.connect(self.restyle)

    def show_row(self, row: RunRow | None) -> None:
        if row is not self._row:
            self._row, self._moment, self._is_due = row, None, True
            self._catch_up()

    def show_freeze(self, moment: float) -> None:
        """Mark the card of the freeze at a moment of the run that is shown (`time.perf_counter`), as the first one."""
        self._moment, self._is_due = moment, True
        self._catch_up()
        self._scroll.setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        self._catch_up()

    def _catch_up(self) -> None:
        if not self._is_due or not self.isVisible():
            return
        self._is_due = False
        self.cards, self._waiting = [], []
        self._view.forget()
        row = self._row
        if row is None or not row.side.run.freezes:
            self._empty.say(*(NOTHING_YET if row is None else no_cards_texts(row.side.run)))
            self._stack.setCurrentWidget(self._empty)
            self._scroll.setWidget(QWidget())  # the cards of the run before are of no use any more
            return
        found = groups(row.side.run.freezes)
        found.sort(key=lambda group: not group.was_at(self._moment))
        self._waiting = found[:MAX_CARDS]
        head = head_text(row, self._waiting, found[0].was_at(self._moment))
        whole = QWidget()
        whole.setBackgroundRole(QPalette.ColorRole.Base)
        self._column = fill(QVBoxLayout(whole), _sentence(head, above=8))
        self._add_some()
        if rest := found[MAX_CARDS:]:
            count = sum(len(group.freezes) for group in rest)
            longest = formatting.seconds(rest[0].longest.lag_s)
            more = f"And {count:,} more, none of them longer than {longest}."
            self._column.addWidget(_sentence(more, below=12))
        self._column.addStretch(1)
        self._scroll.setWidget(whole)
        order_tabs(self._scroll, whole)  # in a window at last
        self._scroll.verticalScrollBar().setValue(0)
        self._stack.setCurrentWidget(self._scroll)

    @Slot()
    def _add_more(self) -> None:
        self._add_some()
        order_tabs(self._scroll, self._column)

    def _add_some(self) -> None:
        """Add some cards below those that are there, and the next ones a little later."""
        row = self._row
        if row is None or not self._waiting:
            return
        run = row.side.run
        known = run.settings.workload in self._workloads
        obstacle = "" if known else f"There is no workload named {run.settings.workload} here."
        for group in self._waiting[:AT_ONCE]:
            advised = self._advise(group.longest, run.settings)
            card = FreezeCard(self._theme, group, run, advised, obstacle)
            card.is_marked = group.was_at(self._moment)
            card.run_again.connect(self.run_again)
            card.said.connect(self.said)
            card.export_requested.connect(self.export_requested)
            card.unfolded.connect(self._view.bring)
            # Below the sentence at the top stand a card and a line in turns.
            self._column.insertWidget(1 + 2 * len(self.cards), card)
            self._column.insertWidget(2 + 2 * len(self.cards), separator())
            self.cards.append(card)
        del self._waiting[:AT_ONCE]
        if self._waiting:
            self._next.start()

    @Slot()
    def restyle(self) -> None:
        for card in self.cards:
            card.restyle()


def _sentence(text: str, above: int = 4, below: int = 0) -> QWidget:
    label = note()
    label.setContentsMargins(12, above, 12, below)
    label.setText(text)
    return label


def head_text(row: RunRow, shown: Sequence[Group], is_asked_for: bool) -> str:
    """What the window did in a run, in the words of its verdict, and which of it has cards.

    Args:
        row: the run.
        shown: what has a card, each.
        is_asked_for: whether the first of them stands there because a person asked for it.
    """
    run = row.side.run
    did = window_words(run)
    where = run.settings.runner_entry.where
    return f"Run {row.number} {where}: {did}{'. ' if did else ''}{_cards_text(len(run.freezes), shown, is_asked_for)}"


def _cards_text(count: int, shown: Sequence[Group], is_asked_for: bool) -> str:
    if count == 1:
        return f"Below is the one time over {LONG}."
    told = sum(len(group.freezes) for group in shown)
    which = f"{told:,} of the {count:,}" if told < count else f"the {count:,}"
    alike = ", alike ones in one card" if len(shown) < told else ""
    order = "" if len(shown) == 1 else ", the longest first"
    if order and is_asked_for:
        order = ", first what was asked for, then the longest"
    return f"Below are {which} times over {LONG}{alike}{order}."


def no_cards_texts(run: Run) -> tuple[str, str]:
    """Why a run has no cards: a title and a sentence."""
    lag = run.lag
    if lag is None:
        return (
            "The lag of this run was not measured",
            "It was made without a window, so there was nothing to freeze.",
        )
    did = window_words(run, "The window")
    if lag.max <= CARD_OVER_S * 1e3:
        return (
            "The window never froze in this run",
            f"{did}. What lasts for over {LONG} gets a card.",
        )
    return did, "Nobody watched what it did meanwhile."
