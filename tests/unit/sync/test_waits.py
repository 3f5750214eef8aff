"""Tasks that wait for each other: they tell what for, a cancel ends it, and who is stuck is named; nobody else is."""

from __future__ import annotations

import threading
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.sync_tasks import Tasks, until
from workers.engine.task import Phase
from workers.sync import (
    Barrier,
    BoundedSemaphore,
    Condition,
    Deadlock,
    Event,
    Lock,
    Queue,
    RLock,
    Semaphore,
    WaitEnded,
    sleep,
)
from workers.sync.judge import LEFT_S, LOOKED_S, STUCK_AGAIN_S, STUCK_S, Judge
from workers.sync.pace import Pace
from workers.sync.samples import FREE, MAX_SAMPLES, Samples
from workers.sync.thing import LOOK_S, MUTEX, Stopped
from workers.sync.waits import MAX_TOLD

if TYPE_CHECKING:
    from collections.abc import Callable, Generator


def taken(lock: Any) -> None:
    with lock:
        pass


def two_locks() -> SimpleNamespace:
    return SimpleNamespace(a=Lock(), b=Lock(), both=Barrier(2))


def cross(first: Any, second: Any, both: Barrier) -> None:
    with first:
        both.wait()
        with second:
            pass


# ---------------------------------------------------------------- what is told


def test_a_wait_tells_what_for_and_who_has_it() -> None:
    tasks = Tasks()
    shared = tasks.made(lambda: SimpleNamespace(till=Lock(), go=Semaphore(0)))

    def hold() -> None:
        with shared.till:
            until(lambda: bool(shared.till._waiting))

    def wait() -> None:
        until(shared.till.locked)
        with shared.till:
            pass

    assert tasks.run(hold, wait) == [None, None]
    waits = [one for one in tasks.told[1] if one[0] in {Phase.WAITING, Phase.RESUMED}]
    assert waits == [(Phase.WAITING, ("lock till", (0,))), (Phase.RESUMED, None)]
    assert not [one for one in tasks.told[0] if one[0] is Phase.WAITING]


@pytest.mark.parametrize(
    ("make", "wait", "what"),
    [
        (lambda: Event(), lambda thing: thing.wait(), "event x"),
        (lambda: Semaphore(0), lambda thing: thing.acquire(), "semaphore x"),
        (lambda: Condition(), lambda thing: thing.__enter__() and thing.wait(), "a notify of condition x"),
        (lambda: Barrier(2), lambda thing: thing.wait(), "the others at barrier x"),
        (lambda: Queue(), lambda thing: thing.get(), "an item of queue x"),
        (lambda: Queue(1), lambda thing: [thing.put(1), thing.put(2)], "room in queue x"),
        (lambda: Queue(), lambda thing: [thing.put(1), thing.join()], "task_done of queue x"),
        (lambda: Lock(), lambda thing: [thing.acquire(), thing.acquire()], "lock x, held by itself"),
    ],
)
def test_each_thing_has_its_words_and_a_hopeless_wait_is_ended(
    make: Callable[[], Any], wait: Callable[[Any], Any], what: str
) -> None:
    tasks = Tasks()
    shared = tasks.made(lambda: SimpleNamespace(x=make()))
    (error,) = tasks.run(lambda: wait(shared.x))
    assert isinstance(error, Deadlock)
    assert str(error) == f"task 1 waits for {what}"
    assert tasks.deadlocks() == [str(error)]


def test_things_are_called_by_the_names_under_which_they_are_shared() -> None:
    tasks = Tasks()

    def make() -> SimpleNamespace:
        account = SimpleNamespace(lock=Lock(), empty_slots=Semaphore(2))
        return SimpleNamespace(a=account, forks=[Lock(), Lock()], by={"key": Event()}, queue=Queue(), n=1)

    shared = tasks.made(make)
    things = (shared.a.lock, shared.a.empty_slots, *shared.forks, shared.by["key"], shared.queue)
    assert [thing.title for thing in things] == [
        *("lock a", "semaphore a empty slots", "lock forks 1", "lock forks 2", "event by key", "queue")
    ]
    assert shared.queue.phrase == "the queue"
    assert tasks.made(make) is shared, "once a run"
    assert tasks.run(lambda: [Lock().title, Lock().title]) == [["lock 1", "lock 2"]]
    assert tasks.made(Lock).title == "lock 3"


