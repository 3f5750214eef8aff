"""How both sides of a link prove that they know the key, which never crosses. Each in its own thread."""

from __future__ import annotations

import hmac
import os
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import socket

PROOF_S = 5.0
"""For so long one side waits for the other's proof."""

NONCE, PROOF = 32, 32
"""Their lengths in bytes."""


def prove_as_agent(link: socket.socket, key: bytes) -> None:
    """Prove to who listens that we know the key, and see that they do. Raises PermissionError, or OSError."""
    theirs, ours = _receive(link, NONCE), os.urandom(NONCE)
    link.sendall(ours + _proof(key, b"agent", theirs + ours))
    _check(_receive(link, PROOF), _proof(key, b"thaw", theirs + ours))


def prove_as_listener(link: socket.socket, key: bytes) -> None:
    """The same from the listener's side."""
    ours = os.urandom(NONCE)
    link.sendall(ours)
    theirs, proof = _receive(link, NONCE), _receive(link, PROOF)
    _check(proof, _proof(key, b"agent", ours + theirs))
    link.sendall(_proof(key, b"thaw", ours + theirs))


def _proof(key: bytes, who: bytes, nonces: bytes) -> bytes:
    return hmac.new(key, who + nonces, "sha256").digest()


def _check(proof: bytes, expected: bytes) -> None:
    if not hmac.compare_digest(proof, expected):
        raise PermissionError("the other side does not know the key")


def _receive(link: socket.socket, length: int) -> bytes:
    until = time.monotonic() + PROOF_S
    found = b""
    while len(found) < length:
        # For all of it: who sends a byte now and then would keep the door from others.
        link.settimeout(max(0.001, until - time.monotonic()))
        more = link.recv(length - len(found))
        if not more:
            raise PermissionError("the other side went away without a proof")
        found += more
    return found
