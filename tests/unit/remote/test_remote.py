"""What crosses to remote workers: tasks in flight come to just one end, and clocks are made one."""

from __future__ import annotations

import os
import pickle
import threading
import time
from multiprocessing import Pipe
from multiprocessing.connection import Client
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.unit.remote.stage import Stage, wait_for
from workers.engine.task import Phase, Task
from workers.remote import messages as wire_module
from workers.remote.errors import failure, how_it_ended
from workers.remote.link_server import LinkServer
from workers.remote.messages import clock_offset, hear, say
from workers.remote.worker import RemoteWorker

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.connection import Connection


ROOT = Path(__file__).parents[3]
POSIX = pytest.mark.skipif(os.name != "posix", reason="signals are POSIX's")


@pytest.fixture
def stage() -> Stage:
    return Stage()


def test_events_are_passed_on_and_of_progress_the_last_of_a_batch(stage: Stage) -> None:
    assert stage.in_flight.next() == Task(0, "work", ())
    stage.in_flight.next()
    assert not stage.take(
        (0, Phase.STARTED, 0),
        (0, Phase.PROGRESS, 1),
        (1, Phase.STARTED, 0),
        (0, Phase.PROGRESS, 2),
        (0, Phase.PAUSED, 3),
    )
    assert [(event.number, event.phase, event.amount) for event in stage.told] == [
        *((0, Phase.STARTED, 0), (1, Phase.STARTED, 0), (0, Phase.PROGRESS, 2), (0, Phase.PAUSED, 3))
    ]
    assert stage.in_flight.received == 5
    assert stage.take((0, Phase.DONE, 4), detail=pickle.dumps("result"))
    assert (stage.told[-1].detail, len(stage.in_flight)) == ("result", 1)


def test_what_has_ended_is_not_heard_of_again(stage: Stage) -> None:
    stage.in_flight.next()
    stage.take((0, Phase.STARTED, 0), (0, Phase.DONE, 1), (0, Phase.PROGRESS, 2), (0, Phase.FAILED, 2))
    stage.in_flight.requeue("It broke.")
    stage.in_flight.cancel()
    stage.in_flight.fail(0, "no")
    assert stage.phases(0) == [Phase.STARTED, Phase.DONE]


def test_an_event_is_never_later_than_its_arrival(stage: Stage) -> None:
    stage.in_flight.next()
    stage.in_flight.take([(0, int(Phase.STARTED), time.perf_counter() + 100, 0, "far", None)], 1)
    assert stage.told[0].time <= time.perf_counter()


def test_what_is_lost_is_run_again_once_and_then_fails(stage: Stage) -> None:
    stage.in_flight.next()
    stage.take((0, Phase.STARTED, 0), (0, Phase.PROGRESS, 7))
    stage.in_flight.requeue("It broke.")
    assert len(stage.in_flight) == 0
    task = stage.in_flight.next()
    assert task is not None
    assert task.number == 0, "before any new one"
    stage.take((0, Phase.STARTED, 0), (0, Phase.PROGRESS, 3), link=2)
    stage.in_flight.requeue("It broke.")
    assert stage.phases(0) == [
        *(Phase.STARTED, Phase.PROGRESS, Phase.WAITING, Phase.RESUMED, Phase.PROGRESS, Phase.FAILED)
    ]
    assert [event.amount for event in stage.told] == [0, 7, 7, 7, 7, 7], "the amount goes up only"
    assert stage.told[-1].detail == "It broke. It was tried 2 times."


def test_who_was_only_near_by_loses_no_try(stage: Stage) -> None:
    stage.in_flight.next(), stage.in_flight.next()
    for _ in range(2):
        stage.take((0, Phase.STARTED, 0), link=1)
        stage.take((1, Phase.STARTED, 0), link=2)
        stage.in_flight.requeue("It broke.", [2])
        while stage.in_flight.next() is not None and len(stage.in_flight) < 2:
            pass
    assert Phase.FAILED not in stage.phases(0)
    assert stage.phases(1).count(Phase.FAILED) == 1
    for _ in range(3):  # and an idle remote worker that dies harms nobody
        stage.take((0, Phase.STARTED, 0), link=1)
        stage.in_flight.requeue("It broke.", [2])
        stage.in_flight.next()
    assert Phase.FAILED not in stage.phases(0)


