"""Downloads of a queue: whatever ends them, each file is there once and whole, and what had come is gone on with."""

from __future__ import annotations

import errno
import hashlib
import os
import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.download_queues import promise
from tests.support.misbehaving_server import Connection, MisbehavingServer, closing, picture, response
from tests.support.patience import AT_ONCE_S
from tests.support.single_downloads import Download
from workers.downloads import part, transfer
from workers.downloads.finish import WAY_OUT
from workers.downloads.queue import DownloadQueue
from workers.downloads.queue_file import QueueProblem
from workers.downloads.resume import Source
from workers.engine.task import Phase
from workers.utils.file_lock import lock
from workers.workloads import download
from workers.workloads.download import plan

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.misbehaving_server import Answer
    from workers.downloads.queue import Item

JPEG = picture("JPEG")
SHA256 = hashlib.sha256(JPEG).hexdigest()
ETAG = '"1"'
CUT = 5000
pytestmark = pytest.mark.usefixtures("form", "quick_retries")


class Queued:
    """A queue with one download, and how far it is.

    Attributes:
        server: where it comes from, as /a.jpg.
        queue: as the program that plans sees it.
        folder: where it goes.
    """

    def __init__(self, server: MisbehavingServer, root: Path) -> None:
        self.server = server
        self.folder = root / "pictures"
        self.folder.mkdir()
        self.queue = DownloadQueue(root / "queue.sqlite")
        self.queue.add([f"{server.url}/a.jpg"], str(self.folder))

    @property
    def item(self) -> Item:
        return self.queue.items()[0]

    @property
    def part(self) -> str:
        return self.queue.part(self.item)

    def download(self, answer: Answer, **params: Any) -> Download:
        """What the queue's item becomes by this answer; not begun yet."""
        url = self.server.at("/a.jpg", answer)
        return Download(url, self.folder, queue=self.queue.path, item=self.item.id, **params)

    def left(self, size: int, *, promised: str = "", source: Source | None = None) -> None:
        """Let it be as a program left it that was killed."""
        with open(self.part, "wb") as file:
            file.write(JPEG[:size])
        if source is not None:
            self.queue.set_validator(self.item.id, source.text())
        if promised:
            promise(self.queue, self.item.id, promised, size)

    def check_done(self, name: str = "a.jpg") -> None:
        """It is done, and nothing else is left."""
        assert self.item[3:8] == (name, "done", "", len(JPEG), SHA256)
        assert (self.folder / name).read_bytes() == JPEG
        assert not os.path.exists(self.part)


@pytest.fixture
def queued(server: MisbehavingServer, tmp_path: Path) -> Iterator[Queued]:
    made = Queued(server, tmp_path)
    yield made
    made.queue.close()


def ranged(connection: Connection) -> None:
    """A server that knows Range."""
    first = connection.first
    if first:
        span = f"bytes {first}-{len(JPEG) - 1}/{len(JPEG)}"
        connection.send(response(JPEG[first:], "206 Partial Content", Content_Range=span, ETag=ETAG))
    else:
        connection.send(response(JPEG, ETag=ETAG))


def stalls(connection: Connection) -> None:
    connection.send(response(JPEG, ETag=ETAG)[: len(response(length=len(JPEG), ETag=ETAG)) + CUT])
    connection.server.closing.wait(0.1)  # until they have come
    connection.stall()


def ranges(queued: Queued) -> list[str]:
    """What was asked for by Range, by each request."""
    found = [
        [line for line in head.split("\r\n") if line.lower().startswith("range: ")]
        for head in queued.server.heads
    ]
    return [lines[0].partition("=")[2] if lines else "" for lines in found]


def test_a_whole_file_is_done_with_its_name_size_and_hash(queued: Queued) -> None:
    found = queued.download(response(JPEG)).run()
    assert found.result.name == "a.jpg"
    queued.check_done()
    again = queued.download(response(JPEG)).run().result
    assert again.name == "a.jpg", "whoever comes again finds it done"
    assert again.path == found.result.path
    assert len(queued.server.requests) == 1


def test_its_name_is_free_or_numbered(queued: Queued) -> None:
    (queued.folder / "a.jpg").write_bytes(b"mine")
    assert queued.download(response(JPEG)).run().result.name == "a (2).jpg"
    queued.check_done("a (2).jpg")
    assert (queued.folder / "a.jpg").read_bytes() == b"mine"


def test_after_a_cancel_it_goes_on_where_it_was(queued: Queued) -> None:
    found = queued.download(stalls)
    found.start()
    assert queued.server.reached.wait(5)
    while not os.path.exists(queued.part) or (found.form == "plain" and not os.path.getsize(queued.part)):
        queued.server.closing.wait(0.002)
    assert found.cancelled_after() < AT_ONCE_S
    assert found.phase == Phase.CANCELLED
    assert queued.item.state == "waiting"
    assert found.files == [os.path.basename(queued.part)]
    have = os.path.getsize(queued.part)
    assert have
    again = queued.download(ranged).run()
    assert again.phase == Phase.DONE
    assert ranges(queued) == ["", f"{have}-"]
    assert again.events[-1].amount == len(JPEG)
    queued.check_done()


