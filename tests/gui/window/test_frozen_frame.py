"""The last frame before a run, which may stand for long: it says what happens, and nothing of the run before."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTableView,
    QTreeWidget,
    QWidget,
)

from gui.gallery import page as gallery
from gui.live.scene import AWAITED, EMPTY
from gui.timeline import timeline
from gui.widgets.live_number import Figure
from tests.support.finished_runs import lag_of
from tests.support.planned_runs import carry_out, make_freeze, make_run
from tests.support.whole_app import TINY, Stage
from workers.engine.task import Phase
from workers.utils.picture import Picture

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from gui.app import App
    from workers.engine.run import Run

TASKS = 37
FIGURES = ("37", "4,321", "4321", "4.3 s", "29 of", "8 failed", "8 cancelled", "picture 3", "503", "777")
"""Of the planted run: none of these may be seen once the next one is announced."""

PAST = ("Runs",)
"""Rooms that are all about what was; what they show is named so."""


def planted(app: App) -> Run:
    """A run with figures that nothing else has, as if it had just ended in this window."""
    run = make_run(TASKS, "thread_pool", first=10_000, workload="download")
    app.core.session.run = run
    app.core.director.begun.emit(run)
    for index in range(TASKS):
        carry_out(run, index, Phase.FAILED if index < 8 else Phase.DONE, amount=4321.0)
    app.core.director.results.emit([Picture("picture 3", 4, 4, bytes(64))] * TASKS)
    run.ended = run.started + 4.321
    run.lag = lag_of(4331)
    run.freezes = [make_freeze(run, 0.1, 4.2, line=777)]
    app.core.session.runs.append(run)
    app.core.director.finished.emit(run)
    app.window.announcer.tell_late_input(37, 0, 4.321)
    app.core.director.idle.emit()
    return run


def shown_in(widget: QWidget) -> Iterator[str]:
    """All texts that a widget shows, or tells a screen reader, and those of what is in it and can be seen."""
    for part in (widget, *widget.findChildren(QWidget)):
        if not part.isVisible():
            continue
        yield from (part.toolTip(), part.accessibleName(), part.accessibleDescription(), part.statusTip())
        if isinstance(part, (QLabel, QAbstractButton, QLineEdit)):
            yield part.text()
        elif isinstance(part, QPlainTextEdit):
            yield part.toPlainText()
        elif isinstance(part, Figure):
            yield from (part.number, part.word)
        elif isinstance(part, QAbstractItemView) and not isinstance(part, QTreeWidget):
            model = part.model()
            for row in range(model.rowCount()) if model is not None else ():
                indexes = [model.index(row, column) for column in range(columns_of(part))]
                yield from (str(index.data() or "") for index in indexes)


def columns_of(view: QAbstractItemView) -> int:
    return view.horizontalHeader().count() if isinstance(view, QTableView) else 1


def leftovers(panel: QWidget) -> list[tuple[str, str]]:
    found = []
    for text in shown_in(panel):
        found += [(figure, text) for figure in FIGURES if figure in text]
    return found


def each_page(app: App) -> Iterator[str]:
    """Bring one page after the other to the front, as a person might have before the freeze."""
    pages = app.window.pages
    for at, title in enumerate(pages.titles):
        if title in PAST:
            continue
        pages.show_room(at)
        yield title
    pages.show_room(0)
    for at in range(app.window.tabs.count()):
        app.window.tabs.setCurrentIndex(at)
        yield app.window.tabs.tabText(at)


@pytest.mark.parametrize("how", ["start", "compare"])
def test_of_the_run_before_nothing_is_left(stage: Stage, qtbot: QtBot, how: str) -> None:
    with stage.app([*TINY, "--runner", "thread_pool"]) as app:
        for _ in each_page(app):
            pass
        planted(app)
        seen = {figure for page in each_page(app) for figure, _ in leftovers(app.window)}
        assert {"37", "4.3 s", "8 failed"} <= seen, "the search finds what is planted"
        announce(app, how, qtbot)
        for page in each_page(app):
            assert leftovers(app.window) == [], page
        window = app.window
        assert (window.header.now.number, window.header.worst.number) == ("–", "–")
        assert (window.strip.bar.value(), window.strip.bar.cancelled) == (0, 0)
        assert window.header.cores.number == "–", "what it used before is not what it uses"
        assert window.graphs.scene.strips, "the graphs show the past, on an axis of time"
        window.graphs.scene.strips.clear()  # it has scrolled away
        window.graphs.scene.take_in(time.perf_counter())
        assert window.graphs.scene._empty == AWAITED
        app.window.views.refresh_all()
        assert leftovers(app.window) == [], "nor do the frames up to the first task bring it back"


def test_while_a_benchmark_measures_pages_keep_the_run_before(stage: Stage, qtbot: QtBot) -> None:
    """They hear of none of its runs: what they would await never came."""
    with stage.app([*TINY, "--runner", "thread_pool"]) as app:
        for _ in each_page(app):
            pass
        run = planted(app)
        announce(app, "benchmark", qtbot)
        window, pages = app.window, app.window.pages
        assert leftovers(window.header) == leftovers(window.strip) == []
        assert (window.header.now.number, window.header.worst.number) == ("–", "–")
        data = pages.tasks.timeline._data
        assert data is not None
        assert data.run is run
        assert pages.gallery._grid.total == TASKS
        awaited = {timeline.WAITING[0], gallery.WAITING[0]}
        for page in each_page(app):
            assert not awaited.intersection(shown_in(window)), page


def announce(app: App, how: str, qtbot: QtBot) -> None:
    """Announce a run, and stay in the moment before its first task."""
    window, director = app.window, app.core.director
    director._timer.blockSignals(True)
    if how == "start":
        window.set_blocking(True)
        window.start()
        assert window.header.hint == "Running on the GUI thread. Frozen from now on."
        assert window.strip.counts.text() == "0 of 5 done"
        assert window.strip.verdict.text() == "Running Sleep (waits only) on the GUI thread …"
    elif how == "compare":
        window.compare()
        assert window.header.hint == "Comparing 1 of 2: GUI thread. Frozen from now on."
    else:
        with qtbot.waitSignal(director.announced, timeout=20_000):
            app.core.leader.start(window.pages.benchmark.form.choice())
        assert window.header.hint.startswith("Measuring 1 of ")
        assert window.strip.counts.text().startswith("Measuring 1 of ")


def test_where_no_run_comes_of_it_nothing_is_awaited(stage: Stage) -> None:
    with stage.app([*TINY, "--runner", "thread_pool"]) as app:
        pages, window = app.window.pages, app.window
        empty = (pages.gallery._empty, pages.tasks.timeline._empty, pages.tasks.table._empty)
        usual = [each.title for each in empty]
        window.start()
        assert all(each.title != title for each, title in zip(empty, usual, strict=True))
        assert window.graphs.scene._empty == AWAITED, "nobody is to press Start now"
        window.menus.cancel.trigger()  # in the moment before it begins
        assert window.graphs.scene._empty == EMPTY
        assert [each.title for each in empty] == usual
        assert window.header.hint.startswith("The work will run on ThreadPoolExecutor.")


def test_the_second_half_of_a_comparison_says_so(stage: Stage, qtbot: QtBot) -> None:
    with stage.app([*TINY, "--runner", "thread_pool"]) as app:
        hints: list[str] = []
        app.core.director.begun.connect(lambda run: hints.append(app.window.header.hint))
        app.window.compare()
        stage.wait_for_runs(app, 2)
        assert hints == [
            "Comparing 1 of 2: GUI thread. Frozen from now on.",
            "Comparing 2 of 2: ThreadPoolExecutor. Try it: click, type, scroll.",
        ]


def test_what_is_announced_is_painted_before_the_first_task(stage: Stage) -> None:
    """However busy the machine is: the frame does not wait for its turn."""
    with stage.app([*TINY, "--blocking"]) as app:
        painted: list[str] = []
        label = app.window.header._hint
        watcher = Watcher(label, painted)
        app.window.start()
        assert painted[-1:] == ["Running on the GUI thread. Frozen from now on."], (
            "at once, and not with the next frame"
        )
        stage.wait_for_runs(app, 1)
        label.removeEventFilter(watcher)


class Watcher(QObject):
    """Notes which text a label shows whenever it is painted."""

    def __init__(self, label: QLabel, painted: list[str]) -> None:
        super().__init__()
        self._label, self._painted = label, painted
        label.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: Any) -> bool:
        if event.type() == event.Type.Paint:
            self._painted.append(self._label.text())
        return False
