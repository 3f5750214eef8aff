"""The promises of `threading` and `queue`, kept by ours: each test runs on both."""

from __future__ import annotations

import queue
import threading
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.sync_tasks import Tasks, until
from workers import sync

if TYPE_CHECKING:
    from collections.abc import Callable

SHORT_S = 0.001
PLAIN = SimpleNamespace(**{name: getattr(threading, name, getattr(queue, name, None)) for name in sync.__all__})


@pytest.fixture(params=[PLAIN, sync], ids=["python", "ours"])
def kit(request: pytest.FixtureRequest) -> Any:
    return request.param


def together(*functions: Callable[[], Any]) -> list[Any]:
    """Run functions side by side; returns their results, or what they raised."""
    return Tasks(stuck_s=1e9).run(*functions)


# ---------------------------------------------------------------- Lock and RLock


def test_a_lock_is_taken_and_let_go(kit: Any) -> None:
    lock = kit.Lock()
    assert lock.acquire()
    assert lock.locked()
    assert not lock.acquire(blocking=False)
    assert not lock.acquire(timeout=SHORT_S)
    assert not lock.acquire(True, 0)
    lock.release()
    assert not lock.locked()
    with lock as taken:
        assert taken
        assert lock.locked()
    assert not lock.locked()


def test_a_lock_is_let_go_by_an_error(kit: Any) -> None:
    lock = kit.Lock()
    with pytest.raises(KeyError), lock:
        raise KeyError
    assert lock.acquire(blocking=False)


def test_another_thread_may_let_a_lock_go(kit: Any) -> None:
    lock = kit.Lock()
    lock.acquire()
    assert together(lock.release, lock.acquire) == [None, True]


@pytest.mark.parametrize("kind", ["Lock", "RLock"])
def test_what_nobody_has_cannot_be_let_go(kit: Any, kind: str) -> None:
    with pytest.raises(RuntimeError):
        getattr(kit, kind)().release()


@pytest.mark.parametrize("kind", ["Lock", "RLock"])
def test_time_outs_of_locks_make_sense(kit: Any, kind: str) -> None:
    lock = getattr(kit, kind)()
    with pytest.raises(ValueError, match="can't specify a timeout for a non-blocking call"):
        lock.acquire(False, 1)
    with pytest.raises(ValueError, match="timeout value must be"):
        lock.acquire(timeout=-2)


def test_an_rlock_is_taken_again_by_its_holder_and_by_nobody_else(kit: Any) -> None:
    lock = kit.RLock()
    with lock, lock:
        assert together(lambda: lock.acquire(blocking=False)) == [False]
    assert together(lambda: lock.acquire(blocking=False)) == [True]


def test_an_rlock_is_let_go_by_its_holder_only(kit: Any) -> None:
    lock = kit.RLock()
    with lock:
        (error,) = together(lock.release)
        assert isinstance(error, RuntimeError)


def test_a_lock_keeps_others_out(kit: Any) -> None:
    lock, inside, most = kit.Lock(), [], []

    def work() -> None:
        for _ in range(20):
            with lock:
                inside.append(1)
                most.append(len(inside))
                inside.pop()

    together(*[work] * 4)
    assert set(most) == {1}


# ---------------------------------------------------------------- semaphores


@pytest.mark.parametrize("kind", ["Semaphore", "BoundedSemaphore"])
def test_a_semaphore_has_so_many_places(kit: Any, kind: str) -> None:
    places = getattr(kit, kind)(2)
    assert places.acquire()
    with places:
        assert not places.acquire(blocking=False)
        assert not places.acquire(timeout=SHORT_S)
    assert places.acquire(False)
    places.release(2)
    assert places.acquire()
    with pytest.raises(ValueError, match="can't specify timeout for non-blocking acquire"):
        places.acquire(False, 1)
    with pytest.raises(ValueError, match="n must be one or more"):
        places.release(0)
    with pytest.raises(ValueError, match="semaphore initial value must be >= 0"):
        getattr(kit, kind)(-1)


def test_a_semaphore_takes_back_more_than_it_gave_and_a_bounded_one_does_not(kit: Any) -> None:
    places = kit.Semaphore(0)
    places.release()
    assert places.acquire(blocking=False)
    with pytest.raises(ValueError, match="Semaphore released too many times"):
        kit.BoundedSemaphore(1).release()


def test_a_place_that_is_given_lets_one_in(kit: Any) -> None:
    places = kit.Semaphore(0)
    assert together(places.acquire, places.release, places.release, places.acquire) == [True, None, None, True]


# ---------------------------------------------------------------- Event


def test_an_event_stays_set(kit: Any) -> None:
    event = kit.Event()
    assert not event.is_set()
    assert not event.wait(SHORT_S)
    assert together(event.wait, event.wait, event.set) == [True, True, None]
    assert event.wait()
    event.clear()
    assert not event.wait(0)


def test_an_event_that_is_cleared_at_once_lets_those_go_on_who_waited() -> None:
    event, tasks = sync.Event(), Tasks(stuck_s=1e9)
    (waiter,) = tasks.start(event.wait)
    until(lambda: bool(event._waiting))
    event.set()
    event.clear()
    assert waiter.end()


# ---------------------------------------------------------------- Condition


@pytest.mark.parametrize("lock", ["Lock", "RLock", ""])
def test_a_condition_wants_its_lock(kit: Any, lock: str) -> None:
    condition = kit.Condition(getattr(kit, lock)()) if lock else kit.Condition()
    for call in (condition.wait, condition.notify, condition.notify_all):
        with pytest.raises(RuntimeError, match="un-acquired lock"):
            call()
    with condition:
        assert not condition.wait(SHORT_S)
        assert condition.wait_for(lambda: 5) == 5
        assert not condition.wait_for(lambda: 0, SHORT_S)
    assert condition.acquire(blocking=False)
    condition.release()


