"""How the link to who listens is made. Imported when there is something to tell."""

from __future__ import annotations

import os
import socket
from typing import TYPE_CHECKING

from ..monitors.process.own_file import moved_up
from .proof import prove_as_agent

if TYPE_CHECKING:
    from .invitation import Invitation

CONNECT_S = 2.0
TimeOut = socket.timeout


def connect(invitation: Invitation) -> socket.socket:
    """The link, proven on both sides. Raises OSError."""
    address = invitation.address
    if hasattr(socket, "AF_UNIX") and os.sep in address:
        link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    else:
        link = socket.socket()
    if os.name == "posix":
        link = socket.socket(link.family, link.type, fileno=moved_up(link.detach()))
    try:
        link.settimeout(CONNECT_S)
        host, _, port = address.rpartition(":")
        link.connect(address if link.family != socket.AF_INET else (host, int(port)))
        prove_as_agent(link, bytes.fromhex(invitation.key))
    except BaseException:
        link.close()
        raise
    return link
