"""The Benchmark tab: its form, what it shows while and after a benchmark, pictures and files; and the whole window."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest
from PySide6.QtCore import QCoreApplication, QObject, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QGuiApplication
from PySide6.QtWidgets import (
    QFileDialog,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from gui.benchmark.findings_view import NOT_YET
from gui.benchmark.page import KINDS, BenchmarkPage
from gui.benchmark.table import COLUMNS, P99, RUNNER, SPEED_UP, WORKERS, row_of
from gui.charts.curves import BenchmarkCurves
from gui.controllers.catalog import Catalog
from gui.process.preferences import Preferences
from gui.theme.theme import Theme
from tests.support.sample_benchmarks import made_benchmark, made_matrix
from tests.support.tab_order import check_order, tab_stops
from tests.support.whole_app import PATIENCE_MS
from workers.benchmark import files
from workers.benchmark.choice import Choice
from workers.benchmark.findings import HEADINGS, findings, remarks, tables
from workers.benchmark.matrix import Cell, make_matrix
from workers.benchmark.results import Benchmark
from workers.engine.plan import BLOCKING

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from gui.controllers.core import Core
    from gui.process.preferences import Preferences
    from gui.tables.tables import Index
    from gui.theme.theme import Theme
    from tests.support.whole_app import Stage
    from workers.benchmark.findings import PlaceRow

SPEEDS = {
    **{("thread_pool", workers): (1.0, 1.02, 0.98) for workers in (1, 2, 4)},
    **{("process_pool", workers): (speed,) * 3 for workers, speed in ((1, 0.95), (2, 1.9), (4, 1.85))},
}
TINY = (
    *("--benchmark", "--runners", "thread_pool", "--workloads", "sleep", "--workers", "1,2", "--repeat", "1"),
    *("--tasks", "2", "--param", "seconds=0.02"),
)


class FakeLeader(QObject):
    """Stands in for the leader: it starts nothing, and tells what the test says."""

    begun = Signal(object)
    progressed = Signal()
    finished = Signal(object)
    refused = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.benchmark: Benchmark | None = None
        self.current: Cell | None = None
        self.is_running = False
        self.time_left_s: float | None = None
        self.started: list[Choice] = []
        self.cancels = 0
        self.owner = ""

    def start(self, choice: Choice, owner: str) -> None:
        self.started.append(choice)
        self.owner = owner

    def cancel(self) -> None:
        self.cancels += 1

    def run(self, benchmark: Benchmark) -> None:
        """As the leader does between two cells."""
        self.is_running, self.benchmark, self.current = True, benchmark, benchmark.matrix.cells[1]
        self.time_left_s = 83.0
        self.begun.emit(benchmark)
        self.progressed.emit()

    def end(self) -> None:
        self.is_running, self.current = False, None
        self.progressed.emit()
        self.finished.emit(self.benchmark)


class Shown:
    """A tab with its leader."""

    def __init__(self, theme: Theme, preferences: Preferences, qtbot: QtBot) -> None:
        self.theme, self.preferences, self.leader = theme, preferences, FakeLeader()
        self.may_start = True
        core = SimpleNamespace(
            leader=self.leader,
            catalog=Catalog(),
            may_start=lambda: self.may_start,
            may_run=lambda workload: True,
        )
        self.tab = BenchmarkPage(cast("Core", core), self.theme, self.preferences)
        qtbot.addWidget(self.tab)
        self.said: list[str] = []
        self.tab.said.connect(self.said.append)
        self.tab.resize(990, 320)
        with qtbot.waitExposed(self.tab):
            self.tab.show()

    @property
    def note(self) -> str:
        return self.tab.form.note.text()

    def check(self, which: str, names: set[str]) -> None:
        """Check these in a list, and no others."""
        box = self.tab.form.runners if which == "runners" else self.tab.form.workloads
        for row in range(box.count()):
            item = box.item(row)
            on = item.data(Qt.ItemDataRole.UserRole) in names
            item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)


@pytest.fixture
def shown(theme: Theme, preferences: Preferences, qtbot: QtBot) -> Shown:
    return Shown(theme, preferences, qtbot)


# ---------------------------------------------------------------- the form


def test_the_form_begins_with_one_of_each_kind(shown: Shown) -> None:
    choice = shown.tab.form.choice()
    assert choice.runners == ("thread_pool", "process_pool", "asyncio_loop", "cooperative")
    assert choice.workloads == ("download", "primes", "hashing")
    assert (choice.workers, choice.repeat) == ((1, 2, 4, 8), 3)
    assert shown.note.startswith("51 combinations, 3 times each, about 3½ min.")
    assert shown.tab.form.button.isEnabled()


def test_the_gui_thread_cannot_be_left_out(shown: Shown) -> None:
    item = shown.tab.form.runners.item(0)
    assert item.data(Qt.ItemDataRole.UserRole) == BLOCKING
    assert item.checkState() is Qt.CheckState.Checked
    assert item.flags() == Qt.ItemFlag.NoItemFlags
    assert "always measured" in item.toolTip()


def test_start_hands_over_what_is_chosen_in_this_room(shown: Shown) -> None:
    shown.check("runners", {"qthread"})
    shown.check("workloads", {"sleep"})
    shown.tab.form.workers.setText("4, 1,4")
    shown.tab.form.repeat.setValue(2)
    shown.tab.form.options.set_values({"seed": 7, "polite": False, "switch_interval_ms": 2.0})
    shown.tab.form.button.click()
    assert shown.leader.started == [Choice(("qthread",), ("sleep",), (1, 4), 2, None, (), 7, False, 2.0)]


def test_the_room_s_settings_are_there_again_after_a_new_start(
    shown: Shown, theme: Theme, preferences: Preferences, qtbot: QtBot
) -> None:
    form = shown.tab.form
    assert not form.options.isVisible()
    form.more.line.click()
    assert form.options.isVisible()
    check_order([stop for stop in tab_stops(shown.tab) if form.isAncestorOf(stop)], shown.tab)
    form.options.polite.setChecked(False)
    shown.tab.remember()
    again = Shown(theme, preferences, qtbot).tab.form
    assert (again.kept, again.options.isVisible()) == (form.kept, True)
    assert not again.choice().polite


def test_what_the_command_line_has_measured_is_shown_in_the_form(shown: Shown, theme: Theme) -> None:
    choice = Choice(("qthread", "asyncio_loop"), ("sleep",), (2, 4), 5, None, (), 7, False, 2.0)
    catalog = Catalog()
    matrix = make_matrix(choice, catalog.runners, catalog.workloads)
    shown.leader.owner = "Your function"
    shown.leader.run(Benchmark(matrix, True))
    assert shown.tab.form.choice() != choice, "what another room measures is not its choice"
    shown.leader.end()
    shown.leader.owner = ""
    shown.leader.run(Benchmark(matrix, True))
    assert shown.tab.form.choice() == choice
    assert shown.tab.form.runners.item(0).checkState() is Qt.CheckState.Checked
    shown.leader.end()
    assert shown.note.startswith("5 combinations, 5 times each")


def test_a_workload_that_is_measured_and_cannot_be_ticked_is_not_chosen_for_the_next(shown: Shown) -> None:
    form = shown.tab.form
    form.show_choice(Choice(("qthread",), ("hash_files", "sleep"), (2,), 3))
    [folder] = [
        item for item in items_of(form.workloads) if item.data(Qt.ItemDataRole.UserRole) == "hash_files"
    ]
    assert folder.checkState() is Qt.CheckState.Checked
    assert form.choice().workloads == ("sleep",)


def items_of(box: QListWidget) -> list[QListWidgetItem]:
    return [box.item(row) for row in range(box.count())]


def test_a_click_made_in_a_freeze_starts_nothing(shown: Shown) -> None:
    shown.may_start = False
    shown.tab.form.button.click()
    assert shown.leader.started == []


@pytest.mark.parametrize("workers", ["", "0", "many", "1, 2.5", "257", "-1", "²"])
def test_numbers_of_workers_that_mean_nothing_are_told(shown: Shown, workers: str) -> None:
    shown.tab.form.workers.setText(workers)
    assert not shown.tab.form.button.isEnabled()
    assert shown.note == "Workers are numbers from 1 to 256 with commas between them: 1, 2, 4."


def test_an_empty_choice_and_one_that_does_not_fit_are_told(shown: Shown) -> None:
    shown.check("runners", set())
    assert (shown.note, shown.tab.form.button.isEnabled()) == (
        "Tick a runner to compare with the GUI thread.",
        False,
    )
    shown.check("runners", {"qt_network"})
    shown.check("workloads", {"sleep"})
    assert shown.note == "None of these runners can do this work. Point at one to read why."
    assert not shown.tab.form.button.isEnabled()
    shown.check("workloads", {"sleep", "download"})
    assert shown.note.startswith("5 combinations")
    shown.check("workloads", set())
    assert shown.note == "Tick a workload."


def test_nothing_starts_while_a_run_goes_on(shown: Shown) -> None:
    shown.tab.form.set_free(False)
    assert not shown.tab.form.button.isEnabled()
    shown.tab.form.set_free(True)
    assert shown.tab.form.button.isEnabled()


# ---------------------------------------------------------------- progress and results


def test_while_it_runs_the_button_cancels_and_the_fields_rest(shown: Shown) -> None:
    benchmark = made_benchmark({})
    shown.leader.run(benchmark)
    form = shown.tab.form
    assert not form.runners.isEnabled()
    assert not form.bar.isHidden()
    assert form.button.text() == "Cancel the benchmark"
    assert shown.note == "4 of 21, about 83 s left: Prime numbers (pure Python) on ThreadPoolExecutor, 1 worker"
    assert form.bar.value() == 3 * 1000 // 21
    form.button.click()
    assert shown.leader.cancels == 1
    shown.leader.end()
    assert form.runners.isEnabled()
    assert form.bar.isHidden(), "an empty one says nothing"
    assert form.button.text() == "Start the benchmark"


def test_a_double_click_on_the_empty_page_starts_it_once_and_cancels_nothing(
    shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    def start(choice: Choice, owner: str) -> None:
        shown.leader.started.append(choice)
        shown.leader.is_running, shown.leader.owner = True, owner
        shown.leader.progressed.emit()  # as it does while it prepares

    monkeypatch.setattr(shown.leader, "start", start)
    button = next(one for one in shown.tab.stack.findChildren(QPushButton) if "Start the" in one.text())
    shown.tab.set_free(False)
    assert not button.isEnabled(), "a run goes on"
    shown.tab.set_free(True)
    button.click()
    button.click()
    assert (len(shown.leader.started), shown.leader.cancels) == (1, 0)


def test_findings_behind_another_tab_are_made_when_they_are_seen(
    shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Benchmark] = []

    def counted(benchmark: Benchmark) -> dict[str, list[PlaceRow]]:
        asked.append(benchmark)
        return tables(benchmark)

    monkeypatch.setattr("gui.benchmark.findings_view.tables", counted)
    shown.tab.pages.setCurrentWidget(shown.tab.table)
    shown.leader.run(made_benchmark(SPEEDS))
    shown.leader.end()
    assert asked == []
    shown.tab.pages.setCurrentWidget(shown.tab.findings)
    assert len(asked) == 1
    assert HEADINGS[0] in shown.tab.findings.toPlainText()


def test_what_was_found_is_told_and_can_be_copied(shown: Shown) -> None:
    benchmark = made_benchmark(SPEEDS)
    shown.leader.run(benchmark)
    shown.leader.end()
    text = shown.tab.findings.toPlainText()
    [rows] = tables(benchmark).values()
    for said in (*HEADINGS, *rows[-1][:3], rows[-1].verdict, *remarks(benchmark)):
        assert said in text
    for width in range(400, 440):
        shown.tab.findings.setFixedWidth(width)
        QCoreApplication.processEvents()
        assert not shown.tab.findings.horizontalScrollBar().isVisible(), width
    shown.tab.copy()
    assert QGuiApplication.clipboard().text() == "\n\n".join(findings(benchmark))


def test_a_new_benchmark_forgets_the_last_one(shown: Shown) -> None:
    shown.leader.run(made_benchmark(SPEEDS))
    shown.leader.end()
    shown.leader.run(Benchmark(made_matrix(), has_window=True))
    assert shown.tab.findings.toPlainText() == NOT_YET
    assert shown.tab.picture("bars").isNull()


def test_the_table_has_all_cells_from_the_beginning(shown: Shown) -> None:
    benchmark = made_benchmark({("process_pool", 2): (1.9,)}, lag=140.0)
    shown.leader.run(benchmark)
    cells = shown.tab.table.cells
    assert cells.rowCount() == len(benchmark.matrix.cells)
    texts = {row.result.cell: row.texts for row in cells.rows}
    assert texts[Cell("process_pool", "primes", 2)][SPEED_UP] == "1.9×"
    assert texts[Cell("process_pool", "primes", 4)][SPEED_UP] == "–"
    at = next(n for n, row in enumerate(cells.rows) if row.result.cell == Cell("process_pool", "primes", 2))
    color = cells.data(cells.index(at, P99), Qt.ItemDataRole.ForegroundRole)
    assert color == shown.theme.lag_color(140.0)


def test_an_own_function_stands_in_the_table_without_its_folders() -> None:
    name = "/home/ann/code/pictures.py:resize"
    matrix = made_matrix(workloads=(name,))._replace(workload_titles={name: "resize (pictures.py)"})
    benchmark = made_benchmark({("process_pool", 2): (1.9,)}, matrix, workload=name)
    assert {row_of(result, benchmark).texts[0] for result in benchmark.results()} == {"pictures.py:resize"}


def test_the_table_sorts_by_the_true_figures(shown: Shown) -> None:
    shown.leader.run(made_benchmark({("thread_pool", 1): (11.0,), ("process_pool", 2): (2.0,)}))
    table = shown.tab.table
    table.sortByColumn(SPEED_UP, Qt.SortOrder.DescendingOrder)
    model = table.model()
    assert [model.index(row, SPEED_UP).data() for row in range(3)] == ["11×", "2.0×", "1.0×"]
    lines = table.proxy.text().splitlines()
    assert lines[0].split("\t") == [column.title for column in COLUMNS]
    assert lines[1].split("\t")[RUNNER] == "ThreadPoolExecutor"
    assert lines[1].split("\t")[WORKERS] == "1"


class CountedDelegate(QStyledItemDelegate):
    """Counts the cells that Qt measures."""

    def __init__(self) -> None:
        super().__init__()
        self.measured = 0

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        self.measured += 1
        return super().sizeHint(option, index)


def test_a_run_that_ended_costs_only_its_own_row(shown: Shown) -> None:
    benchmark = made_benchmark(SPEEDS)
    shown.leader.run(benchmark)
    table, cells = shown.tab.table, shown.tab.table.cells
    delegate = CountedDelegate()
    table.setItemDelegate(delegate)
    told: list[tuple[int, int]] = []
    cells.dataChanged.connect(lambda first, last: told.append((first.row(), last.row())))
    table.show_benchmark(benchmark)
    assert told == []
    changed = Cell("process_pool", "primes", 2)
    benchmark.take_problem(changed, "It broke.")
    table.show_benchmark(benchmark)
    at = benchmark.matrix.cells.index(changed)
    assert told == [(at, at)]
    assert delegate.measured == 0


def test_a_column_of_figures_is_wider_than_its_widest_text(shown: Shown) -> None:
    shown.leader.run(made_benchmark({("process_pool", 2): (1.9,)}))
    table = shown.tab.table
    metrics = QFontMetrics(shown.theme.numbers_font())
    for at in [at for at, column in enumerate(COLUMNS) if column.is_number]:
        widest = max(metrics.horizontalAdvance(row.shown[at]) for row in table.cells.rows)
        assert table.columnWidth(at) > widest, COLUMNS[at].title


def test_a_cell_that_went_wrong_says_why(shown: Shown) -> None:
    benchmark = made_benchmark({})
    benchmark.take_problem(Cell("thread_pool", "primes", 2), "It broke.")
    shown.leader.run(benchmark)
    cells = shown.tab.table.cells
    at = next(n for n, row in enumerate(cells.rows) if row.result.problem)
    assert cells.data(cells.index(at, SPEED_UP)) == "failed"
    assert cells.data(cells.index(at, SPEED_UP), Qt.ItemDataRole.ToolTipRole) == "It broke."


def test_pictures_show_runners_in_their_colours(shown: Shown) -> None:
    assert shown.tab.picture("bars").isNull()
    shown.leader.run(made_benchmark(SPEEDS))
    shown.leader.end()
    for which in ("bars", "curves"):
        picture = shown.tab.picture(which)
        colors = {picture.pixel(x, y) for x in range(picture.width()) for y in range(picture.height())}
        assert {shown.theme.runner_color(name).rgb() for name in ("thread_pool", "process_pool")} <= colors


def test_curves_and_bars_are_told_to_those_who_cannot_see_them(shown: Shown) -> None:
    shown.leader.run(made_benchmark(SPEEDS))
    shown.tab.picture("bars")
    shown.tab.picture("curves")
    assert "ProcessPoolExecutor: 1.9× with 2 workers, 3 runs" in shown.tab.bars.accessibleDescription()
    told = shown.tab.curves.accessibleDescription()
    assert "ProcessPoolExecutor: 0.9× with 1, 1.9× with 2, 1.9× with 4" in told


def test_curves_without_a_window_have_no_graph_of_lag(theme: Theme, qtbot: QtBot) -> None:
    curves = BenchmarkCurves(theme)
    qtbot.addWidget(curves)
    benchmark = made_benchmark(SPEEDS, lag=None)
    curves.show_results(benchmark.results(), benchmark.matrix.runner_titles, 2)
    assert not curves.image().isNull()


def test_the_theme_is_taken_up(shown: Shown) -> None:
    shown.leader.run(made_benchmark(SPEEDS))
    light = shown.tab.picture("curves").pixelColor(1, 1)
    shown.theme.set_choice("light" if shown.theme.scheme == "dark" else "dark")
    assert shown.tab.picture("curves").pixelColor(1, 1) != light
    shown.theme.set_text_scale(1.5)
    assert not shown.tab.picture("bars").isNull()


@pytest.mark.parametrize("suffix", list(KINDS))
def test_results_are_exported(
    shown: Shown, suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert KINDS == {end: title for end, (title, _) in files.KINDS.items()}
    shown.leader.run(made_benchmark(SPEEDS))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *about: (str(tmp_path / "it"), ""))
    shown.tab._export(suffix)
    assert (tmp_path / f"it{suffix}").read_text("utf-8")
    assert shown.said == [f"Saved {tmp_path / f'it{suffix}'}."]
    assert shown.preferences.read("folder") == str(tmp_path)


def test_a_picture_is_saved(shown: Shown, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown.tab._save_picture("bars")
    assert shown.said == ["There is no picture of the bars yet: it comes with the first runs."]
    shown.leader.run(made_benchmark(SPEEDS))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *about: (str(tmp_path / "it.png"), ""))
    shown.tab._save_picture("bars")
    assert (tmp_path / "it.png").read_bytes().startswith(b"\x89PNG")


# ---------------------------------------------------------------- in the whole window


def test_in_the_window_a_benchmark_leaves_no_trace_but_its_own(
    stage: Stage, qtbot: QtBot, capsys: pytest.CaptureFixture[str]
) -> None:
    with stage.app(TINY) as app:
        window = app.window
        qtbot.waitUntil(lambda: app.core.leader.is_running)
        qtbot.waitUntil(lambda: not window.controls.start_button.isEnabled())
        assert window.pages.current is window.pages.benchmark
        window.start()  # as F5 does
        qtbot.waitUntil(lambda: not app.core.leader.is_running, timeout=20_000)
        assert app.core.session.runs == []
        assert window.pages.runs.selected_run is None
        assert len(window.graphs.strips) == 3
        assert window.controls.start_button.isEnabled()
        assert window.pages.benchmark.findings.toPlainText().startswith("Sleep (waits only)")
        printed = capsys.readouterr().out
        assert "thread_pool" in printed
        assert "Sleep (waits only), on " in printed


def test_cancel_in_the_window_cancels_the_benchmark(stage: Stage, qtbot: QtBot) -> None:
    with stage.app((*TINY[:-1], "seconds=0.3")) as app:
        qtbot.waitUntil(
            lambda: app.core.leader.benchmark is not None and app.core.leader.benchmark.done == 1,
            timeout=PATIENCE_MS,
        )
        app.core.cancel()
        qtbot.waitUntil(lambda: not app.core.leader.is_running)
        assert app.core.leader.benchmark is not None
        assert app.core.leader.benchmark.cancelled


def test_the_command_lines_benchmark_leaves_at_its_end(
    stage: Stage, qtbot: QtBot, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report, page, shot = tmp_path / "r.json", tmp_path / "r.html", tmp_path / "w.png"
    said = (
        *TINY,
        "--exit-after-run",
        "--json",
        "--report",
        str(report),
        "--export",
        str(page),
        "--screenshot",
        str(shot),
    )
    with stage.app(said) as app:
        qtbot.waitUntil(lambda: bool(stage.exits), timeout=20_000)
        assert stage.exits == [0]
        assert app.terminal is not None
        assert app.terminal.problem == ""
    assert json.loads(capsys.readouterr().out) == json.loads(report.read_text())
    assert page.is_file()
    assert shot.is_file()
