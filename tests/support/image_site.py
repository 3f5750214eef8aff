"""The local image server as tests ask it: over real sockets, and sure of its settings."""

from __future__ import annotations

import http.client
import json
import socket
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from workers.image_server.conditions import NetworkConditions

if TYPE_CHECKING:
    from workers.image_server.process import ImageServer

FAST = NetworkConditions(latency_ms=0.0, spread=0.0, bandwidth_kib=0.0)
AGES = 3_600_000.0
"""Milliseconds: a latency that no test waits for."""


class NoServer:
    """An image server where nothing listens: a session may ask it, and its runs meet a refusal."""

    url = "http://127.0.0.1:9"
    settings = NetworkConditions()

    def begin_run(self) -> str:
        return self.url


def address(server: ImageServer) -> tuple[str, int]:
    """Host and port of the server."""
    parts = urlsplit(server.url())
    assert parts.hostname == "127.0.0.1"
    assert parts.port is not None
    return parts.hostname, parts.port


def facts(server: ImageServer, path: str = "/") -> dict[str, Any]:
    """What the server tells of itself, or of one run."""
    client = http.client.HTTPConnection(*address(server), timeout=5)
    client.request("GET", path)
    told: dict[str, Any] = json.loads(client.getresponse().read())
    client.close()
    return told


def configure(server: ImageServer, **changes: float) -> None:
    """Change settings and return when they hold: they go through a pipe, and a request might be faster."""
    server.configure(**changes)
    deadline = time.monotonic() + 5
    while any(facts(server)[name] != pytest.approx(value) for name, value in changes.items()):
        assert time.monotonic() < deadline, f"the server never took {changes}"


def raw(server: ImageServer, request: bytes) -> bytes:
    """Everything that the server sends until it closes."""
    with socket.create_connection(address(server), timeout=5) as client:
        client.sendall(request)
        return b"".join(iter(lambda: client.recv(65536), b""))
