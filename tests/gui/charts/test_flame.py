"""The flame graph: where its boxes lie, what they say, and what the mouse and the keys do."""

from __future__ import annotations

import math
import sysconfig
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QScrollArea, QToolTip

from gui.charts.flame import FlameChart
from gui.charts.flame_boxes import FINEST, KINDS, fitted, lay_out
from gui.charts.flame_boxes import GUILTY as GUILTY_COLOR
from gui.charts.flame_view import FlameView
from tests.support.bring_up import bring_up
from tests.support.chart_items import texts_of
from workers.monitors.call_tree import CallTree
from workers.monitors.freeze import Line, Stack
from workers.monitors.guilt import ROOT
from workers.reports.palette import contrast

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gui.charts.flame_boxes import Box, Flames
    from gui.theme.theme import Theme
    from workers.monitors.call_tree import Calls, Frame

MINE = "/home/anna/code/mine.py"
RUN, MAIN = (str(ROOT / "gui" / "app.py"), 20, "run"), (MINE, 3, "main")
RECEIVE = (str(Path(sysconfig.get_paths()["stdlib"]) / "socket.py"), 700, "recv")
FROZEN = ("<frozen importlib._bootstrap>", 1, "find")
SAMPLES: list[tuple[Calls, float]] = [
    ((RUN, MAIN, (MINE, 8, "walk")), 2.0),
    ((RUN, MAIN, (MINE, 9, "walk")), 3.0),
    ((RUN, MAIN, (MINE, 12, "<lambda>")), 1.0),
    ((RUN, MAIN, RECEIVE), 2.0),
    ((RUN, FROZEN), 2.0),
]
GUILTY = Line(MINE, 8, "walk", "")


@pytest.fixture
def chart(theme: Theme, qtbot: QtBot) -> FlameChart:
    return bring_up(qtbot, FlameChart(theme), 640, 300)


@pytest.fixture
def shown(chart: FlameChart) -> FlameChart:
    chart.show_tree(CallTree(SAMPLES), GUILTY)
    return chart


def flames_of(chart: FlameChart) -> Flames:
    flames = chart.boxes()
    assert flames is not None
    return flames


def box(chart: FlameChart, function: str) -> Box:
    [found] = [box for row in flames_of(chart).rows for box in row if box.frame.function == function]
    return found


def place(chart: FlameChart, function: str) -> QPoint:
    """The middle of a frame's box, in pixels of the chart."""
    flames = flames_of(chart)
    return (flames.pos() + flames.rect(box(chart, function)).center()).toPoint()


def click(chart: FlameChart, function: str, button: Qt.MouseButton = Qt.MouseButton.LeftButton) -> None:
    QTest.mouseClick(chart.viewport(), button, pos=place(chart, function))


def labels(chart: FlameChart) -> list[str]:
    flames = flames_of(chart)
    return [flames.label(box) for row in flames.rows for box in row]


def frame(chart: FlameChart, function: str) -> Frame:
    assert chart.tree is not None
    return next(frame for frame in chart.tree.frames if frame.function == function)


# ---------------------------------------------------------------- where boxes lie


def test_a_box_is_as_wide_as_its_frame_took_long_and_lies_below_its_caller() -> None:
    rows = lay_out(CallTree(SAMPLES).root, 500.0)
    assert [[(box.frame.function, box.left, box.width) for box in row] for row in rows] == [
        [("", 0.0, 500.0)],
        [("run", 0.0, 500.0)],
        [("main", 0.0, 400.0), ("find", 400.0, 100.0)],
        [("walk", 0.0, 250.0), ("recv", 250.0, 100.0), ("<lambda>", 350.0, 50.0)],
    ]


def test_what_has_no_pixel_of_its_own_is_left_out_with_all_below_it() -> None:
    tree = CallTree([((RUN,), 1.0), ((MAIN, *[RECEIVE] * 50), 0.0004)])
    assert [len(row) for row in lay_out(tree.root, 500.0)] == [1, 1]
    assert [len(row) for row in lay_out(tree.root, 10_000.0)] == [1, 1]


