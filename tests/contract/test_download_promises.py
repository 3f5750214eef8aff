"""What every place promises of downloads, in whichever form it does them, by a server that does what it should not."""

from __future__ import annotations

import hashlib
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.misbehaving_server import Connection, MisbehavingServer, in_turn, picture, response
from tests.support.patience import AT_ONCE_S
from tests.support.runner_harness import Harness
from tests.unit.transport.test_faults import FAULTS
from workers.catalog import lookup
from workers.downloads.queue import DownloadQueue
from workers.engine.plan import Settings
from workers.engine.task import Phase
from workers.transport import retry
from workers.utils.formatting import error_line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from PySide6.QtWidgets import QApplication

    from tests.support.misbehaving_server import Answer
    from workers.engine.run import Run

JPEG, PNG = picture("JPEG"), picture("PNG")
RUNNERS = [
    pytest.param(name, marks=pytest.mark.skipif(bool(entry.missing), reason=f"{name} {entry.missing}"))
    for name, entry in lookup.runners().items()
    if entry.traits.gil in {"gui", "shared"} and "TAKES_ORDER" not in entry.constants
]
"""Those in this process, but for the one that lets threads on one at a time."""


class Stage(Harness):
    """A harness that downloads from a server of its own into a folder of its own."""

    def __init__(self, runner: str, folder: Path) -> None:
        super().__init__(runner)
        self.server = MisbehavingServer()
        self.folder = folder / "pictures"
        self._list = folder / "urls.txt"

    def download(self, *answers: Answer, workers: int = 2, **params: Any) -> Run:
        """Begin a run with a download for each answer."""
        urls = [self.server.at(f"/picture-{index}.jpg", answer) for index, answer in enumerate(answers)]
        self._list.write_text("\n".join(urls))
        given = {"urls": str(self._list), "folder": str(self.folder), "tries": 1, **params}
        return self.session.start(
            Settings.named(self.runner, "download", len(urls), workers, tuple(given.items()))
        )

    @property
    def files(self) -> list[str]:
        return sorted(path.name for path in self.folder.iterdir())

    @property
    def errors(self) -> list[str]:
        run = self.session.run
        assert run is not None
        return [error_line(text) for _, text in sorted(run.recorder.errors.items())]


@pytest.fixture(params=RUNNERS)
def stage(request: pytest.FixtureRequest, qapp: QApplication, tmp_path: Path) -> Iterator[Stage]:
    made = Stage(request.param, tmp_path)
    yield made
    closed = made.until(lambda: made.session.close(0))
    made.server.close()
    assert closed


def test_pictures_and_their_thumbnails_arrive(stage: Stage) -> None:
    run = stage.download(*[response(JPEG)] * 9, workers=3)
    stage.finish()
    assert stage.errors == []
    assert (run.recorder.done, run.recorder.amount) == (9, 9 * len(JPEG))
    assert stage.files == [f"picture-{index}.jpg" for index in range(9)]
    assert {(found.width, found.height) for found in stage.results} == {(160, 100)}
    for index in range(9):
        phases = [event.phase for event in stage.events_of(index)]
        assert phases[0] is Phase.STARTED
        assert [phase for phase in phases if phase.is_final] == [Phase.DONE]
    assert len({event.place for event in stage.events}) <= 3


def test_what_goes_wrong_is_told_and_the_rest_goes_on(stage: Stage) -> None:
    stage.download(
        response(JPEG),
        response(b"no", "404 Not Found"),
        response(JPEG[:900]),
        response(b"", "302 Found", Location="/picture-0.jpg"),
        response(b"<html>"),
        response(b"", "302 Found", Location="file:///etc/passwd"),
        response(PNG),
    )
    run = stage.finish()
    assert (run.recorder.done, run.recorder.failed) == (3, 4)
    assert stage.errors == [
        "picture-1.jpg: The server answered 404 Not Found.",
        "picture-2.jpg: The picture is not whole: its end is missing. "
        "To keep such files as they are, turn off Only pictures.",
        "picture-4.jpg: The server sent a web page, not a picture. "
        "To keep such files as they are, turn off Only pictures.",
        "picture-5.jpg: The server sent us on to an address that is no web page: file:///etc/passwd.",
    ]
    assert stage.files == ["picture-0.jpg", "picture-3.jpg", "picture-6.png"]


