"""The runs that were opened or saved last, in a menu. In the GUI thread; whether they are still there, a thread looks.

A file on a disk that sleeps, or on a network that has gone, would hold up the window for seconds.
"""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from gui.controllers.background import Asker

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QMenu

    from gui.process.preferences import Preferences

MAX_RECENT = 8
KEPT = "recent_runs"


class RecentRuns(QObject):
    """Keeps their paths, and fills a menu with those that are there.

    Signals:
        chosen: the path of a run that is to be opened.
    """

    chosen = Signal(object)

    def __init__(self, menu: QMenu, preferences: Preferences) -> None:
        super().__init__(menu)
        self._menu, self._preferences = menu, preferences
        self._asker = Asker("recent runs", self)
        self._asker.answered.connect(self._leave_out)

    @property
    def paths(self) -> list[Path]:
        """The newest first; none where what was kept cannot be read."""
        try:
            kept = json.loads(self._preferences.read(KEPT, "[]"))
        except ValueError:
            return []
        return [Path(one) for one in kept if isinstance(one, str)] if isinstance(kept, list) else []

    def note(self, path: Path) -> None:
        """A run was opened from this file, or saved there."""
        path = path.absolute()
        self._keep([path, *(other for other in self.paths if other != path)])

    @Slot()
    def look(self) -> None:
        """Fill the menu, and find out which are still there; those that are not leave it."""
        self._fill()
        self._asker.ask(partial(_missing, self.paths))

    @Slot(object)
    def _leave_out(self, missing: object) -> None:
        if isinstance(missing, set) and missing:
            self._keep([path for path in self.paths if path not in missing])
            self._fill()

    def _keep(self, paths: Sequence[Path]) -> None:
        self._preferences.write(KEPT, json.dumps([str(path) for path in paths[:MAX_RECENT]]))

    def _fill(self) -> None:
        self._menu.clear()
        for number, path in enumerate(self.paths, 1):
            name = path.name.replace("&", "&&")
            action = self._menu.addAction(f"&{number}  {name}")
            action.setToolTip(str(path))
            action.triggered.connect(partial(self._choose, path))
        self._menu.setToolTipsVisible(True)
        self._menu.setEnabled(not self._menu.isEmpty())

    def _choose(self, path: Path, checked: bool = False) -> None:
        self.chosen.emit(path)


def _missing(paths: Sequence[Path]) -> set[Path]:
    """Runs in a thread. A file that cannot be asked for is kept: its disk may be back later."""
    missing = set()
    for path in paths:
        try:
            path.stat()
        except FileNotFoundError:
            missing.add(path)
        except OSError:
            continue
    return missing