def test_a_thing_that_is_used_where_it_is_made_has_its_name_and_shows_what_was_in_it() -> None:
    tasks = Tasks()

    def make() -> SimpleNamespace:
        jobs = Queue()
        for job in range(3):
            jobs.put(job)
        return SimpleNamespace(jobs=jobs, the_same=jobs)

    shared = tasks.made(make)
    assert tasks.run(lambda: [shared.jobs.get(), shared.jobs.title]) == [[0, "queue jobs"]]
    assert samples(tasks, "queue jobs") == [3, 2]


def test_a_wait_that_goes_on_tells_who_has_it_now() -> None:
    tasks = Tasks()
    shared = tasks.made(lambda: SimpleNamespace(x=Lock(), second=Event()))

    def first() -> None:
        with shared.x:
            until(lambda: len(shared.x._waiting) == 2)

    def hold_on() -> None:
        until(shared.x.locked)
        with shared.x:
            until(lambda: len([one for one in tasks.told[2] if one[0] is Phase.WAITING]) == 2)

    def last() -> None:
        until(lambda: bool(shared.x._waiting))
        with shared.x:
            pass

    tasks.run(first, hold_on, last)
    told = [detail for phase, detail in tasks.told[2] if phase is Phase.WAITING]
    assert told == [("lock x", (0,)), ("lock x", (1,))]


def test_of_very_many_waits_only_long_ones_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workers.sync.waits.MAX_TOLD", 0)
    assert MAX_TOLD
    tasks = Tasks()
    shared = tasks.made(lambda: SimpleNamespace(quick=Event(), slow=Event()))

    def work() -> None:
        shared.quick.wait()
        shared.slow.wait()

    def help() -> None:
        until(lambda: bool(shared.quick._waiting))
        shared.quick.set()
        until(lambda: any(phase is Phase.WAITING for phase, _ in tasks.told[0]))
        shared.slow.set()

    tasks.run(work, help)
    assert [detail for phase, detail in tasks.told[0] if phase is Phase.WAITING] == [("event slow", ())]


# ---------------------------------------------------------------- who is stuck


@pytest.mark.parametrize("kind", [Lock, RLock])
def test_two_locks_crossed_name_both_and_one_goes_on(kind: Callable[[], Any]) -> None:
    tasks = Tasks()
    shared = tasks.made(lambda: SimpleNamespace(a=kind(), b=kind(), both=Barrier(2)))
    results = tasks.run(
        lambda: cross(shared.a, shared.b, shared.both), lambda: cross(shared.b, shared.a, shared.both)
    )
    (error,) = [one for one in results if one is not None]
    assert isinstance(error, Deadlock)
    assert sorted(str(error).split("; ")) == [
        "task 1 waits for lock b, held by task 2",
        "task 2 waits for lock a, held by task 1",
    ]
    newest = results.index(error)
    assert str(error).endswith(f"held by task {2 - newest}"), "the one that began to wait last is ended"


def test_five_philosophers_are_named_though_others_run() -> None:
    tasks, go = Tasks(), threading.Event()
    shared = tasks.made(lambda: SimpleNamespace(forks=[Lock() for _ in range(5)], all=Barrier(5)))

    def eat(left: int) -> None:
        cross(shared.forks[left], shared.forks[(left + 1) % 5], shared.all)

    (busy,) = tasks.start(lambda: go.wait(20))
    results = tasks.run(*[lambda left=left: eat(left) for left in range(5)])
    go.set()
    assert busy.end()
    errors = [one for one in results if one is not None]
    assert len(errors) == 1, "with its forks free again the others eat"
    assert all(f"task {number} waits for lock forks" in str(errors[0]) for number in range(2, 7))


