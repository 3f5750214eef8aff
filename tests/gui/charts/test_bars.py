"""Bars by runner: medians of the runs of one workload, whiskers, and what is left out."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pyqtgraph as pg
import pytest
from PySide6.QtCore import QPoint, QPointF
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QScrollArea

from gui.charts.bars import BarSpread
from gui.runs.by_runner import NONE_WHOLE, NOTHING_YET, RunnerView, bars
from gui.runs.model import RunRow, row_of
from tests.support.bring_up import bring_up
from tests.support.chart_items import items_of, texts_of
from tests.support.planned_runs import make_ended

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gui.theme.theme import Theme
    from workers.engine.run import Run
    from workers.reports.differences import Side

ORDER = ("gui_thread", "qthread", "thread_pool")


def row(run: Run, unit: str = "bytes") -> RunRow:
    name = run.settings.runner
    return row_of(1, run, name.title(), run.settings.workload, unit)


def side(run: Run) -> Side:
    return row(run).side


@pytest.fixture
def view(theme: Theme, qtbot: QtBot) -> RunnerView:
    return bring_up(qtbot, RunnerView(theme, ORDER), 560, 240)


def test_a_bar_is_the_median_and_its_whisker_the_least_and_the_most() -> None:
    runs = [make_ended("qthread", wall_s) for wall_s in (4.0, 1.0, 2.0)]
    [bar] = bars(map(side, runs), ORDER)
    assert (bar.title, bar.runs) == ("Qthread", 3)
    assert bar.rate == BarSpread(*(pytest.approx(rate) for rate in (3e6, 6e6, 12e6)))  # type: ignore[arg-type]
    assert bar.lag is not None


def test_runners_stand_in_the_order_of_the_menu_and_strangers_after_them() -> None:
    names = ("elsewhere", "thread_pool", "gui_thread")
    assert [bar.runner for bar in bars((side(make_ended(name)) for name in names), ORDER)] == [
        *("gui_thread", "thread_pool", "elsewhere")
    ]


def test_runs_that_did_not_do_all_of_their_work_are_left_out_and_that_is_told(view: RunnerView) -> None:
    whole, part = row(make_ended("qthread")), row(make_ended("gui_thread", failed=1))
    view.show_rows([whole, part])
    assert [bar.runner for bar in view.bars.shown] == ["qthread"]
    assert view._caption.text().endswith("One that did not do all of its work is left out.")
    view.show_rows([part])
    assert view.bars.shown == []
    assert not view.catch_up()
    assert view.empty.title == NONE_WHOLE[0]


def test_lag_that_was_not_measured_is_no_bar() -> None:
    runs = [
        make_ended("qthread", window=False),
        make_ended("thread_pool", window=False),
        make_ended("thread_pool"),
    ]
    found = bars(map(side, runs), ORDER)
    assert found[0].lag is None
    assert found[1].lag is not None


def test_it_follows_the_newest_workload_until_one_is_chosen(view: RunnerView) -> None:
    rows = [row(make_ended("qthread"))]
    view.show_rows(rows)
    assert view.menu.currentText() == "download"
    rows.append(row(make_ended("qthread", workload="primes"), "numbers"))
    view.show_rows(rows)
    assert view.menu.currentText() == "primes"
    assert view.bars.unit == "numbers"
    view.menu.setCurrentIndex(0)
    view.menu.activated.emit(0)
    assert view.bars.unit == "bytes"
    rows.append(row(make_ended("gui_thread", workload="primes"), "numbers"))
    view.show_rows(rows)
    assert view.menu.currentText() == "download"
    assert [bar.runner for bar in view.bars.shown] == ["qthread"]


def test_a_bar_is_as_long_as_its_figure_in_its_runners_colour(view: RunnerView) -> None:
    view.show_rows([row(make_ended("qthread")), row(make_ended("gui_thread", 4.0, ((0.1, 3.9),)))])
    image = view.bars.image()
    assert image.width() >= 560
    view.bars.make(view.bars.size())
    rates, lags = sorted(items_of(view.bars, pg.BarGraphItem), key=lambda item: item.scenePos().x())
    assert rates.opts["width"] == pytest.approx([3.0, 3.0])
    assert lags.opts["width"] == pytest.approx([math.log10(3800), 0.0], abs=0.05)
    for item in (rates, lags):
        assert item.opts["brushes"] == [
            view.bars.theme.runner_color(name) for name in ("gui_thread", "qthread")
        ]
    assert {"3.0 MB/s", "3.8 s", "Gui_Thread", "Qthread", "1 run"} <= texts_of(view.bars)
    assert "Gui_Thread: 3.0 MB/s, lag p99 3.8 s" in view.bars.accessibleDescription()


def test_whiskers_reach_from_the_least_to_the_most_and_a_single_run_has_none(view: RunnerView) -> None:
    runs = [make_ended("qthread", wall_s) for wall_s in (4.0, 1.0, 2.0)]
    view.show_rows([row(run) for run in (*runs, make_ended("gui_thread"))])
    view.bars.make(view.bars.size())
    rates, _ = sorted(items_of(view.bars, pg.ErrorBarItem), key=lambda item: item.scenePos().x())
    [middle], [low], [high] = (rates.opts[name] for name in ("x", "left", "right"))
    assert (middle - low, middle, middle + high) == pytest.approx((3.0, 6.0, 12.0))


def test_many_runners_scroll_and_restyle(view: RunnerView) -> None:
    view.show_rows([row(make_ended(f"runner_{number}")) for number in range(20)])
    assert view.bars.minimumHeight() > view.height()
    before = view.bars.minimumHeight()
    view.bars.theme.set_choice("dark")
    view.bars.theme.set_text_scale(1.4)
    assert view.bars.minimumHeight() > before
    assert view.bars.image().pixelColor(2, 2).lightness() < 60


def test_the_wheel_scrolls_the_page_and_the_keyboard_has_a_frame(view: RunnerView, qtbot: QtBot) -> None:
    view.show_rows([row(make_ended(f"runner_{number}")) for number in range(20)])
    [scroll] = view.findChildren(QScrollArea)
    qtbot.waitUntil(lambda: scroll.verticalScrollBar().maximum() > 0)
    place = QPointF(scroll.mapTo(view, scroll.rect().center()))
    QTest.wheelEvent(view.windowHandle(), place, QPoint(0, -120))
    qtbot.waitUntil(lambda: scroll.verticalScrollBar().value() > 0)
    view.menu.setFocus()
    corner, accent = QPoint(view.bars.width() // 2, 0), view.bars.theme.color("accent")
    assert view.bars.grab().toImage().pixelColor(corner) != accent
    view.bars.setFocus()
    assert view.bars.grab().toImage().pixelColor(corner) == accent


def test_it_says_what_will_appear(view: RunnerView) -> None:
    assert not view.catch_up(unseen=True)
    assert view.empty.title == NOTHING_YET[0]
    assert not view.menu.isVisible()
