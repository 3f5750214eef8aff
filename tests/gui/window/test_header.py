"""The toggle, the heartbeat and the figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gui.window.header import Header
from workers.catalog import lookup
from workers.reports.next_step import first
from workers.reports.palette import contrast

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


def test_a_click_on_the_other_part_switches_and_says_so(header: Header, qtbot: QtBot) -> None:
    toggle = header.toggle
    assert not toggle.isChecked()
    with qtbot.waitSignal(toggle.toggled) as told:
        QTest.mouseClick(toggle.blocking, Qt.MouseButton.LeftButton)
    assert told.args == [True]
    QTest.mouseClick(toggle.blocking, Qt.MouseButton.LeftButton)
    assert toggle.isChecked(), "a click on what is on changes nothing"
    with qtbot.waitSignal(toggle.toggled) as told:
        QTest.mouseClick(toggle.elsewhere, Qt.MouseButton.LeftButton)
    assert told.args == [False]


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Left])
def test_the_switch_takes_keys(header: Header, key: Qt.Key) -> None:
    toggle = header.toggle
    part = toggle.elsewhere if key is Qt.Key.Key_Left else toggle.blocking
    part.setFocus()
    QTest.keyClick(part, key)
    assert toggle.isChecked()
    assert toggle.blocking.accessibleName() == "Run on the GUI thread"


def test_the_focus_goes_with_what_is_on(header: Header, qtbot: QtBot) -> None:
    toggle = header.toggle
    header.activateWindow()
    toggle.setFocus()
    qtbot.waitUntil(toggle.elsewhere.hasFocus)
    toggle.setChecked(True)
    assert toggle.blocking.hasFocus()
    toggle.setChecked(False)
    assert toggle.elsewhere.hasFocus()


def test_each_part_says_what_it_is_and_which_is_on(header: Header, theme: Theme) -> None:
    toggle = header.toggle
    toggle.show_runner("qthread", "QThread")
    assert toggle.elsewhere.text() == "Elsewhere: QThread"
    assert toggle.elsewhere.accessibleName() == "Run elsewhere: QThread"
    toggle.show_runner("cooperative", "Cooperative slices", is_apart=False)
    assert toggle.elsewhere.text() == "Instead: Cooperative slices", "it runs on the GUI thread as well"
    toggle.show_runner("qthread", "QThread")
    for on, runner in ((True, "gui_thread"), (False, "qthread")):
        toggle.setChecked(on)
        shown = toggle.blocking if on else toggle.elsewhere
        colors = [part.grab().toImage().pixelColor(20, part.height() // 2 - 8) for part in (shown,)]
        assert colors[0] == theme.runner_color(runner)


def test_without_a_runner_the_other_part_has_its_own_words(header: Header) -> None:
    part = header.toggle.elsewhere
    assert (part.text(), part.accessibleName()) == ("Elsewhere", "Run elsewhere")
    header.toggle.show_runner("qthread", "QThread")
    header.toggle.show_runner("mine", "QThread")
    assert part.runner == "mine", "two may have one title"


@pytest.mark.parametrize("name", list(lookup.runners()))
def test_the_text_of_a_part_is_read_on_every_runners_colour(theme: Theme, name: str) -> None:
    ground = theme.runner_color(name)
    assert contrast(ground.name(), theme.text_on(ground).name()) >= 4.5


def test_a_long_runners_name_is_cut_and_not_the_window(header: Header) -> None:
    header.toggle.show_runner("qt_network", "QNetworkAccessManager of somebody's own, and longer than that")
    QCoreApplication.sendPostedEvents()
    assert header.minimumSizeHint().width() <= 1000
    assert header.toggle.elsewhere.shown_text.endswith("…")


def test_focus_is_visible(header: Header, qtbot: QtBot) -> None:
    part = header.toggle.blocking
    part.clearFocus()
    without = part.grab().toImage()
    header.activateWindow()
    part.setFocus()
    qtbot.waitUntil(part.hasFocus)
    assert part.grab().toImage() != without


def test_lag_is_told_in_figures_and_words(header: Header) -> None:
    header.set_lag(14.2, 4_100)
    assert (header.now.number, header.now.word) == ("14 ms", "smooth")
    assert (header.worst.number, header.worst.word) == ("4.1 s", "frozen")
    assert "4.1 s, frozen" in header.worst.accessibleDescription()


@pytest.mark.parametrize(("lag_ms", "word"), [(16.4, "smooth"), (16.6, "noticeable"), (17.4, "noticeable")])
def test_a_lag_is_judged_as_it_is_shown(header: Header, lag_ms: float, word: str) -> None:
    header.set_lag(lag_ms, 100.4)
    assert (header.now.number, header.now.word) == (f"{lag_ms:.0f} ms", word)
    assert (header.worst.number, header.worst.word) == ("100 ms", "noticeable")


def test_what_is_not_known_is_a_dash_and_nothing_red(header: Header) -> None:
    assert (header.now.number, header.worst.number) == ("–", "–")
    header.set_lag(14.2, 4_100, "Worst of run 8")
    assert header.worst.accessibleName() == "Worst of run 8"
    header.set_lag(None, None)
    for figure in (header.now, header.worst):
        assert (figure.number, figure.word, figure._role) == ("–", "", "muted")
    assert "4.1" not in header.worst.accessibleDescription()
    assert header.worst.accessibleName() == "Worst in this run"


def test_cores_count_the_workers_processes(header: Header) -> None:
    header.set_cores(1.04, 0.0, 2)
    assert (header.cores.number, header.cores.word) == ("1.0 of 2", "used by Thaw")
    header.set_cores(0.14, 1.8, 2)
    assert (header.cores.number, header.cores.word) == ("1.9 of 2", "1.8 in workers")
    assert "0.1 by this process, 1.8 by" in header.cores.toolTip()


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
    qtbot.waitUntil(lambda: paints.count > 0)
    assert header.now.number == "33 min 20 s"
    assert [figure.geometry() for figure in (header.now, header.worst, header.cores)] == geometry


def test_a_hint_with_something_to_press(header: Header, qtbot: QtBot) -> None:
    header.set_hint("Press Start.")
    assert not header.hint_button.isVisible()
    header.set_hint("It froze.", "Run it on the thread pool")
    assert header.hint_button.isVisible()
    with qtbot.waitSignal(header.hint_button.clicked):
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
    qtbot.waitUntil(lambda: beat.place != place and paints.count > 2)
    assert beat.timer.isActive()
    header.showMinimized()
    qtbot.waitUntil(lambda: not beat.timer.isActive())
    header.showNormal()
    qtbot.waitUntil(beat.timer.isActive)
    header.hide()
    assert not beat.timer.isActive()


def test_the_heartbeat_paints_only_itself(header: Header, qtbot: QtBot) -> None:
    whole, beat = Paints(), Paints()
    header.repaint()
    header.installEventFilter(whole)
    header.heartbeat.installEventFilter(beat)
    qtbot.waitUntil(lambda: beat.count > 3)
    assert whole.count == 0


@pytest.mark.parametrize(("scale", "wide"), [(1.0, 1024), (1.4, 1280)])
def test_the_hints_of_the_tour_are_never_cut(header: Header, theme: Theme, scale: float, wide: int) -> None:
    theme.set_text_scale(scale)
    hint = (
        "The same work: worst lag 23 ms instead of 4.0 s on the GUI thread, and about 1.9× as fast. Next, lesson 4: A "
        "thread is not enough."
    )
    header.set_hint(hint, "Open lesson 4", is_tour=True)
    header.resize(wide, header.minimumSizeHint().height())
    QCoreApplication.sendPostedEvents()
    label = header._hint
    assert header.hint == label.shown_text == hint
    assert label.heightForWidth(label.width()) <= label.height()


def test_the_very_first_hint_and_its_offer_stand_in_one_line(header: Header) -> None:
    hint = first()
    header.set_hint(hint.text, hint.label)
    header.resize(1280, 100)
    QCoreApplication.sendPostedEvents()
    label = header._hint
    assert header.hint_button.isVisible()
    assert label.fontMetrics().horizontalAdvance(hint.text) <= label.width()


def test_a_hint_that_is_too_long_takes_no_room_from_the_figures(header: Header) -> None:
    """One that names all members of a deadlock, say."""
    header.set_hint("It ran.")
    header.resize(1024, header.minimumSizeHint().height())
    QCoreApplication.sendPostedEvents()
    before = [part.geometry() for part in (header.now, header.worst, header.cores, header.toggle, header.line)]
    long = "; ".join(f"philosophers {n} waits for lock fork {n}, held by philosophers {n}" for n in range(9))
    header.set_hint(long)
    QCoreApplication.sendPostedEvents()
    header.resize(1025, header.height())
    header.resize(1024, header.minimumSizeHint().height())
    after = [part.geometry() for part in (header.now, header.worst, header.cores, header.toggle, header.line)]
    assert after == before
    assert header._hint.toolTip() == header.hint == long


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


def test_the_keys_go_on_beside_a_button_that_hides(header: Header) -> None:
    header.set_hint("Do this.", "Run it", is_tour=True)
    header.end_button.setFocus()
    header.set_hint("Do that.", "Run it")
    assert header.hint_button.hasFocus()
    header.set_hint("Running.")
    assert header.toggle.elsewhere.hasFocus(), "the part that is on"
    header.set_hint("Do this.", is_tour=True)
    header.end_button.setFocus()
    header.set_hint("Running.")
    assert header.toggle.elsewhere.hasFocus()


def test_the_longest_caption_has_room_also_where_the_texts_grow_under_a_shorter_one(
    header: Header, theme: Theme
) -> None:
    header.set_lag(1.0, 2.0, "Worst of run 1")
    for scale in (1.3, 1.0):
        theme.set_text_scale(scale)
        width = header.worst.full_width
        header.set_lag(1.0, None)
        assert header.worst.full_width == width
        header.set_lag(1.0, 2.0, "Worst of run 1")
