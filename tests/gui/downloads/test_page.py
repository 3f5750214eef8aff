"""The Downloads tab: addresses come in by every way, a run is followed, and what is left is offered."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QFileDialog, QLabel, QPushButton, QVBoxLayout, QWidget

import gui.forms.fit
from gui.controllers.catalog import Catalog
from gui.downloads.page import DownloadsPage
from gui.downloads.run_progress import Live
from gui.downloads.settings import WORKERS
from gui.downloads.state import FILTERS, State
from gui.forms.runner_box import FREEZES
from gui.process.preferences import Preferences
from gui.theme.theme import Theme
from gui.widgets.panels import fill
from gui.window.status_bar import StatusStrip
from tests.support.download_queues import make_queue, make_queue_run, promise, urls
from tests.support.planned_runs import carry_out, tell
from tests.support.tab_order import check_order, tab_stops
from workers.catalog import lookup
from workers.downloads.order import Saved
from workers.downloads.queue import DownloadQueue
from workers.engine.run import Run
from workers.engine.task import Control, Phase
from workers.engine.time_left import TimeLeft
from workers.utils import file_lock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from gui.controllers.core import Core
    from gui.downloads.state import Listing
    from workers.engine.plan import Settings


class Bench:
    """A tab, what it asked for, and what it opened."""

    def __init__(self, qtbot: QtBot, theme: Theme, path: Path, preferences: Preferences | None = None) -> None:
        self._qtbot, self.path = qtbot, path
        self.opened: list[str] = []
        self.may_start, self.time_left = True, TimeLeft()
        self.control, self.preferences = Control(), preferences or Preferences(lasting=False)
        core = SimpleNamespace(
            gate=None,
            time_left=self.time_left,
            director=SimpleNamespace(toggle_pause=lambda: None),
            cancel=lambda: None,
            session=self.control,
            catalog=Catalog(),
            may_start=lambda: self.may_start,
        )
        self.tab = DownloadsPage(cast("Core", core), theme, self.preferences, path, self._open)
        self.starts: list[Settings] = []
        self.said: list[str] = []
        self.tab.start_requested.connect(self.starts.append)
        self.tab.said.connect(self.said.append)
        if preferences is None:
            self.tab.intake.set_folder(str(path.parent / "files"))
        qtbot.addWidget(self.tab)
        self.tab.resize(940, 330)

    def _open(self, url: QUrl) -> bool:
        self.opened.append(url.toLocalFile())
        return True

    def settle(self) -> None:
        """Wait until the queue's thread has done all that it was asked."""
        self._qtbot.waitUntil(lambda: not self.tab.queue_thread.is_busy)

    def show(self) -> Bench:
        """Show the tab, which opens the queue."""
        with self._qtbot.waitExposed(self.tab):
            self.tab.show()
        self.settle()
        return self

    def run(self, items: list[int], first: int = 0) -> Run:
        """Begin a run over some items, and let the tab follow it."""
        run = make_queue_run(str(self.path), items, first)
        self.tab.show_run(run)
        self.settle()
        return run

    def look(self, run: Run) -> None:
        """Let the tab look at the run, whenever it did last."""
        self.tab.list.refresh_throttle.reset()
        self.tab.refresh()

    def end(self, run: Run) -> None:
        """End a run."""
        run.ended = time.perf_counter()
        self.tab.refresh(at_once=True)
        self.settle()

    @property
    def answer(self) -> str:
        """What the page says came of what was added."""
        return self.tab.intake.answer.text()

    @property
    def counts(self) -> list[str]:
        """What the filter says."""
        return [self.tab.list.filter.tabText(at) for at in range(len(FILTERS))]

    @property
    def urls(self) -> list[str]:
        """What is in the list."""
        return [item.url for item in self.tab.list.model.listing.items]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "queue.sqlite"


@pytest.fixture(scope="module")
def theme(qapp: QApplication) -> Theme:
    """One for all: dressing the application takes longer than most of these tests."""
    return Theme(qapp)


@pytest.fixture
def bench(qtbot: QtBot, theme: Theme, path: Path) -> Iterator[Bench]:
    made = Bench(qtbot, theme, path)
    yield made
    assert made.tab.queue_thread.close(5.0)


def mime(text: str = "", files: list[Path] | None = None, web: list[str] | None = None) -> QMimeData:
    data = QMimeData()
    if text:
        data.setText(text)
    if files or web:
        data.setUrls(
            [*(QUrl.fromLocalFile(str(file)) for file in files or ()), *(QUrl(url) for url in web or ())]
        )
    return data


