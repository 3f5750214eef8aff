"""The room Steps: threads go on by hand, back again, and in an order that fails."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gui.steps.columns import Columns
from gui.steps.page import StepsPage
from workers.catalog import lookup, user_functions
from workers.stepping.orders import order_of
from workers.stepping.play import play
from workers.stepping.played import Place
from workers.utils.words import split_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from gui.controllers.core import Core
    from gui.process.preferences import Preferences
    from gui.theme.theme import Theme
    from workers.catalog.entry import Entry
    from workers.stepping.played import Played

LOST = "TASKS = 2; count = 0\ndef work():\n    global count\n    old = count\n    count = old + 1\n"


@pytest.fixture
def page(core: Core, theme: Theme, preferences: Preferences, qtbot: QtBot) -> Iterator[StepsPage]:
    made = StepsPage(core, theme, preferences)
    qtbot.addWidget(made)

    def allow(entry: Entry, go: Callable[[], object]) -> None:
        go()

    made.code_requested.connect(allow)
    made.resize(900, 500)
    made.show()
    yield made
    made.shut()


def settled(page: StepsPage, qtbot: QtBot) -> StepsPage:
    qtbot.waitUntil(lambda: not page.trial.is_busy, timeout=20_000)
    return page


def opened(page: StepsPage, qtbot: QtBot, path: Path) -> StepsPage:
    path /= "mine.py"
    path.write_text(LOST, encoding="utf-8")
    page.show_entry(user_functions.entry(f"{path}:work"))
    return settled(page, qtbot)


def lines(page: StepsPage) -> list[int]:
    return [column._line for column in page.columns.columns]


def test_each_thread_stands_before_its_first_line(page: StepsPage, qtbot: QtBot, tmp_path: Path) -> None:
    opened(page, qtbot, tmp_path)
    assert lines(page) == [4, 4]
    assert page.controls.place.text() == "Step 2 of 6"
    assert "count = 0" in page.shared.text()
    assert not page.controls.back.isEnabled()


def test_no_line_is_cut_off_at_the_top_where_a_long_file_is_scrolled(
    page: StepsPage, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "mine.py"
    path.write_text(f"{'# before' * 3}\n" * 90 + LOST + "# after\n" * 90, encoding="utf-8")
    page.show_entry(user_functions.entry(f"{path}:work"))
    settled(page, qtbot)
    text = page.columns.columns[0].text
    assert text.verticalScrollBar().value() > 0
    assert text.cursorRect(text.cursorForPosition(QPoint(2, 4))).top() == 0


def test_a_person_chooses_who_goes_on_and_goes_back(page: StepsPage, qtbot: QtBot, tmp_path: Path) -> None:
    opened(page, qtbot, tmp_path)
    for thread in (0, 1, 0):
        page.columns.columns[thread].button.click()
        settled(page, qtbot)
    assert lines(page) == [0, 5]
    assert "<b" in page.shared.text()
    assert "count = 1" in page.shared.text()
    page.columns.columns[1].button.click()
    settled(page, qtbot)
    assert "count = 1" in page.shared.text(), "one of the two is lost"
    page.controls.back.click()
    page.controls.back.click()
    assert lines(page) == [5, 5]
    assert "count = 0" in page.shared.text()


def test_an_order_that_fails_is_found_and_shared(page: StepsPage, qtbot: QtBot, tmp_path: Path) -> None:
    opened(page, qtbot, tmp_path)
    page.controls.seek.click()
    assert page.controls.seek.text() == "Stop"
    settled(page, qtbot)
    assert page.answer.text().startswith(
        "work (mine.py) is not thread-safe: one worker, or processes. count is 1 at the end"
    )
    page.controls.run_on.click()
    assert "count = 1" in page.shared.text()
    page.controls.share.click()
    words = QGuiApplication.clipboard().text()
    assert "--runner stepped" in words
    order = next(word for word in split_words(words) if word.startswith("order="))
    assert order_of(order.removeprefix("order=")) == list(page.trial.played.order)  # type: ignore[union-attr]


@pytest.mark.parametrize("name", ["counter.call", "counter.plus", "containers.append"])
def test_what_takes_too_many_steps_is_opened_with_smaller_numbers(
    page: StepsPage, qtbot: QtBot, name: str
) -> None:
    page.show_entry(lookup.named("workloads", name))
    trial = settled(page, qtbot).trial
    assert len(trial.played.steps) < 2_000  # type: ignore[union-attr]
    ((parameter, value),) = trial.reduced
    assert f"It was tried with {parameter}={value}" in page.answer.text()
    page.controls.share.click()
    assert f"{parameter}={value}" in QGuiApplication.clipboard().text(), "or else it is another order"


def test_a_number_that_was_chosen_stays(page: StepsPage, qtbot: QtBot) -> None:
    page.show_entry(lookup.named("workloads", "counter.call"), {"counts": 200})
    trial = settled(page, qtbot).trial
    assert (trial.reduced, trial.job.arguments["counts"]) == ((), 200)  # type: ignore[union-attr]


def test_labs_are_offered_and_a_wait_is_told(page: StepsPage, qtbot: QtBot) -> None:
    assert page.controls.menu.findData("counter.broken") >= 0
    page.show_entry(lookup.named("workloads", "transfer.crossed"), {"payments": 1})
    settled(page, qtbot)
    page.controls.seek.click()
    settled(page, qtbot)
    page.controls.run_on.click()
    states = [column.state.text() for column in page.columns.columns]
    assert sorted(states) == ["waits for lock a", "waits for lock b"]
    assert not page.controls.forward.isEnabled()


def test_code_that_nobody_allowed_is_not_run(
    core: Core, theme: Theme, preferences: Preferences, qtbot: QtBot, tmp_path: Path
) -> None:
    made = StepsPage(core, theme, preferences)
    qtbot.addWidget(made)
    asked: list[str] = []
    made.code_requested.connect(lambda entry, go: asked.append(entry.name))
    opened(made, qtbot, tmp_path)
    assert asked == [f"{tmp_path / 'mine.py'}:work"]
    assert made.trial.played is None


@pytest.mark.parametrize(
    ("line", "why"),
    [("1 / 0", "ZeroDivisionError: division by zero"), ("raise SystemExit(3)", "SystemExit: 3")],
)
def test_a_file_that_cannot_be_run_is_told(
    page: StepsPage, qtbot: QtBot, tmp_path: Path, line: str, why: str
) -> None:
    path = tmp_path / "mine.py"
    path.write_text(f"{line}\ndef work():\n    pass\n", encoding="utf-8")
    with qtbot.waitSignal(page.said) as said:
        page.show_entry(user_functions.entry(f"{path}:work"))
    assert said.args == [f"It cannot be stepped: {why}"]
    settled(page, qtbot)


def test_nothing_of_the_one_before_stands_under_the_name_of_one_that_cannot_be_run(
    page: StepsPage, qtbot: QtBot, tmp_path: Path
) -> None:
    opened(page, qtbot, tmp_path)
    assert page.columns.isVisible()
    path = tmp_path / "other.py"
    path.write_text("1 / 0\ndef work():\n    pass\n", encoding="utf-8")
    page.show_entry(user_functions.entry(f"{path}:work"))
    settled(page, qtbot)
    assert not page.columns.isVisible()
    assert page.controls.place.text() == ""
    assert not page.controls.share.isEnabled()


def test_an_order_that_takes_long_to_be_played_says_so(
    page: StepsPage, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(page, qtbot, tmp_path)
    go_on = threading.Event()

    def play_slowly(*about: Any, **more: Any) -> Played:
        go_on.wait(20.0)
        return play(*about, **more)

    monkeypatch.setattr("gui.steps.trial.play", play_slowly)
    page.columns.columns[1].button.click()
    qtbot.waitUntil(lambda: page.controls.place.text() == "Playing the order …")
    go_on.set()
    settled(page, qtbot)
    assert page.controls.place.text() == "Step 3 of 6"


# ---------------------------------------------------------------- keys


def test_a_button_and_a_field_keep_the_keys_while_an_order_is_played(
    page: StepsPage, qtbot: QtBot, tmp_path: Path
) -> None:
    opened(page, qtbot, tmp_path)
    second, schedule = page.columns.columns[1].button, page.controls.schedule
    second.setFocus()
    QTest.keyClick(second, Qt.Key.Key_Space)
    assert page.trial.is_busy
    assert second.hasFocus()
    settled(page, qtbot)
    schedule.setFocus()
    for _ in range(3):
        QTest.keyClick(schedule, Qt.Key.Key_Up)
        assert schedule.hasFocus()
    settled(page, qtbot)
    assert page.trial._schedule == schedule.value() == 4, "the last of them counts"


def test_as_many_tasks_as_were_chosen_quickly_are_there_at_last(
    page: StepsPage, qtbot: QtBot, tmp_path: Path
) -> None:
    opened(page, qtbot, tmp_path)
    for _ in range(2):
        QTest.keyClick(page.controls.tasks, Qt.Key.Key_Up)
    settled(page, qtbot)
    assert page.controls.tasks.value() == len(page.columns.columns) == 4


def test_at_the_last_step_the_next_press_of_the_key_begins_nothing_else(
    page: StepsPage, qtbot: QtBot, tmp_path: Path
) -> None:
    opened(page, qtbot, tmp_path)
    page.controls.forward.setFocus()
    for _ in range(len(page.trial.played.steps)):  # type: ignore[union-attr]
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)  # type: ignore[arg-type]
    assert not page.controls.forward.isEnabled()
    assert not page.trial.is_busy
    assert page.columns.columns[0].text.hasFocus()


def test_a_thread_that_cannot_go_on_keeps_the_keys_in_its_column(
    page: StepsPage, qtbot: QtBot, tmp_path: Path
) -> None:
    opened(page, qtbot, tmp_path)
    first = page.columns.columns[0]
    first.button.setFocus()
    for _ in range(4):
        QTest.keyClick(first.button, Qt.Key.Key_Space)
        settled(page, qtbot)
    assert not first.button.isEnabled()
    assert first.text.hasFocus()


def test_a_function_that_starts_threads_itself_is_called_once(
    page: StepsPage, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "mine.py"
    source = (
        f"import threading\n{LOST.replace('work', 'add')}def work():\n    threads = [threading.Thread(target=add)"
        " for _ in range(2)]\n    for one in threads:\n        one.start()\n    for one in threads:\n"
        "        one.join()\n    return count\n"
    )
    path.write_text(source, encoding="utf-8")
    page.show_entry(user_functions.entry(f"{path}:work"))
    settled(page, qtbot)
    assert page.controls.tasks.value() == 1
    assert [column.name.text() for column in page.columns.columns] == ["work 1", "Thread-1", "Thread-2"]
    page.controls.seek.click()
    settled(page, qtbot)
    assert page.answer.text().startswith(
        "work (mine.py) is not thread-safe: one worker, or processes. count is 1 at the end; where the threads"
    )


def test_a_thread_that_has_not_begun_shows_the_function_that_it_will_call(theme: Theme, qtbot: QtBot) -> None:
    columns = Columns(theme)
    qtbot.addWidget(columns)
    source = "# before\n" * 90 + LOST + "# after\n" * 90
    columns.resize(600, 300)
    columns.show()
    columns.show_count(2, source, "work")
    columns.show_places(("one", "two"), (Place(), Place(94, "work")), (0, 1), 1)
    waiting, going = columns.columns
    assert waiting.state.text() == "has not begun"
    assert waiting.begins == 92
    assert waiting.text.verticalScrollBar().value() > 0, "not the first lines of the file"
    assert (waiting.text.extraSelections(), len(going.text.extraSelections())) == ([], 1), (
        "no line of it is next"
    )
