"""The watchdog: which line it blames for a silence, what it says of it, and when. A thread plays the GUI thread."""

from __future__ import annotations

import ctypes
import os
import queue
import sys
import threading
import time
from array import array
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from workers.monitors.dump import DUMP_AFTER_S, DumpFile
from workers.monitors.evidence import Gap
from workers.monitors.freeze import Freeze
from workers.monitors.lag import LagMonitor
from workers.monitors.stacks import stack_of
from workers.monitors.threads.watched import WatchedThread
from workers.monitors.watchdog import Watchdog
from workers.utils.gil import polite
from workers.utils.gil.polite import FairLock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from workers.monitors.freeze import Sighting

LONG_S = 0.4
WITH_GIL: Any = ctypes.PyDLL(None) if os.name == "posix" else None
POSIX = pytest.mark.skipif(os.name != "posix", reason="the sleep that keeps the GIL is POSIX's")


class Window:
    """A thread that plays a GUI thread, with its beats and its watchdog.

    It beats once before and after each thing that it is told to do, and waits for the next one in between.
    """

    def __init__(self, **options: Any) -> None:
        self.sightings: queue.Queue[Sighting] = queue.Queue()
        self.judged: queue.Queue[Freeze] = queue.Queue()
        self._orders: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._answers: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._live, args=(options,), name="a GUI thread")
        self._thread.start()
        self.lag, self.watchdog = self._answers.get(timeout=5)

    def _live(self, options: dict[str, Any]) -> None:
        lag = LagMonitor()
        watchdog = Watchdog(lag, self.sightings.put, **options)
        watchdog.judged = self.judged.put
        self._answers.put((lag, watchdog))
        while (order := self._orders.get()) is not None:
            began = time.perf_counter()
            lag.beat()
            order()
            # As at the end of a run: no beat yet.
            self._answers.put(watchdog.freezes(began, time.perf_counter()))
            lag.beat()

    def freeze(self, action: Callable[[], object]) -> list[Freeze]:
        """Do it, and tell what the watchdog said."""
        self._orders.put(action)
        found: list[Freeze] = self._answers.get(timeout=10)
        return found

    def close(self) -> None:
        self._orders.put(None)
        self._thread.join()
        self.watchdog.close()


class ReadyDumps(DumpFile):
    """Tells when the watchdog has looked, and expects no look to be late: on a busy machine it is patient at first."""

    def __init__(self) -> None:
        super().__init__()
        self.is_ready = threading.Event()

    def arm(self, after_s: float) -> None:
        super().arm(after_s)
        if threading.current_thread().name == "watchdog" and after_s < DUMP_AFTER_S + 0.05:
            self.is_ready.set()


@contextmanager
def a_window(**options: Any) -> Iterator[Window]:
    dumps = ReadyDumps()
    window = Window(**{"make_dumps": lambda: dumps, **options})
    window.watchdog.start()
    try:
        if not options:
            assert dumps.is_ready.wait(20)
        yield window
    finally:
        window.close()
        dumps.close()


@pytest.fixture
def window() -> Iterator[Window]:
    with a_window(make_dumps=None) as made:
        yield made


def sleep() -> None:
    time.sleep(LONG_S)


def compute() -> None:
    until = time.perf_counter() + LONG_S
    while time.perf_counter() < until:
        sum(number % 7 for number in range(1_000))


def hold_gil() -> None:
    WITH_GIL.usleep(int(LONG_S * 1e6))


def text_of(freeze: Freeze) -> str:
    assert freeze.line is not None
    return freeze.line.text


def test_a_sleep_is_told_with_its_line_and_what_is_around_it(window: Window) -> None:
    [freeze] = window.freeze(sleep)
    assert (freeze.kind, freeze.holder) == ("sleep", "GUI thread")
    assert text_of(freeze) == "time.sleep(LONG_S)"
    assert freeze.line is not None
    assert (freeze.line.file, freeze.line.function) == (__file__, "sleep")
    assert (freeze.line.number, "    time.sleep(LONG_S)") in freeze.source
    assert (freeze.line.number - 1, "def sleep() -> None:") in freeze.source
    assert freeze.share == 1.0
    assert freeze.samples >= 3
    assert [line.function for line in freeze.stack][-2:] == ["_live", "sleep"]


