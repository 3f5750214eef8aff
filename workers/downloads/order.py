"""What one download is to do, and what comes of it: plain data, the same for every client."""

from __future__ import annotations

import re
from typing import NamedTuple

from ..transport.deadline_socket import Deadlines
from ..transport.retry import TRIES

MIB = 1 << 20
MOST_MIB = 100
MOST_MEGAPIXELS = 80

_SHA256 = re.compile(r"([0-9a-fA-F]{64})?")


class Order(NamedTuple):
    """One download, as the download workload's arguments describe it."""

    url: str
    name: str
    into: str
    queue: str = ""
    item: int = 0
    sha256: str = ""
    keep_name: bool = False
    per_host: int = 0
    gate: str = ""
    connect_s: float = 5.0
    stall_s: float = 10.0
    total_s: float = 60.0
    tries: int = TRIES
    most_mib: int = MOST_MIB
    most_megapixels: int = MOST_MEGAPIXELS
    only_pictures: bool = True

    @property
    def deadlines(self) -> Deadlines:
        """How long it may take. Raises ValueError where that makes no sense, with a sentence for people."""
        return Deadlines.checked(self.connect_s, self.stall_s, self.total_s)

    @property
    def most_bytes(self) -> int:
        """The size of the largest file that is allowed."""
        return self.most_mib * MIB

    @property
    def most_pixels(self) -> int:
        """The size of the largest picture that is allowed."""
        return self.most_megapixels * 1_000_000

    def check(self) -> None:
        """Raise ValueError where something of it makes no sense, with a sentence for people."""
        for field in ("tries", "most_mib", "most_megapixels"):
            if getattr(self, field) < 1:
                raise ValueError(f"{field} is a number of at least 1, not {getattr(self, field)}.")
        if self.per_host < 0:
            raise ValueError(f"per_host is a number of at least 0, not {self.per_host}.")
        if not _SHA256.fullmatch(self.sha256):
            raise ValueError(f"sha256 is 64 hexadecimal digits or nothing, not {self.sha256!r:.80}.")


class Saved(NamedTuple):
    """A file that was saved as it came, by a download that is not of pictures only.

    Attributes:
        name: its name in the folder.
        size: in bytes.
        sha256: its hash in hexadecimal digits; empty where nobody asked for it.
    """

    name: str
    size: int
    sha256: str = ""
