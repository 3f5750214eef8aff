"""The main thread's track: from what is told, beats and stacks to spans, by a made-up clock."""

from __future__ import annotations

import gc
import linecache
import sys
import threading
import time
from typing import TYPE_CHECKING, Any, cast

import pytest

from workers.monitors import main_thread
from workers.monitors.main_thread import MainThread
from workers.monitors.stacks import stack_of, title
from workers.monitors.track import looks
from workers.monitors.track.looks import LATEST_S, SAMPLE_AFTER_S, Sample
from workers.monitors.track.marks import FIXED, GARBAGE, INPUT, KINDS, MAX_NAMES, PAINT, SLOT, Marks
from workers.reports.main_lane import MainLane

if TYPE_CHECKING:
    from workers.engine.run import Run


class Clock:
    """Stands in for `time`, in ms: the GUI thread runs, or waits while others run, for the GIL or a processor."""

    def __init__(self) -> None:
        self.now = self.used = self.others = 0.0
        self.blocks = 0

    def run(self, ms: float) -> None:
        self.now, self.used = self.now + ms, self.used + ms

    def wait(self, ms: float, others: float = 0.0, blocks: int = 0) -> None:
        self.now, self.others, self.blocks = self.now + ms, self.others + ms * others, self.blocks + blocks

    def perf_counter(self) -> float:
        return 1_000 + self.now / 1e3

    def thread_time(self) -> float:
        return self.used / 1e3

    def process_time(self) -> float:
        return (self.used + self.others) / 1e3


class Stage:
    """A track and its clock; `rest` does what the poll hook does."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.beats: list[float] = []
        self.track = MainThread()
        self.track.wake(sys._getframe().f_code, 1)
        self.track.settle(clock.perf_counter())
        self.track._others = (clock.perf_counter(), 0.0)

    def rest(self, ms: float, timeout: int = -1) -> None:
        self.track.rest(timeout)
        self.clock.wait(ms, blocks=1)
        self.track.wake(sys._getframe().f_code, timeout < 0)

    def beat(self) -> None:
        self.beats.append(self.clock.perf_counter())

    def told(self) -> list[tuple[float, float, str]]:
        """The spans in ms since the clock's start, with names, or kinds where there is none."""
        found = MainLane(self.track.marks, 1_000.0, lambda low, high: self.beats)
        found.update()
        spans = [found.span(found.lane.bar(row)) for row in range(found.lane.count)]
        return [
            (round(one.start * 1e3, 2), round(one.end * 1e3, 2), one.name or KINDS[one.kind]) for one in spans
        ]


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> Stage:
    clock = Clock()
    monkeypatch.setattr(main_thread, "time", clock)
    monkeypatch.setattr(looks, "time", clock)
    monkeypatch.setattr(main_thread, "_used", lambda: (clock.used / 1e3, clock.blocks))
    return Stage(clock)


def test_what_is_told_stands_between_what_qt_does(stage: Stage) -> None:
    stage.rest(9)
    stage.clock.run(3)
    before = stage.track.enter(stage.track.code(SLOT, "Window.show"))
    stage.clock.run(2)
    inner = stage.track.enter(GARBAGE)
    stage.clock.run(1)
    stage.track.leave(inner)
    stage.clock.run(1)
    stage.track.leave(before)
    stage.clock.run(4)
    stage.rest(5)
    assert stage.told() == [
        (9, 12, "Qt"),
        (12, 14, "Window.show"),
        (14, 15, "Collecting garbage"),
        (15, 16, "Window.show"),
        (16, 20, "Qt"),
    ]


def test_garbage_that_is_collected_while_it_comes_to_rest_is_of_no_time_awake(stage: Stage) -> None:
    track = stage.track

    def collected(phase: str, about: dict[str, int]) -> None:
        track.leave(track.enter(GARBAGE))

    stage.rest(9)
    stage.clock.run(2)
    track.enter(track.code(SLOT, "Window.show"))
    stage.clock.run(18)
    track.looks.samples.append(Sample(stage.clock.perf_counter() - 0.005, "Window.show", __file__, 1))
    usual = gc.get_threshold()
    gc.callbacks.append(collected)
    gc.set_threshold(1)
    try:
        stage.rest(5)
    finally:
        gc.set_threshold(*usual)
        gc.callbacks.remove(collected)
    assert stage.told() == [(9, 11, "Qt"), (11, 29, "Window.show")]