def test_a_lock_taken_twice_by_with_is_hopeless_though_others_run() -> None:
    tasks, go = Tasks(), threading.Event()
    shared = tasks.made(lambda: SimpleNamespace(x=Lock()))
    (busy,) = tasks.start(lambda: go.wait(20))

    def twice() -> None:
        with shared.x, shared.x:
            pass

    (error,) = tasks.run(twice)
    go.set()
    busy.end()
    assert str(error) == "task 2 waits for lock x, held by itself"


def test_a_full_semaphore_whose_holders_wait_for_it_is_hopeless() -> None:
    tasks = Tasks()
    shared = tasks.made(lambda: SimpleNamespace(places=BoundedSemaphore(2), both=Barrier(2)))
    results = tasks.run(*[lambda: cross(shared.places, shared.places, shared.both)] * 2)
    (error,) = [one for one in results if one is not None]
    assert "waits for semaphore places, held by task 1 and task 2" in str(error).replace(
        "itself", f"task {results.index(error) + 1}"
    ).replace("task 2 and task 1", "task 1 and task 2")


def test_nobody_holds_a_place_that_another_has_given_back() -> None:
    tasks = Tasks()
    shared = tasks.made(lambda: SimpleNamespace(places=Semaphore(2), items=Semaphore(0)))
    tasks.run(lambda: shared.places.acquire() and shared.places.acquire(timeout=9))
    tasks.run(lambda: [shared.places.release(), shared.items.release()])
    assert len(shared.places._holders()) == 1
    tasks.run(shared.places.release, shared.items.acquire)
    assert [*shared.places._holders(), *shared.items._holders()] == []


def test_who_holds_a_lock_and_has_ended_is_named() -> None:
    tasks = Tasks()
    shared = tasks.made(lambda: SimpleNamespace(x=Lock()))
    assert tasks.run(shared.x.acquire) == [True]
    (error,) = tasks.run(shared.x.acquire)
    assert str(error) == "task 2 waits for lock x, held by task 1, which has ended"


def test_those_who_fill_a_pool_wait_in_vain_for_who_never_begins() -> None:
    tasks = Tasks(tasks=4, places=2)
    shared = tasks.made(lambda: SimpleNamespace(meeting=Barrier(4)))
    begun = tasks.start(shared.meeting.wait, shared.meeting.wait)
    until(lambda: not all(one.is_alive() for one in begun))  # one was ended, and the next has its place
    begun += tasks.start(shared.meeting.wait)
    until(lambda: sum(one.is_alive() for one in begun) == 1)
    begun += tasks.start(shared.meeting.wait)
    errors = [str(one.end()) for one in begun]
    assert all("waits for the others at barrier meeting" in error for error in errors)
    assert sum("; " in error for error in errors) == 3, "two at a time, and the last alone"


def test_what_nobody_holds_anybody_who_runs_may_give() -> None:
    """A semaphore without a place is held by nobody, and is not free for that."""
    tasks, go = Tasks(), threading.Event()
    shared = tasks.made(lambda: SimpleNamespace(signal=Semaphore(0)))

    def give() -> None:
        go.wait(20)
        shared.signal.release()

    giver, taker = tasks.start(give, shared.signal.acquire)
    until(lambda: bool(shared.signal._waiting))
    assert not tasks.waits.stuck()
    go.set()
    assert (giver.end(), taker.end()) == (None, True)


def test_a_wait_at_a_barrier_that_lasts_for_many_looks_does_not_break_it() -> None:
    clock = Clock()
    tasks = Tasks(pace=clock, stuck_s=1e9)
    shared = tasks.made(lambda: SimpleNamespace(meeting=Barrier(2)))

    def come_late() -> int:
        until(lambda: clock.time > 10 * LOOK_S)
        return int(shared.meeting.wait())

    assert sorted(tasks.run(shared.meeting.wait, come_late)) == [0, 1]


