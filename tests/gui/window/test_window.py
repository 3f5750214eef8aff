"""The real window: its controls are clicked, and what it then shows is read back."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtGui import QAction, QGuiApplication, QPaintEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QMessageBox,
    QScrollBar,
    QTableView,
    QTextEdit,
    QWidget,
)

from gui.window.pages import PAGES
from tests.support.whole_app import LONG, TINY, Stage
from workers.catalog import lookup
from workers.catalog.lookup import named
from workers.reports.next_step import FIRST

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gui.app import App


def hint_of(app: App) -> str:
    return app.window.announcer.hint.text


# ---------------------------------------------------------------- the first minute


def test_without_a_run_each_frame_tells_the_lag(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """There are five in a second: if one of them were left out, the lag would be nearly half a second old."""
    with stage.app() as app:
        told: list[float | None] = []
        monkeypatch.setattr(app.window.header, "set_lag", lambda recent, worst: told.append(worst))
        for _ in range(3):
            app.window.views._next_frame()
        assert len(told) == 3


def test_the_first_minute_leads_itself(stage: Stage) -> None:
    with stage.app([]) as app:
        window = app.window
        assert window.is_blocking
        assert window.header.toggle.isChecked()
        assert hint_of(app) == FIRST
        assert "Press Start" in hint_of(app)
        assert window.header.hint_button.text() == "Or begin with lesson 1: A frozen window"
        window.controls.workload_menu.choose("sleep")
        window.controls.tasks.setValue(4)

        stage.click(window.controls.start_button)
        stage.wait_for_runs(app, 1)
        [blocking] = app.core.session.runs
        assert blocking.settings.runner == "gui_thread"
        assert blocking.lag is not None
        assert blocking.lag.freezes == 1
        assert "frozen for" in hint_of(app)
        assert "frozen for" in window.strip.verdict.text()

        stage.click(window.header.hint_button)
        stage.wait_for_runs(app, 2)
        other = app.core.session.runs[1]
        assert other.settings == blocking.settings._replace(runner_entry=named("runners", "thread_pool"))
        assert not window.is_blocking
        assert "The same work" in hint_of(app)
        assert hint_of(app).endswith("Next, lesson 2: Waiting is free.")
        assert window.header.hint_button.isVisible(), "the next step is a button"
        assert window.announcer.is_tour
        stage.click(window.header.end_button)
        assert not window.announcer.is_tour
        assert not window.header.end_button.isVisible()
        assert "Next: try more workers" in hint_of(app)
        window.close()

    with stage.app([]) as app:  # and from now on it leads no more
        assert hint_of(app) != FIRST
        assert not app.window.is_blocking


# ---------------------------------------------------------------- the buttons


def test_start_pause_resume_cancel(stage: Stage, qtbot: QtBot) -> None:
    with stage.app([*LONG, "--runner", "thread_pool"]) as app:
        controls = app.window.controls
        assert not controls.pause_button.isEnabled()
        assert not controls.cancel_button.isEnabled()
        stage.click(controls.start_button)
        run = stage.wait_for_tasks(app)
        assert not controls.start_button.isEnabled()
        assert not controls.compare_button.isEnabled()
        assert controls.running.text.text() == "Running: Sleep (waits only) on ThreadPoolExecutor"
        assert controls.running.isVisible()

        stage.click(controls.pause_button)
        assert run.control.paused
        assert controls.pause_button.text() == "Resume"
        qtbot.waitUntil(lambda: run.recorder.phases().count(3) == 2)  # Phase.PAUSED, both workers
        done = run.recorder.done

        stage.click(controls.pause_button)
        assert not run.control.paused
        assert controls.pause_button.text() == "Pause"
        qtbot.waitUntil(lambda: run.recorder.done > done)

        stage.click(controls.cancel_button)
        stage.wait_for_runs(app, 1)
        assert run.recorder.cancelled > 1900
        assert app.window.strip.verdict.text().startswith("Cancelled after")
        assert controls.start_button.isEnabled()
        assert not controls.cancel_button.isEnabled()
        assert not controls.running.isVisible()


@pytest.mark.parametrize("place", ["--blocking", "--runner=thread_pool"])
def test_a_key_starts_no_work_that_lacks_its_folder(stage: Stage, place: str) -> None:
    with stage.app([*TINY, place]) as app:
        app.window.controls.workload_menu.choose("hash_files")
        assert not app.window.menus.start.isEnabled()
        app.window.menus.start.trigger()
        assert not app.core.director.is_busy
        assert app.window.controls.work.lack.text() == "✕ Choose a folder first."


def test_what_a_hint_or_a_page_would_run_lacks_its_folder(stage: Stage) -> None:
    with stage.app([*TINY, "--runner", "thread_pool"]) as app:
        window = app.window
        wanted = window.controls.settings(False)._replace(
            workload_entry=named("workloads", "hash_files"), params=(("folder", ""),)
        )
        window.run_again(wanted)
        assert not app.core.director.is_busy
        assert window.strip.verdict.text() == "Choose a folder first."
        assert window.controls.workload == "sleep", "nothing was changed for it"


def test_a_paused_run_can_be_cancelled(stage: Stage, qtbot: QtBot) -> None:
    with stage.app([*LONG, "--runner", "qthread"]) as app:
        stage.click(app.window.controls.start_button)
        qtbot.waitUntil(lambda: app.core.session.is_running)
        stage.click(app.window.controls.pause_button)
        stage.click(app.window.controls.cancel_button)
        stage.wait_for_runs(app, 1)
        assert app.window.controls.pause_button.text() == "Pause"


def test_cancel_before_the_first_task(stage: Stage) -> None:
    with stage.app([*TINY, "--blocking"]) as app:
        app.window.menus.start.trigger()
        assert app.core.director.is_busy
        app.window.menus.cancel.trigger()
        assert not app.core.director.is_busy
        assert app.core.session.runs == []
        assert app.window.controls.start_button.isEnabled()


def test_pressing_start_twice_runs_once(stage: Stage, qtbot: QtBot) -> None:
    with stage.app() as app:
        app.window.menus.start.trigger()
        app.window.menus.start.trigger()
        stage.wait_for_runs(app, 1)
        with qtbot.assertNotEmitted(app.core.director.begun, wait=200):
            pass


def test_compare_runs_both_and_says_what_differed(stage: Stage, qtbot: QtBot) -> None:
    with stage.app() as app:
        window = app.window
        stage.click(window.controls.compare_button)
        stage.wait_for_runs(app, 2)
        assert [run.settings.runner for run in app.core.session.runs] == ["gui_thread", "thread_pool"]
        words = window.strip.verdict.text()
        assert "the window was slow, up to" in words
        assert "× as fast" in words
        assert window.strip.counts.text() == "5 of 5 done"
        QGuiApplication.clipboard().clear()
        stage.click(window.strip.copy_button)
        assert QGuiApplication.clipboard().text() == words


def test_a_refusal_is_told_and_the_window_goes_on(stage: Stage) -> None:
    arguments = ["--workload", "download", "--param", "urls=/nonexistent/list.txt", "--tasks", "2"]
    with stage.app(arguments) as app:
        stage.click(app.window.controls.start_button)
        wait = "/nonexistent/list.txt"
        stage._qtbot.waitUntil(lambda: wait in app.window.strip.verdict.text())
        assert app.core.session.runs == []
        assert app.window.controls.start_button.isEnabled()
        assert not app.window.controls.cancel_button.isEnabled()


def test_a_long_freeze_is_asked_for(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    answer = "Cancel"

    def ask(box: QMessageBox) -> None:
        asked.append(box.text())
        buttons = {button.text().replace("&", ""): button for button in box.buttons()}
        assert set(buttons) == {"Freeze it", "Cancel"}  # the witness comes anyway
        assert box.defaultButton() is buttons["Cancel"]
        buttons[answer].click()

    monkeypatch.setattr(QMessageBox, "exec", ask)
    with stage.app(["--blocking", "--workload", "sleep", "--param", "seconds=1", "--tasks", "20"]) as app:
        for button in (app.window.controls.start_button, app.window.controls.compare_button):
            stage.click(button)
            assert "20 s" in asked.pop()
            assert not app.core.director.is_busy
        answer = "Freeze it"
        stage.click(app.window.controls.start_button)
        assert len(asked) == 1
        assert app.core.director.is_busy
        app.core.director.cancel()
        app.window.set_blocking(False)
        stage.click(app.window.controls.start_button)  # in threads nothing freezes: nobody asks
        assert len(asked) == 1


@pytest.mark.parametrize("has_terminal", [False, True])
def test_it_is_said_what_can_end_a_long_freeze_and_the_witness_is_offered(
    has_terminal: bool, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []

    def ask(box: QMessageBox) -> None:
        told.append(box.informativeText())
        next(button for button in box.buttons() if button.text() == "With the witness").click()

    monkeypatch.setattr(QMessageBox, "exec", ask)
    monkeypatch.setattr(sys, "stdin", Terminal() if has_terminal else None)
    long = ("--blocking", "--workload", "sleep", "--param", "seconds=1", "--tasks", "20")
    with stage.app(["--instruments", "none", *long]) as app:
        monkeypatch.setattr(app.core.instruments, "_start_witness", lambda: None)
        stage.click(app.window.controls.start_button)
        assert app.core.instruments.is_on("witness")
        assert app.core.director.is_busy
        app.core.director.cancel()
        app.core.instruments.set_on("witness", False)
    assert ("Ctrl+C" in told[0]) is has_terminal
    assert ("unless you run it with the witness" in told[0]) is not has_terminal


class Terminal:
    """In place of standard input."""

    def isatty(self) -> bool:
        return True


# ---------------------------------------------------------------- the toggle


def check_toggle(app: App, on: bool) -> None:
    window = app.window
    assert window.is_blocking is on
    assert window.header.toggle.isChecked() is on
    assert window.menus.toggle.isChecked() is on
    assert window.controls.settings(window.is_blocking).runner == ("gui_thread" if on else "thread_pool")


def test_the_toggle_is_one_state(stage: Stage, qtbot: QtBot) -> None:
    with stage.app([*TINY, "--runner", "thread_pool"]) as app:
        check_toggle(app, False)
        stage.click(app.window.header.toggle.blocking)
        check_toggle(app, True)
        app.window.menus.toggle.trigger()
        check_toggle(app, False)
        app.window.set_blocking(True)
        check_toggle(app, True)
        app.window.header.toggle.blocking.setFocus()
        QTest.keyClick(app.window.header.toggle.elsewhere, Qt.Key.Key_Space)
        check_toggle(app, False)
        menu = app.window.controls.runner_menu
        names = [menu.itemData(at) for at in range(menu.count())]
        assert set(names) == set(app.core.catalog.runners) - {"gui_thread"}


@pytest.mark.parametrize("arguments", [["--blocking"], ["--runner", "gui_thread"]])
def test_the_command_line_turns_it_on(stage: Stage, arguments: list[str]) -> None:
    with stage.app([*TINY, *arguments]) as app:
        check_toggle(app, True)


# ---------------------------------------------------------------- what is shown


def test_tabs_show_the_run(stage: Stage) -> None:
    with stage.app([*TINY, "--runner", "qthread"]) as app:
        window = app.window
        titles = ["Gallery", "Timeline", "Code"]
        assert [window.tabs.tabText(at) for at in range(window.tabs.count())] == titles
        for count in (1, 2):
            stage.click(window.controls.start_button)
            stage.wait_for_runs(app, count)
        window.pages.show_page(window.pages.runs)
        [runs] = window.pages.runs.findChildren(QTableView)
        assert runs.model().rowCount() == 2
        texts = {str(runs.model().index(0, column).data()) for column in range(runs.model().columnCount())}
        assert any("QThread" in text for text in texts)
        window.pages.show_page(window.pages.tasks)
        [tasks] = window.pages.tasks.findChildren(QTableView)
        assert tasks.model().rowCount() == 5
        window.pages.show_page(window.pages.code)
        shown = "\n".join(text.toPlainText() for text in window.pages.code.findChildren(QTextEdit))
        assert "class QThreadRunner" in shown
        assert "class GuiThreadRunner" in shown
        window.set_blocking(True)
        shown = "\n".join(text.toPlainText() for text in window.pages.code.findChildren(QTextEdit))
        assert "class GuiThreadRunner" in shown
        assert "time.sleep" in shown


class Painted(QObject):
    """Notes which part of a widget every paint event is for."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[QRect] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent):
            self.parts.append(event.region().boundingRect())
        return False


