"""The Runs tab: the figures of a row, sorting by true numbers, copying."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QIcon, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QStackedWidget, QStyle, QStyleOptionViewItem

from gui.runs.model import (
    COLUMNS,
    CPU,
    MEMORY,
    P99,
    RUN,
    RUNNER,
    STARTUP,
    TASKS,
    THROUGHPUT,
    WALL,
    WORKERS,
    WORKLOAD,
)
from gui.runs.table import RunsTable
from tests.support.bring_up import bring_up
from tests.support.planned_runs import carry_out, make_run
from workers.engine.task import Phase
from workers.monitors.lag import LagSummary
from workers.monitors.resources import Resources

if TYPE_CHECKING:
    from typing import Any

    from pytestqt.qtbot import QtBot

    from gui.theme.theme import Theme
    from workers.engine.run import Run

FROZEN = LagSummary(12, 1850.0, 4480.0, 4690.0, 4720.0, 4.72, 1, 4.72)
GUI, POOL, DOWNLOADS = "GUI thread", "ThreadPoolExecutor", "Image downloads"
SMOOTH = LagSummary(400, 0.1, 5.2, 14.3, 23.0, 0.0, 0, 0.0)


@pytest.fixture
def table(qtbot: QtBot, theme: Theme) -> RunsTable:
    return bring_up(qtbot, RunsTable(theme), 1280, 300)


def ended(wall_s: float, lag: LagSummary | None, runner: str = "thread_pool", failed: int = 0) -> Run:
    run = make_run(4, runner)
    for index in range(4):
        carry_out(run, index, Phase.FAILED if index < failed else Phase.DONE, amount=3e6)
    run.ended, run.lag = run.started + wall_s, lag
    return run


def column_of(table: RunsTable, column: int, role: Qt.ItemDataRole = Qt.ItemDataRole.DisplayRole) -> list[Any]:
    model = table.view.model()
    return [model.index(row, column).data(role) for row in range(model.rowCount())]


def test_it_says_what_will_appear_until_a_run_has_ended(table: RunsTable) -> None:
    stack = table.findChild(QStackedWidget)
    assert isinstance(stack, QStackedWidget)
    assert stack.currentIndex() == 0
    table.add_run(ended(4.0, FROZEN), GUI, DOWNLOADS, "bytes")
    assert stack.currentIndex() == 1


def test_a_row_gives_the_figures_as_a_person_says_them(table: RunsTable) -> None:
    table.add_run(ended(4.0, FROZEN, "gui_thread"), GUI, DOWNLOADS, "bytes")
    assert table.proxy.text([0]).splitlines()[1].split("\t") == [
        *("1", "GUI thread", "Image downloads", "1", "4", "4.0 s", "3.0 MB/s"),
        *("1.9 s", "4.5 s", "4.7 s", "4.7 s", "4.7 s", "1", "–", "–", "–"),
    ]


def test_what_a_run_cost_stands_behind_and_sorts_by_numbers(table: RunsTable) -> None:
    for cost in (Resources(3.25, 400.0, 0.31), None, Resources(12.0, None, None)):
        run = ended(4.0, SMOOTH)
        run.resources = cost
        table.add_run(run, POOL, DOWNLOADS, "bytes")
    assert column_of(table, CPU) == ["12 s", "–", "3.2 s"]
    assert column_of(table, MEMORY) == ["–", "–", "419 MB"]
    assert column_of(table, STARTUP) == ["–", "–", "310 ms"]
    table.view.sortByColumn(CPU, Qt.SortOrder.AscendingOrder)
    assert column_of(table, CPU) == ["–", "3.2 s", "12 s"]


def test_what_a_runner_had_to_say_is_its_tip(table: RunsTable) -> None:
    run = ended(4.0, SMOOTH)
    run.notes = ["Slots stood inside of slots."]
    table.add_run(run, POOL, DOWNLOADS, "bytes")
    assert column_of(table, RUNNER, Qt.ItemDataRole.ToolTipRole) == [
        "ThreadPoolExecutor. Slots stood inside of slots."
    ]


def test_tasks_that_did_not_end_well_are_told(table: RunsTable) -> None:
    table.add_run(ended(4.0, SMOOTH, failed=1), POOL, DOWNLOADS, "bytes")
    assert column_of(table, TASKS) == ["3 of 4"]
    assert column_of(table, TASKS, Qt.ItemDataRole.ToolTipRole)[0].startswith("3 done, 1 failed. ")


def test_cells_are_short_and_tips_and_copies_are_not(table: RunsTable) -> None:
    table.add_run(ended(4.0, SMOOTH), POOL, DOWNLOADS, "numbers")
    assert (column_of(table, RUNNER), column_of(table, THROUGHPUT)) == ([POOL], ["3.0M/s"])
    assert column_of(table, THROUGHPUT, Qt.ItemDataRole.ToolTipRole)[0].startswith("3.0M numbers/s. ")
    assert "ThreadPoolExecutor" in table.proxy.text([0])


def add_wide_rows(table: RunsTable, runner: str = "ProcessPoolExecutor") -> None:
    for number in range(12):  # so many that it scrolls
        worst = LagSummary(9, 888.0, 888.0, 888.0, 888.0, 88.0, 888, 8.8)
        run = ended(88.0, worst, "process_pool", failed=number % 2)
        run.resources = Resources(88.0, 888.0, 8.8)
        table.add_run(run, runner, "Mandelbrot set (pure Python)", "pixels")


def shown(table: RunsTable) -> list[str]:
    """The titles of the columns in sight, from the left."""
    headings = table.view.horizontalHeader()
    places = [headings.logicalIndex(place) for place in range(len(COLUMNS))]
    return [COLUMNS[at].title for at in places if not table.view.isColumnHidden(at)]


def test_the_same_columns_are_there_after_every_run_and_none_is_cut(table: RunsTable, qtbot: QtBot) -> None:
    at_first = shown(table)
    assert at_first[:4] == ["Run", "Runner", "Workload", "Freezes"]
    table.resize(1194, 220)  # of a window 1280 pixels wide
    add_wide_rows(table)
    bar = table.view.horizontalScrollBar()
    qtbot.waitUntil(lambda: table.view.verticalScrollBar().maximum() > 0 and bar.maximum() == 0)
    metrics = table.view.fontMetrics()
    for at in (RUNNER, WORKLOAD):
        wanted = metrics.horizontalAdvance(table.model.rows[0].shown[at])
        assert table.view.columnWidth(at) > wanted
    table.resize(500, 220)
    assert shown(table) == at_first
    narrow = table.view.columnWidth(WORKERS)
    table.resize(1900, 220)
    qtbot.waitUntil(lambda: table.view.columnWidth(WORKERS) > narrow)


def test_with_larger_texts_names_are_cut_before_the_table_scrolls_sideways(
    table: RunsTable, theme: Theme, qtbot: QtBot
) -> None:
    theme.set_text_scale(1.4)
    try:
        table.resize(1000, 220)  # of a window 1120 pixels wide
        add_wide_rows(table, "processEvents (a mistake)")
        bar = table.view.horizontalScrollBar()
        qtbot.waitUntil(lambda: table.view.verticalScrollBar().maximum() > 0 and bar.maximum() == 0)
        assert table.view.columnWidth(RUNNER) > 100
    finally:
        theme.set_text_scale(1.0)


def test_columns_are_chosen_in_a_menu_and_remembered_with_their_widths(
    table: RunsTable, qtbot: QtBot, theme: Theme
) -> None:
    actions = {action.text(): action for action in table.view.columns_menu.actions()}
    assert not {"Run", "Runner", "Workload", "Freezes"} & set(actions)  # these stay
    actions["Lag p50"].trigger()
    actions["Workers"].trigger()
    assert "Lag p50" in shown(table)
    assert "Workers" not in shown(table)
    table.view.horizontalHeader().resizeSection(WALL, 137)
    table.add_run(ended(4.0, SMOOTH), POOL, DOWNLOADS, "bytes")
    assert table.view.columnWidth(WALL) == 137
    later = RunsTable(theme)
    qtbot.addWidget(later)
    later.resize(900, 300)
    later.view.recall(table.view.kept() + ";Of another version=3")
    assert shown(later) == shown(table)
    assert later.view.columnWidth(WALL) == 137
    actions["As at first"].trigger()
    assert "Workers" in shown(table)
    assert table.view.columnWidth(WALL) != 137


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_selected_row_keeps_the_colours_of_its_figures_and_its_marker(
    table: RunsTable, qapp: QApplication, scheme: str
) -> None:
    table._theme.set_choice(scheme)
    table.add_run(ended(4.0, FROZEN, "gui_thread"), GUI, DOWNLOADS, "bytes")
    view = table.view
    texts = {}
    for at in (RUNNER, P99):
        option = QStyleOptionViewItem()
        view.initViewItemOption(option)
        option.state |= QStyle.StateFlag.State_Selected
        index = view.model().index(0, at)
        view.itemDelegate().initStyleOption(option, index)  # type: ignore[attr-defined]  # it is a styled one
        texts[at] = option.palette.color(QPalette.ColorRole.HighlightedText)
        if at == RUNNER:
            size = option.decorationSize
            selected = option.icon.pixmap(size, QIcon.Mode.Selected).toImage()
            assert selected == option.icon.pixmap(size, QIcon.Mode.Normal).toImage()
    assert texts[P99] == table._theme.lag_color(4690.0)
    assert view.palette().color(QPalette.ColorRole.Highlight) == table._theme.color("selection")


def test_without_a_window_the_lag_is_a_dash(table: RunsTable) -> None:
    table.add_run(ended(4.0, None), POOL, DOWNLOADS, "bytes")
    assert column_of(table, P99) == ["–"]
    assert column_of(table, P99, Qt.ItemDataRole.ForegroundRole) == [None]


def test_the_newest_is_at_the_top_and_a_click_sorts_by_true_numbers(table: RunsTable) -> None:
    for wall_s, lag in ((20.0, FROZEN), (4.0, SMOOTH), (130.0, None), (0.5, SMOOTH)):
        table.add_run(ended(wall_s, lag), POOL, DOWNLOADS, "bytes")
    assert column_of(table, RUN) == ["4", "3", "2", "1"]
    table.view.sortByColumn(WALL, Qt.SortOrder.AscendingOrder)
    assert column_of(table, RUN) == ["4", "2", "1", "3"]
    table.view.sortByColumn(THROUGHPUT, Qt.SortOrder.AscendingOrder)
    assert column_of(table, RUN) == ["3", "1", "2", "4"]
    table.view.sortByColumn(P99, Qt.SortOrder.DescendingOrder)
    assert column_of(table, RUN)[0] == "1"


def test_a_lag_has_the_colour_of_its_band_and_explains_itself(table: RunsTable, qapp: QApplication) -> None:
    table.add_run(ended(4.0, FROZEN), POOL, DOWNLOADS, "bytes")
    table.add_run(ended(4.0, SMOOTH), POOL, DOWNLOADS, "bytes")
    colours = column_of(table, P99, Qt.ItemDataRole.ForegroundRole)
    assert colours == [table._theme.lag_color(14.3), table._theme.lag_color(4690.0)]
    tips = column_of(table, P99, Qt.ItemDataRole.ToolTipRole)
    assert "99 % of the time" in tips[0]
    assert tips[0].endswith("Here: smooth.")
    assert tips[1].endswith("Here: frozen.")


def test_copies_selected_rows_or_all(table: RunsTable) -> None:
    for _ in range(3):
        table.add_run(ended(4.0, SMOOTH), POOL, DOWNLOADS, "bytes")
    table.copy_button.click()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert len(lines) == 4
    assert lines[0].split("\t") == [column.title for column in COLUMNS]
    table.view.selectRow(1)
    table.view.setFocus()
    QTest.keyClick(table.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = QGuiApplication.clipboard().text().splitlines()
    assert [line.split("\t")[0] for line in lines] == ["Run", "2"]


def test_the_model_answers_as_qt_expects(table: RunsTable, qtmodeltester: Any) -> None:
    table.add_run(ended(4.0, SMOOTH), POOL, DOWNLOADS, "bytes")
    qtmodeltester.check(table.model)
    table._theme.set_choice("dark")
    assert not table.grab().isNull()
