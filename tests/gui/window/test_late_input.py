"""How old clicks and keys are when they arrive."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QMouseEvent, QWindow

from gui.window.start_guard import LATE_S, LateInput

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QApplication

CLICK, DOUBLE, KEY, SHORTCUT, MOVE = (
    QEvent.Type.MouseButtonPress,
    QEvent.Type.MouseButtonDblClick,
    QEvent.Type.KeyPress,
    QEvent.Type.ShortcutOverride,
    QEvent.Type.MouseMove,
)


class Stage:
    """A window whose events come when a test says."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.window = QWindow()
        self.late = LateInput(self.window, lambda: self.now)
        self.told: list[tuple[int, int, float]] = []
        self.late.told.connect(lambda *said: self.told.append(said))

    def comes(self, kind: QEvent.Type, made: float, now: float) -> None:
        """An event that was made at one time comes at another, both in seconds; stamps have an origin of their own."""
        self.now = 1000.0 + now
        self.late.note(kind, 77.0 + made)


@pytest.fixture
def stage(qapp: QApplication) -> Iterator[Stage]:
    made = Stage()
    yield made
    made.window.destroy()


def test_what_comes_at_once_is_not_late(stage: Stage) -> None:
    for moment in range(5):
        stage.comes(CLICK, moment, moment + 0.01)
        assert not stage.late.is_late
    assert stage.late.age_s == pytest.approx(0)
    assert stage.told == []


def test_clicks_and_keys_of_a_freeze_are_told_once(stage: Stage) -> None:
    stage.comes(MOVE, 0.0, 0.0)
    for made in (1.0, 1.5, 2.0):
        stage.comes(CLICK, made, 5.1)
        assert stage.late.is_late
        assert stage.late.age_s == pytest.approx(5.1 - made)
    stage.comes(DOUBLE, 2.0, 5.1)  # besides the press of the same click
    stage.comes(KEY, 3.0, 5.1)
    stage.comes(QEvent.Type.MouseButtonRelease, 3.1, 5.1)
    stage.comes(MOVE, 3.2, 5.1)
    assert stage.told == [], "more of them may come"
    stage.comes(MOVE, 5.2, 5.2)
    assert stage.told[0][:2] == (3, 1)
    assert stage.told[0][2] == pytest.approx(4.1)
    assert not stage.late.is_late
    stage.comes(MOVE, 5.3, 5.3)
    stage.late.tell()
    assert len(stage.told) == 1


def test_a_key_is_counted_once_also_where_it_is_a_shortcut(stage: Stage) -> None:
    stage.comes(MOVE, 0.0, 0.0)
    stage.comes(SHORTCUT, 1.0, 4.0)  # of F5 a window gets no more
    assert stage.late.is_late
    assert stage.late.is_key
    stage.comes(SHORTCUT, 2.0, 4.0)
    stage.comes(KEY, 2.0, 4.0)  # of a letter both
    stage.comes(CLICK, 3.0, 4.0)
    assert not stage.late.is_key
    stage.late.tell()
    assert stage.told[0][:2] == (1, 2)


def test_it_is_told_at_once_when_somebody_asks(stage: Stage) -> None:
    stage.comes(MOVE, 0.0, 0.0)
    stage.comes(KEY, 1.0, 2.0)
    stage.late.tell()
    (said,) = stage.told
    assert said == pytest.approx((0, 1, 1.0))


def test_late_moves_alone_are_not_worth_telling(stage: Stage) -> None:
    stage.comes(MOVE, 0.0, 0.0)
    stage.comes(MOVE, 1.0, 4.0)
    stage.comes(MOVE, 4.0, 4.0)
    assert stage.told == []


def test_where_the_first_event_was_late_the_next_mends_it(stage: Stage) -> None:
    stage.comes(CLICK, 0.0, 3.0)
    assert not stage.late.is_late, "nothing to compare it with yet"
    stage.comes(CLICK, 3.5, 3.5)
    assert stage.late.age_s == 0
    stage.comes(CLICK, 3.6, 6.6)
    assert stage.late.age_s == pytest.approx(3.0)


@pytest.mark.parametrize(("age", "late"), [(LATE_S - 0.01, False), (LATE_S + 0.01, True)])
def test_where_late_begins(stage: Stage, age: float, late: bool) -> None:
    stage.comes(MOVE, 0.0, 0.0)
    stage.comes(CLICK, 1.0, 1.0 + age)
    assert stage.late.is_late is late


def test_a_clock_that_begins_again_makes_nothing_late(stage: Stage) -> None:
    stage.comes(MOVE, 4_294_967.0, 4_294_967.0)
    stage.comes(CLICK, 0.5, 4_294_967.8)
    assert not stage.late.is_late
    stage.comes(CLICK, 1.5, 4_294_970.8)
    assert stage.late.age_s == pytest.approx(2.0)


def test_events_of_the_window_are_noted_and_not_swallowed(stage: Stage) -> None:
    def click(stamp_ms: int, now: float) -> bool:
        stage.now = now
        left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        event = QMouseEvent(CLICK, QPointF(1, 1), QPointF(1, 1), left, left, none)
        event.setTimestamp(stamp_ms)
        QGuiApplication.sendEvent(stage.window, event)
        return stage.late.eventFilter(stage.window, event)

    assert click(5000, 10.0) is False
    assert click(6000, 15.0) is False
    assert stage.late.age_s == pytest.approx(4.0)
    before = stage.late.age_s
    click(0, 99.0)
    assert stage.late.age_s == before, "an event without a stamp says nothing"
