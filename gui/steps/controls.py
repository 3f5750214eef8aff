"""What stands above the threads: what is stepped, by which order, and the buttons. In the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QPushButton, QWidget

from gui.widgets.fields import IntBox, Menu, describe, pass_focus
from gui.widgets.panels import fill, pile
from workers.stepping.answer import WITHIN
from workers.stepping.judging import MAX_TASKS, USUAL_TASKS
from workers.stepping.orders import DEFAULT_ORDERS

if TYPE_CHECKING:
    from typing import Any

    from gui.steps.trial import Trial
    from workers.catalog.entry import Entry

FIND = "Find an order that fails"


class Controls(QWidget):
    """Fields and buttons.

    Attributes:
        menu: what is stepped.
        tasks: how often it is called at once.
        schedule: the seed by which threads go on where nobody chooses.
        within: whether they stop within lines, too.
        place: how far one has come.
    """

    def __init__(self) -> None:
        super().__init__()
        self.menu = describe(Menu(), "What is stepped", "A version of a lab, or a function of yours")
        self.tasks = describe(IntBox(1, 8, 2), "Tasks", "How often it is called at once, each time in a thread")
        self.schedule = describe(IntBox(1, 1_000_000, 1), "Schedule", "Another number is another order")
        self.within = describe(QCheckBox("Within lines"), "Stop within lines, before each instruction", WITHIN)
        self.back, self.forward, self.run_on = (QPushButton(text) for text in ("Back", "Next", "Run on"))
        self.seek, self.share = QPushButton(FIND), QPushButton("Share")
        describe(self.back, "Go back by a step", "The order is the same each time, so one can go back in it")
        describe(self.forward, "Make the next step of the order")
        describe(self.run_on, "Run on by the schedule", "To the end, in the order that the schedule chooses")
        describe(self.share, "Copy the command line that makes this order again")
        describe(self.seek, FIND, f"Tries up to {DEFAULT_ORDERS} orders, and shows the shortest that fails")
        self.place = QLabel()
        above = (QLabel("Tasks"), self.tasks, QLabel("Schedule"), self.schedule, self.within)
        below = (self.back, self.forward, self.run_on, self.seek, self.share, 6, self.place, None)
        pile(
            self,
            fill(QHBoxLayout(), (self.menu, 1), *above, margins=(12, 8, 12, 4), spacing=8),
            fill(QHBoxLayout(), *below, margins=(12, 0, 12, 6), spacing=6),
        )

    def offer(self, entries: dict[str, Entry]) -> None:
        """Fill the menu, and choose the same as before."""
        chosen = str(self.menu.currentData() or "")
        self.menu.clear()
        for name, entry in entries.items():
            self.menu.add(name, entry.title, entry.missing)
        self.menu.choose_first(chosen)

    def show_tasks(self, entry: Entry | None) -> None:
        """As many tasks as a file says, but few."""
        if entry is not None:
            said = int(entry.constants.get("TASKS", USUAL_TASKS))
            self.show_count(said if said <= MAX_TASKS else USUAL_TASKS)

    def show_count(self, tasks: int) -> None:
        """Show how many tasks there are; nobody has chosen that."""
        with QSignalBlocker(self.tasks):
            self.tasks.setValue(tasks)

    def show_order(self, params: dict[str, Any]) -> None:
        """Show by which schedule threads go on, and whether they stop within lines, where a run's parameters say so."""
        with QSignalBlocker(self.schedule):
            self.schedule.setValue(params.get("schedule", self.schedule.value()))
        self.within.setChecked(params.get("opcodes", self.within.isChecked()))

    def show_state(self, trial: Trial, *, may: bool, rest: QWidget) -> None:
        """Offer what can be done; while an order is played for a moment nothing changes, or the keys would go astray.

        Args:
            trial: what is played.
            may: whether anything can be done.
            rest: gets the keys where the button that has them can do nothing any more.
        """
        may = may and not trial.is_seeking
        has_more = trial.next_thread is not None
        able = {
            self.forward: may and (has_more or trial.played is None),
            self.run_on: may and has_more,
            self.back: may and trial.can_go_back,
            self.share: may and trial.at > 0,
        }
        pass_focus(rest, *(button for button, can in able.items() if not can))
        for button, can in able.items():
            button.setEnabled(can)
        self.seek.setEnabled(may or trial.is_seeking)
        self.seek.setText("Stop" if trial.is_seeking else FIND)
        for field in (self.menu, self.tasks, self.schedule, self.within):
            field.setEnabled(not trial.is_seeking)