@pytest.mark.parametrize("width", [300.0, FINEST, 10_000.0])
def test_what_is_laid_out_once_is_fitted_to_every_width(width: float) -> None:
    tree = CallTree([*SAMPLES, ((RUN, (MINE, 20, "brief"), (MINE, 21, "briefer")), 0.025)])
    rows, wanted = fitted(lay_out(tree.root, FINEST), width), lay_out(tree.root, width)
    assert sum(box.frame.function.startswith("brief") for row in rows for box in row) == 2 * (width > 300.0)
    assert [[box.frame for box in row] for row in rows] == [[box.frame for box in row] for row in wanted]
    for row, other in zip(rows, wanted, strict=True):
        assert [place for box in row for place in box[1:]] == pytest.approx(
            [p for box in other for p in box[1:]]
        )


def test_a_click_lays_out_once(shown: FlameChart, monkeypatch: pytest.MonkeyPatch) -> None:
    tops = list[object]()

    def counted(top: Frame, width: float) -> list[list[Box]]:
        tops.append(top)
        return lay_out(top, width)

    for module in ("flame", "flame_boxes"):
        monkeypatch.setattr(f"gui.charts.{module}.lay_out", counted)
    shown.zoom(frame(shown, "main"))
    shown.grab()
    assert tops == [frame(shown, "main")]


def test_below_the_frame_that_was_clicked_all_is_wider_and_its_callers_stay(shown: FlameChart) -> None:
    before = box(shown, "walk").width
    click(shown, "main")
    assert [row[0].frame.function for row in flames_of(shown).rows] == ["", "run", "main", "walk"]
    assert box(shown, "main").width == box(shown, "run").width
    assert box(shown, "walk").width == pytest.approx(before / 0.8)
    assert not any(box.frame.function == "find" for row in flames_of(shown).rows for box in row)
    assert shown.chosen is frame(shown, "main")


@pytest.mark.parametrize("way", ["double click", "Escape", "slot"])
def test_there_are_ways_back_to_all_samples(shown: FlameChart, way: str) -> None:
    click(shown, "main")
    assert shown.tree is not None
    if way == "double click":
        QTest.mouseDClick(shown.viewport(), Qt.MouseButton.LeftButton, pos=place(shown, "walk"))
    elif way == "Escape":
        QTest.keyClick(shown, Qt.Key.Key_Escape)
    else:
        shown.show_whole()
    assert shown.top is shown.tree.root
    assert box(shown, "find").width > 0


def test_it_is_as_high_as_its_rows_and_its_legend(shown: FlameChart) -> None:
    assert 5 * shown.row_height <= shown.minimumHeight() <= 6 * shown.row_height
    before = shown.minimumHeight()
    shown.theme.set_text_scale(2.0)
    assert shown.minimumHeight() > 1.4 * before


# ---------------------------------------------------------------- what is told


def test_labels_name_the_function_and_its_part_and_are_elided_where_there_is_little_room(
    shown: FlameChart,
) -> None:
    assert {"All samples  100 %", "main  80 %", "> walk  50 %", "find  20 %"} <= set(labels(shown))
    shown.setMinimumWidth(1)
    shown.resize(400, 300)
    assert any(label.startswith("<") and label.endswith("…") for label in labels(shown))


def test_the_guilty_frame_is_marked_and_chosen_at_first(shown: FlameChart) -> None:
    guilty = frame(shown, "walk")
    assert shown.chosen is guilty
    assert flames_of(shown).colors(guilty)[0] == shown.theme.color("bad")
    assert shown.line_of(guilty) == 8  # though line 9 took longer
    assert {"The guilty line", "The work", "Thaw", "Libraries"} <= texts_of(shown)
    shown.show_tree(CallTree(SAMPLES))
    shown.make(shown.size())
    assert shown.chosen is None
    assert shown.line_of(frame(shown, "walk")) == 9
    assert "The guilty line" not in texts_of(shown)


def test_the_legend_names_only_what_is_seen(chart: FlameChart) -> None:
    chart.show_tree(CallTree([((MAIN,), 1.0)]))
    chart.make(chart.size())
    assert texts_of(chart) == {"The work"}


def test_it_is_told_to_those_who_cannot_see_it(shown: FlameChart) -> None:
    assert shown.accessibleName() == FlameChart.NAME
    assert shown.accessibleDescription() == "walk, 5.0 s (50 %), mine.py:8, all of it in its own code"
    shown.show_tree(CallTree(SAMPLES))
    told = shown.accessibleDescription()
    assert told.startswith("walk, 5.0 s (50 %), mine.py:9, all of it in its own code. ")
    assert "recv, 2.0 s (20 %), socket.py:700" in told
    assert "anna" not in told


