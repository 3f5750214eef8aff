"""What breaks off is tried again, when the server wants it, and only where that can help; a cancel ends the waiting."""

from __future__ import annotations

import email.utils
import re
import time
from typing import TYPE_CHECKING

import pytest

from tests.support.misbehaving_server import (
    Connection,
    MisbehavingServer,
    closing,
    in_turn,
    picture,
    resetting,
    response,
    stalling,
)
from tests.support.patience import AT_ONCE_S
from tests.support.single_downloads import FORMS, Download
from workers.engine.task import Phase
from workers.transport.client import Client
from workers.transport.deadline_socket import Deadlines
from workers.transport.errors import DownloadError, TransientError
from workers.transport.retry import Backoff, asked_wait_s

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.misbehaving_server import Answer

JPEG = picture("JPEG")
BUSY = response(b"", "503 Service Unavailable")


@pytest.fixture
def server(server: MisbehavingServer, quick_retries: None) -> MisbehavingServer:
    return server


PASSING: dict[str, Answer] = {
    "408": response(b"", "408 Request Timeout"),
    "429": response(b"", "429 Too Many Requests"),
    "500": response(b"", "500 Internal Server Error"),
    "502": response(b"", "502 Bad Gateway"),
    "503": BUSY,
    "504": response(b"", "504 Gateway Timeout"),
    "closed at once": lambda connection: None,
    "reset in the body": resetting(response(JPEG)[:5000]),
    "cut in the body": closing(response(JPEG)[:5000]),
    "cut where there is no length": closing(response(JPEG[:5000], length="")),
    "stalls in the headers": stalling(response(JPEG)[:20]),
    "stalls in the body": stalling(response(JPEG)[:5000]),
}


@pytest.mark.usefixtures("form")
@pytest.mark.parametrize("way", PASSING)
def test_a_second_try_may_do_better(way: str, server: MisbehavingServer, tmp_path: Path) -> None:
    url = server.at("/a.jpg", in_turn(PASSING[way], response(JPEG)))
    found = Download(url, tmp_path, tries=2, stall_s=0.15).run()
    assert found.result.name == "a.jpg"
    assert found.files == ["a.jpg"]
    assert (tmp_path / "a.jpg").read_bytes() == JPEG
    assert found.events[-1].amount == len(JPEG), "what came twice counts once"
    assert len(server.requests) == 2


@pytest.mark.usefixtures("form")
@pytest.mark.parametrize("way", ["503", "cut in the body", "closed at once"])
def test_the_last_try_tells_how_many_there_were(way: str, server: MisbehavingServer, tmp_path: Path) -> None:
    found = Download(server.at("/a.jpg", in_turn(PASSING[way])), tmp_path, tries=3).run()
    assert found.error.endswith(" (tried 3 times).")
    assert len(server.requests) in {3, 6}, "aiohttp asks once more by itself where there was no answer"
    assert found.files == []


FINAL: dict[str, Answer] = {
    "400": response(b"", "400 Bad Request"),
    "401": response(b"", "401 Unauthorized"),
    "403": response(b"", "403 Forbidden"),
    "404": response(b"", "404 Not Found"),
    "410": response(b"", "410 Gone"),
    "501": response(b"", "501 Not Implemented"),
    "a web page": response(b"<!DOCTYPE html>Please log in"),
    "half a picture": response(JPEG[:5000]),
    "too large": response(b"", length=10**12),
    "asked to wait long": response(b"", "503 Service Unavailable", Retry_After="3600"),
}


@pytest.mark.usefixtures("form")
@pytest.mark.parametrize("way", FINAL)
def test_what_will_not_pass_is_tried_once(way: str, server: MisbehavingServer, tmp_path: Path) -> None:
    found = Download(server.at("/a.jpg", FINAL[way]), tmp_path, tries=4).run()
    assert "tried" not in found.error
    assert len(server.requests) == 1
    assert found.files == []


