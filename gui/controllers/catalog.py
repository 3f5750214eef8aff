"""What there is to run, for everybody in the program: one place where a person's own function comes in and goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from workers.catalog import labs, lookup
from workers.catalog.entry import unknown

if TYPE_CHECKING:
    from workers.catalog.entry import Entry
    from workers.engine.plan import Settings


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

    def __init__(
        self, runners: dict[str, Entry] | None = None, workloads: dict[str, Entry] | None = None
    ) -> None:
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

    def runner(self, name: str) -> Entry:
        """A runner's entry; of one that a file names and that is not here, one that says so."""
        return self.runners.get(name) or unknown(name)

    def workload(self, name: str) -> Entry:
        """A workload's entry, likewise; a lab's too, which is in no menu before it is chosen."""
        return self.workloads.get(name) or labs.versions().get(name) or unknown(name)

    def current(self, settings: Settings) -> Settings:
        """The settings of a run from a file, or of some time ago, with the entries that are here now."""
        runner, workload = self.runner(settings.runner), self.workload(settings.workload)
        return settings._replace(runner_entry=runner, workload_entry=workload)

    def runner_title(self, name: str) -> str:
        """What people call a runner; one of a file that is not known here, by its name."""
        return self.runner(name).title

    def workload_title(self, name: str) -> str:
        """What people call a workload; one of a file that is not known here, by its name."""
        return self.workload(name).title
