"""The strip at the window's foot: it keeps its height, whatever it says, and offers a copy where that is worth it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QGuiApplication

from gui.window.status_bar import StatusStrip
from tests.support.planned_runs import carry_out, make_run

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

VERDICT = (
    "24 tasks done in 5.2 s on ThreadPoolExecutor: the window froze 6 times, 752 ms at the longest and 2.7 s in all. "
    "This machine is busy."
)


@pytest.fixture
def strip(qtbot: QtBot) -> StatusStrip:
    found = StatusStrip()
    qtbot.addWidget(found)
    found.resize(1024, found.sizeHint().height())
    with qtbot.waitExposed(found):
        found.show()
    return found


def wanted_height(strip: StatusStrip) -> int:
    QCoreApplication.sendPostedEvents()
    height = strip.heightForWidth(1024)
    # Where there is no text there are no lines to break.
    return height if height >= 0 else strip.sizeHint().height()


def test_it_is_as_high_with_a_verdict_of_two_lines_as_with_nothing(strip: StatusStrip) -> None:
    heights = {wanted_height(strip)}
    strip.say("Running …", keep=False)
    heights.add(wanted_height(strip))
    strip.say(VERDICT)
    heights.add(wanted_height(strip))
    assert len(heights) == 1


def test_the_sentence_stays_where_it_is_while_the_counts_change(strip: StatusStrip) -> None:
    run = make_run(28)
    strip.say(VERDICT, keep=False)
    QCoreApplication.sendPostedEvents()
    place = strip.verdict.geometry()
    for index in range(28):
        carry_out(run, index)
        strip.show_progress(run)
        QCoreApplication.sendPostedEvents()
        assert strip.verdict.geometry() == place
    strip.say(VERDICT)  # now with its button
    QCoreApplication.sendPostedEvents()
    assert strip.verdict.geometry() == place


def test_the_button_copies_the_sentence(strip: StatusStrip) -> None:
    strip.say(VERDICT)
    strip.copy_button.click()
    assert QGuiApplication.clipboard().text() == VERDICT


def test_a_benchmark_is_told_in_runs(strip: StatusStrip) -> None:
    strip.show_measured(5, 20)
    assert strip.counts.text() == "5 of 20 runs measured"
    assert strip.bar.value() == strip.bar.maximum() // 4
