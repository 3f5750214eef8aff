"""The button that runs a function in processes, where its modules' names clash with ours. In the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QPushButton

from gui.widgets.fields import describe, named
from workers.catalog.compatibility import other_place

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workers.catalog.entry import Entry


class OtherPlace(QPushButton):
    """Seen where it helps only.

    Signals:
        wanted: the name of the runner that it was pressed for.
    """

    wanted = Signal(str)

    def __init__(self, runners: Mapping[str, Entry]) -> None:
        super().__init__("Run it in processes")
        named(self, "link")
        describe(self, self.text(), "Run it where the names of your modules are your own")
        self._runners, self._able = runners, ""
        self.clicked.connect(self._want)
        self.hide()

    def look(self, runner: Entry | None, workload: Entry | None) -> None:
        """Show it where this function needs another place than this one."""
        self._able = other_place(runner, workload, self._runners) if runner and workload else ""
        self.setVisible(bool(self._able))

    @Slot()
    def _want(self) -> None:
        self.wanted.emit(self._able)
