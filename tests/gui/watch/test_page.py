"""The room Watch in the whole program: what is chosen, how it goes, how it ends, and what is kept."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QFileDialog, QPushButton

from gui.watch import leader
from gui.watch.chooser import Choice, Chooser
from gui.watch.freezes import EVERYWHERE, LONGEST, MAX_ROWS
from gui.watch.texts import ENDED, ENDING, FAILED, FROZEN, NEVER, STARTING, WELL, Told
from tests.support.tab_order import tab_stops
from tests.support.watched_programs import AGO_S, CALLS, SLEEPS, SOURCE, MadeWatcher, line_of
from tests.support.whole_app import PATIENCE_MS
from workers.agent.messages import Bye, Dumped, Interrupted, ThreadStack, Uncaught
from workers.watch.program import Program

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from gui.app import App
    from gui.process.preferences import Preferences
    from gui.theme.theme import Theme
    from gui.watch.page import WatchPage
    from tests.support.whole_app import Stage
    from workers.engine.run import Run


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "my_app.py"
    file.write_text(SOURCE, encoding="utf-8")
    return file


@pytest.fixture(autouse=True)
def in_memory(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(leader, "Watcher", MadeWatcher)
    yield
    MadeWatcher.made.clear()


class Watched:
    """The page, and the program that it watches."""

    def __init__(self, app: App, qtbot: QtBot, path: Path) -> None:
        self.app, self._qtbot, self._path = app, qtbot, path
        self.page: WatchPage = app.window.pages.watch
        self.page.wanted.emit()
        self.said: list[str] = []
        self.page.said.connect(self.said.append)

    def begin(self) -> MadeWatcher:
        """Watch the program once more, until it has a loop."""
        count = len(MadeWatcher.made)
        chooser = self.page.chooser
        chooser.program.setText(str(self._path))
        chooser.button.click()
        self._qtbot.waitUntil(
            lambda: len(MadeWatcher.made) > count and self.page._watcher is not None, timeout=PATIENCE_MS
        )
        return MadeWatcher.made[-1]

    def running(self, *freezes: tuple[float, float]) -> MadeWatcher:
        """The same until it ran its loop for 9 seconds, but for some freezes; its last beat is a second ago."""
        watcher = self.begin()
        watcher.greet()
        watcher.begin_loop()
        since = 0.1
        for began, ended in freezes:
            watcher.beat(since, began)
            watcher.freeze(self._path, began, ended)
            since = ended
        watcher.beat(since, 9.0)
        self.page.show_now()
        return watcher

    def end(self, watcher: MadeWatcher, code: int = 0, why: str = "") -> None:
        watcher.end(code, why)
        self._qtbot.waitUntil(lambda: watcher.run in self.app.core.listed, timeout=PATIENCE_MS)


@pytest.fixture
def watched(stage: Stage, qtbot: QtBot, path: Path) -> Iterator[Watched]:
    with stage.app() as app:
        yield Watched(app, qtbot, path)


def rows(page: WatchPage) -> list[list[str]]:
    tree = page.freezes.list
    items = [tree.topLevelItem(number) for number in range(tree.topLevelItemCount())]
    return [[item.text(column) for column in range(4)] for item in items if item is not None]


def button(page: WatchPage, text: str) -> QPushButton:
    (found,) = buttons(page, text)
    return found


def has_button(page: WatchPage, text: str) -> bool:
    return bool(buttons(page, text))


def buttons(page: WatchPage, text: str) -> list[QPushButton]:
    assert page.freezes.card is not None
    return [one for one in page.freezes.card.findChildren(QPushButton) if one.text() == text]


def test_at_first_it_says_what_will_be_here_and_watches_nothing(watched: Watched) -> None:
    page = watched.page
    assert page.empty.isVisible()
    assert not page.chooser.button.isEnabled()
    assert MadeWatcher.made == []


def test_a_window_that_watches_nothing_has_nothing_of_it(stage: Stage) -> None:
    with stage.app() as app:
        assert [page for page in app.window.pages if type(page).__name__ == "WatchPage"] == []


def test_a_file_that_is_chosen_can_be_watched(
    watched: Watched, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *about: (str(path), ""))
    page = watched.page
    assert page.empty.button is not None
    page.empty.button.click()
    assert page.chooser.choice == Choice(str(path))
    assert page.chooser.button.isEnabled()


@pytest.mark.parametrize(
    ("program", "arguments", "why"),
    [
        ("my_app.py", '"half', "The arguments cannot be read (No closing quotation)"),
        ("nowhere.py", "", "There is no file"),
        ("-m ", "", "--watch -m names a package or a module"),
    ],
)
def test_what_cannot_be_watched_is_told_in_a_sentence(
    watched: Watched, qtbot: QtBot, program: str, arguments: str, why: str
) -> None:
    chooser = watched.page.chooser
    chooser.program.setText(f" {program}")
    chooser.arguments.setText(arguments)
    kept = chooser.recent
    chooser.button.click()
    qtbot.waitUntil(lambda: watched.said != [], timeout=PATIENCE_MS)
    assert chooser.recent == kept
    assert watched.said[0].startswith(why)
    assert chooser.note.text() == f"✕ {watched.said[0]}"
    assert not chooser.is_running
    assert watched.page.empty.isVisible()


def test_it_starts_beside_its_file_with_its_arguments(watched: Watched, path: Path) -> None:
    watched.page.chooser.arguments.setText("--its 'two words'")
    program = watched.begin().program
    assert program.command == [sys.executable, str(path), "--its", "two words"]
    assert program.folder == str(path.parent)
    assert watched.page.band.told.state == STARTING
    assert watched.page.chooser.button.text() == "Stop it"


def test_while_it_is_frozen_the_window_is_its_witness(watched: Watched, path: Path) -> None:
    page = watched.page
    watcher = watched.running()
    watcher.sight(path, 9.0, 0.3)
    page.show_now()
    told = page.band.told
    assert (told.state, told.source) == (FROZEN, "time.sleep(seconds)")
    assert told.where == f"my_app.py, line {SLEEPS}, in load"
    assert page.band.interrupt_button.isEnabled()
    page.band.dump_button.click()
    page.band.interrupt_button.click()
    assert watcher.asked == ["dump", "interrupt"]
    assert page.graphs is not None
    times, heights = page.graphs.scene.lag.points(watcher.run.started, watcher.run.started + 1e3)
    assert times[-1] > watcher.run.beats[-1] + 0.5  # the ramp grows, though no beat has come
    assert heights[-1] == max(heights)


def test_what_it_answers_is_shown(watched: Watched, qtbot: QtBot, path: Path) -> None:
    page = watched.page
    watcher = watched.running()
    line = line_of(path, SLEEPS, "load")
    watcher.tell(Dumped(watcher.run.started + 9.5, (ThreadStack(1, "MainThread", (line,)),)))
    qtbot.waitUntil(lambda: page.tabs.currentWidget() is page.stacks, timeout=PATIENCE_MS)
    assert page.stacks.toPlainText().startswith("All threads, 9.5 s after the start\n\nMainThread (0x1)")
    watcher.tell(Interrupted(False, "It is not frozen."), Uncaught(0.0, "ValueError: nothing there"))
    qtbot.waitUntil(lambda: page.stacks.toPlainText() == "ValueError: nothing there", timeout=PATIENCE_MS)
    assert watched.said == ["It is not frozen."]


def test_the_worst_line_is_first_and_has_its_card(watched: Watched, path: Path) -> None:
    page = watched.page
    watcher = watched.running((1.0, 1.51), (2.0, 2.51))
    assert rows(page) == [[f"my_app.py:{SLEEPS} in load", "2", "1.0 s", "500 ms"]]
    watcher.freeze(path, 3.0, 5.01, CALLS)
    page.show_now()
    assert [row[0] for row in rows(page)] == [f"my_app.py:{CALLS} in load", f"my_app.py:{SLEEPS} in load"]
    assert page.freezes.card is not None
    assert "Called by the slot Window.on_click (my_app.py:7)." in page.freezes.card.accessibleName()


def test_what_a_person_looks_at_stays_while_more_comes(watched: Watched, path: Path) -> None:
    page = watched.page
    watcher = watched.running((1.0, 1.51))
    watcher.freeze(path, 3.0, 5.01, CALLS)
    page.show_now()
    page.freezes.show_freeze(watcher.run.started + 1.2)
    button(page, "▸ Flame graph").click()
    chosen = page.freezes.list.currentIndex().row()
    card = page.freezes.card
    watcher.freeze(path, 6.0, 6.51, CALLS)
    page.show_now()
    assert page.freezes.card is card  # another line's: it was not made anew
    watcher.freeze(path, 7.0, 7.51)
    page.show_now()
    assert page.freezes.card is not card
    assert page.freezes.list.currentIndex().row() == chosen
    assert button(page, "▾ Flame graph").isChecked()


def test_of_the_card_of_a_line_what_is_unfolded_stays_and_where_it_was_scrolled_to(
    watched: Watched, qtbot: QtBot, path: Path
) -> None:
    page = watched.page
    watcher = watched.running((1.0, 1.51))
    button(page, "▸ Stack").click()
    button(page, "▸ Flame graph").click()
    bar = page.freezes._scroll.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.value() > 0, timeout=PATIENCE_MS)  # brought into view
    at, card = bar.value(), page.freezes.card
    watcher.freeze(path, 7.0, 7.51)
    page.show_now()
    assert page.freezes.card is not card
    assert button(page, "▾ Stack").isChecked()
    assert button(page, "▾ Flame graph").isChecked()
    qtbot.waitUntil(lambda: bar.value() == at, timeout=PATIENCE_MS)


def test_a_thousand_lines_are_no_more_to_show_than_a_hundred(watched: Watched, path: Path) -> None:
    page = watched.page
    watcher = watched.running((1.0, 1.51))
    (freeze,) = watcher.run.freezes
    line = freeze.line
    assert line is not None
    for number in range(1000):
        other = line._replace(number=line.number + 1 + number)
        watcher.run.freezes.append(freeze._replace(ended=freeze.ended + 1.0, stack=(other,), guilty=0))
    page.show_now()
    tree = page.freezes.list
    first, last = tree.topLevelItem(0), tree.topLevelItem(MAX_ROWS)
    assert tree.topLevelItemCount() == MAX_ROWS + 1
    assert last is not None
    assert last.text(0) == "and 901 more lines, each of which took less"
    watcher.freeze(path, 7.0, 7.51)
    page.show_now()
    assert tree.topLevelItemCount() == MAX_ROWS + 1
    assert tree.topLevelItem(0) is first  # the lines were not made anew


def test_a_run_that_freezes_as_the_one_before_has_a_card_of_its_own(watched: Watched) -> None:
    page = watched.page
    before = watched.running((1.0, 1.51))
    watched.end(before)
    after = watched.begin()
    after.run.freezes += before.run.freezes
    card = page.freezes.card
    page.freezes.show_run(after.run)
    assert page.freezes.card is not card


def test_the_function_of_a_line_can_be_tried_everywhere(watched: Watched, qtbot: QtBot, path: Path) -> None:
    asked: list[tuple[object, str]] = []
    watched.page.edit_requested.disconnect()
    watched.page.edit_requested.connect(lambda *about: asked.append(about))
    watcher = watched.running((1.0, 1.51))
    assert not has_button(watched.page, EVERYWHERE)  # which function that is, is found out in a thread
    qtbot.waitUntil(lambda: has_button(watched.page, EVERYWHERE), timeout=PATIENCE_MS)
    button(watched.page, EVERYWHERE).click()
    assert asked == [(path, "load")]
    watcher.freeze(path, 2.0, 2.51)
    watched.page.show_now()
    button(watched.page, EVERYWHERE).click()  # at once: it is known
    assert len(asked) == 2


def test_its_end_is_told_and_the_run_kept_as_any_other(watched: Watched) -> None:
    page = watched.page
    watcher = watched.running((1.0, 2.01))
    watcher.run.threads.leaks = ["loader"]
    watched.end(watcher)
    assert page.band.told.state == ENDED
    assert not page.band.dump_button.isEnabled()
    assert page.chooser.button.text() == "Watch"
    assert page.leaks.text() == "1 thread was still running when it ended: loader."
    runs = watched.app.window.pages.runs
    assert runs.selected_run is watcher.run
    row = runs.table.selected
    assert row is not None
    assert (row.side.runner, row.side.workload) == ("Its own process", "my_app.py")


def test_two_runs_of_it_are_compared(watched: Watched) -> None:
    page = watched.page
    before = watched.running((1.0, 2.01))
    watched.end(before)
    assert not page.band.compare_button.isVisible()
    after = watched.running()
    watched.end(after)
    assert page.band.told.blame == (
        "Before, the window froze once, 1.0 s in all; now, it never freezes, and is at most 0 ms late."
    )
    page.band.compare_button.click()
    runs = watched.app.window.pages.runs
    assert watched.app.window.pages.current is runs
    assert [row and row.side.run for row in runs.table.pinned] == [before.run, after.run]


def test_a_crash_leaves_its_stacks(watched: Watched) -> None:
    watcher = watched.running()
    watched.end(watcher, 139, "Ended by SIGSEGV.\n\nFatal Python error: Segmentation fault")
    assert watched.page.band.told.state == FAILED
    assert watched.page.stacks.toPlainText().endswith("Fatal Python error: Segmentation fault")


def test_a_program_without_an_event_loop_is_told_as_that(watched: Watched) -> None:
    watcher = watched.begin()
    watcher.greet()
    watched.end(watcher)
    assert watched.page.band.told.state == NEVER


def test_it_is_asked_to_end_and_then_ended(watched: Watched) -> None:
    watcher = watched.running()
    chooser = watched.page.chooser
    chooser.button.click()
    assert chooser.button.text() == "Kill it"
    chooser.button.click()
    assert watcher.asked == ["stop", "kill"]


def test_one_that_is_about_to_start_can_be_asked_to_end_as_well(
    watched: Watched, qtbot: QtBot, path: Path
) -> None:
    chooser = watched.page.chooser
    chooser.program.setText(str(path))
    chooser.button.click()
    chooser.button.click()
    assert chooser.button.text() == "Kill it"
    qtbot.waitUntil(
        lambda: MadeWatcher.made != [] and MadeWatcher.made[0].asked == ["stop"], timeout=PATIENCE_MS
    )
    assert chooser.button.text() == "Kill it"
    chooser.button.click()
    assert MadeWatcher.made[0].asked == ["stop", "kill"]


def test_while_the_next_one_starts_nothing_is_said_of_the_one_before(
    watched: Watched, qtbot: QtBot, path: Path
) -> None:
    page = watched.page
    watched.end(watched.running((1.0, 2.01)))
    page.chooser.arguments.setText("--again")
    page.chooser.button.click()
    page.show_now()
    assert page.band.told == Told(STARTING, "", "my_app.py --again is starting.")
    assert watched.app.window.strip.verdict.text() == ""
    qtbot.waitUntil(lambda: len(MadeWatcher.made) == 2, timeout=PATIENCE_MS)


def test_where_the_next_one_cannot_start_the_one_before_is_shown_again(watched: Watched, qtbot: QtBot) -> None:
    page = watched.page
    watched.end(watched.running((1.0, 2.01)))
    after = watched.running()
    watched.end(after)
    page.chooser.program.setText("nowhere.py")
    page.chooser.button.click()
    qtbot.waitUntil(lambda: page.chooser.note.text().startswith("✕"), timeout=PATIENCE_MS)
    assert page.band.told.state == ENDED
    page.band.compare_button.click()
    assert watched.app.window.pages.current is watched.app.window.pages.runs


def test_what_was_told_while_nobody_looked_is_in_the_graphs(watched: Watched) -> None:
    page = watched.page
    watcher = watched.running()
    watched.app.window.pages.runs.wanted.emit()
    assert not page.isVisible()
    watcher.beat(9.0, 200.0)
    page.show_now()  # as its timer does, now and then
    assert page.graphs is not None
    assert page.graphs.scene.lag.times[-1] > watcher.run.started + 199.0


def test_a_freeze_in_which_it_was_ended_is_in_the_graph(watched: Watched, path: Path, qtbot: QtBot) -> None:
    page = watched.page
    watcher = watched.running()
    watcher.sight(path, 9.0, 0.3)
    start = watcher.run.started
    watcher.linked = False
    watcher._ended(watcher.watched.end(start + 13.0, 143, "Ended by SIGTERM.", cancelled=True))
    qtbot.waitUntil(lambda: watcher.run in watched.app.core.listed, timeout=PATIENCE_MS)
    assert page.graphs is not None
    page.graphs.scene.take_in(start + 14.0)
    times, heights = page.graphs.scene.lag.points(start, start + 14.0)
    assert times[heights.argmax()] == pytest.approx(start + 13.0, abs=0.02)
    assert watcher.run.freezes[-1].lag_s == pytest.approx(4.0, abs=0.1)


def test_who_starves_is_found_out_in_a_thread(
    watched: Watched, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads = []

    def starved(run: Run) -> str:
        threads.append(threading.current_thread())
        return f"It starved, {len(threads)}."

    monkeypatch.setattr("gui.watch.starvation.starved", starved)
    page = watched.page
    watcher = watched.begin()
    watcher.greet()
    watcher.begin_loop()
    watcher.beat(0.1, AGO_S + 600.0)
    qtbot.waitUntil(lambda: page.band.told.where.startswith("It starved"), timeout=PATIENCE_MS)
    assert page.band.told.state == WELL
    watched.end(watcher)
    qtbot.waitUntil(
        lambda: page.band.told.state == ENDED and "It starved" in page.band.told.where, timeout=PATIENCE_MS
    )
    assert threading.main_thread() not in threads


def test_a_program_that_says_goodbye_is_not_frozen_after_that(watched: Watched) -> None:
    watcher = watched.running()  # its last beat was a second ago
    watcher.tell(Bye(watcher.run.started + 9.0))
    watched.page.show_now()
    assert watched.page.band.told.state == ENDING


def test_in_a_small_window_what_is_read_has_most_of_it(watched: Watched, path: Path) -> None:
    page, window = watched.page, watched.app.window
    watcher = watched.running((1.0, 1.51))
    assert page.tabs.count() == 3
    assert not page.band.stop_button.isVisible()
    window.resize(760, 480)
    QCoreApplication.processEvents()
    assert not page.chooser.isVisible()
    assert [page.tabs.tabText(number) for number in range(4)] == ["Lag", "Freezes", "Threads", "Stacks"]
    assert page.tabs.currentWidget() is page.freezes
    card = page.freezes.card
    assert card is not None
    assert card.width() <= page.freezes._scroll.viewport().width()
    assert page.freezes.list.isColumnHidden(LONGEST)
    assert not page.freezes.list.horizontalScrollBar().isVisible()
    page.band.stop_button.click()
    assert page.band.stop_button.text() == "Kill it"
    watched.end(watcher, 143, "Ended by SIGTERM.")
    assert page.chooser.isVisible()
    assert not page.band.stop_button.isVisible()
    window.resize(1280, 720)
    QCoreApplication.processEvents()
    assert page.tabs.count() == 3
    assert page.graphs is not None
    assert page.graphs.isVisible()


def test_its_threads_have_a_lane_each(watched: Watched) -> None:
    page = watched.page
    watcher = watched.running()
    watcher.change(1.0, 1, "MainThread", "sleep")
    watcher.change(2.0, 2, "loader", "gil")
    page.tabs.setCurrentIndex(page.tabs.indexOf(page.freezes) + 1)
    page.threads.refresh(at_once=True)
    assert [lane.title for lane in page.threads.canvas.scene.lanes] == ["MainThread", "loader"]
    assert "Waits for the GIL" in page.threads.legend.accessibleName()


def test_a_freeze_that_is_clicked_in_the_graph_is_chosen(watched: Watched, path: Path) -> None:
    page = watched.page
    watcher = watched.running((1.0, 1.51))
    watcher.freeze(path, 3.0, 5.01, CALLS)
    page.show_now()
    page.tabs.setCurrentWidget(page.stacks)
    assert page.graphs is not None
    page.graphs.freeze_clicked.emit(watcher.run, watcher.run.started + 1.2)
    assert page.tabs.currentWidget() is page.freezes
    assert page.freezes.list.currentIndex().row() == 1


def test_the_command_line_opens_the_room_with_its_program(stage: Stage, qtbot: QtBot, path: Path) -> None:
    with stage.app(("--watch", str(path), "--its", "--json")) as app:
        qtbot.waitUntil(lambda: MadeWatcher.made != [], timeout=PATIENCE_MS)
        page = app.window.pages.watch
        assert app.window.pages.current is page
        assert page.chooser.choice == Choice(str(path), "--its --json")
        assert MadeWatcher.made[-1].program.arguments == ("--its", "--json")
        qtbot.waitUntil(lambda: page._watcher is not None, timeout=PATIENCE_MS)
    assert MadeWatcher.made[-1].asked == ["leave"]  # the program goes on without us


@pytest.mark.parametrize(("code", "left"), [(0, [0]), (3, [3])])
def test_without_a_display_it_leaves_with_the_code_of_the_program(
    stage: Stage, qtbot: QtBot, path: Path, code: int, left: list[int]
) -> None:
    with stage.app(("--offscreen", "--watch", str(path))) as app:
        qtbot.waitUntil(lambda: MadeWatcher.made != [], timeout=PATIENCE_MS)
        watcher = MadeWatcher.made[-1]
        qtbot.waitUntil(lambda: app.window.pages.watch.leader.watcher is watcher, timeout=PATIENCE_MS)
        watcher.greet()
        watcher.end(code, "Ended with exit code 3." if code else "")
        qtbot.waitUntil(lambda: stage.exits != [], timeout=PATIENCE_MS)
        assert stage.exits == left


def test_what_runs_already_is_watched_no_more_and_left_alone(watched: Watched) -> None:
    chooser = watched.page.chooser
    chooser.show_program(Program(pid=4321))
    assert chooser.choice.words() == ["--pid", "4321"]
    chooser.set_running(True)
    assert chooser.button.text() == "Stop watching"


def test_what_was_watched_is_offered_again_without_secrets(theme: Theme, preferences: Preferences) -> None:
    chooser = Chooser(theme, preferences)
    chooser.keep(Choice("/one.py", "--its"))
    chooser.keep(Choice("/two.py", "--url https://me:secret@example.org"))
    chooser.keep(Choice("/one.py", "--its"))
    assert chooser.recent == [Choice("/one.py", "--its"), Choice("/two.py")]
    again = Chooser(theme, preferences)
    assert again.choice == Choice("/one.py", "--its")
    again.recent_menu.aboutToShow.emit()
    again.recent_menu.actions()[1].trigger()
    assert again.choice == Choice("/two.py")


def test_a_path_may_begin_at_home_and_be_called_as_it_likes(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    choice = Choice("~/of mine/a --pid tool.py")
    assert choice.words() == [str(tmp_path / "of mine" / "a --pid tool.py")]
    assert choice.folder == str(tmp_path / "of mine")
    assert not choice.runs_already
    assert Choice("-m package").folder == ""


def test_the_python_of_the_command_line_is_shown(watched: Watched) -> None:
    chooser = watched.page.chooser
    chooser.show_program(Program("one.py", python="/somewhere/bin/python"))
    assert chooser.choice.python == "/somewhere/bin/python"
    chooser.show_program(Program("one.py"))
    assert chooser.choice.python == ""


def test_all_that_takes_the_focus_has_a_name_and_tab_goes_as_one_reads(watched: Watched, qtbot: QtBot) -> None:
    page = watched.page
    watched.running((1.0, 1.51))
    qtbot.waitUntil(lambda: has_button(page, EVERYWHERE), timeout=PATIENCE_MS)
    QCoreApplication.processEvents()
    stops = [one for one in tab_stops(watched.app.window) if page.isAncestorOf(one)]
    names = [QAccessible.queryAccessibleInterface(one).text(QAccessible.Text.Name) for one in stops]
    assert "" not in names
    assert names == [
        *("Choose a program", "Recent programs", "Program", "Arguments"),
        *("Python of the program", "Choose the Python of the program", "Stop it"),
        *("Dump now", "Interrupt it"),
        *("Run 1: my_app.py, Your own program", "Copy picture", "Live graphs of lag and waits for the GIL"),
        *("What the program did", "Lines at which the program stood still", "Card of the chosen line"),
        *("Source around line 13", EVERYWHERE, "Open the line in the editor", "Flame graph", "Stack"),
    ]
