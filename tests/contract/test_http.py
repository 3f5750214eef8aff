"""The three clients hold to one judgement: what a server says of any kind means the same to each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.http_client import CLIENTS, HttpClient, clients, data_of
from tests.support.http_kinds import ALL, BODY
from tests.support.misbehaving_server import in_turn
from workers.transport import retry

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from PySide6.QtWidgets import QApplication

    from tests.support.http_kinds import Kind
    from workers.downloads.queue import Item


@pytest.fixture(params=CLIENTS)
def client(request: pytest.FixtureRequest, qapp: QApplication, tmp_path: Path) -> Iterator[HttpClient]:
    yield from clients(request, tmp_path)


@pytest.mark.parametrize("room", ALL)
def test_every_client_takes_it_alike(room: str, client: HttpClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """All kinds of a room in one run: a run for each would take minutes."""
    monkeypatch.setattr(retry, "BASE_S", 0.01)
    for kind in ALL[room].values():
        for target, answer in kind.answers.items():
            client.server.answers[target] = in_turn(*answer) if isinstance(answer, tuple) else answer
    items = client.fetch([client.server.url + kind.asked for kind in ALL[room].values()], tries=3)
    found = zip(ALL[room].items(), items, strict=True)
    assert {name: item.why or item.name for (name, kind), item in found if not is_as_wanted(item, kind)} == {}


def is_as_wanted(item: Item, wanted: Kind) -> bool:
    """Whether the file is there, by the name that is wanted; or is not, for the reason that is wanted."""
    if wanted.why:
        return not data_of(item) and wanted.why in item.why
    return data_of(item) == BODY and wanted.name in {"", item.name}
