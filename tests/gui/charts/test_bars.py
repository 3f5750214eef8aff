"""Bars by runner: medians of the runs of one workload, whiskers, and what is left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gui.charts.bars import Spread
from gui.runs.by_runner import RunnerView, bars
from gui.runs.model import Row, Titles, row_of
from tests.support.planned_runs import make_ended

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gui.theme.theme import Theme
    from workers.engine.run import Run
    from workers.reports.differences import Side

ORDER = ("gui_thread", "qthread", "thread_pool")


def row(run: Run, unit: str = "bytes") -> Row:
    name = run.settings.runner
    return row_of(1, run, Titles(name.title(), name), Titles(run.settings.workload, "x"), unit)


def side(run: Run) -> Side:
    return row(run).side


@pytest.fixture
def view(theme: Theme, qtbot: QtBot) -> RunnerView:
    made = RunnerView(theme, ORDER)
    qtbot.addWidget(made)
    made.resize(560, 240)
    made.show()
    qtbot.waitExposed(made)
    return made


def test_a_bar_is_the_median_and_its_whisker_the_least_and_the_most() -> None:
    runs = [make_ended("qthread", wall_s) for wall_s in (4.0, 1.0, 2.0)]
    [bar] = bars(map(side, runs), ORDER)
    assert (bar.title, bar.runs) == ("Qthread", 3)
    assert bar.rate == Spread(*(pytest.approx(rate) for rate in (3e6, 6e6, 12e6)))  # type: ignore[arg-type]
    assert bar.lag is not None


def test_runners_stand_in_the_order_of_the_menu_and_strangers_after_them() -> None:
    names = ("elsewhere", "thread_pool", "gui_thread")
    assert [bar.runner for bar in bars((side(make_ended(name)) for name in names), ORDER)] == [
        *("gui_thread", "thread_pool", "elsewhere")
    ]


def test_runs_that_did_not_do_all_of_their_work_are_left_out_and_that_is_told(view: RunnerView) -> None:
    whole, part = row(make_ended("qthread")), row(make_ended("gui_thread", failed=1))
    view.show_rows([whole, part])
    assert [bar.runner for bar in view.bars._bars] == ["qthread"]
    assert view._caption.text().endswith("One that did not do all of its work is left out.")
    view.show_rows([part])
    assert view.bars._bars == []
    assert view._inner.currentIndex() == 0


def test_lag_that_was_not_measured_is_no_bar() -> None:
    runs = [make_ended("qthread", window=False), make_ended("thread_pool", window=False), make_ended("thread_pool")]
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
    assert view.bars._unit == "numbers"
    view.menu.setCurrentIndex(0)
    view.menu.activated.emit(0)
    assert view.bars._unit == "bytes"
    rows.append(row(make_ended("gui_thread", workload="primes"), "numbers"))
    view.show_rows(rows)
    assert view.menu.currentText() == "download"
    assert [bar.runner for bar in view.bars._bars] == ["qthread"]


def test_what_is_painted(view: RunnerView) -> None:
    view.show_rows([row(make_ended("qthread")), row(make_ended("gui_thread", 4.0, ((0.1, 3.9),)))])
    image = view.bars.image()
    assert image.width() >= 560
    for runner in ("qthread", "gui_thread"):
        wanted = view.bars._theme.runner_color(runner).rgb()
        assert sum(image.pixel(x, y) == wanted for x in range(image.width()) for y in range(image.height())) > 2000
    assert "Gui_Thread: 3.0 MB/s, lag p99 3.8 s" in view.bars.accessibleDescription()


def test_many_runners_scroll_and_restyle(view: RunnerView) -> None:
    view.show_rows([row(make_ended(f"runner_{number}")) for number in range(20)])
    assert view.bars.minimumHeight() > view.height()
    before = view.bars.minimumHeight()
    view.bars._theme.set_choice("dark")
    view.bars._theme.set_text_scale(1.4)
    assert view.bars.minimumHeight() > before
    assert view.bars.image().pixelColor(2, 2).lightness() < 60


def test_it_says_what_will_appear(view: RunnerView) -> None:
    assert view._stack.currentIndex() == 0
    assert not view.image_is_ready()
