"""The side panel: what it says is chosen, and which buttons can be pressed."""

from __future__ import annotations

import threading
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QApplication,
    QComboBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollBar,
    QStyleOptionViewItem,
    QWidget,
)

from gui.controllers.catalog import Catalog
from gui.forms.fit import LOOKING
from gui.forms.form import Form
from gui.forms.python_box import PythonBox
from gui.forms.two_lines import NAME_ROLE, SENTENCE_ROLE
from gui.side_panel.panel import ELSEWHERE, RUNS_ON, Controls
from gui.widgets.fields import IntBox
from gui.widgets.panels import pile
from tests.support.bring_up import bring_up
from tests.support.tab_order import check_order, is_inner, tab_stops
from workers.catalog import lookup
from workers.catalog.entry import Entry
from workers.catalog.fields import Field
from workers.engine.plan import Settings
from workers.image_server.conditions import NetworkConditions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytestqt.qtbot import QtBot

    from gui.theme.theme import Theme


def entry(name: str, *fields: Field, missing: str = "", **constants: Any) -> Entry:
    return Entry(name, name.capitalize(), f"What {name} shows.", missing, Path(f"{name}.py"), constants, fields)


def workloads() -> dict[str, Entry]:
    addresses = (Field("urls", "str", "", "a list"), Field("stall_s", "float", 5.0, "s", 0.1, 60))
    entries = [
        entry("absent", missing="needs the package absent, which is not installed here"),
        entry("download", *addresses, TASKS=96, SERVED_UNLESS="urls"),
        entry(
            "files",
            Field("folder", "folder", "", "a folder"),
            TASKS_ARE="One for each file",
            NEEDS_FOLDER="folder",
        ),
        entry("primes", Field("up_to", "int", 50_000, "numbers (10 to 1,000,000)", 10, 1e6), TASKS=40),
    ]
    return {each.name: each for each in entries}


@pytest.fixture
def controls(qtbot: QtBot, theme: Theme) -> Controls:
    return bring_up(qtbot, Controls(theme, Catalog(lookup.runners(), workloads())), 300, 560)


def test_at_first_the_thread_pool_and_the_first_workload_that_is_there(controls: Controls) -> None:
    assert (controls.workload, controls.runner) == ("download", "thread_pool")
    chosen = Settings.named("thread_pool", "download", 96, 2, (("urls", ""), ("stall_s", 5.0)), 1)
    assert controls.settings(False).plain() == chosen.plain()
    assert controls.settings(True).runner == "gui_thread"


def test_work_that_knows_its_number_of_tasks_asks_nobody(controls: Controls) -> None:
    controls.workload_menu.choose("files")
    controls.more.set_open(True)
    assert not controls.tasks.isVisible()
    assert "One for each file" in [label.text() for label in controls.findChildren(QLabel) if label.isVisible()]
    controls.workload_menu.choose("primes")
    assert controls.tasks.isVisible()
    assert "One for each file" not in [
        label.text() for label in controls.findChildren(QLabel) if label.isVisible()
    ]


def test_the_menu_has_no_gui_thread_and_disables_what_is_missing(controls: Controls) -> None:
    menu = controls.runner_menu
    assert "gui_thread" not in [menu.itemData(at) for at in range(menu.count())]
    absent = controls.workload_menu.findData("absent")
    flags = controls.workload_menu.model().flags(controls.workload_menu.model().index(absent, 0))
    assert not flags & Qt.ItemFlag.ItemIsEnabled
    assert "needs the package absent" in controls.workload_menu.itemText(absent)


def test_settings_there_and_back(controls: Controls, qtbot: QtBot) -> None:
    wanted = Settings.named("qthread", "primes", 12_345, 7, (("up_to", 900),), 99)
    told = []
    controls.choice_changed.connect(lambda: told.append(controls.settings(False).plain()))
    controls.apply(wanted)
    assert told == [wanted.plain()]
    assert controls.tasks.text() == "12,345"
    controls.apply(wanted)
    assert len(told) == 1


