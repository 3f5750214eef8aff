"""The File menu and drag and drop: runs saved, exported, opened and dropped; pictures of graphs; what is said of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage
from PySide6.QtWidgets import QFileDialog

from tests.support.whole_app import TINY

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtGui import QAction
    from PySide6.QtWidgets import QMenu
    from pytestqt.qtbot import QtBot

    from gui.app import App
    from tests.support.whole_app import Stage


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """What the file dialogs will say, the next at the end; they are asked for a name in tmp_path."""
    answers: list[str] = []

    def say(*about: object) -> tuple[str, str]:
        return (str(tmp_path / answers.pop()) if answers else ""), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", say)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", say)
    return answers


def entries(menu: QMenu) -> dict[str, QAction]:
    found: dict[str, QAction] = {}
    for action in menu.actions():
        inner: QMenu | None = action.menu()  # type: ignore[assignment]
        found |= entries(inner) if inner is not None else {action.text().replace("&", ""): action}
    return found


def file_menu(app: App) -> dict[str, QAction]:
    return entries(app.window.menuBar().actions()[0].menu())  # type: ignore[arg-type]


def run_once(stage: Stage, app: App) -> None:
    app.window.set_blocking(False)
    app.window.start()
    stage.wait_for_runs(app, 1)


def test_a_run_is_saved_and_opened_again(stage: Stage, qtbot: QtBot, answer: list[str], tmp_path: Path) -> None:
    with stage.app() as app:
        run_once(stage, app)
        verdict = app.window.strip.verdict.text()
        answer.append("mine")  # the suffix is added
        with qtbot.waitSignal(app.core.run_files.idle):
            file_menu(app)["Save Run…"].trigger()
        assert app.window.strip.verdict.text() == f"{verdict} Saved {tmp_path / 'mine.thaw'}."
        answer.append("mine.thaw")
        with qtbot.waitSignal(app.core.run_files.idle):
            file_menu(app)["Open Run…"].trigger()
        assert app.window.strip.verdict.text() == f"mine.thaw: {verdict}"
        opened = app.window.pages.runs.selected_run
        assert opened is not None
        assert (opened.file, opened.recorder.done) == ("mine.thaw", 5)
        assert app.window.pages.tasks.table.model.run is opened


def test_a_run_is_exported_as_everything_there_is(
    stage: Stage, qtbot: QtBot, answer: list[str], tmp_path: Path
) -> None:
    with stage.app() as app:
        run_once(stage, app)
        menu = file_menu(app)
        exports = [
            menu[text] for text in menu if text.endswith("…") and not text.startswith(("Open", "Save", "Pict"))
        ]
        assert len(exports) == 3
        for number, action in enumerate(exports):
            answer.append(f"run{number}")
            with qtbot.waitSignal(app.core.run_files.idle):
                action.trigger()
        assert sorted(path.name.partition(".")[2] for path in tmp_path.glob("run*")) == [
            "csv",
            "html",
            "trace.json",
        ]


def test_every_picture_is_saved(stage: Stage, answer: list[str], tmp_path: Path) -> None:
    with stage.app() as app:
        run_once(stage, app)
        app.window.pages.runs.pin_pair(app.core.session.runs[0], app.core.session.runs[0])
        pictures = {text: action for text, action in file_menu(app).items() if text.startswith("Picture")}
        assert len(pictures) == 10
        saved = 0
        for number, action in enumerate(pictures.values()):
            answer.append(f"picture{number}.png")
            action.trigger()
            path = tmp_path / f"picture{number}.png"
            if path.exists():
                saved += 1
                assert not QImage(str(path)).isNull()
            else:
                assert "There is no picture of" in app.window.strip.verdict.text()
        assert saved >= 5


def test_without_a_run_there_is_nothing_to_save(stage: Stage, answer: list[str]) -> None:
    with stage.app() as app:
        menu = file_menu(app)
        of_a_run = ("Save Run…", "Report with graphs…", "Copy verdict")
        assert not any(menu[text].isEnabled() for text in of_a_run)
        assert menu["Picture of the lag…"].isEnabled()
        app.window.files.save(None)
        assert app.window.strip.verdict.text() == "There is no finished run to save: press Start first."
        app.window.files.export(None)
        assert app.window.strip.verdict.text() == "There is no finished run to export: press Start first."
        run_once(stage, app)
        assert all(menu[text].isEnabled() for text in of_a_run)


def recent(app: App) -> list[str]:
    """What the menu of recent runs has, once it was looked at."""
    menu = app.window.files.recent._menu
    app.window.files.recent.look()
    return [action.text() for action in menu.actions()]


def test_runs_that_were_saved_or_opened_are_in_a_menu_as_long_as_they_are_there(
    stage: Stage, qtbot: QtBot, answer: list[str], tmp_path: Path
) -> None:
    with stage.app() as app:
        assert recent(app) == []
        assert not app.window.files.recent._menu.isEnabled()
        run_once(stage, app)
        for name in ("a & b", "two", "a & b"):
            answer.append(name)
            with qtbot.waitSignal(app.core.run_files.idle):
                app.window.files.save_chosen()
        assert recent(app) == ["&1  a && b.thaw", "&2  two.thaw"]
        app.window.close()
    (tmp_path / "two.thaw").unlink()
    with stage.app() as app:
        files = app.window.files
        assert len(recent(app)) == 2
        qtbot.waitUntil(lambda: len(files.recent._menu.actions()) == 1)
        with qtbot.waitSignal(app.core.run_files.opened):
            files.recent._menu.actions()[0].trigger()
        (tmp_path / "no.thaw").write_text("no run")
        with qtbot.waitSignal(app.core.run_files.failed):
            files.open_file(tmp_path / "no.thaw")
        assert recent(app) == ["&1  a && b.thaw"]


def test_files_of_one_name_are_told_apart_and_the_command_lines_is_kept(
    stage: Stage, qtbot: QtBot, tmp_path: Path
) -> None:
    paths = [tmp_path / folder / "one.thaw" for folder in ("a", "b")]
    with stage.app() as app:
        run_once(stage, app)
        for path in paths:
            path.parent.mkdir()
            with qtbot.waitSignal(app.core.run_files.idle):
                app.core.run_files.save(app.core.session.runs[0], path)
        app.preferences.write("recent_runs", "[]")
        with qtbot.waitSignal(app.core.run_files.idle):
            for path in paths:  # the second before the first is there
                app.window.files.open_file(path)
        assert app.window.files.recent.paths == paths[::-1]
        app.preferences.write("recent_runs", "[]")
        app.window.close()
    with stage.app(["--open", str(paths[0])]) as app:
        qtbot.waitUntil(lambda: app.window.files.recent.paths == paths[:1])


def test_a_picture_that_cannot_be_written_says_why(stage: Stage, answer: list[str], tmp_path: Path) -> None:
    with stage.app() as app:
        answer.append("no/such.png")
        file_menu(app)["Picture of the lag…"].trigger()
        said = app.window.strip.verdict.text()
        assert said.startswith("such.png cannot be written: ")
        assert not list(tmp_path.rglob("such.png*"))


def test_eight_recent_runs_are_kept(stage: Stage, tmp_path: Path, qtbot: QtBot) -> None:
    with stage.app() as app:
        kept = app.window.files.recent
        for number in range(10):
            kept.note(tmp_path / f"{number}.thaw")
        assert [path.stem for path in kept.paths] == ["9", "8", "7", "6", "5", "4", "3", "2"]
        app.preferences.write("recent_runs", "{no list")
        assert kept.paths == []


def test_a_dialog_that_is_left_changes_nothing(stage: Stage, answer: list[str], tmp_path: Path) -> None:
    with stage.app() as app:
        run_once(stage, app)
        before = app.window.strip.verdict.text()
        for action in file_menu(app).values():
            if action.text().endswith("…") and not action.text().startswith("Picture"):
                action.trigger()
        assert app.window.strip.verdict.text() == before
        assert not app.core.run_files.is_busy


def dropped(app: App, *paths: Path) -> bool:
    """Whether the window takes the files that are dropped on it."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    given = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    enter = QDragEnterEvent(app.window.rect().center(), *given)
    enter.ignore()
    app.window.dragEnterEvent(enter)
    if enter.isAccepted():
        app.window.dropEvent(QDropEvent(QPointF(app.window.rect().center()), *given))
    return enter.isAccepted()