def test_a_time_out_while_the_action_runs_is_none_for_all_have_come() -> None:
    class ByHand(Pace):
        time = 0.0

        def now(self) -> float:
            return self.time

    def action() -> None:
        pace.time = 2.0
        until(lambda: not first.is_alive() or any(one.is_sure for one in shared.meeting._waiting))

    def come() -> int:
        until(lambda: shared.meeting.n_waiting == 1)
        index: int = shared.meeting.wait()
        return index

    pace = ByHand()
    tasks = Tasks(pace=pace, stuck_s=1e9)
    shared = tasks.made(lambda: SimpleNamespace(meeting=Barrier(2, action)))
    (first,) = tasks.start(lambda: shared.meeting.wait(1.0))
    (last,) = tasks.start(come)
    assert (first.end(), last.end(), shared.meeting.broken) == (0, 1, False)


def test_a_task_whose_thread_is_blocked_cannot_help() -> None:
    """Two tasks in slices of one thread: the second waits for what only the first could give."""
    tasks = Tasks()
    shared = tasks.made(lambda: SimpleNamespace(jobs=Queue()))
    first, second = tasks.steps(lambda: None), tasks.steps(shared.jobs.get)
    next(first)
    with pytest.raises(Deadlock, match="task 2 waits for an item of queue jobs"):
        next(second)
    with pytest.raises(StopIteration):
        next(first)


def test_a_wait_that_is_ended_gives_the_lock_of_its_condition_back() -> None:
    tasks = Tasks()
    shared = tasks.made(lambda: SimpleNamespace(bell=Condition(Lock())))

    def wait() -> None:
        with shared.bell:
            shared.bell.wait()

    (error,) = tasks.run(wait)
    assert isinstance(error, Deadlock), "and no error of a release"
    assert tasks.run(lambda: taken(shared.bell)) == [None]


def test_a_wait_that_is_ended_while_another_has_the_lock_excuses_one_release() -> None:
    tasks = Tasks(stuck_s=1e9)
    shared = tasks.made(lambda: SimpleNamespace(bell=Condition()))

    def wait() -> None:
        with shared.bell:
            shared.bell.wait()

    def cancel() -> None:
        until(lambda: bool(shared.bell._waiting))
        with shared.bell:
            tasks.control.cancelled = True
            waiter.join(20)

    (waiter,) = tasks.start(wait)
    tasks.run(cancel)
    assert isinstance(waiter.end(), Stopped)
    assert not shared.bell._lock.locked()


def test_each_with_around_a_wait_that_is_ended_is_excused() -> None:
    tasks = Tasks(stuck_s=1e9)
    shared = tasks.made(lambda: SimpleNamespace(bell=Condition(RLock())))

    def wait() -> None:
        with shared.bell, shared.bell:
            shared.bell.wait()

    def cancel() -> None:
        until(lambda: bool(shared.bell._waiting))
        with shared.bell:
            tasks.control.cancelled = True
            waiter.join(20)

    (waiter,) = tasks.start(wait)
    tasks.run(cancel)
    assert isinstance(waiter.end(), Stopped), "and no error of a release"


def test_an_excuse_is_good_for_its_own_task_alone() -> None:
    tasks = Tasks(stuck_s=1e9)
    shared = tasks.made(lambda: SimpleNamespace(bell=Condition(Lock())))

    def cancel() -> None:
        until(lambda: bool(shared.bell._waiting))
        with shared.bell:
            tasks.control.cancelled = True
            ended.wait(20)

    def wait() -> None:
        shared.bell.acquire()
        shared.bell.wait()

    ended = threading.Event()
    (canceller,) = tasks.start(cancel)
    with pytest.raises(Stopped):
        next(tasks.steps(wait))
    ended.set()
    assert canceller.end() is None
    next(tasks.steps(lambda: taken(shared.bell)))
    assert not shared.bell._lock.locked()


class Clock(Pace):
    """Time goes on only where a thread blocks, and then at once."""

    def __init__(self) -> None:
        self.time = 0.0

    def now(self) -> float:
        return self.time

    def block(self, woken: threading.Lock, seconds: float) -> None:
        self.time += seconds

    def sleep(self, seconds: float) -> None:
        self.time += seconds


