"""Ends a wait for a socket from another thread; and which hosts are this machine. Runs on Python 3.9."""

from __future__ import annotations

import contextlib
import functools
import ipaddress
import os
import socket

SHUTDOWN_WAKES = os.name != "nt"
"""Whether a shutdown ends a read of our own side; on Windows only the end of the socket does."""


def shut_down(sock: socket.socket) -> None:
    """End a read that waits for a socket in another thread, and what is done with it later. Neither blocks nor raises.

    Where the socket itself has to end it has no number from then on, so nobody meets the next one that gets that.
    """
    with contextlib.suppress(OSError):  # it has ended already
        sock.shutdown(socket.SHUT_RDWR)
        if not SHUTDOWN_WAKES:
            socket.close(sock.detach())


def may_be_a_host(name: str) -> bool:
    """Whether a name can be asked for at all: no part of it is empty or too long for that."""
    try:
        name.encode("idna")
    except UnicodeError:
        return False
    return True


@functools.lru_cache(maxsize=1024)
def is_loopback(host: str) -> bool:
    """Whether a host is this machine, and can be reached from it alone."""
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
