"""What is told of a place that others keep: all of its threads are offered, and its page is opened by a click alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gui.forms.place_told import PlaceTold
from gui.widgets.fields import IntBox
from workers.catalog.compatibility import NOTHING, Told
from workers.engine.plan import MAX_WORKERS

if TYPE_CHECKING:
    from PySide6.QtCore import QUrl
    from pytestqt.qtbot import QtBot

EIGHT = Told("tcp://there:8786: 2 workers, 8 threads.", 8, "http://there:8787/status")


@pytest.fixture
def workers(qtbot: QtBot) -> IntBox:
    made = IntBox(1, MAX_WORKERS, 2)
    qtbot.addWidget(made)
    return made


@pytest.fixture
def opened() -> list[str]:
    return []


@pytest.fixture
def told(qtbot: QtBot, workers: IntBox, opened: list[str]) -> PlaceTold:
    def open_url(url: QUrl) -> bool:
        opened.append(url.toString())
        return True

    made = PlaceTold(workers, open_url)
    qtbot.addWidget(made)
    return made


def test_nothing_is_seen_where_nothing_is_told(told: PlaceTold) -> None:
    assert told.isHidden()
    told.show_told(EIGHT)
    assert not told.isHidden()
    assert told.words.text() == EIGHT.words
    told.show_told(NOTHING)
    assert told.isHidden()


def test_all_of_its_threads_are_offered_and_never_taken_by_themselves(told: PlaceTold, workers: IntBox) -> None:
    told.show_told(EIGHT)
    assert workers.value() == 2
    assert not told.use_all.isHidden()
    assert told.use_all.text() == "Run 8 tasks at once"
    told.use_all.click()
    assert workers.value() == 8
    assert told.use_all.isHidden()
    workers.setValue(3)
    assert not told.use_all.isHidden()


def test_what_is_not_known_is_not_offered_and_no_more_than_can_be(told: PlaceTold, workers: IntBox) -> None:
    told.show_told(Told("Nobody works there yet."))
    assert told.use_all.isHidden()
    assert told.open_page.isHidden()
    told.show_told(Told("many", MAX_WORKERS + 1))
    told.use_all.click()
    assert workers.value() == MAX_WORKERS


def test_its_page_is_opened_by_a_click_alone(told: PlaceTold, opened: list[str]) -> None:
    told.show_told(EIGHT)
    assert opened == []
    told.open_page.click()
    assert opened == ["http://there:8787/status"]
