"""A queue of downloads keeps what it was told, whoever is killed; what is no queue it leaves alone."""

from __future__ import annotations

import ast
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.download_queues import promise
from workers.downloads.addresses import Address
from workers.downloads.queue import (
    DONE,
    FAILED,
    PROMISED,
    WAITING,
    Counts,
    DownloadQueue,
    QueueProblem,
    default_path,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from workers.downloads.queue import Item

ROOT = Path(__file__).parents[3]
HASH = "0123456789abcdef" * 4
WHOLE = b"a whole picture"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "kept" / "queue.sqlite"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "pictures"
    made.mkdir()
    return made


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty queue, made once: a new one waits for the disk several times."""
    path = tmp_path_factory.mktemp("empty") / "queue.sqlite"
    DownloadQueue(path).close()
    return path


@pytest.fixture
def queue(path: Path, empty: Path) -> Iterator[DownloadQueue]:
    path.parent.mkdir()
    shutil.copy(empty, path)
    made = DownloadQueue(path)
    yield made
    made.close()


def urls(count: int) -> list[str]:
    return [f"http://a.org/{index}.jpg" for index in range(count)]


def states(queue: DownloadQueue) -> list[str]:
    return [item.state for item in queue.items()]


def mover(queue: DownloadQueue, item: Item) -> Callable[[str], None]:
    """Moves a part as a download does."""

    def move(name: str) -> None:
        os.link(queue.part(item), os.path.join(item.folder, name))
        os.unlink(queue.part(item))

    return move


def write_part(queue: DownloadQueue, item: Item, data: bytes = WHOLE) -> None:
    Path(queue.part(item)).write_bytes(data)


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# ---------------------------------------------------------------- what is in it


def test_what_is_added_is_there_in_its_order_and_after_a_restart(queue: DownloadQueue, path: Path) -> None:
    assert queue.add(["http://b.org/1", Address("http://a.org/2", HASH.upper(), "cat.jpg")], "/pictures") == 2
    queue.close()
    first, second = DownloadQueue(path).items()
    assert first == (first.id, "http://b.org/1", os.path.abspath("/pictures"), "", WAITING, "", 0, "", 0)
    assert second[1:] == ("http://a.org/2", os.path.abspath("/pictures"), "cat.jpg", WAITING, "", 0, HASH, 0)
    assert first.id < second.id
    assert queue.unfinished() == [first, second]
    assert queue.get(second.id) == second
    assert queue.get(99) is None


def test_what_is_in_it_already_is_not_added_again(queue: DownloadQueue) -> None:
    assert queue.add([*urls(3), *urls(2)], "/a") == 3
    assert queue.add(urls(5), "/a") == 2
    assert queue.add(urls(5), "/b") == 5, "in another folder it is another file"
    assert queue.add([], "/a") == 0
    assert len(queue.items()) == 10


def test_a_folder_is_kept_as_an_absolute_path(queue: DownloadQueue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/me")
    monkeypatch.setenv("USERPROFILE", "/home/me")
    queue.add(["http://a.org/1"], "~/pictures")
    queue.add(["http://a.org/2"], "pictures")
    assert [item.folder for item in queue.items()] == [
        os.path.abspath("/home/me/pictures"),
        os.path.abspath("pictures"),
    ]


def test_a_folder_whose_name_is_no_text_is_refused(queue: DownloadQueue) -> None:
    with pytest.raises(QueueProblem, match="choose another folder"):
        queue.add(urls(1), "/pictures-\udcff")
    assert queue.items() == []


def test_all_are_added_or_none(queue: DownloadQueue) -> None:
    def broken() -> Iterator[str]:
        yield "http://a.org/1"
        raise ValueError("the list ended here")

    with pytest.raises(ValueError, match="ended here"):
        queue.add(broken(), "/a")
    with pytest.raises(UnicodeEncodeError):
        queue.add(["http://a.org/1", "http://a.org/\ud800"], "/a")
    assert queue.items() == []
    assert queue.add(urls(1), "/a") == 1, "and it can be written to"


def test_ten_thousand_are_added_and_looked_over_at_once(queue: DownloadQueue) -> None:
    began = time.process_time()
    assert queue.add(urls(10_000), "/pictures") == 10_000
    assert time.process_time() - began < 1.0
    revision = queue.changes_since(0).revision
    began = time.process_time()
    for _ in range(100):
        assert queue.changes_since(revision).items == []
    assert time.process_time() - began < 0.5, "a look where nothing has changed reads no items"
    assert queue.counts() == Counts(10_000, 0, 0, 0, 0)


# ---------------------------------------------------------------- what becomes of an item


def test_an_item_is_promised_then_done(queue: DownloadQueue) -> None:
    queue.add([Address("http://a.org/1", "", "wished.jpg")], "/a")
    (item,) = queue.items()
    assert promise(queue, item.id, "real.jpg", 15, HASH)
    assert queue.items()[0][3:] == ("real.jpg", PROMISED, "", 15, HASH, 0)
    assert queue.unfinished() == queue.items()
    queue.done(item.id, "real.jpg", 15, HASH)
    assert queue.items()[0][3:] == ("real.jpg", DONE, "", 15, HASH, 1)
    assert queue.unfinished() == []
    assert queue.counts() == Counts(0, 0, 1, 0, 15)
    assert not promise(queue, item.id, "again.jpg"), "nobody wants it a second time"
    queue.failed(item.id, "too late")
    assert states(queue) == [DONE]


def test_what_failed_says_why_and_is_tried_again_when_asked(queue: DownloadQueue) -> None:
    queue.add([Address("http://a.org/1", HASH, "wished.jpg"), *urls(3)], "/a")
    one, two, three, four = (item.id for item in queue.items())
    promise(queue, one, "real.jpg", 15, "ab" * 32)
    for number in (one, two, three):
        queue.failed(number, "The server answered 404 \ud800.")
    assert queue.items()[0][3:] == ("wished.jpg", FAILED, "The server answered 404 ?.", 0, HASH, 1)
    assert queue.retry([two, four, 99]) == 1
    assert states(queue) == [FAILED, WAITING, FAILED, WAITING]
    assert queue.retry() == 2
    assert states(queue) == [WAITING] * 4
    assert queue.items()[0][3:] == ("wished.jpg", WAITING, "", 0, HASH, 1)


def test_a_validator_is_kept_until_the_item_is_done(queue: DownloadQueue) -> None:
    queue.add(urls(1), "/a")
    (item,) = queue.items()
    assert queue.validator(item.id) == ""
    queue.set_validator(item.id, '"etag"')
    assert queue.validator(item.id) == '"etag"'
    queue.failed(item.id, "The connection ended.")
    assert queue.validator(item.id) == '"etag"', "its part is gone on with"
    queue.done(item.id, "a.jpg", 1)
    assert queue.validator(item.id) == ""
    assert queue.validator(99) == ""


def test_changes_are_told_since_the_last_look(queue: DownloadQueue) -> None:
    queue.add(urls(3), "/a")
    look = queue.changes_since(0)
    assert (look.items, look.removed) == (queue.items(), False)
    assert queue.changes_since(look.revision) == (look.revision, [], False)
    one, two, _ = (item.id for item in look.items)
    queue.failed(two, "no")
    promise(queue, one, "a.jpg")
    later = queue.changes_since(look.revision)
    assert [(item.id, item.state) for item in later.items] == [(one, PROMISED), (two, FAILED)]
    assert not later.removed
    queue.remove([two])
    last = queue.changes_since(later.revision)
    assert (last.items, last.removed) == ([], True)
    assert not queue.changes_since(last.revision).removed
    assert queue.changes_since(0).items == queue.items()


def test_what_is_removed_goes_with_its_part_and_is_not_wanted_any_more(
    queue: DownloadQueue, folder: Path
) -> None:
    queue.add(urls(1200), str(folder))
    items = queue.items()
    write_part(queue, items[0])
    write_part(queue, items[1])
    assert queue.remove([item.id for item in items[1:]]) == 1199, "more than one statement takes"
    assert queue.items() == items[:1]
    assert files(folder) == [os.path.basename(queue.part(items[0]))]
    assert not promise(queue, items[1].id, "b.jpg")
    assert queue.deliver(items[1].id, ["b.jpg"], lambda name: pytest.fail("it was moved"), 1) == ""
    queue.done(items[1].id, "b.jpg", 1)
    queue.failed(items[1].id, "no")
    assert queue.items() == items[:1]
    queue.add(["http://a.org/new"], str(folder))
    assert queue.items()[1].id > items[-1].id, "a number is never given twice"


def test_what_is_done_can_be_cleared(queue: DownloadQueue, folder: Path) -> None:
    queue.add(urls(3), str(folder))
    for item in queue.items()[:2]:
        write_part(queue, item)
        queue.deliver(item.id, [f"{item.id}.jpg"], mover(queue, item), len(WHOLE))
    assert queue.clear_done() == 2
    assert states(queue) == [WAITING]
    assert len(files(folder)) == 2


# ---------------------------------------------------------------- the final name


def test_a_part_gets_the_first_free_name(queue: DownloadQueue, folder: Path) -> None:
    queue.add(urls(2), str(folder))
    (folder / "a.jpg").write_bytes(b"somebody's own")
    for item, name in zip(queue.items(), ("a (2).jpg", "a (3).jpg"), strict=True):
        write_part(queue, item)
        names = iter(["a.jpg", "a (2).jpg", "a (3).jpg"])
        assert queue.deliver(item.id, names, mover(queue, item), len(WHOLE), HASH) == name
    assert files(folder) == ["a (2).jpg", "a (3).jpg", "a.jpg"]
    assert (folder / "a.jpg").read_bytes() == b"somebody's own"
    assert [(item.name, item.state, item.size, item.sha256) for item in queue.items()] == [
        (name, DONE, len(WHOLE), HASH) for name in ("a (2).jpg", "a (3).jpg")
    ]


def test_the_promise_is_written_down_before_the_move(queue: DownloadQueue, folder: Path, path: Path) -> None:
    queue.add(urls(1), str(folder))
    (item,) = queue.items()
    seen: list[Item] = []
    queue.deliver(item.id, ["a.jpg"], lambda name: seen.extend(DownloadQueue(path).items()), 7, HASH)
    assert [each[3:] for each in seen] == [("a.jpg", PROMISED, "", 7, HASH, 0)]


def test_a_move_that_fails_takes_the_promise_back(queue: DownloadQueue, folder: Path) -> None:
    queue.add(urls(1), str(folder))
    (item,) = queue.items()
    write_part(queue, item)

    def fail(name: str) -> None:
        raise PermissionError("not here")

    with pytest.raises(PermissionError):
        queue.deliver(item.id, ["a.jpg"], fail, 7)
    assert queue.items() == [item]
    with pytest.raises(ValueError, match="no name left"):
        queue.deliver(item.id, [], fail, 7)


def test_a_process_that_outlives_its_program_moves_nothing_that_was_settled(
    queue: DownloadQueue, folder: Path, path: Path
) -> None:
    queue.add(urls(1), str(folder))
    (item,) = queue.items()
    write_part(queue, item)
    late = DownloadQueue(path)
    write = late.write
    calls: list[int] = []

    def settled_in_between() -> object:
        calls.append(1)
        if len(calls) == 2:  # after the promise, before the move
            queue.settle()
        return write()

    late.write = settled_in_between  # type: ignore[method-assign, assignment]
    assert late.deliver(item.id, ["a.jpg"], lambda name: pytest.fail("it was moved"), len(WHOLE)) == ""
    assert states(queue) == [WAITING]
    late.close()


# ---------------------------------------------------------------- after a crash


@pytest.mark.parametrize(
    ("promised_size", "part", "final", "state", "left"),
    [
        pytest.param(15, WHOLE, None, WAITING, ["part"], id="killed before the move"),
        pytest.param(15, None, WHOLE, DONE, ["a.jpg"], id="killed after the move"),
        pytest.param(15, WHOLE, "linked", DONE, ["a.jpg"], id="killed between link and unlink"),
        pytest.param(0, None, WHOLE, DONE, ["a.jpg"], id="after the move, its size not told"),
        pytest.param(15, WHOLE, b"somebody's own", WAITING, ["a.jpg", "part"], id="the name was another's"),
        pytest.param(15, None, b"another's", WAITING, ["a.jpg"], id="moved, then changed by another"),
        pytest.param(15, WHOLE, b"", WAITING, ["part"], id="no links: the name was only taken"),
        pytest.param(15, None, None, WAITING, [], id="moved, then removed by another"),
    ],
)
def test_what_was_promised_is_settled(
    queue: DownloadQueue,
    folder: Path,
    promised_size: int,
    part: bytes | None,
    final: bytes | str | None,
    state: str,
    left: list[str],
) -> None:
    queue.add([Address("http://a.org/1", "", "wished.jpg"), "http://a.org/2"], str(folder))
    item, other = queue.items()
    write_part(queue, other, b"half a pict")
    promise(queue, item.id, "a.jpg", promised_size)
    if part is not None:
        write_part(queue, item, part)
    if final == "linked":
        os.link(queue.part(item), folder / "a.jpg")
    elif isinstance(final, bytes):
        (folder / "a.jpg").write_bytes(final)
    assert queue.settle() == (state == DONE)
    settled, untouched = queue.items()
    assert untouched == other
    assert settled[3:] == (
        ("a.jpg", DONE, "", 15, "", 1) if state == DONE else ("wished.jpg", WAITING, "", 0, "", 0)
    )
    names = {os.path.basename(queue.part(item)): "part", os.path.basename(queue.part(other)): "other"}
    assert sorted(names.get(name, name) for name in files(folder)) == sorted([*left, "other"])
    assert queue.settle() == 0, "and once more changes nothing"


def test_two_items_of_one_name_are_settled_each_for_itself(queue: DownloadQueue, folder: Path) -> None:
    queue.add(["http://a.org/x/a.jpg", "http://a.org/y/a.jpg"], str(folder))
    one, two = queue.items()
    write_part(queue, one)
    write_part(queue, two)
    queue.deliver(one.id, ["a.jpg"], mover(queue, one), len(WHOLE))
    promise(queue, two.id, "a.jpg", len(WHOLE))  # and then it is killed, before it finds that the name is taken
    assert queue.settle() == 0
    assert states(queue) == [DONE, WAITING]
    assert files(folder) == sorted(["a.jpg", os.path.basename(queue.part(two))])


def test_parts_that_belong_to_nothing_go(queue: DownloadQueue, folder: Path, tmp_path: Path) -> None:
    queue.add(urls(4), str(folder))
    waiting, failed, removed, done = queue.items()
    for item in (waiting, failed, removed, done):
        write_part(queue, item)
    queue.failed(failed.id, "no")
    promise(queue, removed.id, "r.jpg")
    queue.remove([removed.id])
    queue.done(done.id, "d.jpg", 1)
    other = DownloadQueue(tmp_path / "other.sqlite")
    other.add(urls(9), str(folder))
    theirs = other.items()[8]
    write_part(other, theirs)
    (folder / "mine.part").write_bytes(b"not Thaw's")
    kept = [queue.part(waiting), queue.part(failed), other.part(theirs), str(folder / "mine.part")]
    assert os.path.exists(queue.part(removed))
    queue.settle()
    assert files(folder) == sorted(map(os.path.basename, kept))
    other.close()


def test_parts_are_looked_for_where_nothing_is_left_to_do(queue: DownloadQueue, folder: Path) -> None:
    queue.add(urls(2), str(folder))
    item, second = queue.items()
    queue.remove([item.id, second.id])
    write_part(queue, item)  # by a process that had not heard of it
    away = folder.with_name("away")
    folder.rename(away)
    queue.settle()  # its disk is not there today
    away.rename(folder)
    queue.settle()
    assert files(folder) == []
    write_part(queue, item)
    queue.settle()
    assert files(folder) != [], "a folder that was cleaned and has nothing to do is not looked at for ever"


KILLED = """
import os, signal, sys
from workers.downloads.queue import DownloadQueue
queue, when, folder = DownloadQueue(sys.argv[1]), sys.argv[2], sys.argv[3]
queue.hold()
queue.settle()
def kill(moment):
    if when == moment:
        os.kill(os.getpid(), signal.SIGKILL)
for item in queue.unfinished():
    part = queue.part(item)
    with open(part, "wb") as file:
        file.write(b"a whole ")
        file.flush()
        kill("half way")
        file.write(b"picture")
    kill("before the promise")
    def move(name):
        kill("after the promise")
        os.link(part, os.path.join(item.folder, name))
        kill("after the link")
        os.unlink(part)
        kill("after the unlink")
    name = queue.deliver(item.id, ["a.jpg", "a (2).jpg", "a (3).jpg"], move, 15)
    kill("after it was done")
print("whole")
"""


def run(code: str, *arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-S", "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{code}", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no such signal on this system")
def test_killed_anywhere_each_file_is_there_once_and_whole(
    queue: DownloadQueue, folder: Path, path: Path
) -> None:
    queue.add(urls(3), str(folder))
    moments = ["half way", "before the promise", "after the promise", "after the link", "after the unlink"]
    for moment in [*moments, "after it was done"]:
        assert run(KILLED, str(path), moment, str(folder)).returncode == -signal.SIGKILL, moment
    assert run(KILLED, str(path), "never", str(folder)).stdout == "whole\n"
    assert files(folder) == ["a (2).jpg", "a (3).jpg", "a.jpg"]
    assert {(folder / name).read_bytes() for name in files(folder)} == {WHOLE}
    assert [(item.state, item.size) for item in queue.items()] == [(DONE, 15)] * 3


# ---------------------------------------------------------------- one program at a time

HOLDS = """
from workers.downloads.queue import DownloadQueue
queue = DownloadQueue(sys.argv[1])
try:
    queue.hold()
except ValueError as problem:
    print(problem, flush=True)
else:
    print("holds it", flush=True)
    sys.stdin.read()
"""


def test_a_second_program_is_refused_until_the_first_is_killed(queue: DownloadQueue, path: Path) -> None:
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{HOLDS}"
    with subprocess.Popen(
        [sys.executable, "-S", "-c", code, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as first:
        assert first.stdout is not None
        assert first.stdout.readline().rstrip() == b"holds it"
        for _ in range(2):
            with pytest.raises(QueueProblem, match=r"Another Thaw works on the queue .*: let it end its work"):
                queue.hold()
        with pytest.raises(QueueProblem, match="Another Thaw"):
            queue.settle()
        assert queue.items() == [], "it may be looked at"
        first.kill()
        first.wait()
        queue.hold()
    assert "Another Thaw works on" in run(HOLDS, str(path)).stdout
    queue.let_go()
    queue.let_go()
    assert run(HOLDS, str(path)).stdout == "holds it\n"


def test_within_one_program_a_run_may_hold_what_the_window_holds(queue: DownloadQueue, path: Path) -> None:
    runs = DownloadQueue(path)
    queue.hold()
    queue.hold()
    runs.hold()
    queue.let_go()
    assert "Another Thaw works on" in run(HOLDS, str(path)).stdout
    runs.close()
    assert run(HOLDS, str(path)).stdout == "holds it\n"


def test_settling_lets_go_again_unless_it_was_held(queue: DownloadQueue, path: Path) -> None:
    queue.settle()
    assert run(HOLDS, str(path)).stdout == "holds it\n"
    queue.hold()
    queue.settle()
    assert "Another Thaw works on" in run(HOLDS, str(path)).stdout


# ---------------------------------------------------------------- threads and processes


def test_many_threads_write_at_once_and_each_closes_what_it_opened(queue: DownloadQueue, folder: Path) -> None:
    queue.add(urls(160), str(folder))
    items = queue.items()
    before = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0
    for lot in range(0, 160, 16):
        threads = [
            threading.Thread(target=queue.deliver, args=(item.id, [f"{item.id}.jpg"], lambda name: None, 5))
            for item in items[lot : lot + 16]
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert queue.counts() == Counts(0, 0, 160, 0, 800)
    if before:
        assert len(os.listdir("/proc/self/fd")) <= before + 40, (
            "SQLite keeps a few for the next; 160 threads came and went"
        )


def test_it_can_be_used_again_after_it_was_closed_by_another_thread(queue: DownloadQueue) -> None:
    queue.add(urls(1), "/a")
    threading.Thread(target=queue.close).start()
    for _ in range(50):
        if queue.items():
            break
    queue.close()
    assert states(queue) == [WAITING]


FAILS_MANY = """
from workers.downloads.queue import DownloadQueue
queue = DownloadQueue(sys.argv[1])
for number in range(int(sys.argv[2]), 200, 2):
    queue.failed(number + 1, "by process " + sys.argv[2])
"""


def test_two_processes_write_at_once(queue: DownloadQueue, path: Path) -> None:
    queue.add(urls(200), "/a")
    threads = [threading.Thread(target=run, args=(FAILS_MANY, str(path), number)) for number in "01"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [item.why for item in queue.items()] == ["by process 0", "by process 1"] * 100


def test_another_process_takes_no_log_away_from_a_program_that_has_opened_it_twice(
    queue: DownloadQueue, path: Path
) -> None:
    """POSIX takes all locks of a process on a file when that closes it anywhere: looking at it first did that."""
    queue.add(urls(1), "/a")
    DownloadQueue(path).close()
    run("from workers.downloads.queue import DownloadQueue\nDownloadQueue(sys.argv[1]).close()", str(path))
    assert Path(f"{path}-wal").exists()
    queue.failed(queue.items()[0].id, "No.")
    another = sqlite3.connect(path)
    assert another.execute("SELECT state FROM items").fetchall() == [(FAILED,)]
    another.close()


def test_two_processes_may_make_it_at_once(path: Path) -> None:
    threads = [threading.Thread(target=run, args=(f"{HOLDS}\nqueue.add(['http://a.org/1'], '/a')", str(path)))]
    threads.append(threading.Thread(target=lambda: DownloadQueue(path).add(urls(1), "/b")))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with sqlite3.connect(path) as sqlite:
        assert sqlite.execute("SELECT count(*) FROM queue").fetchone() == (1,)
    sqlite.close()


# ---------------------------------------------------------------- what is no queue


def other_database(path: Path) -> None:
    sqlite = sqlite3.connect(path)
    sqlite.execute("CREATE TABLE notes (text)")
    sqlite.commit()
    sqlite.close()


def newer_queue(path: Path) -> None:
    DownloadQueue(path).close()
    sqlite = sqlite3.connect(path)
    sqlite.execute("PRAGMA user_version = 2")
    sqlite.close()


def beginning_lost(path: Path) -> None:
    queue = DownloadQueue(path)
    queue.add(urls(100), "/a")
    queue.close()
    data = bytearray(path.read_bytes())
    data[100:4000] = b"\xff" * 3900
    path.write_bytes(data)


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda path: path.write_text("http://a.org/1\n"), "is no queue of downloads: choose another file"),
        (lambda path: path.write_bytes(b"SQLite format 3\0" + b"junk" * 999), "is no queue of downloads"),
        (other_database, "is no queue of downloads: choose another file"),
        (newer_queue, "was made by a newer Thaw: update this one"),
        (beginning_lost, "is damaged. It was left as it is: rename it"),
    ],
    ids=["text", "junk", "other", "newer", "damaged"],
)
def test_what_is_no_queue_is_refused_and_left_as_it_is(
    tmp_path: Path, make: Callable[[Path], None], why: str
) -> None:
    path = tmp_path / "queue.sqlite"
    make(path)
    before = path.read_bytes()
    with pytest.raises(QueueProblem, match=why) as caught:
        DownloadQueue(path)
    assert str(path) in str(caught.value)
    assert path.read_bytes() == before
    if "damaged" not in why:  # its log stays beside it then
        assert files(tmp_path) == ["queue.sqlite"]


def test_damage_in_the_middle_is_found_when_it_is_settled(path: Path) -> None:
    queue = DownloadQueue(path)
    queue.add(urls(2000), "/a")
    queue.close()
    data = bytearray(path.read_bytes())
    middle = len(data) // 2 // 4096 * 4096
    data[middle : middle + 4096] = b"\xff" * 4096
    path.write_bytes(data)
    damaged = DownloadQueue(path)
    with pytest.raises(QueueProblem, match="is damaged"):
        damaged.settle()
    damaged.close()
    assert path.read_bytes() == data


def test_an_empty_file_becomes_a_queue(tmp_path: Path) -> None:
    path = tmp_path / "empty"
    path.touch()
    queue = DownloadQueue(path)
    assert queue.add(urls(1), "/a") == 1
    queue.close()


def test_where_it_cannot_be_made_a_sentence_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for wrong in (tmp_path, tmp_path / "file" / "queue.sqlite"):
        with pytest.raises(QueueProblem, match="choose a file in a folder that you can write to"):
            DownloadQueue(wrong)


def test_a_full_disk_is_told_and_nothing_is_lost(queue: DownloadQueue) -> None:
    queue.add(urls(10), "/a")
    with queue.read() as sqlite:
        (pages,) = sqlite.execute("PRAGMA page_count").fetchone()
        sqlite.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(QueueProblem, match=r"the disk is full\. Make room"):
        queue.add(urls(5000), "/a")
    assert len(queue.items()) == 10


# ---------------------------------------------------------------- where it lies


def test_the_usual_place_can_be_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("THAW_DATA", raising=False)
    assert default_path().name == "downloads.sqlite"
    assert default_path().is_absolute()
    assert default_path().parent.name.lower() == "thaw"
    monkeypatch.setenv("THAW_DATA", str(tmp_path))
    assert default_path() == tmp_path / "downloads.sqlite"


def test_the_queue_can_be_read_by_python_3_9() -> None:
    names = ("addresses", "queue", "queue_delivery", "queue_file", "queue_items")
    for name in names:
        source = (ROOT / "workers" / "downloads" / f"{name}.py").read_text(encoding="utf-8")
        ast.parse(source, name, feature_version=(3, 9))


@pytest.mark.skipif(os.name != "posix", reason="elsewhere files have no such rights")
def test_only_its_owner_may_read_it(path: Path, empty: Path) -> None:
    """Addresses may have passwords in them, and signatures; an older version made the file for everybody."""
    before = os.umask(0)
    try:
        DownloadQueue(path).close()
        (path.parent / "old").write_bytes(empty.read_bytes())
        queue = DownloadQueue(path.parent / "old")
        queue.add(["http://me:pw@a/b"], str(path.parent))
        rights = {file.name: file.stat().st_mode & 0o777 for file in path.parent.iterdir()}
        queue.close()
    finally:
        os.umask(before)
    assert set(rights.values()) == {0o600}, rights
