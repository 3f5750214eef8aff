"""Headers never make a download raise what nobody expects, and a file that was resumed is whole or it is not there."""

from __future__ import annotations

import math
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, event, example, given, settings
from hypothesis import strategies as st

from tests.support.misbehaving_server import Connection, MisbehavingServer, chunked, response
from tests.support.single_downloads import Download
from workers.downloads import resume
from workers.engine.task import Phase
from workers.transport import answers, retry
from workers.transport.errors import DownloadError
from workers.transport.http.destination import destination
from workers.transport.http.heads import ONCE

pytestmark = pytest.mark.examples

NUMBERS = st.one_of(
    st.integers().map(str), st.sampled_from(["", "-0", "0x10", "1e9", "٣", "9" * 5000, "+1", " 1", "1,1"])
)
RANGES = st.builds(
    "{}{}-{}/{}".format,
    st.sampled_from(["bytes ", "bytes=", "", "items ", "bytes */"]),
    NUMBERS,
    NUMBERS,
    NUMBERS,
)
DATES = st.sampled_from(
    [
        "Wed, 21 Oct 2015 07:28:00 GMT",
        "Wed, 21 Oct 99999 07:28:00 GMT",
        "0 0 0 0",
        "Thu, 32 Foo 2020 99:99:99 +9999",
    ]
)
VALUES = st.one_of(st.text(), st.text(st.characters(codec="latin-1")), NUMBERS, RANGES, DATES)
HEADERS = st.dictionaries(
    st.sampled_from([*ONCE, "Content-Encoding", "Content-Length", "Transfer-Encoding"]), VALUES
)
SOURCES = st.builds(
    resume.Source,
    st.just("http://a/"),
    st.sampled_from(["", '"a"', "yesterday"]),
    total=st.none() | st.integers(0),
)


@given(HEADERS)
@example({"Retry-After": "9" * 5000})
@example({"Retry-After": "inf"})
def test_any_retry_after_is_a_time_to_wait(headers: dict[str, str]) -> None:
    wait_s = retry.asked_wait_s(headers)
    assert wait_s >= 0
    assert math.isfinite(wait_s)


@given(HEADERS, SOURCES, st.integers(1))
def test_any_headers_say_where_to_go_on_or_nothing(
    headers: dict[str, str], source: resume.Source, at: int
) -> None:
    total = None
    with suppress(DownloadError):  # by the length, which makes no sense
        total = resume.goes_on(headers, source, at)
    assert total is None or (total > at and source.total in {None, total})
    if resume.is_all(headers, source, at):
        assert source.total in {None, at}
    validator = resume.validator_of(headers, 1e9)
    assert "\r" not in validator
    assert "\n" not in validator
    assert not validator.startswith("W/")
    kept = resume.Source.read(source.text(), source.url) if hasattr(source, "text") else source
    assert kept.url == source.url


@given(st.text(), st.text())
def test_any_note_of_a_queue_gives_a_source_of_its_address(text: str, url: str) -> None:
    assert resume.Source.read(text, url).url == url


@given(st.sampled_from(["http://a/b", "https://a/b?c"]), st.integers(0, 999), st.text(), HEADERS)
@example("https://a/", 302, "", {"Location": "http://["})
@example("http://a/", 307, "", {"Location": "//[::"})
def test_any_answer_leads_on_or_is_told_in_a_sentence(
    url: str, status: int, reason: str, headers: dict[str, str]
) -> None:
    answer = answers.Answer(url, status, reason, headers)
    for look in (
        lambda: destination(answers.sent_on_to(answer)),
        lambda: answers.length_of(headers),
    ):
        said = "."
        try:
            look()
        except DownloadError as error:
            said = str(error)
        assert said.endswith(".")


class Step(NamedTuple):
    """What the server does at one request.

    Attributes:
        way: what it answers.
        version: which of the two files it has just then.
        at: a place in the file.
        validator: how the file is told from others: "strong", "weak", "date" or "none".
        heeds: whether it heeds If-Range; with a strong validator only, for else nobody could tell.
        is_chunked: whether it gives no length.
    """

    way: str
    version: int
    at: int
    validator: str
    heeds: bool
    is_chunked: bool


WAYS = (
    *("whole", "cut", "cut", "range", "range", "range cut", "range from elsewhere", "range of another size"),
    *(
        "range up to a byte before the end",
        "all is there",
        "out of range",
        "busy",
        "reset",
        "no answer",
        "part unasked",
    ),
)
VALIDATORS = st.sampled_from(("strong", "strong", "strong", "weak", "date", "none"))
BEGINS = st.builds(
    Step,
    st.sampled_from(("cut", "cut", "cut", "cut", "whole", "part unasked", "busy")),
    st.just(0),
    st.integers(0, 40),
    VALIDATORS,
    st.booleans(),
    st.sampled_from((False, False, True)),
)
GOES_ON = st.builds(
    Step,
    st.sampled_from(WAYS),
    st.sampled_from((0, 0, 0, 1)),
    st.integers(0, 40),
    VALIDATORS,
    *[st.booleans()] * 2,
)
STEPS = st.builds(lambda first, rest: [first, *rest], BEGINS, st.lists(GOES_ON, min_size=1, max_size=4))


