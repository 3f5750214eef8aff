"""What a good server does, and what the image server does under bad network conditions: over real sockets."""

from __future__ import annotations

import http.client
import io
import socket
import time
from email.utils import parsedate_to_datetime
from typing import NamedTuple

import pytest
from PIL import Image

from tests.support.image_site import AGES, address, configure, facts
from workers.image_server.conditions import FOR_EVER, PROFILES, Fault, NetworkConditions, fault
from workers.image_server.process import PICTURES, ImageServer
from workers.image_server.request import byte_range, parse

WHOLE = (PICTURES / "00.jpg").read_bytes()


class Got(NamedTuple):
    """An answer; `body` is what came of it, `whole` whether the client library took it for all."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes
    whole: bool = True


def get(server: ImageServer, path: str, method: str = "GET", **headers: str) -> Got:
    """One answer, on a connection of its own."""
    client = http.client.HTTPConnection(*address(server), timeout=5)
    try:
        client.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = client.getresponse()
        try:
            return Got(answer.status, answer.headers, answer.read())
        except http.client.IncompleteRead as error:
            return Got(answer.status, answer.headers, error.partial, whole=False)
    finally:
        client.close()


def brew(server: ImageServer, **rates: float) -> tuple[NetworkConditions, str]:
    """Set the network conditions; returns them and the path of a new run, in which every attempt is a first one."""
    configure(server, **rates)
    return server.settings, "/" + server.begin_run().split("/", 3)[3]


def picture(
    network: NetworkConditions, kind: str, form: int = 0, forms: int = 1, times: int = 1
) -> tuple[int, Fault]:
    """The first picture that is number 0 of the files and that goes wrong as asked."""
    for number in range(0, 480_000, 48):
        found = fault(network, number)
        if found is not None and (found.kind, found.variant % forms, found.times) == (kind, form, times):
            return number, found
    raise AssertionError("there is none")


def until_silent(client: socket.socket) -> bytes:
    """What comes before nothing comes for as long as the socket's time-out."""
    came = b""
    while True:
        try:
            piece = client.recv(1 << 20)
        except TimeoutError:
            return came
        assert piece, "the server closed the connection"
        came += piece


# ---------------------------------------------------------------- a good server


def test_a_picture_tells_what_it_is(server: ImageServer) -> None:
    """The tag is strong and the same for HEAD, GET and the same picture under another number."""
    got, head, again = (
        get(server, "/pictures/0"),
        get(server, "/pictures/0", "HEAD"),
        get(server, "/pictures/48"),
    )
    assert got.body == WHOLE
    assert head.body == b""
    for name in ("ETag", "Last-Modified", "Accept-Ranges", "Content-Length", "Content-Type"):
        assert got.headers[name] == head.headers[name] == again.headers[name]
    assert got.headers["ETag"].startswith('"')
    assert got.headers["ETag"] != get(server, "/pictures/1", "HEAD").headers["ETag"]
    date = parsedate_to_datetime(got.headers["Last-Modified"])
    assert date.timestamp() == int((PICTURES / "00.jpg").stat().st_mtime)


@pytest.mark.parametrize(
    ("wanted", "begin", "end"),
    [
        ("bytes=0-99", 0, 100),
        ("bytes=1000-", 1000, len(WHOLE)),
        ("bytes=-10", -10, None),
        ("bytes=5-99999999", 5, None),
    ],
)
def test_a_range_is_206(server: ImageServer, wanted: str, begin: int, end: int | None) -> None:
    got = get(server, "/pictures/0", Range=wanted)
    first = begin % len(WHOLE)
    assert got.status == 206
    assert got.body == WHOLE[begin:end]
    assert got.headers["Content-Range"] == f"bytes {first}-{first + len(got.body) - 1}/{len(WHOLE)}"
    assert got.headers["ETag"]


@pytest.mark.parametrize(
    "wanted", ["bytes=0-1,4-5", "bytes=-", "bytes=9-3", "bytes = 0-1", "lines=1-2", "bytes=x-"]
)
def test_a_range_that_is_none_is_passed_over(server: ImageServer, wanted: str) -> None:
    got = get(server, "/pictures/0", Range=wanted)
    assert (got.status, len(got.body)) == (200, len(WHOLE))
    assert "Content-Range" not in got.headers


@pytest.mark.parametrize("wanted", [f"bytes={len(WHOLE)}-", "bytes=-0", "bytes=999999999-9999999999"])
def test_a_range_behind_the_end_is_416(server: ImageServer, wanted: str) -> None:
    got = get(server, "/pictures/0", Range=wanted)
    assert got.status == 416
    assert got.headers["Content-Range"] == f"bytes */{len(WHOLE)}"


