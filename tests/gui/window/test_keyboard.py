"""Everything by keyboard: each stop of the Tab key has a name and shows the focus, and menus know what can be done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QPlainTextEdit, QScrollArea, QWidget

from tests.support.whole_app import TINY
from workers.utils.child import RESOURCES

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest
    from pytestqt.qtbot import QtBot

    from gui.app import App
    from tests.support.whole_app import Stage

LONG = ("--workload", "sleep", "--param", "seconds=0.05", "--tasks", "2000", "--workers", "2")


def stops(app: App) -> Iterator[QWidget]:
    """What the Tab key comes to, in its order."""
    window: QWidget = app.window
    at = window.nextInFocusChain()
    while at is not None and at is not window:
        takes = at.isVisible() and at.isEnabled() and bool(at.focusPolicy() & Qt.FocusPolicy.TabFocus)
        if takes and at.window() is window and at.focusProxy() is None:
            yield at
        at = at.nextInFocusChain()


def texts(app: App) -> list[QPlainTextEdit]:
    return app.window.findChildren(QPlainTextEdit)


def name_of(widget: QWidget) -> str:
    return QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)


def looks_other_with_the_focus(widget: QWidget) -> bool:
    focused = QApplication.focusWidget()
    if focused is not None:
        focused.clearFocus()
    without = widget.grab().toImage()
    widget.setFocus(Qt.FocusReason.TabFocusReason)
    return bool(widget.grab().toImage() != without)


def test_every_stop_has_a_name_and_shows_that_it_is_one(stage: Stage, qtbot: QtBot) -> None:
    with stage.app([*TINY, "--runner", "thread_pool"]) as app:
        window = app.window
        own, example = window.pages.own.choice, RESOURCES / "example_function.py"
        own.files.trust_file(example)
        own.open(example)
        qtbot.waitUntil(lambda: "Source of your file" in {each.accessibleName() for each in texts(app)})
        window.start()
        stage.wait_for_runs(app, 1)
        window.header.heartbeat.timer.stop()
        nameless, unseen = set(), set()
        for room, title in enumerate(window.pages.titles):
            window.pages.show_room(room)
            for tab in range(window.tabs.count()) if room == 0 else [0]:
                if room == 0:
                    window.tabs.setCurrentIndex(tab)
                QCoreApplication.processEvents()
                found = list(stops(app))
                assert len(found) > 5
                nameless |= {(title, tab, type(stop).__name__) for stop in found if not name_of(stop)}
                unseen |= {
                    (title, tab, name_of(stop)) for stop in found if not looks_other_with_the_focus(stop)
                }
        assert (nameless, unseen) == (set(), set())


def test_no_panel_that_only_scrolls_stops_the_tab_key(stage: Stage) -> None:
    with stage.app() as app:
        assert not [stop for stop in stops(app) if isinstance(stop, QScrollArea)]


def test_the_list_of_a_menu_has_the_name_of_its_field(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QComboBox, "showPopup", lambda box: None)  # off screen there is no place for it
    with stage.app() as app:
        menu = app.window.controls.workload_menu
        menu.showPopup()
        assert menu.view().accessibleName() == menu.accessibleName() != ""


# ---------------------------------------------------------------- menus know the state


def enabled(app: App) -> tuple[bool, ...]:
    menus = app.window.menus
    return tuple(each.isEnabled() for each in (menus.start, menus.pause, menus.cancel, menus.compare))


def test_the_menu_can_do_what_the_buttons_can(stage: Stage, qtbot: QtBot) -> None:
    with stage.app([*LONG, "--runner", "thread_pool"]) as app:
        assert enabled(app) == (True, False, False, True)
        app.window.menus.start.trigger()
        qtbot.waitUntil(lambda: app.core.session.is_running)
        assert enabled(app) == (False, True, True, False)
        app.window.menus.pause.trigger()
        assert enabled(app) == (False, True, True, False)
        app.window.menus.cancel.trigger()
        stage.wait_for_runs(app, 1)
        assert enabled(app) == (True, False, False, True)
        app.window.controls.runner_menu.setCurrentIndex(-1)
        app.window.controls._show_state()
        assert enabled(app) == (False, False, False, False)


# ---------------------------------------------------------------- keys


def test_alt_and_a_digit_show_a_page_of_live(stage: Stage) -> None:
    with stage.app() as app:
        for at in (1, 2, 0):
            app.window.pages.show_room(3)
            QTest.keyClick(app.window, Qt.Key(Qt.Key.Key_1 + at), Qt.KeyboardModifier.AltModifier)
            assert app.window.tabs.isVisible()
            assert app.window.tabs.currentIndex() == at


def test_keys_lead_to_the_menus_of_workloads_and_runners(stage: Stage) -> None:
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    with stage.app() as app:
        window, controls = app.window, app.window.controls
        window.menus.panel.trigger()
        window.pages.show_room(2)
        for key, menu in ((Qt.Key.Key_W, controls.workload_menu), (Qt.Key.Key_R, controls.runner_menu)):
            QTest.keyClick(window, key, both)
            assert window.focusWidget() is menu
            assert menu.isVisible()


def test_keys_turn_the_witness_and_polite(stage: Stage) -> None:
    with stage.app() as app:
        polite = app.window.controls.options.polite
        before = polite.isChecked(), app.core.instruments.is_on("witness")
        QTest.keyClick(app.window, Qt.Key.Key_F9)
        QTest.keyClick(app.window, Qt.Key.Key_F7)
        assert (polite.isChecked(), app.core.instruments.is_on("witness")) == (not before[0], not before[1])
        polite.click()
        assert app.window.menus.polite.isChecked() is before[0]