def test_unknown_and_missing_names_change_no_menu(controls: Controls) -> None:
    controls.apply(Settings.named("nobody", "absent", 3, 4, (("x", 1),), 5))
    assert (controls.workload, controls.runner) == ("download", "thread_pool")
    assert (controls.tasks.value(), controls.workers.value(), controls.seed.value()) == (96, 4, 5)


def test_the_gui_thread_leaves_the_menu_as_it_is(controls: Controls) -> None:
    controls.apply(Settings.named("gui_thread", "primes", 3, 4))
    assert controls.runner == "thread_pool"


def test_each_workload_keeps_its_own_fields_and_tasks(controls: Controls) -> None:
    controls.tasks.setValue(5)
    controls.more.set_open(True)
    controls.workload_menu.choose("primes")
    assert controls.tasks.value() == 40
    assert controls.form.details.isVisible()
    controls.form.set_values({"up_to": 77})
    controls.workload_menu.choose("download")
    assert controls.tasks.value() == 5
    controls.workload_menu.choose("primes")
    assert controls.settings(False).params == (("up_to", 77),)


def test_the_image_server_shows_only_where_it_serves(controls: Controls) -> None:
    assert not controls.server.isVisible()
    controls.more.set_open(True)
    assert controls.server.isVisible()
    controls.form.set_values({"urls": "list.txt"})
    assert not controls.server.isVisible()
    controls.form.set_values({"urls": ""})
    assert controls.server.isVisible()
    controls.workload_menu.choose("primes")
    assert not controls.server.isVisible()


def test_the_image_server_s_settings(controls: Controls, qtbot: QtBot) -> None:
    assert controls.server.settings == NetworkConditions()
    with qtbot.waitSignal(controls.server.server_changed) as told:
        controls.server.latency.setValue(50)
    assert told.args == [NetworkConditions(latency_ms=50)]
    with qtbot.waitSignal(controls.server.server_changed) as told:
        controls.server.bandwidth.setValue(0)
    assert told.args == [NetworkConditions(latency_ms=50, bandwidth_kib=0)]
    assert controls.server.bandwidth.text() == "unlimited"


def test_the_runner_says_when_to_use_it(controls: Controls) -> None:
    before = controls.place.when.text()
    controls.runner_menu.choose("qthread")
    assert controls.place.when.text() not in {"", before}


def test_the_menu_says_of_each_runner_when_to_use_it_or_why_it_is_not_available(
    qtbot: QtBot, theme: Theme
) -> None:
    runners = {
        "pool": entry("pool", WHEN="For files."),
        "new": entry("new", WHEN="Later.", missing="needs Python 3.99 or later"),
    }
    controls = Controls(theme, Catalog(runners, workloads()))
    qtbot.addWidget(controls)
    menu = controls.runner_menu
    shown = [[menu.itemData(at, role) for at in (0, 1)] for role in (NAME_ROLE, SENTENCE_ROLE)]
    why = "Not available here: it needs Python 3.99 or later."
    assert shown == [["Pool", "New"], ["For files.", why]]
    assert [menu.itemData(at, Qt.ItemDataRole.ToolTipRole) for at in (0, 1)] == ["For files.", why]
    assert menu.itemText(1) == "New: needs Python 3.99 or later"
    assert not menu.itemIcon(0).isNull()
    assert not menu.choose("new")
    assert controls.runner == "pool"


