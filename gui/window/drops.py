"""What somebody drops on the window, and who takes it: runs, addresses, code, folders. In the GUI thread."""

from __future__ import annotations

import os
from contextlib import suppress
from enum import Enum
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtCore import QMimeData

    from gui.controllers.catalog import Catalog
    from gui.side_panel.panel import Controls
    from gui.window.announcer import Announcer
    from gui.window.file_actions import FileActions
    from gui.window.pages import Pages
    from workers.catalog.entry import Entry

RUN, CODE = ".thaw", frozenset({".py", ".pyw"})
PICTURES = frozenset({".jpg", ".jpeg", ".png", ".gif", ".webp", ".bmp"})
LOOKED_AT = 200
"""So many names of a folder tell what is in it: there may be a million."""


class DropKind(Enum):
    """Who takes what was dropped."""

    RUN = "run"
    CODE = "code"
    FOLDER = "folder"
    ADDRESSES = "addresses"


class Drop(NamedTuple):
    """What was dropped.

    Attributes:
        kind: who takes it.
        path: the file or folder; None for text, for web addresses and for several lists: the data itself has them.
    """

    kind: DropKind
    path: Path | None = None


def drop_of(data: QMimeData) -> Drop | None:
    """What somebody drags over the window; None where nobody here takes it. Opens no file."""
    urls = data.urls() if data.hasUrls() else []
    local = [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
    if len(local) != 1:  # lists may be many; of anything else nobody can know which one is meant
        from gui.downloads.intake import sources_in  # needed late, if at all

        return Drop(DropKind.ADDRESSES) if sources_in(data) else None
    path = local[0]
    if path.is_dir():
        return Drop(DropKind.FOLDER, path)
    suffix = path.suffix.lower()
    if suffix == RUN:
        return Drop(DropKind.RUN, path)
    return Drop(DropKind.CODE if suffix in CODE else DropKind.ADDRESSES, path)


class DropTaker:
    """Hands what was dropped to the page that takes it, and brings that to the front."""

    def __init__(
        self, controls: Controls, pages: Pages, files: FileActions, announcer: Announcer, catalog: Catalog
    ) -> None:
        self._controls, self._pages, self._files = controls, pages, files
        self._announcer, self._catalog = announcer, catalog

    def take(self, drop: Drop, data: QMimeData) -> None:
        """Take what `drop_of` found in `data`."""
        kind = drop.kind
        path = drop.path
        pages = self._pages
        if path is None:
            pages.downloads.wanted.emit()
            pages.downloads.take_mime(data)
        elif kind is DropKind.RUN:
            self._files.open_file(path)
        elif kind is DropKind.CODE:
            pages.own.wanted.emit()
            pages.own.choice.open(path)
        elif kind is DropKind.FOLDER:
            self._take_folder(path)
        else:
            pages.downloads.wanted.emit()
            pages.downloads.take(path)

    def _take_folder(self, folder: Path) -> None:
        settings = self._controls.settings(False)
        work = work_for(folder, self._catalog.workloads, settings.workload)
        params = ((work.constants["NEEDS_FOLDER"], str(folder)),)
        self._controls.apply(settings._replace(workload_entry=work, params=params))
        self._announcer.say(f"{work.title} over {folder}: press Start.")


def work_for(folder: Path, workloads: Mapping[str, Entry], chosen: str) -> Entry:
    """The work for a folder that was dropped: what is chosen if it is over a folder, or else what suits its files.

    That is what makes pictures where there are pictures, and where there are none what makes none.
    """
    ours = {name: entry for name, entry in workloads.items() if entry.own is None}
    fitting = {name: entry for name, entry in ours.items() if "NEEDS_FOLDER" in entry.constants}
    if chosen in fitting:
        return fitting[chosen]
    has_pictures = False
    with suppress(OSError), os.scandir(folder) as files:  # one that cannot be read is told of by the run
        has_pictures = any(
            os.path.splitext(file.name)[1].lower() in PICTURES for file in islice(files, LOOKED_AT)
        )
    return next(entry for entry in fitting.values() if ("PICTURES" in entry.constants) is has_pictures)
