"""The page "Your function": what is chosen and remembered, what is asked before, what is shown, what went wrong."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QLabel, QMessageBox

import gui.your_function.page
from gui.controllers.catalog import Catalog
from gui.forms.form import Form
from gui.widgets.code_block import CodeBlock
from gui.your_function.choice import EXAMPLE
from gui.your_function.error_view import FunctionError, TroubleView, own_steps, source_around
from gui.your_function.measure import CELL_S, in_short
from gui.your_function.page import ANSWER, SOURCE, TROUBLE, OwnPage
from gui.your_function.recent import OwnFiles, remembered_function
from tests.gui.benchmark.test_page import FakeLeader
from tests.support.planned_runs import make_ended
from tests.support.tab_order import check_order, tab_stops
from tests.support.whole_app import PATIENCE_MS
from workers.benchmark.advice import NO_ADVICE, Advice, Point
from workers.benchmark.choice import Choice
from workers.benchmark.matrix import Cell, Matrix, Refused
from workers.benchmark.results import Benchmark
from workers.benchmark.sizes import Size
from workers.benchmark.trial import RUN_S
from workers.catalog import lookup, user_names
from workers.catalog.entry import Entry
from workers.catalog.lookup import named
from workers.engine.plan import BLOCKING, Settings
from workers.user_code.listing import SHORT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from gui.controllers.core import Core
    from gui.process.preferences import Preferences
    from gui.theme.theme import Theme
    from workers.engine.run import Run

SOURCE_TEXT = '''"""Nobody may run this."""
raise SystemExit("this file was run")


def resize(width: int = 3) -> int:
    """Make it smaller."""
    return helper(width)


def helper(width: int = 3) -> int:
    return 1 // width


if __name__ == "__main__":
    def broken(what):
        return what
'''
WHY = "It only downloads."


class FakeDirector(QObject):
    """Stands in for the director: tells of runs that have ended."""

    finished = Signal(object)


def told(trouble: TroubleView) -> str:
    """All that is told of an error, but for the folded traceback."""
    texts = [label.text() for label in trouble.findChildren(QLabel)]
    texts += [block.toPlainText() for block in trouble.findChildren(CodeBlock) if not block.isHidden()]
    return "\n".join(texts)


def points(per_s: float | None = 40.0) -> tuple[Point, ...]:
    return (
        Point(BLOCKING, "GUI thread", "GUI", per_s, 2400.0),
        Point("thread_pool", "ThreadPoolExecutor", "thread pool", per_s, 13.0),
        Point("process_pool", "ProcessPoolExecutor", "process pool", per_s and 2 * per_s, 2.1),
        Point("qt_network", "QNetworkAccessManager", "Qt network", None, None, WHY),
    )


class Shown:
    """The page with a leader, and files of a person's."""

    def __init__(self, theme: Theme, preferences: Preferences, qtbot: QtBot, folder: Path) -> None:
        self.theme, self.leader, self.preferences = theme, FakeLeader(), preferences
        self.director, self.runners = FakeDirector(), lookup.runners()
        self.path = folder / "pictures.py"
        self.path.write_text(SOURCE_TEXT, encoding="utf-8")
        self.may_start = True
        self._qtbot = qtbot
        self.tab = self.another()

    def another(self) -> OwnPage:
        """A page, as after a new start."""
        catalog = Catalog(self.runners)
        core = SimpleNamespace(
            listed=[],
            leader=self.leader,
            director=self.director,
            catalog=catalog,
            may_start=lambda: self.may_start,
        )
        tab = OwnPage(cast("Core", core), self.theme, self.preferences)
        self._qtbot.addWidget(tab)
        self.chosen: list[Entry] = []
        self.withdrawn: list[str] = []
        self.said: list[str] = []
        self.told: list[str] = []
        tab.told.connect(self.told.append)
        tab.workload_chosen.connect(self.chosen.append)
        tab.workload_chosen.connect(catalog.add)
        catalog.removed.connect(self.withdrawn.append)
        tab.said.connect(self.said.append)
        tab.resize(940, 330)
        with self._qtbot.waitExposed(tab):
            tab.show()
        return tab

    @property
    def functions(self) -> list[str]:
        rows = self.tab.picker.functions
        return [rows.item(row).text() for row in range(rows.count())]

    @property
    def name(self) -> str:
        return user_names.name_of(self.path, "resize")

    def benchmark(self) -> Benchmark:
        cells = (
            Cell(BLOCKING, self.name, 1),
            Cell("thread_pool", self.name, 4),
            Cell("process_pool", self.name, 4),
        )
        titles = {name: entry.title for name, entry in self.runners.items()}
        size = {self.name: Size(16, (("width", 3),), 2.5, "calls")}
        refused = (Refused("qt_network", self.name, WHY),)
        choice = Choice(("thread_pool", "process_pool"), (self.name,), (4,), 2)
        work = {self.name: named("workloads", self.name)}
        matrix = Matrix(choice, cells, refused, size, titles, {self.name: "resize"}, {}, workloads=work)
        return Benchmark(matrix, has_window=True)

    def run_everywhere(self) -> None:
        """As the leader does, from the click to the end."""
        self.leader.start = self._start  # type: ignore[method-assign]
        self.tab.picker.button.click()
        self.leader.run(self.benchmark())
        self.leader.end()

    def _start(self, choice: Choice, owner: str = "") -> None:
        self.leader.started.append(choice)
        self.leader.is_running, self.leader.owner = True, owner

    def failed_run(self, text: str) -> Run:
        run = make_ended("qthread")
        run.settings = run.settings._replace(workload_entry=named("workloads", self.name))
        run.recorder.failed = 1
        run.recorder.errors[3] = text
        return run


