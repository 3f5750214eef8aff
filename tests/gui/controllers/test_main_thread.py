"""What the GUI thread does is told by name: of a real window with timers, painting and input, and of planted slots."""

from __future__ import annotations

import gc
import hashlib
import sys
import time
from collections import Counter
from typing import TYPE_CHECKING, Any, cast

import pytest
from PySide6.QtCore import QEvent, QEventLoop, QObject, QPoint, QPointF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication, QMouseEvent, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from shiboken6 import delete

from gui.controllers import main_thread
from gui.controllers.bridge import Bridge
from gui.controllers.main_thread import MainThreadHooks
from gui.controllers.poll_hook import PollHook
from gui.window.run_views import RunViews
from workers.engine.task import Phase, TaskEvent
from workers.monitors.lag import LagMonitor
from workers.monitors.main_thread import MainThread
from workers.monitors.track.marks import GARBAGE, INPUT, PAINT, QT, SLOT, TASKS
from workers.reports.main_lane import MainLane, Span
from workers.utils.gil.polite import EventLoopGate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

    from tests.support.whole_app import Stage
    from workers.engine.run import Run

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the poll hook and the alarm are Linux's")
PLANTED_S = 0.020


def spans_of(track: MainThread, since: float, lag: LagMonitor) -> MainLane:
    found = MainLane(track.marks, since, lag.beats)
    found.update()
    return found


class Hooked:
    """A track with all of its hooks, and nothing else."""

    def __init__(self) -> None:
        self.lag = LagMonitor()
        self.lag.start()
        self.track = MainThread()
        self.poll_hook = PollHook(EventLoopGate())
        self.poll_hook.install()
        self.hooks = MainThreadHooks(self.track, self.poll_hook)

    def begin(self) -> None:
        """Turn it on, and let a run begin."""
        self.track.start()
        self.track.begin(cast("Run", None), None)

    def seconds(self, kind: int) -> float:
        return float(spans_of(self.track, 0.0, self.lag).seconds(0.0, 1e9)[kind])

    def spans(self) -> list[Span]:
        found = spans_of(self.track, 0.0, self.lag)
        return [found.span(found.lane.bar(row)) for row in range(found.lane.count)]

    def names(self, kind: int) -> Counter[str]:
        return Counter(span.name for span in self.spans() if span.kind == kind)

    def close(self) -> None:
        self.track.abandon()
        self.track.close()
        self.poll_hook.remove()


@pytest.fixture
def hooked(qapp: QApplication) -> Iterator[Hooked]:
    made = Hooked()
    yield made
    made.close()


def wait(until: Callable[[], bool]) -> None:
    """In a loop that waits for events, as the program's does: QTest's sleeps, as if it were a slot."""
    loop, timer = QEventLoop(), QTimer(interval=5)
    timer.timeout.connect(lambda: loop.quit() if until() else None)
    timer.start()
    QTimer.singleShot(10_000, loop, loop.quit)
    loop.exec()
    assert until()


class Canvas(QWidget):
    """Takes a while to paint, so that it cannot be overlooked."""

    painted = 0

    def paintEvent(self, event: QPaintEvent) -> None:
        self.painted += 1
        compute(0.002)


def compute(seconds: float) -> None:
    until = time.thread_time() + seconds
    while time.thread_time() < until:
        pass


def in_python(left: list[int]) -> None:
    compute(PLANTED_S)
    left.pop()


def asleep(left: list[int]) -> None:
    time.sleep(PLANTED_S)
    left.pop()


def without_gil(left: list[int]) -> None:
    until = time.thread_time() + PLANTED_S
    while time.thread_time() < until:
        hashlib.sha256(bytes(1_000_000)).digest()
    left.pop()


def with_gil(left: list[int]) -> None:
    """Calls into C that hold the GIL, each for about 5 ms."""
    until = time.thread_time() + PLANTED_S
    while time.thread_time() < until:
        sum(range(200_000))
    left.pop()


