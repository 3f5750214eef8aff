"""The room Labs in the whole program: versions side by side, their runs, what these show, and a copy of one's own."""

from __future__ import annotations

import subprocess
import sys
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractSlider, QApplication

from tests.support.tab_order import check_order, tab_stops
from tests.support.whole_app import PATIENCE_MS
from workers.utils.child import ROOT

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gui.app import App
    from gui.labs.page import LabsPage
    from gui.labs.version_pane import VersionPane
    from gui.labs.view import LabView
    from gui.widgets.fields import Menu
    from tests.support.whole_app import Stage

NOT_RUN = "Not run yet."


def opened(app: App, lab: str) -> LabsPage:
    page = app.window.pages.labs
    app.window.pages.show_page(page)
    page.list.choose(lab)
    return page


def shown(pane: VersionPane) -> str:
    """What stands below a version, without HTML."""
    text = pane.result.text().replace("&nbsp;", " ")
    return text.replace("<b>", "").replace("</b>", "").replace("<br>", "\n")


def reason(menu: Menu, name: str) -> str:
    return str(menu.itemData(menu.findData(name), Qt.ItemDataRole.ToolTipRole) or "")


def is_laid_out(view: LabView, is_below: bool) -> bool:
    """Whether one version stands below the other, or beside it."""
    left, right = (pane.listing.geometry() for pane in view.panes)
    return view.is_below is is_below and (right.top() > left.bottom()) is is_below