def test_what_is_lost_before_it_began_is_tried_by_all(stage: Stage) -> None:
    stage.in_flight.next()
    stage.in_flight.requeue("It broke.", [17])
    assert stage.told == [], "nothing had happened to it yet"
    stage.in_flight.next()
    stage.in_flight.requeue("It broke.", [18])
    assert stage.phases(0) == [Phase.FAILED]


def test_a_task_that_was_alone_there_is_lost_alone(stage: Stage) -> None:
    stage.in_flight.next(), stage.in_flight.next()
    stage.in_flight.lost(0, was_tried=False)
    assert 0 not in stage.in_flight
    assert 1 in stage.in_flight
    for _ in range(2):
        task = stage.in_flight.next()
        assert task is not None
        assert task.number == 0
        stage.in_flight.lost(0, "It broke.")
    stage.in_flight.lost(0, "It broke.")  # of what has ended nothing is lost
    assert stage.phases(0) == [Phase.FAILED]
    assert stage.told[-1].detail == "It broke. It was tried 2 times."
    assert stage.phases(1) == []


def test_a_cancel_ends_what_is_away_or_waits_to_be_run_again(stage: Stage) -> None:
    stage.in_flight.next()
    stage.take((0, Phase.STARTED, 0))
    stage.in_flight.requeue("It broke.")
    stage.control.cancel()
    stage.in_flight.cancel()
    assert stage.phases(0)[-1] is Phase.CANCELLED
    stage = Stage()
    stage.in_flight.next()
    stage.control.cancel()
    stage.in_flight.requeue("It broke.")
    assert stage.phases(0) == [Phase.CANCELLED]


def test_all_fail_where_there_is_no_remote_worker(stage: Stage) -> None:
    stage.in_flight.next()
    stage.in_flight.fail_rest("There is none.")
    assert [(event.number, event.detail) for event in stage.told] == [(n, "There is none.") for n in range(5)]
    assert len(stage.in_flight) == 0


def test_a_result_that_cannot_be_read_is_a_failure(stage: Stage) -> None:
    stage.in_flight.next()
    stage.take((0, Phase.DONE, 1), detail=b"no pickle")
    assert stage.told[-1].phase is Phase.FAILED
    assert "The result cannot be read in the program" in stage.told[-1].detail


# ---------------------------------------------------------------- clocks


@pytest.fixture
def wires() -> Iterator[tuple[Connection, Connection]]:
    near, far = Pipe()
    with near, far:
        yield near, far