@pytest.mark.parametrize("slot", [in_python, asleep, without_gil, with_gil])
def test_twenty_planted_slots_of_20_ms_are_named(hooked: Hooked, qtbot: QtBot, slot: Any) -> None:
    """Plain functions on a timer: nobody tells of them."""
    hooked.begin()
    left = list(range(20))
    ran: list[tuple[float, float]] = []

    def planted() -> None:
        if left:
            began = time.perf_counter()
            slot(left)
            ran.append((began, time.perf_counter()))
        else:
            timer.stop()

    timer = QTimer(interval=5)
    timer.timeout.connect(planted)
    timer.start()
    qtbot.waitUntil(lambda: not left, timeout=30_000)
    timer.stop()
    QTest.qWait(30)
    named = [span for span in hooked.spans() if span.kind == SLOT and "planted" in span.name]
    missed = [
        number
        for number, (began, ended) in enumerate(ran)
        if sum(max(0.0, min(ended, span.end) - max(began, span.start)) for span in named) <= (ended - began) / 2
    ]
    assert len(missed) <= 10, (
        "a busy machine may take the sample of one when it is over; elsewhere none is missed"
    )


def test_painting_and_input_are_told_by_the_windows(hooked: Hooked, qtbot: QtBot) -> None:
    canvas = Canvas()
    qtbot.addWidget(canvas)
    canvas.show()
    qtbot.waitUntil(lambda: canvas.painted > 0)
    hooked.begin()
    canvas.update()
    wait(lambda: hooked.seconds(PAINT) >= 0.001)
    window = canvas.windowHandle()
    QTest.mouseClick(window, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    QTest.keyClick(window, Qt.Key.Key_A)
    QTest.qWait(1)
    assert {"Mouse press", "Mouse release", "Key press", "Key release"} <= set(hooked.names(INPUT))


def test_a_window_that_comes_later_is_watched_too_and_one_that_goes_is_forgotten(
    hooked: Hooked, qtbot: QtBot
) -> None:
    hooked.begin()
    canvas = Canvas()
    canvas.show()
    qtbot.waitUntil(canvas.isActiveWindow)
    canvas.update()
    wait(lambda: hooked.seconds(PAINT) >= 0.001)
    canvas.close()
    canvas.deleteLater()
    QTest.qWait(1)
    hooked.track.close()


def test_a_window_that_has_gone_already_keeps_no_run_from_its_begin(
    hooked: Hooked, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PySide gives us such a one for a tool tip that came where another has been."""
    canvas, gone = Canvas(), QWindow()
    qtbot.addWidget(canvas)
    canvas.show()
    qtbot.waitUntil(lambda: canvas.painted > 0)
    delete(gone)
    monkeypatch.setattr(QGuiApplication, "topLevelWindows", lambda app: [gone, canvas.windowHandle()])
    hooked.begin()
    canvas.update()
    wait(lambda: hooked.seconds(PAINT) >= 0.001)


def test_a_filter_keeps_nothing_from_the_window(hooked: Hooked, qtbot: QtBot) -> None:
    canvas = Canvas()
    qtbot.addWidget(canvas)
    canvas.show()
    qtbot.waitExposed(canvas)
    hooked.begin()
    press = QMouseEvent(
        QEvent.Type.MouseButtonPress,
        QPointF(5, 5),
        QPointF(5, 5),
        Qt.MouseButton.LeftButton,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    window = canvas.windowHandle()
    assert not hooked.hooks.eventFilter(window, press)
    assert not hooked.hooks.eventFilter(canvas, QEvent(QEvent.Type.LayoutRequest))


def test_garbage_is_told(hooked: Hooked, qtbot: QtBot) -> None:
    hooked.begin()
    timer = QTimer(interval=0, singleShot=True)
    timer.timeout.connect(gc.collect)
    timer.start()
    qtbot.waitUntil(lambda: hooked.seconds(GARBAGE) > 0)


def test_the_bridge_tells_its_drain_and_gets_its_events(hooked: Hooked, qtbot: QtBot) -> None:
    bridge = Bridge()
    got: list[TaskEvent] = []
    bridge.arrived.connect(got.extend)
    hooked.begin()
    bridge.post(TaskEvent(1, Phase.STARTED, time.perf_counter(), 0, "here"))
    qtbot.waitUntil(lambda: len(got) == 1)
    QTest.qWait(1)
    assert set(hooked.names(TASKS)) & {"Bridge.drain", "Bridge._on_wake"}
    bridge.arrived.disconnect()


class Clicked(QObject):
    """Slots that take fewer arguments than the signal has, and some by themselves."""

    clicked = Signal(bool, str)

    def __init__(self) -> None:
        super().__init__()
        self.got: list[object] = []

    @Slot()
    def none(self) -> None:
        self.got.append("none")

    @Slot(bool)
    def one(self, on: bool) -> None:
        self.got.append(on)

    @Slot(bool)
    def perhaps(self, on: bool = False, more: str = "more") -> None:
        self.got.append((on, more))

    @Slot(bool)
    def fails(self, on: bool) -> None:
        raise ValueError("on purpose")


def test_wrapped_slots_take_what_they_took_before(hooked: Hooked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(main_thread, "OURS", __name__)
    plain = {name: vars(Clicked)[name] for name in ("none", "one", "perhaps", "fails")}
    before, unwrapped = Clicked(), Clicked()
    for slot in (unwrapped.none, unwrapped.one, unwrapped.perhaps):
        unwrapped.clicked.connect(slot)
    unwrapped.clicked.emit(True, "text")
    hooked.begin()
    hooked.hooks._wrap_slots(sys.modules[__name__])
    assert all(vars(Clicked)[name] is not function for name, function in plain.items())
    after = Clicked()
    for one in (before, after):
        for slot in (one.none, one.one, one.perhaps):
            one.clicked.connect(slot)
        one.clicked.emit(True, "text")
        assert one.got == unwrapped.got
        one.clicked.disconnect(one.none)
        one.perhaps()
        assert one.got[-1] == (False, "more")
        with pytest.raises(ValueError, match="purpose"):
            one.fails(True)
        assert not hooked.track.in_slot
    hooked.track.close()
    assert {name: vars(Clicked)[name] for name in plain} == plain
    before.clicked.emit(False, "")
    assert before.got[-2] is False


def test_of_two_tracks_one_wraps_and_nothing_stays_behind(hooked: Hooked) -> None:
    plain = RunViews._next_frame
    other = Hooked()
    hooked.begin()
    other.begin()
    assert RunViews._next_frame is not plain
    hooked.track.close()
    assert RunViews._next_frame is plain
    other.close()
    assert RunViews._next_frame is plain
    assert not [one for one in gc.callbacks if getattr(one, "__self__", None) in (hooked.hooks, other.hooks)]


def test_most_of_the_windows_time_awake_is_named(stage: Stage, qtbot: QtBot) -> None:
    with stage.app(
        [
            "--instruments",
            "main,timeline",
            "--workload",
            "sleep",
            "--param",
            "seconds=0.1",
            "--tasks",
            "20",
            "--runner",
            "thread_pool",
            "--workers",
            "4",
        ]
    ) as app:
        track = cast("MainThread", app.core.probes["main"])
        window = app.window.windowHandle()
        # The second of two: in the first the pages are laid out, which is Qt's.
        for _ in range(2):
            wait(lambda: not app.core.is_busy)
            since = time.perf_counter()
            loop = QEventLoop()  # see `wait`
            app.core.director.finished.connect(loop.quit)
            for x in range(10, 200, 10):
                QTimer.singleShot(2 * x, loop, lambda x=x: QTest.mouseMove(window, QPoint(x, 200)))
            app.core.director.start(app.core.options.settings)
            loop.exec()
        found = spans_of(track, since, app.core.lag)
        seconds = found.seconds(0.0, 1e9)
        # Nine tenths of it where nothing else runs (`tests.benchmarks.watch.main_thread_cost`).
        assert 1 - seconds[QT] / seconds.sum() >= 0.5
        spans = [found.span(found.lane.bar(row)) for row in range(found.lane.count)]
        assert {PAINT, INPUT, SLOT, TASKS, GARBAGE} - {span.kind for span in spans} <= {GARBAGE}
        assert {"Beat of the lag monitor", "RunViews._next_frame", "Bridge.drain"} <= {
            span.name for span in spans
        }
        run = app.core.session.runs[-1]
        assert 0 < len(run.main_thread) <= len(track.marks)


def test_turned_off_it_leaves_no_trace(stage: Stage) -> None:
    plain = RunViews._next_frame
    with stage.app(["--instruments", "main"]) as app:
        app.core.measure()
        assert RunViews._next_frame is not plain
        assert app.core._poll_hook.watch is None  # no run
        app.core.instruments.set_on("main", False)
        assert RunViews._next_frame is plain
        assert app.core._poll_hook.watch is None
        app.core.instruments.set_on("main", True)
        assert RunViews._next_frame is not plain
    assert RunViews._next_frame is plain
