"""`QueueThread` keeps the queue in a thread of its own: what it is asked, what it answers, and in which thread."""

from __future__ import annotations

import threading
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from gui.downloads.queue_jobs import PIECE, SAMPLE, TAKEN, Added
from gui.downloads.queue_thread import QueueThread
from gui.downloads.state import Listing, State
from tests.support.download_queues import make_queue, promise, urls
from workers.downloads.queue import DownloadQueue
from workers.utils import file_lock
from workers.utils.gil.polite import EventLoopGate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot


class Heard:
    """All that it tells, in order."""

    def __init__(self, queue_thread: QueueThread) -> None:
        self.all: list[tuple[Any, ...]] = []
        self.threads: set[int] = set()
        for name in ("opened", "refused", "listed", "added", "moved", "failed", "prepared"):
            getattr(queue_thread, name).connect(partial(self._hear, name))

    def _hear(self, *what: Any) -> None:
        self.all.append(what)
        self.threads.add(threading.get_ident())

    def names(self) -> list[str]:
        return [what[0] for what in self.all]

    def last(self, name: str) -> Any:
        return next(what[1] for what in reversed(self.all) if what[0] == name)

    @property
    def listing(self) -> Listing:
        found: Listing = self.last("listed")
        return found


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "queue.sqlite"


@pytest.fixture
def queue_thread(qapp: object, path: Path) -> Iterator[QueueThread]:
    made = QueueThread(path)
    yield made
    assert made.close(5.0)


def wait(queue_thread: QueueThread, qtbot: QtBot) -> None:
    with qtbot.waitSignal(queue_thread.idle):
        pass


def opened(queue_thread: QueueThread, qtbot: QtBot) -> Heard:
    heard = Heard(queue_thread)
    queue_thread.open()
    wait(queue_thread, qtbot)
    return heard


def test_nothing_is_opened_before_it_is_asked_for(queue_thread: QueueThread, path: Path) -> None:
    assert queue_thread.path == ""
    assert not queue_thread.is_busy
    assert not path.exists()
    assert "downloads queue" not in {thread.name for thread in threading.enumerate()}


def test_what_was_left_is_told_at_the_opening(queue_thread: QueueThread, qtbot: QtBot, path: Path) -> None:
    make_queue(path, waiting=3, done=2, failed=1)
    heard = opened(queue_thread, qtbot)
    assert heard.all[0] == ("opened", 3, 6)
    assert heard.names() == ["opened", "listed"]
    assert heard.threads == {threading.get_ident()}
    assert queue_thread.path == str(path)
    listing = heard.listing
    assert [State(value) for value in listing.states] == [State.DONE] * 2 + [State.FAILED] + [State.WAITING] * 3
    assert listing.sizes == [1000, 2000]


def test_what_a_crash_left_behind_is_put_in_order(queue_thread: QueueThread, qtbot: QtBot, path: Path) -> None:
    make_queue(path, waiting=2)
    queue = DownloadQueue(path)
    first = queue.items()[0]
    folder = path.parent / "files"
    folder.mkdir()
    promise(queue, first.id, "a.jpg", 3)
    (folder / "a.jpg").write_bytes(b"abc")
    queue.close()
    heard = opened(queue_thread, qtbot)
    assert heard.all[0] == ("opened", 1, 2)
    assert heard.listing.items[0].state == "done"


def test_addresses_are_added_once(queue_thread: QueueThread, qtbot: QtBot, tmp_path: Path) -> None:
    heard = opened(queue_thread, qtbot)
    queue_thread.add_addresses("\n".join([*urls(12), *urls(3)]), str(tmp_path))
    wait(queue_thread, qtbot)
    assert heard.last("added") == Added(12, 12)
    queue_thread.add_addresses(
        f"See {urls(2)[1]}, or <a href='https://example.org/new.png'>this</a>.", str(tmp_path)
    )
    wait(queue_thread, qtbot)
    assert heard.last("added") == Added(2, 1)
    assert [item.url for item in heard.listing.items] == [*urls(12), "https://example.org/new.png"]
    assert {item.folder for item in heard.listing.items} == {str(tmp_path)}
    queue_thread.add_addresses("nothing here", str(tmp_path))
    wait(queue_thread, qtbot)
    assert heard.last("added") == Added(0, 0)