class Model:
    """A server whose file may change between two requests; what it says of it is true, or can be seen to be wrong."""

    def __init__(self, files: tuple[bytes, bytes], steps: list[Step]) -> None:
        self.files, self.steps = files, list(steps)

    def __call__(self, connection: Connection) -> None:
        step = self.steps.pop(0) if len(self.steps) > 1 else self.steps[0]
        body = self.files[step.version]
        validator = {"strong": f'"{step.version}"', "weak": f'W/"{step.version}"', "none": ""}
        date = f"Wed, 21 Oct {2015 + step.version} 07:28:00 GMT"
        fields = {"ETag": validator[step.validator]} if step.validator != "date" else {"Last-Modified": date}
        fields = {name: text for name, text in fields.items() if text}
        first = connection.first
        wants_range = bool(connection.asked("Range"))
        is_same = connection.asked("If-Range") in fields.values() and step.validator != "weak"
        if wants_range and not is_same and (step.heeds or step.validator != "strong"):
            wants_range = False
        answer, rest = self._answer(step, body, first, wants_range, fields)
        if rest == "reset":
            connection.reset()
        if answer:
            connection.send(answer)

    def _answer(
        self, step: Step, body: bytes, first: int, wants_range: bool, fields: dict[str, str]
    ) -> tuple[bytes, str]:
        size = len(body)
        if step.way == "busy":
            return response(b"", "503 Busy"), ""
        if step.way == "reset":
            return b"", "reset"
        if step.way == "no answer":
            return b"", ""
        if step.way == "part unasked":
            return partial(body, 0, max(1, step.at), size, fields), ""
        if wants_range and first < size:
            if step.way == "range":
                return partial(body, first, size, size, fields), ""
            if step.way == "range cut":
                return partial(body, first, size, size, fields)[: -1 - step.at % max(1, size - first)], ""
            if step.way == "range from elsewhere":
                return partial(body, min(step.at, size - 1), size, size, fields), ""
            if step.way == "range of another size":
                return partial(body, first, size, size + 1 + step.at, fields), ""
            if step.way == "range up to a byte before the end":
                return partial(body, first, max(first + 1, size - 1), size, fields), ""
        if wants_range and step.way == "all is there":
            return response(b"", "416 No", Content_Range=f"bytes */{size}"), ""
        if wants_range and step.way == "out of range":
            return response(b"", "416 No", Content_Range=f"bytes */{step.at}"), ""
        whole = response(body, **fields)
        if step.is_chunked:
            whole = chunked(body)
        return (whole[: -1 - step.at % max(1, size)] if step.way == "cut" else whole), ""


def partial(body: bytes, first: int, end: int, total: int, fields: dict[str, str]) -> bytes:
    """A 206 that says and sends these bytes."""
    said = {**fields, "Content-Range": f"bytes {first}-{end - 1}/{total}"}
    return response(body[first:end], "206 Partial Content", **said)


FILES = st.tuples(st.binary(min_size=4, max_size=40), st.binary(min_size=1, max_size=40))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files=FILES, steps=STEPS)
@example(
    files=(b"0123456789", b"abcdefghij"),
    steps=[Step("cut", 0, 4, "strong", True, False), Step("range", 1, 0, "strong", False, False)],
)
@example(
    files=(b"0123456789", b"abcdefghij"),
    steps=[Step("cut", 0, 4, "date", True, False), Step("range", 0, 0, "date", True, False)],
)
@example(
    files=(b"0123456789", b"abcde"),
    steps=[Step("cut", 0, 4, "strong", True, False), Step("all is there", 1, 0, "strong", False, False)],
)
def test_a_resumed_file_is_one_of_the_servers_or_it_is_not_there(
    files: tuple[bytes, bytes], steps: list[Step], server: MisbehavingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retry, "BASE_S", 0.0)
    server.at("/file.bin", Model(files, steps))
    with tempfile.TemporaryDirectory() as folder:
        found = Download(
            f"{server.url}/file.bin", Path(folder), name="file.bin", only_pictures=False, stall_s=3.0, tries=5
        ).run()
        left = {path.name: path.read_bytes() for path in Path(folder).iterdir()}
        if found.phase == Phase.DONE:
            assert list(left) == ["file.bin"]
            assert left["file.bin"] in files
            event("resumed" if any("Range: " in head for head in server.heads[-5:]) else "in one go")
        else:
            assert found.error.endswith(".")
            assert left == {}
            event("failed")
    server.heads.clear()
