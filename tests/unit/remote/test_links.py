"""Links to remote workers of a cluster: on other machines, in processes that outlive runs, each lost alone."""

from __future__ import annotations

import os
import queue
import socket
import threading
import time
from functools import partial
from multiprocessing import AuthenticationError
from typing import TYPE_CHECKING, Any

import pytest

from tests.unit.remote.stage import Stage, wait_for
from workers.engine.task import Phase, Task
from workers.remote import wire as wire_module
from workers.remote import worker as worker_module
from workers.remote.link_server import LinkServer
from workers.remote.messages import hear, say
from workers.remote.wire import call, listen, own_address
from workers.remote.worker import RemoteWorker, errand, run_here

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.connection import Connection

    from workers.remote.link import Link

STEPS = "tests.support.finished_runs:steps"


def steps(number: int) -> Task:
    return Task(number, STEPS, (("index", number), ("count", 2)))


class Site:
    """A run's link server for a cluster: it notes which links were lost, and puts their tasks back."""

    def __init__(self, host: str | None = "127.0.0.1", place: str = "worker {} on {host}") -> None:
        self.stage = Stage()
        self.lost: list[Link] = []
        self.changes: queue.SimpleQueue[None] = queue.SimpleQueue()
        self.server = LinkServer(
            *(self.stage.in_flight, self.stage.control, place, lambda: self.changes.put(None)),
            lost=self.lose,
            host=host,
        )

    def lose(self, link: Link) -> None:
        self.stage.in_flight.requeue_link(link.number, f"{link.place} has gone.")
        self.lost.append(link)

    def worker(self, host: str = "") -> RemoteWorker:
        return RemoteWorker(call(*self.server.call), alone=False, outlives=True, host=host)

    def has_told(self, number: int) -> bool:
        return bool(self.stage.phases(number))

    def has_ended(self, count: int) -> bool:
        return self.stage.in_flight.ended == count

    def close(self) -> None:
        self.server.say_close()
        self.server.__exit__()


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    yield made
    made.close()


@pytest.fixture
def kept() -> Iterator[dict[bytes, RemoteWorker]]:
    """What a process keeps for its runs: none at first."""
    kept = worker_module._by_key
    assert not kept
    yield kept
    for one in kept.values():
        assert one.finished.wait(5)
        one._thread.join(5)
    kept.clear()


# ---------------------------------------------------------------- by TCP


def option(wire: Any, level: int, name: int) -> int:
    found = socket.socket(fileno=os.dup(wire.fileno()))
    with found:
        return found.getsockopt(level, name)


def test_by_tcp_both_ends_send_at_once_and_notice_a_machine_that_is_gone(site: Site) -> None:
    worker = site.worker()
    (link,) = site.server.links
    for wire in (worker._wire, link.wire):
        assert option(wire, socket.IPPROTO_TCP, socket.TCP_NODELAY)
        assert option(wire, socket.SOL_SOCKET, socket.SO_KEEPALIVE)


def test_by_tcp_it_listens_at_the_given_address_alone(site: Site) -> None:
    host, port = site.server.call[0]
    assert host == "127.0.0.1"
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.2", port), 5)


def test_without_a_host_nothing_listens_by_tcp() -> None:
    site = Site("")
    assert isinstance(site.server.call[0], str)
    worker = site.worker()
    assert worker.place.startswith("worker 1 on ")
    site.close()


def test_where_the_host_is_not_known_yet_nobody_can_call() -> None:
    site = Site(None)
    assert site.server.call[0] is None
    site.server.listen("127.0.0.1")
    assert site.worker().place.startswith("worker 1 on ")
    site.close()


@pytest.mark.skipif(not socket.has_ipv6, reason="there is no IPv6 here")
def test_by_ipv6() -> None:
    try:
        listener, address = listen("::1")
    except OSError:
        pytest.skip("this machine has no IPv6 address")
    with listener, wire_module.reach(address) as one, listener.accept() as other:
        one.send_bytes(b"here")
        assert other.recv_bytes() == b"here"


def test_a_wrong_key_is_refused_by_tcp(site: Site) -> None:
    with pytest.raises(AuthenticationError):
        call(site.server.call[0], b"guessed")
    assert site.server.links == []
    assert site.worker().place


def test_who_calls_and_says_nothing_holds_nothing_up() -> None:
    site = Site()
    stranger = socket.create_connection(site.server.call[0], 5)
    assert stranger.recv(1)  # the challenge
    site.close()
    with stranger:
        while stranger.recv(4096):
            pass


def test_the_own_address_towards_somebody() -> None:
    assert own_address("127.0.0.1") == "127.0.0.1"
    with pytest.raises(OSError, match=r".+"):
        own_address("no such host.invalid")


# ---------------------------------------------------------------- links by number, lost alone


