"""What tests of the core share: the two forms of a download, and a server that it comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.misbehaving_server import MisbehavingServer
from tests.support.single_downloads import FORMS, Download
from workers.transport import retry
from workers.workloads.download import close

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(params=FORMS)
def form(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Runs the test once for each form; `Download` takes it."""
    monkeypatch.setattr(Download, "form", request.param)
    return str(request.param)


@pytest.fixture
def server() -> Iterator[MisbehavingServer]:
    """Closed at the end, and this thread's connections to it before."""
    made = MisbehavingServer()
    yield made
    close()
    made.close()


@pytest.fixture
def quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is tried again waits 10 ms at first."""
    monkeypatch.setattr(retry, "BASE_S", 0.01)
