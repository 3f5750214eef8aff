"""What a benchmark is to measure: lists of runners and of workloads to check, workers, repetitions. In the GUI thread.

It starts nothing itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gui.widgets.fields import IntBox, describe, named, note, section
from workers.benchmark.matrix import CELL_S, MAX_REPEAT, Choice, default_choice
from workers.benchmark.results import BETWEEN_S
from workers.catalog.compatibility import refusal
from workers.engine.plan import BLOCKING, MAX_WORKERS
from workers.utils.errors import BadInput
from workers.utils.formatting import seconds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gui.controllers.catalog import Catalog
    from gui.theme.theme import Theme
    from workers.catalog.entry import Entry

WIDTH = 376
"""Of the panel, in pixels at a text scale of 1."""

STEPS = 1000
ALWAYS = "The GUI thread is always measured: what the others are compared with"


class BenchmarkChoice(QWidget):
    """The form, its button, and how far the benchmark is.

    Attributes:
        runners: a list with a check box for each; the GUI thread is always checked.
        workloads: likewise.
        workers: the numbers of workers as a text: "1, 2, 4, 8".
        repeat: how many times each cell runs.
        button: starts a benchmark, or cancels the one that runs.
        bar: how far it is.

    Signals:
        start_requested: the button was pressed while nothing ran.
        cancel_requested: it was pressed while a benchmark ran.
    """

    start_requested = Signal()
    cancel_requested = Signal()

    def __init__(self, theme: Theme, catalog: Catalog) -> None:
        super().__init__()
        self._theme, self._catalog = theme, catalog
        runners, workloads = catalog.runners, catalog.workloads
        self._is_running, self._is_free = False, True
        usual = default_choice(runners, workloads)
        self.runners = _checklist("Runners of the benchmark", runners, usual.runners)
        self.workloads = _checklist("Workloads of the benchmark", workloads, usual.workloads)
        self.workers = QLineEdit(", ".join(map(str, usual.workers)))
        describe(self.workers, "Workers", "How many tasks at once, each number in turn: with commas between them")
        self.repeat = IntBox(1, MAX_REPEAT, usual.repeat)
        describe(self.repeat, "Repetitions", "How many times each cell runs; the figures are the medians of these")
        self.button = named(QPushButton(), "primary")
        self.button.clicked.connect(self._press)
        self.bar = QProgressBar(maximum=STEPS, textVisible=False)
        self.bar.setFixedHeight(8)
        self.bar.setAccessibleName("Progress of the benchmark")
        self._note = note()
        self._lay_out()
        catalog.added.connect(self.add_workload)
        catalog.removed.connect(self.remove_workload)
        for changed in (self.runners.itemChanged, self.workloads.itemChanged, self.workers.textChanged):
            changed.connect(self._show_plan)
        self.repeat.valueChanged.connect(self._show_plan)
        theme.changed.connect(self._dress)
        self._dress()
        self._show_plan()

    def _lay_out(self) -> None:
        lists = QGridLayout()
        lists.setContentsMargins(0, 0, 0, 0)
        lists.setHorizontalSpacing(8)
        lists.setVerticalSpacing(4)
        for at, (title, box) in enumerate((("Runners", self.runners), ("Work", self.workloads))):
            lists.addWidget(section(title), 0, at)
            lists.addWidget(box, 1, at)
            lists.setColumnStretch(at, 1)
        row = QHBoxLayout()
        row.setSpacing(8)
        for text, field in (("Workers", self.workers), ("Repeat", self.repeat)):
            label = QLabel(text)
            label.setBuddy(field)
            row.addWidget(label)
            row.addWidget(field, 1 if field is self.workers else 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 4, 12, 8)
        column.setSpacing(6)
        column.addLayout(lists, 1)
        column.addLayout(row)
        column.addWidget(self._note)
        column.addWidget(self.bar)
        column.addWidget(self.button)

    # ---------------------------------------------------------------- what is chosen

    def choice(self) -> Choice:
        """What is chosen.

        Raises:
            BadInput: it means nothing that can be done, with a sentence.
        """
        runners = tuple(name for name in _checked(self.runners) if name != BLOCKING)
        workloads = _checked(self.workloads)
        if not runners:
            raise BadInput("Check a runner to compare with the GUI thread.")
        if not workloads:
            raise BadInput("Check a kind of work.")
        return Choice(runners, workloads, self._counts(), self.repeat.value())

    def _counts(self) -> tuple[int, ...]:
        texts = [text.strip() for text in self.workers.text().split(",") if text.strip()]
        if not texts or not all(text.isdecimal() and 1 <= int(text) <= MAX_WORKERS for text in texts):
            raise BadInput(f"Workers are numbers from 1 to {MAX_WORKERS} with commas between them: 1, 2, 4.")
        return tuple(sorted({int(text) for text in texts}))

    @Slot(object)
    def add_workload(self, entry: Entry) -> None:
        """Put a function of a person's own into the list of work; one that is there already takes up the new entry."""
        item = self._item_of(entry.name)
        if item is None:
            _add_item(self.workloads, entry, False)
            self._dress()
        else:
            item.setToolTip(_tip(entry))
        self._show_plan()

    @Slot(str)
    def remove_workload(self, name: str) -> None:
        item = self._item_of(name)
        if item is not None:
            self.workloads.takeItem(self.workloads.row(item))
            self._show_plan()

    def _item_of(self, workload: str) -> QListWidgetItem | None:
        items = (self.workloads.item(row) for row in range(self.workloads.count()))
        return next((item for item in items if item.data(Qt.ItemDataRole.UserRole) == workload), None)

    # ---------------------------------------------------------------- how far it is

    @property
    def is_running(self) -> bool:
        """Whether the fields rest, as `set_running` said."""
        return self._is_running

    def set_free(self, is_free: bool) -> None:
        """Say whether a benchmark may start: not while a run is going on."""
        self._is_free = is_free
        self._show_plan()

    def set_running(self, is_running: bool) -> None:
        """Let the fields rest while a benchmark runs."""
        self._is_running = is_running
        for field in (self.runners, self.workloads, self.workers, self.repeat):
            field.setEnabled(not is_running)
        self.bar.setValue(0)
        self._show_plan()

    def show_progress(self, done: int, count: int, words: str) -> None:
        self.bar.setValue(done * STEPS // max(1, count))
        self._say(words)

    @Slot()
    def _press(self) -> None:
        (self.cancel_requested if self._is_running else self.start_requested).emit()

    @Slot()
    def _show_plan(self) -> None:
        """Say what Start would begin, or why it cannot."""
        self.button.setText("Cancel the benchmark" if self._is_running else "Start the benchmark")
        if self._is_running:
            self.button.setEnabled(True)
            return
        try:
            choice = self.choice()
        except BadInput as problem:
            self.button.setEnabled(False)
            self._say(str(problem))
            return
        cells = sum(self._cells_of(choice, workload) for workload in choice.workloads)
        self.button.setEnabled(self._is_free and cells > 0)
        if not cells:
            self._say("None of these runners can do this work: point at one to read why.")
            return
        time = seconds(cells * choice.repeat * (CELL_S + BETWEEN_S))
        times = f", {choice.repeat:,} times each" if choice.repeat > 1 else ""
        self._say(f"{cells:,} cells{times}, about {time}. Each is a second of work for the GUI thread.")

    def _cells_of(self, choice: Choice, workload: str) -> int:
        work = self._catalog.workloads[workload]
        fitting = [name for name in choice.runners if not refusal(self._catalog.runners[name], work, {}, ask=False)]
        return len(fitting) * len(choice.workers) + 1 if fitting else 0

    def _say(self, words: str) -> None:
        self._note.setText(words)
        self._note.setToolTip(words)

    @Slot()
    def _dress(self) -> None:
        scale = min(self._theme.text_scale, 1.4)
        self.setMinimumWidth(round(240 * scale))
        self.resize(round(WIDTH * scale), self.height())
        # As high as the check boxes want: by itself a row has the height of its text.
        for box in (self.runners, self.workloads):
            for row in range(box.count()):
                box.item(row).setSizeHint(QSize(40, max(20, box.fontMetrics().height() + 4)))
        # Two lines, whatever is said: else the lists above would change their size.
        self._note.setFixedHeight(2 * self._note.fontMetrics().lineSpacing() + 2)

    def sizeHint(self) -> QSize:
        return QSize(round(WIDTH * min(self._theme.text_scale, 1.4)), 260)


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
    on = (checked or always) and not entry.missing
    item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)
    item.setToolTip(_tip(entry))
    usable = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsSelectable
    item.setFlags(Qt.ItemFlag.NoItemFlags if entry.missing or always else usable)


def _tip(entry: Entry) -> str:
    if entry.name == BLOCKING:
        return ALWAYS
    if entry.missing:
        return f"{entry.title} is not available: it {entry.missing}."
    only = entry.constants.get("WHY_ONLY")
    return f"{entry.title}. {only or entry.constants.get('WHEN') or entry.summary}"


def _checked(box: QListWidget) -> tuple[str, ...]:
    items = [box.item(row) for row in range(box.count())]
    return tuple(
        str(item.data(Qt.ItemDataRole.UserRole)) for item in items if item.checkState() is Qt.CheckState.Checked
    )