def test_who_is_stuck_is_told_after_half_a_second_and_the_next_sooner() -> None:
    clock = Clock()
    tasks = Tasks(pace=clock, stuck_s=0.5)
    shared = tasks.made(lambda: SimpleNamespace(x=Event()))
    assert isinstance(tasks.run(shared.x.wait)[0], Deadlock)
    assert 0.5 <= clock.time <= 0.5 + 2 * LOOK_S
    before = clock.time
    assert isinstance(tasks.run(shared.x.wait)[0], Deadlock)
    assert STUCK_AGAIN_S <= clock.time - before <= STUCK_AGAIN_S + 2 * LOOK_S


def test_only_a_set_that_does_not_change_is_stuck() -> None:
    """Somebody who keeps asking anew, with a time-out, is never told that he is stuck."""
    clock = Clock()
    tasks = Tasks(pace=clock, stuck_s=0.5)
    shared = tasks.made(lambda: SimpleNamespace(x=Event()))

    def ask() -> int:
        return sum(not shared.x.wait(0.4) for _ in range(10))

    assert tasks.run(ask) == [10]
    assert clock.time == pytest.approx(4)


# ---------------------------------------------------------------- while a person looks


class StuckWait:
    error: Exception | None = None

    def __init__(self, since: float) -> None:
        self.since = since

    def words(self) -> str:
        return f"the one of {self.since:.0f}"


def judged(judge: Judge, clock: Clock, *waits: Any) -> Any:
    return judge.judge(frozenset(waits), clock.time)


def test_who_is_stuck_is_named_at_once_but_left_so_while_a_person_looks() -> None:
    clock, told = Clock(), Samples()
    judge, old, new = Judge(clock, told), StuckWait(1), StuckWait(2)
    judged(judge, clock, old, new)
    clock.time += STUCK_S
    judge.leave()
    assert judged(judge, clock, old, new) is None
    assert [name for _, name, _, _ in told.take(clock.time)] == ["the one of 1; the one of 2"]
    clock.time += LOOKED_S * 0.9
    assert judged(judge, clock, old, new) is None
    clock.time += LOOKED_S * 0.2
    assert judged(judge, clock, old, new) is new, "nobody looks any more"
    assert str(new.error) == "the one of 1; the one of 2"
    assert told.take(clock.time) == (), "it is named once"


def test_a_person_who_only_looks_does_not_keep_them_for_ever() -> None:
    clock = Clock()
    judge, wait = Judge(clock, Samples()), StuckWait(1)
    judged(judge, clock, wait)
    ends = clock.time + STUCK_S + LEFT_S
    while clock.time < ends - 0.001:
        judge.leave()
        assert judged(judge, clock, wait) is None
        clock.time += LOOKED_S / 2
    judge.leave()
    assert judged(judge, clock, wait) is wait


def test_where_time_is_the_tasks_own_nobody_can_look() -> None:
    """Threads that are stepped: an order is to depend on nothing else."""
    clock = Clock()
    clock.stuck_s = 0.0
    judge, wait = Judge(clock, Samples()), StuckWait(1)
    judge.leave()
    assert judged(judge, clock, wait) is wait


def test_who_comes_to_stand_behind_those_who_were_named_makes_no_other_deadlock() -> None:
    clock, told = Clock(), Samples()
    judge, one, two, behind = Judge(clock, told), StuckWait(1), StuckWait(2), StuckWait(3)
    judged(judge, clock, one, two)
    for waits in ((one, two), (one, two, behind), (one, two, behind)):
        clock.time += STUCK_S
        judge.leave()
        assert judged(judge, clock, *waits) is None
    clock.time += LEFT_S
    assert judged(judge, clock, one, two, behind) is two
    assert len(told.take(clock.time)) == 1


# ---------------------------------------------------------------- who is not