@pytest.fixture
def shown(
    theme: Theme, preferences: Preferences, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Shown]:
    monkeypatch.setattr(
        gui.your_function.page,
        "advise",
        lambda *about: Advice("Use processes", "1.9 times.", "process_pool", "S", points()),
    )
    monkeypatch.setattr(gui.your_function.page, "program", lambda results, runner: f"# {runner}")
    made = Shown(theme, preferences, qtbot, tmp_path)
    yield made
    made.tab.shut()


def pick(shown: Shown, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *about: (str(path), ""))
    shown.tab.picker.choose_button.click()


def answer(monkeypatch: pytest.MonkeyPatch, yes: bool) -> list[str]:
    """Answers the question; what it said is kept."""
    asked: list[str] = []

    def ask(box: QMessageBox) -> QMessageBox.StandardButton:
        asked.append(f"{box.text()}\n{box.informativeText()}")
        assert box.defaultButton() is box.button(QMessageBox.StandardButton.No)
        return QMessageBox.StandardButton.Yes if yes else QMessageBox.StandardButton.No

    monkeypatch.setattr(QMessageBox, "exec", ask)
    return asked


def refuse_questions(monkeypatch: pytest.MonkeyPatch) -> None:
    def ask(box: QMessageBox) -> QMessageBox.StandardButton:
        raise AssertionError(box.text())

    monkeypatch.setattr(QMessageBox, "exec", ask)


def test_a_function_whose_modules_clash_with_ours_is_told_so_and_runs_in_processes(
    shown: Shown,
) -> None:
    tab, note = shown.tab, shown.tab.picker.clash
    wanted: list[Settings] = []
    tab.choice_requested.connect(wanted.append)
    tab.choice.pick(shown.path)
    tab.choice.choose("resize")
    assert note.isHidden()
    (shown.path.parent / "gui.py").write_text("")
    shown.path.write_text(f"import gui\n{SOURCE_TEXT}")
    tab.choice.file.look()
    assert note.sentence.text() == (
        "resize cannot run on ThreadPoolExecutor, in the process of this program: its module gui would be a part of "
        "Thaw there."
    )
    assert tab.picker.button.isEnabled(), "the processes can be measured"
    tab.picker.settings.workers.setValue(3)
    note.button.click()
    (settings,) = wanted
    assert (settings.runner, settings.workload, settings.workers) == ("process_pool", shown.name, 3)
    assert settings.params == (("width", 3),)


# ---------------------------------------------------------------- choosing


def test_before_a_file_it_says_what_to_do(shown: Shown) -> None:
    picker = shown.tab.picker
    assert not picker.button.isEnabled()
    assert picker.example_button.isVisible()
    assert shown.tab.picture("").isNull()
    shown.tab.start()
    assert shown.leader.started == []


