"""What a benchmark is to measure: lists of runners and of workloads to check, workers, repetitions. In the GUI thread.

It starts nothing itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
)

from gui.forms.run_options import RunOptions
from gui.widgets.benchmark_page import StartPanel
from gui.widgets.fields import Grid, IntBox, section
from gui.widgets.fold import Fold
from gui.widgets.panels import fill, order_tabs
from workers.benchmark.choice import MAX_REPEAT, Choice, default_choice
from workers.benchmark.results import BETWEEN_S
from workers.benchmark.sizes import CELL_S
from workers.catalog.compatibility import refusal
from workers.engine.plan import BLOCKING, MAX_WORKERS
from workers.utils.errors import BadInput
from workers.utils.formatting import about, plural

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gui.controllers.catalog import Catalog
    from gui.theme.theme import Theme
    from workers.catalog.entry import Entry

BESIDE_NAME = 40
"""Pixels for a check box and a scroll bar."""

ALWAYS = "The GUI thread is always measured: what the others are compared with"


class BenchmarkChoice(StartPanel):
    """The form, its button, and how far the benchmark is.

    Attributes:
        runners: a list with a check box for each; the GUI thread is always checked.
        workloads: likewise.
        workers: the numbers of workers as a text: "1, 2, 4, 8".
        repeat: how many times each combination runs.
        options: seed, switch interval and politeness of all runs.
        more: what folds away.
    """

    WIDTH = 500

    def __init__(self, theme: Theme, catalog: Catalog) -> None:
        super().__init__(theme, "Progress of the benchmark")
        self._catalog = catalog
        runners, workloads = catalog.runners, catalog.workloads
        usual = default_choice(runners, workloads)
        self.runners = _checklist("Runners of the benchmark", runners, usual.runners)
        self.workloads = _checklist("Workloads of the benchmark", workloads, usual.workloads)
        self.workers = QLineEdit(", ".join(map(str, usual.workers)))
        self.repeat = IntBox(1, MAX_REPEAT, usual.repeat)
        self.options = RunOptions()
        self.more = Fold("More", self.options)
        self.fields = (self.runners, self.workloads, self.workers, self.repeat, self.options)
        self._lay_out()
        catalog.added.connect(self.add_workload)
        catalog.removed.connect(self.remove_workload)
        for changed in (self.runners.itemChanged, self.workloads.itemChanged, self.workers.textChanged):
            changed.connect(self.show_plan)
        self.repeat.valueChanged.connect(self.show_plan)
        self.restyle()
        self.show_plan()

    def _lay_out(self) -> None:
        titled = (("Runners", self.runners), ("Workloads", self.workloads))
        columns = [fill(QVBoxLayout(), section(title), (box, 1), spacing=4) for title, box in titled]
        self._lists = fill(QHBoxLayout(), *columns, spacing=8)
        grid = Grid()
        about = "How many tasks at once, each number in turn: with commas between them"
        grid.add_row("Workers", self.workers, about)
        about = "How many times each combination runs; the figures are the medians of these"
        grid.add_row("Repetitions", self.repeat, about)
        parts = (self._lists, 1), grid, self.more, self.note, self.bar, self.button
        fill(QVBoxLayout(self), *parts, margins=(12, 4, 12, 8), spacing=6)
        order_tabs(self)

    # ---------------------------------------------------------------- what is chosen

    def choice(self) -> Choice:
        """What is chosen.

        Raises:
            BadInput: it means nothing that can be done, with a sentence.
        """
        runners = tuple(name for name in _checked(self.runners) if name != BLOCKING)
        workloads = _checked(self.workloads)
        if not runners:
            raise BadInput("Tick a runner to compare with the GUI thread.")
        if not workloads:
            raise BadInput("Tick a workload.")
        return Choice(runners, workloads, self._counts(), self.repeat.value(), **self.options.values())

    def _counts(self) -> tuple[int, ...]:
        texts = [text.strip() for text in self.workers.text().split(",") if text.strip()]
        if not texts or not all(text.isdecimal() and 1 <= int(text) <= MAX_WORKERS for text in texts):
            raise BadInput(f"Workers are numbers from 1 to {MAX_WORKERS} with commas between them: 1, 2, 4.")
        return tuple(sorted({int(text) for text in texts}))

    def show_choice(self, choice: Choice) -> None:
        """Show what is measured though it was chosen elsewhere."""
        for box, names in ((self.runners, (BLOCKING, *choice.runners)), (self.workloads, choice.workloads)):
            for row in range(box.count()):
                item = box.item(row)
                item.setCheckState(_state(item.data(Qt.ItemDataRole.UserRole) in names))
        self.workers.setText(", ".join(map(str, choice.workers)))
        self.repeat.setValue(choice.repeat)
        options = {
            "seed": choice.seed,
            "polite": choice.polite,
            "switch_interval_ms": choice.switch_interval_ms,
        }
        self.options.recall(options)

    def recall(self, kept: Mapping[str, Any]) -> None:
        """Take up what `kept` once was."""
        self.options.recall(kept)
        self.more.set_open(kept.get("more") is True)

    @property
    def kept(self) -> dict[str, Any]:
        """What lasts from one start to the next."""
        return {**self.options.values(), "more": self.more.is_open}

    @Slot(object)
    def add_workload(self, entry: Entry) -> None:
        """Put a function of a person's own into the list of work; one that is there already takes up the new entry."""
        item = self._item_of(entry.name)
        if item is None:
            _add_item(self.workloads, entry, False)
            self.restyle()
        else:
            item.setToolTip(_tip(entry))
        self.show_plan()

    @Slot(str)
    def remove_workload(self, name: str) -> None:
        item = self._item_of(name)
        if item is not None:
            self.workloads.takeItem(self.workloads.row(item))
            self.show_plan()

    def _item_of(self, workload: str) -> QListWidgetItem | None:
        items = (self.workloads.item(row) for row in range(self.workloads.count()))
        return next((item for item in items if item.data(Qt.ItemDataRole.UserRole) == workload), None)

    # ---------------------------------------------------------------- how far it is

    @Slot()
    def show_plan(self) -> None:
        """Say what Start would begin, or why it cannot."""
        self.button.setText("Cancel the benchmark" if self.is_running else "Start the benchmark")
        if self.is_running:
            self.button.setEnabled(True)
            return
        try:
            choice = self.choice()
        except BadInput as problem:
            self.button.setEnabled(False)
            self.say(str(problem))
            return
        cells = sum(self._cells_of(choice, workload) for workload in choice.workloads)
        self.button.setEnabled(self.is_free and cells > 0)
        if not cells:
            self.say("None of these runners can do this work. Point at one to read why.")
            return
        time = about(cells * choice.repeat * (CELL_S + BETWEEN_S))
        times = f", {choice.repeat:,} times each" if choice.repeat > 1 else ""
        self.say(f"{plural(cells, 'combination')}{times}, {time}. Each takes about a second on the GUI thread.")

    def _cells_of(self, choice: Choice, workload: str) -> int:
        work = self._catalog.workloads[workload]
        fitting = [
            name for name in choice.runners if not refusal(self._catalog.runners[name], work, {}, ask=False)
        ]
        return len(fitting) * len(choice.workers) + 1 if fitting else 0

    @Slot()
    def restyle(self) -> None:
        super().restyle()
        self.resize(self.sizeHint().width(), self.height())
        # As high as the check boxes want: by itself a row has the height of its text.
        for at, box in enumerate((self.runners, self.workloads)):
            for row in range(box.count()):
                box.item(row).setSizeHint(QSize(40, max(20, box.fontMetrics().height() + 4)))
            # In proportion to their longest names, so that none is cut where there is room for all.
            texts = (box.item(row).text() for row in range(box.count()))
            self._lists.setStretch(at, max(map(box.fontMetrics().horizontalAdvance, texts)) + BESIDE_NAME)


