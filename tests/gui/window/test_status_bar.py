"""The strip at the window's foot: it keeps its height, whatever it says, and offers a copy where that is worth it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QGuiApplication

from gui.window.status_bar import NOTHING_YET, StatusStrip
from tests.support.planned_runs import carry_out, make_run
from tests.support.sample_benchmarks import made_matrix
from workers.benchmark.findings import progress_words
from workers.benchmark.results import Benchmark
from workers.engine.time_left import TimeLeft
from workers.reports.palette import contrast

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gui.theme.theme import Theme
    from workers.engine.run import Run

VERDICT = (
    "24 tasks done in 5.2 s on ThreadPoolExecutor: the window froze 6 times, 752 ms at the longest, late for "
    "2.7 s in all. This machine is busy."
)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_empty_bar_has_an_edge_that_is_seen(strip: StatusStrip, theme: Theme, scheme: str) -> None:
    theme.set_choice(scheme)
    for cancelled, row in ((0, 0), (0, -1), (1000, 0), (1000, -1)):
        strip.bar.show_parts(0, cancelled)
        image = strip.bar.grab().toImage()
        edge = image.pixelColor(image.width() // 2, row % image.height())
        assert contrast(edge.name(), theme.color("window").name()) >= 3


@pytest.fixture
def strip(qtbot: QtBot) -> StatusStrip:
    found = StatusStrip(TimeLeft())
    qtbot.addWidget(found)
    found.resize(1024, found.sizeHint().height())
    with qtbot.waitExposed(found):
        found.show()
    return found


def wanted_height(strip: StatusStrip) -> int:
    QCoreApplication.sendPostedEvents()
    height = strip.heightForWidth(1024)
    # Where there is no text there are no lines to break.
    return height if height >= 0 else strip.sizeHint().height()


def test_it_is_as_high_with_a_verdict_of_two_lines_as_with_nothing(strip: StatusStrip) -> None:
    heights = {wanted_height(strip)}
    strip.say("Running …", keep=False)
    heights.add(wanted_height(strip))
    strip.say(VERDICT)
    heights.add(wanted_height(strip))
    assert len(heights) == 1


def test_the_sentence_stays_where_it_is_while_the_counts_change(strip: StatusStrip) -> None:
    run = make_run(28)
    strip.say(VERDICT, keep=False)
    QCoreApplication.sendPostedEvents()
    place = strip.verdict.geometry()
    for index in range(28):
        carry_out(run, index)
        strip.show_progress(run)
        QCoreApplication.sendPostedEvents()
        assert strip.verdict.geometry() == place
    strip.say(VERDICT)  # now with its button
    QCoreApplication.sendPostedEvents()
    assert strip.verdict.geometry() == place


def test_the_button_copies_the_sentence(strip: StatusStrip) -> None:
    strip.say(VERDICT)
    strip.copy_button.click()
    assert QGuiApplication.clipboard().text() == VERDICT


def test_a_benchmark_is_told_in_runs(strip: StatusStrip) -> None:
    matrix = made_matrix(("thread_pool",), (2,))
    benchmark = Benchmark(matrix, True)
    benchmark.done = 1
    strip.show_measured(benchmark, True)
    assert matrix.runs > 1
    number = f"2 of {matrix.runs}"
    assert strip.counts.text() == f"Measuring {number}"
    assert progress_words(benchmark, None, "QThread") == f"{number}: QThread", "a page counts likewise"
    assert strip.bar.value() == strip.bar.maximum() // matrix.runs
    benchmark.done = matrix.runs
    strip.show_measured(benchmark, False)
    assert strip.counts.text() == f"{matrix.runs} of {matrix.runs} measured"


def test_what_was_cancelled_is_no_progress(strip: StatusStrip) -> None:
    run = make_run(24)
    for index in range(12):
        carry_out(run, index)
    run.recorder.cancel_queued(run.started + 2.0)
    run.ended = run.started + 2.0
    strip.show_progress(run)
    assert strip.counts.text() == "12 of 24 done, 12 cancelled"
    assert (strip.bar.value(), strip.bar.cancelled) == (500, 500)
    image = strip.bar.grab().toImage()
    left, right = (image.pixelColor(image.width() * part // 4, 4) for part in (1, 3))
    assert left != right
    strip.show_waiting(37)
    assert (strip.bar.value(), strip.bar.cancelled, strip.counts.text()) == (0, 0, "0 of 37 done")


def test_a_paused_run_has_no_time_left_and_says_so(strip: StatusStrip, monkeypatch: pytest.MonkeyPatch) -> None:
    run = make_run(24)
    for index in range(7):
        carry_out(run, index)
    at = Now(monkeypatch, run)
    at(7.0)
    strip.show_progress(run)
    assert strip.counts.text() == "7 of 24 done, about 17 s left"
    run.control.pause()
    at(7.5)
    strip.show_progress(run)
    assert strip.counts.text() == "7 of 24 done, paused"
    at(107.5)
    strip.show_progress(run)
    run.control.resume()
    at(108.5)
    strip.show_progress(run)
    left = strip.counts.text()
    assert left in ("7 of 24 done, about 16 s left", "7 of 24 done, about 17 s left"), (
        "the pause is not counted"
    )


def test_the_time_left_never_grows_while_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    run, left = make_run(4), TimeLeft()
    monkeypatch.setattr(run, "settings", run.settings._replace(workers=1))
    carry_out(run, 0)
    at = Now(monkeypatch, run)
    said = []
    for moment in (2.0, 3.0, 5.0, 7.9, 8.1, 60.0):
        at(moment)
        said.append(left.left_s(run))
    assert said == [pytest.approx(6.0), pytest.approx(5.0), pytest.approx(3.0), pytest.approx(0.1), None, None]
    carry_out(run, 1)
    assert left.left_s(run) == pytest.approx(60.0)


def test_the_time_left_is_not_guessed_from_the_first_of_many_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    run, left = make_run(60), TimeLeft()
    monkeypatch.setattr(run, "settings", run.settings._replace(workers=8))
    at = Now(monkeypatch, run)
    at(2.5)
    for index in range(8):
        assert left.left_s(run) is None, "one of eight that work at once"
        carry_out(run, index)
    assert left.left_s(run) == pytest.approx(2.5 / 8 * 52)


class Now:
    """The present, in seconds since a run's start."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
        self._at = 0.0
        self._started = run.started
        monkeypatch.setattr("workers.engine.run.time.perf_counter", lambda: self._started + self._at)

    def __call__(self, at: float) -> None:
        self._at = at


def test_beside_a_verdict_it_does_not_say_that_nothing_has_run(strip: StatusStrip) -> None:
    strip.say("Choose a folder first.", keep=False)
    assert strip.counts.text() == NOTHING_YET
    strip.say(VERDICT)
    assert strip.counts.text() == ""
