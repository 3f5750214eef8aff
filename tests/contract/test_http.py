"""The three clients hold to one judgement: what a server says of any kind means the same to each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.http_client import CLIENTS, HttpClient, clients, data_of
from tests.support.http_kinds import ALL, BODY, head
from tests.support.misbehaving_server import in_turn, response
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


WAYS = (
    "behind a redirect",
    "behind a redirect from elsewhere",
    "through a proxy",
    "after a failure",
    "one by one",
)


@pytest.mark.long
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("room", ALL)
def test_the_way_to_it_makes_no_difference(
    room: str, way: str, client: HttpClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(retry, "BASE_S", 0.01)
    server, elsewhere = client.server, HttpClient(client.runner, tmp_path / "elsewhere")
    urls = []
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    if way == "through a proxy":
        monkeypatch.setenv("http_proxy", server.url)
    kinds = {
        name: kind for name, kind in ALL[room].items() if kind.asked.isprintable()
    }  # Location carries them only
    for number, kind in enumerate(kinds.values()):
        url = server.url + kind.asked
        for target, answer in kind.answers.items():
            answers = answer if isinstance(answer, tuple) else (answer,)
            if way == "after a failure":
                answers = (response(b"", "503 Busy"), *answers)
            host = f"http://{number}.example" if way == "through a proxy" else ""
            server.answers[host + target] = in_turn(*answers)
        if way == "through a proxy":
            url = f"http://{number}.example{kind.asked}"
        elif way.startswith("behind"):
            begin = elsewhere.server if "elsewhere" in way else server
            moved = head(b"Location: " + url.encode(), status="302 Found", body=b"")
            url = begin.at(f"/moved/{number}/file", moved)
        urls.append(url)
    items = client.fetch(urls, workers=1 if way == "one by one" else 8, tries=5)
    elsewhere.close()
    found = zip(kinds.items(), items, strict=True)
    # A file that was asked for by another address may be called as that is.
    assert {
        name: item.why or item.name
        for (name, kind), item in found
        if not is_as_wanted(item, kind._replace(name="") if way.startswith("behind") else kind)
    } == {}


def is_as_wanted(item: Item, wanted: Kind) -> bool:
    """Whether the file is there, by the name that is wanted; or is not, for the reason that is wanted."""
    if wanted.why:
        return not data_of(item) and wanted.why in item.why
    return data_of(item) == BODY and wanted.name in {"", item.name}
