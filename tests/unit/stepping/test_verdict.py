"""What is wrong, what was right in the orders that were tried, and what nobody can judge."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from workers.catalog import labs, lookup
from workers.stepping.answer import data, head, notes
from workers.stepping.judging import judge
from workers.stepping.orders import order_of

if TYPE_CHECKING:
    from workers.stepping.verdict import Verdict

PROGRAMS = Path(__file__).parents[2] / "fixtures" / "programs"
USUAL = {
    "wrong": ("crossed_accounts", "lock_let_go", "overdrawn", "singleton", "up_and_down", "who_is_on"),
    "right": ("copied_keys", "event", "fast_write_counter", "given_back", "one_product", "with_timeout"),
}


def judged(name: str, orders: int = 200, **others: Any) -> Verdict:
    return judge(lookup.named("workloads", name), others.pop("params", {}), orders=orders, **others)


def of(path: Path, source: str, **others: Any) -> Verdict:
    path /= "mine.py"
    path.write_text(source, encoding="utf-8")
    return judged(f"{path}:work", **others)


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind in USUAL for name in USUAL[kind]])
def test_programs(kind: str, name: str) -> None:
    """A few of each; half of all are after public questions and code, whose addresses they have."""
    orders = 120 if name == "up_and_down" else 40 if kind == "right" else 60
    assert judged(f"{PROGRAMS / kind / name}.py:run", orders).kind == kind


@pytest.mark.long
@pytest.mark.parametrize(
    "path",
    sorted(path for kind in USUAL for path in PROGRAMS.glob(f"{kind}/*.py")),
    ids=lambda path: f"{path.parent.name}-{path.stem}",
)
def test_all_programs(path: Path) -> None:
    assert judged(f"{path}:run").kind == path.parent.name


def test_there_are_twenty_of_each_and_more_and_half_have_an_address() -> None:
    for kind in USUAL:
        texts = [path.read_text(encoding="utf-8") for path in PROGRAMS.glob(f"{kind}/*.py")]
        assert len(texts) >= 20
        assert sum("\nAfter https://" in text for text in texts) >= len(texts) / 2


@pytest.mark.parametrize(
    ("name", "kind"), [("counter.broken", "wrong"), ("counter.fixed", "right"), ("account.broken", "wrong")]
)
def test_labs(name: str, kind: str) -> None:
    found = judged(name, 8, tasks=2, params={"counts": 2} if "counter" in name else {"balance": 30})
    assert found.kind == kind


UNSEEN = {"leak.kept", "pool.enough_threads"}
"""Wrong versions whose fault no order of threads brings about: they are slow, or leave something to luck."""

QUICK = (
    *("rounds.free", "rounds.timeout", "rounds.barrier", "philosophers.ordered", "local.left_over"),
    *("results.map_fails", "results.never_asked"),
)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=() if name in QUICK else pytest.mark.long)
        for name in labs.versions()
        if not name.startswith(
            ("cost.", "leaving.", "loop.", "sharing.", "slot.")
        )  # of times, processes, loops
    ],
)
def test_labs_are_judged_as_they_say(name: str) -> None:
    is_wrong = labs.is_wrong(labs.versions()[name]) and name not in UNSEEN
    assert judged(name, 24).kind == ("wrong" if is_wrong else "right")


def test_what_is_meant_to_fail_is_judged_by_its_check(tmp_path: Path) -> None:
    source = 'FAILS = "to show it"\ncount = [0]\ndef work():\n    count[0] += 1\n    raise ValueError\n'
    assert of(tmp_path, f"{source}def check():\n    return count[0] > 0\n", orders=4).kind == "right"
    assert of(tmp_path, f"{source}def check():\n    return count[0] > 9\n", orders=4).kind == "wrong"


LOST = """
count = 0
def work():
    global count
    for _ in range(3):
        old = count
        count = old + 1