def test_all_sentences_fit_into_the_open_menu(controls: Controls, theme: Theme) -> None:
    menu, lines = controls.runner_menu, controls.runner_menu.itemDelegate()
    option = QStyleOptionViewItem()
    option.font, option.decorationSize = menu.font(), menu.iconSize()
    for scale in (1.0, 1.5):
        theme.set_text_scale(scale)
        option.font = menu.font()
        metrics = QFontMetrics(option.font)
        for at in range(menu.count()):
            size = lines.sizeHint(option, menu.model().index(at, 0))
            words = metrics.horizontalAdvance(menu.itemData(at, SENTENCE_ROLE))
            assert (size.height() // metrics.height() - 1) * size.width() > words


def with_runners(qtbot: QtBot, theme: Theme, *runners: Entry) -> Controls:
    controls = Controls(theme, Catalog({each.name: each for each in runners}, workloads()))
    qtbot.addWidget(controls)
    with qtbot.waitExposed(controls):
        controls.show()
    return controls


def test_the_runner_s_own_parameters_belong_to_the_settings(qtbot: QtBot, theme: Theme) -> None:
    pool = entry("pool", Field("depth", "int", 3, "how deep (1 to 9)", 1, 9))
    controls = with_runners(qtbot, theme, pool, entry("bare"))
    controls.workload_menu.choose("primes")
    assert controls.settings(False).params == (("up_to", 50_000), ("depth", 3))
    assert controls.settings(True).params == (("up_to", 50_000),)
    told = []
    controls.choice_changed.connect(lambda: told.append(controls.settings(False).plain()))
    wanted = Settings.named("pool", "primes", 12, 7, (("up_to", 900), ("depth", 5)), 99)
    controls.apply(wanted)
    assert told == [wanted.plain()]
    controls.more.set_open(True)
    assert controls.place.form.isVisible()
    controls.runner_menu.choose("bare")
    assert controls.settings(False).params == (("up_to", 900),)
    assert not controls.place.form.isVisible()
    controls.apply(wanted)
    assert controls.settings(False).plain() == wanted.plain()


def test_work_that_a_runner_cannot_do_is_refused_at_once(qtbot: QtBot, theme: Theme) -> None:
    controls = with_runners(
        qtbot, theme, entry("pool"), entry("net", ONLY=("download",), WHY_ONLY="It only downloads.")
    )
    usual = controls.start_button.toolTip(), controls.compare_button.toolTip()
    controls.runner_menu.choose("net")
    assert (controls.place.obstacle.text(), controls.start_button.isEnabled()) == ("", True)
    controls.workload_menu.choose("primes")
    assert controls.place.obstacle.text() == "✕ It only downloads."
    for button in (controls.start_button, controls.compare_button):
        assert not button.isEnabled()
        assert button.toolTip() == "It only downloads."
    controls.set_blocking(True)  # then the runner does not matter but for a comparison
    assert controls.place.obstacle.text() == "✕ It only downloads."
    assert controls.start_button.isEnabled()
    assert controls.start_button.toolTip() == usual[0]
    assert not controls.compare_button.isEnabled()
    controls.set_blocking(False)
    assert not controls.start_button.isEnabled()
    controls.runner_menu.choose("pool")
    assert controls.place.obstacle.text() == ""
    assert controls.start_button.isEnabled()
    assert (controls.start_button.toolTip(), controls.compare_button.toolTip()) == usual


def test_work_over_a_folder_can_start_as_soon_as_there_is_one(
    controls: Controls, monkeypatch: pytest.MonkeyPatch
) -> None:
    controls.workload_menu.choose("files")
    for blocking in (True, False):
        controls.set_blocking(blocking)
        assert not controls.more.is_open
        assert controls.work.lack.isVisible()
        assert controls.work.lack.text() == "✕ Choose a folder first."
        assert controls.place.obstacle.text() == ""
        assert not controls.start_button.isEnabled()
        assert controls.start_button.toolTip() == "Choose a folder first."
    editor = controls.form.editors["folder"]
    QTest.keyClicks(editor, "/pictures")
    assert (controls.work.lack.isVisible(), controls.start_button.isEnabled()) == (False, True)
    controls.form.set_values({"folder": ""})
    assert not controls.start_button.isEnabled()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *about: "/chosen")
    [choose] = [button for button in controls.work.findChildren(QPushButton) if button.isVisible()]
    assert choose.text() == "Choose folder…"
    choose.click()
    assert (controls.form.values()["folder"], controls.start_button.isEnabled()) == ("/chosen", True)
    controls.apply(controls.settings(False)._replace(params=(("folder", "/dropped"),)))
    assert controls.start_button.isEnabled()