def test_computing_in_python_is_told(window: Window) -> None:
    [freeze] = window.freeze(compute)
    assert freeze.kind == "python"
    assert text_of(freeze) == "sum(number % 7 for number in range(1_000))"


def test_waiting_for_a_lock_inside_the_standard_library_is_the_callers_line(window: Window) -> None:
    never = threading.Event()
    [freeze] = window.freeze(lambda: never.wait(LONG_S))
    assert freeze.kind == "lock"
    assert "never.wait(LONG_S)" in text_of(freeze)


def test_a_freeze_is_as_long_as_the_beats_say(window: Window) -> None:
    [freeze] = window.freeze(sleep)
    summary = window.lag.summary(freeze.started, freeze.ended)
    assert freeze.lag_s == pytest.approx(summary.max / 1e3, abs=1e-6)
    assert freeze.lag_s == pytest.approx(LONG_S, abs=0.2)


def test_a_short_silence_is_no_freeze(window: Window) -> None:
    assert window.freeze(lambda: time.sleep(0.12)) == []


def test_a_guilty_line_is_told_while_the_freeze_lasts(window: Window) -> None:
    seen: list[Sighting] = []
    window.freeze(lambda: seen.append(window.sightings.get(timeout=5)))
    [sighting] = seen
    assert sighting.silent_s >= 0.25
    assert sighting.kind == "lock"
    assert "window.sightings.get(timeout=5)" in sighting.line.text
    assert window.sightings.empty(), "the same line is not told twice"


@POSIX
def test_a_thread_is_blamed_that_keeps_the_gil_inside_c() -> None:
    with a_window() as window:
        [freeze] = window.freeze(hold_gil)
        held = window.watchdog.held(freeze.started, freeze.ended)
    assert (freeze.kind, freeze.holder) == ("c_gil", "GUI thread")
    assert text_of(freeze) == "WITH_GIL.usleep(int(LONG_S * 1e6))"
    assert sum(until - since for since, until in held) == pytest.approx(LONG_S, abs=0.15)


LINUX = pytest.mark.skipif(sys.platform != "linux", reason="who waits for the GIL is told by Linux alone")


@pytest.fixture
def reader() -> Iterator[None]:
    """One more thread, which waits in C all the time."""
    out, into = os.pipe()
    with open(out, "rb") as file:
        took = file.read  # a name that says nothing
        thread = threading.Thread(target=lambda: took(1))
        thread.start()
        yield
        os.close(into)
        thread.join()


@LINUX
@pytest.mark.usefixtures("reader")
def test_c_that_keeps_the_gil_is_seen_without_a_dump_though_it_computes_nothing() -> None:
    """A dump may come too late; where everybody stood when the GIL came back tells as much."""

    def attempt(window: Window) -> Callable[[], object]:
        def hold_and_wait() -> None:
            hold_gil()
            window.sightings.get(timeout=10)  # by now the watchdog has looked

        return hold_and_wait

    freeze = held_without_a_dump(attempt, "GUI thread")
    assert text_of(freeze) == "WITH_GIL.usleep(int(LONG_S * 1e6))"


@LINUX
@pytest.mark.usefixtures("reader")
def test_another_thread_that_kept_the_gil_is_seen_without_a_dump() -> None:
    def attempt(window: Window) -> Callable[[], object]:
        go = threading.Event()

        def wait_and_hold() -> None:
            go.wait(10)
            hold_gil()

        other = threading.Thread(target=wait_and_hold, name="the_hog")
        other.start()

        def let_go() -> None:
            go.set()
            window.sightings.get(timeout=10)
            other.join()

        return let_go

    freeze = held_without_a_dump(attempt, "the hog")
    assert text_of(freeze) == "WITH_GIL.usleep(int(LONG_S * 1e6))"


def held_without_a_dump(attempt: Callable[[Window], Callable[[], object]], holder: str) -> Freeze:
    """A freeze of that holder: a watchdog that had no processor when the GIL came back cannot tell whose it was."""
    freezes: list[Freeze] = []
    while len(freezes) < 8:
        with a_window(make_dumps=None) as window:
            until_it_looks(window)
            freezes += window.freeze(attempt(window))
        assert freezes[-1].kind == "c_gil"
        if freezes[-1].holder == holder:
            return freezes[-1]
    raise AssertionError([one.holder for one in freezes])