def test_if_range_takes_the_tag_or_the_date_and_else_sends_all(server: ImageServer) -> None:
    """A part of another picture must never be joined to this one."""
    head = get(server, "/pictures/0", "HEAD", Range="bytes=5-").headers
    assert "Content-Range" not in head  # Range is for GET alone
    for validator in (head["ETag"], head["Last-Modified"]):
        assert get(server, "/pictures/0", Range="bytes=5-", If_Range=validator).status == 206
    for validator in ('"other"', f"W/{head['ETag']}", "Thu, 01 Jan 1970 00:00:00 GMT"):
        got = get(server, "/pictures/0", Range="bytes=5-", If_Range=validator)
        assert (got.status, got.body) == (200, WHOLE)


def test_ranges_are_those_of_python_s_slices() -> None:
    body = b"012345"
    for first in range(8):
        for last in range(first, 9):
            if first < len(body):
                assert (
                    body[slice(*byte_range(b"bytes=%d-%d" % (first, last), 6) or (9, 9))]
                    == body[first : last + 1]
                )
            else:
                with pytest.raises(ValueError, match="byte"):
                    byte_range(b"bytes=%d-%d" % (first, last), 6)
    with pytest.raises(ValueError, match="byte"):
        byte_range(b"bytes=0-", 0)


def test_the_name_of_a_file_is_told_as_asked(server: ImageServer) -> None:
    """Whatever it is, but for what would end the header: the client has to distrust it."""
    said = get(server, "/pictures/0?name=sunset.jpg").headers["Content-Disposition"]
    assert said == "attachment; filename=\"sunset.jpg\"; filename*=UTF-8''sunset.jpg"
    said = get(server, "/pictures/0?name=../%22caf%C3%A9%0D%0AX-Evil:%201").headers["Content-Disposition"]
    assert said.startswith('attachment; filename="../_caf___X-Evil: 1"')
    assert said.endswith("UTF-8''..%2F%22caf%C3%A9%0D%0AX-Evil%3A%201")
    assert get(server, "/pictures/0").headers["Content-Disposition"] is None


def test_the_head_of_a_request_is_read() -> None:
    parsed = parse(b'GET /a?b HTTP/1.1\r\nRange: bytes=1-\r\nIF-RANGE:"x"\r\nConnection: close')
    assert parsed is not None
    request, keep_alive = parsed
    assert (request.path, request.range, request.if_range, keep_alive) == ("/a?b", b"bytes=1-", b'"x"', False)


# ---------------------------------------------------------------- bad network conditions


@pytest.mark.parametrize(("form", "status"), [(0, 503), (1, 500), (2, 429), (3, 502)])
def test_errors_come_once_and_say_when_to_ask_again(server: ImageServer, form: int, status: int) -> None:
    network, run = brew(server, error_rate=1.0)
    number, _ = picture(network, "error", form, 4)
    first = get(server, f"{run}/pictures/{number}")
    assert first.status == status
    assert first.headers["Retry-After"] == ("1" if status in {429, 503} else None)
    assert get(server, f"{run}/pictures/{number}").body == WHOLE


def test_some_go_wrong_twice_and_some_for_ever_and_a_new_run_begins_anew(server: ImageServer) -> None:
    network, run = brew(server, error_rate=1.0)
    twice, ever = (picture(network, "error", times=times)[0] for times in (2, FOR_EVER))

    def tries(run: str, number: int) -> list[bool]:
        return [get(server, f"{run}/pictures/{number}").status == 200 for _ in range(4)]

    assert tries(run, twice) == [False, False, True, True]
    assert not any(tries(run, ever))
    _, anew = brew(server)
    assert tries(anew, twice) == [False, False, True, True]


@pytest.mark.parametrize("form", [0, 1, 2])
def test_a_cut_can_be_seen_but_where_there_is_no_length(server: ImageServer, form: int) -> None:
    network, run = brew(server, cut_rate=1.0)
    number, found = picture(network, "cut", form, 3)
    got = get(server, f"{run}/pictures/{number}")
    assert got.status == 200
    assert WHOLE.startswith(got.body)
    assert len(got.body) == int(found.place * len(WHOLE))
    assert got.whole is (form == 1)  # a body without a length ends where it ends
    assert ("Content-Length" in got.headers) is (form == 0)
    rest = get(
        server, f"{run}/pictures/{number}", Range=f"bytes={len(got.body)}-", If_Range=got.headers["ETag"]
    )
    assert rest.status == 206
    assert got.body + rest.body == WHOLE


def test_a_part_is_cut_too(server: ImageServer) -> None:
    network, run = brew(server, cut_rate=1.0)
    number, _ = picture(network, "cut", times=FOR_EVER, form=0, forms=3)
    sizes = [len(get(server, f"{run}/pictures/{number}", Range="bytes=1000-").body) for _ in range(2)]
    assert 0 < sizes[0] == sizes[1] < len(WHOLE) - 1000