def test_a_long_text_is_read_in_pieces_and_a_table_keeps_its_head(
    queue_thread: QueueThread, qtbot: QtBot, tmp_path: Path
) -> None:
    lines = [f"https://example.org/{number},x{number},{'w' * 60}" for number in range(600)]
    text = "\n".join(["url,name,what", *lines])
    assert len(text) > 2 * PIECE
    heard = opened(queue_thread, qtbot)
    queue_thread.add_addresses(text, str(tmp_path))
    wait(queue_thread, qtbot)
    assert [item.url for item in heard.listing.items] == [line.partition(",")[0] for line in lines]


def test_files_and_the_sample_list(queue_thread: QueueThread, qtbot: QtBot, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text('<a href="https://example.org/a.jpg?x=1&amp;y=2">a</a>', encoding="utf-8")
    heard = opened(queue_thread, qtbot)
    queue_thread.add_addresses(page, str(tmp_path))
    queue_thread.add_addresses(SAMPLE, str(tmp_path))
    queue_thread.add_addresses(tmp_path / "none.txt", str(tmp_path))
    wait(queue_thread, qtbot)
    assert ("added", Added(1, 1, "page.html")) in heard.all
    count = len(SAMPLE.read_text(encoding="utf-8").split())
    assert ("added", Added(count, count, "the sample list", True)) in heard.all
    assert "none.txt cannot be read" in heard.last("failed")
    assert heard.listing.items[0].url == "https://example.org/a.jpg?x=1&y=2"
    assert heard.names().count("listed") == 2, "read once for all that was asked in one go"


def test_a_hash_beside_an_address_is_kept(queue_thread: QueueThread, qtbot: QtBot, tmp_path: Path) -> None:
    heard = opened(queue_thread, qtbot)
    queue_thread.add_addresses(f"{'ab' * 32}  https://example.org/a.bin", str(tmp_path))
    wait(queue_thread, qtbot)
    queue_thread.move(str(tmp_path / "else"))
    wait(queue_thread, qtbot)
    (item,) = heard.listing.items
    assert (item.sha256, item.folder) == ("ab" * 32, str(tmp_path / "else"))


def test_failed_ones_wait_again_and_done_ones_go(queue_thread: QueueThread, qtbot: QtBot, path: Path) -> None:
    make_queue(path, waiting=1, done=2, failed=2)
    heard = opened(queue_thread, qtbot)
    queue_thread.retry([3])
    wait(queue_thread, qtbot)
    assert [item.state for item in heard.listing.items] == ["done", "done", "waiting", "failed", "waiting"]
    queue_thread.clear_done()
    queue_thread.remove([4])
    wait(queue_thread, qtbot)
    assert [item.id for item in heard.listing.items] == [3, 5]
    assert heard.listing.places == {3: 0, 5: 1}


def test_what_others_write_is_read(queue_thread: QueueThread, qtbot: QtBot, path: Path) -> None:
    make_queue(path, waiting=3)
    heard = opened(queue_thread, qtbot)
    before = heard.listing
    queue = DownloadQueue(path)
    promise(queue, 2, "b.jpg", 7)
    queue.done(2, "b.jpg", 7)
    queue.close()
    queue_thread.reload()
    wait(queue_thread, qtbot)
    assert heard.listing.items[1].name == "b.jpg"
    assert before.items[1].name == "", "what was shown is not changed behind the window's back"
    queue_thread.reload()
    wait(queue_thread, qtbot)
    assert heard.last("listed") is heard.all[-2][1], "nothing new, nothing made"


def test_what_waits_moves_but_for_what_has_begun_to_come(
    queue_thread: QueueThread, qtbot: QtBot, path: Path, tmp_path: Path
) -> None:
    make_queue(path, waiting=3, done=1, failed=1)
    queue = DownloadQueue(path)
    begun = queue.items()[3]
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / Path(queue.part(begun)).name).write_bytes(b"half")
    queue.close()
    heard = opened(queue_thread, qtbot)
    queue_thread.move(str(tmp_path / "else"))
    wait(queue_thread, qtbot)
    assert ("moved", 2, str(tmp_path / "else")) in heard.all
    folders = {item.url: Path(item.folder).name for item in heard.listing.items}
    assert folders == dict(zip(urls(5), ["files", "files", "else", "files", "else"], strict=True))