def test_nothing_of_it_is_imported_before_somebody_looks() -> None:
    code = (
        "import sys, gui.app, gui.window.pages; "
        "sys.exit(any(name.startswith(('gui.labs', 'workers.labs')) for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_both_versions_run_with_the_labs_settings_and_are_judged(stage: Stage) -> None:
    with stage.app() as app:
        page = opened(app, "counter")
        left, right = page.view.panes
        assert (left.version.function, right.version.function) == ("broken", "fixed")
        assert (left.verdict.text(), right.verdict.text()) == ("✕ Wrong", "✓ Right")
        assert (shown(left), shown(right)) == (NOT_RUN, NOT_RUN)
        assert page.view.claims.isHidden()
        assert left.timeline_button.isHidden()
        stage.click(left.run_button)
        stage.wait_for_runs(app, 1)
        settings = app.core.session.runs[0].settings
        assert (settings.workload, settings.runner) == ("counter.broken", "thread_per_task")
        assert (settings.tasks, settings.workers, settings.switch_interval_ms) == (4, 4, 0.5)
        assert "expected 200" in shown(left)
        assert "lost " in shown(left)
        assert shown(right) == NOT_RUN
        stage.click(right.run_button)
        stage.wait_for_runs(app, 2)
        assert "lost 0" in shown(right)
        said = page.view.claims.text()
        assert said.count("✓") == 3
        assert "200 additions, and the counter says" in said
        stage.click(left.timeline_button)
        assert app.window.pages.current is app.window.pages.tasks


def test_one_after_the_other_by_one_button_and_a_deadlock_is_told(stage: Stage) -> None:
    with stage.app() as app:
        page = opened(app, "twice")
        left, right = page.view.panes
        assert left.menu.isHidden(), "there are but two versions"
        stage.click(page.view.both_button)
        assert left.is_running
        assert left.run_button.text() == "Cancel"
        assert not right.run_button.isEnabled()
        stage.wait_for_runs(app, 2)
        assert [run.settings.workload for run in app.core.session.runs] == ["twice.lock", "twice.rlock"]
        assert "Deadlock: twice 1 waits for the lock, held by itself." in shown(left)
        assert "failed 1" in shown(left)
        assert "lines 10" in shown(right)
        assert page.view.claims.text().count("✓") == 2


def test_a_run_is_cancelled_by_its_own_button_and_the_second_does_not_begin(stage: Stage, qtbot: QtBot) -> None:
    with stage.app() as app:
        page = opened(app, "counter")
        left, right = page.view.panes
        stage.click(page.view.both_button)
        qtbot.waitUntil(lambda: app.core.session.is_running, timeout=PATIENCE_MS)
        page.refresh()
        assert shown(left).startswith("Running on Thread per task: ")
        stage.click(left.run_button)
        stage.wait_for_runs(app, 1)
        if app.core.session.runs[0].cancelled:  # it may have been quicker
            assert shown(left).startswith("Cancelled on Thread per task after ")
        assert not app.core.is_busy
        assert shown(right) == NOT_RUN
        assert left.run_button.text() == "Run"


def test_the_button_for_both_keeps_the_keys_and_ends_what_it_began(stage: Stage, qtbot: QtBot) -> None:
    with stage.app() as app:
        page = opened(app, "twice")
        both = page.view.both_button
        both.setFocus()
        QTest.keyClick(both, Qt.Key.Key_Space)
        assert (both.text(), app.window.focusWidget()) == ("Cancel", both)
        assert page.view.runners.isEnabled(), "what runs has its place; another may be chosen for the next"
        QTest.keyClick(both, Qt.Key.Key_Space)
        qtbot.waitUntil(lambda: not app.core.is_busy, timeout=PATIENCE_MS)
        assert (both.text(), both.accessibleName()) == ("Run both", "Run both")
        assert app.window.focusWidget() is both
        assert len(app.core.session.runs) < 2
        QTest.keyClick(both, Qt.Key.Key_Space)
        before = len(app.core.session.runs)
        stage.wait_for_runs(app, before + 2)
        assert app.window.focusWidget() is both


def test_another_version_is_chosen_and_keeps_its_own_result(stage: Stage) -> None:
    with stage.app() as app:
        page = opened(app, "counter")
        left, _ = page.view.panes
        stage.click(left.run_button)
        stage.wait_for_runs(app, 1)
        left.menu.choose("plus")
        left.menu.activated.emit(left.menu.currentIndex())
        assert left.version.function == "plus"
        assert shown(left) == NOT_RUN
        assert "def plus(" in left.listing.text.toPlainText()
        left.menu.choose("broken")
        left.menu.activated.emit(left.menu.currentIndex())
        assert "expected 200" in shown(left)
        page.list.choose("account")
        page.list.choose("counter")
        assert "expected 200" in shown(left)


def test_a_wrong_version_stands_beside_the_right_one_that_follows_it(stage: Stage) -> None:
    with stage.app() as app:
        for lab, pair in (("turnstile", ("leaky", "fair")), ("rounds", ("free", "barrier"))):
            left, right = opened(app, lab).view.panes
            assert (left.version.function, right.version.function) == pair


def test_what_differs_is_marked_and_stands_beside_what_it_differs_from(stage: Stage) -> None:
    with stage.app() as app:
        page = opened(app, "counter")
        left, right = (pane.listing for pane in page.view.panes)
        texts = [listing.text.toPlainText().split("\n") for listing in (left, right)]
        assert len(texts[0]) == len(texts[1])
        at = texts[1].index("        with shared.lock:")
        assert texts[0][at] == ""
        assert (left.mark(at), right.mark(at)) == ("", "≠")
        assert (left.mark(at + 1), right.mark(at + 1)) == ("→", "→")
        tinted = {
            one.cursor.blockNumber(): one.format.background().color() for one in right.text.extraSelections()
        }
        assert list(tinted) == [at]
        assert tinted[at] == page.view._theme.bands()[0][1]
        line = right.lines[at]
        assert line is not None
        assert right.text.accessibleDescription() == f"Lines that differ from the other version: {line.number}."


def test_a_runner_that_cannot_take_it_says_why(stage: Stage) -> None:
    with stage.app() as app:
        page = opened(app, "transfer")
        menu = page.view.runners
        assert menu.currentText() == "Thread per task"
        assert "share no memory: no task could ever meet another" in reason(menu, "process_pool")
        assert not menu.choose("process_pool")
        assert menu.choose("thread_pool")
        page.list.choose("counter")
        assert menu.currentData() == "thread_pool", "it stays chosen"
        assert reason(menu, "process_pool") == ""
        stage.click(page.view.panes[0].run_button)
        stage.wait_for_runs(app, 1)
        assert app.core.session.runs[0].settings.runner == "thread_pool"
        assert "Ran on ThreadPoolExecutor." in shown(page.view.panes[0])


def test_change_it_makes_a_copy_that_runs_as_a_persons_own(stage: Stage) -> None:
    with stage.app() as app:
        page, own = opened(app, "counter"), app.window.pages.own
        stage.click(page.view.panes[0].change_button)
        assert app.window.pages.current is own
        path = own.choice.file.path
        assert path is not None
        assert (path.name, path.parent.name) == ("counter.py", "labs")
        assert own.choice.entry is not None
        assert own.choice.entry.function == "broken"
        assert "from workers.sync import" in own.editor.text.code()
        app.window.set_blocking(False)
        app.window.controls.runner_menu.choose("thread_per_task")
        app.window.pages.show_room(0)
        stage.click(app.window.controls.start_button)
        stage.wait_for_runs(app, 1)
        [run] = app.core.session.runs
        assert run.settings.runner == "thread_per_task"
        assert (run.recorder.done, run.recorder.failed) == (4, 0)
        assert run.recorder.sharing.figure("counter") < run.recorder.amount
        app.window.pages.show_page(page)
        stage.click(page.view.panes[1].change_button)
        assert own.choice.file.path == path.with_name("counter-2.py")


def test_the_versions_stand_one_below_the_other_where_there_is_little_room(stage: Stage, qtbot: QtBot) -> None:
    with stage.app() as app:
        window, page = app.window, opened(app, "counter")
        content = page.view.widget()
        assert content is not None
        for wide, is_below in ((1400, False), (760, True)):
            window.resize(wide, 700)
            qtbot.waitUntil(partial(is_laid_out, page.view, is_below), timeout=PATIENCE_MS)
            check_order([stop for stop in tab_stops(window) if content.isAncestorOf(stop)], window)


def test_where_a_person_has_scrolled_both_stay_whatever_size_the_window_gets(stage: Stage) -> None:
    with stage.app() as app:
        page = opened(app, "turnstile")
        left, right = (pane.listing.text.verticalScrollBar() for pane in page.view.panes)
        assert left.value() == right.value() > 3
        left.triggerAction(QAbstractSlider.SliderAction.SliderToMinimum)
        left.triggerAction(QAbstractSlider.SliderAction.SliderSingleStepAdd)
        assert right.value() == left.value() == 1
        app.window.resize(app.window.width() - 60, app.window.height() - 60)
        QApplication.processEvents()
        assert right.value() == left.value() == 1


def test_the_chosen_lab_is_chosen_again_at_the_next_start(stage: Stage) -> None:
    with stage.app() as app:
        opened(app, "account")
        app.window.remember()
    with stage.app() as app:
        page = app.window.pages.labs
        assert page.view.lab.name == "account"
        assert page.list.currentItem().text() == "Account"


def test_a_version_is_gone_through_step_by_step(stage: Stage) -> None:
    with stage.app() as app:
        page = opened(app, "twice")
        right = page.view.panes[1]
        assert right.steps_button.isHidden()
        stage.click(right.run_button)
        stage.wait_for_runs(app, 1)
        stage.click(right.steps_button)
        steps = app.window.pages.steps
        assert app.window.pages.current is steps
        assert steps.entry is not None
        assert steps.entry.name == "twice.rlock"
