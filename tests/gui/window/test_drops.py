"""What is dropped on the window reaches the page that takes it; a queue of downloads runs where the panel says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent

from gui.window.drops import Drop, DropKind, drop_of, work_for
from tests.support.whole_app import TINY, Stage
from workers.catalog import lookup

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from gui.app import App


def data_of(*paths: Path, text: str = "") -> QMimeData:
    """Files or a text, as they are dragged."""
    data = QMimeData()
    if paths:
        data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    if text:
        data.setText(text)
    return data


def drop(app: App, data: QMimeData) -> None:
    """Drop something on the window."""
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    app.window.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, buttons, keys))


def in_front(app: App) -> str:
    """The kind of the page that is in front."""
    return type(app.window.pages.current).__name__


def test_who_takes_what(tmp_path: Path) -> None:
    assert drop_of(data_of(tmp_path)) == Drop(DropKind.FOLDER, tmp_path)
    for name, kind in (
        ("a.thaw", DropKind.RUN),
        ("a.py", DropKind.CODE),
        ("A.PY", DropKind.CODE),
        ("list.txt", DropKind.ADDRESSES),
    ):
        assert drop_of(data_of(tmp_path / name)) == Drop(kind, tmp_path / name)
    assert drop_of(data_of(text="see https://example.org/a.jpg")) == Drop(DropKind.ADDRESSES)
    assert drop_of(data_of(text="no address")) is None
    assert drop_of(data_of(tmp_path / "a.thaw", tmp_path / "b.thaw")) is None
    assert drop_of(data_of(tmp_path / "a.txt", tmp_path / "b.html")) == Drop(DropKind.ADDRESSES)
    assert drop_of(data_of(tmp_path / "a.jpg", tmp_path / "b.txt")) == Drop(DropKind.ADDRESSES)
    web = QMimeData()
    web.setUrls([QUrl("https://example.org/a.jpg")])
    assert drop_of(web) == Drop(DropKind.ADDRESSES)


def test_a_folder_with_pictures_wants_thumbnails(tmp_path: Path) -> None:
    work = lookup.workloads()
    (tmp_path / "notes.txt").write_text("none")
    assert work_for(tmp_path, work, "primes").name == "hash_files"
    (tmp_path / "One.JPG").write_bytes(b"")
    assert work_for(tmp_path, work, "primes").name == "thumbnails"
    assert work_for(tmp_path, work, "hash_files").name == "hash_files", "what is chosen will do"
    assert work_for(tmp_path / "gone", work, "primes").name == "hash_files"


def test_a_dropped_folder_is_the_work(stage: Stage, tmp_path: Path) -> None:
    folder = tmp_path / "some files"
    folder.mkdir()
    for name in ("one", "two"):
        (folder / name).write_text(name)
    with stage.app([*TINY, "--runner", "thread_pool"]) as app:
        controls = app.window.controls
        drop(app, data_of(folder))
        assert controls.workload == "hash_files"
        assert controls.form.values()["folder"] == str(folder)
        stage.click(controls.start_button)
        stage.wait_for_runs(app, 1)
        assert app.core.session.runs[0].recorder.done == 2


def test_dropped_code_and_addresses_open_their_pages(stage: Stage, qtbot: QtBot, tmp_path: Path) -> None:
    code = tmp_path / "mine.py"
    code.write_text(
        "raise SystemExit('it was run')\n\n\ndef double(index: int) -> int:\n    return 2 * index\n"
    )
    with stage.app(TINY) as app:
        window = app.window
        drop(app, data_of(code))
        assert in_front(app) == "OwnPage"
        drop(app, data_of(text="https://example.org/a.jpg and https://example.org/b.jpg"))
        assert in_front(app) == "DownloadsPage"
        qtbot.waitUntil(lambda: len(window.pages.downloads.list.model.states) == 2)
        lists = [tmp_path / "one.txt", tmp_path / "two.txt"]
        for path in lists:
            path.write_text(f"https://example.org/{path.stem}.jpg")
        drop(app, data_of(*lists))
        qtbot.waitUntil(lambda: len(window.pages.downloads.list.model.states) == 4)


@pytest.mark.parametrize("runner", ["qthread", "gui_thread"])
def test_a_queue_runs_where_its_room_says(stage: Stage, qtbot: QtBot, tmp_path: Path, runner: str) -> None:
    files = tmp_path / "files"
    with stage.app([*TINY, "--runner", "thread_pool"]) as app:
        window, downloads = app.window, app.window.pages.downloads
        app.core.server.configure(latency_ms=1, bandwidth_kib=0)
        window.set_blocking(runner != "gui_thread")
        window.pages.show_page(downloads)
        downloads.intake.settings.place.menu.choose(runner)
        downloads.intake.folder.setText(str(files))
        downloads.take("\n".join(f"{app.core.server.url()}/pictures/{number}" for number in range(4)))
        qtbot.waitUntil(lambda: len(downloads.list.model.states) == 4)
        downloads.start()
        stage.wait_for_runs(app, 1)
        run = app.core.session.runs[0]
        assert (run.settings.runner, run.settings.workload) == (runner, "download")
        assert (run.recorder.done, run.recorder.count) == (4, 4)
        assert len(list(files.iterdir())) == 4
        assert window.controls.workload == "sleep"  # what is chosen in the panel stays
        qtbot.waitUntil(lambda: not downloads.queue_thread.is_busy)