def producers_and_consumers(tasks: Tasks) -> list[Any]:
    shared = tasks.made(lambda: SimpleNamespace(jobs=Queue(1)))

    def make() -> None:
        for item in range(25):
            shared.jobs.put(item)
        shared.jobs.put(None)

    def use() -> int:
        return sum(item >= 0 for item in iter(shared.jobs.get, None))

    return [sum(one or 0 for one in tasks.run(make, use, make, use))]


def ordered_transfers(tasks: Tasks) -> list[Any]:
    shared = tasks.made(two_locks)

    def work() -> int:
        for _ in range(25):
            with shared.a, shared.b:
                pass
        return 50

    return [sum(tasks.run(work))]


def rounds(tasks: Tasks) -> list[Any]:
    shared = tasks.made(lambda: SimpleNamespace(meeting=Barrier(4)))
    return [len(tasks.run(*[lambda: [shared.meeting.wait() for _ in range(10)]] * 4)) + 46]


def a_buffer_of_semaphores(tasks: Tasks) -> list[Any]:
    """Places are taken by one and given back by another: who took them all does not hold them."""
    shared = tasks.made(lambda: SimpleNamespace(empty=Semaphore(2), full=Semaphore(0), items=[]))

    def make() -> None:
        for item in range(50):
            shared.empty.acquire()
            shared.items.append(item)
            shared.full.release()

    def use() -> int:
        got = 0
        for _ in range(50):
            shared.full.acquire()
            shared.items.pop(0)
            got += 1
            shared.empty.release()
        return got

    return tasks.run(make, use)[1:]


def a_lock_as_a_signal(tasks: Tasks) -> list[Any]:
    shared = tasks.made(lambda: SimpleNamespace(ping=Lock(), pong=Lock()))

    def first() -> int:
        for _ in range(50):
            shared.pong.acquire()
            shared.ping.release()
        return 50

    def second() -> None:
        for _ in range(50):
            shared.ping.acquire()
            shared.pong.release()

    shared.ping.acquire()
    shared.ping.is_open = False  # it was taken here, but as a task would have
    return tasks.run(first, second)[:1]


@pytest.mark.parametrize(
    "work", [producers_and_consumers, ordered_transfers, rounds, a_buffer_of_semaphores, a_lock_as_a_signal]
)
def test_work_that_is_right_is_never_called_stuck(work: Callable[[Tasks], list[Any]]) -> None:
    """Not even where the first look decides."""
    tasks = Tasks(tasks=4, places=4) if work in {producers_and_consumers, rounds} else Tasks(2, 2)
    assert work(tasks) == [50]
    assert tasks.deadlocks() == []


def test_a_thing_that_another_thread_has_touched_may_be_given_by_it() -> None:
    tasks = Tasks()
    shared = tasks.made(lambda: SimpleNamespace(x=Event()))
    shared.x.clear()
    (waiter,) = tasks.start(shared.x.wait)
    until(lambda: bool(shared.x._waiting))
    assert not tasks.waits.stuck()
    shared.x.set()
    assert waiter.end() is True


def test_a_thread_that_a_task_has_started_may_give_what_it_has_not_touched_yet() -> None:
    tasks, go = Tasks(), threading.Event()
    shared = tasks.made(lambda: SimpleNamespace(answer=Queue()))

    def helper() -> None:
        go.wait(20)
        shared.answer.put(4)

    def ask() -> int:
        thread = threading.Thread(target=helper)
        thread.start()
        try:
            return int(shared.answer.get())
        finally:
            thread.join(20)

    (task,) = tasks.start(ask)
    until(lambda: bool(shared.answer._waiting))
    assert not tasks.waits.stuck()
    go.set()
    assert task.end() == 4


def test_a_circle_is_stuck_whatever_such_a_thread_may_give() -> None:
    tasks, go = Tasks(), threading.Event()
    shared = tasks.made(lambda: SimpleNamespace(a=Lock(), b=Lock(), both=Barrier(2), answer=Event()))

    def ask() -> None:
        thread = threading.Thread(target=go.wait, args=(20,))
        thread.start()
        try:
            shared.answer.wait()
        finally:
            thread.join(20)

    (asks,) = tasks.start(ask)
    until(lambda: bool(shared.answer._waiting))
    crossed = tasks.run(
        lambda: cross(shared.a, shared.b, shared.both), lambda: cross(shared.b, shared.a, shared.both)
    )
    tasks.run(shared.answer.set)
    go.set()
    assert asks.end() is None
    assert sorted(type(one).__name__ for one in crossed) == ["Deadlock", "NoneType"]


