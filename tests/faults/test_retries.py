"""What passes is tried again, as the server asks; what does not pass is told at once, or after the last try."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

import pytest

from tests.support.download_session import FOUR
from tests.support.misbehaving_server import Connection, in_turn, picture, resetting, response, stalling
from workers.transport import retry

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.download_session import House
    from tests.support.misbehaving_server import Answer

JPEG = picture()
HALF = len(JPEG) // 2
TRIES = 3
CLOSE = {"Connection": "close"}
WHOLE = response(JPEG, **CLOSE)
CUT = response(JPEG, ETag='"one"', **CLOSE)[:-HALF]
BUSY = "503 Service Unavailable"


def passing() -> tuple[Answer, ...]:
    """Answers that are good in the end; each remembers how often it was asked for."""
    return (
        in_turn(response(b"", BUSY, Retry_After="0", **CLOSE), WHOLE),
        in_turn(response(b"", "429 Too Many Requests", **CLOSE), WHOLE),
        in_turn(response(b"", "408 Request Timeout", **CLOSE), response(b"", "500 Oh", **CLOSE), WHOLE),
        in_turn(resetting(b""), WHOLE),
        in_turn(resetting(CUT), WHOLE),
        in_turn(lambda connection: None, WHOLE),
        in_turn(stalling(WHOLE[:20]), WHOLE),
        in_turn(stalling(CUT), WHOLE),
        in_turn(CUT, resetting(b""), WHOLE),
    )


LASTING: tuple[tuple[Answer, int, str], ...] = (
    (response(b"", BUSY), TRIES, rf"answered 503 Service Unavailable \(tried {TRIES} times\)\.$"),
    (stalling(b""), TRIES, rf"sent nothing for 0.4 s \(tried {TRIES} times\)\.$"),
    (resetting(CUT), TRIES, rf"broke the connection off \(tried {TRIES} times\)\.$"),
    (response(b"", BUSY, Retry_After="3600"), 1, r"503 Service Unavailable and asks to come back in 3,600 s"),
    (response(b"", "404 Not Found", Retry_After="0"), 1, r"answered 404 Not Found\.$"),
    (response(b"", "403 Forbidden"), 1, r"answered 403 Forbidden\.$"),
    (response(b"", "410 Gone"), 1, r"answered 410 Gone\.$"),
    (
        response(b"<html>"),
        1,
        r"a web page, not a picture\. To keep such files as they are, turn off Only pictures\.$",
    ),
    (
        response(JPEG[:-HALF], length="", **CLOSE),
        TRIES,
        rf"its end is missing \(tried {TRIES} times\)\. To keep such files as they are, turn off Only pictures\.$",
    ),
)
"""What is answered, how often it is asked for, and what is said in the end."""


@pytest.mark.parametrize("runner", FOUR)
def test_what_passes_is_tried_again_and_what_lasts_is_told(
    runner: str, house: Callable[[str], House], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retry, "BASE_S", 0.01)  # processes of their own wait as long as they always do
    made = house(runner)
    moments: list[float] = []
    slow_down = in_turn(response(b"", BUSY, Retry_After="1", **CLOSE), WHOLE)
    others = passing() if runner != "process_pool" else passing()[:4]
    resumed = in_turn(CUT, rest)

    def noted(connection: Connection) -> None:
        moments.append(time.monotonic())
        slow_down(connection)

    made.download(
        made.serve(noted, resumed, *others, *(answer for answer, _, _ in LASTING)),
        workers=8 if runner != "process_pool" else 4,
        stall_s=0.4,
        tries=TRIES,
    )
    run = made.finish()
    good = 2 + len(others)
    for index, (_, asked, words) in enumerate(LASTING, good):
        assert re.search(words, made.error(index)), made.error(index)
        assert made.server.requests.count(f"GET /{index}.jpg HTTP/1.1") == asked, made.error(index)
    assert (run.recorder.done, run.recorder.failed) == (good, len(LASTING)), run.recorder.errors
    assert made.files == sorted(f"{index}.jpg" for index in range(good))
    assert {(made.folder / name).read_bytes() for name in made.files} == {JPEG}
    assert moments[1] - moments[0] >= 1.0, "the server asked to wait for a second"
    heads = [head for head in made.server.heads if head.startswith("GET /1.jpg ")]
    assert [bool(re.search(rf"Range: bytes={len(JPEG) - HALF}-\r", head)) for head in heads] == [False, True]


def rest(connection: Connection) -> None:
    """Send what is missing, if that is what is wanted."""
    first = connection.first
    assert connection.asked("If-Range") == '"one"'
    whole = f"bytes {first}-{len(JPEG) - 1}/{len(JPEG)}"
    connection.send(response(JPEG[first:], "206 Partial Content", Content_Range=whole, ETag='"one"'))
