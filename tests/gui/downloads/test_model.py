"""The list of downloads: what a row says, by the file and by a run, filters, and what ten thousand cost."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt

from gui.downloads.model import LEFT, NAME, PROGRESS, SIZE, SPEED, STATE, WHY, DownloadsModel
from gui.downloads.run_progress import DownloadPace, Live
from gui.downloads.state import FILTERS, Listing, State, file_of, list_items
from gui.downloads.texts import details
from gui.downloads.view import DownloadsView
from tests.support.download_queues import make_queue_run
from tests.support.planned_runs import TRACEBACK, carry_out, tell
from tests.support.steps import finish
from workers.downloads.order import Saved
from workers.downloads.queue import Item
from workers.engine.task import Phase

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

    from gui.theme.theme import Theme
    from workers.engine.run import Run


def made_item(number: int, state: str = "waiting", **parts: Any) -> Item:
    url = f"https://example.org/pictures/{number:05}.jpg"
    return Item(number, url, "/files", "", state, "", 0, "", 0)._replace(**parts)


def made_listing(items: list[Item]) -> Listing:
    listing: Listing = finish(list_items(items))[1]
    return listing


def mixed() -> Listing:
    return made_listing(
        [
            made_item(3, "done", name="a.jpg", size=2000),
            made_item(5, "failed", why="The server has no such picture.", tried=2),
            made_item(6, "promised", name="b.jpg", size=10),
            *(made_item(number) for number in range(8, 12)),
        ]
    )


def follow(model: DownloadsModel, *, first: int = 0) -> Run:
    run = make_queue_run("q", [8, 9, 10], first)
    model.follow(Live(run))
    return run


@pytest.fixture
def model(qapp: QApplication) -> DownloadsModel:
    made = DownloadsModel()
    made.show_listing(mixed())
    return made


def states(model: DownloadsModel) -> list[State]:
    return [model.state(row) for row in range(model.rowCount())]


def test_a_row_says_what_the_file_knows(model: DownloadsModel, qtmodeltester: Any) -> None:
    done, failed, promised, waiting = (model.cells(row) for row in range(4))
    assert (done.texts[NAME], done.texts[STATE], done.texts[SIZE]) == ("a.jpg", "✓ Done", "2.0 kB")
    assert (done.texts[PROGRESS], done.share) == ("100 %", 1.0)
    assert failed.texts[NAME] == "example.org/pictures/00005.jpg"
    assert failed.texts[STATE] == "✕ Failed"
    assert promised.texts[STATE] == waiting.texts[STATE] == "○ Waiting"
    assert waiting.texts[PROGRESS:] == ("", "", "", "", "")
    assert failed.texts[WHY] == "The server has no such picture."
    assert model.why(1) == "The server has no such picture."
    tip = model.data(model.index(1, NAME), Qt.ItemDataRole.ToolTipRole)
    assert tip == "https://example.org/pictures/00005.jpg\nThe server has no such picture."
    qtmodeltester.check(model)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("p/%E5%86%99%E7%9C%9F%203.gif", "写真 3.gif"),
        ("a%2Fb/c%20d.tar.gz?x=1", "c d.tar.gz"),
        ("", "example.org"),
    ],
)
def test_a_row_that_waits_shows_the_name_and_its_tip_the_address(
    model: DownloadsModel, path: str, name: str
) -> None:
    url = f"https://example.org/{path}"
    model.show_listing(made_listing([made_item(1, url=url), made_item(2, "failed", url=url, why="No.")]))
    assert model.cells(0).texts[NAME] == name
    assert model.data(model.index(0, NAME), Qt.ItemDataRole.ToolTipRole) == url
    assert "%" not in model.cells(1).texts[NAME]


def test_a_run_is_laid_over_what_the_file_says(model: DownloadsModel) -> None:
    run = follow(model, first=100)
    carry_out(run, 0, amount=4000.0)
    carry_out(run, 1, Phase.FAILED)
    tell(run, 2, Phase.STARTED, at=1.0)
    tell(run, 2, Phase.PROGRESS, at=2.0, amount=500.0)
    assert model.advance(0.0)
    assert states(model)[3:] == [State.DONE, State.FAILED, State.RUNNING, State.WAITING]
    done, failed, running = (model.cells(row) for row in range(3, 6))
    assert (done.texts[SIZE], done.texts[SPEED], done.share) == ("4.0 kB", "4.0 kB/s", 1.0)
    assert failed.texts[STATE] == "✕ Failed"
    assert model.why(4) == "it said: 503"
    assert (running.texts[PROGRESS], running.texts[SPEED], running.share) == ("0.5 kB", "0.5 kB/s", None)
    assert not model.advance(0.1)
    assert [model.count(wanted) for _, wanted in FILTERS] == [7, 2, 1, 2, 2]
    assert TRACEBACK.strip().endswith("it said: 503")


def test_a_known_size_gives_a_share_and_a_time(model: DownloadsModel) -> None:
    listing = mixed()
    items = [item._replace(size=1000) if item.id == 8 else item for item in listing.items]
    model.show_listing(made_listing(items))
    run = follow(model)
    tell(run, 0, Phase.STARTED, at=1.0)
    tell(run, 0, Phase.PROGRESS, at=2.0, amount=250.0)
    model.advance(0.0)
    cells = model.cells(3)
    assert (cells.share, cells.texts[PROGRESS], cells.texts[SIZE], cells.texts[LEFT]) == (
        0.25,
        "25 %",
        "1.0 kB",
        "3 s",
    )
    tell(run, 0, Phase.PROGRESS, at=3.0, amount=5000.0)
    assert model.cells(3).texts[PROGRESS] == "99 %", "not at its end before it is"


def test_what_a_cancel_ended_waits_again(model: DownloadsModel) -> None:
    run = follow(model)
    tell(run, 0, Phase.STARTED)
    model.advance(0.0)
    assert states(model)[3] is State.RUNNING
    tell(run, 0, Phase.CANCELLED, at=1.0)
    run.recorder.cancel_queued(run.started + 1)
    assert model.advance(0.1)
    assert states(model)[3:] == [State.WAITING] * 4


def test_a_task_that_is_paused_alone_is_told(model: DownloadsModel) -> None:
    run = follow(model, first=7)
    live = model.live
    assert live is not None
    assert live.number(9) == 8
    run.control.pause_task(8)
    assert live.is_held(9)
    assert model.cells(4).texts[STATE] == "‖ Paused", "it has not begun"
    tell(run, 0, Phase.STARTED)
    tell(run, 0, Phase.PAUSED, at=1.0)
    model.advance(0.0)
    assert model.cells(3).texts[STATE] == "‖ Paused"
    assert model.count((State.RUNNING, State.PAUSED)) == 1
    carry_out(run, 1)
    model.advance(0.1)
    assert live.number(9) is None
    assert live.number(11) is None


def test_a_reason_is_told_without_the_name_that_stands_beside_it(model: DownloadsModel) -> None:
    run = follow(model)
    error = "workers.transport.errors.DownloadError: 00009.jpg: It broke off (tried 4 times)."
    told = f"Traceback (most recent call last):\n{error}\n"
    tell(run, 1, Phase.STARTED)
    tell(run, 1, Phase.FAILED, detail=told)
    model.advance(1.0)
    assert model.why(4) == "It broke off (tried 4 times)."
    item = model.item(4)._replace(tried=2)
    assert details(item, State.FAILED, model.why(4)) == (
        f"It broke off (tried 4 times). It failed in 2 runs.\n{item.url}"
    )


def test_what_is_retried_in_a_run_is_new_to_it(model: DownloadsModel) -> None:
    run = follow(model)
    carry_out(run, 0, Phase.FAILED)
    model.advance(0.0)
    live = model.live
    assert live is not None
    assert live.new([9, 11]) == [11]
    model.forget([8])
    model.show_listing(mixed())
    assert states(model)[3] is State.WAITING
    assert live.new([8, 9, 11]) == [8, 11]
    assert model.why(3) == ""


def test_bytes_of_what_is_done_count_once(model: DownloadsModel) -> None:
    run = follow(model)
    carry_out(run, 0, amount=4000.0)
    tell(run, 1, Phase.STARTED)
    tell(run, 1, Phase.PROGRESS, at=1.0, amount=300.0)
    model.advance(0.0)
    live = model.live
    assert live is not None
    assert (model.listing.done_bytes, live.bytes_running) == (6000, 300.0)
    items = [item._replace(state="done", size=4000) if item.id == 8 else item for item in mixed().items]
    model.show_listing(made_listing(items))
    assert live.bytes_running == 300.0
    assert model.listing.sizes == [2000, 4000]


def test_an_end_is_told_once_and_outlives_a_file_that_was_read_before(model: DownloadsModel) -> None:
    run = follow(model)
    carry_out(run, 0, amount=4000.0, detail=Saved("nice.jpg", 4000))
    carry_out(run, 1, Phase.FAILED)
    for _ in range(2):
        model.advance(0.0)
        done, failed = model.item(3), model.item(4)
        assert (done.name, done.size, done.tried, model.listing.sizes) == ("nice.jpg", 4000, 1, [2000, 4000])
        assert file_of(done) == Path("/files/nice.jpg")
        assert (model.state(4), model.why(4)) == (State.FAILED, "it said: 503")
        assert failed.state == "waiting", (
            "only the file knows whether it waits: its worker may have been killed"
        )
        model.show_listing(mixed())


def test_a_long_file_s_length_is_asked_for(model: DownloadsModel) -> None:
    run = follow(model)
    live = model.live
    assert live is not None
    tell(run, 0, Phase.STARTED)
    for amount, wanted in ((1000.0, False), (2e6, True)):
        tell(run, 0, Phase.PROGRESS, amount=amount)
        model.advance(0.0)
        assert live.lacks_lengths(model.listing) is wanted
    items = [item._replace(size=9_000_000) if item.id == 8 else item for item in mixed().items]
    model.show_listing(made_listing(items))
    assert not live.lacks_lengths(model.listing)


def test_a_pace_forgets_what_is_long_ago() -> None:
    pace = DownloadPace(3.0)
    assert pace.per_s == 0.0
    for second in range(10):
        pace.note(second, 1000.0 * min(second, 5))
    assert pace.per_s == 0.0
    pace.note(10.0, 8000.0)
    assert pace.per_s == 1000.0


def test_filters_let_through_what_they_say(model: DownloadsModel) -> None:
    assert [name for name, _ in FILTERS] == ["All", "Waiting", "Running", "Failed", "Done"]
    model.show_only((State.WAITING,))
    assert [model.item(row).id for row in range(model.rowCount())] == [6, 8, 9, 10, 11]
    assert (model.row_of(9), model.row_of(3), model.row_of(99)) == (2, -1, -1)
    run = follow(model)
    carry_out(run, 1)
    model.advance(0.0)
    model.show_only((State.WAITING,))
    assert [model.item(row).id for row in range(model.rowCount())] == [6, 8, 10, 11]
    model.show_listing(made_listing([*mixed().items, made_item(20)]))
    assert [model.item(row).id for row in range(model.rowCount())] == [6, 8, 10, 11, 20]
    model.show_only(None)
    assert model.rowCount() == 8


def test_the_selection_outlives_what_leaves_the_list(model: DownloadsModel, qtbot: QtBot, theme: Theme) -> None:
    view = DownloadsView(theme, model)
    qtbot.addWidget(view)
    view.select_ids([5, 8, 9, 11])
    assert view.selected_rows() == [(1, 1), (3, 4), (6, 6)]
    assert view.selected_ids() == [5, 8, 9, 11]
    with view.keeping_selection():
        model.show_listing(made_listing(list(mixed().items[2:])))
    assert view.selected_ids() == [8, 9, 11]
    model.show_listing(made_listing([*mixed().items[2:], made_item(20)]))
    assert view.selected_ids() == [8, 9, 11], "rows that stay keep it by themselves"


def test_columns_go_where_there_is_little_room(model: DownloadsModel, qtbot: QtBot, theme: Theme) -> None:
    view = DownloadsView(theme, model)
    qtbot.addWidget(view)
    hidden = []
    for width in (1100, 900, 520, 440, 360):
        view.resize(width, 200)
        view.show()
        hidden.append([column for column in range(model.columnCount()) if view.isColumnHidden(column)])
        assert sum(view.columnWidth(column) for column in range(model.columnCount())) >= view.viewport().width()
    assert hidden[0] == []
    assert hidden == sorted(hidden, key=len)
    assert hidden[-1] == [SIZE, SPEED, LEFT, WHY]


def test_reasons_have_a_column_where_there_are_any(theme: Theme, qtbot: QtBot) -> None:
    model = DownloadsModel()
    view = DownloadsView(theme, model)
    qtbot.addWidget(view)
    view.resize(1000, 200)
    view.show()
    assert view.isColumnHidden(WHY)
    model.show_listing(made_listing([made_item(1), made_item(2, "failed")]))
    view.fit_columns()
    assert not view.isColumnHidden(WHY)
    assert view.columnWidth(WHY) > 200
    assert view.horizontalScrollBar().maximum() == 0


def test_ten_thousand_are_shown_and_brought_up_to_date_in_no_time(theme: Theme, qtbot: QtBot) -> None:
    listing = made_listing([made_item(number) for number in range(1, 10_001)])
    model = DownloadsModel()
    view = DownloadsView(theme, model)
    qtbot.addWidget(view)
    view.resize(660, 240)
    view.show()
    run = make_queue_run("q", [item.id for item in listing.items])
    live = Live(run)
    spent: dict[str, float] = {}

    def timed(what: str, *steps: Any) -> None:
        began = time.thread_time()
        for step in steps:
            step()
        spent[what] = min(spent.get(what, 1.0), time.thread_time() - began)

    for _ in range(3):  # the best of three, and of this thread alone: what another program takes is not ours
        timed("reset", lambda: model.show_listing(made_listing([])), lambda: model.show_listing(listing))
        timed("again", lambda: model.show_listing(listing))
    model.follow(live)
    for index in range(5_000):
        carry_out(run, index, amount=2e5)
    timed("5,000 in one look", lambda: model.advance(1.0))
    for index in range(5_000, 5_033):
        carry_out(run, index, amount=2e5)
        timed("refresh", lambda: model.advance(2.0), lambda: model.look(0, 12, 2.0), view.viewport().repaint)
    view.selectAll()
    for _ in range(3):
        model.show_only(None)
        timed("filter", lambda: model.show_only((State.DONE,)))
        assert model.rowCount() == 5_033
        timed("listing while filtered", lambda: model.show_listing(listing))
        timed("painting", view.repaint)
    slow = {what: f"{took * 1e3:.1f} ms" for what, took in spent.items() if took > 0.010}
    assert not slow.keys() - {"5,000 in one look"}, slow
