"""Says of a function that it can run in processes only, and runs it there. In the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.forms.other_place import OtherPlace
from gui.widgets.fields import note
from gui.widgets.panels import fill
from workers.catalog.compatibility import user_refusal
from workers.engine.plan import DEFAULT_RUNNER, Settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gui.your_function.settings import OwnSettings
    from workers.catalog.entry import Entry


class ClashNote(QWidget):
    """Seen only where the names of a function's modules clash with others in this program.

    Signals:
        run_requested: the Settings of the run in processes that is wanted.
    """

    run_requested = Signal(object)

    def __init__(self, runners: Mapping[str, Entry], settings: OwnSettings) -> None:
        super().__init__()
        self._runners, self._settings = runners, settings
        self._entry: Entry | None = None
        self.sentence, self.button = note(), OtherPlace(runners)
        self.sentence.setForegroundRole(QPalette.ColorRole.WindowText)
        self.button.wanted.connect(self._run)
        fill(QVBoxLayout(self), self.sentence, self.button, spacing=2)
        self.hide()

    def show_function(self, entry: Entry | None) -> None:
        """Say it of this function, where it is so."""
        self._entry, usual = entry, self._runners[DEFAULT_RUNNER]
        self.button.look(usual, entry)
        self.setVisible(not self.button.isHidden())
        if entry is not None and not self.isHidden():
            self.sentence.setText(user_refusal(usual, entry))

    @Slot(str)
    def _run(self, runner: str) -> None:
        entry, said = self._entry, self._settings
        if entry is not None:
            tasks, workers = said.calls.value() or int(entry.constants["TASKS"]), said.workers.value()
            place, params, options = self._runners[runner], said.params(), said.options.values()
            self.run_requested.emit(Settings(place, entry, tasks, workers, params, **options))
