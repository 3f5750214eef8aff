"""Messages by Dask's own means, both ends in this process: nothing is lost, and no more is under way than may be."""

from __future__ import annotations

import asyncio
import pickle
import threading
from collections import deque
from types import SimpleNamespace
from typing import Any

import pytest

distributed = pytest.importorskip("distributed")

from workers.clusters import post, worker_post  # noqa: E402 -- they are of no use without Dask
from workers.clusters.post import PostOffice  # noqa: E402

KEY = b"key"
WORKER = "tcp://10.0.0.1:1"


class Scheduler:
    """Passes events on to the client and calls on to the worker, as Dask's does."""

    id = "client"

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self.sizes: deque[int] = deque()

    def subscribe_topic(self, topic: str, handler: Any) -> None:
        self._handler = handler

    def log_event(self, topic: str, event: dict[str, Any]) -> None:
        self.sizes.append(len(event["part"]))
        self._loop.call_soon_threadsafe(self._handler, (0.0, event))

    async def run(self, function: object, call: dict[str, Any], workers: list[str]) -> dict[str, Any]:
        return {workers[0]: getattr(worker_post, call["name"])(*pickle.loads(call["data"]))}


async def results(name: str) -> list[bytes]:
    raise KeyError(name)


def run(test: Any, monkeypatch: pytest.MonkeyPatch, result: Any = results) -> None:
    async def whole() -> None:
        scheduler = Scheduler(asyncio.get_running_loop())
        worker = SimpleNamespace(address=WORKER, log_event=scheduler.log_event)
        monkeypatch.setattr(distributed, "get_worker", lambda: worker)
        office = PostOffice(scheduler, KEY, result)
        near = office.open(WORKER)
        assert near is not None
        assert office.open(WORKER) is None
        far = worker_post._posts[KEY] = worker_post.WorkerPost(KEY, office.topic)
        try:
            await asyncio.to_thread(test, near, far, scheduler)
        finally:
            far.close()
            await office.close()

    asyncio.run(whole())


def test_messages_go_both_ways_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    def test(near: Any, far: Any, _: Scheduler) -> None:
        for number in range(100):
            far.send_bytes(b"up %d" % number)
            near.send_bytes(b"down %d" % number)
        assert [near.recv_bytes() for _ in range(100)] == [b"up %d" % number for number in range(100)]
        assert far.poll(10)
        assert [far.recv_bytes() for _ in range(100)] == [b"down %d" % number for number in range(100)]

    run(test, monkeypatch)


def test_a_worker_that_others_keep_busy_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(post, "MAX_TRY_S", 0.0)

    async def whole() -> None:
        is_free = asyncio.Event()

        class Busy(Scheduler):
            asked = 0

            async def run(self, function: object, call: dict[str, Any], workers: list[str]) -> dict[str, Any]:
                self.asked += 1
                if self.asked > 600:
                    is_free.set()
                return {workers[0]: self.asked > 600}

        office = PostOffice(Busy(asyncio.get_running_loop()), KEY, results)
        near = office.open(WORKER)
        assert near is not None
        near.send_bytes(b"down")
        await is_free.wait()
        assert not near.delivery.done()
        await office.close()

    asyncio.run(asyncio.wait_for(whole(), 20))


def test_a_long_message_goes_in_parts_and_no_faster_than_it_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    def test(near: Any, far: Any, scheduler: Scheduler) -> None:
        message = bytes(range(256)) * 8192  # 2 MiB
        sender = threading.Thread(target=far.send_bytes, args=(message,))
        sender.start()
        assert near.recv_bytes() == message
        sender.join()
        assert max(scheduler.sizes) == worker_post.LARGE

    run(test, monkeypatch)


def test_a_worker_waits_for_a_program_that_reads_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def test(near: Any, far: Any, scheduler: Scheduler) -> None:
        message, count = bytes(worker_post.LARGE), 100
        sender = threading.Thread(target=lambda: [far.send_bytes(message) for _ in range(count)])
        sender.start()
        sender.join(0.2)
        assert sum(scheduler.sizes) <= worker_post.WINDOW + worker_post.LARGE, "the rest is not under way"
        assert [near.recv_bytes() for _ in range(count)] == [message] * count
        sender.join()

    run(test, monkeypatch)


def test_a_large_last_message_is_the_errands_result_and_keeps_its_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    large = pickle.dumps(("events", [(1, 6, 0.0, 0.0, "", bytes(worker_post.LARGE * 2))], 0.0))

    async def result(name: str) -> list[bytes]:
        assert name == "errand 1"
        await asyncio.sleep(0.05)
        return [large]

    def test(near: Any, far: Any, scheduler: Scheduler) -> None:
        worker_post._errand.name, worker_post._errand.results = "errand 1", []
        far.send_bytes(b"before")
        far.send_bytes(large)
        far.send_bytes(b"behind")
        assert [near.recv_bytes() for _ in range(3)] == [b"before", large, b"behind"]
        assert worker_post._errand.results == [large]
        assert max(scheduler.sizes) < 10

    run(test, monkeypatch, result)


def test_who_waits_learns_of_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    def test(near: Any, far: Any, _: Scheduler) -> None:
        near.close()
        with pytest.raises(EOFError):
            far.recv_bytes()
        with pytest.raises(EOFError):
            near.recv_bytes()
        with pytest.raises(EOFError):
            far.send_bytes(b"late")

    run(test, monkeypatch)


def test_a_program_with_nothing_to_say_is_heard_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    def test(near: Any, far: Any, _: Scheduler) -> None:
        began = far._heard
        with far._changed:
            assert far._changed.wait_for(lambda: far._heard > began, 10)

    monkeypatch.setattr(worker_post, "BEAT_S", 0.01)
    run(test, monkeypatch)


def test_a_program_that_is_not_heard_any_more_keeps_nobody_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """It was killed: nobody will ever read what fills the window."""

    def test(near: Any, far: Any, _: Scheduler) -> None:
        far._unread = worker_post.WINDOW + 1
        monkeypatch.setattr(worker_post, "SILENT_S", -1.0)
        with pytest.raises(EOFError):
            far.send_bytes(b"up")
        assert far.poll(0)
        with pytest.raises(EOFError):
            far.recv_bytes()

    run(test, monkeypatch)