def until_it_looks(window: Window) -> None:
    """The watchdog's thread runs, and has looked."""
    before, until = window.watchdog._looked, time.monotonic() + 20
    while window.watchdog._looked == before:
        assert time.monotonic() < until


@POSIX
def test_a_freeze_is_judged_soon_after_its_end_though_nobody_saw_it() -> None:
    with a_window() as window:
        [freeze] = window.freeze(hold_gil)
        # Before it the window waited for something to do.
        judged = next(
            one for one in iter(lambda: window.judged.get(timeout=10), None) if one.started >= freeze.started
        )
    assert (judged.started, judged.kind, judged.line) == (freeze.started, freeze.kind, freeze.line)
    assert judged.lag_s == pytest.approx(freeze.lag_s, abs=0.1)


def test_an_idle_window_that_waits_has_no_freezes() -> None:
    lag, judged = LagMonitor(), list[Freeze]()
    watchdog = Watchdog(lag, make_dumps=None)
    watchdog.judged = judged.append
    watchdog._judged_to = since = time.perf_counter() - 2.0
    lag._beats, lag._free_until = array("d", [since]), since + 10.0
    watchdog._judge()
    assert not judged, "its beats are told when it wakes"
    lag._beats.extend([since + 0.01, since + 1.0])
    watchdog._judge()
    assert [freeze.started for freeze in judged] == [since + 0.01]


@POSIX
def test_another_thread_is_blamed_when_it_keeps_the_gil() -> None:
    go = threading.Event()

    def wait_and_hold() -> None:
        go.wait(10)
        hold_gil()

    def let_go() -> None:
        go.set()
        other.join()

    other = threading.Thread(target=wait_and_hold, name="the_hog")
    other.start()
    with a_window() as window:
        # The watchdog has looked at least once when the next begins.
        window.freeze(lambda: window.sightings.empty())
        [freeze] = window.freeze(let_go)
    assert (freeze.kind, freeze.holder) == ("c_gil", "the hog")
    assert text_of(freeze) == "WITH_GIL.usleep(int(LONG_S * 1e6))"


def test_nothing_was_held_where_nobody_held_it(window: Window) -> None:
    began = time.perf_counter()
    window.freeze(compute)
    assert window.watchdog.held(began, time.perf_counter()) == []


def test_the_dump_can_be_read_from_outside() -> None:
    with a_window() as window:
        assert isinstance(window.watchdog.dump_fd, int)
    assert window.watchdog.dump_fd is None


def test_without_dumps_there_is_no_file(window: Window) -> None:
    assert window.watchdog.dump_fd is None


def test_a_freeze_that_nobody_saw_is_told_without_a_line() -> None:
    lag = LagMonitor()
    watchdog = Watchdog(lag, make_dumps=None)
    [freeze] = watchdog.freezes(10.0, 11.0)
    assert (freeze.started, freeze.ended, freeze.kind, freeze.line) == (10.0, 11.0, "unknown", None)
    watchdog.close()


def test_a_watchdog_may_be_closed_without_a_start_and_twice() -> None:
    watchdog = Watchdog(LagMonitor(), make_dumps=None)
    watchdog.close()
    watchdog.close()
    with a_window(make_dumps=None) as window:
        window.watchdog.close()


class ToldBefore(DumpFile):
    """As if C had held the GIL, and the watchdog's thread had not woken since."""

    text = ""

    def arm(self, after_s: float) -> None:
        pass

    def take(self) -> str:
        text, self.text = self.text, ""
        return text


class NeverLooks(Watchdog):
    def _watch(self) -> None:
        self._news.wait()


def test_a_dump_is_read_by_whoever_comes_first() -> None:
    lag = LagMonitor()
    dumps = ToldBefore()
    watchdog = NeverLooks(lag, make_dumps=lambda: dumps)
    watchdog.start()
    lag.beat()
    began = lag.last_beat
    time.sleep(0.3)  # the GUI thread, which is this one, is frozen
    ident = threading.get_ident()
    dumps.text = f'Thread 0x{ident:016x} (most recent call first):\n  File "{__file__}", line 83 in freeze\n'
    try:
        [freeze] = watchdog.freezes(began, time.perf_counter())
    finally:
        watchdog.close()
    assert freeze.line is not None
    assert (freeze.kind, freeze.line.number, freeze.samples) == ("c_gil", 83, 1)


