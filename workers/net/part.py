"""A picture's file while it is being downloaded, under another name until it is whole; used by one thread at a time.

Whoever downloads does it within a `Part`: its errors leave that as sentences for people.
"""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from workers.net.wire import DownloadError
from workers.thumbnail import SUFFIXES, NoPicture, thumbnail

if TYPE_CHECKING:
    from workers.picture import Picture

MOST_BYTES = 100_000_000
"""A larger file is refused."""

ENDINGS = frozenset(ending for endings in SUFFIXES.values() for ending in endings)


class Part:
    """The file of one download; it is removed where that ends before the file is whole.

    Attributes:
        path: its name until then.
    """

    def __init__(self, url: str, into: str, name: str) -> None:
        self._url, self._into, self._name = url, into, name
        self.path = os.path.join(into, f"{name}.part")
        self._is_whole = False

    def __enter__(self) -> Part:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if not self._is_whole:
            with contextlib.suppress(OSError):  # it may never have been made
                os.unlink(self.path)
        if isinstance(error, (DownloadError, NoPicture)):
            raise DownloadError(f"{last_part(self._url)}: {error}") from error
        if isinstance(error, OSError):
            raise DownloadError(f"{self._name} cannot be written: {error.strerror or error}.") from error

    def write(self, mode: str, chunks: list[bytes]) -> None:
        """Write some of it; `mode` is "w+b" for the first bytes and "a+b" for those that follow."""
        with open(self.path, mode) as file:
            file.writelines(chunks)

    def write_last(self, mode: str, chunks: list[bytes]) -> Picture:
        """Write the rest of it, and finish."""
        with open(self.path, mode) as file:
            file.writelines(chunks)
            return self.finish(file)

    def finish(self, file: Any) -> Picture:
        """Give the file, which has all its bytes, the name that they want; returns its thumbnail.

        Raises:
            NoPicture: it is none that can be shown.
        """
        picture, kind = thumbnail(file, self._name)
        file.close()
        name, ending = os.path.splitext(self._name)
        if ending.lower() in SUFFIXES[kind]:
            name = self._name
        else:
            name = (name if ending.lower() in ENDINGS else self._name) + SUFFIXES[kind][0]
        final = os.path.join(self._into, name)
        with contextlib.suppress(OSError):  # mostly there is none of that name yet
            os.unlink(final)  # first: ext4 waits for the disk when one file takes the place of another
        os.replace(self.path, final)
        self._is_whole = True
        return picture._replace(name=name)


def last_part(url: str) -> str:
    """What people call a web address: the last part of its path, or its host."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url[:80]
    return unquote(parts.path).rstrip("/").rpartition("/")[2][:80] or parts.netloc