def test_a_file_that_was_picked_lists_its_functions_and_asks_nothing(
    shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse_questions(monkeypatch)
    pick(shown, shown.path, monkeypatch)
    assert shown.functions == ["resize", "helper", "broken"]
    assert shown.tab.editor.text.toPlainText().startswith('"""Nobody may run this."""')
    assert shown.chosen == []
    assert shown.tab.picker.note.text() == "Choose one of the functions above."
    shown.tab.picker.functions.setCurrentRow(0)
    assert [entry.name for entry in shown.chosen] == [shown.name]
    assert shown.tab.picker.button.isEnabled()
    assert "twice each, polite: about " in shown.tab.picker.note.text()
    assert shown.preferences.read("own_folder") == str(shown.path.parent)


def test_another_file_is_shown_from_its_top(shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    pick(shown, shown.path, monkeypatch)
    other = shown.path.with_name("other.py")
    other.write_text(shown.path.read_text(encoding="utf-8") + "\n" * 300, encoding="utf-8")
    shown.tab.editor.text.show_line(20)
    pick(shown, other, monkeypatch)
    assert shown.tab.editor.text.verticalScrollBar().value() == 0


def test_one_that_cannot_be_used_is_greyed_out_with_the_reason(
    shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    pick(shown, shown.path, monkeypatch)
    item = shown.tab.picker.functions.item(2)
    assert item.flags() == Qt.ItemFlag.NoItemFlags
    assert "is written under `if __name__ ==" in item.toolTip()
    assert not shown.tab.picker.wrapper_button.isVisible(), "nobody can import it"
    functions = shown.tab.picker.functions
    heights = [functions.visualItemRect(functions.item(row)).height() for row in range(3)]
    assert heights[0] == heights[1] < heights[2], "there is room for all of the reason"
    shown.tab.choice.choose("broken")
    shown.tab.choice.choose("nobody")
    assert shown.chosen == []


def test_a_function_of_a_long_file_is_chosen_as_soon_as_it_is_known(
    shown: Shown, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    refuse_questions(monkeypatch)
    long = SOURCE_TEXT + "# more\n" * SHORT
    shown.path.write_text(long, encoding="utf-8")
    pick(shown, shown.path, monkeypatch)
    picker, choice = shown.tab.picker, shown.tab.choice
    choice.choose("resize")
    assert (shown.chosen, picker.problem.text()) == ([], "Looking for its functions …")
    assert shown.tab.editor.path == shown.path, "its text is there at once"
    qtbot.waitUntil(lambda: bool(shown.chosen), timeout=PATIENCE_MS)
    assert shown.functions == ["resize", "helper", "broken"]
    assert picker.problem.isHidden()
    row = picker.functions.item(0)
    choice.choose("helper")
    assert choice.found is not None
    assert picker.functions.item(0) is row, "to choose another makes no new rows"
    shown.path.write_text(long.replace("width: int = 3", "width: int = 4"), encoding="utf-8")
    choice.file.look()
    assert choice.file.is_listing
    assert shown.withdrawn == [], "it is there still"
    qtbot.waitUntil(lambda: len(shown.chosen) == 3, timeout=PATIENCE_MS)
    assert shown.chosen[2].fields[0].default == 4
    again = shown.another()
    qtbot.waitUntil(lambda: again.choice.entry is not None, timeout=PATIENCE_MS)
    assert shown.chosen == [], "nobody is told of what is only remembered"
    again.shut()


def test_a_wrapper_is_written_for_what_cannot_be_used_as_it_is(
    shown: Shown, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("THAW_DATA", str(tmp_path / "data"))
    refuse_questions(monkeypatch)
    shown.path.write_text("import click\n\n\n@click.command()\ndef shrink(size):\n    pass\n", encoding="utf-8")
    pick(shown, shown.path, monkeypatch)
    item, picker = shown.tab.picker.functions.item(0), shown.tab.picker
    assert "shrink is a command of click" in item.toolTip()
    assert picker.wrapper_button.isVisible()
    picker.wrapper_button.click()
    made = tmp_path / "data" / "wrappers" / "call_shrink.py"
    assert made.read_text("utf-8") == (
        f"import sys\n\nsys.path.insert(0, {str(tmp_path)!r})\n\n"
        "from pictures import shrink\n\n\ndef call_shrink():\n    return shrink()\n"
    )
    assert shown.tab.editor.path == made
    assert [entry.function for entry in shown.chosen] == ["call_shrink"]
    assert shown.said[-1] == f"Saved {made}: write down there what shrink is called with."
    assert not picker.wrapper_button.isVisible()


def test_a_wrapper_that_cannot_be_written_is_told(
    shown: Shown, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "data").write_text("a file")
    monkeypatch.setenv("THAW_DATA", str(tmp_path / "data"))
    shown.path.write_text("import click\n@click.command()\ndef shrink(size): ...\n", encoding="utf-8")
    pick(shown, shown.path, monkeypatch)
    shown.tab.choice.save_wrapper("shrink")
    assert str(tmp_path / "data") in shown.said[-1]
    assert shown.tab.choice.file.path == shown.path


def test_a_dialog_that_was_cancelled_changes_nothing(shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *about: ("", ""))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *about: ("", ""))
    shown.tab.choice.choose_file()
    shown.tab.choice.save_example()
    assert shown.tab.choice.file.path is None


def test_the_example_is_saved_opened_and_chosen(
    shown: Shown, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse_questions(monkeypatch)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *about: (str(tmp_path / "mine"), ""))
    shown.tab.picker.example_button.click()
    assert (tmp_path / "mine.py").read_text("utf-8") == EXAMPLE.read_text("utf-8")
    assert [entry.name for entry in shown.chosen] == [user_names.name_of(tmp_path / "mine.py", "count_primes")]
    assert shown.functions == ["count_primes", "longest_words"]
    assert shown.said[-1].startswith(f"Saved {tmp_path / 'mine.py'}")


def test_an_example_that_cannot_be_written_is_told(
    shown: Shown, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *about: (str(tmp_path / "no" / "mine.py"), ""))
    shown.tab.choice.save_example()
    assert "mine.py" in shown.said[0]
    assert shown.tab.choice.file.path is None


def test_what_the_button_would_begin_is_told(shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    assert CELL_S == RUN_S
    shown.path.write_text("async def fetch():\n    pass\n\n\ndef work():\n    pass\n", encoding="utf-8")
    pick(shown, shown.path, monkeypatch)
    shown.tab.choice.choose("fetch")
    shown.tab.picker.settings.calls.setValue(3)
    assert shown.tab.picker.note.text() == "1 place, twice each, polite: 3 calls a time."
    shown.tab.choice.choose("work")
    assert shown.tab.picker.note.text().endswith("3 calls a time. The window freezes now and then.")


def test_recent_files_are_offered_those_that_are_gone_greyed_out(
    shown: Shown, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other.py"
    other.write_text("def work():\n    pass\n", encoding="utf-8")
    for path, function in ((other, "work"), (shown.path, "resize")):
        pick(shown, path, monkeypatch)
        shown.tab.choice.choose(function)
    picker, menu = shown.tab.picker, shown.tab.picker.recent_menu
    picker.fill_recent()
    assert [action.text() for action in menu.actions()[:2]] == ["pictures.py  ·  resize", "other.py  ·  work"]
    menu.actions()[1].trigger()
    assert shown.chosen[-1].path == other
    other.unlink()
    picker.fill_recent()
    gone = next(action for action in menu.actions() if action.text().startswith("other.py"))
    assert gone.text() == "other.py: it is no longer there"
    assert not gone.isEnabled()
    shown.tab.choice.forget(other)
    picker.fill_recent()
    assert not any(action.text().startswith("other.py") for action in menu.actions())


# ---------------------------------------------------------------- from one start to the next


def test_the_last_file_is_there_again_and_nothing_of_it_is_run(
    shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    pick(shown, shown.path, monkeypatch)
    shown.tab.choice.choose("resize")
    shown.tab.shut()
    refuse_questions(monkeypatch)
    shown.tab = shown.another()
    assert shown.chosen == []
    assert shown.tab.picker.functions.currentItem().text() == "resize"
    assert shown.tab.picker.button.isEnabled()
    shown.tab.shut()
    shown.path.unlink()
    shown.tab = shown.another()
    assert shown.tab.choice.file.path is None


def test_the_last_run_s_function_is_known_again_where_its_file_may_be_run(shown: Shown) -> None:
    preferences = shown.preferences
    assert remembered_function(preferences) is None
    preferences.write_run(Settings.named("thread_pool", shown.name, 4, 2))
    assert remembered_function(preferences) is None  # nobody said that it may be run
    OwnFiles(preferences).trust_file(shown.path)
    found = remembered_function(preferences)
    assert isinstance(found, Entry)
    assert found.path == shown.path
    preferences.write_run(Settings.named("thread_pool", "primes", 4, 2))
    assert remembered_function(preferences) is None
    preferences.write_run(Settings.named("thread_pool", user_names.name_of(shown.path, "gone"), 4, 2))
    assert remembered_function(preferences) is None
    preferences.write("run", "[]")
    assert remembered_function(preferences) is None


# ---------------------------------------------------------------- code of others


def test_a_dropped_file_is_shown_and_asked_for_before_a_function_is_used(
    shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = answer(monkeypatch, yes=False)
    shown.tab.choice.open(shown.path)
    assert shown.functions == ["resize", "helper", "broken"]
    assert asked == []
    shown.tab.picker.functions.setCurrentRow(0)
    assert len(asked) == 1
    for word in ("resize", "pictures.py", str(shown.path), "with your rights"):
        assert word in asked[0]
    assert shown.chosen == []
    assert shown.tab.picker.functions.currentItem() is None
    assert not shown.tab.picker.button.isEnabled()
    assert not shown.tab.choice.may_run(shown.name)


def test_a_yes_holds_until_the_file_changes(
    shown: Shown, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    asked = answer(monkeypatch, yes=True)
    shown.tab.choice.open(shown.path)
    shown.tab.choice.choose("resize")
    assert [entry.name for entry in shown.chosen] == [shown.name]
    assert shown.tab.choice.may_run(shown.name)
    assert len(asked) == 1
    with qtbot.waitSignal(shown.tab.choice.file.changed):
        shown.path.write_text(SOURCE_TEXT + "\n# worse\n", encoding="utf-8")
    assert shown.withdrawn == [shown.name]
    assert not shown.tab.picker.button.isEnabled()
    refused = answer(monkeypatch, yes=False)
    assert not shown.tab.choice.may_run(shown.name)
    assert len(refused) == 1
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    assert shown.tab.findChildren(QMessageBox) == [], "they would be kept for as long as the window"


def test_a_change_while_the_question_stands_is_no_yes(shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    def change(box: QMessageBox) -> QMessageBox.StandardButton:
        shown.path.write_text("import os\n", encoding="utf-8")
        return QMessageBox.StandardButton.Yes

    monkeypatch.setattr(QMessageBox, "exec", change)
    shown.tab.choice.open(shown.path)
    shown.tab.choice.choose("resize")
    assert shown.chosen == []


def test_a_change_right_before_start_is_asked_for_too(shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    answer(monkeypatch, yes=True)
    shown.tab.choice.open(shown.path)
    shown.tab.choice.choose("resize")
    shown.path.write_text("import os\n", encoding="utf-8")  # and nobody has noticed yet
    asked = answer(monkeypatch, yes=False)
    shown.tab.picker.button.click()
    assert len(asked) == 1
    assert shown.leader.started == []


def test_a_function_of_another_file_is_asked_for_as_well(
    shown: Shown, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pick(shown, shown.path, monkeypatch)
    shown.tab.choice.choose("resize")
    other = tmp_path / "other.py"
    other.write_text("def work():\n    pass\n", encoding="utf-8")
    asked = answer(monkeypatch, yes=False)
    assert not shown.tab.choice.may_run(user_names.name_of(other, "work"))
    assert len(asked) == 1
    assert shown.tab.choice.may_run(shown.name)
    assert shown.tab.choice.may_run("primes")
    assert shown.tab.choice.may_run("nonsense:")


# ---------------------------------------------------------------- the file changes


def test_a_function_that_changed_is_told_anew_and_one_that_is_gone_is_withdrawn(
    shown: Shown, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    pick(shown, shown.path, monkeypatch)
    shown.tab.choice.choose("resize")
    with qtbot.waitSignal(shown.tab.choice.file.changed):
        shown.path.write_text(SOURCE_TEXT.replace("resize(width", "resize(height"), encoding="utf-8")
    assert [field.name for field in shown.chosen[-1].fields] == ["height"]
    assert shown.tab.picker.functions.currentItem().text() == "resize"
    with qtbot.waitSignal(shown.tab.choice.file.changed):
        shown.path.write_text("def resize(:\n", encoding="utf-8")
    assert shown.withdrawn == [shown.name]
    assert shown.tab.picker.problem.text().startswith("✕ Python cannot read pictures.py in line 1")
    assert shown.tab.pages.currentIndex() == SOURCE
    qtbot.waitUntil(lambda: [mark.line for mark in shown.tab.editor.text.marks.values()] == [1])


@pytest.mark.parametrize(("text", "line"), [("def f():\n\n\n", 3), ("\nx = 1\n\ndef f(:\n", 4)])
def test_the_line_that_python_cannot_read_is_marked_among_blank_ones(
    shown: Shown, monkeypatch: pytest.MonkeyPatch, text: str, line: int
) -> None:
    shown.path.write_text(text, encoding="utf-8")
    pick(shown, shown.path, monkeypatch)
    editor = shown.tab.editor
    assert shown.tab.choice.file.problem_line == line
    assert [mark.line for mark in editor.text.marks.values()] == [line]
    assert editor.text.code() == text


# ---------------------------------------------------------------- everywhere


def test_it_is_run_everywhere_with_the_room_s_own_choices(
    shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    pick(shown, shown.path, monkeypatch)
    shown.tab.choice.choose("resize")
    settings = shown.tab.picker.settings
    settings.calls.setValue(40)
    settings.workers.setValue(3)
    settings.more.set_open(True)
    settings.findChildren(Form)[-1].set_values({"width": 5})
    settings.options.set_values({"seed": 7, "polite": False, "switch_interval_ms": 2.0})
    assert "twice each, not polite: " in shown.tab.picker.note.text()
    shown.tab.picker.button.click()
    [choice] = shown.leader.started
    assert choice.workloads == (shown.name,)
    assert (choice.tasks, choice.workers, choice.params) == (40, (3,), (("width", 5),))
    assert (choice.seed, choice.polite, choice.switch_interval_ms) == (7, False, 2.0)
    assert "thread_pool" in choice.runners
    shown.may_start = False
    shown.tab.picker.button.click()
    assert len(shown.leader.started) == 1


def test_each_function_has_parameters_of_its_own_and_keeps_them(
    shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown.path.write_text("def one(a=1, b=2): ...\ndef two(seed, c=3): ...\n", encoding="utf-8")
    pick(shown, shown.path, monkeypatch)
    settings = shown.tab.picker.settings
    settings.more.set_open(True)
    shown.tab.choice.choose("one")
    assert (settings.params(), settings.options.seed.isVisible()) == ((("a", 1), ("b", 2)), False)
    settings.findChildren(Form)[-1].set_values({"b": 9})
    shown.tab.choice.choose("two")
    assert (settings.params(), settings.options.seed.isVisible()) == ((("c", 3),), True)
    shown.tab.choice.choose("one")
    assert settings.params() == (("a", 1), ("b", 9))
    shown.tab.picker.button.click()
    assert shown.leader.started[0].tasks is None


def test_one_function_s_form_is_seen_and_only_it_asks_for_room(
    shown: Shown, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    long = "long_" * 12
    shown.path.write_text(f"def one(a=1): ...\ndef two({long}=2): ...\n", encoding="utf-8")
    pick(shown, shown.path, monkeypatch)
    settings = shown.tab.picker.settings
    settings.more.set_open(True)

    def seen() -> list[str]:
        return [name for form in settings.findChildren(Form) if form.isVisible() for name in form.values()]

    shown.tab.choice.choose("one")
    narrow = settings.minimumSizeHint().width()
    shown.tab.choice.choose("two")
    assert settings.minimumSizeHint().width() > narrow
    for function, name in (("one", "a"), ("two", long), ("one", "a")):
        shown.tab.choice.choose(function)
        assert seen() == [name]
    qtbot.waitUntil(lambda: settings.minimumSizeHint().width() == narrow)
    other = shown.path.with_name("others.py")
    other.write_text("def three(c=1): ...\n", encoding="utf-8")
    pick(shown, other, monkeypatch)
    shown.tab.choice.choose("three")
    assert seen() == ["c"]
    qtbot.waitUntil(lambda: len(settings.findChildren(Form)) == 1)


def test_the_room_s_settings_are_there_again_after_a_new_start(shown: Shown) -> None:
    settings = shown.tab.picker.settings
    settings.workers.setValue(6)
    settings.options.polite.setChecked(False)
    settings.more.set_open(True)
    shown.tab.remember()
    again = shown.another().picker.settings
    assert (
        again.kept
        == settings.kept
        == {"seed": 1, "polite": False, "switch_interval_ms": 5.0, "workers": 6, "more": True}
    )
    shown.preferences.write("own_settings", '{"workers": "many", "seed": true, "polite": 1, "more": 1}')
    assert shown.another().picker.settings.kept == {
        "seed": 1,
        "polite": True,
        "switch_interval_ms": 0.5,
        "workers": 4,
        "more": False,
    }


def test_a_parameter_that_needs_a_value_is_told_before_anything_runs(
    shown: Shown, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    shown.path.write_text("def resize(width: int):\n    pass\n", encoding="utf-8")
    pick(shown, shown.path, monkeypatch)
    shown.tab.choice.choose("resize")
    picker = shown.tab.picker
    assert picker.note.text() == "resize needs a value for its parameter width."
    assert not picker.button.isEnabled()
    shown.tab.start()
    assert shown.leader.started == []
    [form] = picker.settings.findChildren(Form)
    assert form.isVisible()
    picker.settings.more.set_open(True)
    shown.tab.resize(940, 900)  # nothing is scrolled out of sight
    qtbot.waitUntil(lambda: picker.settings.height() == picker.settings.sizeHint().height())  # it is laid out
    check_order([stop for stop in tab_stops(shown.tab) if picker.isAncestorOf(stop)], shown.tab)
    form.set_values({"width": 4})
    assert picker.button.isEnabled()
    picker.button.click()
    assert shown.leader.started[0].params == (("width", 4),)


def test_progress_is_told_and_the_button_cancels(shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    pick(shown, shown.path, monkeypatch)
    shown.tab.choice.choose("resize")
    shown.leader.start = shown._start  # type: ignore[method-assign]
    picker = shown.tab.picker
    picker.button.click()
    shown.leader.progressed.emit()
    assert picker.note.text().startswith("Preparing")
    assert shown.tab.measure.is_running
    shown.leader.run(shown.benchmark())
    assert picker.note.text() == "1 of 6, about 83 s left: ThreadPoolExecutor"
    assert not picker.functions.isEnabled()
    assert picker.bar.isVisible()
    assert shown.tab.answer.headline.text().startswith("Measuring")
    picker.button.click()
    assert shown.leader.cancels == 1
    shown.leader.end()
    assert picker.functions.isEnabled()
    assert picker.button.text() == "Run it everywhere"


def test_the_answer_has_chart_words_snippet_and_reasons(shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    pick(shown, shown.path, monkeypatch)
    shown.tab.choice.choose("resize")
    shown.run_everywhere()
    view = shown.tab.answer
    assert shown.tab.pages.currentIndex() == ANSWER
    assert view.headline.text() == "Use processes"
    assert view.advice.text() == "1.9 times."
    assert view.snippet.source == "# process_pool"
    benchmark = shown.leader.benchmark
    assert benchmark is not None
    assert shown.told[-1] == "resize (pictures.py): Use processes: 1.9 times."
    assert in_short("It takes 1.5 s. " + "Long words. " * 40).endswith("Long words.")
    assert len(in_short("It takes 1.5 s. " + "Long words. " * 40)) < 250
    assert view.refused.text() == f"QNetworkAccessManager: {WHY}"
    rows = [view.places.topLevelItem(at) for at in range(view.places.topLevelItemCount())]
    assert [[row.text(column) for column in range(3)] for row in rows if row is not None] == [
        ["ProcessPoolExecutor", "80", "2.1 ms"],
        ["GUI thread", "40", "2.4 s"],
        ["ThreadPoolExecutor", "40", "13 ms"],
    ]
    assert view.places.chosen == "process_pool"
    assert not shown.tab.picture("").isNull()
    view.snippet.copy_button.click()
    assert QGuiApplication.clipboard().text() == "# process_pool\n"
    assert shown.said == [
        "Copied the snippet for ProcessPoolExecutor: save it beside pictures.py, and it runs."
    ]


def test_an_answer_to_older_code_says_so(shown: Shown, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> None:
    pick(shown, shown.path, monkeypatch)
    shown.tab.choice.choose("resize")
    shown.run_everywhere()
    assert shown.tab.answer.stale.isHidden()
    with qtbot.waitSignal(shown.tab.choice.changed):
        shown.path.write_text(SOURCE_TEXT + "\n# faster\n", encoding="utf-8")
    assert not shown.tab.answer.stale.isHidden()
    assert shown.tab.pages.isTabVisible(ANSWER)
    shown.run_everywhere()
    assert shown.tab.answer.stale.isHidden()


def test_what_is_chosen_in_one_of_them_is_chosen_in_all(shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    pick(shown, shown.path, monkeypatch)
    shown.tab.choice.choose("resize")
    shown.run_everywhere()
    view = shown.tab.answer
    view.chart.picked.emit("thread_pool")
    assert (view.snippet.runner, view.places.chosen) == ("thread_pool", "thread_pool")
    assert view.snippet.source == "# thread_pool"
    assert view.snippet.text.toPlainText() == view.snippet.source
    gui_row = view.places.topLevelItem(1)
    assert gui_row is not None
    view.places.setCurrentItem(gui_row)
    assert (view.snippet.runner, view.chart._chosen) == (BLOCKING, BLOCKING)
    view.snippet.menu.choose("process_pool")
    view.snippet.menu.activated.emit(view.snippet.menu.currentIndex())
    assert (view.places.chosen, view.chart._chosen) == ("process_pool", "process_pool")


def test_another_benchmark_is_none_of_this_page_s(shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    pick(shown, shown.path, monkeypatch)
    shown.tab.choice.choose("resize")
    shown.leader.run(shown.benchmark())
    assert not shown.tab.measure.is_running
    shown.leader.end()
    shown.leader.refused.emit("No.")
    assert shown.tab.pages.currentIndex() == SOURCE
    assert shown.said == []


def test_a_refusal_is_told(shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    pick(shown, shown.path, monkeypatch)
    shown.tab.choice.choose("resize")
    shown.leader.start = shown._start  # type: ignore[method-assign]
    shown.tab.picker.button.click()
    shown.leader.is_running = False
    shown.leader.refused.emit("resize needs a value for its parameter width: fill it in.")
    assert shown.said == ["resize needs a value for its parameter width: fill it in."]
    assert "needs a value" in told(shown.tab.trouble)
    assert shown.tab.pages.currentIndex() == TROUBLE


def test_the_theme_and_the_size_of_texts_are_taken_up(shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    pick(shown, shown.path, monkeypatch)
    shown.tab.choice.choose("resize")
    shown.run_everywhere()
    shown.theme.changed.emit()
    assert shown.tab.trouble.widget() is None, "there was no error"
    shown.tab._show_trouble(FunctionError("on QThread", "ValueError: no"))
    editor = shown.tab.editor
    light = editor.grab().toImage()
    shown.tab.pages.setCurrentIndex(SOURCE)
    shown.theme.set_choice("light" if shown.theme.scheme == "dark" else "dark")
    shown.theme.set_text_scale(1.5)
    assert editor.grab().toImage() != light
    assert editor.text.font().pointSizeF() == shown.theme.numbers_font().pointSizeF()
    assert shown.tab.answer.headline.font().bold()
    shown.theme.set_text_scale(1.0)


# ---------------------------------------------------------------- errors


def trace(shown: Shown) -> str:
    return (
        "Traceback (most recent call last):\n"
        f'  File "{shown.path}", line 7, in resize\n    return helper(width)\n'
        f'  File "{shown.path}", line 11, in helper\n    return 1 // width\n'
        '  File "/usr/lib/python3/other.py", line 3, in inside\n    x\n'
        "ZeroDivisionError: integer division or modulo by zero\n"
    )


def test_an_error_is_shown_with_the_person_s_own_lines(shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    pick(shown, shown.path, monkeypatch)
    shown.tab.choice.choose("resize")
    shown.director.finished.emit(shown.failed_run(trace(shown)))
    assert shown.tab.pages.currentIndex() == TROUBLE
    text = told(shown.tab.trouble)
    assert "✕ ZeroDivisionError: integer division or modulo by zero" in text
    assert f"pictures.py, line 11, in helper, on {shown.runners['qthread'].title}" in text
    assert ">  7      return helper(width)" in text
    assert "> 11      return 1 // width" in text
    assert shown.tab.trouble.unfold.isVisible()
    shown.tab.trouble.unfold.click()
    good = make_ended("qthread")
    good.settings = good.settings._replace(workload_entry=named("workloads", shown.name))
    shown.director.finished.emit(good)
    assert not shown.tab.pages.isTabVisible(TROUBLE)


def test_a_run_of_other_work_is_none_of_its_business(shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    shown.director.finished.emit(shown.failed_run("ValueError: no"))  # no file is open
    pick(shown, shown.path, monkeypatch)
    shown.tab.choice.choose("helper")
    shown.director.finished.emit(shown.failed_run("ValueError: no"))
    assert not shown.tab.pages.isTabVisible(TROUBLE)


def test_where_it_fails_everywhere_the_first_error_is_the_answer(
    shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    none = Advice(NO_ADVICE, "It failed everywhere.", "", "", points(None))
    monkeypatch.setattr(gui.your_function.page, "advise", lambda *about: none)
    pick(shown, shown.path, monkeypatch)
    shown.tab.choice.choose("resize")
    shown.leader.start = shown._start  # type: ignore[method-assign]
    shown.tab.picker.button.click()
    shown.leader.run(shown.benchmark())
    shown.director.finished.emit(shown.failed_run(trace(shown)))
    shown.director.finished.emit(shown.failed_run("ValueError: a later one"))
    shown.leader.end()
    assert shown.tab.pages.currentIndex() == TROUBLE
    assert "ZeroDivisionError" in told(shown.tab.trouble)
    assert shown.tab.answer.headline.text() == "No clear recommendation"


def test_own_lines_are_those_of_the_file_and_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    text = "\n".join(f'  File "{where}", line 3, in f' for where in (path, tmp_path / "b.py", "/usr/lib/x.py"))
    inside = tmp_path / "site-packages" / "c.py"
    steps = own_steps(f'{text}\n  File "{inside}", line 1\n', path)
    assert [(step.path.name, step.line, step.function) for step in steps] == [
        ("a.py", 3, "f"),
        ("b.py", 3, "f"),
    ]
    assert source_around(steps[0]) == ("", -1)
    path.write_text("one\ntwo\nthree\n", encoding="utf-8")
    assert source_around(steps[0]) == ("  1  one\n  2  two\n> 3  three", 2)
    assert source_around(steps[0]._replace(line=9))[1] == -1


def test_the_last_run_s_function_of_a_long_file_is_found_by_a_process_of_its_own(shown: Shown) -> None:
    preferences = shown.preferences
    OwnFiles(preferences).trust_file(shown.path)
    preferences.write_run(Settings.named("thread_pool", shown.name, 4, 2))
    shown.path.write_text(f"{shown.path.read_text(encoding='utf-8')}\n{'# long' * SHORT}\n", encoding="utf-8")
    find = remembered_function(preferences)
    assert callable(find)
    found = find()
    assert found is not None
    assert found.name == shown.name
