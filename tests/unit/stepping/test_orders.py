"""Orders of threads: the same each time, whatever else happens, and what they do to a file's functions."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from workers.stepping.file import File
from workers.stepping.orders import Listed, OneByOne, Seeded, order_of, runs_of, text_of
from workers.stepping.play import play
from workers.stepping.played import Job, Played
from workers.utils.errors import BadInput

if TYPE_CHECKING:
    from pathlib import Path

    from workers.stepping.stepper import Choose

BUSY = """
import queue, random, threading, time
from concurrent.futures import ThreadPoolExecutor

jobs, done = queue.Queue(2), []
lock, ready, meet = threading.Lock(), threading.Condition(), threading.Barrier(3)
names = set()

def note(what):
    done.append((what, threading.current_thread().name, time.monotonic()))

def work(index):
    if index == 0:
        for number in range(3):
            jobs.put(random.random())
        jobs.join()
        with ready:
            ready.notify_all()
    elif index == 1:
        for number in range(3):
            try:
                jobs.get(timeout=0.5)
                note("got")
                jobs.task_done()
            except queue.Empty:
                note("none")
    else:
        helpers = {threading.Thread(target=note, args=("helped",)) for _ in range(3)}
        for helper in helpers:
            helper.start()
        for helper in helpers:
            helper.join()
        time.sleep(0.01)
        with lock:
            names.update(one.name for one in helpers)
    meet.wait()
    note("met")
    return sorted(names)
"""

LOCKED = """
import threading
total, lock = 0, threading.Lock()
def work():
    global total
    with lock:
        before = total
        total = before + 1
"""


def played(path: Path, source: str, choose: Choose, tasks: int = 1, **others: bool) -> Played:
    path /= "mine.py"
    if not path.exists():
        path.write_text(source, encoding="utf-8")
    name = f"{path}:work"
    opcodes, naps, watch = (others.get(key, False) for key in ("opcodes", "no_naps", "watch"))
    return play(Job(name, File(name), tasks, {}, opcodes=opcodes, naps=not naps), choose, watch=watch)


def test_the_same_seed_makes_the_same_order_each_time(tmp_path: Path) -> None:
    """100 of 100."""
    seen = {played(tmp_path, LOCKED, Seeded(7), tasks=3) for _ in range(100)}
    assert len(seen) == 1
    assert {one.kind for one in seen} == {"right"}


def test_so_does_all_that_threads_can_wait_for(tmp_path: Path) -> None:
    """With helpers in a set, with time and with chance; step by step."""
    seen = {played(tmp_path, BUSY, Seeded(7), tasks=3, watch=True) for _ in range(8)}
    assert len(seen) == 1
    assert {one.kind for one in seen} == {"right"}


def test_within_lines_too(tmp_path: Path) -> None:
    assert len({played(tmp_path, BUSY, Seeded(8), tasks=3, opcodes=True).order for _ in range(5)}) == 1


def test_other_seeds_make_other_orders(tmp_path: Path) -> None:
    assert len({played(tmp_path, BUSY, Seeded(seed), tasks=3).order for seed in range(8)}) == 8


def test_an_order_that_is_listed_is_made_again(tmp_path: Path) -> None:
    first = played(tmp_path, BUSY, Seeded(5), tasks=3, watch=True)
    again = played(tmp_path, BUSY, Listed(first.order), tasks=3, watch=True)
    assert (again.order, again.steps) == (first.order, first.steps)
    assert order_of(text_of(first.order)) == list(first.order)


@pytest.mark.parametrize("text", ["1x", "0x3", "two", "1x12 x", "-1x2"])
def test_what_is_no_order_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        order_of(text)


PLUS = "total = 0\ndef work():\n    global total\n    total += 1\n    return total\n"


@pytest.mark.parametrize(("opcodes", "loses"), [(False, False), (True, True)])
def test_a_statement_is_one_step_unless_instructions_are(tmp_path: Path, opcodes: bool, loses: bool) -> None:
    found = [played(tmp_path, PLUS, Seeded(seed), tasks=2, opcodes=opcodes, watch=True) for seed in range(20)]
    assert {dict(one.values)["total"] for one in found} == ({"1", "2"} if loses else {"2"})


HELPED = """
import threading
total = 0
def add():
    global total
    before = total
    total = before + 1