def test_what_comes_in_place_of_a_picture(server: ImageServer) -> None:
    """A page, half a picture and noise: each with status 200, as image/jpeg, whole by its length."""
    network, run = brew(server, wrong_rate=1.0)
    for form in range(3):
        number, _ = picture(network, "wrong", form, 3)
        got = get(server, f"{run}/pictures/{number}", Range="bytes=0-9")
        assert (got.status, got.headers["Content-Type"], got.whole) == (200, "image/jpeg", True)
        assert got.body.startswith((b"<!DOCTYPE", WHOLE[:1000], b"\x01\x02\x03")[form])
        assert got.body != WHOLE
        with (
            pytest.raises(OSError, match=r"truncated|cannot identify"),
            Image.open(io.BytesIO(got.body)) as image,
        ):
            image.load()
        assert get(server, f"{run}/pictures/{number}").body == WHOLE


@pytest.mark.parametrize("before_headers", [True, False])
@pytest.mark.parametrize("bandwidth_kib", [0, 1_000_000])
def test_a_silence_ends_when_its_conditions_do(
    server: ImageServer, before_headers: bool, bandwidth_kib: int
) -> None:
    network, run = brew(server, stall_rate=1.0, stall_s=AGES, bandwidth_kib=bandwidth_kib)
    number, found = picture(network, "stall", int(before_headers), 2)
    with socket.create_connection(address(server), timeout=0.1) as client:
        client.sendall(b"GET %s/pictures/%d HTTP/1.1\r\nConnection: close\r\n\r\n" % (run.encode(), number))
        came = until_silent(client)
        head, _, body = came.partition(b"\r\n\r\n")
        assert body == (b"" if before_headers else WHOLE[: int(found.place * len(WHOLE))])
        assert bool(head) is not before_headers
        configure(server, stall_rate=0.0)
        client.settimeout(5)
        came += b"".join(iter(lambda: client.recv(1 << 20), b""))
    assert came.endswith(b"\r\n\r\n" + WHOLE)


def test_a_silence_of_a_set_time_only_delays(server: ImageServer) -> None:
    network, run = brew(server, stall_rate=1.0, stall_s=0.05)
    number, _ = picture(network, "stall", 0, 2)
    began = time.perf_counter()
    assert get(server, f"{run}/pictures/{number}").body == WHOLE
    assert time.perf_counter() - began >= 0.05


def test_pipelined_requests_go_on_behind_an_error(server: ImageServer) -> None:
    network, run = brew(server, error_rate=1.0)
    number, _ = picture(network, "error")
    ask = f"GET {run}/pictures/{number} HTTP/1.1\r\n"
    with socket.create_connection(address(server), timeout=5) as client:
        client.sendall(f"{ask}\r\n{ask}Connection: close\r\n\r\n".encode())
        came = b"".join(iter(lambda: client.recv(1 << 20), b""))
    assert came.count(b"HTTP/1.1 ") == 2
    assert came.endswith(WHOLE)


def test_head_and_the_facts_are_spared(server: ImageServer) -> None:
    _, run = brew(server, error_rate=1.0, cut_rate=1.0)
    assert get(server, f"{run}/pictures/0", "HEAD").status == 200
    assert facts(server)["error_rate"] == 1.0
    assert facts(server, run)["served"] == 0


def test_what_went_wrong_is_counted_and_told(server: ImageServer) -> None:
    """By its address, and by itself: the program need not ask."""
    network = PROFILES["stormy"]._replace(latency_ms=0, bandwidth_kib=0, stall_s=0)
    _, run = brew(server, **network._asdict())
    for number in range(60):
        get(server, f"{run}/pictures/{number}")
    told = facts(server, run)
    expected = [found.kind for number in range(60) if (found := fault(network, number)) is not None]
    assert told["served"] == 60
    assert told["went_wrong"] == len(expected) > 10
    assert [told[kind] for kind in ("error", "stall", "cut", "wrong")] == [
        expected.count(kind) for kind in ("error", "stall", "cut", "wrong")
    ]
    deadline = time.monotonic() + 5
    while server.fault_counts.served < 60:
        assert time.monotonic() < deadline, "it was never told"
        facts(server)  # takes a moment
    assert server.fault_counts._asdict() == {name: told[name] for name in server.fault_counts._fields}
    server.begin_run()
    assert server.fault_counts.served == 0


def test_a_run_that_is_none_is_404(server: ImageServer) -> None:
    for path in ("/runs/x/pictures/1", "/runs//pictures/1", "/runs/1/nothing", "/runs/1/pictures/"):
        assert get(server, path).status == 404
    assert facts(server, "/runs/12345")["served"] == 0
