"""The one crossing to the GUI thread: nothing lost, nothing out of order, and few wake-ups."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING

import pytest
import shiboken6
from PySide6.QtCore import QObject, Signal

from gui.controllers.bridge import FRAME_S, MAX_EVENTS, Bridge
from workers.engine.task import Phase, TaskEvent
from workers.utils.throttle import Throttle

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot


def event(number: int, amount: float = 0.0) -> TaskEvent:
    return TaskEvent(number, Phase.PROGRESS, 0.0, amount, "here")


class Taker(QObject):
    """Keeps what arrives."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self.batches: list[list[TaskEvent]] = []
        self.threads: set[int] = set()
        bridge.arrived.connect(self.take)

    def take(self, events: list[TaskEvent]) -> None:
        self.threads.add(threading.get_ident())
        self.batches.append(events)

    @property
    def events(self) -> list[TaskEvent]:
        return [event for batch in self.batches for event in batch]


@pytest.fixture
def bridge(qapp: QApplication) -> Iterator[Bridge]:
    made = Bridge()
    yield made
    if shiboken6.isValid(made):
        shiboken6.delete(made)


def test_a_flood_from_four_threads_arrives_whole_and_in_order(qtbot: QtBot, bridge: Bridge) -> None:
    taker = Taker(bridge)
    wakes: list[int] = []
    bridge._wake.connect(lambda: wakes.append(1))  # made here, so it is called in this thread

    def post(number: int) -> None:
        for i in range(25_000):
            bridge.post(event(number, i))

    threads = [threading.Thread(target=post, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    qtbot.waitUntil(lambda: sum(map(len, taker.batches)) == 100_000, timeout=10_000)
    for thread in threads:
        thread.join()
    for number in range(4):
        assert [event.amount for event in taker.events if event.number == number] == list(range(25_000))
    assert taker.threads == {threading.get_ident()}
    assert max(map(len, taker.batches)) <= MAX_EVENTS
    assert len(wakes) <= 2 * len(taker.batches) + 4, "a wake-up for a batch, not one for an event"
    assert len(wakes) < 500


def test_many_events_need_one_wake_up(qtbot: QtBot, bridge: Bridge) -> None:
    taker = Taker(bridge)
    wakes: list[int] = []
    bridge._wake.connect(lambda: wakes.append(1))
    for i in range(1000):
        bridge.post(event(0, i))
    assert taker.batches == [], "post itself hands nothing over"
    qtbot.waitUntil(lambda: bool(taker.batches))
    assert (len(wakes), len(taker.batches), len(taker.events)) == (1, 1, 1000)


def test_a_single_event_arrives_without_waiting_for_a_frame(qtbot: QtBot, bridge: Bridge) -> None:
    taker = Taker(bridge)
    bridge.post(event(1))
    qtbot.waitUntil(lambda: bool(taker.batches))
    bridge.post(event(2))
    qtbot.waitUntil(lambda: len(taker.batches) == 2)
    assert [event.number for event in taker.events] == [1, 2]


def test_events_are_handed_over_once_a_frame(qtbot: QtBot, bridge: Bridge) -> None:
    now = 100.0
    bridge._throttle = Throttle(FRAME_S, lambda: now)
    taker = Taker(bridge)
    bridge.post(event(1))
    bridge._on_wake()
    assert len(taker.batches) == 1
    now += FRAME_S / 3
    bridge.post(event(2))
    bridge._on_wake()
    assert len(taker.batches) == 1
    assert bridge._timer.isActive()
    now += FRAME_S
    bridge._on_wake()
    assert len(taker.batches) == 2


def test_a_drain_of_nothing_tells_nothing(bridge: Bridge) -> None:
    taker = Taker(bridge)
    bridge.drain()
    assert taker.batches == []


def test_an_event_that_comes_during_a_drain_is_not_stranded(qtbot: QtBot, bridge: Bridge) -> None:
    taker = Taker(bridge)
    posted: list[int] = []

    def post_more(events: list[TaskEvent]) -> None:
        if len(posted) < 3:
            posted.append(1)
            bridge.post(event(10 + len(posted)))

    bridge.arrived.connect(post_more)
    bridge.post(event(10))
    qtbot.waitUntil(lambda: len(taker.events) == 4)
    assert [event.number for event in taker.events] == [10, 11, 12, 13]


def test_posting_after_the_bridge_has_gone_does_not_raise(bridge: Bridge) -> None:
    raised: list[BaseException] = []
    bridge.post(event(0))
    bridge.drain()
    shiboken6.delete(bridge)

    def post() -> None:
        try:
            for i in range(10):
                bridge.post(event(i))
        except BaseException as error:
            raised.append(error)

    thread = threading.Thread(target=post)
    thread.start()
    thread.join()
    post()
    assert raised == []


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None and True are immortal from Python 3.12 on")
def test_qt_calls_keep_the_references_to_none_and_true(qapp: QApplication) -> None:
    """PySide6 6.12 loses one to None with each call that returns nothing, and one to True with each emit."""

    class Sender(QObject):
        told = Signal()

    sender = Sender()
    before = sys.getrefcount(None), sys.getrefcount(True)
    for _ in range(20_000):
        sender.setObjectName("x")
    for _ in range(2_000):
        sender.told.emit()
    after = sys.getrefcount(None), sys.getrefcount(True)
    assert abs(after[0] - before[0]) < 200
    assert abs(after[1] - before[1]) < 200
