"""The Runs tab as a whole: what is selected, pinned, asked for and made into pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QComboBox, QPushButton, QTableView, QWidget

from gui.charts.picture import save_picture
from gui.runs.model import RUN
from gui.runs.page import RunsPage
from tests.support.bring_up import bring_up
from tests.support.planned_runs import make_ended, make_freeze
from workers.catalog.lookup import named

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtGui import QAction
    from pytestqt.qtbot import QtBot

    from gui.controllers.core import Core
    from gui.process.preferences import Preferences
    from gui.theme.theme import Theme
    from workers.engine.run import Run


@pytest.fixture
def tab(qtbot: QtBot, core: Core, theme: Theme, preferences: Preferences) -> RunsPage:
    return bring_up(qtbot, RunsPage(core, theme, preferences), 1194, 620)


def add(tab: RunsPage, run: Run) -> Run:
    tab.finish_run(run)
    return run


def frozen() -> Run:
    run = make_ended("gui_thread", 4.0, ((0.1, 3.9),))
    run.freezes = [make_freeze(run, 0.1, 3.9)]
    return run


def cell(tab: RunsPage, row: int, column: int, role: Qt.ItemDataRole) -> Any:
    return tab.table.view.model().index(row, column).data(role)


def action(widget: QWidget, text: str) -> QAction:
    [found] = [one for one in widget.actions() if one.text() == text]
    return found


def test_the_newest_run_is_selected_and_its_freezes_are_shown(tab: RunsPage) -> None:
    assert tab.selected_run is None
    first = add(tab, frozen())
    assert tab.selected_run is first
    assert len(tab.freezes.cards) == 1
    second = add(tab, make_ended("thread_pool", 2.0))
    assert tab.selected_run is second
    assert tab.freezes._empty.title == "The window never froze in this run"
    QTest.keyClick(tab.table.view, Qt.Key.Key_Down)
    assert tab.selected_run is first
    assert len(tab.freezes.cards) == 1


def test_the_newest_is_selected_however_the_table_is_sorted(tab: RunsPage) -> None:
    tab.table.view.sortByColumn(RUN, Qt.SortOrder.AscendingOrder)
    for _ in range(30):
        newest = add(tab, make_ended())
    assert tab.selected_run is newest
    assert tab.table.view.visualRect(tab.table.view.currentIndex()).isValid()
    assert tab.table.view.rowAt(tab.table.view.viewport().height() - 8) == 29


def test_a_double_click_return_and_the_button_show_the_tasks(tab: RunsPage, qtbot: QtBot) -> None:
    run, shown = add(tab, frozen()), list[object]()
    tab.tasks_requested.connect(shown.append)
    view = tab.table.view
    middle = view.visualRect(view.currentIndex()).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    QTest.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    assert shown == [run]
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Return)
    tab.table.show_button.click()
    assert shown == [run] * 3


def test_save_and_export_ask_for_the_selected_run(tab: RunsPage) -> None:
    asked: list[object] = []
    tab.save_requested.connect(asked.append)
    tab.export_requested.connect(asked.append)
    for text in ("Save…", "Export…"):
        action(tab.table.view, text).trigger()
    assert asked == []  # nothing is selected yet
    run = add(tab, frozen())
    for text in ("Save…", "Export…"):
        action(tab.table.view, text).trigger()
    assert asked == [run, run]
    menu = tab.table.menu_button.menu()
    assert menu is not None
    assert [one.text() for one in menu.actions()] == [one.text() for one in tab.table.view.actions()]


def test_a_card_asks_for_the_run_on_the_advised_runner(tab: RunsPage, qtbot: QtBot) -> None:
    run = add(tab, frozen())
    [card] = tab.freezes.cards
    assert card.again is not None
    with qtbot.waitSignal(tab.choice_requested) as asked:
        card.again.click()
    assert asked.args is not None
    [settings] = asked.args
    assert settings.runner != "gui_thread"
    assert settings == run.settings._replace(runner_entry=named("runners", settings.runner))


def test_keys_pin_two_runs_and_bring_them_to_the_front(tab: RunsPage) -> None:
    for runner in ("gui_thread", "qthread", "thread_pool"):
        add(tab, make_ended(runner))
    view = tab.table.view
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_B)
    assert tab.details.currentWidget() is tab.freezes
    QTest.keyClick(view, Qt.Key.Key_Down)
    QTest.keyClick(view, Qt.Key.Key_A)
    assert [row.number for row in tab.table.pinned if row is not None] == [2, 3]
    assert tab.details.currentWidget() is tab.pair
    assert cell(tab, 1, RUN, Qt.ItemDataRole.AccessibleTextRole) == "2, pinned as A"
    assert cell(tab, 0, RUN, Qt.ItemDataRole.DecorationRole) is not None
    pinned, other = (cell(tab, at, RUN, Qt.ItemDataRole.DecorationRole) for at in (0, 2))
    assert (other.size(), other.toImage() == pinned.toImage()) == (pinned.size(), False), "numbers stay in line"
    assert tab.pair.menus["A"].currentText() == "Run 2, QThread, Picture downloads"
    QTest.keyClick(view, Qt.Key.Key_B)  # a run cannot be both
    assert [row and row.number for row in tab.table.pinned] == [None, 2]
    assert tab.pair._empty.title == "Now pin a run as A"
    action(view, "Unpin both").trigger()
    assert tab.table.pinned == (None, None)
    assert tab.pair.menus["B"].currentText() == "Choose a run"


def test_menus_pin_too_and_the_table_tells_the_differences(tab: RunsPage) -> None:
    add(tab, make_ended("gui_thread", 4.0, ((0.1, 3.9),)))
    add(tab, make_ended("thread_pool", 2.0))
    tab.details.setCurrentWidget(tab.pair)
    for letter, entry in (("A", 2), ("B", 1)):
        tab.pair.menus[letter].setCurrentIndex(entry)
        tab.pair.menus[letter].activated.emit(entry)
    assert [row.number for row in tab.table.pinned if row is not None] == [1, 2]
    table = tab.pair.table
    rows = {}
    for at in range(table.topLevelItemCount()):
        item = table.topLevelItem(at)
        assert item is not None
        rows[item.text(0)] = [item.text(column) for column in (1, 2, 3)]
    assert rows["Runner"] == ["GUI thread", "ThreadPoolExecutor", ""]
    assert rows["Wall time"] == ["4.0 s", "2.0 s ✓", "−50 %"]
    assert rows["Freezes"] == ["1", "0 ✓", "−100 %"]
    assert table.header().length() <= table.viewport().width(), "nothing is to be scrolled to"
    assert tab.pair.warning.text() == ""
    assert not tab.pair.warning.isVisible()
    action(table, "Copy the table").trigger()
    assert "Wall time\t4.0 s\t2.0 s\t−50 %\tB" in QGuiApplication.clipboard().text()


def test_work_that_was_not_the_same_is_warned_of(tab: RunsPage) -> None:
    add(tab, make_ended("gui_thread"))
    add(tab, make_ended("thread_pool", tasks=8))
    tab.table.pin("A", 0)
    tab.table.pin("B", 1)
    assert tab.pair.warning.text() == "⚠ Not the same work: 4 tasks against 8."
    assert tab.pair.warning.isVisible()


def test_a_run_of_a_file_is_marked(tab: RunsPage) -> None:
    run = make_ended("of_another_program", workload="never_heard_of")
    run.file = "kept.thaw"
    run.freezes = [make_freeze(run, 0.5, 1.5)]
    add(tab, run)
    assert cell(tab, 0, RUN, Qt.ItemDataRole.DisplayRole) == "1 (file)"
    assert str(cell(tab, 0, RUN, Qt.ItemDataRole.ToolTipRole)).startswith("Opened from kept.thaw. ")
    assert tab.table.proxy.text([0]).splitlines()[1].startswith("1 (file kept.thaw)\t")
    [card] = tab.freezes.cards
    assert card.again is None or not card.again.isEnabled()


def test_pictures_are_there_once_there_is_something_to_see(tab: RunsPage) -> None:
    assert tab.picture("the runs compared").isNull()
    assert tab.picture("the runners compared").isNull()
    tab.hide()  # nor does somebody have to look at them
    for runner in ("gui_thread", "thread_pool"):
        add(tab, make_ended(runner))
    assert tab.picture("the runs compared").isNull()
    tab.table.pin("A", 0)
    tab.table.pin("B", 1)
    for which in ("the runs compared", "the runners compared"):
        assert tab.picture(which).width() >= 900


def test_a_picture_is_copied_and_saved(tab: RunsPage, tmp_path: Path) -> None:
    for runner in ("gui_thread", "thread_pool"):
        add(tab, make_ended(runner))
    tab.table.pin("A", 0)
    tab.table.pin("B", 1)
    QGuiApplication.clipboard().clear()
    action(tab.pair.overlay, "Copy picture").trigger()
    assert QGuiApplication.clipboard().image().size() == tab.picture("the runs compared").size()
    assert save_picture(tab.picture("the runs compared"), tmp_path / "a.png") == ""
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
    assert "a.png cannot be written: " in save_picture(
        tab.picture("the runs compared"), tmp_path / "no folder" / "a.png"
    )


def test_the_columns_of_before_are_there_again(
    tab: RunsPage, qtbot: QtBot, core: Core, theme: Theme, preferences: Preferences
) -> None:
    [workers] = [one for one in tab.table.view.columns_menu.actions() if one.text() == "Workers"]
    workers.trigger()
    tab.remember()
    later = RunsPage(core, theme, preferences)
    qtbot.addWidget(later)
    assert later.table.view.kept() == tab.table.view.kept()
    assert "Workers" not in later.table.view.kept()


def test_buttons_are_never_cut_off(tab: RunsPage, qtbot: QtBot) -> None:
    add(tab, frozen())
    for scale in (1.0, 1.4, 2.0):
        tab.table._theme.set_text_scale(scale)
        tab.resize(700, 620)
        qtbot.waitUntil(lambda: all(b.width() >= b.sizeHint().width() for b in buttons(tab)))
    assert tab.table.menu_button.isVisible()


def buttons(tab: RunsPage) -> list[QAbstractButton]:
    table = tab.table
    return [one for one in table.findChildren(QPushButton) if one.isVisible()]


def test_everything_has_a_name_and_there_is_one_table_of_runs(tab: RunsPage) -> None:
    add(tab, frozen())
    add(tab, make_ended())
    tab.table.pin("A", 0)
    tab.table.pin("B", 1)
    tab.table.select(0)
    for at in range(tab.details.count()):
        tab.details.setCurrentIndex(at)
        for widget in tab.findChildren(QWidget):
            usable = isinstance(widget, QAbstractButton | QComboBox | QAbstractItemView) or widget.actions()
            if usable and widget.isVisible() and not isinstance(widget.parent(), QComboBox | QAbstractItemView):
                name = widget.accessibleName() or (widget.text() if isinstance(widget, QAbstractButton) else "")
                assert name, widget
    assert tab.findChildren(QTableView) == [tab.table.view]


def test_it_restyles_while_it_is_seen(tab: RunsPage) -> None:
    add(tab, frozen())
    add(tab, make_ended())
    tab.table.pin("A", 0)
    tab.table.pin("B", 1)
    theme = tab.table._theme
    for scheme, low, high in (("dark", 0, 60), ("light", 200, 256)):
        theme.set_choice(scheme)
        for at in range(tab.details.count()):
            tab.details.setCurrentIndex(at)
            page = tab.details.widget(at)
            assert page is not None
            picture = page.grab().toImage()
            assert low <= picture.pixelColor(3, picture.height() - 3).lightness() < high


def test_a_freeze_is_brought_to_the_front_by_its_run_and_its_moment(tab: RunsPage) -> None:
    first, other = add(tab, frozen()), add(tab, make_ended("thread_pool", 2.0))
    wanted, said = list[bool](), list[str]()
    tab.wanted.connect(lambda: wanted.append(True))
    tab.said.connect(said.append)
    tab.details.setCurrentWidget(tab.pair)
    tab.show_freeze(first, first.started + 1.0)
    assert tab.selected_run is first
    assert tab.details.currentWidget() is tab.freezes
    assert [card.is_marked for card in tab.freezes.cards] == [True]
    assert (wanted, said) == ([True], [])
    tab.show_freeze(other, other.started + 1.0)
    assert said == ["Only what lasts for over 250 ms has a card."]
    tab.show_freeze(make_ended("thread_pool", 2.0), 0.0)
    assert said[1:] == ["A freeze gets its card when its run has ended."]


def test_stacks_are_written_beside_the_gui_thread(
    tab: RunsPage, qtbot: QtBot, core: Core, tmp_path: Path
) -> None:
    with qtbot.waitSignal(core.run_files.saved):
        tab.freezes.export_requested.emit(["one\n", "two\n"], tmp_path / "a.folded")
    assert (tmp_path / "a.folded").read_text() == "one\ntwo\n"


def test_before_the_first_run_one_can_be_started_here(tab: RunsPage, qtbot: QtBot) -> None:
    button = tab.table.empty.button
    assert button is not None
    assert button.isVisible()
    tab.set_free(False)
    assert not button.isEnabled(), "one goes on"
    tab.set_free(True)
    with qtbot.waitSignal(tab.live_start_requested) as asked:
        button.click()
    assert asked.args == [None]
    assert tab.pair._empty.button is not None
    for runner in ("gui_thread", "thread_pool"):
        add(tab, make_ended(runner))
    tab.details.setCurrentWidget(tab.pair)
    tab.pair._empty.button.click()
    assert [row.number for row in tab.table.pinned if row is not None] == [1, 2]