def test_the_way_to_a_slot_and_back_counts_as_the_slots(stage: Stage) -> None:
    stage.rest(9)
    stage.clock.run(0.2)
    before = stage.track.enter(stage.track.code(SLOT, "Window.show"))
    stage.clock.run(2)
    stage.track.leave(before)
    stage.clock.run(0.2)
    stage.rest(5)
    assert stage.told() == [(9, 11.4, "Window.show")]


def test_painting_and_input_end_with_what_comes_next(stage: Stage) -> None:
    stage.rest(5)
    stage.track.enter(stage.track.code(INPUT, "Wheel"))
    stage.clock.run(2)
    before = stage.track.enter(stage.track.code(SLOT, "Window.turn"))
    stage.clock.run(2)
    stage.track.leave(before)
    stage.clock.run(1)
    stage.track.enter(PAINT)
    stage.clock.run(3)
    stage.rest(5)
    assert stage.told() == [(5, 7, "Wheel"), (7, 9, "Window.turn"), (9, 10, "Qt"), (10, 13, "Painting")]


def test_a_time_awake_with_a_beat_alone_is_the_beats(stage: Stage) -> None:
    stage.rest(9)
    stage.clock.run(0.1)
    stage.beat()
    stage.rest(10)
    stage.clock.run(0.1)
    stage.rest(5)
    assert stage.told() == [(9, 9.1, "Beat of the lag monitor"), (19.1, 19.2, "Qt")]


def test_a_thread_that_gave_its_processor_up_beside_others_waited_for_the_gil(stage: Stage) -> None:
    stage.rest(5)
    before = stage.track.enter(stage.track.code(SLOT, "Window.show"))
    stage.clock.run(1)
    stage.clock.wait(6, others=1.9, blocks=2)
    stage.track.leave(before)
    stage.rest(5)
    assert stage.told() == [(5, 11, "Waiting for the GIL"), (11, 12, "Window.show")]


def test_one_that_lost_its_processor_waited_for_that_and_only_outside_of_slots(stage: Stage) -> None:
    stage.rest(5)
    stage.track.enter(PAINT)
    stage.clock.run(1)
    stage.clock.wait(6, others=1.9)
    stage.rest(5)
    before = stage.track.enter(stage.track.code(SLOT, "Window.show"))
    stage.clock.wait(6)
    stage.track.leave(before)
    stage.rest(5)
    assert stage.told() == [(5, 11, "Waiting for a processor"), (11, 12, "Painting"), (17, 23, "Window.show")]


def test_one_that_wakes_late_waited(stage: Stage) -> None:
    stage.clock.run(3)
    stage.rest(9, timeout=4)
    stage.clock.run(2)
    stage.rest(5)
    assert stage.told()[-2:] == [(7, 12, "Waiting for a processor"), (12, 14, "Qt")]


