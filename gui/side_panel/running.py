"""What runs now, above the buttons: the panel shows what would run next. In the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.widgets.fields import describe, note
from gui.widgets.panels import fill

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtWidgets import QCheckBox, QLabel

    from workers.engine.plan import Settings

MARK = "• "
FOR_NEXT = f"{MARK}changed, for the next run"


class RunningNote(QWidget):
    """Names the run that goes on, and marks what a person has changed since it began; hidden while nothing runs."""

    def __init__(self) -> None:
        super().__init__()
        self.text, self.legend = describe(note(), "Running"), note(FOR_NEXT)
        self.text.setForegroundRole(QPalette.ColorRole.WindowText)
        fill(QVBoxLayout(self), self.text, self.legend, margins=(12, 6, 12, 0), spacing=2)
        self._what = ""
        self._chosen: dict[str, Any] = {}
        self.hide()

    @property
    def is_on(self) -> bool:
        return not self.isHidden()

    def begin(self, settings: Settings, chosen: Settings) -> None:
        """A run begins, with these settings; `chosen` are those that the panel shows."""
        self._what = f"{settings.workload_entry.title} {settings.runner_entry.where}"
        self.set_paused(False)
        if not self.is_on:  # else it is the second one of a comparison, which was chosen with the first
            self._chosen = _by_name(chosen)
            self.legend.hide()
        self.show()

    def set_paused(self, is_paused: bool) -> None:
        self.text.setText(f"{'Paused' if is_paused else 'Running'}: {self._what}")

    def mark(self, chosen: Settings, labels: Mapping[str, QLabel | QCheckBox]) -> None:
        """Mark those of the labels whose settings are others than at the begin."""
        changed = {name for name, value in _by_name(chosen).items() if self._chosen.get(name) != value}
        for name, label in labels.items():
            text = label.text().removeprefix(MARK)
            label.setText(f"{MARK}{text}" if name in changed else text)
        self.legend.setVisible(bool(changed))

    def end(self, labels: Mapping[str, QLabel | QCheckBox]) -> None:
        for label in labels.values():
            label.setText(label.text().removeprefix(MARK))
        self.hide()


def _by_name(settings: Settings) -> dict[str, Any]:
    plain = settings.plain()
    return {**plain, **plain.pop("params")}