def _checklist(name: str, entries: Mapping[str, Entry], checked: tuple[str, ...]) -> QListWidget:
    box = QListWidget()
    box.setAccessibleName(name)
    box.setMinimumHeight(48)
    box.setFrameShape(QFrame.Shape.NoFrame)
    box.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    for entry in entries.values():
        _add_item(box, entry, entry.name in checked)
    return box


def _add_item(box: QListWidget, entry: Entry, checked: bool) -> None:
    item = QListWidgetItem(entry.title, box)
    item.setData(Qt.ItemDataRole.UserRole, entry.name)
    always = entry.name == BLOCKING
    is_fixed = bool(entry.missing) or always or "NEEDS_FOLDER" in entry.constants
    on = (checked or always) and not entry.missing
    item.setCheckState(_state(on))
    item.setToolTip(_tip(entry))
    usable = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsSelectable
    item.setFlags(Qt.ItemFlag.NoItemFlags if is_fixed else usable)


def _state(on: bool) -> Qt.CheckState:
    return Qt.CheckState.Checked if on else Qt.CheckState.Unchecked


def _tip(entry: Entry) -> str:
    if entry.name == BLOCKING:
        return ALWAYS
    if entry.missing:
        return f"{entry.title} is not available: it {entry.missing}."
    if "NEEDS_FOLDER" in entry.constants:
        return f"{entry.title}. It needs a folder of yours: run it in the room Live."
    only = entry.constants.get("WHY_ONLY")
    return f"{entry.title}. {only or entry.constants.get('WHEN') or entry.summary}"


def _checked(box: QListWidget) -> tuple[str, ...]:
    """What a person has ticked, or might untick."""
    items = [box.item(row) for row in range(box.count())]
    ticked = [item for item in items if item.checkState() is Qt.CheckState.Checked]
    return tuple(str(item.data(Qt.ItemDataRole.UserRole)) for item in ticked if item.flags())
