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
    """One thing that was dropped.

    Attributes:
        kind: who takes it.
        path: the file or folder; None for text and for web addresses, which are in the data itself.
    """

    kind: DropKind
    path: Path | None = None


def drop_of(data: QMimeData) -> Drop | None:
    """What somebody drags over the window; None where nobody here takes it. Opens no file."""
    urls = data.urls() if data.hasUrls() else []
    local = [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
    if not local:
        text = data.text() if data.hasText() else ""
        return Drop(DropKind.ADDRESSES) if "://" in text or urls else None
    if len(local) > 1:
        return None  # which of them is meant, nobody can know
    path = local[0]
    if path.is_dir():
        return Drop(DropKind.FOLDER, path)
    suffix = path.suffix.lower()
    if suffix == RUN:
        return Drop(DropKind.RUN, path)
    return Drop(DropKind.CODE if suffix in CODE else DropKind.ADDRESSES, path)


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
        has_pictures = any(os.path.splitext(file.name)[1].lower() in PICTURES for file in islice(files, LOOKED_AT))
    return next(entry for entry in fitting.values() if ("PICTURES" in entry.constants) is has_pictures)