def test_a_queue_is_downloaded_with_all_that_is_promised(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Gone on with, tried again, named by the server, numbered, refused, and never more at once than agreed."""
    monkeypatch.setattr(retry, "BASE_S", 0.01)
    at_once: list[int] = []
    now: set[int] = set()

    def counted(answer: Answer) -> Answer:
        def count(connection: Connection) -> None:
            now.add(id(connection))
            at_once.append(len(now))
            stage.server.closing.wait(0.01)  # so that others may come
            now.discard(id(connection))
            if callable(answer):
                answer(connection)
            else:
                connection.send(answer)

        return count

    fields = {"ETag": '"1"', "Content_Disposition": "attachment; filename*=UTF-8''se%C3%B1al.jpg"}
    cut = response(JPEG, **fields)[:-3000]
    span = f"bytes {len(JPEG) - 3000}-{len(JPEG) - 1}/{len(JPEG)}"
    rest = response(JPEG[-3000:], "206 Partial Content", Content_Range=span, ETag='"1"')
    urls = [
        stage.server.at("/a.jpg", counted(in_turn(cut, rest))),
        stage.server.at(
            "/b/photo.jpg", counted(in_turn(response(b"", "503 Service Unavailable"), response(JPEG)))
        ),
        stage.server.at("/c/photo.jpg", counted(response(JPEG))),
        stage.server.at("/d.jpg", counted(response(b"no", "404 Not Found"))),
        stage.server.at("/e.jpg", counted(response(JPEG))),
    ]
    stage.folder.mkdir()
    (stage.folder / "e.jpg").write_bytes(b"mine")
    queue = DownloadQueue(stage.folder.parent / "queue.sqlite")
    queue.add(urls, str(stage.folder))
    # A kept connection that the server closed may cost one.
    given = {"queue": queue.path, "per_host": 2, "tries": 3}
    stage.session.start(Settings.named(stage.runner, "download", 1, 4, tuple(given.items())))
    stage.finish()
    assert stage.files == ["e (2).jpg", "e.jpg", "photo (2).jpg", "photo.jpg", "se\u00f1al.jpg"]
    assert {(stage.folder / name).read_bytes() for name in stage.files} == {JPEG, b"mine"}
    items = queue.items()
    assert [item.state for item in items] == ["done", "done", "done", "failed", "done"]
    assert items[3].why == "The server answered 404 Not Found."
    assert {item.sha256 for item in items} == {hashlib.sha256(JPEG).hexdigest(), ""}
    assert items[0].name == "se\u00f1al.jpg"
    assert any(f"Range: bytes={len(JPEG) - 3000}-" in head for head in stage.server.heads)
    assert max(at_once) <= 2
    queue.close()


def fault(name: str) -> Answer:
    answer, _ = FAULTS[name]
    if not isinstance(answer, bytes):
        return answer
    return lambda connection: connection.send(answer)  # and then the connection is closed


def test_every_fault_of_a_server_fails_its_download_alone(stage: Stage) -> None:
    # Qt does not tell a reset from the end of a connection (docs/downloads.md).
    unseen = {"reset where nothing else ends the body"} if stage.runner == "qt_network" else set()
    stage.download(*[fault(name) for name in FAULTS if name not in unseen], workers=8, stall_s=1.0)
    run = stage.finish()
    assert (run.recorder.done, run.recorder.failed) == (0, len(FAULTS) - len(unseen))
    for text in stage.errors:
        assert text.endswith("."), text
        assert text.startswith("picture-"), text
    assert stage.files == []


def stalls_in_the_body(connection: Connection) -> None:
    connection.send(response(JPEG)[:5000])
    connection.stall()


@pytest.mark.parametrize("answer", [Connection.stall, stalls_in_the_body], ids=["headers", "body"])
def test_a_cancel_ends_silent_downloads_at_once(stage: Stage, answer: Answer) -> None:
    cancelled_at = []

    def cancel() -> None:
        assert stage.server.reached.wait(5)
        cancelled_at.append(time.perf_counter())
        stage.session.cancel()

    canceller = stage.later(cancel, lambda: stage.session.run is not None)
    run = stage.download(*[answer] * 8, workers=3)
    stage.finish()
    canceller.join()
    assert run.recorder.cancelled == 8
    assert run.source.pulled <= 3
    assert run.recorder.last_final - cancelled_at[0] < AT_ONCE_S
    assert stage.files == []
    assert not run.control._closers


def test_a_silent_server_is_given_up(stage: Stage) -> None:
    stage.download(stalls_in_the_body, Connection.stall, stall_s=0.2)
    run = stage.finish()
    assert run.recorder.failed == 2
    assert [text.partition(": ")[2] for text in stage.errors] == ["The server sent nothing for 0.2 s."] * 2
    assert stage.files == []


def test_a_server_that_drips_is_given_up(stage: Stage) -> None:
    stage.download(lambda connection: connection.drip(response(JPEG)), total_s=0.3)
    run = stage.finish()
    assert run.recorder.failed == 1
    assert stage.errors == ["picture-0.jpg: The download was not finished within 0.3 s."]


def test_a_paused_download_waits_and_is_not_late(stage: Stage) -> None:
    go = threading.Event()
    emit = stage.session._emit
    paused, resumed = threading.Event(), threading.Event()

    def watch(event: Any) -> None:
        if event.phase is Phase.PAUSED:
            paused.set()
        if event.phase is Phase.RESUMED:
            resumed.set()
        emit(event)

    def answer(connection: Connection) -> None:
        connection.send(response(JPEG)[:5000])
        stage.server.reached.set()
        go.wait(5)
        connection.send(response(JPEG)[5000:])

    def act() -> None:
        assert stage.server.reached.wait(5)
        stage.session.pause()
        go.set()
        assert paused.wait(5)
        stage.server.closing.wait(1.1)
        stage.session.resume()
        assert resumed.wait(5)

    stage.session._emit = watch
    actor = stage.later(act, lambda: stage.session.run is not None)
    stage.download(answer, workers=1, total_s=1.0)
    run = stage.finish()
    actor.join()
    assert stage.errors == []
    assert run.recorder.done == 1


def test_wrong_deadlines_fail_each_download(stage: Stage) -> None:
    stage.download(*[response(JPEG)] * 300, workers=2, stall_s=-1.0)
    run = stage.finish()
    assert run.recorder.failed == 300
    assert stage.errors[0] == "ValueError: stall_s is a number of seconds above 0, not -1."
