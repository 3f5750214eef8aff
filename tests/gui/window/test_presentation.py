"""The view for a lecture: little, and large; and then all is as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from tests.support.planned_runs import make_ended, make_freeze
from tests.support.whole_app import TINY

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gui.app import App
    from tests.support.whole_app import Stage


def visible(app: App) -> set[QWidget]:
    return {each for each in app.window.findChildren(QWidget) if each.isVisible()}


def press(app: App, key: Qt.Key) -> None:
    QTest.keyClick(app.window, key)


@pytest.mark.parametrize("size", [(760, 480), (1280, 720)])
def test_only_what_a_lecture_needs_is_seen_and_large(stage: Stage, qtbot: QtBot, size: tuple[int, int]) -> None:
    with stage.app() as app:
        window = app.window
        window.resize(*size)
        height = window.header.now.height()
        press(app, Qt.Key.Key_F12)
        seen = visible(app)
        assert {window.header.toggle, window.header.now, window.header.worst, window.header.cores} < seen
        assert {window.graphs, window.strip.verdict} < seen
        assert not {window.menuBar(), window.rail, window.controls, window.tabs, window.strip.bar} & seen
        assert window.graphs.axes.wanted == ("lag",)
        toggle = window.header.toggle
        buttons = [each for each in seen if isinstance(each, QAbstractButton)]
        assert {*buttons} == {toggle.blocking, toggle.elsewhere}
        assert window.graphs.canvas.weight >= 2
        if size == (760, 480):
            return  # there is no room for larger texts
        qtbot.waitUntil(lambda: window.header.now.height() > 1.3 * height)


def test_to_enter_and_to_leave_it_dresses_no_widget_that_is_not_seen(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    # With some hundred widgets that took a third of a second.
    with stage.app() as app:
        app.window.resize(1280, 720)
        app.window.set_blocking(True)
        button, verdict = app.window.controls.start_button, app.window.strip.verdict
        before = button.font(), verdict.font()
        dressed: list[str] = []
        monkeypatch.setattr(QApplication, "setStyleSheet", lambda app, sheet: dressed.append(sheet))
        press(app, Qt.Key.Key_F12)
        assert verdict.font().pointSizeF() > 1.3 * before[1].pointSizeF()
        assert button.font() == before[0]
        press(app, Qt.Key.Key_F12)
        assert (button.font(), verdict.font()) == before
        assert not dressed


def test_a_scheme_that_changes_meanwhile_leaves_texts_large(stage: Stage) -> None:
    with stage.app() as app:
        app.window.resize(1280, 720)
        press(app, Qt.Key.Key_F12)
        verdict, button = app.window.strip.verdict, app.window.controls.start_button
        large, usual = verdict.font().pointSizeF(), button.font().pointSizeF()
        app.theme.set_choice("dark" if app.theme.scheme == "light" else "light")
        assert verdict.font().pointSizeF() == large
        assert button.font().pointSizeF() == usual


def test_texts_that_grow_after_it_grow_everywhere(stage: Stage, qtbot: QtBot) -> None:
    """The font of its own that a text had kept it a step behind: its button was too narrow for what it showed."""
    with stage.app() as app:
        app.window.resize(1700, 900)
        header = app.window.header
        header.set_hint("A hint.", "Open lesson 2", is_tour=True)
        usual = header.end_button.fontMetrics().horizontalAdvance("End the tour")
        press(app, Qt.Key.Key_F12)
        qtbot.waitUntil(lambda: not header.end_button.isVisible())
        press(app, Qt.Key.Key_F12)
        qtbot.waitUntil(header.end_button.isVisible)
        for scale in (1.1, 1.2, 1.3):
            app.theme.set_text_scale(scale)
            grown = header.end_button.fontMetrics().horizontalAdvance("End the tour")
            assert grown > usual
            usual = grown


def test_why_the_window_froze_is_said_when_it_is_left(stage: Stage) -> None:
    with stage.app([*TINY, "--runner", "thread_pool"]) as app:
        press(app, Qt.Key.Key_F12)
        run = make_ended("gui_thread", 4.0, ((1.0, 3.9),))
        run.freezes = [make_freeze(run, 1.0, 3.9)]
        reason = app.window._layout.reason
        reason._tell(run)
        assert not reason.isHidden()
        assert not reason.isVisible()
        press(app, Qt.Key.Key_F12)
        assert reason.isVisible()


@pytest.mark.parametrize("key", [Qt.Key.Key_F12, Qt.Key.Key_Escape])
def test_both_keys_leave_it_and_all_is_as_it_was(stage: Stage, qtbot: QtBot, key: Qt.Key) -> None:
    with stage.app() as app:
        window = app.window
        window.resize(1280, 720)
        window.middle.setSizes([300, 150])
        window.tabs.setCurrentIndex(2)
        window.pages.show_room(3)
        window.pages.show_room(0)
        window.set_blocking(False)
        QCoreApplication.processEvents()
        seen = visible(app)
        before = window.middle.sizes(), window.sides.sizes(), app.theme.text_scale
        press(app, Qt.Key.Key_F12)
        press(app, key)
        qtbot.waitUntil(lambda: visible(app) == seen)  # scroll bars come with the layout
        assert (window.middle.sizes(), window.sides.sizes(), app.theme.text_scale) == before
        assert window.tabs.currentIndex() == 2
        assert not window.menus.presentation.isChecked()
        assert window.graphs.axes.wanted == ("throughput", "lag", "gil")
        assert [key.toString() for key in window.menus.cancel.shortcuts()] == ["Esc"]


def test_the_room_comes_back(stage: Stage) -> None:
    with stage.app() as app:
        app.window.pages.show_page(app.window.pages.runs)
        press(app, Qt.Key.Key_F12)
        assert app.window.graphs.isVisible()
        press(app, Qt.Key.Key_F12)
        assert app.window.pages.runs.isVisible()


def test_a_page_that_comes_to_the_front_ends_it(stage: Stage) -> None:
    with stage.app() as app:
        press(app, Qt.Key.Key_F12)
        app.window.pages.runs.wanted.emit()
        assert app.window.pages.runs.isVisible()
        assert app.window.menuBar().isVisible()


def test_work_is_started_and_compared_by_key_and_esc_cancels_nothing(stage: Stage) -> None:
    with stage.app([*TINY, "--runner", "thread_pool"]) as app:
        press(app, Qt.Key.Key_F12)
        press(app, Qt.Key.Key_F5)
        stage.wait_for_runs(app, 1)
        press(app, Qt.Key.Key_F8)
        assert app.core.director.is_busy
        press(app, Qt.Key.Key_Escape)
        assert app.window.menuBar().isVisible()
        stage.wait_for_runs(app, 3)
        assert not any(run.recorder.cancelled for run in app.core.session.runs)


def test_closing_it_remembers_the_window_and_not_the_lecture(stage: Stage) -> None:
    with stage.app() as app:
        scale = app.theme.chosen_scale
        press(app, Qt.Key.Key_F12)
        app.window.close()
    with stage.app() as app:
        assert app.window.controls.isVisible()
        assert app.window.tabs.isVisible()
        assert app.theme.chosen_scale == scale
