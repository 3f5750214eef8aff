"""Verdicts that were wrong once: of programs that are right, and of those that only seem to leave nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from workers.catalog import lookup
from workers.stepping.answer import notes
from workers.stepping.judging import judge

if TYPE_CHECKING:
    from pathlib import Path

    from workers.stepping.verdict import Verdict

RUN = (
    "    ts = [threading.Thread(target=job) for _ in range(2)]\n"
    "    [t.start() for t in ts]\n    [t.join() for t in ts]\n"
)


def of(path: Path, source: str, orders: int = 30, **others: Any) -> Verdict:
    path /= "mine.py"
    path.write_text(f"import threading\nlock = threading.Lock()\n{source}", encoding="utf-8")
    return judge(lookup.named("workloads", f"{path}:work"), {}, orders=orders, **others)


UNSEEN_ONCE = {
    "an attribute of a class": "class Hits:\n    total = 0\ndef work():\n    n = Hits.total\n    Hits.total = n + 1\n",
    "an attribute of a function": "def work():\n    n = work.calls\n    work.calls = n + 1\nwork.calls = 0\n",
    "a closure": (
        "def make():\n    n = 0\n    def up():\n        nonlocal n\n        old = n\n        n = old + 1\n"
        "    return up\n"
        "up = make()\ndef work():\n    up()\n"
    ),
    "a default": (
        "def add(made={}):\n    if 1 not in made:\n        made[1] = []\n    made[1].append(1)\n"
        "def work():\n    add()\n"
    ),
    "what is printed at the end": (
        "def work():\n    box = [0]\n    def job():\n        n = box[0]\n        box[0] = n + 1\n"
        f"{RUN}    print('It is', box[0])\n"
    ),
    "a loop of a million": (
        "n = 0\ndef job():\n    global n\n    for _ in range(1_000_000):\n        n += 1\n"
        f"def work():\n{RUN}    return n\n"
    ),
    "what chance gives beside it": (
        "import uuid\nids, n = [], 0\ndef work():\n    global n\n    ids.append(uuid.uuid4().hex)\n"
        "    old = n\n    n = old + 1\n"
    ),
    "two timers": (
        "n = 0\ndef job():\n    global n\n    old = n\n    n = old + 1\ndef work():\n"
        "    ts = [threading.Timer(0.1, job) for _ in range(2)]\n    [t.start() for t in ts]\n"
        "    [t.join() for t in ts]\n    return n\n"
    ),
    "_thread": (
        "import _thread, time\nn = 0\ndef job():\n    global n\n    old = n\n    n = old + 1\ndef work():\n"
        "    for _ in range(2):\n        _thread.start_new_thread(job, ())\n    time.sleep(1)\n    return n\n"
    ),
    "a look under the lock, and a change under it later": (
        "n = 9\ndef work():\n    global n\n    with lock:\n        old = n\n    with lock:\n        n = old - 1\n"
    ),
}


@pytest.mark.parametrize("what", UNSEEN_ONCE)
def test_what_is_lost_in_places_that_were_not_looked_at(tmp_path: Path, what: str) -> None:
    assert of(tmp_path, UNSEEN_ONCE[what], 120).kind == "wrong"


RIGHT_ALL_THE_SAME = {
    "sums of floats in another order": (
        "total = 0.0\ndef work(index):\n    global total\n    for i in range(4):\n        with lock:\n"
        "            total += 0.1 * (index + 1) + i / 7\n"
    ),
    "a text that all write": (
        "text = ''\ndef work(index):\n    global text\n    for _ in range(3):\n        with lock:\n"
        "            text += 'abc'[index]\n"
    ),
    "the inside of a queue": (
        "import queue\nq = queue.Queue()\ndef work():\n    q.put(1)\n    with q.mutex:\n        q.queue.clear()\n"
        "    return q.unfinished_tasks > 0\n"
    ),
    "all threads that there are": (
        "n = 0\ndef job():\n    global n\n    with lock:\n        n += 1\ndef work():\n"
        "    for _ in range(2):\n        threading.Thread(target=job).start()\n    for one in threading.enumerate():\n"
        "        if one is not threading.main_thread():\n            one.join()\n"
        "    return n, threading.active_count()\n"
    ),
    "a handler of signals": (
        "import signal\nstop = threading.Event()\ndef work():\n"
        "    signal.signal(signal.SIGINT, lambda *a: stop.set())\n    return 1\n"
    ),
    "a timer that is called off": (
        "fired = []\ndef work():\n    one = threading.Timer(5, fired.append, [1])\n    one.start()\n"
        "    one.cancel()\n    one.join()\n    return len(fired)\n"
    ),
}


@pytest.mark.parametrize("what", RIGHT_ALL_THE_SAME)
def test_what_is_right_is_called_wrong_by_nothing(tmp_path: Path, what: str) -> None:
    found = of(tmp_path, RIGHT_ALL_THE_SAME[what])
    assert (found.kind, found.why) == ("right", "")


NOT_TO_BE_JUDGED = {
    "hangs on the order of parts": (
        "now = peak = 0\ndef work():\n    global now, peak\n    with lock:\n        now += 1\n"
        "        peak = max(peak, now)\n    with lock:\n        now -= 1\n"
    ),
    "parts that each hold": (  # which also gives and takes money, and writes down each balance
        "class Account:\n    def __init__(self):\n        self.sum, self.all = 0, []\n    def pay(self, n):\n"
        "        with lock:\n            self.sum += n\n            self.all.append(self.sum)\n"
        "def work():\n    account = Account()\n    def job():\n        account.pay(100)\n        account.pay(-40)\n"
        f"{RUN}    return account.all\n"
    ),
    "time-out": (
        "import time\nn = 0\ndef work():\n    global n\n    if lock.acquire(timeout=0.05):\n        time.sleep(0.1)\n"
        "        n += 1\n        lock.release()\n"
    ),
    "by chance or by the clock": (
        "import time\nlog = []\ndef work():\n    time.sleep(1)\n    with lock:\n"
        "        log.append(time.strftime('%H:%M:%S'))\n"
    ),
    "another thing each time": ("from datetime import datetime\ndef work():\n    return str(datetime.now())\n"),
    "asyncio loop": "import asyncio\nasync def go():\n    return 1\ndef work():\n    return asyncio.run(go())\n",
    "not stepped": (
        "from multiprocessing.pool import ThreadPool\ndef up(n):\n    return n + 1\n"
        "def work():\n    with ThreadPool(2) as pool:\n        return pool.map(up, range(3))\n"
    ),
    "asks for input": "def work():\n    return input('Name? ')\n",
    "nothing behind": "COUNT, NAME = 3, 'a'\nclass Kept:\n    most = 3\ndef work():\n    pass\n",
}


@pytest.mark.parametrize("why", NOT_TO_BE_JUDGED)
def test_what_nobody_can_judge_says_why(tmp_path: Path, why: str) -> None:
    found = of(tmp_path, NOT_TO_BE_JUDGED[why], 60)
    assert found.kind == "cannot judge"
    assert why in found.why


def test_a_deadlock_is_told_with_all_members_though_threads_of_its_own_found_it(tmp_path: Path) -> None:
    found = of(
        tmp_path,
        "forks = [threading.Semaphore(1) for _ in range(2)]\ndef job(i):\n    forks[i].acquire()\n"
        "    forks[1 - i].acquire()\n    forks[i].release()\n    forks[1 - i].release()\ndef work():\n"
        "    ts = [threading.Thread(target=job, args=(i,)) for i in range(2)]\n    [t.start() for t in ts]\n"
        "    [t.join() for t in ts]\n",
        100,
    )
    assert found.kind == "wrong"
    assert "hread-1 waits for semaphore forks 2, held by Thread-2" in found.why
    assert "hread-2 waits for semaphore forks 1, held by Thread-1" in found.why
    assert "has ended" not in found.why
    assert not any("within a line" in note for note in notes(found))


def test_a_thread_of_a_class_of_its_own_may_be_looked_at_before_it_is_made(tmp_path: Path) -> None:
    found = of(
        tmp_path,
        "class Worker(threading.Thread):\n    total = 0\n    def __init__(self, k):\n        super().__init__()\n"
        "        self.k = k\n    def run(self):\n        n = Worker.total\n        Worker.total = n + self.k\n"
        "def work():\n    ws = [Worker(k) for k in (1, 2)]\n    [w.start() for w in ws]\n    [w.join() for w in ws]\n"
        "    return Worker.total\n",
        60,
    )
    assert found.kind == "wrong"
    assert "Worker.total is" in found.why


def test_what_is_in_other_kinds_of_dicts_is_told(tmp_path: Path) -> None:
    found = of(
        tmp_path,
        "import collections\nn = collections.Counter()\ndef work():\n    old = n['a']\n    n['a'] = old + 1\n",
    )
    assert found.why.startswith("n is {'a': ")


def test_shorter_loops_are_told(tmp_path: Path) -> None:
    found = of(tmp_path, "def work():\n    for _ in range(100_000):\n        pass\n    return 1\n", 4)
    assert found.kind == "right"
    assert "Of a range() of over 100 8 numbers were left" in notes(found)[-1]
    found = of(
        tmp_path,
        "def work():\n    n = 0\n    for _ in range(100_000):\n        n += 1\n    assert n == 100_000\n",
    )
    assert found.kind == "cannot judge"
    assert found.why.startswith("It takes too many steps")