# ---------------------------------------------------------------- addresses come in


def test_nothing_is_opened_before_the_tab_is_seen(bench: Bench, path: Path) -> None:
    bench.tab.refresh()
    bench.tab.show_run(None)
    assert not path.exists()
    bench.show()
    assert path.exists()
    assert bench.tab.list._stack.currentIndex() == 0, "what will appear here, and how"
    assert not bench.tab.intake.start.isEnabled()
    assert bench.tab.intake.start.toolTip() == "Nothing waits: add addresses first."


def test_a_line_takes_an_address_as_people_type_it(bench: Bench) -> None:
    bench.show()
    line = bench.tab.intake.line
    QTest.keyClicks(line, "example.org/a.jpg")
    QTest.keyClick(line, Qt.Key.Key_Return)
    bench.settle()
    assert bench.urls == ["https://example.org/a.jpg"]
    assert line.text() == ""
    assert bench.answer == "Added 1 address."
    QTest.keyClicks(line, "hello")
    QTest.keyClick(line, Qt.Key.Key_Return)
    bench.settle()
    assert line.text() == "hello"
    assert (
        bench.tab.intake.answer.text()
        == "There is no address in that text: each begins with http:// or https://."
    )


@pytest.mark.parametrize("where", ["line", "list", "nothing", "number", "beside"])
def test_what_is_on_the_clipboard_is_pasted_wherever_the_focus_is(
    bench: Bench, qtbot: QtBot, path: Path, where: str
) -> None:
    make_queue(path, waiting=1)
    window, beside = QWidget(), QPushButton("of another part of the window")
    qtbot.addWidget(window)
    fill(QVBoxLayout(window), beside, bench.tab)
    window.show()
    bench.show()
    window.activateWindow()
    intake = bench.tab.intake
    targets = {"line": intake.line, "list": bench.tab.list.view, "number": intake.settings.place.workers}
    target = targets.get(where, beside)
    target.setFocus()
    if where == "nothing":
        beside.clearFocus()
    QGuiApplication.clipboard().setText("\n".join(urls(3, first=2)))
    QTest.keyClick(target, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    bench.settle()
    assert bench.urls == urls(4)
    assert bench.answer == "Added 3 addresses."
    bench.tab.hide()
    beside.setFocus()
    QGuiApplication.clipboard().setText("\n".join(urls(5)))
    QTest.keyClick(beside, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    bench.settle()
    assert bench.urls == urls(4), "another page is in front"
    bench.tab.setParent(None)  # it is closed after the window


def test_a_field_that_takes_text_takes_what_is_pasted(bench: Bench) -> None:
    intake = bench.show().tab.intake
    bench.tab.activateWindow()
    for field in (intake.folder, intake.settings.place.workers):
        field.setFocus()
        field.selectAll()
        QGuiApplication.clipboard().setText("12")
        QTest.keyClick(field, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
        assert field.text() == "12"
    assert bench.said == []


def test_a_button_pastes_as_well(bench: Bench) -> None:
    bench.show()
    QGuiApplication.clipboard().setText("\n".join(urls(3)))
    bench.tab.intake.paste.click()
    bench.settle()
    assert bench.answer == "Added 3 addresses."


def test_a_clipboard_without_addresses_says_so(bench: Bench) -> None:
    bench.show()
    QGuiApplication.clipboard().setText("a shopping list")
    bench.tab.paste()
    assert bench.answer == "There is no address in that text: each begins with http:// or https://."
    QGuiApplication.clipboard().clear()
    bench.tab.paste()
    assert bench.answer == "There is no text on the clipboard: copy one with addresses first."
    assert bench.said == []  # nothing is to be read twice
    bench.tab.hide()
    bench.tab.paste()
    assert bench.said == [bench.answer]


def test_texts_addresses_and_files_can_be_dropped(bench: Bench, tmp_path: Path) -> None:
    bench.show()
    table, picture = tmp_path / "list.csv", tmp_path / "a.jpg"
    table.write_text("name,url\na,https://example.org/from-file.jpg\n", encoding="utf-8")
    picture.write_bytes(b"")
    for data, wanted in (
        (mime("see https://example.org/text.jpg"), True),
        (mime("https://example.org/link.jpg", web=["https://example.org/link.jpg"]), True),
        (mime(files=[table, picture]), True),
        (mime(files=[picture]), False),
        (mime("nothing"), False),
    ):
        assert bench.tab.take_mime(data) is wanted
        bench.settle()
    assert bench.urls == [f"https://example.org/{name}.jpg" for name in ("text", "link", "from-file")]
    assert bench.answer == "Added 1 address of list.csv."


def test_a_file_and_the_sample_list_can_be_chosen(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "page.html"
    page.write_text("<p>no links</p>", encoding="utf-8")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *arguments: (str(page), ""))
    bench.show()
    bench.tab.intake.file.click()
    bench.settle()
    assert bench.answer == "There is no address in page.html: each begins with http:// or https://."
    bench.tab.intake.sample.click()
    bench.settle()
    assert bench.answer == (
        "Added 10 addresses of the sample list. "
        "Start downloads fetches them over the network, from images.unsplash.com."
    )
    assert bench.starts == [], "nothing is fetched by that"
    with monkeypatch.context() as patched:
        patched.delitem(sys.modules, "workers.downloads.addresses")
        patched.setattr(bench.tab.queue_thread, "add_addresses", lambda what, folder: None)
        bench.tab.take_sample()
        assert "workers.downloads.addresses" not in sys.modules, "its regular expressions are for the thread"
    bench.tab.take_sample()
    bench.settle()
    assert bench.answer == "All 10 addresses of the sample list are in the list already."


def test_ten_thousand_are_taken_without_a_freeze(bench: Bench, qtbot: QtBot) -> None:
    bench.show()
    text = "\n".join(urls(10_000))
    began, of_all = time.thread_time(), time.process_time()  # what others do on this machine does not count
    bench.tab.take(text)
    returned = time.thread_time() - began
    with qtbot.waitSignal(bench.tab.queue_thread.added):
        pass
    accepted = time.process_time() - of_all
    bench.settle()
    assert returned < 0.05
    assert accepted < 1.0
    assert bench.answer == "Added 10,000 addresses."
    assert bench.counts[:2] == ["All 10,000", "Waiting 10,000"]


# ---------------------------------------------------------------- the queue


def test_what_is_left_from_last_time_is_told(bench: Bench, path: Path) -> None:
    make_queue(path, waiting=12, done=26, failed=2)
    bench.show()
    assert bench.tab.intake.state.text() == "12 of 40 are left from last time."
    assert bench.counts == ["All 40", "Waiting 12", "Running 0", "Failed 2", "Done 26"]
    assert bench.tab.list.bar.label.text() == "26 of 40 done, 2 failed · 351 kB"
    assert bench.tab.intake.start.isEnabled()


def test_a_list_that_another_program_has_can_only_be_read(
    bench: Bench, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_queue(path, waiting=2, done=1, failed=1)
    intake, rows = bench.tab.intake, bench.tab.list
    with monkeypatch.context() as patch:
        patch.setattr(file_lock, "take", lambda path: False)
        bench.show()
        assert intake.state.text().startswith("Another Thaw has this list of downloads.")
        assert (intake.start.text(), intake.start.isEnabled()) == ("Try again", True)
        assert not intake.line.isEnabled()
        bench.tab.take("https://example.org/1.jpg")
        assert bench.answer == "Nothing was added to the list."
        assert bench.said == [], "why not, stands above Start, and once is enough"
        assert rows.retry.isHidden()
        assert rows.clear.isHidden()
        bench.tab.take(urls(9)[8])
        rows.view.selectAll()
        rows.actions_of_rows.remove_selected()
        intake.start.click()
        bench.settle()
        assert bench.tab.list.model.rowCount() == 4
        assert bench.starts == []
    intake.start.click()
    bench.settle()
    assert intake.line.isEnabled()
    assert not rows.retry.isHidden()
    assert (intake.start.text(), intake.start.isEnabled()) == ("Start downloads", True)


def test_a_filter_shows_one_state(bench: Bench, path: Path) -> None:
    make_queue(path, waiting=2, done=1, failed=1)
    bench.show()
    rows = bench.tab.list
    shown = []
    for at in range(len(FILTERS)):
        rows.filter.setCurrentIndex(at)
        shown.append([rows.model.item(row).id for row in range(rows.model.rowCount())])
    assert shown == [[1, 2, 3, 4], [3, 4], [], [2], [1]]
    rows.filter.setCurrentIndex(2)
    assert rows._rows.currentIndex() == 0, "an empty page says that there is nothing"


def test_the_whole_reason_is_told_of_the_selected_row(bench: Bench, path: Path) -> None:
    make_queue(path, waiting=1, done=1, failed=1)
    bench.show()
    rows = bench.tab.list
    assert rows.details.isHidden()
    rows.view.select_ids([2])
    assert rows.details.text() == f"The server has no such picture.\n{urls(2)[1]}"
    rows.view.select_ids([1])
    assert rows.details.text() == f"{path.parent / 'files' / '1.jpg'}  (1.0 kB, from {urls(1)[0]})"
    rows.view.selectAll()
    assert rows.details.text() == "3 selected: 1 waiting, 1 failed, 1 done."


def test_items_are_removed_cleared_copied_and_opened(bench: Bench, path: Path) -> None:
    make_queue(path, waiting=2, done=2, failed=0)
    bench.show()
    files = path.parent / "files"
    files.mkdir()
    (files / "1.jpg").write_bytes(b"")
    rows = bench.tab.list
    rows.view.select_ids([1, 3])
    QTest.keyClick(rows.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    rows.actions_of_rows.copy.trigger()
    assert QGuiApplication.clipboard().text() == "\n".join([urls(1)[0], urls(3)[2]])
    rows.view.doubleClicked.emit(rows.model.index(0, 0))
    rows.view.doubleClicked.emit(rows.model.index(1, 0))
    rows.view.doubleClicked.emit(rows.model.index(2, 0))
    assert list(map(Path, bench.opened)) == [files / "1.jpg"]
    assert bench.said == [
        f"{files / '2.jpg'} is not there any more: try the address again to fetch it anew.",
        "There is no file of this address yet: it can be opened when it is done.",
    ]
    bench.tab.intake.show_folder.click()
    assert bench.opened[-1] == str(files)
    rows.view.select_ids([3])
    rows.view.setFocus()
    rows.actions_of_rows.remove.trigger()
    bench.settle()
    assert bench.counts[:2] == ["All 3", "Waiting 1"]
    rows.clear.click()
    bench.settle()
    assert bench.counts[0] == "All 1"
    assert (files / "1.jpg").exists()


def test_a_program_is_never_opened(bench: Bench, path: Path) -> None:
    bench.show()
    program = path.parent / "run me.desktop"
    program.write_text("", encoding="utf-8")
    bench.tab.list.actions_of_rows.open_path(program)
    assert list(map(Path, bench.opened)) == [path.parent]
    assert bench.said == ["run me.desktop may be a program, so Thaw does not open it: here is its folder."]


def test_another_folder_takes_what_waits(bench: Bench, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_queue(path, waiting=2, done=1)
    bench.show()
    other = path.parent / "other"
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *arguments: str(other))
    bench.tab.intake.choose.click()
    bench.settle()
    assert bench.answer == f"2 waiting downloads will be saved to {other}."
    assert [item.folder for item in bench.tab.list.model.listing.items] == [
        str(path.parent / "files"),
        *[str(other)] * 2,
    ]
    assert not other.exists(), "it is made when a run starts"


def test_a_click_beside_the_fields_takes_the_folder_that_was_typed(bench: Bench, path: Path) -> None:
    make_queue(path, waiting=2)
    folder = bench.show().tab.intake.folder
    folder.setFocus()
    folder.selectAll()
    QTest.keyClicks(folder, str(path.parent / "new"))
    QTest.mouseClick(bench.tab.intake._inner, Qt.MouseButton.LeftButton, pos=QPoint(2, 2))
    bench.settle()
    assert {item.folder for item in bench.tab.list.model.listing.items} == {str(path.parent / "new")}


def test_the_folder_is_remembered(bench: Bench, qtbot: QtBot, theme: Theme, path: Path) -> None:
    bench.tab.intake.set_folder("")
    assert bench.tab.intake.chosen_folder.endswith("Thaw")
    bench.tab.intake.folder.setText("~/some/where")
    bench.tab.remember()
    other = Bench(qtbot, theme, path, bench.preferences)
    assert Path(other.tab.intake.chosen_folder) == Path(str(bench.preferences.read("downloads_folder")))
    assert other.tab.intake.folder.text() == "~/some/where"
    assert "~" not in other.tab.intake.chosen_folder


# ---------------------------------------------------------------- runs


def test_start_makes_the_folder_and_asks_for_a_run(bench: Bench, path: Path) -> None:
    make_queue(path, waiting=2)
    bench.show()
    bench.may_start = False
    bench.tab.intake.start.click()
    bench.settle()
    assert bench.starts == [], "the click was made in a freeze"
    bench.may_start = True
    bench.tab.intake.start.click()
    bench.tab.intake.start.click()
    bench.settle()
    [start] = bench.starts
    assert (start.runner, start.workload, start.tasks, start.workers) == ("thread_pool", "download", 2, WORKERS)
    given = {"urls": "", "queue": str(path), "folder": str(path.parent / "files")}
    assert dict(start.params) == {
        **{field.name: field.default for field in start.workload_entry.fields},
        **given,
    }
    assert (path.parent / "files").is_dir()
    assert bench.tab.intake.state.text() == ""


def test_the_room_has_settings_of_its_own_and_keeps_them(
    bench: Bench, path: Path, qtbot: QtBot, theme: Theme
) -> None:
    make_queue(path, waiting=2)
    settings = bench.show().tab.intake.settings
    assert settings.place.menu.choose("gui_thread")
    assert settings.place.when.text() == FREEZES
    assert settings.place.menu.choose("qthread")
    settings.place.workers.setValue(3)
    assert not settings.details.isVisible()
    settings.more.line.click()
    assert settings.details.isVisible()
    assert not {"urls", "queue", "folder"} & set(settings.details.values())
    assert {"limit", "limit_each", "headers", "ca_file"} <= set(settings.details.values())
    settings.details.set_values({"tries": 9})
    intake = bench.tab.intake
    intake.resize(300, 1200)  # nothing is scrolled out of sight
    stops = [stop for stop in tab_stops(bench.tab) if intake.isAncestorOf(stop)]
    assert {settings.place.menu, settings.more.line, intake.start} <= set(stops)
    check_order(stops, bench.tab)
    bench.tab.intake.start.click()
    bench.settle()
    [start] = bench.starts
    assert (start.runner, start.workers, dict(start.params)["tries"]) == ("qthread", 3, 9)
    bench.tab.remember()
    again = Bench(qtbot, theme, path.with_name("other.sqlite"), bench.preferences).tab.intake.settings
    assert again.for_run(2, "", "") == settings.for_run(2, "", "")
    assert again.more.is_open
    bench.preferences.write("download_settings", '{"runner": 3, "workers": 0, "params": [], "more": 1}')
    unread = Bench(qtbot, theme, path.with_name("third.sqlite"), bench.preferences).tab.intake.settings
    assert (unread.place.runner, unread.place.workers.value()) == ("thread_pool", WORKERS)


def test_beside_start_stands_where_it_runs(bench: Bench, path: Path) -> None:
    make_queue(path, waiting=2)
    intake, runners, works = bench.show().tab.intake, lookup.runners(), lookup.workloads()
    assert intake.where.text() == "Runs on ThreadPoolExecutor."
    bench.tab.show_choice(runners["gui_thread"], works["download"])
    assert intake.where.text() == "Runs on ThreadPoolExecutor: the switch above is for Live."
    intake.start.click()
    bench.settle()
    assert bench.starts[0].runner == "thread_pool", "whatever that switch says"
    intake.settings.place.menu.choose("gui_thread")
    assert intake.where.text() == "Runs on the GUI thread, as chosen here: the window freezes."
    intake.start.click()
    bench.settle()
    assert bench.starts[1].runner == "gui_thread"


def test_which_files_are_kept_is_chosen_by_the_list(
    bench: Bench, path: Path, qtbot: QtBot, theme: Theme
) -> None:
    make_queue(path, waiting=2)
    bench.show()
    kinds = bench.tab.list.kinds
    [switch] = kinds.findChildren(QCheckBox)
    assert switch.text() == "Only pictures"
    assert switch.isVisible()
    assert switch.isChecked()
    said = [label.text() for label in bench.tab.list.findChildren(QLabel) if label.isVisible()]
    assert "What is no picture is refused." in said
    assert "only_pictures" not in bench.tab.intake.settings.details.values()
    switch.click()
    said = [label.text() for label in bench.tab.list.findChildren(QLabel) if label.isVisible()]
    assert "Any file is kept as it comes." in said
    bench.tab.intake.start.click()
    bench.settle()
    assert dict(bench.starts[0].params)["only_pictures"] is False
    bench.tab.resize(940, 1200)  # nothing is scrolled out of sight
    check_order(tab_stops(bench.tab), bench.tab)
    bench.tab.remember()
    again = Bench(qtbot, theme, path.with_name("other.sqlite"), bench.preferences)
    assert again.tab.list.kinds.values() == {"only_pictures": False}


def test_the_time_left_is_the_one_that_the_foot_says(
    bench: Bench, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_queue(path, waiting=4)
    bench.show()
    run = bench.run([1, 2, 3, 4])
    carry_out(run, 0, amount=3000.0)
    monkeypatch.setattr(run, "settings", run.settings._replace(workers=1))
    monkeypatch.setattr(Run, "wall_s", 20.0)
    strip = StatusStrip(bench.time_left)
    strip.show_progress(run)
    bench.look(run)
    assert strip.counts.text().endswith(", about 60 s left")
    assert bench.tab.list.bar.label.text().endswith(" · about 60 s left")


def test_a_runner_that_cannot_download_says_why_at_its_menu(
    bench: Bench, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_queue(path, waiting=2)
    bench.show()
    intake = bench.tab.intake
    monkeypatch.setattr(gui.forms.fit, "misfit", lambda *about, ask: "It has no network.")
    intake.settings.place.menu.choose("qthread")
    assert intake.settings.place.obstacle.text() == "✕ It has no network."
    assert (intake.start.isEnabled(), intake.start.toolTip()) == (False, "It has no network.")
    bench.tab.start()
    bench.settle()
    assert bench.starts == []
    assert bench.said == [], "once is enough"


def test_a_folder_that_cannot_be_made_starts_nothing(bench: Bench, path: Path) -> None:
    make_queue(path, waiting=2)
    bench.show()
    (path.parent / "file").write_text("", encoding="utf-8")
    bench.tab.intake.folder.setText(str(path.parent / "file" / "x"))
    bench.tab.intake.start.click()
    bench.settle()
    assert bench.starts == []
    assert "cannot be made" in bench.tab.intake.answer.text()
    assert bench.tab.intake.start.isEnabled()


def test_a_run_is_followed_as_it_goes(bench: Bench, path: Path) -> None:
    make_queue(path, waiting=4, done=1)
    bench.show()
    run = bench.run([2, 3, 4, 5], first=50)
    intake = bench.tab.intake
    assert (intake.start.isHidden(), intake.pause.isHidden(), intake.cancel.isHidden()) == (True, False, False)
    carry_out(run, 0, amount=3000.0)
    carry_out(run, 1, Phase.FAILED)
    tell(run, 2, Phase.STARTED, at=1.0)
    tell(run, 2, Phase.PROGRESS, at=2.0, amount=500.0)
    bench.look(run)
    assert bench.counts == ["All 5", "Waiting 1", "Running 1", "Failed 1", "Done 2"]
    assert bench.tab.list.bar.label.text().startswith("2 of 5 done, 1 failed, 1 running · 4.5 kB")
    bench.tab.list.view.select_ids([3])
    assert bench.tab.list.details.text() == f"it said: 503\n{urls(3)[2]}"
    run.control.pause()
    bench.look(run)
    assert intake.pause.text() == "Resume"
    assert bench.tab.list.bar.label.text() == "2 of 5 done, 1 failed · 4.5 kB · paused"


def test_a_run_of_something_else_is_not_followed(bench: Bench, path: Path) -> None:
    make_queue(path, waiting=1)
    bench.show()
    bench.tab.show_run(make_queue_run(str(path.parent / "other.sqlite"), [1]))
    bench.tab.set_free(False)
    intake = bench.tab.intake
    assert not intake.start.isHidden()
    assert not intake.start.isEnabled()
    assert intake.start.toolTip() == "Another run is going on: this one can begin when that has ended."
    bench.tab.set_free(True)
    assert intake.start.isEnabled()


def test_what_is_looked_at_and_how_often(bench: Bench, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_queue(path, waiting=2)
    bench.show()
    run = bench.run([1, 2])
    looks: list[float] = []
    advance = bench.tab.list.model.advance

    def look(now: float) -> bool:
        looks.append(now)
        return advance(now)

    monkeypatch.setattr(bench.tab.list.model, "advance", look)
    bench.tab.list.refresh_throttle.reset()
    for _ in range(30):
        bench.tab.refresh()
    assert len(looks) <= 2
    bench.tab.hide()
    bench.look(run)
    assert len(looks) <= 2, "nobody sees it"


def test_the_name_of_a_file_comes_with_its_end(bench: Bench, path: Path) -> None:
    make_queue(path, waiting=2)
    bench.show()
    run = bench.run([1, 2])
    carry_out(run, 0, amount=4.0, detail=Saved("nice.jpg", 4))
    bench.look(run)
    assert bench.tab.list.model.cells(0).texts[0] == "nice.jpg"
    assert bench.tab.list.model.state(0) is State.DONE
    assert not bench.tab.queue_thread.is_busy, "and nothing is read"


def test_what_another_process_made_of_an_item_is_right_at_the_end(bench: Bench, path: Path) -> None:
    make_queue(path, waiting=3)
    bench.show()
    run = bench.run([1, 2])
    carry_out(run, 0, amount=4.0, detail=Saved("nice.jpg", 4))
    bench.look(run)
    queue = DownloadQueue(path)
    queue.deliver(1, ["nice (2).jpg"], lambda name: None, 5)
    queue.failed(3, "It was not there.")
    queue.close()
    tell(run, 1, Phase.STARTED)
    tell(run, 1, Phase.CANCELLED, at=1.0)
    bench.end(run)
    rows = bench.tab.list
    assert [rows.model.state(row) for row in range(3)] == [State.DONE, State.WAITING, State.FAILED]
    assert (rows.model.cells(0).texts[0], rows.model.why(2)) == ("nice (2).jpg", "It was not there.")
    assert rows.bar.label.text() == "1 of 3 done, 1 failed · 5 bytes"


def test_how_long_a_large_file_will_be_is_read_meanwhile(bench: Bench, path: Path) -> None:
    make_queue(path, waiting=2)
    bench.show()
    run = bench.run([1, 2])
    queue = DownloadQueue(path)
    queue.set_validator(1, "tag", 4_000_000)
    queue.close()
    tell(run, 0, Phase.STARTED)
    tell(run, 0, Phase.PROGRESS, at=1.0, amount=2_000_000.0)
    bench.tab.follower.reload_throttle.reset()
    bench.look(run)
    bench.settle()
    assert bench.tab.list.model.cells(0).share == 0.5


def test_lengths_are_missed_only_when_the_queue_may_be_read_again(
    bench: Bench, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_queue(path, waiting=2)
    bench.show()
    run = bench.run([1, 2])
    tell(run, 0, Phase.STARTED)
    asked: list[Listing] = []
    monkeypatch.setattr(Live, "lacks_lengths", lambda live, listing: asked.append(listing))
    bench.tab.follower.reload_throttle.pause(600.0)
    bench.look(run)
    assert asked == []
    bench.tab.follower.reload_throttle.reset()
    bench.look(run)
    assert len(asked) == 1


def test_the_keys_go_from_start_to_pause_and_back(bench: Bench, path: Path) -> None:
    make_queue(path, waiting=3)
    intake = bench.show().tab.intake
    bench.tab.window().activateWindow()
    intake.start.setFocus()
    run = bench.run([1, 2])
    assert intake.pause.hasFocus()
    intake.cancel.setFocus()
    run.ended = run.started + 1.0
    bench.tab.refresh(at_once=True)
    bench.settle()
    assert intake.start.hasFocus()


def test_one_task_is_paused_and_goes_on(bench: Bench, path: Path, qtbot: QtBot) -> None:
    make_queue(path, waiting=3)
    bench.show()
    run = bench.run([1, 2, 3], first=10)
    bench.control.held = run.control.held
    view, rows = bench.tab.list.view, bench.tab.list.actions_of_rows
    tell(run, 1, Phase.STARTED)
    carry_out(run, 2)
    bench.look(run)
    view.select_ids([2])
    rows.prepare_menu()
    assert (rows.pause.text(), rows.pause.isEnabled()) == ("Pause (Space)", True)
    QTest.keyClick(view, Qt.Key.Key_Space)
    assert run.control.is_paused(11)
    assert not run.control.is_paused(10)
    rows.prepare_menu()
    assert rows.pause.text() == "Go on (Space)"
    view.select_ids([1, 2])
    QTest.keyClick(view, Qt.Key.Key_Space)
    assert run.control.is_paused(10), "one of them was not paused, so all are now"
    QTest.keyClick(view, Qt.Key.Key_Space)
    assert not run.control.held
    view.select_ids([3])
    QTest.keyClick(view, Qt.Key.Key_Space)
    assert bench.said == [
        "Paused 1 download; the others go on. Space resumes it.",
        "Paused 2 downloads; the others go on. Space resumes them.",
        "Resumed 2 downloads.",
        "Only what the run has not finished yet can be paused.",
    ]


def test_what_runs_stays_in_the_list(bench: Bench, path: Path) -> None:
    make_queue(path, waiting=3)
    bench.show()
    run = bench.run([1, 2])
    tell(run, 0, Phase.STARTED)
    bench.look(run)
    bench.tab.list.view.selectAll()
    bench.tab.list.actions_of_rows.remove_selected()
    bench.settle()
    assert bench.urls == urls(1)
    assert bench.said == ["What is being downloaded stays in the list: press Cancel first."]


def test_what_is_added_during_a_run_is_offered_at_its_end(bench: Bench, path: Path) -> None:
    make_queue(path, waiting=1)
    bench.show()
    run = bench.run([1])
    bench.tab.take("\n".join(urls(3, first=5)))
    bench.settle()
    intake = bench.tab.intake
    assert intake.state.text() == (
        "3 were added during this run. They begin with the next one: Start offers it at the end."
    )
    queue = DownloadQueue(path)
    promise(queue, 1, "1.jpg", 9)
    queue.done(1, "1.jpg", 9)
    queue.close()
    carry_out(run, 0)
    bench.end(run)
    assert intake.state.text() == ""
    assert (intake.start.text(), intake.start.isEnabled()) == ("Start the 3 that were added", True)
    intake.start.click()
    bench.settle()
    assert len(bench.starts) == 1
    assert intake.start.text() == "Start downloads"


def test_what_a_cancel_left_is_no_addition(bench: Bench, path: Path) -> None:
    make_queue(path, waiting=3)
    bench.show()
    run = bench.run([1, 2, 3])
    tell(run, 0, Phase.STARTED)
    bench.look(run)
    tell(run, 0, Phase.CANCELLED, at=1.0)
    run.recorder.cancel_queued(run.started + 1)
    bench.end(run)
    assert bench.counts[:3] == ["All 3", "Waiting 3", "Running 0"]
    assert bench.tab.intake.start.text() == "Start downloads"
    assert bench.tab.list.bar.label.text() == "0 of 3 done"


def test_failed_ones_are_retried_with_one_click(bench: Bench, path: Path) -> None:
    make_queue(path, waiting=0, done=1, failed=3)
    bench.show()
    assert not bench.tab.intake.start.isEnabled()
    bench.tab.list.retry.click()
    bench.settle()
    assert bench.counts == ["All 4", "Waiting 3", "Running 0", "Failed 0", "Done 1"]
    assert len(bench.starts) == 1, "and a run over them begins"
    assert bench.tab.list.retry.isHidden()


def test_where_none_has_failed_no_run_begins(bench: Bench, path: Path) -> None:
    make_queue(path, waiting=2)
    bench.show().tab.list.actions_of_rows.retry_failed()
    bench.settle()
    assert bench.starts == []


def test_a_button_that_goes_hands_the_keyboard_to_the_rows(bench: Bench, path: Path) -> None:
    """The next button would get it: whoever presses Space twice on "Retry failed" would clear what is done."""
    make_queue(path, waiting=0, done=1, failed=3)
    bench.show()
    rows = bench.tab.list
    rows.retry.setFocus()
    QTest.keyClick(rows.retry, Qt.Key.Key_Space)
    bench.settle()
    assert rows.view.hasFocus()


def test_home_and_end_go_to_the_first_and_the_last_row(bench: Bench, path: Path) -> None:
    make_queue(path, waiting=30)
    view = bench.show().tab.list.view
    QTest.keyClick(view, Qt.Key.Key_End)
    assert view.selected_rows() == [(29, 29)]
    QTest.keyClick(view, Qt.Key.Key_Home)
    assert view.selected_rows() == [(0, 0)]


def test_what_is_retried_during_a_run_waits_for_the_next(bench: Bench, path: Path) -> None:
    make_queue(path, waiting=2)
    bench.show()
    run = bench.run([1, 2])
    queue = DownloadQueue(path)
    queue.failed(1, "The server has no such picture.")
    queue.close()
    carry_out(run, 0, Phase.FAILED)
    bench.look(run)
    bench.tab.list.view.select_ids([1])
    rows = bench.tab.list.actions_of_rows
    rows.prepare_menu()
    assert rows.retry.isEnabled()
    rows.retry.trigger()
    bench.settle()
    assert bench.counts[1:4] == ["Waiting 2", "Running 0", "Failed 0"]
    assert bench.starts == []
    assert bench.tab.intake.state.text().startswith("1 was added or retried during this run.")
    tell(run, 1, Phase.STARTED)
    carry_out(run, 1)
    promise(queue, 2, "2.jpg", 9)
    queue.done(2, "2.jpg", 9)
    queue.close()
    bench.end(run)
    assert bench.tab.intake.start.text() == "Start the 1 that waits"


def test_it_follows_the_theme(bench: Bench, path: Path, theme: Theme) -> None:
    make_queue(path, waiting=2, done=1, failed=1)
    theme.set_choice("light")
    bench.show()
    bench.tab.list.view.select_ids([2])
    light = bench.tab.grab().toImage()
    theme.set_choice("dark")
    dark = bench.tab.grab().toImage()
    assert light.pixelColor(2, 200).lightness() > 200
    assert dark.pixelColor(2, 200).lightness() < 60
    theme.set_choice("follow")
