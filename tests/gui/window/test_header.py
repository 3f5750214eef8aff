"""The toggle, the heartbeat and the figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from gui.window.header import Header

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gui.theme.theme import Theme


class Paints(QObject):
    """Counts how often a widget is painted."""

    count = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.Paint
        return False


@pytest.fixture
def header(qtbot: QtBot, theme: Theme) -> Header:
    made = Header(theme)
    qtbot.addWidget(made)
    made.resize(1000, made.sizeHint().height())
    with qtbot.waitExposed(made):
        made.show()
    return made


def test_a_click_flips_the_toggle_and_says_so(header: Header, qtbot: QtBot) -> None:
    with qtbot.waitSignal(header.toggle.toggled, timeout=1000) as told:
        QTest.mouseClick(header.toggle, Qt.MouseButton.LeftButton)
    assert told.args == [True]
    with qtbot.waitSignal(header.toggle.toggled, timeout=1000) as told:
        QTest.mouseClick(_label(header), Qt.MouseButton.LeftButton)
    assert told.args == [False]


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return])
def test_the_toggle_takes_keys(header: Header, qtbot: QtBot, key: Qt.Key) -> None:
    header.toggle.setFocus()
    QTest.keyClick(header.toggle, key)
    assert header.toggle.isChecked()
    assert header.toggle.accessibleName() == "Run on the GUI thread"


def test_focus_is_visible(header: Header, qtbot: QtBot) -> None:
    header.toggle.clearFocus()
    without = header.toggle.grab().toImage()
    header.activateWindow()
    header.toggle.setFocus()
    qtbot.waitUntil(header.toggle.hasFocus, timeout=1000)
    assert header.toggle.grab().toImage() != without


def test_lag_is_told_in_figures_and_words(header: Header) -> None:
    header.set_lag(14.2, 4_100)
    assert (header.now.number, header.now.word) == ("14 ms", "smooth")
    assert (header.worst.number, header.worst.word) == ("4.1 s", "frozen")
    assert "4.1 s, frozen" in header.worst.accessibleDescription()


def test_cores(header: Header) -> None:
    header.set_cores(1.04, 2)
    assert header.cores.number == "1.0 of 2"


def test_the_same_text_paints_nothing_and_another_moves_nothing(header: Header, qtbot: QtBot) -> None:
    header.set_lag(14.2, 14.2)
    header.now.repaint()
    paints = Paints()
    header.now.installEventFilter(paints)
    geometry = [figure.geometry() for figure in (header.now, header.worst, header.cores)]
    header.set_lag(14.4, 14.4)
    QApplication.processEvents()
    assert paints.count == 0
    header.set_lag(2_000_000.0, 2_000_000.0)
    qtbot.waitUntil(lambda: paints.count > 0, timeout=1000)
    assert header.now.number == "33 min 20 s"
    assert [figure.geometry() for figure in (header.now, header.worst, header.cores)] == geometry


def test_a_hint_with_something_to_press(header: Header, qtbot: QtBot) -> None:
    header.set_hint("Press Start.")
    assert not header.hint_button.isVisible()
    header.set_hint("It froze.", "Run it on the thread pool")
    assert header.hint_button.isVisible()
    with qtbot.waitSignal(header.hint_button.clicked, timeout=1000):
        QTest.mouseClick(header.hint_button, Qt.MouseButton.LeftButton)


def test_a_long_hint_does_not_widen_the_window(header: Header) -> None:
    narrow = header.minimumSizeHint().width()
    header.set_hint("word " * 200, "Do it")
    assert header.minimumSizeHint().width() <= max(narrow, 1000)


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
def test_it_fits_a_window_of_1024_with_large_texts_too(header: Header, theme: Theme, scale: float) -> None:
    theme.set_text_scale(scale)
    header.set_hint("It froze for 4.1 s.", "Run it on the thread pool")
    assert header.minimumSizeHint().width() <= 1024


def test_the_heartbeat_moves_and_rests_while_it_cannot_be_seen(header: Header, qtbot: QtBot) -> None:
    beat = header.heartbeat
    paints = Paints()
    beat.installEventFilter(paints)
    place = beat.place
    qtbot.waitUntil(lambda: beat.place != place and paints.count > 2, timeout=2000)
    assert beat.timer.isActive()
    header.showMinimized()
    qtbot.waitUntil(lambda: not beat.timer.isActive(), timeout=1000)
    header.showNormal()
    qtbot.waitUntil(beat.timer.isActive, timeout=1000)
    header.hide()
    assert not beat.timer.isActive()


def test_the_heartbeat_paints_only_itself(header: Header, qtbot: QtBot) -> None:
    whole, beat = Paints(), Paints()
    header.repaint()
    header.installEventFilter(whole)
    header.heartbeat.installEventFilter(beat)
    qtbot.waitUntil(lambda: beat.count > 3, timeout=2000)
    assert whole.count == 0


def _label(header: Header) -> QLabel:
    return next(label for label in header.findChildren(QLabel) if label.buddy() is header.toggle)


@pytest.mark.parametrize("scale", [1.0, 1.4])
def test_the_header_is_as_high_with_the_hints_button_as_without(
    header: Header, theme: Theme, scale: float
) -> None:
    theme.set_text_scale(scale)
    header.set_hint("A hint")
    # Layouts think anew when the events come that were posted.
    QCoreApplication.sendPostedEvents()
    before = header.sizeHint().height()
    header.set_hint("A hint", "and what it offers")
    QCoreApplication.sendPostedEvents()
    assert header.hint_button.isVisible()
    assert header.sizeHint().height() == before