def test_a_task_that_has_not_begun_may_come_where_a_place_is_free() -> None:
    tasks = Tasks(tasks=2, places=2)
    shared = tasks.made(lambda: SimpleNamespace(x=Event()))
    (waiter,) = tasks.start(shared.x.wait)
    until(lambda: bool(shared.x._waiting))
    assert tasks.run(shared.x.set) == [None]
    assert waiter.end() is True


def test_a_thing_of_the_file_is_of_the_run_that_uses_it() -> None:
    lock, tasks, later = Lock(), Tasks(), Tasks()
    assert tasks.run(lock.acquire, lock.release)[0] is True
    (error,) = later.run(lambda: [lock.acquire(), lock.acquire()])
    assert isinstance(error, Deadlock)


# ---------------------------------------------------------------- cancel


@pytest.mark.parametrize(
    "wait", ["lock", "sleep", "queue", "join", "barrier", "event", "semaphore", "condition"]
)
def test_a_cancel_ends_each_wait_at_its_next_look(wait: str) -> None:
    clock = Clock()
    tasks = Tasks(pace=clock, stuck_s=1e9)
    shared = tasks.made(lambda: SimpleNamespace(x=Lock(), jobs=Queue(), bell=Condition()))
    shared.jobs.put(1)
    tasks.control.cancelled = True
    waits = {
        "lock": lambda: [shared.x.acquire(), shared.x.acquire()],
        "sleep": lambda: sleep(10),
        "queue": lambda: [shared.jobs.get(), shared.jobs.get(timeout=10)],
        "join": lambda: shared.jobs.join(),
        "barrier": lambda: Barrier(2).wait(),
        "event": lambda: Event().wait(),
        "semaphore": lambda: Semaphore(0).acquire(),
        "condition": lambda: shared.bell.__enter__() and shared.bell.wait(),
    }
    (stopped,) = tasks.run(waits[wait])
    assert isinstance(stopped, Stopped)
    assert clock.time <= LOOK_S


def test_a_cancel_ends_the_wait_for_what_another_task_makes() -> None:
    tasks, is_making, go = Tasks(), threading.Event(), threading.Event()

    def make() -> int:
        is_making.set()
        go.wait(20)
        return 4

    def come_late() -> int:
        is_making.wait(20)
        tasks.control.cancelled = True
        return int(tasks.made(make))

    first, late = tasks.start(lambda: tasks.made(make), come_late)
    assert isinstance(late.end(), Stopped)
    go.set()
    assert first.end() == 4


