"""A queue of downloads over a server that misbehaves, by one of the clients."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.misbehaving_server import MisbehavingServer
from tests.support.runner_harness import Harness
from workers.catalog import lookup
from workers.downloads.queue import DownloadQueue
from workers.engine.plan import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from workers.downloads.queue import Item

CLIENTS = [
    pytest.param(name, marks=pytest.mark.skipif(bool(entry.missing), reason=f"{name} {entry.missing}"))
    for name, entry in lookup.runners().items()
    if name in {"thread_pool", "asyncio_loop", "qt_network"}
]
"""The runners of the three clients: requests, aiohttp, Qt."""


class HttpClient(Harness):
    """A harness on a client's runner, with a server.

    Attributes:
        server: answers by what is asked for.
        runs: how many there were; each has a queue of its own.
    """

    def __init__(self, runner: str, folder: Path) -> None:
        super().__init__(runner)
        self.server = MisbehavingServer()
        self._folder = folder
        self.runs = 0

    def fetch(self, urls: Sequence[str], workers: int = 8, **params: Any) -> list[Item]:
        """Download addresses, each into a folder of its own: so it is called what the server calls it."""
        self.runs += 1
        here = self._folder / str(self.runs)
        queue = DownloadQueue(here / "queue.sqlite")
        for number, url in enumerate(urls):
            queue.add([url], str(here / str(number)))
        given = {"queue": queue.path, "tries": 1, "only_pictures": False, "stall_s": 5.0, **params}
        run = self.session.start(Settings.named(self.runner, "download", 1, workers, tuple(given.items())))
        self.finish()
        items = queue.items()
        queue.close()
        assert all(item.state in {"done", "failed"} for item in items), run.recorder.errors
        return items

    def heads_of(self, target: str) -> list[str]:
        """The heads of the requests for a target."""
        return [head for head in self.server.heads if head.split(" ")[1] == target]

    def close(self) -> None:
        assert self.until(lambda: self.session.close(0))
        self.server.close()


def data_of(item: Item) -> bytes:
    """What lies in an item's file; nothing where there is none."""
    path = Path(item.folder, item.name or ".")
    return path.read_bytes() if path.is_file() else b""


def clients(request: pytest.FixtureRequest, folder: Path) -> Iterator[HttpClient]:
    """For a fixture: a client of the runner that the test is run for."""
    made = HttpClient(request.param, folder)
    yield made
    made.close()