def test_a_comparison_is_saved_exported_and_opened_with_both_runs(
    stage: Stage, qtbot: QtBot, answer: list[str], tmp_path: Path
) -> None:
    with stage.app() as app:
        with qtbot.waitSignal(app.core.director.compared):
            app.window.compare()
        verdict = app.window.strip.verdict.text()
        assert "instead of" in verdict
        for name, entry in {"both.thaw": "Save Run…", "both.html": "Report with graphs…"}.items():
            answer.append(name)
            with qtbot.waitSignal(app.core.run_files.idle):
                file_menu(app)[entry].trigger()
        assert ": GUI thread against ThreadPoolExecutor</h1>" in (tmp_path / "both.html").read_text()
        answer.append("both.thaw")
        with qtbot.waitSignal(app.core.run_files.idle):
            file_menu(app)["Open Run…"].trigger()
        assert app.window.strip.verdict.text() == verdict
        table = app.window.pages.runs.table
        opened = [row.side.run for row in table.model.rows if row.side.run.file]
        assert [run.settings.runner for run in opened] == ["gui_thread", "thread_pool"]
        assert opened == app.core.listed[-2:]
        assert [row and row.side.run for row in table.pinned] == opened


def test_a_run_is_dropped_on_the_window(stage: Stage, qtbot: QtBot, answer: list[str], tmp_path: Path) -> None:
    with stage.app() as app:
        run_once(stage, app)
        answer.append("dropped")
        with qtbot.waitSignal(app.core.run_files.idle):
            app.window.files.save_chosen()
        with qtbot.waitSignal(app.core.run_files.opened):
            assert dropped(app, tmp_path / "dropped.thaw")
        assert not dropped(app, tmp_path / "dropped.thaw", tmp_path / "dropped.thaw")


def test_a_file_that_is_no_run_leaves_the_window_as_it_was(stage: Stage, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "broken.thaw"
    path.write_bytes(b"PK, or so it says")
    with stage.app([*TINY]) as app:
        run_once(stage, app)
        shown, count = app.window.pages.tasks.table.model.run, len(app.window.pages.runs.table.model.rows)
        with qtbot.waitSignal(app.core.run_files.failed):
            app.window.files.open_file(path)
        assert "broken.thaw" in app.window.strip.verdict.text()
        assert app.window.pages.tasks.table.model.run is shown
        assert len(app.window.pages.runs.table.model.rows) == count
