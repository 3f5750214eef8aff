"""What a measurement of the chosen function needs to know: its parameters, calls, workers, politeness. GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from gui.forms.lazy_form import WorkForms
from gui.forms.project_python import ProjectPython
from gui.forms.run_options import RunOptions
from gui.widgets.fields import Grid, IntBox
from gui.widgets.fold import Fold
from gui.widgets.panels import fill
from workers.benchmark.choice import WORKERS
from workers.engine.plan import MAX_WORKERS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from workers.catalog.entry import Entry

MAX_CALLS = 1_000_000


class OwnSettings(QScrollArea):
    """As high as its fields, and it scrolls where there is too little room.

    Attributes:
        calls: how many calls each run has; 0 for as many as suit.
        workers: how many of them at once.
        options: seed, switch interval and politeness.
        python: the Python of the project that the file is in.
        more: what folds away.

    Signals:
        changed: another value.
        form_made: there are more fields.
    """

    changed = Signal()
    form_made = Signal()

    def __init__(self) -> None:
        super().__init__(widgetResizable=True)
        self._path: Path | None = None
        self.calls = IntBox(0, MAX_CALLS, 0)
        self.calls.setSpecialValueText("auto")
        self.workers = IntBox(1, MAX_WORKERS, WORKERS)
        self.options = RunOptions()
        self.python = ProjectPython()
        needed, details = QVBoxLayout(), QVBoxLayout()
        self._forms = WorkForms(needed, details)
        calls, workers = Grid(), Grid()
        about = "How many calls each run has, 1 to 1,000,000; auto: as many as take about 2.5 s"
        calls.add_row("Calls in each run", self.calls, about)
        workers.add_row("Workers", self.workers, f"How many calls run at once, 1 to {MAX_WORKERS}")
        self.more = Fold("More", details, workers, self.options)
        self._inner = inner = QWidget()
        fill(QVBoxLayout(inner), needed, calls, self.python, self.more, spacing=6)
        self.setWidget(inner)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        for ground in (self.viewport(), inner):  # the panel's goes through
            ground.setAutoFillBackground(False)
        for change in (
            self.calls.valueChanged,
            self.workers.valueChanged,
            self.options.changed,
            self.python.changed,
        ):
            change.connect(self.changed)
        self._forms.changed.connect(self.changed)
        self._forms.made.connect(self.form_made)

    def show_function(self, entry: Entry, python: str = "") -> None:
        """Show the parameters of a function; one that has changed keeps the values of those that are the same.

        Args:
            entry: the function's.
            python: what was chosen as the Python of its project, as it was written.
        """
        if entry.path != self._path:
            self._path = entry.path
            self._forms.clear()
        self.python.show_file(entry.path, python)
        self._forms.take_up(entry)
        self._forms.show(entry)
        self.options.show_seed(entry.own is None or "seed" in entry.own.given)

    def params(self) -> tuple[tuple[str, Any], ...]:
        """Of the function that is shown."""
        shown = self._forms.shown
        return tuple(shown.values().items()) if shown is not None else ()

    @property
    def kept(self) -> dict[str, Any]:
        """What lasts from one start to the next."""
        return {**self.options.values(), "workers": self.workers.value(), "more": self.more.is_open}

    def recall(self, kept: Mapping[str, Any]) -> None:
        """Take up what `kept` once was."""
        self.options.recall(kept)
        if isinstance(kept.get("workers"), int):
            self.workers.setValue(kept["workers"])
        self.more.set_open(kept.get("more") is True)

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().event(event)

    def sizeHint(self) -> QSize:
        return self._inner.sizeHint()

    def minimumSizeHint(self) -> QSize:
        """Nothing is cut off at the side, also once all is open and there is a bar to scroll."""
        shown = self._forms.shown
        parts = self._inner, self.options, *(shown.parts if shown is not None else ())
        wide = (
            max(part.minimumSizeHint().width() for part in parts) + self.verticalScrollBar().sizeHint().width()
        )
        return QSize(wide, super().minimumSizeHint().height())