def test_a_notify_wakes_so_many_as_it_says(kit: Any) -> None:
    condition, waiting, woken = kit.Condition(), [], []

    def wait() -> None:
        with condition:
            waiting.append(1)
            condition.wait()
            woken.append(1)

    def notify() -> None:
        until(lambda: len(waiting) == 3)
        with condition:  # they wait, or this could not be had
            condition.notify(2)
        until(lambda: len(woken) == 2)
        with condition:
            assert len(woken) == 2
            condition.notify_all()

    assert together(wait, wait, wait, notify) == [None] * 4


def test_a_notify_is_lost_on_who_comes_later(kit: Any) -> None:
    condition = kit.Condition()
    with condition:
        condition.notify_all()
        assert not condition.wait(SHORT_S)


def test_a_wait_gives_an_rlock_back_as_often_as_it_was_taken(kit: Any) -> None:
    condition, states = kit.Condition(), []

    def wait() -> None:
        with condition, condition:
            states.append("waits")
            condition.wait_for(lambda: "ready" in states)
            states.append("has it")
        states.append("let go")

    def notify() -> None:
        until(lambda: bool(states))
        with condition:
            states.append("ready")
            condition.notify()

    together(wait, notify)
    assert states == ["waits", "ready", "has it", "let go"]
    assert condition.acquire(blocking=False)
    condition.release()


# ---------------------------------------------------------------- Barrier


def test_a_barrier_lets_all_on_together_again_and_again(kit: Any) -> None:
    calls: list[int] = []
    barrier = kit.Barrier(3, lambda: calls.append(1))

    def work() -> list[int]:
        return [barrier.wait() for _ in range(4)]

    results = together(work, work, work)
    assert [sorted(indices) for indices in zip(*results, strict=True)] == [[0, 1, 2]] * 4
    assert len(calls) == 4
    assert (barrier.parties, barrier.n_waiting, barrier.broken) == (3, 0, False)


def test_a_barrier_is_broken_by_a_time_out(kit: Any) -> None:
    barrier = kit.Barrier(3, timeout=SHORT_S)
    results = together(barrier.wait, lambda: barrier.wait(60))
    assert all(isinstance(one, kit.BrokenBarrierError) for one in results)
    assert barrier.broken
    with pytest.raises(kit.BrokenBarrierError):
        barrier.wait()
    barrier.reset()
    assert not barrier.broken


@pytest.mark.parametrize(("call", "broken"), [("abort", True), ("reset", False)])
def test_who_waits_is_told_of_an_abort_and_of_a_reset(kit: Any, call: str, broken: bool) -> None:
    barrier = kit.Barrier(2)

    def end() -> None:
        until(lambda: barrier.n_waiting == 1)
        getattr(barrier, call)()

    error, _ = together(barrier.wait, end)
    assert isinstance(error, kit.BrokenBarrierError)
    assert barrier.broken is broken


def test_a_barrier_is_broken_by_an_action_that_fails(kit: Any) -> None:
    def fail() -> None:
        raise KeyError

    barrier = kit.Barrier(2, fail)
    results = together(barrier.wait, barrier.wait)
    assert {type(one) for one in results} == {KeyError, kit.BrokenBarrierError}
    assert barrier.broken


# ---------------------------------------------------------------- Queue


def test_a_queue_is_first_in_first_out(kit: Any) -> None:
    jobs = kit.Queue()
    assert jobs.empty()
    for item in range(3):
        jobs.put(item)
    assert (jobs.qsize(), jobs.full(), jobs.empty()) == (3, False, False)
    assert [jobs.get() for _ in range(3)] == [0, 1, 2]
    with pytest.raises(kit.Empty):
        jobs.get_nowait()
    with pytest.raises(kit.Empty):
        jobs.get(timeout=SHORT_S)


def test_a_queue_with_a_limit_is_full(kit: Any) -> None:
    jobs = kit.Queue(1)
    jobs.put_nowait(1)
    assert jobs.full()
    with pytest.raises(kit.Full):
        jobs.put_nowait(2)
    with pytest.raises(kit.Full):
        jobs.put(2, timeout=SHORT_S)
    assert together(lambda: jobs.put(2), jobs.get, jobs.get) in ([None, 1, 2], [None, 2, 1])


@pytest.mark.parametrize("call", ["get", "put"])
def test_time_outs_of_queues_make_sense(kit: Any, call: str) -> None:
    arguments = (1,) if call == "put" else ()
    with pytest.raises(ValueError, match="'timeout' must be a non-negative number"):
        getattr(kit.Queue(1), call)(*arguments, timeout=-1)


def test_join_waits_until_all_is_done(kit: Any) -> None:
    jobs, done = kit.Queue(), []
    jobs.join()

    def use() -> None:
        for _ in range(3):
            jobs.get()
            done.append(1)
            jobs.task_done()

    def make() -> int:
        for item in range(3):
            jobs.put(item)
        jobs.join()
        return len(done)

    assert together(use, make) == [None, 3]
    with pytest.raises(ValueError, match="task_done\\(\\) called too many times"):
        jobs.task_done()


def test_a_queue_hands_each_item_to_one(kit: Any) -> None:
    jobs = kit.Queue(2)

    def use() -> list[int]:
        return list(iter(jobs.get, None))

    def make() -> None:
        for item in range(30):
            jobs.put(item)
        for _ in range(3):
            jobs.put(None)

    *got, _ = together(use, use, use, make)
    assert sorted(item for items in got for item in items) == list(range(30))