def test_the_figures_at_the_axis_follow_a_new_scale(
    stage: Stage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A frame paints the inside of the graphs alone; one that finds a new scale must have the rest painted, too."""
    with stage.app([*LONG, "--runner", "thread_pool"]) as app:
        graphs, painted = app.window.graphs, Painted()
        whole = graphs.canvas.rect()
        graphs.canvas.installEventFilter(painted)
        stage.click(app.window.controls.start_button)
        qtbot.waitUntil(
            lambda: app.core.session.is_running and len(painted.parts) > 8 and whole not in painted.parts[-5:]
        )
        painted.parts.clear()
        top = 1000 * graphs.axes.top
        monkeypatch.setattr("gui.live.scene.fitting_top", lambda *about: top)
        qtbot.waitUntil(lambda: graphs.axes.top == top)
        qtbot.waitUntil(lambda: whole in painted.parts)
        graphs.canvas.removeEventFilter(painted)


def test_a_click_on_a_freeze_in_the_graphs_leads_to_the_freezes_of_its_run(stage: Stage, qtbot: QtBot) -> None:
    with stage.app() as app:
        window = app.window
        for number in (1, 2):
            stage.click(window.controls.start_button)
            stage.wait_for_runs(app, number)
        first, last = app.core.listed
        runs = window.pages.runs
        assert runs.selected_run is last
        window.graphs.freeze_clicked.emit(first, first.started)
        assert window.pages.current is runs
        assert runs.selected_run is first
        assert runs.details.currentWidget() is runs.freezes
        # A card has the number that the run has there.
        assert [card.strip.number for card in window.graphs.cards.cards] == [1, 2]
        assert [row.number for row in runs.table.model.rows] == [1, 2]


def test_late_clicks_start_nothing_and_are_told(stage: Stage, qtbot: QtBot) -> None:
    with stage.app() as app:
        window, late = app.window, app.window.guard.late_input
        assert late is not None
        stage.click(window.controls.start_button)
        stage.wait_for_runs(app, 1)
        words = window.strip.verdict.text()
        now = late._clock()
        late.note(QEvent.Type.MouseMove, now)
        for _ in range(5):
            late.note(QEvent.Type.MouseButtonPress, now - 4.1)
            window.start()
            assert not app.core.director.is_busy
        qtbot.waitUntil(lambda: "5 clicks" in window.strip.verdict.text())
        assert window.strip.verdict.text() == (
            f"{words} Your click on Start was 4.1 s old and not followed. Your 5 clicks came 4.1 s late."
        )
        stage.click(window.controls.start_button)
        stage.wait_for_runs(app, 2)
        assert "click" not in window.strip.verdict.text()


def test_a_late_click_on_compare_is_told_and_the_offer_stays(stage: Stage, qtbot: QtBot) -> None:
    with stage.app([*TINY, "--blocking"]) as app:
        window, late = app.window, app.window.guard.late_input
        assert late is not None
        stage.click(window.controls.start_button)
        stage.wait_for_runs(app, 1)
        offer = window.announcer.hint
        assert offer.label == "Run it on ThreadPoolExecutor"
        now = late._clock()
        late.note(QEvent.Type.MouseMove, now)
        late.note(QEvent.Type.ShortcutOverride, now - 3.0)
        window.compare()
        assert window.strip.verdict.text().endswith(" Your key for Compare was 3.0 s old and not followed.")
        late.note(QEvent.Type.MouseButtonPress, now - 2.0)
        window.header.toggle.click()
        assert not window.is_blocking
        assert window.announcer.hint == offer, "until it is used"
        late._all_arrived()
        late.known_since = 0.0  # this click is not the first that ever came
        stage.click(window.header.hint_button)
        stage.wait_for_runs(app, 2)
        assert app.core.session.runs[1].settings.runner == "thread_pool"


def test_a_paused_run_says_how_far_it_is_and_goes_on_by_the_hints_button(stage: Stage) -> None:
    with stage.app([*LONG, "--runner", "thread_pool"]) as app:
        window = app.window
        stage.click(window.controls.start_button)
        stage.wait_for_tasks(app)
        running = hint_of(app)
        window.menus.pause.trigger()
        assert hint_of(app).startswith("Paused after ")
        assert hint_of(app).endswith(" of 2,000 done.")
        assert "Running" not in window.strip.verdict.text()
        assert window.controls.running.text.text() == "Paused: Sleep (waits only) on ThreadPoolExecutor"
        window.views.refresh_all()
        assert window.strip.counts.text().endswith(", paused")
        stage.click(window.header.hint_button)
        assert app.core.session.run is not None
        assert not app.core.session.run.control.paused
        assert hint_of(app) == running
        assert window.controls.running.text.text().startswith("Running: ")
        assert window.strip.verdict.text() == "Running Sleep (waits only) on ThreadPoolExecutor …"


def test_a_runner_on_the_gui_thread_is_not_said_to_be_elsewhere(stage: Stage) -> None:
    with stage.app([*TINY, "--runner", "cooperative"]) as app:
        app.window.set_blocking(True)
        app.window.set_blocking(False)
        assert hint_of(app).startswith("The work will run in cooperative slices. It runs on the GUI thread")


def test_late_clicks_that_come_before_the_verdict_are_told_with_it(stage: Stage, qtbot: QtBot) -> None:
    with stage.app([*LONG, "--runner", "thread_pool"]) as app:
        stage.click(app.window.controls.start_button)
        qtbot.waitUntil(lambda: app.core.session.is_running)
        app.window.announcer.tell_late_input(1, 2, 3.0)
        assert "late" not in app.window.strip.verdict.text()
        stage.click(app.window.controls.cancel_button)
        stage.wait_for_runs(app, 1)
        assert app.window.strip.verdict.text().endswith(". Your 1 click and 2 keys came 3.0 s late.")


def test_light_and_dark_and_larger_text_switch_live(stage: Stage, qtbot: QtBot) -> None:
    with stage.app() as app:
        actions = {action.text().replace("&", ""): action for action in app.window.findChildren(QAction)}
        grounds = {}
        for name in ("Light", "Dark"):
            actions[name].trigger()
            assert app.theme.scheme == name.lower()
            assert actions[name].isChecked()
            picture = app.window.grab().toImage()
            colours = [
                picture.pixelColor(x, picture.height() - 3).lightness() for x in range(0, picture.width(), 9)
            ]
            grounds[name] = sorted(colours)[len(colours) // 2]
        assert grounds["Light"] > 200
        assert grounds["Dark"] < 60
        height = app.window.controls.start_button.fontMetrics().height()
        for _ in range(3):
            actions["Larger text"].trigger()
        assert app.window.controls.start_button.fontMetrics().height() > height
        for _ in range(5):
            actions["Smaller text"].trigger()
        assert app.theme.text_scale == pytest.approx(0.8)
        actions["Reset text size"].trigger()
        assert app.window.controls.start_button.fontMetrics().height() == height
        actions["Full screen"].trigger()
        assert app.window.isFullScreen()
        actions["Full screen"].trigger()
        assert not app.window.isFullScreen()


# ---------------------------------------------------------------- for everybody


def test_shortcuts_are_there_and_nobody_shares_one(stage: Stage) -> None:
    with stage.app() as app:
        actions = app.window.findChildren(QAction)
        # Those of a table alone, such as copying its rows, count only while it has the keyboard.
        anywhere = [a for a in actions if a.shortcutContext() is Qt.ShortcutContext.WindowShortcut]
        keys = [key.toString() for action in anywhere for key in action.shortcuts()]
        assert len(keys) == len(set(keys))
        wanted = "F5 F6 F8 F4 F11 Esc Ctrl++ Ctrl+- Ctrl+0 Ctrl+Q Ctrl+Shift+C Ctrl+Shift+G"
        assert set(wanted.split()) <= set(keys)
        for menu in app.window.menuBar().actions():
            entries = menu.menu().actions()  # type: ignore[attr-defined]
            letters = [entry.text().partition("&")[2][:1].lower() for entry in entries if entry.text()]
            assert len(letters) == len(set(letters)), f"{menu.text()}: two entries share a letter"
        assert "F5" in app.window.controls.start_button.toolTip()
        rail = app.window.rail
        assert [button.toolTip() for button in rail.buttons[:2]] == ["Live (Ctrl+1)", "Lessons (Ctrl+2)"]
        toggle = app.window.header.toggle.blocking
        assert toggle.toolTip() == "The window freezes until the work is done (F4)"
        assert rail.panel.toolTip() == "Show the side panel (Ctrl+B)"


def test_everything_that_can_be_used_has_a_name(stage: Stage) -> None:
    kinds = (
        QAbstractButton,
        QAbstractSpinBox,
        QComboBox,
        QLineEdit,
        QAbstractSlider,
        QAbstractItemView,
        QTextEdit,
    )
    with stage.app() as app:
        stage.click(app.window.controls.start_button)
        stage.wait_for_runs(app, 1)
        nameless = []
        for line in PAGES:
            app.window.pages.show_page(app.window.pages.page(line.title))
            for widget in app.window.findChildren(QWidget):
                if not isinstance(widget, kinds) or isinstance(widget, QScrollBar) or not widget.isVisible():
                    continue
                if isinstance(widget.parentWidget(), QAbstractSpinBox | QComboBox | QAbstractItemView):
                    continue  # a part of what has the name
                name = widget.accessibleName() or (widget.text() if isinstance(widget, QAbstractButton) else "")
                if not name:
                    nameless.append(f"{type(widget).__name__} {widget.objectName()} in {widget.parentWidget()}")
        assert nameless == []


def test_it_fits_a_small_screen(stage: Stage) -> None:
    with stage.app() as app:
        window = app.window
        least = window.minimumSizeHint()
        assert least.width() <= 1024
        assert least.height() <= 700
        window.resize(1024, 700)
        stage.click(window.controls.start_button)
        stage.wait_for_runs(app, 1)
        assert (window.width(), window.height()) == (1024, 700)
        inside = window.rect()
        for button in (*window.findChildren(QAbstractButton), window.strip.verdict, window.controls.try_it):
            if button.isVisible() and button.window() is window and button.visibleRegion().isEmpty() is False:
                corner = button.mapTo(window, button.rect().bottomRight())
                assert inside.contains(corner), button
        for button in (
            *(window.controls.start_button, window.controls.pause_button, window.controls.cancel_button),
            *(window.controls.compare_button, window.strip.copy_button, window.header.toggle.blocking),
        ):
            assert button.width() >= button.minimumSizeHint().width()
            assert button.visibleRegion().boundingRect() == button.rect()


# ---------------------------------------------------------------- from one start to the next


def test_choices_and_layout_are_remembered(stage: Stage) -> None:
    with stage.app([]) as app:
        window = app.window
        window.set_blocking(False)
        window.controls.workload_menu.choose("primes")
        window.controls.form.set_values({"numbers": 777})
        window.controls.runner_menu.choose("qthread")
        window.controls.tasks.setValue(12)
        window.controls.workers.setValue(7)
        window.controls.seed.setValue(99)
        window.tabs.setCurrentIndex(1)
        window.rail.set_narrow(True)
        window.controls.more.line.click()
        window.middle.setSizes([400, 200])
        app.theme.set_choice("dark")
        app.theme.set_text_scale(1.2)
        chosen = window.controls.settings(False)
        shares = window.middle.sizes()
        window.close()
        assert not window.isVisible()
    with stage.app([]) as app:
        window = app.window
        assert window.controls.settings(False) == chosen
        assert not window.is_blocking
        assert window.tabs.currentIndex() == 1
        assert window.rail.is_narrow
        assert window.controls.more.is_open
        assert window.controls.tasks.isVisible()
        graphs, tabs = window.middle.sizes()
        # The window itself may be of another size.
        assert graphs / tabs == pytest.approx(shares[0] / shares[1], rel=0.05)
        assert (app.theme.choice, app.theme.chosen_scale) == ("dark", 1.2)
        assert any(action.isChecked() and "Dar&k" in action.text() for action in window.findChildren(QAction))


def test_start_looks_nothing_up_that_the_menu_has(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    looked_up: list[object] = []
    with stage.app([*TINY, "--runner", "thread_pool"]) as app:
        with monkeypatch.context() as patched:
            for name in ("entry", "read_entry", "_entries"):
                patched.setattr(lookup, name, lambda *what: looked_up.append(what))
            stage.click(app.window.controls.start_button)
            stage.wait_for_runs(app, 1)
        assert app.core.session.runs[0].settings.runner == "thread_pool"
        assert looked_up == []
