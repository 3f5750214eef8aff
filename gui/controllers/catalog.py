"""What there is to run, for everybody in the program: one place where a person's own function comes in and goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from workers.catalog import lookup
from workers.catalog.user_names import title

if TYPE_CHECKING:
    from workers.catalog.entry import Entry


class Catalog(QObject):
    """Every runner and workload by its name.

    Attributes:
        runners: in the order of a menu.
        workloads: likewise; at the end the functions of a person's own that were added.

    Signals:
        added: the Entry of a function that is there now, or is another one than before.
        removed: the name of one that is not there any more.
    """

    added = Signal(object)
    removed = Signal(str)

    def __init__(self, runners: dict[str, Entry] | None = None, workloads: dict[str, Entry] | None = None) -> None:
        super().__init__()
        self.runners = lookup.runners() if runners is None else runners
        self.workloads = lookup.workloads() if workloads is None else workloads

    @Slot(object)
    def add(self, entry: Entry) -> None:
        """Take in a function of a person's own; the same again is no news."""
        if self.workloads.get(entry.name) != entry:
            self.workloads[entry.name] = entry
            self.added.emit(entry)

    @Slot(str)
    def remove(self, name: str) -> None:
        """Forget a function of a person's own; Thaw's own workloads stay."""
        entry = self.workloads.get(name)
        if entry is not None and entry.own is not None:
            del self.workloads[name]
            self.removed.emit(name)

    def runner_title(self, name: str) -> str:
        """What people call a runner; one of a file that is not known here, by its name."""
        return self.runners[name].title if name in self.runners else name

    def workload_title(self, name: str) -> str:
        """What people call a workload; one of a file that is not known here, by its name."""
        return self.workloads[name].title if name in self.workloads else title(name)