class Peer:
    """A remote worker by hand: it says what it is told to say."""

    def __init__(self, site: Site, pid: int, host: str) -> None:
        self.wire: Connection = call(*site.server.call)
        self.say("ready", "CPython, GIL on", pid, host)
        self.welcome = hear(self.wire)

    def say(self, *message: Any) -> None:
        say(self.wire, *message)

    def tell(self, number: int, phase: Phase, amount: float = 0.0, cpu_s: float = 0.0) -> None:
        self.say("events", [(number, int(phase), 1.0, amount, self.welcome[1], None)], cpu_s)


def test_two_machines_may_have_processes_of_one_id(site: Site) -> None:
    one, two = Peer(site, 7, "left"), Peer(site, 7, "right")
    assert one.welcome[1:3] == ("worker 1 on left", "worker 1 on left")
    assert two.welcome[1:3] == ("worker 2 on right", "worker 2 on right")
    assert [(link.number, link.pid, link.host) for link in site.server.links] == [
        (1, 7, "left"),
        (2, 7, "right"),
    ]
    for peer in (one, two):
        task = site.stage.in_flight.next()
        assert task is not None
        peer.tell(task.number, Phase.STARTED, cpu_s=1.5)
    wait_for(lambda: len(site.stage.told) == 2)
    wait_for(lambda: site.server.processes() == {-1: 1.5, -2: 1.5}, "neither is a process of this machine")
    one.wire.close()
    wait_for(lambda: len(site.lost) == 1)
    assert site.stage.phases(0) == [Phase.STARTED, Phase.WAITING]
    assert site.stage.phases(1) == [Phase.STARTED], "the other one has it still"
    assert len(site.stage.in_flight) == 1
    two.wire.close()


def test_a_link_that_dies_is_lost_alone_and_its_task_runs_once_more(site: Site) -> None:
    peers = [Peer(site, os.getpid(), "here") for _ in range(3)]
    for number, peer in enumerate(peers):
        site.stage.in_flight.next()
        peer.tell(number, Phase.STARTED)
        wait_for(partial(site.has_told, number))
    peers[1].wire.close()
    wait_for(lambda: len(site.lost) == 1)
    assert (site.lost[0].number, site.lost[0].place) == (2, "worker 2 on here")
    task = site.stage.in_flight.next()
    assert task is not None
    assert task.number == 1
    peers[0].say("took", 1)
    peers[0].tell(1, Phase.STARTED)
    peers[0].tell(1, Phase.DONE, 1)
    peers[2].tell(1, Phase.DONE, 9)  # it never had that task
    peers[2].tell(2, Phase.DONE, 1)
    wait_for(lambda: site.stage.in_flight.ended == 2)
    assert [event.phase for event in site.stage.told if event.number == 1] == [
        *(Phase.STARTED, Phase.WAITING, Phase.RESUMED, Phase.DONE)
    ]
    assert [event.amount for event in site.stage.told if event.number == 1][-1] == 1
    for peer in peers:
        peer.wire.close()


def test_what_dies_while_it_imports_has_its_task_all_the_same(site: Site) -> None:
    for _ in range(2):
        peer = Peer(site, os.getpid(), "here")
        task = site.stage.in_flight.next()
        assert task is not None
        assert task.number == 0
        peer.say("took", 0)
        peer.wire.close()
        wait_for(lambda: not site.server.links and 0 not in site.stage.in_flight)
    wait_for(lambda: site.stage.phases(0) == [Phase.FAILED])
    assert site.stage.told[-1].detail == "worker 1 on here has gone. It was tried 2 times."


def test_who_was_told_to_end_is_not_lost(site: Site) -> None:
    worker = site.worker()
    site.server.say_close()
    assert worker.finished.wait(5)
    site.server.hang_up()
    assert site.server.links == []
    assert site.lost == []


def test_after_a_cancel_what_lies_in_a_queue_ends_and_what_runs_is_waited_for(site: Site) -> None:
    peer = Peer(site, os.getpid(), "here")
    site.stage.in_flight.next(), site.stage.in_flight.next()
    peer.say("took", 0)
    peer.tell(0, Phase.STARTED)
    wait_for(lambda: site.stage.phases(0) == [Phase.STARTED])
    site.stage.control.cancel()
    site.stage.in_flight.cancel(unbegun=True)
    assert site.stage.phases(1) == [Phase.CANCELLED]
    assert 0 in site.stage.in_flight
    peer.wire.close()
    wait_for(lambda: site.stage.phases(0)[-1] is Phase.CANCELLED)


# ---------------------------------------------------------------- processes that outlive runs


