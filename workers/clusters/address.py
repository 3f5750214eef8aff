"""Which cluster is meant: a scheduler's address, or one of our own on this machine. For any thread."""

from __future__ import annotations

import os
import re
from typing import NamedTuple
from urllib.parse import urlsplit

from ..transport.redaction import without_secrets
from ..utils.errors import BadInput
from ..utils.sockets import may_be_a_host

PORT = 8786
"""A scheduler's, where nothing else is said."""

HERE = "here"
"""Means a cluster on this machine even where the environment names another."""

VARIABLE = "DASK_SCHEDULER_ADDRESS"
"""Where Dask itself looks for an address."""

_LIKE = "A scheduler's address is like tcp://HOST:8786 or tls://HOST:8786"


class Address(NamedTuple):
    """A scheduler's."""

    scheme: str
    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"


def meant(text: str) -> Address | None:
    """The scheduler that a text means; None: that of a cluster of our own on this machine.

    Raises:
        BadInput: it is no address.
    """
    text = text.strip() or os.environ.get(VARIABLE, "").strip()
    return None if text in {"", HERE} else read(text)


def read(text: str) -> Address:
    """Read an address; without a scheme it is tcp, without a port 8786.

    Raises:
        BadInput: it is none.
    """
    whole = text if "://" in text else f"tcp://{text}"
    shown = without_secrets(text)
    try:
        parts = urlsplit(whole)
        host, port = parts.hostname or "", PORT if parts.port is None else parts.port
    except ValueError:
        raise BadInput(f"{_LIKE}, not {shown}.") from None
    if parts.scheme not in {"tcp", "tls"}:
        raise BadInput(f"{_LIKE}, and {shown} begins with {parts.scheme}://.")
    is_one = re.fullmatch(r"[\w.:%-]+", host) and may_be_a_host(host) and port
    if not is_one or parts.path.strip("/") or parts.query or parts.username is not None:
        raise BadInput(f"{_LIKE}, not {shown}.")
    return Address(parts.scheme, host, port)
