"""What every room that starts runs can say of them: the seed, and how threads share the GIL. In the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QLabel, QVBoxLayout, QWidget

from gui.widgets.fields import MAX_INT, FloatBox, Grid, IntBox, describe
from gui.widgets.panels import fill
from workers.engine.plan import DEFAULT_SWITCH_MS

if TYPE_CHECKING:
    from collections.abc import Mapping

POLITE = (
    "Tasks that hold the GIL run one at a time, 10 ms each, and let the GUI thread go first. "
    "Turn it off to see what threads do to a window without it."
)
SWITCH = "How long a thread may keep the GIL while others want it. Python's own is 5 ms."


class Options(TypedDict):
    """By the names that these have in `Settings` and in a benchmark's `Choice`."""

    seed: int
    polite: bool
    switch_interval_ms: float


class RunOptions(QWidget):
    """Seed, switch interval and politeness.

    Attributes:
        seed: of the work's random numbers.
        polite: whether tasks that hold the GIL take turns.
        switch_interval: how long a thread may keep the GIL while others want it, in ms.
        labels: what says their names, by those of `Options`.

    Signals:
        changed: another value.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.seed = IntBox(1, MAX_INT, 1)
        self.switch_interval = FloatBox(0.05, 100.0, DEFAULT_SWITCH_MS[True], digits=3)
        self.polite = QCheckBox("Polite: take turns for the GIL")
        self.polite.setChecked(True)
        describe(self.polite, "Polite", POLITE)
        grid = Grid()
        self.labels: dict[str, QLabel | QCheckBox] = {
            "seed": grid.add_row("Seed", self.seed, "The same seed makes the same work"),
            "switch_interval_ms": grid.add_row("Switch interval (ms)", self.switch_interval, SWITCH),
            "polite": self.polite,
        }
        fill(QVBoxLayout(self), grid, self.polite, spacing=6)
        for change in (self.seed.valueChanged, self.polite.toggled, self.switch_interval.valueChanged):
            change.connect(self.changed)
        self.polite.toggled.connect(self._suit_switch_interval)

    def show_seed(self, is_shown: bool) -> None:
        """Hide the seed where nothing takes it."""
        for widget in (self.seed, self.labels["seed"]):
            widget.setVisible(is_shown)

    def values(self) -> Options:
        return {
            "seed": self.seed.value(),
            "polite": self.polite.isChecked(),
            "switch_interval_ms": self.switch_interval.value(),
        }

    def set_values(self, values: Options) -> None:
        before = self.values()
        with QSignalBlocker(self):
            self.seed.setValue(values["seed"])
            self.polite.setChecked(values["polite"])
            self.switch_interval.setValue(values["switch_interval_ms"])
        if self.values() != before:
            self.changed.emit()

    def recall(self, kept: Mapping[str, Any]) -> None:
        """Take up what `values` once were; a value that is none any more changes nothing."""
        now = self.values()
        fitting = {name: kept[name] for name, value in now.items() if type(kept.get(name)) is type(value)}
        self.set_values({**now, **fitting})  # type: ignore[typeddict-item]  # each has its own type

    @Slot(bool)
    def _suit_switch_interval(self, polite: bool) -> None:
        self.switch_interval.setValue(DEFAULT_SWITCH_MS[polite])