def test_a_sleep_outside_of_a_task_is_a_plain_one(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("time.sleep", slept.append)
    sleep(3)
    assert slept == [3]


def test_a_sleep_of_a_task_goes_in_pieces() -> None:
    clock = Clock()
    assert Tasks(pace=clock).run(lambda: sleep(0.12)) == [None]
    assert clock.time == pytest.approx(0.12)


# ---------------------------------------------------------------- by hand


def test_a_wait_is_ended_by_hand_and_the_task_gives_back_what_it_has() -> None:
    tasks = Tasks(stuck_s=60.0)
    shared = two_locks()
    first, second = tasks.start(
        lambda: cross(shared.a, shared.b, shared.both), lambda: cross(shared.b, shared.a, shared.both)
    )
    until(lambda: bool(shared.a._waiting) and bool(shared.b._waiting))
    assert not tasks.waits.end_wait(7)
    assert tasks.waits.end_wait(1)
    error = second.end()
    assert isinstance(error, WaitEnded)
    assert str(error).startswith("Its wait for lock ")
    assert first.end() is None
    assert not tasks.waits.end_wait(0)  # it has ended


def test_who_holds_a_lock_is_told_while_others_wait_for_it() -> None:
    tasks = Tasks(stuck_s=60.0)
    shared = tasks.made(lambda: SimpleNamespace(x=Lock(), go=Event()))

    def hold() -> None:
        with shared.x:
            shared.go.wait()

    def wait() -> None:
        until(shared.x.locked)
        taken(shared.x)

    started = tasks.start(hold, wait)
    until(lambda: 0 in samples(tasks, "lock x"))
    assert tasks.waits.end_wait(0)
    assert [type(one.end()) for one in started] == [WaitEnded, type(None)]


# ---------------------------------------------------------------- gauges


def samples(tasks: Tasks, gauge: str) -> list[float]:
    rows = [rows for told in tasks.told.values() for phase, rows in told if phase is Phase.PROGRESS]
    return [value for some in rows for _, name, _, value in some if name == gauge]


def test_things_show_who_has_them_and_how_full_they_are() -> None:
    tasks = Tasks()
    shared = tasks.made(lambda: SimpleNamespace(x=Lock(), gate=Semaphore(2), jobs=Queue(), meeting=Barrier(1)))

    def work() -> None:
        with shared.x, shared.gate:
            shared.jobs.put(1)
            shared.meeting.wait()
        shared.jobs.get()

    tasks.run(work)
    assert samples(tasks, "lock x") == [0, FREE]
    assert samples(tasks, "semaphore gate") == [1, 0]
    assert samples(tasks, "queue jobs") == [1, 0]
    assert samples(tasks, "barrier meeting") == [1, 0]


def test_what_is_watched_is_read_after_each_step_and_at_the_end() -> None:
    tasks = Tasks()
    shared = tasks.made(lambda: SimpleNamespace(n=0, jobs=Queue()))
    tasks.waits.watch("n", lambda: shared.n)
    tasks.waits.watch("depth", lambda: shared.jobs.qsize())
    tasks.run(lambda: [vars(shared).update(n=7), shared.jobs.put(1)])
    assert samples(tasks, "n") == [7, 7]
    assert samples(tasks, "depth") == [1, 1]


def test_samples_that_were_taken_first_are_told_first() -> None:
    """While some are told nobody else can take any: else what is told last would not be what came of it."""
    tasks = Tasks()
    tasks.made(lambda: None)
    tasks.waits.watch("n", lambda: 0)
    others_may: list[bool] = []

    def look() -> None:
        others_may.append(MUTEX.acquire(blocking=False))
        if others_may[-1]:
            MUTEX.release()

    def tell(phase: int, detail: Any, moment: float) -> None:
        looks = threading.Thread(target=look)
        looks.start()
        looks.join()

    def work(shared: None) -> Generator[float, None, None]:
        yield 1

    list(tasks.waits.follow(0, "task", tell, work, lambda: None, {}))
    assert others_may
    assert not any(others_may)


def test_the_amount_that_all_have_done_can_be_watched() -> None:
    tasks = Tasks()
    tasks.made(lambda: None)
    tasks.waits.watch("expected n", lambda: tasks.waits.amount)
    tasks.run(lambda: None, lambda: None)
    assert max(samples(tasks, "expected n")) == 2


def test_of_very_many_samples_some_are_kept_and_the_last() -> None:
    tasks = Tasks()
    count = 5 * MAX_SAMPLES

    def work() -> None:
        for value in range(count):
            tasks.waits.sample("n", value)

    tasks.run(work)
    kept = samples(tasks, "n")
    assert kept[: MAX_SAMPLES // 2] == list(range(MAX_SAMPLES // 2))
    assert len(kept) <= MAX_SAMPLES + 1
    assert kept[-1] == count - 1


def test_in_one_of_several_processes_a_gauge_has_its_name() -> None:
    tasks = Tasks()
    tasks.waits.samples._where = " (process 2)"
    tasks.run(lambda: tasks.waits.sample("n", 1))
    assert samples(tasks, "n (process 2)") == [1]