@pytest.mark.parametrize("form", FORMS[1:])
def test_a_server_that_asks_to_wait_is_given_its_time(
    form: str, server: MisbehavingServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Download, "form", form)
    busy = response(b"", "429 Too Many Requests", Retry_After="1")
    found = Download(server.at("/a.jpg", in_turn(busy, response(JPEG))), tmp_path, tries=2, total_s=0.9).run()
    assert found.phase == Phase.DONE, "waiting does not count for total_s"
    assert found.took_s >= 1.0


@pytest.mark.usefixtures("form")
def test_a_cancel_ends_the_waiting_at_once(server: MisbehavingServer, tmp_path: Path) -> None:
    def answer(connection: Connection) -> None:
        connection.send(response(b"", "503 Service Unavailable", Retry_After="30"))
        server.reached.set()

    found = Download(server.at("/a.jpg", answer), tmp_path, tries=2)
    found.start()
    assert server.reached.wait(5)
    assert found.cancelled_after() < AT_ONCE_S
    assert found.phase == Phase.CANCELLED
    assert found.files == []


def test_waiting_is_cut_into_steps_so_that_others_in_the_thread_get_on(
    server: MisbehavingServer, tmp_path: Path
) -> None:
    from workers.engine.task import drive

    url = server.at(
        "/a.jpg", in_turn(response(b"", "503 Service Unavailable", Retry_After="1"), response(JPEG))
    )
    found = Download(url, tmp_path, tries=2, total_s=0.9)
    steps = drive(found.task, found.events.append, found.control, "here")
    longest, begun, count = 0.0, time.perf_counter(), 0
    for _ in steps:
        now = time.perf_counter()
        longest, begun, count = max(longest, now - begun), now, count + 1
    assert found.phase == Phase.DONE, "waiting does not count for total_s"
    assert count > 20
    assert longest < 0.8


def test_a_pause_while_it_waits_does_not_count_either(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    client = Client()
    client.wire.begin(Deadlines(1.0, 1.0, 1.0))
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    client.wire.end = 1.0
    waits = client.rest(0.5)
    next(waits)
    now[0] = 60.0  # so long it was paused
    assert list(waits) == []
    assert client.wire.end == 61.0


# ---------------------------------------------------------------- how long to wait


def test_waits_double_with_full_jitter_up_to_a_limit() -> None:
    most = Backoff(20, lambda: 1.0)
    waits = [most.wait_s(TransientError("Away.")) for _ in range(10)]
    assert waits[:4] == [0.5, 1.0, 2.0, 4.0]
    assert waits[-1] == 30.0
    assert Backoff(2, lambda: 0.0).wait_s(TransientError("Away.")) == 0.0
    assert Backoff(2, lambda: 0.5).wait_s(TransientError("Away.", asked_s=7.0)) == 7.25


def test_the_last_failure_is_final() -> None:
    backoff = Backoff(2, lambda: 0.0)
    backoff.wait_s(TransientError("Away."))
    with pytest.raises(DownloadError, match=re.escape("Still away (tried 2 times).")):
        backoff.wait_s(TransientError("Still away."))
    with pytest.raises(DownloadError, match=r"^Away\.$"):
        Backoff(4).wait_s(TransientError("Away.", asked_s=61.0))


def test_retry_after_is_a_number_or_a_date_by_the_servers_clock() -> None:
    def date(seconds: float) -> str:
        return email.utils.formatdate(seconds, usegmt=True)

    assert asked_wait_s({"Retry-After": "120"}) == 120
    assert asked_wait_s({"Retry-After": date(1_000_090)}, lambda: 1_000_000) == 90
    assert asked_wait_s({"Retry-After": date(500), "Date": date(488)}, lambda: 1_000_000) == 12
    assert asked_wait_s({"Retry-After": date(10)}, lambda: 1_000_000) == 0
    for nonsense in ("", "-5", "soon", "1e9", "٣", "9" * 5000, "Mon, 99 Foo 99999 99:99:99 GMT"):
        assert 0 <= asked_wait_s({"Retry-After": nonsense}) <= 10**9
    assert asked_wait_s({}) == 0