@pytest.mark.parametrize(("ahead", "found"), [(0.0, 0.0), (1000.0, 1000.0), (-1000.0, -1000.0)])
def test_the_difference_of_clocks_is_found(
    wires: tuple[Connection, Connection], ahead: float, found: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    near, far = wires

    def answer() -> None:
        for _ in range(wire_module.CLOCK_TRIES):
            assert hear(near) == ("clock",)
            say(near, "clock", time.perf_counter() + ahead)

    thread = threading.Thread(target=answer)
    thread.start()
    assert clock_offset(far) == pytest.approx(found, abs=0.5)
    thread.join()


# ---------------------------------------------------------------- both ends


def call(link_server: LinkServer) -> RemoteWorker:
    return RemoteWorker(Client(link_server.call[0], authkey=link_server.call[1]), alone=False)


def test_a_remote_worker_calls_and_hears_pause_of_the_run_or_of_a_task_and_cancel() -> None:
    stage = Stage()
    ready = threading.Event()
    with LinkServer(stage.in_flight, stage.control, "place {}", ready.set) as link_server:
        one = call(link_server)
        assert ready.wait(5)
        assert one.place == "place 1"
        two = call(link_server)
        assert two.place == "place 2"
        stage.control.pause()
        link_server.relay()
        wait_for(lambda: one.control.paused and two.control.paused)
        stage.control.pause_task(5)
        stage.control.pause_task(6)
        stage.control.resume()
        link_server.relay()
        wait_for(lambda: set(one.control.held) == set(two.control.held) == {5, 6})
        late = call(link_server)
        assert set(late.control.held) == {5, 6}, "who comes later is told as well"
        stage.control.resume_task(6)
        link_server.relay()
        wait_for(lambda: set(one.control.held) == set(two.control.held) == set(late.control.held) == {5})
        stage.control.resume_task(5)
        link_server.relay()
        wait_for(lambda: not one.control.held and not two.control.held and not late.control.held)
        stage.control.cancel()
        link_server.relay()
        wait_for(lambda: one.control.cancelled and two.control.cancelled)
        three = call(link_server)
        assert three.control.cancelled, "who comes later is told as well"
        assert len(link_server.links) == 4
        link_server.say_close()
        link_server.hang_up()
        assert link_server.links == []
    assert one.finished.is_set()


def test_a_place_that_fell_free_is_taken_again() -> None:
    stage = Stage()
    with LinkServer(stage.in_flight, stage.control, "place {}") as link_server:
        one, two = call(link_server), call(link_server)
        one.finished.set()  # as when it is told that nothing more will come
        wait_for(lambda: len(link_server.links) == 1)
        assert call(link_server).place == "place 1"
        assert two.place == "place 2"
        link_server.say_close()
        link_server.hang_up()


def test_who_does_not_know_the_key_is_not_let_in() -> None:
    stage = Stage()
    with LinkServer(stage.in_flight, stage.control, "place") as link_server:
        with pytest.raises(Exception, match="digest"):
            Client(link_server.call[0], authkey=b"guessed")
        Client(link_server.call[0]).close()
        assert link_server.links == []
        assert call(link_server).place == "place"
        link_server.say_close()
        link_server.hang_up()


def test_a_cancel_before_any_remote_worker_is_ready_ends_what_is_away() -> None:
    stage = Stage()
    with LinkServer(stage.in_flight, stage.control, "place") as link_server:
        stage.in_flight.next()
        stage.control.cancel()
        link_server.relay()
    assert stage.phases(0) == [Phase.CANCELLED]


def test_what_a_remote_worker_runs_is_told_here() -> None:
    stage = Stage()
    ended = threading.Event()
    with LinkServer(
        stage.in_flight, stage.control, "place", lambda: ended.set() if not len(stage.in_flight) else None
    ) as link_server:
        stage.in_flight.next()
        worker = call(link_server)
        worker.run(Task(0, "tests.support.finished_runs:steps", (("index", 4), ("count", 2))))
        wait_for(lambda: stage.phases(0)[-1:] == [Phase.DONE])
        link_server.say_close()
        link_server.hang_up()
    assert (stage.told[-1].detail, stage.told[-1].amount, stage.told[-1].place) == (4, 2, "place")


# ---------------------------------------------------------------- words


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (None, "has not ended"),
        (0, "ended with the exit code 0"),
        (3, "ended with the exit code 3"),
        (0xC00000FD, "was ended by a stack overflow (0xC00000FD)"),
        pytest.param(-9, "was ended by the signal SIGKILL", marks=POSIX),
        (-250, "was ended by the signal 250"),
    ],
)
def test_ends_in_words(code: int | None, words: str) -> None:
    assert how_it_ended(code) == words


def test_a_failure_keeps_its_cause() -> None:
    try:
        try:
            raise ValueError("first")
        except ValueError as error:
            raise OSError("second") from error
    except OSError as error:
        text = failure(error)
    assert text.index("ValueError: first") < text.index("OSError: second")