def test_a_function_that_calls_others_tells_what_its_own_code_took(chart: FlameChart) -> None:
    chart.show_tree(CallTree([((RUN,), 1.0), ((RUN, MAIN), 3.0)]))
    assert chart.told(frame(chart, "run")) == "run, 4.0 s (100 %), gui/app.py:20, 1.0 s of it in its own code"


def test_the_mouse_tells_of_the_frame_under_it(shown: FlameChart, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(QToolTip, "showText", lambda at, text, widget: told.append(text))
    monkeypatch.setattr(QToolTip, "hideText", lambda: told.append("hidden"))
    QTest.mouseMove(shown.viewport(), place(shown, "<lambda>"))
    assert told == ["<b>&lt;lambda&gt;</b><br>1.0 s (10 %)<br>mine.py:12<br>all of it in its own code"]
    QTest.mouseMove(shown.viewport(), QPoint(shown.width() // 2, shown.height() - 2))
    assert told[1:] == ["hidden"]
    QTest.mouseMove(shown.viewport(), place(shown, "walk"))
    assert told[-1].endswith("<br>line 9: 3.0 s, line 8: 2.0 s")
    QApplication.sendEvent(shown.viewport(), QEvent(QEvent.Type.Leave))


# ---------------------------------------------------------------- keys and the editor


def test_the_arrow_keys_go_to_callers_to_what_took_longest_and_aside(shown: FlameChart) -> None:
    reached = []
    for key in (
        *(Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Down),
        *(Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Down),
    ):
        QTest.keyClick(shown, key)
        assert shown.chosen is not None
        reached.append(shown.chosen.function)
    assert reached == ["recv", "<lambda>", "<lambda>", "recv", "recv", "main", "run", "", "", "run", "main"]


def test_keys_without_a_choice_begin_at_the_top(chart: FlameChart) -> None:
    chart.show_tree(CallTree(SAMPLES))
    QTest.keyClick(chart, Qt.Key.Key_Down)
    assert chart.tree is not None
    assert chart.chosen is chart.tree.root


def test_space_looks_closer(shown: FlameChart) -> None:
    QTest.keyClick(shown, Qt.Key.Key_Space)
    assert shown.top is frame(shown, "walk")


def test_enter_and_the_menu_ask_for_the_chosen_line(shown: FlameChart) -> None:
    asked: list[tuple[str, int]] = []
    shown.open_requested.connect(lambda file, line: asked.append((file, line)))
    QTest.keyClick(shown, Qt.Key.Key_Return)
    assert asked == [(MINE, 8)]
    click(shown, "main", Qt.MouseButton.RightButton)
    shown.open_line.trigger()
    assert asked[1:] == [(MINE, 3)]
    assert shown.top is not frame(shown, "main")  # the right button only chooses


def test_what_has_no_file_cannot_be_opened(shown: FlameChart) -> None:
    asked: list[object] = []
    shown.open_requested.connect(lambda *line: asked.append(line))
    for function in ("find", ""):
        click(shown, function, Qt.MouseButton.RightButton)
        assert not shown.open_line.isEnabled()
        QTest.keyClick(shown, Qt.Key.Key_Enter)
    assert asked == []


def test_an_empty_chart_takes_clicks_and_keys(chart: FlameChart) -> None:
    def poke() -> None:
        QTest.mouseMove(chart.viewport(), QPoint(50, 50))
        QTest.mouseClick(chart.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(50, 50))
        QTest.mouseDClick(chart.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(50, 50))
        for key in (Qt.Key.Key_Down, Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Space):
            QTest.keyClick(chart, key)
        assert chart.image().isNull()

    poke()
    chart.show_tree(CallTree(()))
    poke()


# ---------------------------------------------------------------- how it looks


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_box_stands_out_and_its_text_can_be_read(theme: Theme, shown: FlameChart, scheme: str) -> None:
    theme.set_choice(scheme)
    click(shown, "main")
    flames = flames_of(shown)
    pairs = [flames.colors(box.frame) for row in flames.rows for box in row]
    fills = [theme.color(role) for role, _ in (*KINDS.values(), GUILTY_COLOR)]
    assert min(contrast(fill.name(), ink.name()) for fill, ink in pairs) >= 4.5
    assert min(contrast(fill.name(), theme.color("panel").name()) for fill in fills) >= 3.0
    assert len({fill.name() for fill in fills}) == len(fills)


def test_its_picture_shows_the_colours_of_its_boxes(shown: FlameChart) -> None:
    picture = shown.image()
    assert picture.width() >= 960
    at = place(shown, "walk") - QPoint(0, shown.row_height // 2 - 4)
    assert shown.grab().toImage().pixelColor(at) == shown.theme.color("bad")


@pytest.mark.parametrize("size", [(1, 1), (40, 20), (180, 120), (1900, 400)])
def test_it_is_painted_at_any_size_in_light_and_dark(shown: FlameChart, size: tuple[int, int]) -> None:
    shown.setMinimumSize(1, 1)
    for scheme in ("light", "dark"):
        shown.theme.set_choice(scheme)
        shown.setMinimumSize(1, 1)
        shown.resize(*size)
        shown.grab()


# ---------------------------------------------------------------- in its panel

STACKS = tuple(Stack(calls, 1, seconds) for calls, seconds in SAMPLES)


@pytest.fixture
def view(theme: Theme, qtbot: QtBot) -> FlameView:
    return bring_up(qtbot, FlameView(theme, "Freeze of 10 s", STACKS, GUILTY), 600, 200)


def test_buttons_can_be_pressed_where_they_do_something(view: FlameView) -> None:
    assert not view.whole.isEnabled()
    assert view.open_line.isEnabled()
    assert view._about.text() == "walk, 5.0 s (50 %), mine.py:8, all of it in its own code"
    click(view.chart, "main")
    assert view.whole.isEnabled()
    view.whole.click()
    assert not view.whole.isEnabled()
    assert view.chart.top is not frame(view.chart, "main")


def test_a_line_is_opened_in_the_editor_or_it_says_why_not(
    view: FlameView, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened, said = list[tuple[str, int]](), list[str]()
    monkeypatch.setattr("gui.process.editor.open_line", lambda *about: opened.append(about))
    view.said.connect(said.append)
    view.open_line.click()
    assert opened == [(MINE, 8)]
    monkeypatch.undo()
    view.open_line.click()
    assert said == [f"{MINE} is not there, so it cannot be opened."]


@pytest.mark.parametrize(
    ("entry", "name"), [("Folded stacks…", "a.folded"), ("For speedscope.app…", "a.speedscope.json")]
)
def test_the_samples_are_exported(
    view: FlameView, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, entry: str, name: str
) -> None:
    asked: list[tuple[str, Path]] = []
    view.export_requested.connect(lambda pieces, path: asked.append(("".join(pieces), path)))
    [action] = [action for action in view.export.menu().actions() if action.text() == entry]
    assert action in view.chart.actions(), "in the chart's own menu too"
    answers = [("", ""), (str(tmp_path / "a"), "")]
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *about: answers.pop(0))
    action.trigger()
    assert asked == []
    action.trigger()
    [(text, path)] = asked
    assert path == tmp_path / name
    assert "walk" in text


def test_keys_scroll_to_what_they_reach(theme: Theme, qtbot: QtBot) -> None:
    area = QScrollArea(widgetResizable=True)
    qtbot.addWidget(area)
    area.resize(400, 200)
    view = FlameView(theme, "Deep", [Stack(((MINE, 1, "deep"),) * 100, 1, 1.0)])
    area.setWidget(view)
    with qtbot.waitExposed(area):
        area.show()
    for _ in range(60):
        QTest.keyClick(view.chart, Qt.Key.Key_Down)
    assert area.verticalScrollBar().value() > 20 * view.chart.row_height


def test_a_hundred_stacks_of_two_hundred_calls_take_no_pixel_twice(chart: FlameChart) -> None:
    chart.show_tree(
        CallTree(
            (tuple((MINE, depth, f"f{depth}_{number % (1 + depth // 30)}") for depth in range(200)), 0.025)
            for number in range(100)
        )
    )
    flames = flames_of(chart)
    assert len(flames.rows) == 201
    for row in flames.rows:
        edges = [edge for box in row for edge in (box.left, box.left + box.width)]
        assert all(before <= after + 1e-6 for before, after in pairwise(edges))
        assert math.floor(edges[-1]) <= flames.boundingRect().width()