def test_a_folder_is_made_when_a_run_is_to_start(
    queue_thread: QueueThread, qtbot: QtBot, tmp_path: Path
) -> None:
    heard = opened(queue_thread, qtbot)
    queue_thread.prepare(str(tmp_path / "a" / "b"))
    wait(queue_thread, qtbot)
    assert heard.last("prepared") == str(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").is_dir()
    (tmp_path / "file").write_text("", encoding="utf-8")
    for folder, words in (
        (str(tmp_path / "file" / "c"), "cannot be made"),
        ("pictures", "is not a whole path"),
    ):
        queue_thread.prepare(folder)
        wait(queue_thread, qtbot)
        assert words in heard.last("failed")


def test_a_queue_of_another_program_can_only_be_looked_at(
    queue_thread: QueueThread, qtbot: QtBot, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_queue(path, waiting=2)
    with monkeypatch.context() as patch:
        patch.setattr(file_lock, "take", lambda path: False)
        heard = opened(queue_thread, qtbot)
    assert heard.all[0] == ("refused", TAKEN)
    assert len(heard.listing.items) == 2
    queue_thread.add_addresses(urls(9)[8], str(tmp_path))
    wait(queue_thread, qtbot)
    assert heard.last("failed") == "The list of downloads is not open."
    queue_thread.open()
    wait(queue_thread, qtbot)
    assert ("opened", 2, 2) in heard.all


def test_a_damaged_file_is_told_and_left_as_it_is(queue_thread: QueueThread, qtbot: QtBot, path: Path) -> None:
    path.write_bytes(b"no queue at all")
    heard = opened(queue_thread, qtbot)
    assert "is no queue of downloads" in heard.last("refused")
    assert heard.listing.items == []
    assert path.read_bytes() == b"no queue at all"


def test_it_steps_aside_while_the_window_is_busy(
    qapp: object, qtbot: QtBot, path: Path, tmp_path: Path
) -> None:
    waited = []

    class Busy(EventLoopGate):
        def wait(self) -> None:
            waited.append(threading.current_thread().name)

    gate = Busy()
    gate.close()
    queue_thread = QueueThread(path, gate)
    opened(queue_thread, qtbot)
    queue_thread.add_addresses("\n".join(urls(2000)), str(tmp_path))
    wait(queue_thread, qtbot)
    assert len(waited) > 6
    assert set(waited) == {"downloads queue"}
    assert queue_thread.close(5.0)


def test_closing_gives_the_queue_free_and_tells_nothing_more(qapp: object, qtbot: QtBot, path: Path) -> None:
    queue_thread = QueueThread(path)
    opened(queue_thread, qtbot)
    lock = f"{path.resolve()}.lock"
    assert lock in file_lock._taken
    heard = Heard(queue_thread)
    queue_thread.add_addresses(urls(1)[0], str(path.parent))
    assert queue_thread.close(5.0)
    assert lock not in file_lock._taken
    queue_thread.open()
    assert queue_thread.close(5.0)
    qtbot.waitUntil(lambda: True)
    assert heard.all == []
