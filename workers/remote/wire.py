"""The connections between the program and its remote workers: by an address of this machine, or by TCP.

Both ends say each other's key before anything is read that could do harm. Used on both ends; runs on Python 3.9.
"""

from __future__ import annotations

import secrets
import socket
import sys
from multiprocessing.connection import Client, Connection, Listener, answer_challenge, deliver_challenge
from typing import Any, Protocol

CONNECT_S = 5.0
"""How long a remote worker tries to reach the program: an address behind a firewall never answers."""

SILENT_S = 25
"""A machine that lost its power says no goodbye: after so long it counts as gone."""

BACKLOG = 128
"""So many may call at once: by TCP who finds no room tries again only after a second."""


class Wire(Protocol):
    """What messages go through. Each of these raises EOFError or OSError where the other end has gone.

    A connection of `multiprocessing` is one. Another must end a read that waits when `close` is called.
    """

    def send_bytes(self, message: bytes, /) -> None:
        """Send a message; may wait while the other end is behind."""

    def recv_bytes(self) -> bytes:
        """Wait for a message."""

    def poll(self, timeout: float, /) -> bool:
        """Wait for a message, so many seconds at most; returns whether there is one."""

    def close(self) -> None:
        """End it."""


def listen(host: str = "") -> tuple[Listener, Any]:
    """Listen for calls.

    Args:
        host: an address of this machine, for calls by TCP; empty: for calls on this machine, by its quickest means.

    Returns:
        What listens, and the address to call.

    Raises:
        OSError: it is no address of this machine.
    """
    if host:
        family = "AF_INET6" if ":" in host else "AF_INET"
        listener = Listener((host, 0), family, BACKLOG)
        return listener, listener.address[:2]
    # Linux has addresses that are no files, so nothing is left behind whatever ends the program.
    address = f"\0thaw-{secrets.token_hex(8)}" if sys.platform.startswith("linux") else None
    listener = Listener(address, backlog=BACKLOG)
    return listener, address or listener.address


def reach(address: Any) -> Connection:
    """Connect to what `listen` returned; raises OSError where nobody is there."""
    if isinstance(address, (str, bytes)):
        found: Connection = Client(address)
        return found
    with socket.create_connection(tuple(address), CONNECT_S) as by_tcp:
        by_tcp.settimeout(None)
        prepare(by_tcp)
        return Connection(by_tcp.detach())


def call(address: Any, key: bytes) -> Connection:
    """Connect, and tell each other the key.

    Raises:
        OSError: nobody is there.
        EOFError: they have gone.
        multiprocessing.AuthenticationError: they have another key.
    """
    wire = reach(address)
    try:
        answer_challenge(wire, key)
        deliver_challenge(wire, key)
    except BaseException:
        wire.close()
        raise
    return wire


def answer(wire: Connection, key: bytes) -> None:
    """The other end of a `call`."""
    deliver_challenge(wire, key)
    answer_challenge(wire, key)


def prepare(by_tcp: socket.socket) -> None:
    """Send small messages at once (a last one would wait 40 ms for others), and notice a machine that is gone."""
    by_tcp.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    by_tcp.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    wanted = (("IDLE", SILENT_S - 10), ("INTVL", 5), ("CNT", 2), ("USER_TIMEOUT", SILENT_S * 1000))
    for name, value in wanted:
        option = getattr(socket, f"TCP_{name}", getattr(socket, f"TCP_KEEP{name}", None))
        if option is not None:  # not all systems have each of them
            by_tcp.setsockopt(socket.IPPROTO_TCP, option, value)


def prepare_wire(wire: Connection) -> None:
    """The same for a connection that was made by TCP."""
    by_tcp = socket.socket(fileno=wire.fileno())
    try:
        prepare(by_tcp)
    finally:
        by_tcp.detach()  # it stays the connection's


def cut(wire: Wire) -> None:
    """End a connection that another thread may be reading: that finds its end there."""
    if not isinstance(wire, Connection):
        wire.close()
        return
    try:
        found = socket.socket(fileno=wire.fileno())
    except OSError:
        return  # it is closed already
    try:
        found.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass  # the other end has gone
    finally:
        found.detach()


def own_address(peer: str) -> str:
    """The address of this machine by which others are reached that are where `peer` is; nothing is sent there.

    Raises:
        OSError: there is no way to it, or no machine of that name.
    """
    family, kind, _, _, address = socket.getaddrinfo(peer, 9, type=socket.SOCK_DGRAM)[0]
    with socket.socket(family, kind) as asked:
        asked.connect(address)
        return str(asked.getsockname()[0])