def test_what_fails_says_why_and_can_be_gone_on_with(queued: Queued) -> None:
    queued.download(
        closing(response(JPEG, ETag=ETAG)[: len(response(length=len(JPEG), ETag=ETAG)) + CUT])
    ).run()
    assert (queued.item.state, queued.item.why) == (
        "failed",
        "The connection ended before the whole file had come.",
    )
    assert os.path.getsize(queued.part) == CUT
    queued.queue.retry()
    assert queued.download(ranged).run().phase == Phase.DONE
    assert ranges(queued) == ["", f"{CUT}-"]
    queued.check_done()


class SmallDisk:
    """Stands in for `os` where parts are written: there is room for CUT bytes."""

    def __init__(self, number: int) -> None:
        self._number, self._left = number, CUT

    def __getattr__(self, name: str) -> Any:
        return getattr(os, name)

    def write(self, file: int, data: bytes) -> int:
        if not self._left:
            raise OSError(self._number, os.strerror(self._number))
        written = os.write(file, data[: self._left])
        self._left -= written
        return written


@pytest.mark.parametrize("tells_queue", [True, False])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_what_a_full_disk_took_is_gone_on_with_when_there_is_room(
    queued: Queued, number: int, tells_queue: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the queue, on the same disk, cannot be told of the failure."""

    def full(queue: DownloadQueue, item: int, why: str) -> None:
        raise QueueProblem("The queue cannot be written: the disk is full. Make room, then start again.")

    with monkeypatch.context() as changed:
        changed.setattr(part, "os", SmallDisk(number))
        changed.setattr(transfer, "HELD_BYTES", 1)
        changed.setattr(download, "HELD_BYTES", 1)
        changed.setattr(transfer, "NOTE_BYTES", 1)
        if not tells_queue:
            changed.setattr(DownloadQueue, "failed", full)
        error = queued.download(ranged).run().error
    assert re.search(r"a[.]jpg cannot be written: (the disk|what you|files may) .*another.*[.]$", error)
    assert queued.item.state == ("failed" if tells_queue else "waiting")
    assert os.path.getsize(queued.part) == CUT
    queued.queue.retry()
    assert queued.download(ranged).run().phase == Phase.DONE
    assert ranges(queued) == ["", f"{CUT}-"]
    queued.check_done()


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (response(b"<html>"), f"The server sent a web page, not a picture. {WAY_OUT}"),
        (response(b"no", "404 Not Found"), "The server answered 404 Not Found."),
        (response(JPEG[:CUT]), f"The picture is not whole: its end is missing. {WAY_OUT}"),
        (
            response(b"", length=10**12),
            "The file is too large: 1,000,000,000,000 bytes, and 104,857,600 are allowed. "
            "To take larger ones, raise Max size.",
        ),
        (closing(response(JPEG)[:CUT]), "The connection ended before the whole file had come."),
    ],
)
def test_what_nobody_can_go_on_with_does_not_stay(answer: Answer, words: str, queued: Queued) -> None:
    found = queued.download(answer).run()
    assert found.phase == Phase.FAILED
    assert (queued.item.state, queued.item.why) == ("failed", words)
    assert found.files == []


def test_a_part_of_which_nothing_is_known_is_begun_anew(queued: Queued) -> None:
    queued.left(CUT)
    assert queued.download(ranged).run().phase == Phase.DONE
    assert ranges(queued) == [""]
    queued.check_done()


def test_a_part_of_another_file_is_begun_anew(queued: Queued) -> None:
    queued.left(CUT, source=Source(f"{queued.server.url}/a.jpg", '"0"', 9999))
    assert queued.download(response(JPEG, ETag=ETAG)).run().phase == Phase.DONE
    assert ranges(queued) == [f"{CUT}-"]
    queued.check_done()


def test_killed_when_it_was_whole_it_is_not_fetched_again(queued: Queued) -> None:
    queued.left(len(JPEG), source=Source(f"{queued.server.url}/a.jpg", ETAG, len(JPEG), "of the server.jpg"))
    found = queued.download(ranged).run()
    assert found.result.name == "of the server.jpg"
    assert queued.server.requests == []
    queued.check_done("of the server.jpg")


def test_where_nobody_knows_the_size_the_server_tells_that_it_is_whole(queued: Queued) -> None:
    queued.left(len(JPEG), source=Source(f"{queued.server.url}/a.jpg", ETAG, None))
    whole = response(b"", "416 Range Not Satisfiable", Content_Range=f"bytes */{len(JPEG)}")
    assert queued.download(whole).run().phase == Phase.DONE
    queued.check_done()


def test_killed_after_the_promise_it_is_moved(queued: Queued) -> None:
    (queued.folder / "a.jpg").write_bytes(b"of somebody else, made in that moment")
    queued.left(len(JPEG), promised="a.jpg", source=Source(f"{queued.server.url}/a.jpg", ETAG, len(JPEG)))
    assert queued.download(ranged).run().result.name == "a (2).jpg"
    queued.check_done("a (2).jpg")


@pytest.mark.parametrize("part_is_left", [False, True])
def test_killed_after_the_move_it_is_done(part_is_left: bool, queued: Queued) -> None:
    """A worker's process that was killed: its task is run once more by the same program, which settles nothing."""
    queued.left(len(JPEG), promised="a.jpg")
    os.link(queued.part, queued.folder / "a.jpg")
    if not part_is_left:
        os.unlink(queued.part)
    assert queued.download(ranged).run().result.name == "a.jpg"
    assert queued.item.state == "done"
    assert queued.server.requests == []
    assert sorted(os.listdir(queued.folder)) == ["a.jpg"]


def test_a_part_that_has_another_name_too_is_never_written_to(queued: Queued) -> None:
    queued.left(CUT, source=Source(f"{queued.server.url}/a.jpg", ETAG, len(JPEG)))
    os.link(queued.part, queued.folder / "of somebody.jpg")
    assert queued.download(ranged).run().phase == Phase.DONE
    assert (queued.folder / "of somebody.jpg").read_bytes() == JPEG[:CUT]
    queued.check_done()


def test_two_processes_never_write_to_one_part(queued: Queued) -> None:
    """One that outlives its program for a moment, and one of the next program."""
    queued.left(CUT, source=Source(f"{queued.server.url}/a.jpg", ETAG, len(JPEG)))
    other = os.open(queued.part, os.O_RDWR)
    try:
        assert lock(other)
        found = queued.download(ranged, tries=2).run()
        assert "Another process is still at work on this file (tried 2 times)." in found.error
        assert os.path.getsize(queued.part) == CUT
    finally:
        os.close(other)


def test_what_was_taken_out_of_the_queue_is_not_kept(queued: Queued) -> None:
    def answer(connection: Connection) -> None:
        queued.queue.remove([1])
        connection.send(response(JPEG))

    found = queued.download(answer)
    assert "It was taken out of the queue meanwhile." in found.run().error
    assert found.files == []
    item = Download(queued.server.url + "/a.jpg", queued.folder, queue=queued.queue.path, item=1)
    assert "It was taken out of the queue meanwhile." in item.run().error


def test_a_hash_that_the_queue_knows_is_compared(queued: Queued) -> None:
    found = queued.download(response(JPEG), sha256="0" * 64).run()
    assert "Its SHA-256 is not the one that was given" in found.error
    assert queued.item.state == "failed"
    assert found.files == []


def test_it_is_planned_from_what_is_unfinished(queued: Queued, tmp_path: Path) -> None:
    def nobody() -> str:
        raise AssertionError("no image server is wanted")

    text = tmp_path / "urls.txt"
    text.write_text(f"{queued.server.url}/a.jpg {queued.server.url}/b.jpg http://other/c.jpg")
    path, folder = queued.queue.path, str(queued.folder)
    rows = plan(1, 1, nobody, urls=str(text), folder=folder, queue=path)
    assert [(row["url"].rpartition("/")[2], row["item"]) for row in rows] == [
        ("a.jpg", 1),
        ("c.jpg", 3),
        ("b.jpg", 2),
    ]
    assert {row["queue"] for row in rows} == {path}
    assert len(plan(1, 1, nobody, urls=str(text), folder=folder, queue=path)) == 3, (
        "what is in it is not put in again"
    )
    queued.queue.done(1, "a.jpg", 3)
    assert [row["item"] for row in plan(9, 1, nobody, queue=path)] == [2, 3]
    queued.queue.failed(2, "Away.")
    queued.queue.failed(3, "Away.")
    with pytest.raises(ValueError, match=r"Nothing is left to do in the queue .*: 1 are done, 2 have failed"):
        plan(1, 1, nobody, queue=path)
    with pytest.raises(ValueError, match="choose a folder"):
        plan(1, 1, nobody, urls=str(text), queue=path)


@pytest.mark.parametrize("fields", [{"ETag": ETAG}, {}])
def test_the_queue_learns_how_large_a_large_file_will_be(
    fields: dict[str, str], queued: Queued, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transfer, "NOTE_BYTES", CUT)
    monkeypatch.setattr(download, "HELD_BYTES", 0)
    seen: list[int] = []

    def answer(connection: Connection) -> None:
        whole = response(JPEG, **fields)
        connection.send(whole[:-100])
        while not seen or not seen[-1]:
            seen.append(queued.item.size)
            connection.server.closing.wait(0.002)
        connection.send(whole[-100:])

    assert queued.download(answer).run().phase == Phase.DONE
    assert seen[-1] == len(JPEG)
    queued.check_done()
