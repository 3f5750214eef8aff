"""What has addresses in it, of all that can be dropped, pasted or typed. Opens no file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtCore import QMimeData

TEXTS = frozenset({".txt", ".html", ".htm", ".csv", ".tsv", ".md", ".json", ".xml", ".url", ".list", ".log"})
"""The suffixes of dropped files that may hold addresses."""

_BEGIN = re.compile(r"https?:\\?/\\?/", re.IGNORECASE)


def has_address(text: str) -> bool:
    """Whether an address may stand in a text; it may be one in JSON, where slashes are escaped."""
    return _BEGIN.search(text) is not None


def files_in(data: QMimeData | None) -> list[Path]:
    """The files that may have addresses in them."""
    urls = data.urls() if data is not None and data.hasUrls() else ()
    local = [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
    return [path for path in local if path.suffix.lower() in TEXTS]


def text_in(data: QMimeData | None) -> str:
    """The text; of dragged web addresses, these."""
    if data is None:  # an empty clipboard has none
        return ""
    urls = [url.toString() for url in (data.urls() if data.hasUrls() else ()) if not url.isLocalFile()]
    return "\n".join(urls) or (data.text() if data.hasText() else "")


def sources_in(data: QMimeData | None) -> list[str | Path]:
    """Where there may be addresses: these files, or else the text."""
    text = text_in(data)
    return [*files_in(data)] or ([text] if has_address(text) else [])