def test_a_process_that_outlives_a_run_serves_the_next_one(kept: dict[bytes, RemoteWorker]) -> None:
    for turn in range(2):
        site, used_s = Site(), time.process_time()
        for number in range(2):
            task = site.stage.in_flight.next()
            assert task is not None
            errand(tuple(steps(number)), *site.server.call, "there")
        wait_for(partial(site.has_ended, 2))
        assert site.stage.phases(1)[-1] is Phase.DONE
        assert site.server.ready_count == 1, "one call for a run"
        assert {event.place for event in site.stage.told} == {"worker 1 on there"}
        (run_s,) = site.server.processes().values()
        assert 0 <= run_s <= time.process_time() - used_s, "not what it used for others before"
        site.close()
        (worker,) = kept.values() if turn == 0 else [kept[site.server.call[1]]]
        assert worker.finished.wait(5)
    assert len(kept) == 1, "the one that had ended was dropped"


def test_two_runs_at_a_time_do_not_meet(kept: dict[bytes, RemoteWorker]) -> None:
    sites = [Site(), Site()]
    for site in (*sites, *reversed(sites)):
        task = site.stage.in_flight.next()
        assert task is not None
        errand(tuple(steps(task.number)), *site.server.call)
    for site in sites:
        wait_for(partial(site.has_ended, 2))
    assert len(kept) == 2
    for site in sites:
        site.close()


def test_tasks_in_several_threads_of_a_process_have_places_of_their_own(
    site: Site, kept: dict[bytes, RemoteWorker]
) -> None:
    site.stage.control.pause()
    threads = []
    for number in range(2):
        site.stage.in_flight.next()
        threads.append(threading.Thread(target=errand, args=(tuple(steps(number)), *site.server.call, "there")))
        threads[-1].start()
    wait_for(lambda: site.stage.phases(0)[-1:] == site.stage.phases(1)[-1:] == [Phase.PAUSED])
    site.stage.control.resume()
    site.server.relay()
    for thread in threads:
        thread.join()
    wait_for(lambda: site.stage.in_flight.ended == 2)
    assert {event.place for event in site.stage.told} == {"worker 1 on there", "worker 1 on there, thread 2"}
    site.server.say_close()


def test_when_the_program_has_gone_its_tasks_end_and_the_process_goes_on(
    kept: dict[bytes, RemoteWorker],
) -> None:
    site = Site()
    site.stage.in_flight.next()
    site.stage.control.pause()
    thread = threading.Thread(target=errand, args=(tuple(steps(0)), *site.server.call))
    thread.start()
    wait_for(lambda: site.stage.phases(0)[-1:] == [Phase.PAUSED])
    (link,) = site.server.links
    wire_module.cut(link.wire)
    thread.join(5)
    assert not thread.is_alive()
    site.close()
    address = site.server.call[0]
    with pytest.raises(
        ConnectionError, match=rf"^there cannot reach the program at 127.0.0.1, port {address[1]}: .+\.$"
    ):
        errand(tuple(steps(1)), *site.server.call, "there")


def test_a_task_that_comes_after_the_end_of_its_run_does_nothing(
    site: Site, kept: dict[bytes, RemoteWorker]
) -> None:
    site.stage.in_flight.next()
    errand(tuple(steps(0)), *site.server.call)
    (worker,) = kept.values()
    site.server.say_close()
    worker._thread.join(5)
    worker.take(steps(1))  # as if it had been on its way meanwhile
    assert worker.control.cancelled


# ---------------------------------------------------------------- another way than a call


class Plug:
    """One end of two queues: the kind of wire that somebody else's means make."""

    def __init__(self, out: queue.SimpleQueue[bytes | None], into: queue.SimpleQueue[bytes | None]) -> None:
        self._out, self._into = out, into
        self._next: list[bytes | None] = []

    def send_bytes(self, message: bytes) -> None:
        self._out.put(message)

    def poll(self, timeout: float) -> bool:
        try:
            self._next = self._next or [self._into.get(timeout=timeout)]
        except queue.Empty:
            return False
        return True

    def recv_bytes(self) -> bytes:
        message = self._next.pop() if self._next else self._into.get()
        if message is None:
            raise EOFError
        return message

    def close(self) -> None:
        self._out.put(None)
        self._into.put(None)


def test_a_wire_that_did_not_call(kept: dict[bytes, RemoteWorker]) -> None:
    site = Site(None)

    def reach() -> Plug:
        up: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        down: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        site.server.plug(Plug(down, up))
        return Plug(up, down)

    for number in range(2):
        site.stage.in_flight.next()
        run_here(tuple(steps(number)), site.server.call[1], reach, "far away")
    wait_for(lambda: site.stage.in_flight.ended == 2)
    assert site.stage.told[-1].place == "worker 1 on far away"
    assert site.stage.told[-1].detail == 1
    site.close()
    assert site.server.call[0] is None, "nothing ever listened"