def test_without_a_gil_a_stack_counts_though_its_thread_has_beaten_before_the_look_was_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "_is_gil_enabled", lambda: False, raising=False)
    lag, held = LagMonitor(), threading.Lock()
    held.acquire()
    with waiting("a GUI thread", held.acquire, held.release) as ident:
        until_it_stands_in(ident, "run")
        watchdog = NeverLooks(lag, thread=WatchedThread(ident))
        watchdog.start()
        try:
            watchdog._standing.begin(time.perf_counter())
            watchdog._asked = time.perf_counter()
            watchdog._standing.look()
            lag.beat()
            watchdog._look()
            [sample] = watchdog._samples
        finally:
            watchdog.close()
    assert sample.moment == lag.last_beat, "or it would tell nothing of the time before that beat"


class Armed(ToldBefore):
    """Notes for how long faulthandler is to wait."""

    def __init__(self) -> None:
        super().__init__()
        self.waits: queue.Queue[float] = queue.Queue()

    def arm(self, after_s: float) -> None:
        self.waits.put(after_s)


def test_where_processors_are_scarce_faulthandler_waits_until_nothing_can_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # It reads stacks without the GIL: a dump while Python runs can crash the program.
    def scarce() -> Iterator[float]:
        while True:
            yield 0.4

    monkeypatch.setattr("workers.monitors.watchdog.processor_waits", scarce)
    dumps = Armed()
    watchdog = Watchdog(LagMonitor(), make_dumps=lambda: dumps)
    watchdog.start()
    try:
        assert dumps.waits.get(timeout=5) == 0.25, "before the first look"
        assert dumps.waits.get(timeout=5) >= 3 * 0.4
    finally:
        watchdog.close()


# ---------------------------------------------------------------- who is not to blame


@contextmanager
def waiting(name: str, wait: Callable[[], object], go_on: Callable[[], object]) -> Iterator[int]:
    """A thread that waits, until at the end it may go on; its ident."""
    thread = threading.Thread(target=wait, name=name)
    thread.start()
    assert thread.ident is not None
    try:
        yield thread.ident
    finally:
        go_on()
        thread.join()


@contextmanager
def watched_loop() -> Iterator[WatchedThread]:
    """A thread that waits for events."""
    quit_loop = threading.Lock()
    quit_loop.acquire()
    loop = SimpleNamespace(exec=quit_loop.acquire)

    def live() -> None:
        loop.exec()

    with waiting("a GUI thread", live, quit_loop.release) as ident:
        yield WatchedThread(ident)


def until_it_stands_in(ident: int, function: str) -> None:
    until = time.monotonic() + 20
    while (stack := stack_of(ident)) and stack[0].code.co_name != function:
        assert time.monotonic() < until, f"it stands in {stack[0].code.co_name}"


def gap(**parts: Any) -> Gap:
    return Gap(0.1, True, {}, False, None)._replace(**parts)


def test_a_thread_that_waits_for_its_turn_holds_nothing_up() -> None:
    # It has used the processor most, and has given the GIL up since.
    turns = FairLock()
    turns.take()
    with watched_loop() as gui, waiting("pool_0", turns.take, turns.give) as pool:
        until_it_stands_in(gui.ident, "live")
        until_it_stands_in(pool, "take")
        assert gui.sample(1.0, 0.9, gap(used={pool: 0.09, gui.ident: 0.0})) is None


@pytest.mark.parametrize("used", [0.001, 0.09])
def test_the_line_of_the_event_loop_is_not_to_blame(used: float) -> None:
    with watched_loop() as gui:
        until_it_stands_in(gui.ident, "live")
        assert gui.sample(1.0, 0.9, gap(used={gui.ident: used})) is None