class Oracle:
    """Knows what a place can do, but takes its time to say so."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.threads: set[str] = set()
        self.may_answer = threading.Event()

    def refusal(self, workload: Entry, params: Mapping[str, Any]) -> str:
        self.asked.append(params["python"])
        self.threads.add(threading.current_thread().name)
        assert self.may_answer.wait(5)
        return (
            "" if params["python"] == "good" else f"{params['python'] or 'nothing'} cannot do {workload.name}."
        )


def test_what_takes_time_is_asked_in_a_thread_and_the_newest_question_wins(
    qtbot: QtBot, theme: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    oracle = Oracle()
    monkeypatch.setattr("tests.gui.side_panel.test_panel.oracle_refusal", oracle.refusal)
    far = entry(
        "far", Field("python", "str", "", "which"), REFUSES="tests.gui.side_panel.test_panel:oracle_refusal"
    )
    monkeypatch.setattr("gui.forms.python_box.finding.others", list)
    controls = with_runners(qtbot, theme, entry("pool"), far)
    controls.runner_menu.choose("far")
    assert not controls.start_button.isEnabled()
    assert controls.start_button.toolTip() == LOOKING
    assert controls.place.obstacle.text() == ""
    qtbot.waitUntil(lambda: controls.place.obstacle.text() == LOOKING)
    for text in ("a", "b", "bad"):
        controls.place.form.set_values({"python": text})
    oracle.may_answer.set()
    qtbot.waitUntil(lambda: controls.place.obstacle.text() == "✕ bad cannot do download.")
    assert oracle.asked == ["", "bad"]
    assert oracle.threads == {"fit"}
    assert not controls.start_button.isEnabled()
    controls.place.form.set_values({"python": "good"})
    qtbot.waitUntil(controls.start_button.isEnabled)
    assert controls.place.obstacle.text() == ""


def oracle_refusal(workload: Entry, params: Mapping[str, Any]) -> str:
    raise AssertionError("a test takes its place")


def test_the_toggle_changes_what_the_runner_is_for_and_moves_nothing(controls: Controls) -> None:
    def seen() -> list[tuple[QRect, bool]]:
        parts = [part for part in controls.findChildren(QWidget) if part is not controls.place.title]
        return [(part.geometry(), part.isEnabled()) for part in parts if part.isVisible()]

    titles, shown = [], []
    for name in ("thread_pool", "asyncio_loop", "process_pool"):
        controls.runner_menu.choose(name)
        for blocking in (False, True):
            controls.set_blocking(blocking)
            QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
            titles.append(controls.place.title.text())
            shown.append(seen())
        assert shown[-1] == shown[-2]
        assert titles[-2:] == [RUNS_ON, ELSEWHERE]


def test_what_few_people_need_folds_away_and_is_made_when_it_is_seen(controls: Controls) -> None:
    folded = controls.tasks, controls.seed, controls.options.polite, controls.server.menu
    assert not any(field.isVisible() for field in folded)
    assert controls.findChildren(Form) == []
    for field in (controls.workload_menu, controls.runner_menu, controls.workers, controls.start_button):
        assert field.isVisible()
    controls.more.line.click()
    assert all(field.isVisible() for field in folded)
    [form] = controls.findChildren(Form)
    assert form.isVisible()
    assert form.values() == dict(controls.settings(False).params)


def test_during_a_run_it_says_what_runs_and_marks_what_was_changed_since(controls: Controls) -> None:
    assert not controls.running.isVisible()
    settings = controls.settings(False)
    controls.show_running(settings)
    controls.set_state("running")
    assert controls.running.text.text() == "Running: Download on ThreadPoolExecutor"
    assert controls.running.isVisible()
    assert not controls.running.legend.isVisible()
    controls.more.set_open(True)
    controls.workers.setValue(7)
    controls.options.polite.setChecked(False)
    controls.form.set_values({"stall_s": 3})
    label, stall = controls.place.workers_label, controls.form.labels["stall_s"]
    assert [each.text() for each in (label, stall)] == ["• Workers", "• Stall (s)"]
    assert controls.options.polite.text().startswith("• Polite")
    assert controls.work.title.text() == "Work"
    assert controls.running.legend.text() == "• changed, for the next run"
    assert controls.running.legend.isVisible()
    controls.set_blocking(True)
    assert controls.place.title.text() == ELSEWHERE
    assert controls.pause_button.isEnabled(), "what goes on is not on the GUI thread"
    controls.workers.setValue(settings.workers)
    assert label.text() == "Workers"
    controls.set_state("idle")
    assert not controls.running.isVisible()
    assert controls.options.polite.text().startswith("Polite")
    assert stall.text() == "Stall (s)"


def test_a_runner_whose_own_field_may_be_the_way_out_unfolds_it(
    qtbot: QtBot, theme: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    far = entry("far", Field("python", "str", "", "which"), ONLY=("primes",), WHY_ONLY="No.")
    monkeypatch.setattr("gui.forms.python_box.finding.others", list)
    controls = with_runners(qtbot, theme, entry("pool"), far)
    controls.runner_menu.choose("far")
    assert controls.place.obstacle.text() == "✕ No."
    assert controls.more.is_open
    assert controls.place.form.isVisible()
    controls.more.line.click()  # who closes it has seen it
    controls.set_state("waiting")
    assert not controls.more.is_open


@pytest.mark.parametrize(
    ("state", "blocking", "enabled"),
    [
        ("idle", False, "start compare"),
        ("idle", True, "start compare"),
        ("waiting", False, "cancel"),
        ("running", False, "pause cancel"),
        ("running", True, "cancel"),
        ("paused", False, "pause cancel"),
    ],
)
def test_only_buttons_that_make_sense(controls: Controls, state: str, blocking: bool, enabled: str) -> None:
    controls.set_blocking(blocking)
    if state != "idle":
        controls.show_running(controls.settings(blocking))
    controls.set_state(state)
    names = ("start", "compare", "pause", "cancel")
    assert " ".join(name for name in names if getattr(controls.buttons, name).isEnabled()) == enabled
    assert controls.pause_button.text() == ("Resume" if state == "paused" else "Pause")


def test_the_buttons_ask(controls: Controls, qtbot: QtBot) -> None:
    asked: list[str] = []
    for name in ("start", "compare", "pause", "cancel"):
        getattr(controls.buttons, name).clicked.connect(partial(asked.append, name))
    for state, name in (
        ("idle", "start"),
        ("idle", "compare"),
        ("running", "pause"),
        ("paused", "pause"),
        ("paused", "cancel"),
    ):
        controls.set_state(state)
        QTest.mouseClick(getattr(controls.buttons, name), Qt.MouseButton.LeftButton)
        assert asked.pop() == name
    assert asked == []


def test_without_any_runner_only_the_gui_thread_is_left(qtbot: QtBot, theme: Theme) -> None:
    controls = Controls(theme, Catalog({}, workloads()))
    qtbot.addWidget(controls)
    assert controls.runner == ""
    assert not controls.start_button.isEnabled()
    controls.set_blocking(True)
    assert controls.start_button.isEnabled()
    assert not controls.compare_button.isEnabled()


def test_without_any_workload_nothing_starts(qtbot: QtBot, theme: Theme) -> None:
    controls = Controls(theme, Catalog(lookup.runners(), {}))
    qtbot.addWidget(controls)
    assert controls.workload == ""
    assert not controls.start_button.isEnabled()


def test_things_to_try(controls: Controls, qtbot: QtBot) -> None:
    trying = controls.try_it
    for _ in range(3):
        QTest.mouseClick(trying.button, Qt.MouseButton.LeftButton)
    assert trying.clicks == 3
    assert trying.button.text() == "Clicked 3 times"
    trying.slider.setValue(77)
    assert trying.value.text() == "77"


def test_every_control_has_an_accessible_name(controls: Controls) -> None:
    controls.more.set_open(True)
    controls.workload_menu.choose("primes")
    kinds = (QAbstractButton, QComboBox, QAbstractSlider, QLineEdit, IntBox)
    found = [child for kind in kinds for child in controls.findChildren(kind)]
    own = [w for w in found if not isinstance(w, QScrollBar) and not is_inner(w)]
    assert [w for w in own if not w.accessibleName()] == []
    assert len(own) > 15
    assert controls.findChildren(Form)


def test_it_grows_with_the_texts_and_fits_a_small_window(controls: Controls, theme: Theme) -> None:
    assert 280 <= controls.minimumWidth() <= 300
    box = controls.workers.width()
    theme.set_text_scale(1.5)
    assert controls.minimumWidth() > 300
    QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
    assert controls.workers.width() > box
    theme.set_text_scale(1.0)
    QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
    assert controls.workers.width() == box
    assert controls.minimumSizeHint().height() < 400


def test_a_click_on_the_ground_takes_what_was_typed(controls: Controls) -> None:
    controls.workers.setFocus()
    controls.workers.selectAll()
    QTest.keyClicks(controls.workers, "7")
    assert controls.workers.value() == 2
    QTest.mouseClick(controls.work, Qt.MouseButton.LeftButton, pos=QPoint(2, 2))
    assert controls.workers.value() == 7


@pytest.mark.parametrize("workload", ["download", "primes", "hash_files"])
def test_the_tab_key_goes_down_the_panel_and_then_on(
    qtbot: QtBot, theme: Theme, monkeypatch: pytest.MonkeyPatch, workload: str
) -> None:
    monkeypatch.setattr("gui.forms.python_box.finding.others", list)
    controls, tabs = Controls(theme, Catalog(lookup.runners(), lookup.workloads())), QLineEdit()
    window = pile(QWidget(), controls, tabs)
    qtbot.addWidget(window)
    window.resize(320, 2400)  # nothing is scrolled out of sight
    with qtbot.waitExposed(window):
        window.show()
    # Each of them makes a form while the window is there.
    controls.more.set_open(True)
    assert controls.server.menu.choose("own")
    assert controls.runner_menu.choose("other_python")
    assert controls.workload_menu.choose(workload)
    python = controls.place.form.form.editors["python"]
    assert isinstance(python, PythonBox)
    qtbot.waitUntil(lambda: python.found is not None)
    fields = tab_stops(window)
    needed = {controls.seed, controls.workers, controls.more.line, python.menu, *controls.form.editors.values()}
    assert needed <= set(fields)
    check_order(fields, window)
    assert fields[0] is controls.workload_menu
    assert fields[-1] is tabs


@pytest.fixture
def usual(qtbot: QtBot, theme: Theme) -> Controls:
    """With all that there is to run, as high as in a window of 1280x720."""
    return bring_up(qtbot, Controls(theme, Catalog()), 300, 576)


def test_all_that_is_needed_can_be_seen_in_a_small_window(usual: Controls) -> None:
    for at in range(usual.workload_menu.count()):
        usual.workload_menu.setCurrentIndex(at)
        QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
        for part in (usual.runner_menu, usual.workers, usual.more.line):
            assert part.visibleRegion().boundingRect() == part.rect(), usual.workload


def test_the_window_names_things_as_the_window_does(usual: Controls) -> None:
    for at in range(usual.workload_menu.count()):
        usual.workload_menu.setCurrentIndex(at)
        assert "--" not in usual.work.lack.text()
        assert "--" not in usual.start_button.toolTip()
    usual.workload_menu.choose("download")
    usual.more.set_open(True)
    names = {name: label.text() for name, label in usual.form.labels.items()}
    assert (names["max_mib"], names["stall_s"]) == ("Max size (MiB)", "Read timeout (s)")
    assert usual.server.menu.accessibleName() == "Network conditions"
