"""What one download is to do, and what comes of it: plain data, the same for every client.

Here alone stand what can be chosen for a download, its usual values and what is checked of it: the form and the command
line read the keyword-only fields from this source (`workers.catalog.fields`).
"""

from __future__ import annotations

import math
import re
from dataclasses import KW_ONLY, dataclass
from typing import NamedTuple

from ..transport.deadline_socket import Deadlines

MIB = 1 << 20

_SHA256 = re.compile(r"([0-9a-fA-F]{64})?")


@dataclass(frozen=True)
class Order:
    """One download.

    Attributes:
        url: the file's address.
        name: its file's name, unless the server knows a better one; it gets the ending that its contents want.
        into: the folder for it. Nothing there is overwritten: where the name is taken it gets a number.
        queue: the file of the queue that it is of; empty where it is of none.
        item: its number in the queue.
        sha256: what the hash of its contents must be, in hexadecimal digits; empty where nobody knows.
        keep_name: whether the name is kept whatever the server says.
        per_host: how many downloads may be going on from its host at once; 0 is 8 in the network, any on this machine
        gate: the folder in which the run's processes lock their places at hosts; empty where there is one process.
        limit: bytes a second, for all downloads of the run together; 0 is any number.
        limit_each: likewise for each of them.
        headers: lines that every request says, see `transport.http.own_headers`.
        ca_file: the authorities that servers are verified against; empty for the usual ones.
        connect_s: seconds to wait for a connection (0.1 to 600)
        stall_s: seconds to wait while the server sends nothing (0.1 to 600)
        total_s: seconds that the whole of one picture may take, without waiting for another try (0.1 to 3,600)
        tries: how often one is tried where the connection or the server fails (1 to 20)
        max_mib: a larger file is refused, in MiB (1 to 1,000,000)
        max_megapixels: a larger picture is refused, in millions of pixels (1 to 1,000)
        only_pictures: check that each is a whole picture, and show it; off: any file is kept as it comes

    Raises:
        ValueError: something of it makes no sense, with a sentence for people.
    """

    url: str
    name: str
    into: str
    queue: str = ""
    item: int = 0
    sha256: str = ""
    keep_name: bool = False
    per_host: int = 0
    gate: str = ""
    limit: int = 0
    limit_each: int = 0
    headers: str = ""
    ca_file: str = ""
    _: KW_ONLY
    connect_s: float = 5.0
    stall_s: float = 10.0
    total_s: float = 60.0
    tries: int = 4
    max_mib: int = 100
    max_megapixels: int = 80
    only_pictures: bool = True

    def __post_init__(self) -> None:
        for field, value in self.deadlines._asdict().items():
            if not 0 < value < math.inf:
                raise ValueError(f"{field} is a number of seconds above 0, not {value:g}.")
        for field, least in (("tries", 1), ("max_mib", 1), ("max_megapixels", 1), ("per_host", 0)):
            if getattr(self, field) < least:
                raise ValueError(f"{field} is a number of at least {least}, not {getattr(self, field)}.")
        if not _SHA256.fullmatch(self.sha256):
            raise ValueError(f"sha256 is 64 hexadecimal digits or nothing, not {self.sha256!r:.80}.")

    @property
    def deadlines(self) -> Deadlines:
        return Deadlines(self.connect_s, self.stall_s, self.total_s)

    @property
    def max_bytes(self) -> int:
        return self.max_mib * MIB

    @property
    def max_pixels(self) -> int:
        return self.max_megapixels * 1_000_000


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
