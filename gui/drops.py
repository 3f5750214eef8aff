"""What somebody drops on the window, and who takes it: runs, addresses, code, folders. In the GUI thread."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from PySide6.QtCore import QMimeData

RUN, CODE = ".thaw", ".py"


class Kind(Enum):
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

    kind: Kind
    path: Path | None = None


def drop_of(data: QMimeData) -> Drop | None:
    """What somebody drags over the window; None where nobody here takes it. Opens no file."""
    urls = data.urls() if data.hasUrls() else []
    local = [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
    if not local:
        text = data.text() if data.hasText() else ""
        return Drop(Kind.ADDRESSES) if "://" in text or urls else None
    if len(local) > 1:
        return None  # which of them is meant, nobody can know
    path = local[0]
    if path.is_dir():
        return Drop(Kind.FOLDER, path)
    suffix = path.suffix.lower()
    if suffix == RUN:
        return Drop(Kind.RUN, path)
    return Drop(Kind.CODE if suffix == CODE else Kind.ADDRESSES, path)