def test_one_of_a_crowd_is_blamed_though_each_uses_little() -> None:
    crowd = dict.fromkeys(range(1, 9), 0.012)
    assert gap(used=crowd).busiest(()) in crowd
    assert gap(used={1: 0.012, 2: 0.012}).busiest(()) == 0
    assert gap(used={}).busiest(()) == 0


def test_of_a_dump_no_thread_is_blamed_that_waits_for_its_turn() -> None:
    thread = WatchedThread(threading.get_ident())
    source = Path(polite.__file__)
    turn = source.read_text().splitlines().index("        mine.acquire()") + 1
    waits = f'Thread 0x{0xAB:016x} (most recent call first):\n  File "{source}", line {turn} in take\n'
    holds = f'Thread 0x{0xCD:016x} (most recent call first):\n  File "{__file__}", line 83 in hold\n'
    found = thread.from_dump(f"{waits}\n{holds}", 0.0, 1.0, gap(used={0xAB: 0.09, 0xCD: 0.08}))
    assert found is not None
    assert found.calls[0][1] == 83
    assert thread.from_dump(waits, 0.0, 1.0, gap(used={0xAB: 0.09})) is None


# ---------------------------------------------------------------- what samples stand for


def test_the_samples_of_a_long_freeze_stand_for_all_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0.0]
    monkeypatch.setattr("workers.monitors.watchdog.time", SimpleNamespace(perf_counter=lambda: clock[0]))
    lag = LagMonitor()
    lag._beats = array("d", [0.0])
    watchdog = Watchdog(lag, make_dumps=None)
    for look in range(1, 801):
        clock[0] = watchdog._due = look * 0.025
        watchdog._look()
    [freeze] = watchdog.freezes(0.0, 20.0)
    assert freeze.samples < 300, "they are taken less often with time"
    assert sum(stack.seconds for stack in freeze.stacks) == pytest.approx(20, abs=0.6)


class Taken(ToldBefore):
    """C takes the GIL for 3 s while the watchdog sets faulthandler's timer."""

    def __init__(self, clock: list[float], dump: str) -> None:
        super().__init__()
        self._clock, self._dump = clock, dump

    def arm(self, after_s: float) -> None:
        if self._dump:
            self._clock[0] += 3.0
        self.text, self._dump = self._dump, ""


@pytest.fixture
def stopped(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Watchdog, list[float], str]]:
    """A watchdog whose GUI thread is silent since 0, the clock, and a dump in which another thread is in C."""
    clock = [0.0]
    monkeypatch.setattr("workers.monitors.watchdog.time", SimpleNamespace(perf_counter=lambda: clock[0]))
    monkeypatch.setattr("workers.monitors.watchdog.processor_times", dict)
    lag = LagMonitor()
    lag._beats = array("d", [0.0])
    watchdog = Watchdog(lag, make_dumps=None)
    watchdog._thread = threading.current_thread()  # as if it had started
    dump = f'Thread 0x{0xCD:016x} (most recent call first):\n  File "{__file__}", line 83 in hold\n'
    yield watchdog, clock, dump
    assert watchdog._dumps is not None
    watchdog._dumps.close()


def test_c_that_takes_the_gil_in_the_middle_of_a_look_is_seen(
    stopped: tuple[Watchdog, list[float], str],
) -> None:
    watchdog, clock, dump = stopped
    watchdog._dumps = Taken(clock, dump)
    watchdog._look()
    assert clock[0] == 3.0
    watchdog._look()
    assert watchdog.held(0.0, 4.0) == [(0.0, 3.0)]
    [freeze] = watchdog.freezes(0.0, 3.0)
    assert freeze.kind == "c_gil"
    assert freeze.line is not None
    assert freeze.line.number == 83


def test_what_the_gui_thread_does_after_c_is_not_blamed_for_it(
    stopped: tuple[Watchdog, list[float], str],
) -> None:
    watchdog, clock, dump = stopped
    dumps = watchdog._dumps = ToldBefore()
    clock[0], dumps.text = 3.0, dump
    assert watchdog.held(0.0, 3.0) == [(0.0, 3.0)], (
        "asked by the GUI thread, which was the first to get the GIL"
    )
    watchdog._look()
    [freeze] = watchdog.freezes(0.0, 3.0)
    assert [stack.calls[-1][1] for stack in freeze.stacks] == [83]
