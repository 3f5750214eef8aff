"""The Tasks tab: what a row says, that only visible rows are looked at, filters, copying."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QFontMetrics, QGuiApplication, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gui.tables.fast_table import PADDING
from gui.tasks.model import COLUMNS, ERROR, PROGRESS, SPEED, STATE, TASK, THREAD, TIME, TaskModel
from gui.tasks.table import FILTERS, MAX_COPIED, REFRESH_S, TaskTable
from tests.support.bring_up import bring_up
from tests.support.planned_runs import TRACEBACK, carry_out, make_run, tell
from workers.engine.task import Phase, TaskEvent
from workers.utils import formatting
from workers.utils.throttle import Throttle

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gui.theme.theme import Theme
    from workers.engine.run import Run


@pytest.fixture
def table(qtbot: QtBot, theme: Theme) -> TaskTable:
    return bring_up(qtbot, TaskTable(theme), 1100, 400)


def choose(table: TaskTable, name: str) -> None:
    table.filter.setCurrentIndex([title for title, _ in FILTERS].index(name))


def tasks_of(table: TaskTable) -> list[int]:
    return list(table.model.rows)


def mixed_run() -> Run:
    run = make_run(6)
    carry_out(run, 0)
    carry_out(run, 1, Phase.FAILED, amount=300.0)
    tell(run, 2, Phase.STARTED, at=1.0)
    carry_out(run, 3, Phase.CANCELLED)
    carry_out(run, 4, Phase.FAILED)
    return run


def test_a_row_says_what_is_known_of_a_task(table: TaskTable) -> None:
    run = mixed_run()
    table.show_run(run, "bytes")
    done, failed, running, _, _, queued = (table.model.cells(row) for row in range(6))
    assert done.texts[TASK] == "picture 0"
    assert done.texts[STATE] == "✓ Done"
    assert (done.texts[PROGRESS], done.texts[SPEED], done.texts[TIME]) == ("1.0 kB", "1.0 kB/s", "1.0 s")
    assert (done.texts[THREAD], done.texts[ERROR]) == ("pool 0", "")
    assert failed.texts[ERROR] == "it said: 503"
    assert running.texts[STATE] == "► Running"
    assert queued.texts == ("picture 5", "○ Queued", "", "", "", "", "")


@pytest.mark.parametrize("unit", ["seconds", "calls", "bytes"])
def test_the_figure_of_a_speed_is_never_cut(table: TaskTable, unit: str) -> None:
    """It stands at the left of its unit, and would go first."""
    table.show_run(mixed_run(), unit)
    metrics = QFontMetrics(table.view._numbers)
    for speed in (0.0888, 8_888, 88e6):
        needed = metrics.horizontalAdvance(formatting.rate(speed, unit))
        assert needed + 2 * PADDING <= table.view.columnWidth(SPEED)


def test_a_bar_claims_no_more_than_is_known(table: TaskTable) -> None:
    run = make_run(4)
    table.show_run(run, "bytes")
    tell(run, 0, Phase.STARTED)
    tell(run, 0, Phase.PROGRESS, 0.1, 500.0)
    assert table.model.cells(0).share is None  # nothing has ended: nothing to measure against
    carry_out(run, 1, amount=2000.0)
    assert table.model.cells(0).share == 0.25
    assert table.model.cells(1).share == 1.0
    tell(run, 0, Phase.PROGRESS, 0.2, 5000.0)
    assert 0.9 < (table.model.cells(0).share or 0.0) < 1.0  # larger than any so far, but not at its end
    assert table.model.cells(3).share == 0.0


def test_the_tooltip_of_an_error_is_the_whole_traceback(table: TaskTable) -> None:
    table.show_run(mixed_run(), "bytes")
    model = table.model
    assert model.data(model.index(1, ERROR), Qt.ItemDataRole.ToolTipRole) == TRACEBACK
    assert model.data(model.index(0, ERROR), Qt.ItemDataRole.ToolTipRole) is None


def test_a_text_that_a_task_returned_is_shown(table: TaskTable) -> None:
    run = make_run(3)
    carry_out(run, 0, detail="ba7816bf")
    carry_out(run, 1, detail=7)
    table.show_run(run, "bytes")
    model = table.model
    assert [model.cells(row).texts[ERROR] for row in range(3)] == ["ba7816bf", "", ""]
    assert model.data(model.index(0, ERROR), Qt.ItemDataRole.ToolTipRole) == "ba7816bf"


def test_the_model_answers_as_qt_expects(table: TaskTable, qtmodeltester: Any) -> None:
    table.show_run(mixed_run(), "bytes")
    qtmodeltester.check(table.model)


def test_only_visible_rows_are_looked_at(
    table: TaskTable, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = set()
    cells = TaskModel.cells

    def look(self: TaskModel, row: int) -> Any:
        seen.add(row)
        return cells(self, row)

    monkeypatch.setattr(TaskModel, "cells", look)
    table.show_run(make_run(100_000), "bytes")
    qtbot.waitUntil(lambda: bool(seen))
    assert max(seen) < 40


def test_selecting_a_hundred_thousand_rows_costs_nothing(table: TaskTable, qtbot: QtBot) -> None:
    table.show_run(make_run(100_000), "bytes")
    began = time.process_time()
    table.view.selectAll()
    table.grab()
    assert time.process_time() - began < 1.0, (
        "the header must not ask of each column whether all of it is selected"
    )


def test_a_change_out_of_sight_tells_the_view_nothing(table: TaskTable, qtbot: QtBot) -> None:
    run = make_run(1000)
    table.show_run(run, "bytes")
    table.follow.setChecked(False)
    table.refresh(at_once=True)
    with qtbot.assertNotEmitted(table.model.dataChanged):
        carry_out(run, 900)
        table.refresh(at_once=True)
    with qtbot.waitSignal(table.model.dataChanged) as told:
        for index in (3, 5, 901):
            carry_out(run, index)
        table.refresh(at_once=True)
    first, last = told.args[:2]
    assert (first.row(), last.row()) == (3, table.view.visible_rows()[1])


def test_it_is_painted_a_few_times_a_second_at_most(table: TaskTable, qtbot: QtBot) -> None:
    run = make_run(10)
    table._refresh_throttle = Throttle(REFRESH_S, lambda: 0.0)
    table.show_run(run, "bytes")
    carry_out(run, 0)
    with qtbot.assertNotEmitted(table.model.dataChanged):
        table.refresh()  # right after the refresh of show_run
    with qtbot.waitSignal(table.model.dataChanged):
        table.refresh(at_once=True)  # and the change was not lost


def test_nothing_happens_while_hidden(table: TaskTable, qtbot: QtBot) -> None:
    run = make_run(10)
    table.show_run(run, "bytes")
    table.hide()
    carry_out(run, 0)
    with qtbot.assertNotEmitted(table.model.dataChanged):
        table.refresh(at_once=True)
    with qtbot.waitSignal(table.model.dataChanged):
        table.show()


def test_filters_by_state(table: TaskTable) -> None:
    table.show_run(mixed_run(), "bytes")
    for name, wanted in (
        ("Failed", [1, 4]),
        ("Running", [2]),
        ("Cancelled", [3]),
        ("Done", [0]),
        ("Queued", [5]),
        ("All tasks", [0, 1, 2, 3, 4, 5]),
    ):
        choose(table, name)
        assert tasks_of(table) == wanted


def test_a_filter_follows_the_run_and_keeps_what_is_selected(table: TaskTable) -> None:
    run = mixed_run()
    table.show_run(run, "bytes")
    choose(table, "Failed")
    table.view.selectRow(0)
    carry_out(run, 2, Phase.FAILED)
    table.refresh(at_once=True)
    assert tasks_of(table) == [1, 2, 4]
    assert table.view.selected_rows() == [(0, 0)]


def test_a_filter_catches_up_though_nothing_more_happens(table: TaskTable, qtbot: QtBot) -> None:
    run = mixed_run()
    table.show_run(run, "bytes")
    choose(table, "Failed")
    carry_out(run, 5, Phase.FAILED)

    def caught_up() -> bool:
        table.refresh()
        return tasks_of(table) == [1, 4, 5]

    qtbot.waitUntil(caught_up)


def test_the_summary_counts_the_states(table: TaskTable) -> None:
    table.show_run(mixed_run(), "bytes")
    assert table.summary.text() == "1 of 6 done  ·  1 running  ·  2 failed  ·  1 cancelled  ·  1 queued"


def test_what_is_paused_does_not_run(table: TaskTable) -> None:
    run = make_run(4)
    for index in range(3):
        tell(run, index, Phase.STARTED, at=0.1)
    for index in range(2):
        tell(run, index, Phase.PAUSED, at=0.2)
    table.show_run(run, "bytes")
    assert table.summary.text() == "0 of 4 done  ·  1 running  ·  2 paused  ·  1 queued"


def test_it_follows_the_running_tasks_until_somebody_scrolls(table: TaskTable, qtbot: QtBot) -> None:
    run = make_run(1000)
    table.show_run(run, "bytes")
    tell(run, 500, Phase.STARTED, at=0.1)
    table.refresh(at_once=True)
    first, last = table.view.visible_rows()
    assert first < 500 <= last
    viewport = table.view.viewport()
    middle = QPointF(viewport.rect().center())
    wheel = QWheelEvent(
        middle,
        QPointF(viewport.mapToGlobal(middle.toPoint())),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(viewport, wheel)
    assert not table.follow.isChecked()


def test_a_whole_row_stands_at_the_top_wherever_it_is_scrolled_to(table: TaskTable) -> None:
    table.show_run(make_run(300), "bytes")
    table.resize(600, 255)
    view, bar = table.view, table.view.verticalScrollBar()
    for value in (0, 7, bar.maximum() - 1, bar.maximum()):
        bar.setValue(value)
        assert view.rowViewportPosition(value) == 0
        assert view.visible_rows()[0] == value
    assert view.rowViewportPosition(299) + view.rowHeight(299) <= view.viewport().height()
    bar.setValue(bar.maximum() - 20)
    assert view.rowViewportPosition(bar.value()) == 0


def test_ctrl_c_copies_the_selected_rows_as_text(table: TaskTable, qtbot: QtBot) -> None:
    table.show_run(mixed_run(), "bytes")
    table.view.setFocus()
    table.view.selectRow(1)
    QTest.keyClick(table.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0] == "\t".join(column.title for column in COLUMNS)
    assert lines[1].split("\t")[STATE] == "✕ Failed"
    assert len(lines) == 2


def test_copying_a_huge_selection_ends_somewhere_and_says_so(table: TaskTable) -> None:
    table.show_run(make_run(50_000), "bytes")
    table.view.selectAll()
    table.copy_rows()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert len(lines) == MAX_COPIED + 2
    assert lines[-1] == "(the first 10,000 of the selected rows)"


@pytest.mark.parametrize(("unit", "amount"), [("numbers", 828_000.0), ("bytes", 888e6), ("pixels", 8_888.0)])
def test_the_columns_fit_their_contents_in_a_narrow_panel(
    table: TaskTable, qtbot: QtBot, unit: str, amount: float
) -> None:
    run = make_run(6)
    table.resize(720, 300)
    for index in range(6):
        carry_out(run, index, amount=amount)
    table.show_run(run, unit)
    view = table.view
    numbers = QFontMetrics(table.view._theme.numbers_font())
    texts = table.model.cells(0).texts
    for column, beside in (
        (TASK, 0),
        (PROGRESS, COLUMNS[PROGRESS].bar + PADDING),
        (SPEED, 0),
        (TIME, 0),
        (THREAD, 0),
    ):
        assert numbers.horizontalAdvance(texts[column]) + beside + 2 * PADDING <= view.columnWidth(column)
    qtbot.waitUntil(lambda: view.horizontalScrollBar().maximum() == 0)
    assert view.columnWidth(ERROR) >= numbers.horizontalAdvance("Error") + 2 * PADDING


def test_a_thread_with_a_long_name_gets_its_room_when_it_comes(table: TaskTable) -> None:
    """And one that is longer still is cut, and told by its tip."""
    run = make_run(3)
    table.show_run(run, "bytes")
    before = table.view.columnWidth(THREAD)
    for index, place in enumerate(("GUI thread, depth 1", f"pool {'x' * 200}")):
        run.recorder.fold(
            [TaskEvent(run.recorder.first + index, Phase.STARTED, run.started + 1, 0.0, place, None)]
        )
        table.refresh(at_once=True)
        wanted = table.fontMetrics().horizontalAdvance(place) + 2 * PADDING
        assert (wanted <= table.view.columnWidth(THREAD)) is (index == 0)
        assert table.model.data(table.model.index(index, THREAD), Qt.ItemDataRole.ToolTipRole) == place
    assert before < table.view.columnWidth(THREAD) < 3 * before


def test_every_state_is_painted_in_light_and_in_dark(table: TaskTable, qapp: QApplication) -> None:
    table.show_run(mixed_run(), "bytes")
    table.view.selectRow(1)
    images = []
    for scheme in ("light", "dark"):
        table.view._theme.set_choice(scheme)
        images.append(table.grab().toImage())
    assert images[0] != images[1]
