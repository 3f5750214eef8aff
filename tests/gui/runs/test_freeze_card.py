"""Freeze cards: how long, which line, what it did, where the work would run better; alike ones in one card."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QPushButton, QVBoxLayout, QWidget

from gui.charts.flame_view import FlameView
from gui.runs.freeze_list import MAX_CARDS, FreezeList
from gui.runs.model import row_of
from gui.widgets.code_block import CodeBlock
from gui.widgets.panels import fill
from tests.support.planned_runs import make_ended, make_freeze, tell
from tests.support.tab_order import tab_stops
from workers.catalog import lookup
from workers.catalog.lookup import named
from workers.engine.plan import Settings
from workers.engine.recorder import Recorder
from workers.engine.task import Phase
from workers.monitors.freeze import Stack
from workers.reports.freeze_advice import FreezeAdvice
from workers.reports.freeze_words import dedented, groups

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gui.theme.theme import Theme
    from workers.engine.run import Run
    from workers.monitors.freeze import Freeze

WHY = "A thread sleeps without the GIL."
POOL = "thread_pool"


class Found:
    """The list under test, and what is advised."""

    def __init__(self, theme: Theme, qtbot: QtBot) -> None:
        self.advised: str | None = POOL
        self.asked = list[object]()
        self.theme = theme
        self.list = FreezeList(self.theme, lookup.workloads(), self.advise)
        qtbot.addWidget(self.list)
        self.list.run_again.connect(self.asked.append)
        self.list.resize(560, 240)
        with qtbot.waitExposed(self.list):
            self.list.show()

    def advise(self, freeze: Freeze, settings: Settings) -> FreezeAdvice:
        if self.advised is None:
            return FreezeAdvice(WHY)
        there = settings._replace(runner_entry=named("runners", self.advised))
        return FreezeAdvice(WHY, there, "Run it on the pool")

    @property
    def text(self) -> str:
        """What stands there in place of cards."""
        assert self.list._stack.currentWidget() is self.list._empty
        return self.list._empty.title

    def show(self, run: Run) -> None:
        self.list.show_row(row_of(3, run, "GUI thread", "Sleep", "seconds"))


@pytest.fixture
def found(theme: Theme, qtbot: QtBot) -> Found:
    return Found(theme, qtbot)


def frozen(count: int = 1, lines: int = 1) -> Run:
    stills = tuple((at + 0.1, at + 0.1 + 0.3 + at / 100) for at in range(count))
    run = make_ended("gui_thread", count + 1.0, stills, workload="sleep")
    run.freezes = [make_freeze(run, *still, line=40 + at % lines) for at, still in enumerate(stills)]
    return run


def head_of(found: Found) -> str:
    """The sentence above the cards."""
    item = found.list._column.itemAt(0)
    label = item.widget() if item is not None else None
    assert isinstance(label, QLabel)
    return label.text()


def labels_of(found: Found) -> str:
    [card] = found.list.cards
    return "\n".join((card._length.text(), card._what.text(), card._where.text(), card._advice.text()))


def waiting_for_a_lock(runner: str) -> Run:
    """A run that froze the window for 0.6 s, for 0.5 s of which a task waited for a lock."""
    run = make_ended(runner, 2.0, ((0.1, 0.7),), tasks=1)
    run.recorder = Recorder(0, 1, run.started)
    tell(run, 0, Phase.STARTED, 0.1)
    tell(run, 0, Phase.WAITING, 0.15, detail=("lock picture", ()))
    tell(run, 0, Phase.RESUMED, 0.65)
    run.freezes = [make_freeze(run, 0.1, 0.7, kind="lock")]
    return run


@pytest.mark.parametrize(
    ("runner", "what"),
    [
        ("gui_thread", "The GUI thread was waiting for lock picture."),
        ("thread_pool", "The GUI thread was waiting for a lock or another thread."),
    ],
)
def test_a_card_names_the_lock_that_a_task_waited_for_on_the_gui_thread(
    found: Found, runner: str, what: str
) -> None:
    found.show(waiting_for_a_lock(runner))
    assert what in labels_of(found)


def test_a_card_tells_how_long_when_which_line_and_what_it_did(found: Found) -> None:
    found.show(frozen())
    assert labels_of(found).splitlines() == [
        "290 ms",
        "The GUI thread slept.",
        "sleep.py, line 40, in sleep · seen in 36 of 40 samples · 100 ms after Start",
        f"{WHY} Run it on the pool.",
    ]
    [card] = found.list.cards
    assert card._where.toolTip().startswith("/home/somebody/program/workers/workloads/sleep.py\n")


def test_the_guilty_line_stands_out_in_its_source(found: Found) -> None:
    found.show(frozen())
    [source] = found.list.cards[0].findChildren(CodeBlock)
    lines = source.toPlainText().splitlines()
    assert lines[0] == "  37  if seconds > 0:"  # without the blanks that all lines begin with
    assert lines[3].startswith("> 40          time.sleep")
    [mark] = source.extraSelections()
    assert mark.cursor.blockNumber() == 3
    assert source.verticalScrollBar().maximum() == 0


def test_the_stack_unfolds(found: Found) -> None:
    found.show(frozen())
    [card] = found.list.cards
    assert card.unfold is not None
    assert card.unfold.text() == "▸ Stack"
    card.unfold.click()
    assert card.unfold.text() == "▾ Stack"
    [_, stack] = card.findChildren(CodeBlock)
    lines = stack.toPlainText().splitlines()
    assert [line[:2] for line in lines] == ["  ", "  ", "> ", "  "]
    assert lines[2] == "> sleep.py:40  sleep   time.sleep(min(SLICE_S, left))"
    assert stack.isVisible()
    card.unfold.click()
    assert not stack.isVisible()


def test_the_button_runs_the_same_work_on_the_advised_runner(found: Found) -> None:
    run = frozen()
    found.show(run)
    [card] = found.list.cards
    assert card.again is not None
    assert card.again.text() == "Run it on the pool"
    card.again.click()
    assert found.asked == [run.settings._replace(runner_entry=named("runners", "thread_pool"))]
    assert isinstance(found.asked[0], Settings)


def test_there_is_no_button_where_no_other_runner_helps(found: Found) -> None:
    found.advised = None
    found.show(frozen())
    [card] = found.list.cards
    assert card.again is None
    assert labels_of(found).endswith(WHY)


def test_work_that_is_not_known_here_cannot_be_run_again(found: Found) -> None:
    run = make_ended("gui_thread", 2.0, ((0.1, 0.9),), workload="of_a_file")
    run.freezes = [make_freeze(run, 0.1, 0.9)]
    found.show(run)
    [card] = found.list.cards
    assert card.again is not None
    assert not card.again.isEnabled()
    assert "no workload named of_a_file" in card.again.toolTip()


def test_alike_ones_share_a_card(found: Found) -> None:
    found.show(frozen(count=12))
    assert labels_of(found).splitlines()[0] == "400 ms"
    assert found.list.cards[0].accessibleName().startswith("Slow for 400 ms. ")  # a freeze takes longer
    assert head_of(found).endswith(" Below are the 12 times over 250 ms, alike ones in one card.")
    assert "12 times, 4.1 s in all, the longest 11 s after Start" in labels_of(found)


def test_hundreds_of_kinds_get_the_longest_cards_and_a_line_that_counts_the_rest(
    found: Found, qtbot: QtBot
) -> None:
    run = frozen(count=60, lines=30)
    found.show(run)
    assert len(found.list.cards) < MAX_CARDS  # the others follow, so that the window does not stand still
    qtbot.waitUntil(lambda: len(found.list.cards) == MAX_CARDS)
    lengths = [card._group.longest.lag_s for card in found.list.cards]
    assert lengths == sorted(lengths, reverse=True)
    column = found.list._column
    widgets = [item.widget() for at in range(column.count()) if (item := column.itemAt(at)) is not None]
    foot = widgets[-2]
    assert isinstance(foot, QLabel)
    assert head_of(found).startswith("Run 3 on the GUI thread: the window froze ")
    assert head_of(found).endswith(
        " in all. Below are 40 of the 60 times over 250 ms, alike ones in one card, the longest first."
    )
    assert foot.text() == "And 20 more, none of them longer than 680 ms."
    assert widgets[1:-2:2] == found.list.cards


def test_another_run_takes_the_place_of_cards_that_are_still_to_come(found: Found, qtbot: QtBot) -> None:
    found.show(frozen(count=30, lines=30))
    found.show(frozen())
    qtbot.waitUntil(lambda: not found.list._next.isActive())
    assert len(found.list.cards) == 1


def test_a_run_without_cards_says_why(found: Found) -> None:
    found.show(make_ended("thread_pool", 2.0))
    assert found.text == "The window never froze in this run"
    found.show(make_ended("thread_pool", 2.0, ((0.1, 0.3),)))
    assert found.text == "The window never froze in this run"
    found.show(make_ended("thread_pool", 2.0, ((0.1, 0.3), (0.5, 0.8))))
    assert found.text == "The window was slow, up to 290 ms late"
    assert "Nobody watched" in found.list._empty.hint
    found.show(make_ended("thread_pool", 2.0, window=False))
    assert found.text == "The lag of this run was not measured"
    found.list.show_row(None)
    assert found.text.startswith("Why the window froze")


def test_a_freeze_of_which_nothing_is_known(found: Found) -> None:
    run = frozen()
    run.freezes = [make_freeze(run, 0.1, 0.9, kind="unknown", stack=(), guilty=-1, source=(), samples=0)]
    found.show(run)
    assert "not known" in labels_of(found)
    assert "no stack" in labels_of(found)
    assert found.list.cards[0].unfold is None
    assert found.list.cards[0].findChildren(CodeBlock) == []


def test_threads_that_hold_the_gil_are_named(found: Found) -> None:
    run = frozen()
    pools = ("pool 0", "pool 1", "pool 2")
    run.freezes = [make_freeze(run, 0.1, 0.9, kind="c_gil", holder=name) for name in pools]
    found.show(run)
    assert 'Threads "pool 0" and 2 others were in C code that held the GIL.' in labels_of(found)
    run.freezes = [run.freezes[0]._replace(kind="lock")]
    found.show(run)
    assert 'Thread "pool 0" was waiting for a lock or another thread.' in labels_of(found)


STACKS = (
    Stack((("/a.py", 1, "main"), ("/home/somebody/program/workers/workloads/sleep.py", 40, "sleep")), 36, 0.25),
    Stack((("/a.py", 1, "main"),), 4, 0.05),
)


def test_a_freeze_that_begins_with_its_run_was_there_from_the_start(found: Found) -> None:
    run = make_ended("gui_thread", 2.0, ((0.0, 0.9),), workload="sleep")
    run.freezes = [make_freeze(run, 0.0, 0.9)]
    found.show(run)
    assert found.list.cards[0].accessibleName().startswith("Frozen for 890 ms. ")
    assert labels_of(found).splitlines()[2].endswith(" · seen in 36 of 40 samples · from the start")


def test_the_flame_graph_of_all_samples_unfolds_and_its_files_are_asked_for(
    found: Found, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = frozen(count=2)
    run.freezes = [freeze._replace(stacks=STACKS) for freeze in run.freezes]
    found.show(run)
    [card] = found.list.cards
    assert card.flames is not None
    assert card.findChildren(FlameView) == [], "it is made when it is first looked at"
    card.flames.click()
    [view] = card.findChildren(FlameView)
    assert view.isVisible()
    assert view.chart.tree is not None
    assert view.chart.tree.root.seconds == pytest.approx(0.6)
    assert view.chart.chosen is not None
    assert view.chart.chosen.function == "sleep"
    asked: list[object] = []
    found.list.export_requested.connect(lambda *about: asked.append(about))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *about: ("/tmp/a.folded", ""))
    view.export.menu().actions()[0].trigger()
    assert len(asked) == 1
    card.flames.click()
    assert not view.isVisible()


def test_what_is_unfolded_comes_into_view(found: Found, qtbot: QtBot) -> None:
    run = frozen(count=2)
    run.freezes = [freeze._replace(stacks=STACKS) for freeze in run.freezes]
    found.show(run)
    [card] = found.list.cards
    assert card.flames is not None
    found.list.resize(560, 300)
    card.flames.click()
    [view] = card.findChildren(FlameView)
    viewport = found.list._scroll.viewport()
    qtbot.waitUntil(lambda: viewport.rect().contains(QRect(view.mapTo(viewport, QPoint()), view.size())))
    found.list.resize(560, 90)  # less than the graph needs: then its top is seen
    card.flames.click()
    card.flames.click()
    qtbot.waitUntil(lambda: view.mapTo(viewport, QPoint()).y() == 0)


def test_without_samples_there_is_no_flame_graph(found: Found) -> None:
    found.show(frozen())
    assert found.list.cards[0].flames is None


def test_the_guilty_line_is_opened_or_it_says_why_not(found: Found, monkeypatch: pytest.MonkeyPatch) -> None:
    found.show(frozen())
    [card] = found.list.cards
    [button] = [one for one in card.findChildren(QPushButton) if one.text() == "Open line"]
    said: list[str] = []
    found.list.said.connect(said.append)
    button.click()
    file = "/home/somebody/program/workers/workloads/sleep.py"
    assert said == [f"{file} is not there, so it cannot be opened."]
    opened: list[object] = []
    monkeypatch.setattr("gui.process.editor.open_line", lambda *about: opened.append(about))
    button.click()
    assert opened == [(file, 40)]


def test_the_freeze_that_is_asked_for_is_the_first_and_marked(found: Found) -> None:
    run = frozen(count=60, lines=30)
    found.show(run)
    assert not any(card.is_marked for card in found.list.cards)
    found.list.show_freeze(run.started + 2.2)
    first, *others = found.list.cards
    assert first.is_marked
    assert run.freezes[2] in first._group.freezes
    assert not any(card.is_marked for card in others)
    assert head_of(found).endswith("in one card, first what was asked for, then the longest.")
    edge = found.list.grab().toImage().pixelColor(1, first.mapTo(found.list, QPoint(0, 20)).y())
    assert edge == found.theme.color("accent")
    found.show(frozen())
    assert not found.list.cards[0].is_marked


def test_from_a_buttons_focus_the_cards_scroll(found: Found, qtbot: QtBot) -> None:
    found.show(frozen(count=8, lines=8))
    qtbot.waitUntil(lambda: len(found.list.cards) == 8)
    bar = found.list._scroll.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    button = found.list.cards[0].findChildren(QPushButton)[0]
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_PageDown)
    assert bar.value() > 0
    last = found.list.cards[-1].findChildren(QPushButton)[0]
    qtbot.waitUntil(last.isVisible)
    for _ in range(8 * 5):
        if QApplication.focusWidget() is not last:
            QTest.keyClick(QApplication.focusWidget() or button, Qt.Key.Key_Tab)
    assert last.hasFocus()
    assert not last.visibleRegion().isEmpty(), "what has the focus is in sight"


def test_nothing_is_made_while_nobody_can_see_it(found: Found, qtbot: QtBot) -> None:
    found.list.hide()
    found.show(frozen())
    assert found.list.cards == []
    found.list.show()
    qtbot.waitUntil(lambda: len(found.list.cards) == 1)


def test_the_tab_key_reaches_the_cards_that_the_arrows_scroll(found: Found) -> None:
    found.show(frozen())
    QTest.keyClick(found.list, Qt.Key.Key_Tab)
    focus = QApplication.focusWidget()
    assert focus is not None
    assert focus.accessibleName() == "Freezes of the selected run"


def test_it_restyles(found: Found) -> None:
    found.show(frozen())
    before = found.list.cards[0]._length.font().pointSizeF()
    found.theme.set_choice("dark")
    found.theme.set_text_scale(1.4)
    assert found.list.cards[0]._length.font().pointSizeF() > before
    assert found.list.grab().toImage().pixelColor(300, 5).lightness() < 60


def test_groups_tell_the_gui_thread_from_others() -> None:
    run = frozen()
    kinds = [("sleep", "GUI thread"), ("sleep", "pool 1"), ("python", "GUI thread"), ("sleep", "pool 2")]
    freezes = [make_freeze(run, 0, 1 + at, kind=kind, holder=holder) for at, (kind, holder) in enumerate(kinds)]
    assert [(group.holders, len(group.freezes)) for group in groups(freezes)] == [
        (["pool 2", "pool 1"], 2),
        (["GUI thread"], 1),
        (["GUI thread"], 1),
    ]


def test_source_loses_the_blanks_that_tell_nothing() -> None:
    assert dedented(((1, "   "), (2, ""))) == [(1, "")]
    assert dedented(((1, "\tif x:"), (2, ""), (3, "\t\ty"))) == [(1, "if x:"), (2, ""), (3, "        y")]


def test_tab_goes_through_the_cards_before_what_stands_below_them(found: Found, qtbot: QtBot) -> None:
    around, below = QWidget(), QPushButton("Below")
    fill(QVBoxLayout(around), found.list, below)
    qtbot.addWidget(around)
    with qtbot.waitExposed(around):
        around.show()
    found.show(frozen(2, lines=2))
    stops = tab_stops(around)
    assert len(stops) > 6
    assert stops[-1] is below