class Adder(threading.Thread):
    def run(self):
        add()
def work():
    threads = [Adder(), threading.Thread(target=add, daemon=True), threading.Timer(0.5, add)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not any(thread.is_alive() for thread in threads)
    return total
"""


def test_helpers_of_the_file_are_stepped_and_threads_that_it_starts(tmp_path: Path) -> None:
    found = [played(tmp_path, HELPED, Seeded(seed), watch=True) for seed in range(20)]
    assert {one.kind for one in found} == {"right"}
    assert {one.begun_here for one in found} == {3}
    assert len({dict(one.values)["total"] for one in found}) > 1, "nothing was ever lost"


def test_each_order_finds_the_file_as_new(tmp_path: Path) -> None:
    for _ in range(3):
        assert dict(played(tmp_path, PLUS, OneByOne(), watch=True).values)["total"] == "1"


def test_sleeps_and_time_outs_take_no_time(tmp_path: Path) -> None:
    source = (
        "import threading, time\ndef work():\n    began = time.monotonic()\n    time.sleep(60)\n"
        "    assert not threading.Event().wait(30)\n    assert 90 <= time.monotonic() - began < 91\n"
    )
    began = time.perf_counter()
    assert played(tmp_path, source, OneByOne()).kind == "right"
    assert time.perf_counter() - began < 10


def test_a_sleep_may_be_over_at_once(tmp_path: Path) -> None:
    source = (
        "import time\nmade = []\ndef work(index):\n    if index:\n        time.sleep(5)\n        assert made\n"
        "    else:\n        made.append(1)\n"
    )
    assert played(tmp_path, source, Listed([1] * 200), 2).kind == "right"
    assert played(tmp_path, source, Listed([1] * 200), 2, no_naps=True).kind == "error"


def test_a_deadlock_is_known_at_once(tmp_path: Path) -> None:
    source = (
        "import threading\na, b = threading.Lock(), threading.Lock()\ndef work(index):\n"
        "    first, second = (a, b) if index else (b, a)\n    with first:\n        with second:\n            pass\n"
    )
    began = time.perf_counter()
    found = played(tmp_path, source, Listed([0, 0, 0, 1, 1, 1, 0]), tasks=2)
    assert found.kind == "deadlock"
    assert found.why == "Work 1 waits for lock a, held by work 2; work 2 waits for lock b, held by work 1."
    assert time.perf_counter() - began < 2


def test_what_does_not_end_is_ended(tmp_path: Path) -> None:
    source = "def work():\n    while True:\n        pass\n"
    found = played(tmp_path, source, OneByOne())
    assert found.kind == "endless"
    assert len(found.order) == 20_000


def test_a_file_beside_it_is_new_too_and_has_the_same_locks(tmp_path: Path) -> None:
    (tmp_path / "beside.py").write_text("import threading\nlock = threading.Lock()\nseen = []\n")
    source = (
        "import beside\ndef work():\n    with beside.lock:\n        beside.seen.append(1)\n"
        "        assert len(beside.seen) <= 2\n"
    )
    for _ in range(2):
        assert played(tmp_path, source, Seeded(4), tasks=2).kind == "right"


def test_steps_tell_what_has_changed_and_what_comes_next(tmp_path: Path) -> None:
    found = played(tmp_path, PLUS, OneByOne(), watch=True)
    lines = [(step.line, step.changed, step.places[0].line) for step in found.steps]
    assert lines == [(0, (), 4), (4, (("total", "1"),), 5), (5, (), 0)]
    assert runs_of(found.order) == [(0, 3)]


@pytest.mark.parametrize("is_daemon", [True, False])
def test_who_catches_its_end_is_left_where_it_is(tmp_path: Path, is_daemon: bool) -> None:
    """The thread stays, and does nothing any more."""
    source = (
        "import queue, threading\njobs = queue.Queue()\ndef look():\n    while True:\n        try:\n"
        "            jobs.get_nowait()\n        except:\n            pass\n"
        f"def work():\n    threading.Thread(target=look, daemon={is_daemon}).start()\n"
    )
    assert played(tmp_path, source, Seeded(1)).kind == ("right" if is_daemon else "endless")