def test_a_stack_names_what_nobody_told_and_tells_own_waits(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(linecache.cache, "tool.py", (1, None, ["time.sleep(1)\n"], "tool.py"))
    stage.rest(5)
    stage.clock.wait(20, others=2, blocks=3)
    stage.track.looks.samples.append(Sample(1_000.012, "plant (tool.py:3)", "tool.py", 1))
    stage.rest(5)
    stage.track.enter(PAINT)
    stage.clock.run(20)
    stage.track.looks.samples.extend(
        [Sample(1_000.035, "", "", 0), Sample(1_000.045, "Canvas.paintEvent", "", 0)]
    )
    stage.rest(5)
    stage.clock.run(20)
    stage.track.looks.samples.extend([Sample(1_000.060, "one", "", 0), Sample(1_000.070, "two", "", 0)])
    stage.rest(5)
    assert stage.told() == [
        (5, 25, "plant (tool.py:3)"),
        (30, 50, "Painting"),
        (55, 65, "one"),
        (65, 75, "two"),
    ]


def test_a_run_gets_what_was_done_in_its_time_and_without_one_nothing_is_kept(stage: Stage) -> None:
    track, clock = stage.track, stage.clock
    run = cast("Run", type("Run", (), {"span": (1_000.008, 1_000.013)})())
    track.abandon()
    track.is_on = True
    clock.run(5)
    before = track.enter(track.code(SLOT, "Director.begin"))
    clock.run(3)
    kept = len(track.marks)
    track.begin(run, None)
    clock.run(10)
    track.finish(run)
    assert len(track.marks) == kept + 2
    track.leave(before)
    stage.clock.run(3)
    assert stage.told() == [(8, 18, "Director.begin")]
    track.marks = run.main_thread
    assert stage.told() == [(8, 13, "Director.begin")]


def test_one_that_rests_is_not_looked_at_and_one_that_does_not_is_again_and_again(stage: Stage) -> None:
    track, now = stage.track, stage.clock.perf_counter
    track.rest(-1)
    assert track.looks.look()[1] == 0.0
    assert not track.looks.samples
    track.wake(sys._getframe().f_code, 1)
    moment, since = track.looks.look()
    assert since == now()
    assert moment == pytest.approx(now() + SAMPLE_AFTER_S)
    assert len(track.looks.samples) == 1
    stage.clock.run(1_600)
    assert track.looks.look()[0] == pytest.approx(now() + 0.1)


class Alarm:
    """Counts how often it is set."""

    moment, times = 0.0, 0

    def set(self, moment: float) -> None:
        self.moment, self.times = moment, self.times + 1


def test_the_alarm_is_put_off_at_each_rest_and_never_goes_off_then(stage: Stage) -> None:
    alarm = Alarm()
    stage.track.looks._alarm = cast("Any", alarm)
    for _ in range(20):
        stage.rest(10.1, timeout=10)
        assert stage.clock.perf_counter() < alarm.moment <= stage.clock.perf_counter() + LATEST_S
    assert alarm.times == 20
    stage.rest(2, timeout=10)  # an event came early
    assert alarm.moment <= stage.clock.perf_counter() + LATEST_S
    stage.rest(30)
    assert alarm.moment == stage.clock.perf_counter() + SAMPLE_AFTER_S


def test_a_look_for_events_in_a_slot_is_the_slots(stage: Stage) -> None:
    stage.rest(5)
    before = stage.track.enter(stage.track.code(SLOT, "Window.show"))
    stage.track.in_slot = True
    stage.clock.run(2)
    stage.rest(0, timeout=0)
    stage.clock.run(2)
    stage.track.leave(before)
    stage.rest(5)
    assert stage.told() == [(5, 9, "Window.show")]


def test_a_stack_is_named_after_what_the_loop_called() -> None:
    track = MainThread()

    def inner() -> str:
        stack = stack_of(threading.get_ident())
        return track.looks._called(stack, sys._getframe(1).f_code)

    assert inner().startswith("test_a_stack_is_named_after_what_the_loop_called.inner")
    track.looks.machinery = frozenset({__name__})
    assert inner() == ""


def test_the_oldest_is_let_go_and_a_lane_goes_on(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(main_thread, "MAX_EDGES", 200)
    found = MainLane(stage.track.marks, 1_000.0, lambda low, high: [])
    for _ in range(300):
        stage.rest(5)
        stage.track.enter(PAINT)
        stage.clock.run(2)
        found.update()
    assert len(stage.track.marks) <= 220
    assert stage.track.marks.dropped > 0
    assert stage.track.marks.times[0] >= stage.track.marks.edges[0]
    assert found.lane.count == 299


def test_there_is_an_end_of_names() -> None:
    track = MainThread()
    codes = {track.code(SLOT, f"slot {number}") for number in range(MAX_NAMES + 10)}
    assert len(track.marks.names) == MAX_NAMES
    assert len(codes) == MAX_NAMES - len(FIXED) + 1
    assert track.code(SLOT, "one more") == SLOT


def test_no_span_of_nothing() -> None:
    found = MainLane(Marks(), time.perf_counter(), lambda low, high: [])
    found.update()
    assert found.lane.count == 0
    assert found.seconds(0.0, 1.0).tolist() == [0.0] * len(KINDS)


def test_names_say_where_a_function_stands_if_its_name_says_little() -> None:
    assert title(MainThread.start.__code__) == "MainThread.start"
    assert title((lambda: None).__code__).startswith("test_names_say")
    assert "test_main_thread.py:" in title(test_no_span_of_nothing.__code__)
