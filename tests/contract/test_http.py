"""The three clients hold to one judgement: what a server says of any kind means the same to each of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.support.http_kinds import ALL, BODY
from tests.support.misbehaving_server import MisbehavingServer, in_turn
from tests.support.runner_harness import Harness
from workers.catalog import lookup
from workers.downloads.queue import DownloadQueue
from workers.engine.plan import Settings
from workers.transport import retry

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from tests.support.http_kinds import Kind

CLIENTS = [
    pytest.param(name, marks=pytest.mark.skipif(bool(entry.missing), reason=f"{name} {entry.missing}"))
    for name, entry in lookup.runners().items()
    if name in {"thread_pool", "asyncio_loop", "qt_network"}
]


class Outcome(NamedTuple):
    """What came of one kind."""

    data: bytes
    name: str
    why: str


def outcomes(runner: str, kinds: dict[str, Kind], folder: Path) -> dict[str, Outcome]:
    """What comes of all kinds of a room by one client, in one run: a run for each would take minutes."""
    server, harness = MisbehavingServer(), Harness(runner)
    queue = DownloadQueue(folder / "queue.sqlite")
    try:
        # Each in a folder of its own: so it is called what the server calls it.
        for number, kind in enumerate(kinds.values()):
            for target, answer in kind.answers.items():
                server.answers[target] = in_turn(*answer) if isinstance(answer, tuple) else answer
            queue.add([server.url + kind.asked], str(folder / str(number)))
        given = {"queue": queue.path, "tries": 3, "only_pictures": False, "stall_s": 5.0}
        harness.session.start(Settings.named(runner, "download", 1, 8, tuple(given.items())))
        harness.finish()
        return {
            name: Outcome(_data(Path(item.folder, item.name or ".")), item.name, item.why)
            for item, name in zip(queue.items(), kinds, strict=True)
        }
    finally:
        assert harness.until(lambda: harness.session.close(0))
        queue.close()
        server.close()


def _data(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""


@pytest.mark.parametrize("room", ALL)
@pytest.mark.parametrize("runner", CLIENTS)
def test_every_client_takes_it_alike(
    room: str, runner: str, qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retry, "BASE_S", 0.01)
    found = outcomes(runner, ALL[room], tmp_path)
    wrong = {name: found[name] for name, kind in ALL[room].items() if not is_as_wanted(found[name], kind, room)}
    assert wrong == {}


def is_as_wanted(found: Outcome, wanted: Kind, room: str) -> bool:
    """Whether the file is there, by the name that the server gave it; or is not, for the reason that is wanted."""
    if wanted.why:
        return not found.data and wanted.why in found.why
    return found.data == BODY and (room != "names" or found.name == wanted.name)