"""


def test_the_shortest_order_has_one_switch_and_is_told(tmp_path: Path) -> None:
    found = of(tmp_path, LOST)
    assert found.kind == "wrong"
    assert found.failing is not None
    assert (found.failing.switches, found.is_shortest, found.compared) == (1, True, 6)
    assert head(found, "mine.py:work").startswith(
        "work (mine.py) is not thread-safe: one worker, or processes. count is "
    )
    said = data(found, "mine.py:work")
    assert order_of(said["failing"]["order"]) == list(found.failing.order)
    rows = said["failing"]["steps"]
    assert {"thread", "line", "source", "changed"} == set(rows[0])
    assert any(row["source"] == "count = old + 1" and row["changed"] for row in rows)


def test_within_lines_is_said_to_be_so(tmp_path: Path) -> None:
    found = of(tmp_path, "count = 0\ndef work():\n    global count\n    count += 1\n", orders=20)
    assert (found.kind, found.by_lines) == ("wrong", 10)
    assert any("CPython 3.10 and later with its GIL" in note for note in notes(found))


def test_right_says_in_how_many_orders(tmp_path: Path) -> None:
    found = of(tmp_path, "def work(index):\n    return index * 2\n", orders=8)
    assert head(found, "mine.py:work") == "work (mine.py): no fault seen in 8 orders."
    assert (found.by_lines, found.compared, found.exit_code) == (4, 6, 0)


def test_a_check_is_asked(tmp_path: Path) -> None:
    source = f"{LOST}    return count\ndef check(results):\n    return len(results) == 3 and count < 100\n"
    found = of(tmp_path, source, orders=12)
    assert (found.kind, found.has_check, found.compared) == ("right", True, 0)
    (tmp_path / "mine.py").write_text(source.replace("< 100", "== 9"))
    assert judged(f"{tmp_path}/mine.py:work").why == "Its check says that it is wrong."


def test_who_may_take_how_much_is_left_to_chance(tmp_path: Path) -> None:
    source = (
        "import queue\njobs = queue.Queue()\nfor job in range(6):\n    jobs.put(job)\n"
        "def work():\n    done = 0\n    while True:\n        try:\n            jobs.get_nowait()\n"
        "        except queue.Empty:\n            return done\n        done += 1\n"
    )
    assert of(tmp_path, source, orders=20).kind == "right"


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("def work():\n    x = 1\n", "It leaves nothing behind"),
        ("async def work():\n    return 1\n", "It is async"),
        ("raise ValueError('no')\ndef work():\n    return 1\n", "Its file cannot be run: ValueError: no"),
        ("def work():\n    return 1\nraise SystemExit(work())\n", "Its file cannot be run: SystemExit: 1"),
        (
            "import threading\nstep, seen = threading.Event(), []\ndef work(index):\n"
            "    seen.append(index)\n    last = seen[-1]\n    if index:\n        step.wait()\n    step.set()\n"
            "    return str(seen[:]) + str(last)\n",
            "Its threads wait for each other",
        ),
        ("def work():\n    while True:\n        pass\n", "It had not come to an end"),
    ],
)
def test_nobody_can_judge(tmp_path: Path, source: str, why: str) -> None:
    found = of(tmp_path, source, orders=24)
    assert found.kind == "cannot judge"
    assert found.why.startswith(why)
    assert found.exit_code == 2


def test_what_a_file_fills_at_its_top_is_known_to_its_tasks_alone(tmp_path: Path) -> None:
    source = (
        "import queue\njobs = queue.Queue()\njobs.put(1)\n"
        "def work():\n    while not jobs.empty():\n        jobs.get()\n    jobs.join()\n"
    )
    found = of(tmp_path, source, orders=4)
    assert (found.kind, found.is_always) == ("wrong", True)
    assert "waits for task_done of queue jobs" in found.why


def test_an_order_of_whole_tasks_that_cannot_be_stepped_is_not_judged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workers.stepping.play.HANGS_S", 0.1)
    source = (
        "import logging\nheld, seen = logging.Handler().lock, []\nheld.acquire()\n"
        "def work(index):\n    seen.append(index)\n    if seen[0]:\n        held.acquire(True, 2)\n    return 1\n"
    )
    before = set(threading.enumerate())
    found = of(tmp_path, source, tasks=2)
    for thread in set(threading.enumerate()) - before:
        thread.join(20)
    assert (found.kind, found.orders) == ("cannot judge", 0)
    assert "it waits for something that is not stepped" in found.why


def test_a_file_that_never_ends_by_itself_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workers.stepping.world.IMPORT_S", 0.05)
    source = "import threading\ndef work():\n    return 1\nthreading.Event().wait(0.5)\n"
    found = of(tmp_path, source, orders=2)
    assert found.kind == "cannot judge"
    assert "when it is imported" in found.why


@pytest.mark.parametrize("error", ["SystemExit", "KeyboardInterrupt", "ValueError"])
def test_a_task_that_exits_keeps_no_later_one_from_running(tmp_path: Path, error: str) -> None:
    found = of(
        tmp_path,
        "WORKERS = 1\ndef check(shared, results):\n    return results == [None, 1, 2]\n"
        f"FAILS = 'on purpose'\ndef work(index):\n    if index == 0:\n        raise {error}\n    return index\n",
        orders=4,
    )
    assert (found.kind, found.why) == ("right", "")


def test_a_thread_of_its_own_may_exit_as_those_of_python_do(tmp_path: Path) -> None:
    found = of(
        tmp_path,
        "import sys, threading\ntotal = 0\ndef work():\n    one = threading.Thread(target=sys.exit)\n"
        "    one.start()\n    one.join()\n    return total\n",
        orders=4,
    )
    assert (found.kind, found.why) == ("right", "")


def test_what_is_told_is_what_was_compared_and_no_time(tmp_path: Path) -> None:
    found = of(
        tmp_path,
        "import time\nbegan = time.perf_counter() % 1e-3\ntotal = 0\n"
        "def work():\n    global total\n    old = total\n    total = old + 1\n",
        tasks=2,
    )
    assert found.why.startswith("total is 1 at the end; where the tasks run one after the other it is 2 ")


def test_what_begins_its_threads_late_is_called_once_as_well(tmp_path: Path) -> None:
    source = (
        "import threading\ncount = 0\ndef add():\n    global count\n    count += 1\n"
        "def work():\n    for _ in range(400):\n        pass\n"
        "    thread = threading.Thread(target=add)\n    thread.start()\n    thread.join()\n"
    )
    job = of(tmp_path, source, orders=1).job
    assert job is not None
    assert job.tasks == 1


def test_large_numbers_are_made_smaller_and_told(tmp_path: Path) -> None:
    found = of(
        tmp_path,
        "total = 0\ndef work(times: int = 5000):\n    for _ in range(times):\n        pass\n    return times\n",
        orders=4,
    )
    assert (found.kind, found.reduced) == ("right", (("times", 5),))
    assert "It was tried with times=5" in notes(found)[-1]


def test_it_can_be_ended(tmp_path: Path) -> None:
    found = of(tmp_path, "def work(index):\n    return index\n", told=lambda done: done < 3)
    assert found.orders == 3
