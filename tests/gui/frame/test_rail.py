"""The rail gives way in a small window, and remembers what a person wants."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from gui.frame.rail import Rail
from gui.widgets.icons import LIVE
from gui.widgets.panels import fill

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gui.theme.theme import Theme


@pytest.fixture
def rail(theme: Theme, qtbot: QtBot) -> Rail:
    made = Rail(theme)
    qtbot.addWidget(made)
    for title in ("Live", "Runs"):
        made.add(title, LIVE)
    return made


def test_it_narrows_where_there_is_little_room_and_widens_again(rail: Rail) -> None:
    wide = rail.width()
    rail.squeeze(True)
    assert rail.is_narrow
    assert rail.width() < wide
    assert not rail.is_chosen_narrow
    rail.squeeze(False)
    assert rail.width() == wide


def test_it_narrows_where_its_words_do_not_fit_above_each_other(rail: Rail, qtbot: QtBot) -> None:
    rail.resize(rail.width(), 400)
    with qtbot.waitExposed(rail):
        rail.show()
    assert not rail.is_narrow
    rail.resize(rail.width(), 110)
    assert rail.is_narrow
    rail.resize(rail.width(), 400)
    assert not rail.is_narrow


def test_a_person_can_widen_it_all_the_same(rail: Rail) -> None:
    rail.squeeze(True)
    rail.fold.click()
    assert not rail.is_narrow
    rail.fold.click()
    assert rail.is_narrow
    rail.squeeze(False)
    assert rail.is_narrow  # as it was chosen


def test_it_stays_as_wide_as_a_person_made_it_until_the_window_is_small_anew(rail: Rail) -> None:
    rail.squeeze(True)
    rail.fold.click()
    rail.squeeze(True)  # the window is made a little larger or smaller
    assert not rail.is_narrow
    rail.squeeze(False)
    rail.squeeze(True)
    assert rail.is_narrow


def test_what_was_remembered_is_no_wish_for_a_wide_rail_in_a_small_window(rail: Rail) -> None:
    rail.squeeze(True)
    rail.set_narrow(False)
    assert rail.is_narrow


def test_the_tab_key_goes_down(theme: Theme, qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    above, rail, below = QPushButton("above"), Rail(theme), QPushButton("below")
    fill(QVBoxLayout(window), above, rail, below)
    for title in ("Live", "Runs", "Benchmark"):
        rail.add(title, LIVE)
    order: list[QWidget | None] = [above]
    while order[-1] is not None and order[-1] is not below:
        order.append(order[-1].nextInFocusChain())
    assert [each for each in order if each is not rail] == [above, *rail.buttons, rail.panel, rail.fold, below]
