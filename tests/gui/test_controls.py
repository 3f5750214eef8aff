"""The side panel: what it says is chosen, and which buttons can be pressed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractSlider, QApplication, QComboBox, QLineEdit, QScrollBar, QWidget

from gui.controls import Controls
from gui.fields import IntBox
from gui.runner_box import NOTE_BLOCKING
from gui.theme import Theme
from workers import discover
from workers.discover import Entry
from workers.plan import Settings
from workers.signature import Field

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot


def entry(name: str, *fields: Field, missing: str = "", **constants: Any) -> Entry:
    return Entry(name, name.capitalize(), f"What {name} shows.", missing, Path(f"{name}.py"), constants, fields)


def workloads() -> dict[str, Entry]:
    entries = [
        entry("absent", missing="needs the package absent, which is not installed here"),
        entry("download", Field("urls", "str", "", "a list"), Field("stall_s", "float", 5.0, "s", 0.1, 60), TASKS=96),
        entry("primes", Field("up_to", "int", 50_000, "numbers (10 to 1,000,000)", 10, 1e6), TASKS=40),
    ]
    return {each.name: each for each in entries}


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    font, palette = qapp.font(), qapp.palette()
    yield Theme(qapp)
    qapp.setStyleSheet("")
    qapp.setPalette(palette)
    qapp.setFont(font)


@pytest.fixture
def controls(qtbot: QtBot, theme: Theme) -> Controls:
    made = Controls(theme, discover.runners(), workloads())
    qtbot.addWidget(made)
    made.resize(300, 560)
    with qtbot.waitExposed(made):
        made.show()
    return made


def test_at_first_the_thread_pool_and_the_first_workload_that_is_there(controls: Controls) -> None:
    assert (controls.workload, controls.runner) == ("download", "thread_pool")
    assert controls.settings(False) == Settings("thread_pool", "download", 96, 2, (("urls", ""), ("stall_s", 5.0)), 1)
    assert controls.settings(True).runner == "gui_thread"


def test_the_menu_has_no_gui_thread_and_disables_what_is_missing(controls: Controls) -> None:
    menu = controls.runner_menu
    assert "gui_thread" not in [menu.itemData(at) for at in range(menu.count())]
    absent = controls.workload_menu.findData("absent")
    flags = controls.workload_menu.model().flags(controls.workload_menu.model().index(absent, 0))
    assert not flags & Qt.ItemFlag.ItemIsEnabled
    assert "needs the package absent" in controls.workload_menu.itemText(absent)


def test_settings_there_and_back(controls: Controls, qtbot: QtBot) -> None:
    wanted = Settings("qthread", "primes", 12_345, 7, (("up_to", 900),), 99)
    told = []
    controls.choice_changed.connect(lambda: told.append(controls.settings(False)))
    controls.apply(wanted)
    assert told == [wanted]
    assert controls.tasks.text() == "12,345"
    controls.apply(wanted)
    assert len(told) == 1


def test_unknown_and_missing_names_change_no_menu(controls: Controls) -> None:
    controls.apply(Settings("nobody", "absent", 3, 4, (("x", 1),), 5))
    assert (controls.workload, controls.runner) == ("download", "thread_pool")
    assert (controls.tasks.value(), controls.workers.value(), controls.seed.value()) == (96, 4, 5)


def test_the_gui_thread_leaves_the_menu_as_it_is(controls: Controls) -> None:
    controls.apply(Settings("gui_thread", "primes", 3, 4))
    assert controls.runner == "thread_pool"


def test_each_workload_keeps_its_own_fields_and_tasks(controls: Controls) -> None:
    controls.tasks.setValue(5)
    controls.workload_menu.choose("primes")
    assert controls.tasks.value() == 40
    assert controls.form.isVisible()
    controls.form.set_values({"up_to": 77})
    controls.workload_menu.choose("download")
    assert controls.tasks.value() == 5
    controls.workload_menu.choose("primes")
    assert controls.settings(False).params == (("up_to", 77),)


def test_the_image_server_shows_only_where_it_serves(controls: Controls) -> None:
    assert controls.server.isVisible()
    controls.form.set_values({"urls": "list.txt"})
    assert not controls.server.isVisible()
    controls.form.set_values({"urls": ""})
    assert controls.server.isVisible()
    controls.workload_menu.choose("primes")
    assert not controls.server.isVisible()


def test_the_image_server_s_settings(controls: Controls, qtbot: QtBot) -> None:
    assert controls.server.settings == (120, 8192)
    with qtbot.waitSignal(controls.server_changed, timeout=1000) as told:
        controls.server.latency.setValue(50)
    assert told.args == [50, 8192]
    with qtbot.waitSignal(controls.server_changed, timeout=1000) as told:
        controls.server.bandwidth.setValue(0)
    assert told.args == [50, 0]
    assert controls.server.bandwidth.text() == "unlimited"


def test_the_runner_says_when_to_use_it(controls: Controls) -> None:
    before = controls.place.when
    controls.runner_menu.choose("qthread")
    assert controls.place.when not in {"", before}


def test_with_the_toggle_on_runner_and_workers_are_grey_and_say_why(controls: Controls) -> None:
    controls.set_blocking(True)
    assert not controls.runner_menu.isEnabled()
    assert not controls.workers.isEnabled()
    assert controls.place.when == NOTE_BLOCKING
    controls.set_blocking(False)
    assert controls.runner_menu.isEnabled()
    assert controls.place.when != NOTE_BLOCKING


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
    controls.set_state(state)
    names = ("start", "compare", "pause", "cancel")
    assert " ".join(name for name in names if getattr(controls.buttons, name).isEnabled()) == enabled
    assert controls.pause_button.text() == ("Resume" if state == "paused" else "Pause")


def test_the_buttons_ask(controls: Controls, qtbot: QtBot) -> None:
    left = Qt.MouseButton.LeftButton
    with qtbot.waitSignals([controls.start_requested, controls.compare_requested], timeout=1000):
        QTest.mouseClick(controls.start_button, left)
        QTest.mouseClick(controls.compare_button, left)
    controls.set_state("running")
    with qtbot.waitSignal(controls.pause_requested, timeout=1000) as told:
        QTest.mouseClick(controls.pause_button, left)
    assert told.args == [True]
    controls.set_state("paused")
    with qtbot.waitSignal(controls.pause_requested, timeout=1000) as told:
        QTest.mouseClick(controls.pause_button, left)
    assert told.args == [False]
    with qtbot.waitSignal(controls.cancel_requested, timeout=1000):
        QTest.mouseClick(controls.cancel_button, left)


def test_without_any_runner_only_the_gui_thread_is_left(qtbot: QtBot, theme: Theme) -> None:
    controls = Controls(theme, {}, workloads())
    qtbot.addWidget(controls)
    assert controls.runner == ""
    assert not controls.start_button.isEnabled()
    controls.set_blocking(True)
    assert controls.start_button.isEnabled()
    assert not controls.compare_button.isEnabled()


def test_without_any_workload_nothing_starts(qtbot: QtBot, theme: Theme) -> None:
    controls = Controls(theme, discover.runners(), {})
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
    assert trying.shown_value == "77"


def test_every_control_has_an_accessible_name(controls: Controls) -> None:
    controls.workload_menu.choose("primes")
    kinds = (QAbstractButton, QComboBox, QAbstractSlider, QLineEdit, IntBox)
    found = [child for kind in kinds for child in controls.findChildren(kind)]
    own = [w for w in found if not isinstance(w, QScrollBar) and not _is_inner(w)]
    assert [w for w in own if not w.accessibleName()] == []
    assert len(own) > 15


def test_it_grows_with_the_texts_and_fits_a_small_window(controls: Controls, theme: Theme) -> None:
    assert 280 <= controls.minimumWidth() <= 300
    box = controls.tasks.width()
    theme.set_text_scale(1.5)
    assert controls.minimumWidth() > 300
    assert controls.tasks.width() > box
    theme.set_text_scale(1.0)
    assert controls.tasks.width() == box
    assert controls.minimumSizeHint().height() < 400


def _is_inner(widget: QWidget) -> bool:
    """Whether it is a part that Qt made of a larger control."""
    return widget.objectName().startswith("qt_") or isinstance(widget.parent(), (QComboBox, QLineEdit))
