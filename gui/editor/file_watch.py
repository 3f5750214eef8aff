"""Tells that a file is another one than before, whoever changed it. In the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal, Slot

if TYPE_CHECKING:
    from pathlib import Path

SETTLE_MS = 150
"""An editor writes a file in some steps: it is looked at when they are over."""


class FileWatch(QObject):
    """Watches one file.

    Attributes:
        path: the file; None while none is watched.

    Signals:
        changed: it holds something else, has gone, or is there again.
    """

    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.path: Path | None = None
        self._watcher = QFileSystemWatcher(self)
        self._watcher.fileChanged.connect(self._look_soon)
        self._watcher.directoryChanged.connect(self._look_soon)
        self._soon = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._soon.timeout.connect(self.look)
        self._state: tuple[int, ...] = ()

    def watch(self, path: Path) -> None:
        """Watch this file in place of another; to be called before it is read."""
        self.close()
        self.path = path
        # The folder too: many editors write another file and put it in the place of this one.
        self._watcher.addPath(str(path.parent))
        self._note()

    def close(self) -> None:
        self._soon.stop()
        self.path = None
        watched = [*self._watcher.files(), *self._watcher.directories()]
        if watched:
            self._watcher.removePaths(watched)

    @Slot()
    def look(self) -> None:
        """See at once whether it has changed."""
        if self.path is not None and _state_of(self.path) != self._state:
            self._note()
            self.changed.emit()

    @Slot()
    def _look_soon(self) -> None:
        self._soon.start()

    def _note(self) -> None:
        assert self.path is not None
        self._state = _state_of(self.path)
        # One that took its place is not watched yet.
        if self._state and str(self.path) not in self._watcher.files():
            self._watcher.addPath(str(self.path))


def _state_of(path: Path) -> tuple[int, ...]:
    try:
        found = path.stat()
    except OSError:
        return ()
    return found.st_mtime_ns, found.st_size, found.st_ino
