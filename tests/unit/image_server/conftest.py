"""What tests of the image server share: one as a process of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.image_site import FAST, configure
from workers.image_server.process import ImageServer

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def shared() -> Iterator[ImageServer]:
    """One process for the module; `server` resets its settings."""
    with ImageServer(settings=FAST) as server:
        yield server


@pytest.fixture
def server(shared: ImageServer) -> ImageServer:
    """The server without latency, limit or trouble."""
    configure(shared, **FAST._asdict())
    return shared
