"""The page Timeline: what is chosen in the timeline is selected in the table, and the other way round."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QCheckBox

from gui.tasks.page import TasksPage
from gui.tasks.table import FILTERS
from tests.benchmarks.watch.timeline_frames import make_run
from tests.support.bring_up import bring_up
from tests.support.planned_runs import carry_out
from tests.support.planned_runs import make_run as make_live_run
from workers.engine.task import Phase

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gui.controllers.core import Core
    from gui.process.preferences import Preferences
    from gui.theme.theme import Theme


@pytest.fixture
def tab(qtbot: QtBot, core: Core, theme: Theme, preferences: Preferences) -> TasksPage:
    made = bring_up(qtbot, TasksPage(core, theme, preferences), 1000, 600)
    made.show_run(make_run(2000, 4))
    return made


def test_a_click_on_a_bar_selects_the_row_and_scrolls_to_it(tab: TasksPage) -> None:
    tab.timeline.task_clicked.emit(1500)
    assert tab.table.view.selected_rows() == [(1500, 1500)]
    first, last = tab.table.view.visible_rows()
    assert first <= 1500 <= last
    assert tab.timeline.canvas.scene.marked == 1500
    assert not tab.table.follow.isChecked()


def test_a_filter_that_hides_the_task_is_cleared(tab: TasksPage) -> None:
    names = [name for name, _ in FILTERS]
    tab.table.filter.setCurrentIndex(names.index("Failed"))
    [*_, failed] = tab.table.model.rows
    tab.table.select_task(failed)
    assert tab.table.filter.currentText() == "Failed"
    tab.table.select_task(failed - 1)
    assert tab.table.filter.currentText() == "All tasks"
    assert tab.table.view.selected_rows() == [(failed - 1, failed - 1)]


def test_a_selected_row_marks_the_bar_and_brings_it_in_view(tab: TasksPage) -> None:
    scene = tab.timeline.canvas.scene
    scene.window.zoom(0.02, 0.0)
    tab.table.view.selectRow(1200)
    assert scene.marked == 1200
    span = scene.span_of(1200)
    assert span is not None
    assert scene.window.low <= span[0] <= scene.window.high


def test_several_rows_mark_nothing_new(tab: TasksPage, qtbot: QtBot) -> None:
    tab.table.view.selectRow(3)
    with qtbot.assertNotEmitted(tab.table.task_selected):
        tab.table.view.selectAll()


def test_a_queued_task_can_be_selected_though_it_has_no_bar(tab: TasksPage) -> None:
    run = make_live_run(5)
    carry_out(run, 0, Phase.DONE)
    tab.show_run(run)
    tab.table.view.selectRow(4)
    assert tab.timeline.canvas.scene.marked == 4
    tab.grab()
    assert tab.timeline.canvas.accessibleDescription() == ""


@pytest.mark.parametrize(
    ("runner", "is_left"), [("thread_per_task", True), ("gui_thread", False), ("cooperative", False)]
)
def test_who_is_stuck_is_left_to_a_person_where_they_can_do_something(
    tab: TasksPage, monkeypatch: pytest.MonkeyPatch, runner: str, is_left: bool
) -> None:
    asked: list[bool] = []
    monkeypatch.setattr(tab.waits, "show_run", lambda run, is_left: asked.append(is_left))
    tab.show_run(make_live_run(2, runner))
    assert asked == [is_left]


def test_the_timeline_can_be_hidden_and_then_does_nothing(
    tab: TasksPage, core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    core.instruments.set_on("timeline", False)
    assert not tab.timeline.isVisible()
    monkeypatch.setattr(tab.timeline, "_take_up", lambda *_: pytest.fail("it was taken up"))
    tab.show_run(make_live_run(5))
    tab.refresh(at_once=True)


def test_the_splitter_can_be_remembered(
    tab: TasksPage, qtbot: QtBot, core: Core, theme: Theme, preferences: Preferences
) -> None:
    assert tab.splitter is not None
    tab.splitter.setSizes([150, 400])
    state, sizes = tab.splitter.saveState(), tab.splitter.sizes()
    other = TasksPage(core, theme, preferences)
    qtbot.addWidget(other)
    other.resize(1000, 600)
    other.show()
    assert other.splitter is not None
    assert other.splitter.restoreState(state)
    assert other.splitter.sizes() == sizes


def test_one_box_follows_in_both_and_the_table_has_its_own_without_a_timeline(
    tab: TasksPage, core: Core
) -> None:
    tab.show_run(make_live_run(500))
    assert [box.text() for box in tab.findChildren(QCheckBox) if box.isVisible()] == ["&Follow"]
    assert tab.timeline.follow.isChecked()
    assert tab.table.follow.isChecked()
    tab.table.select_task(3)  # there the table would scroll away again
    assert not tab.timeline.follow.isChecked()
    tab.timeline.follow.setChecked(True)
    assert tab.table.follow.isChecked()
    core.instruments.set_on("timeline", False)
    assert tab.table.follow.isVisible()
